"""“Who next?”: the order of the queue, and in words why each lead stands where it does.

Order (PRODUCT 1): promised callbacks due → came back → tasks due → new (hot, warm, cold; then score; then
oldest) → retries due. Never in it: closed, suppressed or suspicious leads, and for calls those whose own
clock says no. What is only due or callable later today follows in its own section and is never drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, ClassVar
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from leaddesk.workflow.calling_hours import parse_zone_key
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.vocabulary import Section, Temperature
from leaddesk.workflow.when import clock_words, say_when

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work
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


@dataclass(frozen=True)
class Queue(Question[QueuePage]):
    """The queue of this user. `later` adds what opens or falls due later today.

    `total` is counted up to `count_at_most`: on a screen nobody tells 1,000 leads to call from 2,000.
    """

    limit: int = 100
    later: bool = True
    count_at_most: int = 1000


@dataclass(frozen=True)
class Drawable(Question[list[int]]):
    """Lead ids that may be drawn now, in order: due, callable, held by nobody, not among those skipped."""

    limit: int = 20
    skip: tuple[int, ...] = ()


@dataclass(frozen=True)
class QueueRowOf(Question["QueueRow | None"]):
    """Why one lead is in the queue now, if it is."""

    lead_id: int


@dataclass(frozen=True)
class NothingWhy(Question[str]):
    """In words, why there is nothing to do now, and when there will be."""


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


@dataclass(frozen=True, slots=True)
class Drawn:
    """The lead drawn, or None with the reason in words."""

    row: QueueRow | None
    why: str
    until: datetime | None = None


DRAWS = 5
"""How often to look again when others were quicker with everybody offered."""


@dataclass(frozen=True)
class TakeNext(Command[Drawn]):
    """Draw the next lead: the queue's head that nobody holds. The lease keeps others off it for a while.

    `leaving` gives up the lead on the screen; `skip` are leads this operator passed over in this sitting.
    """

    leaving: int | None = None
    skip: tuple[int, ...] = ()
    journalled: ClassVar[bool] = False
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> Drawn:
        """Nothing to refuse: an empty queue answers with its reason."""
        if self.leaving is not None:
            work.drop_leases([self.leaving])
        until = work.now + timedelta(minutes=work.settings.number("queue.hold_minutes"))
        skip = self.skip if self.leaving is None else (*self.skip, self.leaving)
        for _ in range(DRAWS):
            candidates = work.ask(Drawable(20, skip))
            if not candidates:
                break
            for lead_id in candidates:
                if work.take_lease(lead_id, until):
                    row = work.ask(QueueRowOf(lead_id))
                    return Drawn(row, row.why if row else "", until)
        return Drawn(None, work.ask(NothingWhy()))


@dataclass(frozen=True)
class Hold(Command[bool]):
    """Take the lease on a lead opened by hand; False if somebody else has it."""

    lead_id: int
    journalled: ClassVar[bool] = False
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> bool:
        """Nothing to refuse."""
        return work.take_lease(self.lead_id, work.now + timedelta(minutes=work.settings.number("queue.hold_minutes")))


@dataclass(frozen=True)
class ReleaseLeads(Command[None]):
    """Give up every lead this user holds: at the end of a shift, or when the window closes."""

    journalled: ClassVar[bool] = False
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> None:
        """Nothing to refuse."""
        work.drop_leases()
