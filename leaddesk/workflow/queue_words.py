"""One lead of the queue as it is shown: why it stands there and when it is due, in words.

Light to import, unlike the commands around the queue: the first screen is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple, Protocol
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from leaddesk.workflow.calling_hours import calling_state, hours_for, parse_zone_key
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import Reach, Section, Temperature
from leaddesk.workflow.when_saying import clock_words, say_when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.workflow.calling_hours import CallingState
    from leaddesk.workflow.settings import Settings
    from leaddesk.workflow.vocabulary import Status


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One lead of the queue. `when` is short ("14:30 · 4 min late"), `why` a sentence; `due` UTC or None."""

    lead_id: int
    title: str
    company: str
    section: Section
    temperature: Temperature
    status: Status
    due: datetime | None
    when: str
    why: str
    late: bool = False
    incomplete: bool = False
    callable_now: bool = True
    held_by: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The head of the queue. `total` counts what is to do now, later rows not included, up to the cap asked."""

    rows: tuple[QueueRow, ...]
    total: int


class Told(NamedTuple):
    """A call already made, as far as the queue tells of it. `part` of the day "" where it is not known."""

    part: str
    note: str
    human: bool


class Standing(Protocol):
    """What the queue shows of a lead; `Lead` has it."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def company(self) -> str: ...  # noqa: D102
    @property
    def city(self) -> str: ...  # noqa: D102
    @property
    def zone_key(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> Status: ...  # noqa: D102
    @property
    def temperature(self) -> Temperature: ...  # noqa: D102
    @property
    def score(self) -> int: ...  # noqa: D102
    @property
    def reach(self) -> Reach: ...  # noqa: D102
    @property
    def attempts(self) -> int: ...  # noqa: D102
    @property
    def came_back_why(self) -> str: ...  # noqa: D102
    @property
    def created_at(self) -> datetime | None: ...  # noqa: D102


class Place(NamedTuple):
    """A lead's place in the queue: its section, when it fell due, the task that brought it."""

    section: Section
    due: datetime | None = None
    task_title: str = ""
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the words about one lead are made of. Instants UTC; `now` is when the question was asked."""

    section: Section
    now: datetime
    zone_key: str
    due: datetime | None = None
    task_title: str = ""
    attempts: int = 0
    attempts_of: int = 6
    failed_parts: tuple[str, ...] = ()
    came_back_why: str = ""
    source: str = ""
    score: int = 0
    created_at: datetime | None = None
    incomplete: bool = False
    last_note: str = ""
    opens: str = ""
    promised: bool = False


def why(facts: Facts) -> str:
    """Why a lead is in the queue, in a sentence a person can act on."""
    return _WHY[facts.section](facts)


def _local(facts: Facts, moment: datetime) -> str:
    _, zones = parse_zone_key(facts.zone_key)
    if not zones:
        return ""
    zone = ZoneInfo(zones[0])
    return say_when(moment.astimezone(zone).replace(tzinfo=None), facts.now.astimezone(zone).replace(tzinfo=None))


def _callback(facts: Facts) -> str:
    there = _local(facts, facts.due) if facts.due else ""
    said = f"Callback promised {there} their time" if there else "Callback promised"
    return f"{said}. {facts.last_note}" if facts.last_note else said


def _came_back(facts: Facts) -> str:
    return facts.came_back_why or "Came back"


def _task(facts: Facts) -> str:
    return f"{facts.task_title}. {facts.last_note}" if facts.last_note else facts.task_title


def _isolated(name: str) -> str:
    """A name in a script that runs the other way, so that the sentence around it keeps its own direction."""
    if any(bidirectional(sign) in ("R", "AL") for sign in name):
        return f"\u2068{name}\u2069"
    return name


def _new(facts: Facts) -> str:
    parts = [_isolated(facts.source) or "New lead"]
    if facts.score:
        parts.append(f"{facts.score} points")
    fresh = facts.created_at is not None and facts.now - facts.created_at < timedelta(minutes=30)
    words = ", ".join(parts)
    if facts.incomplete:
        return f"{words}. Incomplete: ask who decides"
    return f"{words}. First call within 5 minutes sells best" if fresh else f"{words}. Not called yet"


def _retry(facts: Facts) -> str:
    if not facts.attempts:
        return "In work, not called from here yet"
    failed = f". {' and '.join(f'{p}s' for p in facts.failed_parts).capitalize()} failed" if facts.failed_parts else ""
    return f"Attempt {facts.attempts + 1} of {facts.attempts_of}{failed}"


def _later(facts: Facts) -> str:
    return facts.opens or "Later today"


_WHY = {
    Section.CALLBACK: _callback,
    Section.CAME_BACK: _came_back,
    Section.TASK: _task,
    Section.NEW: _new,
    Section.RETRY: _retry,
    Section.LATER: _later,
}


def when(facts: Facts, clock: tzinfo) -> tuple[str, bool]:
    """The short time beside a row, by the operator's own clock, and whether it is late."""
    if facts.section is Section.NEW and facts.created_at is not None:
        return _ago(facts.now - facts.created_at), False
    if facts.due is None:
        return "", False
    here, today = facts.due.astimezone(clock), facts.now.astimezone(clock)
    words = (
        clock_words(here)
        if here.date() == today.date()
        else say_when(here.replace(tzinfo=None), today.replace(tzinfo=None))
    )
    late = facts.now - facts.due
    if facts.section is Section.CALLBACK and late >= timedelta(minutes=1):
        # Past today the sentence below says what time it was promised for.
        return f"{words} · {_span(late)} late" if here.date() == today.date() else f"{_span(late)} late", True
    return words, False


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    days = minutes // 1440
    if days < 60:
        return f"{days} d"
    return f"{days // 30} months" if days < 730 else f"{days // 365} years"


def _ago(span: timedelta) -> str:
    return "just now" if span < timedelta(minutes=1) else f"{_span(span)} ago"


class Words:
    """Makes the rows of one look at the queue. `clock` is the one on the operator's wall."""

    def __init__(self, settings: Settings, now: datetime, clock: tzinfo) -> None:
        self._attempts_of = settings.number("cadence.in_all")
        self._now, self._clock = now, clock
        self._hours = hours_in(settings)
        self._states: dict[str, CallingState] = {}

    def _state(self, zone_key: str) -> CallingState:
        """What the clocks say where these zones are: some of them for a hundred rows."""
        if zone_key not in self._states:
            country, zones = parse_zone_key(zone_key)
            self._states[zone_key] = calling_state(zones, hours_for(country, self._hours), self._now)
        return self._states[zone_key]

    def row(self, place: Place, lead: Standing, calls: Sequence[Told], source: str, held_by: str = "") -> QueueRow:
        """The row of one lead. `calls` newest first."""
        state = self._state(lead.zone_key)
        incomplete = not lead.name or lead.reach is Reach.NONE
        facts = Facts(
            section=place.section,
            now=self._now,
            zone_key=lead.zone_key,
            due=place.due,
            task_title=place.task_title,
            attempts=lead.attempts,
            attempts_of=self._attempts_of,
            failed_parts=_failed_parts(calls),
            came_back_why=lead.came_back_why,
            source=source,
            score=lead.score,
            created_at=lead.created_at,
            incomplete=incomplete,
            last_note=next((call.note for call in calls if call.note), ""),
            opens=_opens(place, lead, state.words, open_now=state.open),
            promised=place.promised,
        )
        words, late = when(facts, self._clock)
        return QueueRow(
            lead_id=lead.id,
            title=lead.title,
            company=lead.company if lead.name else "",
            section=place.section,
            temperature=lead.temperature,
            status=lead.status,
            due=place.due,
            when=words,
            why=why(facts),
            late=late,
            incomplete=incomplete,
            callable_now=state.open and lead.reach is Reach.PHONE,
            held_by=held_by,
        )


def _failed_parts(calls: Sequence[Told]) -> tuple[str, ...]:
    """The parts of the day in which nobody answered since somebody last did, the oldest first."""
    failed: list[str] = []
    for call in calls:
        if call.human:
            break
        if call.part and call.part not in failed:
            failed.append(call.part)
    return tuple(reversed(failed))


def _opens(place: Place, lead: Standing, hours: str, *, open_now: bool) -> str:
    if place.section is not Section.LATER:
        return ""
    where = f"{lead.city}, " if lead.city else ""
    if place.promised:
        return "Callback promised" if open_now else f"Callback promised; {where}{hours}"
    if place.task_title:
        return place.task_title if open_now else f"{place.task_title}; {where}{hours}"
    return f"Tried {lead.attempts} times; again at its time" if open_now else f"{where}{hours}. Not callable yet"
