"""`bench`: what each action takes, beside the bare driver doing the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session

OVER = 1
"""The exit code where a budget is broken."""
LEADS, CALLS_EACH = 10_000, 3


@click.command("bench", cls=Command)
@click.option("--leads", type=click.IntRange(1, 10_000_000), help="Make a database of so many leads and measure that.")
@click.option("--calls", type=click.IntRange(0, 100_000_000), help="Calls of the made database; else three for a lead.")
@click.option("--only", multiple=True, metavar="ACTION", help="Only this action, or those like search_*.")
@click.option("--samples", default=200, type=click.IntRange(1, 100_000), show_default=True, help="Runs of an action.")
@click.option("--cold", default=20, type=click.IntRange(0, 1000), show_default=True, help="Runs with dropped caches.")
@click.option(
    "--patience",
    default=20.0,
    type=click.FloatRange(0.0),
    show_default=True,
    help="Seconds after which a long action has enough runs.",
)
@click.option("--no-budgets", is_flag=True, help="Only look: exit code 0 whatever it takes.")
@click.option("--growth", is_flag=True, help="Measure databases of growing size, and draw what that costs.")
@click.option("--sizes", default="10000,100000,1000000,3000000", show_default=True, metavar="N,N", help="Their leads.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Picture of the growth, or file of the figures."
)
@click.option(
    "--work", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Folder for working copies."
)
@click.pass_obj
def bench(
    session: Session,
    leads: int | None,
    calls: int | None,
    *,
    only: tuple[str, ...],
    samples: int,
    cold: int,
    patience: float,
    no_budgets: bool,
    growth: bool,
    sizes: str,
    out: Path | None,
    work: Path | None,
) -> None:
    """Time every user action on this machine beside the bare database driver doing the least for the same answer.

    Measured is a copy of the database named by --db or LEADDESK_DB, else one made for it.
    """
    from leaddesk.benching.bench import Wish, bench_given, bench_made
    from leaddesk.benching.running import Plan

    wish = Wish(plan=Plan(samples, cold, patience), only=only, work=work, **_clock(session))
    told = session.progress("Measuring")
    if growth:
        data = _growth(wish, sizes, calls, out, told)
    elif leads is not None:
        if session.target is not None:
            raise Refused(
                "Either a database is given (--db) or one is made (--leads). Leave one of them out.", field="leads"
            )
        data = bench_made(leads, leads * CALLS_EACH if calls is None else calls, wish, told)
    elif session.target or os.environ.get("LEADDESK_DB"):
        data = bench_given(session.database, wish, told)
    else:
        data = bench_made(LEADS, LEADS * CALLS_EACH if calls is None else calls, wish, told)
    if out is not None and not growth:
        import json

        out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    session.answer(data, lambda: _words(session, data))
    session.exit_code = 0 if data["ok"] or no_budgets else OVER


def _clock(session: Session) -> dict[str, Any]:
    return {} if session.clock is None else {"clock": session.clock}


def _growth(wish: Any, sizes: str, calls: int | None, out: Path | None, told: Any) -> dict[str, Any]:
    from leaddesk.benching.growth import bench_growth

    try:
        wanted = sorted({int(size) for size in sizes.split(",")})
    except ValueError:
        wanted = []
    if len(wanted) < 2 or wanted[0] < 1:
        raise Refused(f"“{sizes}” are no sizes. Write at least two: --sizes 10000,100000.", field="sizes")
    return bench_growth(wanted, calls, wish, out, told)


def _words(session: Session, data: dict[str, Any]) -> str:
    """The table, and what is over its budget."""
    if "growth" in data:
        heads = ("action", "slope", *(f"{size:,}" for size in data["sizes"]))
        rows = [(key, one["slope"], *one["p50_ms"]) for key, one in data["growth"].items()]
        return session.table(heads, rows)
    heads = ("action", "p50 ms", "p95 ms", "bare p50", "ratio", "cold p50", "statements", "runs", "")
    rows = [
        (
            key, one["p50_ms"], one["p95_ms"], one["limit_ms"], one["ratio"], (one["cold"] or {}).get("p50_ms"),
            one["statements"], one["samples"], "; ".join(one["over"]),
        )
        for key, one in data["actions"].items()
    ]  # fmt: skip
    memory = data["memory"]
    window = f"\nWindow: {memory['mb']} MiB of {memory['limit_mb']:g}." if memory else ""
    over = f"\n{len(data['over'])} over budget." if data["over"] else "\nAll within budget."
    size = f"{data['leads']:,} leads, {data['calls']:,} calls, {data['database']} ({data['engine']})"
    return f"{size}\n{session.table(heads, rows)}{window}{over}"
