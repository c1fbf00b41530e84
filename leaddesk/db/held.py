"""Leases and drafts: who has drawn which lead, and what is being typed. Not history: never journalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, text, update

from leaddesk.db.mapping import storable, to_ms
from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.tables import draft, lease

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from leaddesk.workflow.entities import User

_DOOR = 0x4C44 << 48
"""Numbers of locks on a server that stand for draws: this and the lead's."""
_ROW = ":lead_id, :user_id, :taken_at, :until"
_TAKE = Prepared(
    lambda sqlite: text(f"""INSERT INTO lease (lead_id, user_id, taken_at, until)
    {f"VALUES ({_ROW})" if sqlite else f"SELECT {_ROW} WHERE pg_try_advisory_xact_lock({_DOOR} + :lead_id)"}
    ON CONFLICT (lead_id) DO UPDATE
    SET user_id = excluded.user_id, taken_at = excluded.taken_at, until = excluded.until
    WHERE lease.user_id = excluded.user_id OR lease.until <= excluded.taken_at
    RETURNING lead_id""")  # noqa: S608 - our own words
)
"""Whoever finds another about to draw the same lead does not wait for what becomes of it: a hundred would stand in line."""
_DROP_ALL = Prepared(lambda _: delete(lease).where(lease.c.user_id == given("user_id")))
_DROP = Prepared(
    lambda sqlite: delete(lease).where(lease.c.user_id == given("user_id"), any_of(sqlite, lease.c.lead_id, "ids"))
)
_FORGET = Prepared(lambda _: delete(draft).where(draft.c.user_id == given("user_id"), draft.c.place == given("place")))


class Held:
    """The part of a unit of work that leaves no history."""

    user: User
    _connection: Connection
    _now_ms: int

    def take_lease(self, lead_id: int, until: datetime) -> bool:
        """Draw a lead unless somebody else holds it at this moment."""
        row = {"lead_id": lead_id, "user_id": self.user.id, "taken_at": self._now_ms, "until": to_ms(until)}
        return _TAKE.first(self._connection, **row) is not None

    def drop_leases(self, lead_ids: Iterable[int] | None = None) -> None:
        """Give up this user's leases."""
        if lead_ids is None:
            _DROP_ALL.run(self._connection, user_id=self.user.id)
        else:
            _DROP.run(self._connection, user_id=self.user.id, ids=list(lead_ids))

    def save_draft(self, place: str, text: str) -> None:
        """Keep what is being typed; empty text forgets it."""
        _FORGET.run(self._connection, user_id=self.user.id, place=place)
        if text:
            row = {"user_id": self.user.id, "place": place, "text": storable(text), "at": self._now_ms}
            self._connection.execute(insert(draft).values(row))

    def move_drafts(self, gone: Mapping[int, int]) -> None:
        """What anybody is typing on a lead's card goes to the one it leads to; where they type on both, it stays.

        A note goes to the end of the other note: both are words that were never saved. Drafts are few: all are read.
        """
        d = draft.c
        leads = d.place.startswith("lead:", autoescape=True)
        for user_id, place, typed in self._connection.execute(select(d.user_id, d.place, d.text).where(leads)).all():
            _, number, what = place.split(":", 2) if place.count(":") > 1 else ("", "", "")
            if not number.isdecimal() or int(number) not in gone:
                continue
            goal = f"lead:{gone[int(number)]}:{what}"
            mine, other = ((d.user_id == user_id) & (d.place == one) for one in (place, goal))
            there = self._connection.scalar(select(d.text).where(other))
            if there is None:
                self._connection.execute(update(draft).where(mine).values(place=goal))
            elif what == "note":
                self._connection.execute(delete(draft).where(mine))
                self._connection.execute(update(draft).where(other).values(text=f"{there}\n{typed}"))
