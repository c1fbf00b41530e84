"""`demo`: a floor full of made-up people."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import click

from leaddesk.commandline.root import Command

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session


@click.command("demo", cls=Command)
@click.option("--leads", default=2000, type=click.IntRange(1, 3_000_000), show_default=True)
@click.option("--calls", default=6000, type=click.IntRange(0, 30_000_000), show_default=True)
@click.option(
    "--seed", default=1, type=click.IntRange(0), show_default=True, help="The same seed gives the same people."
)
@click.pass_obj
def demo(session: Session, leads: int, calls: int, seed: int) -> None:
    """Fill a new database with made-up people, calls, refusals and clients.

    Up to 20,000 leads tell of some months and can be undone; more of them, of ten years, and cannot.
    """
    from leaddesk.demo import fill

    started = perf_counter()
    made = fill(session.desk, leads=leads, calls=calls, seed=seed, progress=session.progress("Making the demo"))
    data = {
        "leads": made.leads,
        "calls": made.calls,
        "tasks": made.tasks,
        "clients": made.clients,
        "users": made.users,
        "seconds": round(perf_counter() - started, 2),
    }
    session.answer(
        {**data, "undo": made.operation or None},
        f"{made.leads:,} leads, {made.calls:,} calls, {made.tasks:,} tasks, {made.clients:,} clients and "
        f"{made.users} people, in {data['seconds']} s. Now: leaddesk next",
    )
