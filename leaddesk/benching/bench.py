"""The whole of it: which database, which actions, what came of them."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leaddesk.benching.budgets import WINDOW_MB, budgets_for
from leaddesk.benching.catalogue import chosen
from leaddesk.benching.copying import working_copy
from leaddesk.benching.driver import can_drop
from leaddesk.benching.ground import Ground
from leaddesk.benching.running import Plan, run_actions
from leaddesk.db.engines import is_url
from leaddesk.workflow.ports import SystemClock

if TYPE_CHECKING:
    from leaddesk.benching.budgets import Budget, Kind
    from leaddesk.workflow.ports import Clock

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be measured, and how long. `only` are names of actions, or patterns such as `search_*`."""

    plan: Plan = field(default_factory=Plan)
    only: tuple[str, ...] = ()
    budgets: Mapping[Kind, Budget] | None = None
    """None means those of the engine that is measured."""
    window_mb: float = WINDOW_MB
    work: Path | None = None
    clock: Clock = field(default_factory=SystemClock)


def make(target: Path, leads: int, calls: int, clock: Clock, progress: Progress) -> None:
    """A made-up floor of so many leads and calls in a new file."""
    from leaddesk.bootstrap import open_desk
    from leaddesk.demo import fill

    desk = open_desk(target, clock=clock)
    try:
        fill(desk, leads=leads, calls=calls, seed=1, progress=progress)
    finally:
        desk.store.close()  # type: ignore[attr-defined] # one of ours, which closes


def bench_made(leads: int, calls: int, wish: Wish, progress: Progress) -> dict[str, Any]:
    """Make a database, measure it, let it go."""
    with tempfile.TemporaryDirectory(prefix="leaddesk-bench-", dir=wish.work, ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "made.db"
        make(target, leads, calls, wish.clock, progress)
        return {**_measured(target, wish, progress), "database": "made for this", "copied": ""}


def bench_given(source: str | Path, wish: Wish, progress: Progress) -> dict[str, Any]:
    """Measure a copy of a database. Raises `Refused` where there is none, or nothing in it."""
    with (
        tempfile.TemporaryDirectory(prefix="leaddesk-bench-", dir=wish.work, ignore_cleanup_errors=True) as folder,
        working_copy(source, Path(folder)) as copy,
    ):
        found = _measured(copy.target, wish, progress)
        return {**found, "database": _said(source), "copied": copy.how, "copied_in_s": copy.seconds}


def _said(source: str | Path) -> str:
    """The database without its password."""
    if not is_url(source):
        return str(source)
    from sqlalchemy import make_url

    return make_url(str(source)).render_as_string(hide_password=True)


def _measured(target: str | Path, wish: Wish, progress: Progress) -> dict[str, Any]:
    from leaddesk.benching.start import measure_start

    actions, with_start = chosen(wish.only)
    ground = Ground(target, today=wish.clock.now())
    budgets = wish.budgets or budgets_for(sqlite=ground.bare.sqlite)
    try:
        told = {
            "engine": "sqlite" if ground.bare.sqlite else "postgresql",
            "leads": ground.leads,
            "calls": ground.calls,
            "cold": "new connections, the file not cached" if can_drop(target) else "new connections only",
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        }
        figures, skipped, failed = run_actions(ground, actions, wish.plan, budgets, progress)
        login, moment = ground.operator.user.login, ground.clock.now()
    finally:
        ground.close()
    memory = None
    if with_start:
        starts, memory = measure_start(target, login, moment, wish.plan, budgets, wish.window_mb)
        figures |= starts
    over = [*failed, *(key for key, figure in figures.items() if not figure["ok"])]
    over += ["window_memory"] if memory is not None and not memory["ok"] else []
    return {
        **told,
        "actions": figures,
        "skipped": skipped,
        "failed": failed,
        "memory": memory,
        "over": over,
        "ok": not over,
    }
