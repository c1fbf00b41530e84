"""`bench` on a tiny floor: every action has its figures, nothing given is changed, a broken budget is told."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leaddesk.benching import reports
from leaddesk.benching.bench import Wish, bench_given
from leaddesk.benching.budgets import BUDGETS, Budget, Kind
from leaddesk.benching.catalogue import ACTIONS, chosen
from leaddesk.benching.ground import Ground
from leaddesk.benching.limits import ORDERS
from leaddesk.benching.lists import SORTED
from leaddesk.benching.running import Plan, run_actions
from leaddesk.benching.start import measure_start
from leaddesk.bootstrap import open_desk
from leaddesk.commandline.running import run
from leaddesk.demo import fill
from leaddesk.ui.columns import LEADS
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.reports import REPORTS
from tests.engines import Databases, TestClock

QUICK = Plan(samples=1, cold=1, patience_s=0.1, warm_up=0, fewest=1)
TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GENEROUS = {kind: Budget() for kind in Kind}


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "Этаж.db"
    desk = open_desk(path, clock=TestClock(TODAY))
    fill(desk, leads=80, calls=240, seed=1)
    desk.store.close()
    return path


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _wish(**more: Any) -> Wish:
    return Wish(plan=QUICK, clock=TestClock(TODAY), **more)


@pytest.fixture(scope="module")
def figures(floor: Path) -> dict[str, Any]:
    """Every action but the start, once."""
    only = tuple(figure.key for action in ACTIONS for figure in action.measured)
    before, beside = _hash(floor), sorted(floor.parent.iterdir())
    found = bench_given(
        floor, Wish(plan=QUICK, clock=TestClock(TODAY), only=only, budgets=GENEROUS), lambda _d, _a: None
    )
    return {**found, "unchanged": (_hash(floor), sorted(floor.parent.iterdir())) == (before, beside)}


def test_every_action_has_its_figures(figures: dict[str, Any]) -> None:
    every = {figure.key for action in ACTIONS for figure in action.measured}
    assert set(figures["actions"]) | set(figures["skipped"]) == every
    assert figures["failed"] == {}
    too_many = {key for key in every if "50000" in key or ("1000" in key and "reassign" in key)}
    assert set(figures["skipped"]) == too_many | {"chip_batch"}
    for key, one in figures["actions"].items():
        assert one["p95_ms"] >= one["p50_ms"] > 0, key
        assert one["limit_ms"] > 0, key
        assert one["ratio"] == pytest.approx(one["p50_ms"] / one["limit_ms"], abs=0.02, rel=0.1), key
        assert one["samples"] >= 1, key
        assert one["statements"] >= 1, key


def test_bare_driver_gives_the_same_answers(figures: dict[str, Any]) -> None:
    told = {key: one["same"] for key, one in figures["actions"].items()}
    assert [key for key, same in told.items() if same is False] == []
    assert {"ids_own", "block", "log_call", "convert", "next", "queue", "search_name_4", "ids_by_name"} <= {
        key for key, same in told.items() if same
    }


def test_cold_runs_are_told_apart(figures: dict[str, Any]) -> None:
    cold = figures["actions"]["open_card"]["cold"]
    assert cold["samples"] == 1
    assert cold["p95_ms"] >= cold["p50_ms"] > 0
    assert figures["actions"]["import_1000"]["cold"] is None


def test_given_database_is_not_changed(figures: dict[str, Any], floor: Path) -> None:
    assert figures["unchanged"]
    assert figures["database"] == str(floor)
    assert figures["copied"]
    assert (figures["leads"], figures["calls"], figures["engine"]) == (80, 240, "sqlite")


def test_budget_that_nobody_can_keep_is_told(floor: Path) -> None:
    wish = _wish(only=("block", "ids_by_name"), budgets={**BUDGETS, Kind.INTERACTIVE: Budget(p95_ms=0.0)})
    found = bench_given(floor, wish, lambda _d, _a: None)
    assert not found["ok"]
    assert "block" in found["over"]
    assert "0 ms allowed" in found["actions"]["block"]["over"][0]
    assert found["actions"]["ids_by_name"]["ok"]


@pytest.fixture
def ground(floor: Path, tmp_path: Path) -> Iterator[Ground]:
    target = tmp_path / "copy.db"
    target.write_bytes(floor.read_bytes())
    found = Ground(target, today=TODAY)
    yield found
    found.close()


def test_statements_are_counted_alike_each_time(ground: Ground) -> None:
    actions, _start = chosen(("open_card", "log_call", "refuse", "queue", "block"))
    counts = []
    for _ in range(2):
        found, _skipped, _failed = run_actions(ground, actions, replace(QUICK, cold=0), GENEROUS)
        counts.append({key: one["statements"] for key, one in found.items() if key != "open_card"})
        ground.dice.seed(1)
    ground.dice.seed(1)
    assert counts[0] == counts[1]
    assert counts[0]["block"] >= 3


def test_commands_leave_the_leads_as_they_were(ground: Ground) -> None:
    def leads() -> list[tuple[Any, ...]]:
        return ground.bare.rows("SELECT * FROM lead ORDER BY id")

    before, calls = leads(), ground.bare.rows("SELECT count(*) FROM call")
    actions, _start = chosen(("log_call", "task_done", "convert", "refuse", "reassign_1", "return"))
    found, _skipped, _failed = run_actions(ground, actions, replace(QUICK, cold=0), GENEROUS)
    assert {"log_call", "undo_log_call", "convert", "refuse"} <= set(found)
    assert leads() == before
    assert ground.bare.rows("SELECT count(*) FROM call") == calls


def test_every_column_that_sorts_and_every_report_is_measured() -> None:
    assert {column.sort for column in SORTED} == {column.sort for column in LEADS if column.sort} <= set(ORDERS)
    keys = {figure.key for action in ACTIONS for figure in action.measured}
    wanted = {
        f"report_{report.name}_{way}_{span}".replace("-", "_")
        for report in REPORTS
        for way in report.ways
        for span in ("90", "all")
    }
    assert wanted <= keys


def test_files_that_were_written_are_gone(ground: Ground) -> None:
    folder = ground.folder
    actions, _start = chosen(("export_1000",))
    run_actions(ground, actions, replace(QUICK, cold=0), GENEROUS)
    assert sorted(path.name for path in folder.iterdir()) == ["bare.csv", "ours.csv"]
    ground.close()
    assert not folder.exists()


def test_action_there_is_not_is_named() -> None:
    with pytest.raises(Refused, match=r"There is no action “nap”\..*log_call"):
        chosen(("nap",))


def test_on_a_server_a_copy_is_measured_and_dropped(databases: Databases) -> None:
    url = databases.copy()
    desk = open_desk(url, "boss", clock=TestClock(TODAY))
    fill(desk, leads=20, calls=40, seed=1)
    desk.store.close()
    only = ("next", "open_card", "refuse", "ids_by_name", "block", "search_name_4", "report_refusals_month_90")
    found = bench_given(url, _wish(only=only, budgets=GENEROUS), lambda _d, _a: None)
    assert found["engine"] == "postgresql"
    assert [key for key, one in found["actions"].items() if one["same"] is False] == []
    assert {"next", "undo_refuse", "search_name_4"} <= set(found["actions"])
    left = databases.keeper.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'leaddesk_bench_%'").fetchone()
    assert left == (0,)


# The command line


def test_exit_code_tells_of_budgets_unless_one_only_looks(
    floor: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BUDGETS, Kind.INTERACTIVE, Budget(p95_ms=0.0))  # type: ignore[arg-type]
    line = ["--db", str(floor), "--json", "bench", "--only", "block", "--samples", "2", "--cold", "0"]
    assert run(line, TestClock(TODAY)) == 1
    assert '"over": ["block"]' in capsys.readouterr().out
    assert run([*line, "--no-budgets"], TestClock(TODAY)) == 0


def test_made_database_is_measured_and_let_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["bench", "--leads", "30", "--only", "block", "--samples", "2", "--no-budgets", "--work", str(tmp_path)]
    assert run(line, TestClock(TODAY)) == 0
    told = capsys.readouterr().out
    assert told.startswith("30 leads, 90 calls, made for this (sqlite)")
    assert "block" in told
    assert list(tmp_path.iterdir()) == []


def test_growth_measures_each_size_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "growth.png"
    line = ["--json", "bench", "--growth", "--sizes", "20,60", "--only", "block", "--samples", "2", "--out", str(out)]
    assert run([*line, "--no-budgets"], TestClock(TODAY)) == 0
    told = capsys.readouterr().out
    assert '"sizes": [20, 60]' in told
    assert '"slope"' in told
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--growth", "--sizes", "many"], "are no sizes"),
        (["--leads", "10"], "Leave one of them out"),
        (["--only", "nap"], "There is no action"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    words: list[str], said: str, floor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--db", str(floor), "bench", *words], TestClock(TODAY)) == 1
    assert said in capsys.readouterr().err


def test_database_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--db", str(tmp_path / "none.db"), "bench"], TestClock(TODAY)) == 1
    assert "There is no database" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_start_is_told_beside_a_bare_window_with_what_it_takes_of_memory(ground: Ground) -> None:
    moment, login = ground.clock.now(), ground.operator.user.login
    figures, memory = measure_start(ground.target, login, moment, QUICK, GENEROUS, window_mb=1.0)
    paint, leads = figures["start_first_paint"], figures["start_first_leads"]
    assert leads["p50_ms"] > paint["p50_ms"] > 0
    assert paint["limit_ms"] == leads["limit_ms"] > 0
    assert memory is None or (memory["peak_mb"] >= memory["mb"] > 30 and not memory["ok"])


def test_report_without_a_least_way_is_measured_beside_its_own_statements(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(reports.LIMITS, "deferred")
    actions, _start = chosen(("report_deferred_month_all",))
    found, _skipped, failed = run_actions(ground, actions, QUICK, GENEROUS)
    assert not failed
    assert found["report_deferred_month_all"]["limit_ms"] > 0
