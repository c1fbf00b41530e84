"""Queue rows with their words, made from a handful of statements however many rows there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.mapping import at
from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.tables import app_user, call, lease, outcome, source
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.queue_words import Place, QueueRow, Told, Words
from leaddesk.workflow.vocabulary import Section

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Reading


@dataclass(frozen=True, slots=True)
class Entry:
    """A lead's place in the queue: its section, when it fell due (ms), the task that brought it."""

    lead_id: int
    section: Section
    due: int | None = None
    task_title: str = ""
    promised: bool = False


_SOURCES = Prepared(lambda _: select(source.c.id, source.c.name))
_CALLS = Prepared(
    lambda sqlite: (
        select(call.c.lead_id, call.c.part, call.c.note, outcome.c.human)
        .select_from(call.outerjoin(outcome, outcome.c.key == call.c.outcome))
        .where(any_of(sqlite, call.c.lead_id, "ids"))
        .order_by(call.c.lead_id, call.c.started_at.desc())
    )
)
_HELD = Prepared(
    lambda sqlite: (
        select(lease.c.lead_id, app_user.c.name)
        .select_from(lease.join(app_user, app_user.c.id == lease.c.user_id))
        .where(
            any_of(sqlite, lease.c.lead_id, "ids"), lease.c.until > given("now"), lease.c.user_id != given("user_id")
        )
    )
)


def rows_of(reading: Reading, entries: list[Entry]) -> list[QueueRow]:
    """The rows as the queue shows them, in the same order."""
    ids = [e.lead_id for e in entries]
    if not ids:
        return []
    leads = {one.id: one for one in reading.those(Lead, id=ids)}
    sources = dict(_SOURCES.rows(reading.connection))
    calls = _calls(reading, [i for i, one in leads.items() if one.last_call_at])
    held = _held(reading, ids)
    words = Words(reading.settings, reading.now, reading.zone)
    return [
        words.row(
            Place(e.section, at(e.due), e.task_title, e.promised),
            leads[e.lead_id],
            calls[e.lead_id],
            sources.get(leads[e.lead_id].source_id or 0, ""),
            held.get(e.lead_id, ""),
        )
        for e in entries
        if e.lead_id in leads
    ]


def _calls(reading: Reading, ids: list[int]) -> dict[int, list[Told]]:
    """The last calls of these leads, newest first."""
    calls: dict[int, list[Told]] = defaultdict(list)
    if ids:
        for lead_id, part, note, human in _CALLS.rows(reading.connection, ids=ids):
            calls[lead_id].append(Told(part or "", note, bool(human)))
    return calls


def _held(reading: Reading, ids: list[int]) -> dict[int, str]:
    values = {"ids": ids, "now": reading.now_ms, "user_id": reading.user.id}
    return dict(_HELD.rows(reading.connection, **values))
