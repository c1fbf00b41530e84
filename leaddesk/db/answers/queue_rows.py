"""Queue rows with their words, made from a handful of statements however many rows there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.ids import among
from leaddesk.db.mapping import at, mapper
from leaddesk.db.tables import app_user, call, lead, lease, outcome, source
from leaddesk.workflow.calling_hours import calling_state, hours_for, parse_zone_key
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.queue import Facts, QueueRow, when, why
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import Reach, Section

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


def rows_of(reading: Reading, entries: list[Entry]) -> list[QueueRow]:
    """The rows as the queue shows them, in the same order."""
    ids = [e.lead_id for e in entries]
    if not ids:
        return []
    m = mapper(Lead)
    found = reading.rows(select(*m.columns).where(among(reading.connection, lead.c.id, ids)))
    leads = {row[0]: m.entity(row) for row in found}
    sources = reading.pairs(select(source.c.id, source.c.name))
    calls = _calls(reading, [i for i, one in leads.items() if one.last_call_at])
    held = _held(reading, ids)
    return [_row(reading, e, leads[e.lead_id], sources, calls[e.lead_id], held) for e in entries if e.lead_id in leads]


def _calls(reading: Reading, ids: list[int]) -> dict[int, list[tuple[str, str, bool]]]:
    """The last calls of these leads as (part of day, note, talked), newest first."""
    calls: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    if ids:
        statement = (
            select(call.c.lead_id, call.c.part, call.c.note, outcome.c.human)
            .select_from(call.outerjoin(outcome, outcome.c.key == call.c.outcome))
            .where(among(reading.connection, call.c.lead_id, ids))
            .order_by(call.c.lead_id, call.c.started_at.desc())
        )
        for lead_id, part, note, human in reading.rows(statement):
            calls[lead_id].append((part or "", note, bool(human)))
    return calls


def _held(reading: Reading, ids: list[int]) -> dict[int, str]:
    statement = (
        select(lease.c.lead_id, app_user.c.name)
        .select_from(lease.join(app_user, app_user.c.id == lease.c.user_id))
        .where(
            among(reading.connection, lease.c.lead_id, ids),
            lease.c.until > reading.now_ms,
            lease.c.user_id != reading.user.id,
        )
    )
    return reading.pairs(statement)


def _row(
    reading: Reading,
    entry: Entry,
    one: Lead,
    sources: dict[int, str],
    calls: list[tuple[str, str, bool]],
    held: dict[int, str],
) -> QueueRow:
    country, zones = parse_zone_key(one.zone_key)
    state = calling_state(zones, hours_for(country, hours_in(reading.settings)), reading.now)
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
