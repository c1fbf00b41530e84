"""Rows that leave as a list, by keyset: each chunk costs the same, however far into the table."""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, func, or_, select, text

from leaddesk.db.answers.suppressions import suppressed_keys
from leaddesk.db.ids import among
from leaddesk.db.letter_tables import letter
from leaddesk.db.mapping import mapper, to_ms
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
from leaddesk.workflow.derived import SUPPRESSIBLE, SuppressedKeys
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.export import (
    CallOut,
    ClientOut,
    ExportIds,
    ExportRows,
    ExportShape,
    ExportThese,
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

    from leaddesk.db.answers.reading import Answers, Reading


def export_rows(reading: Reading, question: ExportRows) -> list[RowOut]:
    """The next rows of the kind asked for."""
    where = question.where
    m = _mapper(where.kind)
    parts = [m.table.c.id > question.after, *_all_conditions(reading, where)]
    statement = select(*m.columns).where(*parts).order_by(m.table.c.id).limit(question.limit)
    rows: list[RowOut] = _FILLERS[where.kind](reading, [m.entity(row) for row in reading.rows(statement)])
    return rows


def export_these(reading: Reading, question: ExportThese) -> list[RowOut]:
    """Rows by id, in the order of the ids."""
    m = _mapper(question.kind)
    parts = [among(reading.connection, m.table.c.id, question.ids), *_seen(reading, question.kind)]
    found = {row.id: row for row in map(m.entity, reading.rows(select(*m.columns).where(*parts)))}
    here = [found[row_id] for row_id in question.ids if row_id in found]
    rows: list[RowOut] = _FILLERS[question.kind](reading, here)
    return rows


def export_ids(reading: Reading, question: ExportIds) -> array[int]:
    """Ids in the order of a column. Raises `Refused` for one there is not."""
    table = _mapper(question.where.kind).table
    name = question.sort.removeprefix("-")
    if name not in table.c:
        raise Refused(
            f"{question.where.kind} cannot be ordered by “{name}”. Try {_ORDERS[question.where.kind]}.", field="sort"
        )
    column = WARMTH if name == "temperature" and table is lead else table.c[name]
    down = question.sort.startswith("-")
    order = (column.desc(), table.c.id.desc()) if down else (column, table.c.id)
    statement = select(table.c.id).where(*_all_conditions(reading, question.where)).order_by(*order)
    return array("q", reading.connection.scalars(statement))


_ORDERS = {
    Kind.LEADS: "name, company, created_at, changed_at, last_call_at, return_at, score, temperature, status or country",
    Kind.CLIENTS: "name, company, created_at or country",
    Kind.REFUSALS: "at, reason or return_at",
    Kind.CALLS: "started_at, outcome or duration_s",
}
WARMTH = case({"hot": 0, "warm": 1}, value=lead.c.temperature, else_=2)


def _mapper(kind: Kind) -> Any:
    return mapper(_ENTITIES[kind])


def _seen(reading: Reading, kind: Kind) -> list[ColumnElement[bool]]:
    """What this user may see of a kind."""
    if kind is Kind.LEADS:
        return [reading.visible()]
    theirs = select(lead.c.id).where(reading.visible())
    if kind is Kind.REFUSALS:
        return [refusal.c.lead_id.in_(theirs)]
    return [call.c.lead_id.is_(None) | call.c.lead_id.in_(theirs)] if kind is Kind.CALLS else []


def _all_conditions(reading: Reading, where: Where) -> list[ColumnElement[bool]]:
    return [*_seen(reading, where.kind), *_conditions(reading, where)]


def _leads(reading: Reading, found: list[entities.Lead]) -> list[RowOut]:
    ids = [row.id for row in found]
    points, notes = _points(reading, contact_point.c.lead_id, ids), _notes(reading, note.c.lead_id, ids)
    extras = {e.id: e for e in reading.all_of(entities.LeadExtra, among(reading.connection, lead_extra.c.id, ids))}
    batch_ids = sorted({row.batch_id for row in found if row.batch_id})
    batches = reading.all_of(entities.ImportBatch, among(reading.connection, import_batch.c.id, batch_ids))
    columns = {batch.id: batch.columns for batch in batches}
    names, people = _words(reading, source.c.name), _words(reading, app_user.c.name)
    nos = _newest_refusals(reading, ids)
    letters = _letters(reading, ids)
    keys = tuple({p.key for row in points.values() for p in row if p.key and p.channel in SUPPRESSIBLE})
    barred = suppressed_keys(reading, SuppressedKeys(keys))
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
            nos.get(row.id),
            barred,
            letters.get(row.id, ""),
        )
        for row in found
    ]


def _newest_refusals(reading: Reading, ids: Sequence[int]) -> dict[int, entities.Refusal]:
    here = among(reading.connection, refusal.c.lead_id, ids) & refusal.c.taken_back_at.is_(None)
    return {row.lead_id: row for row in reading.all_of(entities.Refusal, here, order=refusal.c.id)}


def _letters(reading: Reading, ids: Sequence[int]) -> dict[int, str]:
    """What became of the newest letter to each, as the Parked page says it."""
    c = letter.c
    here = among(reading.connection, c.lead_id, ids)
    rows = reading.rows(select(c.lead_id, c.state, c.answered_at, c.bounced_at).where(here).order_by(c.id))
    return {i: "answered" if answered else "came back" if bounced else state for i, state, answered, bounced in rows}


def _clients(reading: Reading, found: list[entities.Client]) -> list[RowOut]:
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


def _refusals(reading: Reading, found: list[entities.Refusal]) -> list[RowOut]:
    titles = _titles(reading, lead, [row.lead_id for row in found])
    reasons = dict(tuple(row) for row in reading.rows(select(refusal_reason.c.key, refusal_reason.c.title)))
    people = _words(reading, app_user.c.name)
    return [
        RefusalOut(row.id, row, titles.get(row.lead_id, ""), reasons.get(row.reason, ""), people.get(row.user_id, ""))
        for row in found
    ]


def _calls(reading: Reading, found: list[entities.Call]) -> list[RowOut]:
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


_FILLERS: dict[Kind, Any] = {
    Kind.LEADS: _leads,
    Kind.CLIENTS: _clients,
    Kind.REFUSALS: _refusals,
    Kind.CALLS: _calls,
}
_ENTITIES: dict[Kind, type[Any]] = {
    Kind.LEADS: entities.Lead,
    Kind.CLIENTS: entities.Client,
    Kind.REFUSALS: entities.Refusal,
    Kind.CALLS: entities.Call,
}
_OWNERS = {
    Kind.LEADS: lead.c.owner_id,
    Kind.CLIENTS: client.c.owner_id,
    Kind.REFUSALS: refusal.c.user_id,
    Kind.CALLS: call.c.user_id,
}
_MOMENTS = {
    Kind.LEADS: lead.c.created_at,
    Kind.CLIENTS: client.c.created_at,
    Kind.REFUSALS: refusal.c.at,
    Kind.CALLS: call.c.started_at,
}


def _points(reading: Reading, holder: Any, ids: Sequence[int]) -> defaultdict[int, list[entities.ContactPoint]]:
    """In their order, the preferred ones first."""
    found: defaultdict[int, list[entities.ContactPoint]] = defaultdict(list)
    here = among(reading.connection, holder, ids)
    for point in reading.all_of(entities.ContactPoint, here, order=contact_point.c.position):
        found[getattr(point, holder.name)].append(point)
    for points in found.values():
        points.sort(key=lambda point: not point.preferred)
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


def _conditions(reading: Reading, where: Where) -> list[ColumnElement[bool]]:
    """Raises `Refused` for an owner or a source there is not."""
    table = _mapper(where.kind).table
    out: list[ColumnElement[bool]] = []
    if where.since:
        out.append(_MOMENTS[where.kind] >= to_ms(where.since))
    if where.before:
        out.append(_MOMENTS[where.kind] < to_ms(where.before))
    for key, values in where.conditions.items():
        if key == "owner":
            out.append(_OWNERS[where.kind].in_(_owners(reading, values)))
        elif key == "source":
            out.append(table.c.source_id.in_(_sources(reading, values)))
        elif key == "search":
            out.append(_searched(where.kind, table, values[0]))
        elif key == "tag":
            lines = "\n" + table.c.tags + "\n"
            out.append(or_(*(lines.contains(f"\n{tag}\n", autoescape=True) for tag in values)))
        elif key not in ("from", "to"):
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
    ids = question.ids
    holder = contact_point.c.lead_id if question.kind is Kind.LEADS else contact_point.c.client_id
    here = holder.is_not(None) if ids is None else among(reading.connection, holder, ids)
    widest = {
        channel: reading.connection.scalar(select(func.max(_per_card(holder, here, channel).c.points))) or 1
        for channel in (Channel.PHONE, Channel.EMAIL)
    }
    headers = _headers(reading, ids) if question.kind is Kind.LEADS else ()
    return Shape(widest[Channel.PHONE], widest[Channel.EMAIL], headers)


def _per_card(holder: Any, here: ColumnElement[bool], channel: Channel) -> Any:
    here &= contact_point.c.channel == channel.value
    return select(func.count().label("points")).where(here).group_by(holder).subquery()


def _headers(reading: Reading, ids: Sequence[int] | None) -> tuple[str, ...]:
    """Those of the files, in their order, then those only single leads have."""
    names: dict[str, None] = {}
    of_these = () if ids is None else (_files_of(reading, ids),)
    for batch in reading.all_of(entities.ImportBatch, *of_these):
        names |= dict.fromkeys(batch.columns)
    each = "json_each({0}) AS e"
    if reading.connection.dialect.name != "sqlite":
        each = "json_object_keys(CASE WHEN {0} = '' THEN '{{}}' ELSE {0} END::json) AS e(key)"
    found: set[str] = set()
    for column in (lead_extra.c.fields, lead_extra.c.original):
        kept = select(column.label("kept")).where(column != "")
        if ids is not None:
            kept = kept.where(among(reading.connection, lead_extra.c.id, ids))
        keys = select(text("DISTINCT e.key")).select_from(kept.subquery("x"), text(each.format("x.kept")))
        found.update(reading.connection.scalars(keys))
    return (*names, *sorted(found - set(names)))


def _files_of(reading: Reading, ids: Sequence[int]) -> ColumnElement[bool]:
    """The files these leads came by."""
    return import_batch.c.id.in_(select(lead.c.batch_id).where(among(reading.connection, lead.c.id, ids)))


ANSWERS: Answers = {
    ExportRows: export_rows,
    ExportThese: export_these,
    ExportIds: export_ids,
    ExportShape: export_shape,
}
