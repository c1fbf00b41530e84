"""Lists: ordered ids first, rows by id when they are painted."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from leaddesk.db.answers.search import found_ids
from leaddesk.db.ids import among
from leaddesk.db.mapping import at, to_ms
from leaddesk.db.tables import app_user, client, contact_point, lead, source, task
from leaddesk.workflow.cards import ClientIds, ClientRow, ClientRows, Filter, LeadIds, LeadRow, LeadRows
from leaddesk.workflow.vocabulary import HELD_FROM, Reach, Status, Temperature

if TYPE_CHECKING:
    from sqlalchemy import Select

    from leaddesk.db.answers.reading import Answers, Reading

_WARMTH = case({"hot": 0, "warm": 1}, value=lead.c.temperature, else_=2)
_SORTS: dict[str, ColumnElement[Any]] = {
    "name": lead.c.name,
    "company": lead.c.company,
    "status": lead.c.status,
    "temperature": _WARMTH,
    "score": lead.c.score,
    "source": lead.c.source_id,
    "owner": lead.c.owner_id,
    "country": lead.c.country,
    "city": lead.c.city,
    "last_call": lead.c.last_call_at,
    "next": lead.c.retry_at,
    "return": lead.c.return_at,
    "attempts": lead.c.attempts,
    "touches": lead.c.touches,
    "created": lead.c.created_at,
    "changed": lead.c.changed_at,
    "id": lead.c.id,
}
_CLIENT_SORTS: dict[str, ColumnElement[Any]] = {
    "title": client.c.company,
    "name": client.c.name,
    "country": client.c.country,
    "tax_number": client.c.tax_number,
    "owner": client.c.owner_id,
    "created": client.c.created_at,
    "changed": client.c.changed_at,
    "id": client.c.id,
}


def _conditions(reading: Reading, wanted: Filter) -> list[ColumnElement[bool]]:
    c = lead.c
    parts: list[ColumnElement[bool]] = [reading.visible()]
    if wanted.statuses:
        parts.append(c.status.in_([str(s) for s in wanted.statuses]))
    if wanted.owner_id is not None:
        parts.append(c.owner_id == wanted.owner_id if wanted.owner_id else c.owner_id.is_(None))
    if wanted.source_id is not None:
        parts.append(c.source_id == wanted.source_id)
    if wanted.batch_id:
        parts.append(c.batch_id == wanted.batch_id)
    if wanted.temperatures:
        parts.append(c.temperature.in_([str(t) for t in wanted.temperatures]))
    if wanted.min_score:
        parts.append(c.score >= wanted.min_score)
    if wanted.tag:
        parts.append(func.instr(c.tags, wanted.tag) > 0 if _is_sqlite(reading) else func.strpos(c.tags, wanted.tag) > 0)
    return parts + _qualities(wanted)


def _qualities(wanted: Filter) -> list[ColumnElement[bool]]:
    c = lead.c
    parts: list[ColumnElement[bool]] = []
    if wanted.created_from:
        parts.append(c.created_at >= to_ms(wanted.created_from))
    if wanted.created_to:
        parts.append(c.created_at < to_ms(wanted.created_to))
    if wanted.incomplete:
        parts.append(or_(c.name == "", c.reach == str(Reach.NONE)))
    if wanted.suspicious:
        parts.append(and_(c.spam >= HELD_FROM, c.suspicion_ok == 0, c.status != str(Status.DISQUALIFIED)))
    return parts


def _is_sqlite(reading: Reading) -> bool:
    return reading.connection.dialect.name == "sqlite"


def _ordered(
    statement: Select[int], column: ColumnElement[Any], row_id: ColumnElement[Any], *, down: bool
) -> Select[int]:
    """By the column, then by id, both the same way round so that one index serves."""
    if column is row_id:
        return statement.order_by(row_id.desc() if down else row_id)
    return statement.order_by(column.desc(), row_id.desc()) if down else statement.order_by(column, row_id)


def lead_ids(reading: Reading, question: LeadIds) -> array[int]:
    """Ordered ids. `KeyError` for an unknown sort: columns declare theirs."""
    statement = select(lead.c.id).where(*_conditions(reading, question.filter))
    if question.filter.text.strip():
        found = [i // 2 for i in found_ids(reading, question.filter.text, 50_000) if not i % 2]
        statement = statement.where(among(reading.connection, lead.c.id, found))
    statement = _ordered(statement, _SORTS[question.sort], lead.c.id, down=question.descending)
    if question.limit:
        statement = statement.limit(question.limit)
    return array("q", reading.connection.scalars(statement))


def _first_points(reading: Reading, key: str, ids: tuple[int, ...]) -> dict[tuple[int, str], str]:
    """The first phone and e-mail of each card."""
    p = contact_point.c
    column = p[key]
    statement = (
        select(column, p.channel, p.value, p.key)
        .where(among(reading.connection, column, ids), p.channel.in_(("phone", "email")))
        .order_by(column, p.preferred.desc(), p.position)
    )
    points: dict[tuple[int, str], str] = {}
    for owner, channel, value, number in reading.rows(statement):
        points.setdefault((owner, channel), value)
        points.setdefault((owner, f"{channel} key"), number)
    return points


def _names(reading: Reading) -> tuple[dict[int | None, str], dict[int | None, str]]:
    users: dict[int | None, str] = reading.pairs(select(app_user.c.id, app_user.c.name))
    sources: dict[int | None, str] = reading.pairs(select(source.c.id, source.c.name))
    return users, sources


def lead_rows(reading: Reading, question: LeadRows) -> list[LeadRow]:
    """Rows in the order of the ids."""
    ids = question.ids
    c = lead.c
    columns = (
        c.id, c.name, c.company, c.external_id, c.status, c.temperature, c.score, c.source_id, c.owner_id, c.country,
        c.city, c.retry_at, c.last_call_at, c.created_at, c.changed_at, c.attempts, c.touches, c.reach, c.spam,
        c.suspicion_ok, c.tags, c.parked_why, c.return_at,
    )  # fmt: skip
    found = {
        r.id: r for r in reading.rows(select(*columns).where(among(reading.connection, c.id, ids), reading.visible()))
    }
    points = _first_points(reading, "lead_id", ids)
    users, sources = _names(reading)
    due = _next_tasks(reading, ids)
    rows = []
    for r in (found[i] for i in ids if i in found):
        coming = [moment for moment in (due.get(r.id), r.retry_at) if moment is not None]
        rows.append(
            LeadRow(
                id=r.id,
                name=r.name or ("" if r.company else f"Lead {r.external_id or '#' + str(r.id)}"),
                company=r.company,
                phone=points.get((r.id, "phone"), ""),
                email=points.get((r.id, "email"), ""),
                status=Status(r.status),
                temperature=Temperature(r.temperature),
                score=r.score,
                source=sources.get(r.source_id, ""),
                owner=users.get(r.owner_id, ""),
                country=r.country,
                city=r.city,
                next_at=at(min(coming)) if coming else None,
                last_call_at=at(r.last_call_at),
                created_at=at(r.created_at),
                changed_at=at(r.changed_at),
                attempts=r.attempts,
                touches=r.touches,
                incomplete=not r.name or r.reach == Reach.NONE,
                suspicious=r.spam >= HELD_FROM and not r.suspicion_ok,
                tags=tuple(r.tags.split("\n")) if r.tags else (),
                parked_why=r.parked_why,
                return_at=at(r.return_at),
                phone_key=points.get((r.id, "phone key"), ""),
            )
        )
    return rows


def _next_tasks(reading: Reading, ids: tuple[int, ...]) -> dict[int, int]:
    open_task = task.c.done_at.is_(None) & (task.c.dropped == 0)
    statement = (
        select(task.c.lead_id, func.min(task.c.due_at))
        .where(among(reading.connection, task.c.lead_id, ids), open_task)
        .group_by(task.c.lead_id)
    )
    return reading.pairs(statement)


def client_ids(reading: Reading, question: ClientIds) -> array[int]:
    """Ordered ids of clients."""
    statement = select(client.c.id)
    if question.text.strip():
        found = [i // 2 for i in found_ids(reading, question.text, 50_000) if i % 2]
        statement = statement.where(among(reading.connection, client.c.id, found))
    statement = _ordered(statement, _CLIENT_SORTS[question.sort], client.c.id, down=question.descending)
    return array("q", reading.connection.scalars(statement))


def client_rows(reading: Reading, question: ClientRows) -> list[ClientRow]:
    """Rows in the order of the ids."""
    ids, c = question.ids, client.c
    columns = (c.id, c.name, c.company, c.legal_name, c.country, c.tax_number, c.owner_id, c.created_at, c.changed_at)
    found = {r.id: r for r in reading.rows(select(*columns).where(among(reading.connection, c.id, ids)))}
    points = _first_points(reading, "client_id", ids)
    users, _ = _names(reading)
    counts = select(lead.c.client_id, func.count()).where(among(reading.connection, lead.c.client_id, ids))
    leads = reading.pairs(counts.group_by(lead.c.client_id))
    return [
        ClientRow(
            id=r.id,
            title=r.company or r.legal_name or r.name or f"Client #{r.id}",
            name=r.name,
            company=r.company,
            country=r.country,
            tax_number=r.tax_number,
            owner=users.get(r.owner_id, ""),
            phone=points.get((r.id, "phone"), ""),
            email=points.get((r.id, "email"), ""),
            leads=leads.get(r.id, 0),
            created_at=at(r.created_at),
            changed_at=at(r.changed_at),
        )
        for r in (found[i] for i in ids if i in found)
    ]


ANSWERS: Answers = {LeadIds: lead_ids, LeadRows: lead_rows, ClientIds: client_ids, ClientRows: client_rows}
