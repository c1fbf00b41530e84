"""Percentiles, budgets and slopes on figures worked out by hand."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from leaddesk.benching.action import Measured
from leaddesk.benching.budgets import BUDGETS, Budget, Kind, budgets_for
from leaddesk.benching.growth import grown, slope
from leaddesk.benching.measuring import Side, Times, Watch, median, percentile
from leaddesk.benching.picture import draw
from leaddesk.benching.running import figures_of

HUNDRED = [float(n) for n in range(1, 101)]


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        (HUNDRED, 0.95, 95.0),
        (HUNDRED[::-1], 0.95, 95.0),
        (HUNDRED[:20], 0.95, 19.0),
        ([3.0, 1.0, 2.0], 0.95, 3.0),
        ([7.0], 0.95, 7.0),
        (HUNDRED, 0.0, 1.0),
        (HUNDRED, 1.0, 100.0),
        ([], 0.95, 0.0),
    ],
)
def test_percentile_is_a_value_that_was_measured(values: list[float], share: float, found: float) -> None:
    assert percentile(values, share) == found


@pytest.mark.parametrize(("values", "found"), [([3.0, 1.0, 2.0], 2.0), ([4.0, 1.0, 2.0, 3.0], 2.5), ([], 0.0)])
def test_median_is_the_middle(values: list[float], found: float) -> None:
    assert median(values) == found


def test_budget_names_each_bound_that_is_broken() -> None:
    budget = Budget(p95_ms=50, ratio=3)
    assert budget.broken(40, 50, 3) == []
    assert budget.broken(40, 51, 3.01) == ["p95 51.0 ms, 50 ms allowed", "3.01 × the bare limit, 3 × allowed"]
    assert budget.broken(0.49, 0.6, 9) == []
    assert Budget().broken(1e9, 1e9, 1e9) == []


def test_a_server_is_not_held_to_a_ratio_for_ways_there_and_back() -> None:
    file, server = (budgets_for(sqlite=sqlite)[Kind.INTERACTIVE] for sqlite in (True, False))
    assert [len(one.broken(1.9, 2.5, 9)) for one in (file, server)] == [1, 0]
    assert [len(one.broken(2, 51, 3.1)) for one in (file, server)] == [2, 2]


def test_every_kind_has_a_budget() -> None:
    assert set(BUDGETS) == set(Kind)


def test_figures_are_of_the_middle_and_the_ratio_of_the_middles() -> None:
    times = Times()
    times.wall[Side.OURS] += [10.0, 20.0, 60.0]
    times.wall[Side.BARE] += [4.0, 5.0, 90.0]
    times.cpu[Side.OURS] += [1.0]
    found = figures_of(Measured("search", "Search", Kind.INTERACTIVE), times, BUDGETS)
    assert (found["p50_ms"], found["p95_ms"], found["limit_ms"], found["ratio"]) == (20.0, 60.0, 5.0, 4.0)
    assert found["over"] == ["p95 60.0 ms, 50 ms allowed", "4.00 × the bare limit, 3 × allowed"]
    assert not found["ok"]


def test_dry_rounds_leave_no_time_and_cold_ones_are_kept_apart() -> None:
    watch = Watch()
    watch.dry = True
    assert watch.time("x", Side.OURS, lambda: 7) == 7
    watch.dry = False
    watch.time("x", Side.OURS, lambda: None)
    dropped: list[int] = []
    watch.chill = lambda: dropped.append(1)
    watch.time("x", Side.BARE, lambda: None)
    times = watch.of("x")
    assert (len(times.wall[Side.OURS]), len(times.wall[Side.BARE]), len(times.cold[Side.BARE]), dropped) == (
        1,
        0,
        1,
        [1],
    )


def test_one_answer_that_differs_is_remembered() -> None:
    watch = Watch()
    for same in (True, False, True):
        watch.compare("x", same=same)
    assert watch.of("x").same is False


@pytest.mark.parametrize(
    ("costs", "steep"), [([5.0, 5.0, 5.0], 0.0), ([1.0, 10.0, 100.0], 1.0), ([1.0, 100.0, 10_000.0], 2.0), ([5.0], 0.0)]
)
def test_slope_is_the_power_by_which_the_cost_grows(costs: list[float], steep: float) -> None:
    assert slope([1e4, 1e5, 1e6][: len(costs)], costs) == pytest.approx(steep)


SIZES = [10_000, 100_000, 1_000_000]


def _run(interactive: float, whole: float) -> dict[str, dict[str, object]]:
    one = {"title": "One", "limit_ms": 1.0}
    return {
        "flat": {**one, "kind": Kind.INTERACTIVE, "p50_ms": interactive},
        "whole": {**one, "kind": Kind.ONE_CLICK, "p50_ms": whole},
    }


def test_growth_is_judged_by_what_somebody_waits_for() -> None:
    found = grown(SIZES, [_run(1, 1), _run(10, 10), _run(100, 100)])
    assert (found["flat"]["slope"], found["flat"]["ok"]) == (1.0, False)
    assert (found["whole"]["slope"], found["whole"]["ok"]) == (1.0, True)
    assert found["whole"]["limit_slope"] == 0.0


def test_what_gives_more_of_more_leads_may_cost_more() -> None:
    runs = [_run(cost, cost) for cost in (1, 10, 100)]
    runs[-1]["flat"]["grows"] = True
    assert grown(SIZES, runs)["flat"]["ok"]


def test_nothing_need_be_flatter_than_the_same_answer_by_the_bare_driver() -> None:
    runs = [_run(cost, cost) for cost in (1, 3, 9)]
    assert not grown(SIZES, runs)["flat"]["ok"]
    for run, limit in zip(runs, (1, 3, 9), strict=True):
        run["flat"]["limit_ms"] = limit
    found = grown(SIZES, runs)["flat"]
    assert (found["most"], found["ok"]) == (found["limit_slope"], True)


def test_action_that_a_small_database_has_nothing_for_is_judged_by_the_others() -> None:
    runs = [_run(1, 1), _run(1, 10), _run(1, 100)]
    del runs[0]["whole"]
    found = grown(SIZES, runs)
    assert found["whole"]["p50_ms"] == [None, 10, 100]
    assert found["whole"]["slope"] == 1.0


def test_picture_shows_a_line_for_each_action(tmp_path: Path) -> None:
    out = tmp_path / "growth.png"
    draw(out, SIZES, grown(SIZES, [_run(1, 1), _run(1, 10), _run(2, 100)]))
    image = QImage(str(out))
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert image.width() > 1000
    assert len(colours) > 5
