"""`report`: what is counted, cut as asked, on the screen or into a file."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.reports import Report


@click.command("report", cls=Command)
@click.argument("name", required=False)
@click.option("--from", "since", default="", metavar="D", help="First day, month or year: 2026-03-01, 2026-03, 2026.")
@click.option("--to", "until", default="", metavar="D", help="Last day, month or year, included.")
@click.option(
    "--by", default="", metavar="WAY", help="How to cut it: day, reason, operator, month… `leaddesk report` lists."
)
@click.option("--language", default="en", show_default=True, help="Of reasons and letters' titles.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write it to a .csv, .xlsx or .json file.",
)
@click.pass_obj
def report(
    session: Session, name: str | None, *, since: str, until: str, by: str, language: str, out: Path | None
) -> None:
    """Count refusals or parked leads; without a name list the reports and their ways of cutting.

    Days are those of your own clock. Operators count their own leads and the pool's.
    """
    from leaddesk.workflow.reports import report_question

    if not name:
        _list(session)
        return
    first, last = _day(session, since, "from"), _day(session, until, "to", last=True)
    found = session.desk.read(report_question(name, by, first, last, language))
    data = {
        "columns": [column.key for column in found.columns],
        "rows": [row.cells for row in found.rows],
        "keys": [row.key for row in found.rows],
        "titles": [column.title for column in found.columns],
        "helps": [column.help for column in found.columns],
        "kinds": [column.kind for column in found.columns],
        "total": found.total,
        "report": found.name,
        "by": found.by,
        "from": first,
        "to": last,
        "file": out,
    }
    if out is None:
        session.answer(data, lambda: _words(session, found))
        return
    count = write(out, found)
    session.answer(data, f"{count:,} rows in {out}")


def write(file: Path, found: Report) -> int:
    """The rows under the columns' titles; gives how many there were. Raises `Refused` or `Unavailable`."""
    from leaddesk.exchange.writers import write_table

    titles: list[str] = []
    for column in found.columns:
        titles.append(column.title if column.title not in titles else f"{column.title} ({column.key})")
    return write_table(file, titles, (row.cells for row in found.rows))


def _list(session: Session) -> None:
    from leaddesk.workflow.reports import REPORTS

    rows = [[kind.name, kind.title, ", ".join(kind.ways)] for kind in REPORTS]
    told = [{"name": k.name, "title": k.title, "help": k.help, "by": k.ways} for k in REPORTS]
    session.answer(
        {"columns": ["name", "title", "by"], "rows": rows, "reports": told},
        lambda: "\n\n".join(
            f"{kind.name}: {kind.help}\n{session.table(('--by', ''), list(kind.ways.items()))}" for kind in REPORTS
        ),
    )


def _words(session: Session, found: Report) -> str:
    if not found.rows:
        return "Nothing to count in these days."
    from leaddesk.workflow.reports import CellKind

    never = [column.kind is CellKind.MONTH for column in found.columns]
    rows = [
        ["never" if cell is None and month else cell for cell, month in zip(row.cells, never, strict=True)]
        for row in found.rows
    ]
    if found.total is not None:
        rows.append(["in all", *found.total[1:]])
    return session.table([column.title for column in found.columns], rows)


def _day(session: Session, text: str, field: str, *, last: bool = False) -> date | None:
    """A day; of a month or a year its first, or its last one. Raises `Refused` for anything else."""
    said = text.strip().casefold()
    if not said:
        return None
    today = session.desk.clock.now().astimezone(session.zone).date()
    near = {"today": today, "yesterday": today - timedelta(days=1)}
    if said in near:
        return near[said]
    try:
        parts = [int(part) for part in said.split("-")]
        if len(parts) == 3 and len(said) == len("2026-03-01"):
            return date(*parts)
        year, month = parts[0], parts[1] if len(parts) == 2 else 12 if last else 1
        if len(parts) < 3 and year > 999:
            return date(year, month, monthrange(year, month)[1] if last else 1)
    except (ValueError, OverflowError):
        pass
    raise Refused(f"“{text}” is no day. Write 2026-03-01, 2026-03, 2026, today or yesterday.", field=field)
