"""Leases and drafts: who has drawn which lead, and what is being typed. Not history: never journalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, text, update

from leaddesk.db.mapping import storable
from leaddesk.db.tables import draft, lease

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_TAKE = text(
    """INSERT INTO lease (lead_id, user_id, taken_at, until)
    VALUES (:lead_id, :user_id, :taken_at, :until)
    ON CONFLICT (lead_id) DO UPDATE
    SET user_id = excluded.user_id, taken_at = excluded.taken_at, until = excluded.until
    WHERE lease.user_id = excluded.user_id OR lease.until <= excluded.taken_at
    RETURNING lead_id"""
)


def take_lease(connection: Connection, user_id: int, lead_id: int, now_ms: int, until_ms: int) -> bool:
    """Draw a lead unless somebody else holds it at this moment."""
    row = {"lead_id": lead_id, "user_id": user_id, "taken_at": now_ms, "until": until_ms}
    return connection.execute(_TAKE, row).first() is not None


def drop_leases(connection: Connection, user_id: int, lead_ids: Iterable[int] | None) -> None:
    """Give up a user's leases on these leads, or all of them."""
    statement = delete(lease).where(lease.c.user_id == user_id)
    if lead_ids is not None:
        statement = statement.where(lease.c.lead_id.in_(list(lead_ids)))
    connection.execute(statement)


def save_draft(connection: Connection, user_id: int, place: str, typed: str, now_ms: int) -> None:
    """Keep what is being typed; empty text forgets it."""
    here = (draft.c.user_id == user_id) & (draft.c.place == place)
    connection.execute(delete(draft).where(here))
    if typed:
        row = {"user_id": user_id, "place": place, "text": storable(typed), "at": now_ms}
        connection.execute(insert(draft).values(row))


def move_drafts(connection: Connection, lead_id: int, to: int) -> None:
    """What anybody is typing on one lead's card goes to another's; where they type on both, it stays.

    A note goes to the end of the other note: both are words that were never saved.
    """
    old, new = f"lead:{lead_id}:", f"lead:{to}:"
    d = draft.c
    here = d.place.startswith(old, autoescape=True)
    for user_id, place, typed in connection.execute(select(d.user_id, d.place, d.text).where(here)).all():
        goal = new + place.removeprefix(old)
        mine, other = ((d.user_id == user_id) & (d.place == one) for one in (place, goal))
        there = connection.scalar(select(d.text).where(other))
        if there is None:
            connection.execute(update(draft).where(mine).values(place=goal))
        elif goal.endswith(":note"):
            connection.execute(delete(draft).where(mine))
            connection.execute(update(draft).where(other).values(text=f"{there}\n{typed}"))
