"""`export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from leaddesk.commandline.root import Command

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session

FILE = click.Path(path_type=Path, dir_okay=False)
CONDITIONS = (
    "status, owner, source, temperature, country, tag, search, reason, outcome, from or to (a day). "
    "Values parted by commas are alternatives; several conditions hold together."
)


@click.command("export", cls=Command)
@click.argument("what", type=click.Choice(["leads", "clients", "refusals", "calls"]))
@click.option("--out", required=True, type=FILE, help="A .csv, .xlsx, .json, .jsonl or .vcf file.")
@click.option("--where", multiple=True, metavar="KEY=VALUE", help=CONDITIONS)
@click.option("--columns", default="", metavar="NAME,NAME", help="Only these columns, in this order.")
@click.option("--sort", default="", metavar="COLUMN", help="The order of the rows; -COLUMN turns it round.")
@click.option("--delimiter", default="comma", show_default=True, metavar="NAME", help="comma, semicolon, tab or pipe.")
@click.option("--bom/--no-bom", default=True, show_default=True, help="Whether a .csv file begins with Excel’s mark.")
@click.option("--vcard", default="3.0", show_default=True, metavar="VERSION", help="3.0 or 4.0.")
@click.pass_obj
def export(
    session: Session,
    what: str,
    out: Path,
    *,
    where: tuple[str, ...],
    columns: str,
    sort: str,
    delimiter: str,
    bom: bool,
    vcard: str,
) -> None:
    """Write leads, clients, refusals or calls to a file that is safe to open in a spreadsheet."""
    from leaddesk.exchange.exporting import export as write
    from leaddesk.workflow.export import form_of

    form = form_of(delimiter, vcard, mark=bom)
    names = columns.split(",") if columns else ()
    rows = write(session.desk, what, out, where, columns=names, sort=sort, form=form)
    session.answer({"rows": rows, "file": out}, f"{rows:,} {what} in {out}")
