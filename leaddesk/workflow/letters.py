"""Letters: drafted from templates that are data, with plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from jinja2 import Template

    from leaddesk.workflow.ports import Work

LANGUAGES = ("en", "ru")
"""Languages letters are shipped in; others fall back to English."""

LONGEST_LETTER = 20_000


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter as it would be written. `to_address` "" means it cannot be: `why_not` says why."""

    template: str
    language: str
    to_address: str
    subject: str
    body: str
    why_not: str = ""


@dataclass(frozen=True)
class FarewellDraft(Question[Drafted]):
    """The farewell letter for a lead and a reason, in its language unless another is named."""

    lead_id: int
    reason: str
    template: str = "farewell"
    language: str = ""


@dataclass(frozen=True)
class LetterById(Question["Letter | None"]):
    """One letter."""

    letter_id: int


@dataclass(frozen=True)
class LetterSaved(Command[Letter]):
    """The letter was written to a file; it is not a draft any more."""

    letter_id: int

    def handle(self, work: Work) -> Letter:
        """Raises `Refused` if there is no such letter."""
        letter = work.get(Letter, self.letter_id)
        lead = work.get(Lead, letter.lead_id)
        if letter.state is LetterState.DRAFT:
            work.change(lead, touches=lead.touches + 1)
        work.words = f"Letter to {lead.title} saved"
        return work.change(letter, state=LetterState.SAVED)


def language_of(wanted: str, lead_language: str, country: str) -> str:
    """The language to write in: as asked, else the lead's, else by country, else English."""
    for language in (wanted, lead_language[:2].casefold()):
        if language in LANGUAGES:
            return language
    return "ru" if country in ("RU", "BY", "KZ", "KG") else "en"


@lru_cache(maxsize=64)
def _template(name: str, language: str) -> Template:
    """A shipped template, compiled in a sandbox that knows no attributes but plain values.

    Raises `Refused` if there is none of that name.
    """
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    file = resources.files("leaddesk") / "resources" / "letters" / f"{name}.{language}.txt"
    if not name.isidentifier() or not file.is_file():
        raise Refused(f"There is no letter template “{name}” in “{language}”.", field="letter")
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return environment.from_string(file.read_text(encoding="utf-8"))


def render(name: str, language: str, values: dict[str, str]) -> tuple[str, str]:
    """Subject and body. The template's first line is the subject.

    Raises `Refused` for an unknown template, or a value that would break a mail header.
    """
    text = _template(name, language).render(values)[:LONGEST_LETTER]
    subject, _, body = text.partition("\n")
    subject = subject.removeprefix("Subject:").strip()
    if "\r" in subject:
        raise Refused("A name in the subject contains a line break. Correct the card first.", field="subject")
    return subject, body.strip() + "\n"
