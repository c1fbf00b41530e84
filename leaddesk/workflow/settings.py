"""Settings, declared once with type, default and help; the screen and the command line are made from these."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

from leaddesk.workflow.declared import Declared, Value
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.settings_letters import LETTERS
from leaddesk.workflow.settings_watched import WATCHED
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.workflow.calling_hours import HoursSettings
    from leaddesk.workflow.ports import Work

DECLARED: tuple[Declared, ...] = (
    Declared(
        "hours.default",
        "Calling hours",
        "Mon-Sat 08:00-20:00",
        "When a lead may be called, by the lead’s own clock.",
        "Calling hours",
    ),
    Declared(
        "hours.countries",
        "Calling hours by country",
        {},
        "Hours that differ, one country a line: DE: Mon-Fri 09:00-18:00",
        "Calling hours",
    ),
    Declared(
        "cadence.per_day",
        "Attempts a day",
        3,
        "Unanswered calls to one lead in one day of theirs.",
        "Trying again",
        1,
        20,
    ),
    Declared(
        "cadence.per_phone_day",
        "Attempts a day per number",
        2,
        "Unanswered calls to one number a day.",
        "Trying again",
        1,
        20,
    ),
    Declared(
        "cadence.in_all",
        "Attempts in all",
        6,
        "Unanswered calls in a row before the lead is parked.",
        "Trying again",
        1,
        50,
    ),
    Declared(
        "cadence.minutes", "Wait before the next attempt (minutes)", 240, "After no answer.", "Trying again", 5, 100_000
    ),
    Declared(
        "cadence.busy_minutes",
        "Wait after busy (minutes)",
        20,
        "A busy number is tried sooner.",
        "Trying again",
        1,
        100_000,
    ),
    Declared(
        "cadence.park_days",
        "Park after the last attempt (days)",
        30,
        "How long a lead rests that never answered.",
        "Trying again",
        1,
        3650,
    ),
    Declared(
        "callback.early_minutes",
        "Show a promised callback ahead by (minutes)",
        0,
        "A promised callback is offered this early.",
        "Queue",
        0,
        120,
    ),
    Declared(
        "queue.hold_minutes", "Hold a drawn lead for (minutes)", 15, "Nobody else gets it meanwhile.", "Queue", 1, 480
    ),
    Declared(
        "phones.region",
        "Country of numbers without a code",
        "",
        "Two letters, such as UA; used when a number has no +.",
        "Phones",
    ),
    Declared(
        "dial.pattern",
        "Dial link",
        "tel:{number}",
        "How F5 dials: tel:{number}, callto:{number} or sip:{number}@host.",
        "Phones",
    ),
    Declared(
        "offer.hours",
        "Send the offer within (hours)",
        2,
        "Task made when a lead is interested.",
        "After a call",
        1,
        240,
    ),
    Declared(
        "offer.follow_up_days",
        "Call after the offer (days)",
        3,
        "Follow-up call when interested.",
        "After a call",
        1,
        90,
    ),
    *LETTERS,
    *WATCHED,
    Declared(
        "look.theme", "Look", "system", "Light, dark, or as the system.", "Look", choices=("system", "light", "dark")
    ),
    Declared(
        "look.language",
        "Language",
        "en",
        "For now the refusal, its letter and dates follow it; the rest of the window is in English.",
        "Look",
        choices=("en", "ru", "hu", "et", "az", "fa"),
    ),
)
BY_KEY = {declared.key: declared for declared in DECLARED}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as they stand: the defaults with what was changed laid over them."""

    changed: dict[str, Value] = field(default_factory=dict)

    def _value(self, key: str) -> Value:
        return self.changed.get(key, BY_KEY[key].default)

    def number(self, key: str) -> int:
        """A whole number."""
        return cast("int", self._value(key))

    def text(self, key: str) -> str:
        """A text."""
        return cast("str", self._value(key))

    def flag(self, key: str) -> bool:
        """A yes or no."""
        return cast("bool", self._value(key))

    def mapping(self, key: str) -> dict[str, Any]:
        """A mapping."""
        return cast("dict[str, Any]", self._value(key))

    def value(self, key: str) -> Value:
        """Whatever it is."""
        return self._value(key)


@dataclass(frozen=True)
class SettingsNow(Question[Settings]):
    """The settings as they stand."""


def declared(key: str) -> Declared:
    """The declaration of a setting. Raises `Refused` naming the ones there are."""
    if key not in BY_KEY:
        raise Refused(f"There is no setting “{key}”. There are: {', '.join(BY_KEY)}.", field="key")
    return BY_KEY[key]


@dataclass(frozen=True)
class ChangeSetting(Command[Value]):
    """Set one setting for everybody on this file."""

    key: str
    text: str
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> Value:
        """Raises `Refused` if the value does not fit the declaration."""
        from leaddesk.workflow.entities import Setting

        setting = declared(self.key)
        value = setting.parse(self.text)
        if self.key == "hours.default":
            from leaddesk.workflow.calling_hours import parse_hours

            parse_hours(str(value))
        stored = json.dumps(value, ensure_ascii=False)
        rows = work.find(Setting, key=self.key)
        if rows:
            work.change(rows[0], value=stored)
        else:
            work.add(Setting(key=self.key, value=stored))
        work.words = f"{setting.title}: {self.text}"
        return value


@lru_cache(maxsize=8)
def _hours(default: str, countries: str) -> HoursSettings:
    from leaddesk.workflow.calling_hours import HoursSettings, parse_hours

    by_country = {code.upper(): parse_hours(str(hours)) for code, hours in json.loads(countries).items()}
    return HoursSettings(parse_hours(default), by_country)


def hours_in(settings: Settings) -> HoursSettings:
    """The calling hours the settings speak of, parsed once."""
    return _hours(settings.text("hours.default"), json.dumps(settings.mapping("hours.countries"), sort_keys=True))
