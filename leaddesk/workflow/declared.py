"""What a setting is: a key with a title, a default, help, and what it may be."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from leaddesk.workflow.errors import Refused

Value = str | int | bool | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting: what it means, what it is unless changed, and what it may be."""

    key: str
    title: str
    default: Value
    help: str
    group: str
    minimum: int = 0
    maximum: int = 1_000_000
    choices: tuple[str, ...] = ()

    def parse(self, text: str) -> Value:
        """Read what a person typed. Raises `Refused` saying what is expected."""
        text = text.strip()
        if isinstance(self.default, bool):
            words = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False}
            if text.casefold() not in {**words, "0": False}:
                raise Refused(f"{self.title}: say yes or no, not “{text}”.", field=self.key)
            return words.get(text.casefold(), False)
        if isinstance(self.default, int):
            return self._number(text)
        if isinstance(self.default, dict):
            return self._mapping(text)
        if self.choices and text not in self.choices:
            raise Refused(f"{self.title}: one of {', '.join(self.choices)}, not “{text}”.", field=self.key)
        return self._text(text)

    @staticmethod
    def _hours(text: str) -> str:
        from leaddesk.workflow.calling_hours import parse_hours

        parse_hours(text)
        return text

    def _country(self, text: str) -> str:
        from leaddesk.workflow.countries import country_code

        code = country_code(text)
        if code is None:
            raise Refused(f"{self.title}: “{text}” is no country. Two letters such as DE will do.", field=self.key)
        return code

    def _text(self, text: str) -> str:
        if self.key == "phones.region" and text:
            return self._country(text)
        if self.key == "dial.pattern" and "{number}" not in text:
            raise Refused(f"{self.title}: it has to say where the {{number}} goes.", field=self.key)
        return text

    def _number(self, text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise Refused(f"{self.title}: a whole number is wanted, not “{text}”.", field=self.key) from None
        if not self.minimum <= number <= self.maximum:
            raise Refused(f"{self.title}: from {self.minimum} to {self.maximum}, not {number}.", field=self.key)
        return number

    def _mapping(self, text: str) -> dict[str, Any]:
        """One a line, the name before its colon, as people write; or JSON, as programs do."""
        value: object = None
        if text.startswith(("{", "[")):
            with suppress(ValueError):
                value = json.loads(text)
        else:
            pairs = [[part.strip() for part in line.partition(":")] for line in text.splitlines() if line.strip()]
            value = {name: words for name, _colon, words in pairs} if all(n and w for n, _, w in pairs) else None
        if not isinstance(value, dict):
            raise Refused(f"{self.title}: write one a line, such as DE: Mon-Fri 09:00-18:00.", field=self.key)
        if self.key == "hours.countries":
            value = {self._country(str(name)): self._hours(str(hours)) for name, hours in value.items()}
        return cast("dict[str, Any]", value)
