"""Queue rows with their words, made from a handful of statements however many rows there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.mapping import at
from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.tables import app_user, call, lease, outcome, source
from leaddesk.workflow.calling_hours import calling_state, hours_for, parse_zone_key
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.queue import Facts, QueueRow, when, why
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import Reach, Section

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from leaddesk.db.answers.reading import Reading
    from leaddesk.workflow.calling_hours import CallingState, HoursSettings


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
    clocks = cache(partial(_clock, hours_in(reading.settings), reading.now))
    return [
        _row(reading, e, leads[e.lead_id], sources, calls[e.lead_id], held, clocks)
        for e in entries
        if e.lead_id in leads
    ]


def _clock(hours: HoursSettings, now: datetime, zone_key: str) -> CallingState:
    """What the clocks say where these zones are: some of them for a hundred rows."""
    country, zones = parse_zone_key(zone_key)
    return calling_state(zones, hours_for(country, hours), now)


def _calls(reading: Reading, ids: list[int]) -> dict[int, list[tuple[str, str, bool]]]:
    """The last calls of these leads as (part of day, note, talked), newest first."""
    calls: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    if ids:
        for lead_id, part, note, human in _CALLS.rows(reading.connection, ids=ids):
            calls[lead_id].append((part or "", note, bool(human)))
    return calls


def _held(reading: Reading, ids: list[int]) -> dict[int, str]:
    values = {"ids": ids, "now": reading.now_ms, "user_id": reading.user.id}
    return dict(_HELD.rows(reading.connection, **values))


def _row(
    reading: Reading,
    entry: Entry,
    one: Lead,
    sources: dict[int, str],
    calls: list[tuple[str, str, bool]],
    held: dict[int, str],
    clocks: Callable[[str], CallingState],
) -> QueueRow:
    state = clocks(one.zone_key)
    incomplete = not one.name or one.reach is Reach.NONE
    failed: list[str] = []
    for part, _, human in calls:
        if human:
            break
        if part and part not in failed:
            failed.append(part)
    facts = Facts(
        section=entry.section,
        now=reading.now,
        zone_key=one.zone_key,
        due=at(entry.due),
        task_title=entry.task_title,
        attempts=one.attempts,
        attempts_of=reading.settings.number("cadence.in_all"),
        failed_parts=tuple(reversed(failed)),
        came_back_why=one.came_back_why,
        source=sources.get(one.source_id or 0, ""),
        score=one.score,
        created_at=one.created_at,
        incomplete=incomplete,
        last_note=next((note for _, note, _ in calls if note), ""),
        opens=_opens(entry, one, state.words, open_now=state.open),
        promised=entry.promised,
    )
    words, late = when(facts, reading.zone)
    return QueueRow(
        lead_id=one.id,
        title=one.title,
        company=one.company if one.name else "",
        section=entry.section,
        temperature=one.temperature,
        status=one.status,
        due=at(entry.due),
        when=words,
        why=why(facts),
        late=late,
        incomplete=incomplete,
        callable_now=state.open and one.reach is Reach.PHONE,
        held_by=held.get(one.id, ""),
    )


def _opens(entry: Entry, one: Lead, hours: str, *, open_now: bool) -> str:
    if entry.section is not Section.LATER:
        return ""
    place = f"{one.city}, " if one.city else ""
    if entry.promised:
        return "Callback promised" if open_now else f"Callback promised; {place}{hours}"
    if entry.task_title:
        return entry.task_title if open_now else f"{entry.task_title}; {place}{hours}"
    return f"Tried {one.attempts} times; again at its time" if open_now else f"{place}{hours}. Not callable yet"
