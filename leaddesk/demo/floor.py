"""The floor the demo plays on: its people, sources, rules, and the day everything is counted from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from leaddesk.workflow.entities import (
        Call,
        Client,
        ClientPerson,
        ContactPoint,
        Note,
        Outcome,
        Refusal,
        RefusalReason,
        Suppression,
        Task,
        User,
    )
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.settings import Settings

SATURDAY = 5


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


@dataclass(slots=True)
class Story:
    """All that is stored of one lead, before ids are known. Values lack only `lead_id`, `client_id` and the like.

    A call's place in `calls` goes with the place of the number it dialled in `dialled`.
    """

    lead: dict[str, Any]
    points: list[ContactPoint]
    calls: list[Call] = field(default_factory=list)
    dialled: list[int] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    client_tasks: list[Task] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refusal: Refusal | None = None
    letter: Letter | None = None
    suppressions: list[Suppression] = field(default_factory=list)
    client: Client | None = None
    people: list[ClientPerson] = field(default_factory=list)


def working_day(day: date, *, back: bool = True) -> date:
    """The day itself, or the working day before (or after) a weekend."""
    while day.weekday() >= SATURDAY:
        day += timedelta(days=-1 if back else 1)
    return day


def at_local(day: date, zone: ZoneInfo, hour: int, minute: int, second: int = 0) -> datetime:
    """A time by the lead's own clock, as an instant."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).astimezone(UTC)
