"""Runs actions on a ground: a few rounds to warm up and to compare answers, one to count, then the timed ones."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leaddesk.benching.budgets import BUDGETS
from leaddesk.benching.measuring import Side, Watch, median, no_garbage, percentile
from leaddesk.workflow.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from leaddesk.benching.action import Action, Measured, Round
    from leaddesk.benching.budgets import Budget, Kind
    from leaddesk.benching.ground import Ground
    from leaddesk.benching.measuring import Times


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to look: rounds of an action at most, and seconds after which a long one has had enough of them.

    `cold` is how many rounds begin with dropped caches, `warm_up` how many nobody looks at, `fewest` how many even the
    longest action gets.
    """

    samples: int = 200
    cold: int = 10
    patience_s: float = 20.0
    warm_up: int = 2
    fewest: int = 3


QUICK_S = 0.25
"""Rounds shorter than this are never cut short, so that a busy machine costs time but no samples."""

LONGEST = 3
"""Times the patience after which even the fewest rounds are too many."""

Figures = dict[str, Any]
"""What one action came to, as the answer has it."""


def run_actions(
    ground: Ground,
    actions: Sequence[Action],
    plan: Plan,
    budgets: Mapping[Kind, Budget] = BUDGETS,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[dict[str, Figures], dict[str, str], dict[str, str]]:
    """Figures by key; why there is nothing to do others on; and why others failed. `progress` hears actions done, and how many there are.

    All warm rounds come before all cold ones: what drops the caches for one action empties them for the next.
    """
    failed: dict[str, str] = {}
    runs = [Run(ground, action, plan) for action in actions]
    steps = [(run, run.warm) for run in runs]
    steps += [(run, run.cold) for run in runs if run.action.cold and plan.cold]
    for place, (run, step) in enumerate(steps):
        progress(place, len(steps))
        try:
            step()
        except (Unavailable, OSError) as error:
            # An hour of figures is not lost for a full disk; that this one failed is told, and is no success.
            failed |= dict.fromkeys((figure.key for figure in run.action.measured), str(error))
            run.round = None
    progress(len(steps), len(steps))
    return *_told(runs, failed, budgets), failed


def _told(
    runs: Sequence[Run], failed: Mapping[str, str], budgets: Mapping[Kind, Budget]
) -> tuple[dict[str, Figures], dict[str, str]]:
    """Figures of what could be done, and why others could not."""
    found: dict[str, Figures] = {}
    skipped: dict[str, str] = {}
    for run in runs:
        for figure in run.action.measured:
            times = run.watch.times.get(figure.key)
            if figure.key in failed:
                continue
            if times is None or not times.wall[Side.OURS]:
                skipped[figure.key] = "the rules refused every try" if run.round else "nothing here to do it on"
            else:
                found[figure.key] = figures_of(figure, times, budgets)
    return found, skipped


class Run:
    """One action on its ground."""

    def __init__(self, ground: Ground, action: Action, plan: Plan) -> None:
        """Nothing is done yet."""
        self.action = action
        self.watch = Watch()
        self.round: Round | None = None
        """None where there is nothing to measure on."""
        self._ground, self._plan = ground, plan
        self._samples = min(plan.samples, action.samples or plan.samples)

    def warm(self) -> None:
        """Warm up, count, measure."""
        plan, watch = self._plan, self.watch
        self.round = round_ = self.action.prepare(self._ground)
        if round_ is None:
            return
        watch.dry = True
        # A long action warms up once; its answer is still compared.
        begun = time.perf_counter()
        for number in range(0 if self.action.heavy else plan.warm_up):
            round_(number, watch)
            if time.perf_counter() - begun > plan.patience_s / 4:
                break
        watch.counter = self._ground.counter
        round_(0, watch)
        watch.counter, watch.dry = None, False
        with no_garbage():
            _rounds(round_, watch, self._samples, plan.fewest, plan.patience_s)

    def cold(self) -> None:
        """The same with dropped caches; from the other end, where the warm rounds may not have been."""
        round_ = self.round
        if round_ is None:
            return
        self.watch.chill = self._ground.chill
        with no_garbage():
            _rounds(
                lambda number, watch: round_(self._samples + number, watch),
                self.watch,
                self._plan.cold,
                1,
                self._plan.patience_s / 2,
            )


def _rounds(round_: Callable[[int, Watch], None], watch: Watch, count: int, fewest: int, patience_s: float) -> None:
    begun = time.perf_counter()
    for number in range(count):
        round_(number, watch)
        spent, done = time.perf_counter() - begun, number + 1
        enough = (done >= fewest and spent > patience_s) or spent > patience_s * LONGEST
        if enough and spent / done > QUICK_S:
            break


def figures_of(figure: Measured, times: Times, budgets: Mapping[Kind, Budget]) -> Figures:
    """One action's line of the answer: milliseconds, and the ratio of the middle ones."""
    ours, bare = times.wall[Side.OURS], times.wall[Side.BARE]
    p50, p95, limit = median(ours), percentile(ours, 0.95), median(bare)
    ratio = p50 / limit if limit else 0.0
    budget = budgets[figure.kind]
    broken = budget.broken(p50, p95, ratio)
    return {
        "title": figure.title,
        "kind": str(figure.kind),
        "grows": figure.grows,
        "p50_ms": round(p50, 3),
        "p95_ms": round(p95, 3),
        "limit_ms": round(limit, 3),
        "ratio": round(ratio, 2),
        "limit_p95_ms": round(percentile(bare, 0.95), 3),
        "least_ms": round(min(ours), 3),
        "limit_least_ms": round(min(bare, default=0.0), 3),
        "cpu_ms": round(median(times.cpu[Side.OURS]), 3),
        "limit_cpu_ms": round(median(times.cpu[Side.BARE]), 3),
        "samples": len(ours),
        "statements": times.statements,
        "same": times.same,
        "cold": _cold(times),
        "budget": {"p95_ms": budget.p95_ms, "ratio": budget.ratio},
        "over": broken,
        "ok": not broken,
    }


def _cold(times: Times) -> Figures | None:
    ours, bare = times.cold[Side.OURS], times.cold[Side.BARE]
    if not ours:
        return None
    return {
        "p50_ms": round(median(ours), 3),
        "p95_ms": round(percentile(ours, 0.95), 3),
        "limit_ms": round(median(bare), 3),
        "samples": len(ours),
    }
