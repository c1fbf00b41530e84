"""The floor the demo plays on: its people, sources, rules, and the day everything is counted from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from leaddesk.db.mapping import from_ms
from leaddesk.workflow.entities import Call, Task

if TYPE_CHECKING:
    from leaddesk.workflow.entities import (
        Client,
        ClientPerson,
        ContactPoint,
        Note,
        Outcome,
        Refusal,
        RefusalReason,
        Suppression,
        User,
    )
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.settings import Settings
    from leaddesk.workflow.vocabulary import PartOfDay, TaskKind

SATURDAY = 5
DAY_MS = 86_400_000
_DAYS_TO_1970 = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Floor:
    """What every story draws on. `midnight` (UTC) begins today: all that happened happened before it."""

    midnight: datetime
    settings: Settings
    outcomes: dict[str, Outcome]
    reasons: dict[str, RefusalReason]
    operators: tuple[User, ...]
    sources: tuple[int, ...]
    source_weights: tuple[int, ...]

    def for_language(self, language: str) -> list[User]:
        """Operators who speak it; everybody where nobody does."""
        return [user for user in self.operators if language in user.languages] or list(self.operators)


class Dialled(NamedTuple):
    """A call as it is drawn: `place` is that of the number among the lead's points, `started` in milliseconds.

    Ten million of them are made, so they are tuples of plain values and not rows yet.
    """

    place: int
    phone: str
    user_id: int
    started: int
    seconds: int
    outcome: str
    said: str
    attempt: int
    part: PartOfDay

    def row(self) -> Call:
        """The call as a row of nobody's yet."""
        return Call(
            phone=self.phone,
            user_id=self.user_id,
            started_at=from_ms(self.started),
            duration_s=self.seconds,
            outcome=self.outcome,
            note=self.said,
            attempt=self.attempt,
            part=self.part,
        )


class Done(NamedTuple):
    """A task of earlier days, done by now. Instants in milliseconds."""

    kind: TaskKind
    title: str
    promised: bool
    made: int
    due: int
    done: int
    result: str


@dataclass(slots=True)
class Story:
    """All that is stored of one lead, before ids are known. Values lack only `lead_id`, `client_id` and the like."""

    lead: dict[str, Any]
    points: list[ContactPoint]
    extra: dict[str, str] = field(default_factory=dict)
    calls: list[Dialled] = field(default_factory=list)
    past: list[Done] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    client_tasks: list[Task] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refusal: Refusal | None = None
    letter: Letter | None = None
    suppressions: list[Suppression] = field(default_factory=list)
    client: Client | None = None
    people: list[ClientPerson] = field(default_factory=list)

    def done(self, task: Done) -> Task:
        """A task of earlier days as a row."""
        return Task(
            owner_id=self.lead["owner_id"],
            kind=task.kind,
            title=task.title,
            due_at=from_ms(task.due),
            exact=task.promised,
            promised=task.promised,
            done_at=from_ms(task.done),
            result=task.result,
            created_by=self.lead["owner_id"],
            created_at=from_ms(task.made),
        )


def working_day(day: int, *, back: bool = True) -> int:
    """The day itself (as `date.toordinal` counts), or the working day before (or after) a weekend."""
    past_friday = (day + 6) % 7 - (SATURDAY - 1)
    if past_friday <= 0:
        return day
    return day - past_friday if back else day + 3 - past_friday


def at_local(day: int, zone: str, second: int) -> int:
    """A second of a day by the lead's own clock, as an instant in milliseconds. Not for the hour a clock is changed."""
    return (day - _DAYS_TO_1970) * DAY_MS + (second - _offset(day, zone)) * 1000


@lru_cache(maxsize=200_000)
def _offset(day: int, zone: str) -> int:
    """Seconds the zone was ahead of UTC at noon of that day."""
    noon = datetime.combine(date.fromordinal(day), datetime.min.time(), ZoneInfo(zone)) + timedelta(hours=12)
    return int((noon.utcoffset() or timedelta()).total_seconds())


def ahead_at(moment: datetime, zone: str) -> timedelta:
    """How far the zone is ahead of UTC at an instant."""
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
