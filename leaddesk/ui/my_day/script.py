"""What to say: the script with the lead's own data in it, and answers to what they say against it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib import resources
from string import Formatter
from typing import TYPE_CHECKING

from leaddesk.workflow.names import split_name
from leaddesk.workflow.vocabulary import Section

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.entities import User
    from leaddesk.workflow.settings import Settings

MERGED = ("first", "name", "company", "interest")
"""Values that are the lead's: the ones to be highlighted."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What they may say, and what to answer to it."""

    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class Opening:
    """How to begin in some sections of the queue (none named: in any), if the lead has what it needs."""

    sections: tuple[str, ...]
    needs: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """A script: the first opening that fits is the one to say."""

    openings: tuple[Opening, ...]
    objections: tuple[Objection, ...]


@lru_cache(maxsize=8)
def load_script(name: str = "default", language: str = "en") -> Script:
    """A shipped script."""
    file = resources.files("leaddesk") / "resources" / "scripts" / f"{name}.{language}.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return Script(
        tuple(Opening(tuple(o["sections"]), tuple(o["needs"]), o["text"]) for o in data["openings"]),
        tuple(Objection(o["title"], o["answer"]) for o in data["objections"]),
    )


def values_for(card: LeadCardData, user: User, settings: Settings, there: datetime | None) -> dict[str, str]:
    """What may stand in a script. `there` is the lead's own clock, if known."""
    lead = card.lead
    return {
        "first": lead.first_name or split_name(lead.name).first or lead.name,
        "name": lead.name,
        "company": lead.company,
        "interest": lead.interest,
        "me": user.name,
        "our_company": settings.text("letters.company"),
        "offer": settings.text("letters.offer"),
        "part_of_day": part_of_day(there),
    }


def part_of_day(there: datetime | None) -> str:
    """How one greets at that hour."""
    if there is None:
        return "day"
    return "morning" if there.hour < 12 else "afternoon" if there.hour < 18 else "evening"


def opening_for(script: Script, section: Section | None, values: dict[str, str]) -> str:
    """The text of the first opening made for this section whose needs the lead meets; "" if none does."""
    here = section.value if section else ""
    for opening in script.openings:
        if (not opening.sections or here in opening.sections) and all(values.get(need) for need in opening.needs):
            return opening.text
    return ""


def merged_html(text: str, values: dict[str, str], background: str) -> str:
    """The text with its fields filled in, the lead's own values on `background`; everything escaped.

    A comma before a value that is not there goes with it ("Good day, {first}." → "Good day.").
    """
    parts: list[str] = []
    for before, name, _spec, _conversion in Formatter().parse(text):
        parts.append(escape(before))
        if name is None:
            continue
        value = values.get(name, "")
        if not value:
            parts[-1] = parts[-1].removesuffix(", ")
            if name == "company":
                parts.append("your company")
        elif name in MERGED:
            parts.append(f'<span style="background-color:{background}">&nbsp;{escape(value)}&nbsp;</span>')
        else:
            parts.append(escape(value))
    return "".join(parts)
