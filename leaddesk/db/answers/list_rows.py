"""Rows of lists, by id, when they are painted: five statements for a block of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from leaddesk.db.mapping import at
from leaddesk.db.prepared import Prepared, any_of
from leaddesk.db.tables import app_user, client, contact_point, lead, source, task
from leaddesk.workflow.cards import ClientRow, ClientRows, LeadRow, LeadRows
from leaddesk.workflow.vocabulary import HELD_FROM, Reach, Role, Status, Temperature

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading

_LISTED = (
    "id name company external_id status temperature score source_id owner_id country city retry_at last_call_at created_at "
    "changed_at attempts touches reach spam suspicion_ok tags parked_why return_at"
)
_LEADS = Prepared(
    lambda sqlite: select(*(lead.c[name] for name in _LISTED.split())).where(any_of(sqlite, lead.c.id, "ids"))
)
_CLIENTS = Prepared(
    lambda sqlite: select(
        *(
            client.c[name]
            for name in "id name company legal_name country tax_number owner_id created_at changed_at".split()
        )
    ).where(any_of(sqlite, client.c.id, "ids"))
)
_USERS = Prepared(lambda _: select(app_user.c.id, app_user.c.name))
_SOURCES = Prepared(lambda _: select(source.c.id, source.c.name))
_NEXT_TASKS = Prepared(
    lambda sqlite: (
        select(task.c.lead_id, func.min(task.c.due_at))
        .where(any_of(sqlite, task.c.lead_id, "ids"), task.c.done_at.is_(None), task.c.dropped == 0)
        .group_by(task.c.lead_id)
    )
)
_LEADS_OF = Prepared(
    lambda sqlite: (
        select(lead.c.client_id, func.count()).where(any_of(sqlite, lead.c.client_id, "ids")).group_by(lead.c.client_id)
    )
)


def _points_of(owner: str) -> Prepared:
    """Phones and addresses of cards, each card's preferred first."""
    p = contact_point.c
    return Prepared(
        lambda sqlite: (
            select(p[owner], p.channel, p.value, p.key)
            .where(any_of(sqlite, p[owner], "ids"), p.channel.in_(("phone", "email")))
            .order_by(p[owner], p.preferred.desc(), p.position)
        )
    )


_POINTS = {owner: _points_of(owner) for owner in ("lead_id", "client_id")}


def _first_points(reading: Reading, owner: str, ids: tuple[int, ...]) -> dict[tuple[int, str], tuple[str, str]]:
    """The first phone and e-mail of each card: as shown, and its key."""
    points: dict[tuple[int, str], tuple[str, str]] = {}
    for card, channel, value, key in _POINTS[owner].rows(reading.connection, ids=ids):
        if (card, channel) not in points:
            points[card, channel] = (value, key)
    return points


_NO_POINT = ("", "")


def lead_rows(reading: Reading, question: LeadRows) -> list[LeadRow]:
    """Rows in the order of the ids; without the leads this user may not see."""
    ids, connection = question.ids, reading.connection
    found = {row[0]: row for row in _LEADS.rows(connection, ids=ids)}
    points = _first_points(reading, "lead_id", ids)
    users: dict[int | None, str] = dict(_USERS.rows(connection))
    sources: dict[int | None, str] = dict(_SOURCES.rows(connection))
    due = dict(_NEXT_TASKS.rows(connection, ids=ids))
    me = reading.user.id if reading.user.role is Role.OPERATOR else None
    rows = []
    for row in (found[i] for i in ids if i in found):
        (
            lead_id, name, company, external_id, status, temperature, score, source_id, owner_id, country, city, retry_at,
            last_call_at, created_at, changed_at, attempts, touches, reach, spam, suspicion_ok, tags, parked_why, return_at,
        ) = row  # fmt: skip
        if me is not None and owner_id not in (None, me):
            continue
        coming = [moment for moment in (due.get(lead_id), retry_at) if moment is not None]
        phone, phone_key = points.get((lead_id, "phone"), _NO_POINT)
        rows.append(
            LeadRow(
                id=lead_id,
                name=name or ("" if company else f"Lead {external_id or '#' + str(lead_id)}"),
                company=company,
                phone=phone,
                email=points.get((lead_id, "email"), _NO_POINT)[0],
                status=Status(status),
                temperature=Temperature(temperature),
                score=score,
                source=sources.get(source_id, ""),
                owner=users.get(owner_id, ""),
                country=country,
                city=city,
                next_at=at(min(coming)) if coming else None,
                last_call_at=at(last_call_at),
                created_at=at(created_at),
                changed_at=at(changed_at),
                attempts=attempts,
                touches=touches,
                incomplete=not name or reach == Reach.NONE,
                suspicious=spam >= HELD_FROM and not suspicion_ok,
                tags=tuple(tags.split("\n")) if tags else (),
                parked_why=parked_why,
                return_at=at(return_at),
                phone_key=phone_key,
            )
        )
    return rows


def client_rows(reading: Reading, question: ClientRows) -> list[ClientRow]:
    """Rows in the order of the ids."""
    ids, connection = question.ids, reading.connection
    found = {row[0]: row for row in _CLIENTS.rows(connection, ids=ids)}
    points = _first_points(reading, "client_id", ids)
    users: dict[int | None, str] = dict(_USERS.rows(connection))
    leads = dict(_LEADS_OF.rows(connection, ids=ids))
    rows = []
    for row in (found[i] for i in ids if i in found):
        client_id, name, company, legal_name, country, tax_number, owner_id, created_at, changed_at = row
        rows.append(
            ClientRow(
                id=client_id,
                title=company or legal_name or name or f"Client #{client_id}",
                name=name,
                company=company,
                country=country,
                tax_number=tax_number,
                owner=users.get(owner_id, ""),
                phone=points.get((client_id, "phone"), _NO_POINT)[0],
                email=points.get((client_id, "email"), _NO_POINT)[0],
                leads=leads.get(client_id, 0),
                created_at=at(created_at),
                changed_at=at(changed_at),
            )
        )
    return rows


ANSWERS: Answers = {LeadRows: lead_rows, ClientRows: client_rows}
