"""Rows that leave as a list, by keyset: each chunk costs the same, however far into the table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from leaddesk.db.ids import among
from leaddesk.db.mapping import mapper
from leaddesk.db.search import digits, fold
from leaddesk.db.tables import (
    app_user,
    call,
    client,
    client_person,
    contact_point,
    import_batch,
    lead,
    lead_extra,
    note,
    outcome,
    refusal,
    refusal_reason,
    search_doc,
    source,
)
from leaddesk.workflow import entities
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.export import (
    CallOut,
    ClientOut,
    ExportRows,
    ExportShape,
    Kind,
    LeadOut,
    RefusalOut,
    RowOut,
    Shape,
    Where,
)
from leaddesk.workflow.sources import Sources
from leaddesk.workflow.team import Users, by_login, known_logins
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from leaddesk.db.answers.reading import Answers, Reading


def export_rows(reading: Reading, question: ExportRows) -> list[RowOut]:
    """The next rows of the kind asked for."""
    rows: list[RowOut] = _READERS[question.where.kind](reading, question)
    return rows


def _leads(reading: Reading, question: ExportRows) -> list[RowOut]:
    here = [reading.visible(), *_conditions(reading, question.where, lead.c.owner_id)]
    found = _page(reading, entities.Lead, question, here)
    ids = [row.id for row in found]
    points, notes = _points(reading, contact_point.c.lead_id, ids), _notes(reading, note.c.lead_id, ids)
    extras = {e.id: e for e in reading.all_of(entities.LeadExtra, among(reading.connection, lead_extra.c.id, ids))}
    batch_ids = sorted({row.batch_id for row in found if row.batch_id})
    batches = reading.all_of(entities.ImportBatch, among(reading.connection, import_batch.c.id, batch_ids))
    columns = {batch.id: batch.columns for batch in batches}
    names, people = _words(reading, source.c.name), _words(reading, app_user.c.name)
    nothing = entities.LeadExtra()
    return [
        LeadOut(
            row.id,
            row,
            names.get(row.source_id, ""),
            people.get(row.owner_id, ""),
            tuple(points[row.id]),
            tuple(notes[row.id]),
            extras.get(row.id, nothing).fields,
            extras.get(row.id, nothing).original,
            columns.get(row.batch_id or 0, {}),
        )
        for row in found
    ]


def _clients(reading: Reading, question: ExportRows) -> list[RowOut]:
    found = _page(reading, entities.Client, question, _conditions(reading, question.where, client.c.owner_id))
    ids = [row.id for row in found]
    points, notes = _points(reading, contact_point.c.client_id, ids), _notes(reading, note.c.client_id, ids)
    contacts: defaultdict[int, list[entities.ClientPerson]] = defaultdict(list)
    for person in reading.all_of(entities.ClientPerson, among(reading.connection, client_person.c.client_id, ids)):
        contacts[person.client_id].append(person)
    leads: defaultdict[int, list[int]] = defaultdict(list)
    theirs = among(reading.connection, lead.c.client_id, ids)
    for client_id, lead_id in reading.rows(select(lead.c.client_id, lead.c.id).where(theirs).order_by(lead.c.id)):
        leads[client_id].append(lead_id)
    people = _words(reading, app_user.c.name)
    return [
        ClientOut(
            row.id,
            row,
            people.get(row.owner_id, ""),
            tuple(points[row.id]),
            tuple(contacts[row.id]),
            tuple(leads[row.id]),
            tuple(notes[row.id]),
        )
        for row in found
    ]


def _refusals(reading: Reading, question: ExportRows) -> list[RowOut]:
    here = _conditions(reading, question.where, refusal.c.user_id)
    seen = refusal.c.lead_id.in_(select(lead.c.id).where(reading.visible()))
    found = _page(reading, entities.Refusal, question, [seen, *here])
    titles = _titles(reading, lead, [row.lead_id for row in found])
    reasons = dict(tuple(row) for row in reading.rows(select(refusal_reason.c.key, refusal_reason.c.title)))
    people = _words(reading, app_user.c.name)
    return [
        RefusalOut(row.id, row, titles.get(row.lead_id, ""), reasons.get(row.reason, ""), people.get(row.user_id, ""))
        for row in found
    ]


def _calls(reading: Reading, question: ExportRows) -> list[RowOut]:
    here = _conditions(reading, question.where, call.c.user_id)
    seen = call.c.lead_id.is_(None) | call.c.lead_id.in_(select(lead.c.id).where(reading.visible()))
    found = _page(reading, entities.Call, question, [seen, *here])
    leads = _titles(reading, lead, [row.lead_id for row in found if row.lead_id])
    clients = _titles(reading, client, [row.client_id for row in found if row.client_id])
    outcomes = dict(tuple(row) for row in reading.rows(select(outcome.c.key, outcome.c.title)))
    people = _words(reading, app_user.c.name)
    return [
        CallOut(
            row.id,
            row,
            leads.get(row.lead_id or 0, "") or clients.get(row.client_id or 0, ""),
            outcomes.get(row.outcome, ""),
            people.get(row.user_id, ""),
        )
        for row in found
    ]


_READERS: dict[Kind, Any] = {
    Kind.LEADS: _leads,
    Kind.CLIENTS: _clients,
    Kind.REFUSALS: _refusals,
    Kind.CALLS: _calls,
}


def _page(reading: Reading, kind: type[Any], question: ExportRows, here: Sequence[ColumnElement[bool]]) -> list[Any]:
    m = mapper(kind)
    after = m.table.c.id > question.after
    statement = select(*m.columns).where(after, *here).order_by(m.table.c.id).limit(question.limit)
    return [m.entity(row) for row in reading.rows(statement)]


def _points(reading: Reading, holder: Any, ids: Sequence[int]) -> defaultdict[int, list[entities.ContactPoint]]:
    found: defaultdict[int, list[entities.ContactPoint]] = defaultdict(list)
    here = among(reading.connection, holder, ids)
    for point in reading.all_of(entities.ContactPoint, here, order=contact_point.c.position):
        found[getattr(point, holder.name)].append(point)
    return found


def _notes(reading: Reading, holder: Any, ids: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    here = among(reading.connection, holder, ids)
    for card_id, words in reading.rows(select(holder, note.c.text).where(here).order_by(note.c.at, note.c.id)):
        found[card_id].append(words)
    return found


def _words(reading: Reading, column: Any) -> dict[int | None, str]:
    return dict(tuple(row) for row in reading.rows(select(column.table.c.id, column)))


def _titles(reading: Reading, table: Any, ids: Sequence[int]) -> dict[int, str]:
    here = among(reading.connection, table.c.id, sorted(set(ids)))
    rows = reading.rows(select(table.c.id, table.c.name, table.c.company).where(here))
    return {i: name or company or f"#{i}" for i, name, company in rows}


def _conditions(reading: Reading, where: Where, owner_id: Any) -> list[ColumnElement[bool]]:
    """Raises `Refused` for an owner or a source there is not."""
    table = owner_id.table
    out: list[ColumnElement[bool]] = []
    for key, values in where.conditions.items():
        if key == "owner":
            out.append(owner_id.in_(_owners(reading, values)))
        elif key == "source":
            out.append(table.c.source_id.in_(_sources(reading, values)))
        elif key == "search":
            out.append(_searched(where.kind, table, values[0]))
        else:
            out.append(table.c[key].in_(values))
    return out


def _owners(reading: Reading, logins: Sequence[str]) -> list[int]:
    from leaddesk.db.answers.team import users

    known = users(reading, Users())
    found = [by_login(known, login) for login in logins]
    for login, user in zip(logins, found, strict=True):
        if user is None:
            raise Refused(f"There is no user “{login}”. There are: {known_logins(known)}.", field="where")
    return [user.id for user in found if user]


def _sources(reading: Reading, names: Sequence[str]) -> list[int]:
    from leaddesk.db.answers.sources import sources

    known = {s.name.casefold(): s.id for s in sources(reading, Sources())}
    for name in names:
        if name.casefold() not in known:
            raise Refused(f"There is no source “{name}”.", field="where")
    return [known[name.casefold()] for name in names]


def _searched(kind: Kind, table: Any, words: str) -> ColumnElement[bool]:
    """Each word somewhere in the card's search text; a phone in any format by its digits."""
    odd = int(kind is Kind.CLIENTS)
    number = digits(words)
    phone = len(number) > 3 and not any(sign.isalpha() for sign in words)
    parts = [number.lstrip("0")] if phone else fold(words).split()
    here = [search_doc.c.text.contains(part, autoescape=True) for part in parts]
    found: ColumnElement[bool] = table.c.id.in_(
        select((search_doc.c.id - odd) // 2).where(search_doc.c.id % 2 == odd, *here)
    )
    return found


def export_shape(reading: Reading, question: ExportShape) -> Shape:
    """Asked once per export: the widest card, and every header a file or a person gave to a lead's fields."""
    if question.kind not in (Kind.LEADS, Kind.CLIENTS):
        return Shape(0, 0)
    holder = contact_point.c.lead_id if question.kind is Kind.LEADS else contact_point.c.client_id
    widest = {
        channel: reading.connection.scalar(select(func.max(_per_card(holder, channel).c.points))) or 1
        for channel in (Channel.PHONE, Channel.EMAIL)
    }
    headers = _headers(reading) if question.kind is Kind.LEADS else ()
    return Shape(widest[Channel.PHONE], widest[Channel.EMAIL], headers)


def _per_card(holder: Any, channel: Channel) -> Any:
    here = (contact_point.c.channel == channel.value) & holder.is_not(None)
    return select(func.count().label("points")).where(here).group_by(holder).subquery()


def _headers(reading: Reading) -> tuple[str, ...]:
    """Those of the files, in their order, then those only single leads have."""
    names: dict[str, None] = {}
    for batch in reading.all_of(entities.ImportBatch):
        names |= dict.fromkeys(batch.columns)
    each = "json_each(lead_extra.{0}) AS e"
    if reading.connection.dialect.name != "sqlite":
        each = "json_object_keys(CASE WHEN lead_extra.{0} = '' THEN '{{}}' ELSE lead_extra.{0} END::json) AS e(key)"
    found: set[str] = set()
    for name in ("fields", "original"):
        keys = f"SELECT DISTINCT e.key FROM lead_extra, {each.format(name)} WHERE lead_extra.{name} <> ''"  # noqa: S608 - our own names
        found.update(reading.connection.scalars(text(keys)))
    return (*names, *sorted(found - set(names)))


ANSWERS: Answers = {ExportRows: export_rows, ExportShape: export_shape}
