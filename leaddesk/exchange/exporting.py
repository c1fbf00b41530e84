"""Lists leave as files: the table a kind of row makes, or people as vCards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from leaddesk.exchange.vcards import Card, Phone, write_vcards
from leaddesk.exchange.writers import write_table
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.export import (
    CHUNK,
    USUAL_FORM,
    ClientOut,
    ExportShape,
    FileForm,
    Kind,
    LeadOut,
    RowOut,
    rows_of,
    these_rows,
    where_of,
)
from leaddesk.workflow.export_tables import cells_of, narrowed, number_of, table_of
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import ContactPoint

_KINDS = {"mobile": "cell", "work": "work", "home": "home"}
_ADDRESSES = {
    Channel.TELEGRAM: "https://t.me/{}",
    Channel.WHATSAPP: "https://wa.me/{}",
    Channel.SKYPE: "skype:{}",
    Channel.VIBER: "viber://chat?number={}",
}


SOME = 50_000
"""Cards up to which a list is as wide as they are; finding that out of more takes longer than of all."""


def export(
    desk: Desk,
    kind: str,
    path: Path,
    conditions: Sequence[str] = (),
    *,
    columns: Sequence[str] = (),
    sort: str = "",
    form: FileForm = USUAL_FORM,
) -> int:
    """Write what fits the conditions into a .csv, .xlsx, .json, .jsonl or .vcf file; gives how many rows there were.

    `columns` are those wanted, all for none; `sort` is a column of the cards themselves, "-" before it for downwards.
    Raises `Refused` for a kind, a condition, a column or a form there is not, and `Unavailable` for a full disk.
    """
    if kind not in set(Kind):
        raise Refused(f"There are no “{kind}” to export. There are: {', '.join(Kind)}.", field="kind")
    where = where_of(Kind(kind), conditions)
    return _write(desk, where.kind, rows_of(desk, where, sort), path, columns, form)


def export_these(
    desk: Desk,
    kind: Kind,
    ids: Sequence[int],
    path: Path,
    columns: Sequence[str] = (),
    form: FileForm = USUAL_FORM,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Write these cards in this order, as a list in the window shows them.

    `progress` hears cards read and how many there are. Raises as `export`, and what `progress` raises: the old file
    stays then.
    """
    rows = _told(these_rows(desk, kind, ids), len(ids), progress)
    return _write(desk, kind, rows, path, columns, form, ids if len(ids) <= SOME else None)


def _told(rows: Iterator[RowOut], total: int, progress: Callable[[int, int], None]) -> Iterator[RowOut]:
    for done, row in enumerate(rows):
        if done % CHUNK == 0:
            progress(done, total)
        yield row


def _write(
    desk: Desk,
    kind: Kind,
    rows: Iterator[RowOut],
    path: Path,
    columns: Sequence[str],
    form: FileForm,
    ids: Sequence[int] | None = None,
) -> int:
    if path.suffix.lower() == ".vcf":
        if kind not in (Kind.LEADS, Kind.CLIENTS):
            raise Refused(f"A .vcf file holds people, no {kind}. Use .csv, .xlsx, .json or .jsonl.", field="file")
        if columns:
            raise Refused("A .vcf file holds whole people. Leave the columns out, or write a table.", field="columns")
        return write_vcards(path, _cards(rows), form.cards)
    table = table_of(kind, desk.read(ExportShape(kind, None if ids is None else tuple(ids))))
    names, places = narrowed(table, columns)
    return write_table(path, names, cells_of(table, places, rows), form)


def _cards(rows: Iterable[RowOut]) -> Iterator[Card]:
    for row in rows:
        if isinstance(row, LeadOut):
            yield _lead_card(row)
        elif isinstance(row, ClientOut):
            yield _client_card(row)


def _lead_card(out: LeadOut) -> Card:
    lead = out.lead
    return Card(
        name=lead.name or lead.title,
        first_name=lead.first_name,
        last_name=lead.last_name,
        company=lead.company,
        role=lead.role,
        phones=_phones(out.points),
        emails=_emails(out.points),
        messengers=_messengers(out.points),
        websites=(lead.website,) if lead.website else (),
        address=lead.address,
        city=lead.city,
        region=lead.region,
        postal_code=lead.postal_code,
        country=lead.country,
        language=lead.language,
        zone=lead.zone,
        note="\n".join(out.notes),
        tags=lead.tags,
        uid=f"leaddesk:lead:{lead.id}",
    )


def _client_card(out: ClientOut) -> Card:
    client = out.client
    return Card(
        name=client.name or client.title,
        company=client.company or client.legal_name,
        phones=_phones(out.points),
        emails=_emails(out.points),
        messengers=_messengers(out.points),
        websites=(client.website,) if client.website else (),
        address=client.postal_address or client.legal_address,
        city=client.city,
        country=client.country,
        language=client.language,
        note="\n".join(out.notes),
        uid=f"leaddesk:client:{client.id}",
    )


def _phones(points: Sequence[ContactPoint]) -> tuple[Phone, ...]:
    return tuple(Phone(number_of(p), _KINDS.get(p.label, "")) for p in points if p.channel is Channel.PHONE)


def _emails(points: Sequence[ContactPoint]) -> tuple[str, ...]:
    return tuple(p.value for p in points if p.channel is Channel.EMAIL)


def _messengers(points: Sequence[ContactPoint]) -> tuple[str, ...]:
    """As addresses; a profile's address stays as it is."""
    others = (p for p in points if p.channel not in (Channel.PHONE, Channel.EMAIL))
    return tuple(
        p.value
        if "://" in p.value
        else _ADDRESSES.get(p.channel, "x-" + p.channel + ":{}").format(p.value.lstrip("@+"))
        for p in others
    )
