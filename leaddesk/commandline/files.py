"""`import`."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import pairs
from leaddesk.commandline.root import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leaddesk.commandline.session import Session
    from leaddesk.workflow.intake import ImportResult

FILE = click.Path(path_type=Path, dir_okay=False)
BROKEN_OFF = 130
SHOWN = 20
"""Rows shown to a person by a dry run; the JSON has more."""


@click.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", default="", metavar="NAME", help="Where these leads come from, if the file does not say.")
@click.option("--region", default="", metavar="UA", help="Country of numbers without a code.")
@click.option("--map", "mapped", multiple=True, metavar="HEADER=FIELD", help="A column the program does not know.")
@click.option("--on-duplicate", type=click.Choice(["skip", "update", "create"]), default="skip", show_default=True)
@click.option("--dry-run", is_flag=True, help="Only say what would come of it.")
@click.option("--rejects", type=FILE, default=None, help="Save the rows left out here, with the reason.")
@click.option("--owner", default="", metavar="LOGIN", help="Whose leads they become, if the file does not say.")
@click.pass_obj
def import_(
    session: Session,
    file: Path,
    *,
    source: str,
    region: str,
    mapped: tuple[str, ...],
    on_duplicate: str,
    dry_run: bool,
    rejects: Path | None,
    owner: str,
) -> None:
    """Bring in a file of leads as one batch that can be undone: CSV, XLSX or vCard."""
    from leaddesk.exchange.importing import open_leads, write_rejects
    from leaddesk.workflow.intake import OnDuplicate, Options, run_import

    opened = open_leads(file)
    options = Options(
        source=source,
        region=region,
        overrides=pairs(mapped, "--map"),
        on_duplicate=OnDuplicate(on_duplicate),
        owner=owner,
        dry_run=dry_run,
    )
    desk = session.desk
    started = perf_counter()
    with asked_to_stop() as stopped:
        result = run_import(desk, opened, options, session.progress(f"Importing {file.name}"), stopped)
    seconds = round(perf_counter() - started, 2)
    if result.cancelled:
        session.answer(
            {"error": "Broken off; what was brought in was undone.", "field": None}, "Broken off and undone."
        )
        session.exit_code = BROKEN_OFF
        return
    if rejects is not None:
        write_rejects(rejects, opened.columns, result.rejects)
    data = {
        "batch": result.batch or None,
        **result.counts.as_dict(),
        "seconds": seconds,
        "columns": result.columns,
        "statuses": {said: {"status": ours, "rows": rows} for said, (ours, rows) in result.statuses.items()},
        "encoding": result.encoding,
        "delimiter": result.delimiter,
        "dry_run": dry_run,
        "rejects": rejects,
        "undo": result.operation or None,
        **({"verdicts": result.verdicts} if dry_run else {}),
    }
    session.answer(data, lambda: _words(session, file, result, seconds))


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl+C was pressed: the first one ends after the rows at hand, the second at once."""
    pressed = False

    def press(_number: int, _frame: Any) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _words(session: Session, file: Path, result: ImportResult, seconds: float) -> str:
    counts = result.counts
    would = "would be " if result.dry_run else ""
    told = (
        f"{file.name}: {counts.rows:,} rows in {seconds} s: {counts.created:,} {would}created, {counts.updated:,} updated, "
        f"{counts.skipped:,} skipped ({counts.duplicates:,} duplicates), {counts.rejected:,} left out; "
        f"{counts.suppressed:,} suppressed, {counts.suspicious:,} suspicious"
    )
    lines = [told]
    if result.dry_run:
        lines += [
            "",
            session.table(("column", "goes to"), [(h, f or "an extra field") for h, f in result.columns.items()]),
        ]
        if result.statuses:
            said = [(word, ours.replace("_", " "), rows) for word, (ours, rows) in result.statuses.items()]
            lines += ["", session.table(("status there", "here", "rows"), said)]
        odd = [v for v in result.verdicts if v.why or v.warnings][:SHOWN]
        if odd:
            rows = [(v.number, v.verdict, v.title, "; ".join(filter(None, (v.why, *v.warnings)))) for v in odd]
            lines += ["", session.table(("line", "", "who", "why"), rows)]
    elif result.operation:
        lines.append(f"(leaddesk undo {result.operation} takes it back)")
    return "\n".join(lines)
