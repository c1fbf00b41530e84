"""`export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from leaddesk.commandline.root import Command

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("export", cls=Command)
@click.argument("what", type=click.Choice(["leads", "clients", "refusals", "calls"]))
@click.option("--out", required=True, type=FILE, help="A .csv, .xlsx, .json or .vcf file.")
@click.option("--where", multiple=True, metavar="KEY=VALUE", help="status, owner, source, search, reason, outcome.")
@click.pass_obj
def export(session: Session, what: str, out: Path, where: tuple[str, ...]) -> None:
    """Write leads, clients, refusals or calls to a file that is safe to open in a spreadsheet."""
    from leaddesk.exchange.exporting import export as write

    rows = write(session.desk, what, out, where)
    session.answer({"rows": rows, "file": out}, f"{rows:,} {what} in {out}")
