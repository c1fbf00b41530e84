"""Letter templates: the shipped ones, and over them the versions a floor wrote itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import LetterTemplate
from leaddesk.workflow.letter_files import LETTER_KEYS, LETTER_LANGUAGES, best, full_key, shipped
from leaddesk.workflow.vocabulary import LetterKind, Role

if TYPE_CHECKING:
    from leaddesk.workflow.mail import Attachment
    from leaddesk.workflow.ports import Work

LONGEST_ATTACHMENTS = 10_000_000
"""Bytes a letter may carry in all; most mail servers take no more than twice that, encoded."""
SHIPPED_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""A shipped template is as old as the program; nobody wrote it here."""
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template as the list shows it. `version` 0 is the shipped one. `used` counts letters written from its key."""

    key: str
    kind: LetterKind
    reason: str
    language: str
    title: str
    version: int
    text: str
    attachments: dict[str, str]
    used: int = 0
    answered: int = 0
    returned: int = 0
    converted: int = 0


@dataclass(frozen=True)
class Templates(Question[list[TemplateRow]]):
    """Every template in use, the floor's own versions before the shipped ones; of one kind or language if named."""

    kind: LetterKind | None = None
    language: str = ""
    counted: bool = False


@dataclass(frozen=True)
class TemplateVersions(Question[list[LetterTemplate]]):
    """The floor's own versions of one template, newest first."""

    key: str
    language: str


@dataclass(frozen=True)
class StoredSizes(Question[dict[str, int]]):
    """How many bytes each stored file has, by key."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class StoredFiles(Question["tuple[Attachment, ...]"]):
    """The files of a template (names with keys) with their bytes. Raises `Refused` naming one that is gone."""

    attachments: dict[str, str]


def chosen(own: dict[tuple[str, str], LetterTemplate], key: str, language: str) -> LetterTemplate | None:
    """The floor's own template to write with, or None for the shipped one.

    The lead's language matters more than the reason: rather the general farewell in Hungarian than the one
    about the price in English.
    """
    wanted = full_key(key)
    found = own.get((wanted, language))
    if found is not None or (wanted in LETTER_KEYS and language in LETTER_LANGUAGES):
        return found
    general = "farewell.other" if wanted.startswith("farewell.") else wanted
    if language in LETTER_LANGUAGES and general in LETTER_KEYS:
        return own.get((general, language))
    return own.get((wanted, "en"))


def text_of(own: dict[tuple[str, str], LetterTemplate], key: str, language: str) -> LetterTemplate:
    """The template to write with, shipped ones as version 0. Raises `Refused` where there is none of that key."""
    mine = chosen(own, key, language)
    return _as_shipped(key, language) if mine is None else mine


@lru_cache(maxsize=512)
def _as_shipped(key: str, language: str) -> LetterTemplate:
    found = best(key, language)
    return LetterTemplate(
        key=found.key,
        kind=LetterKind(found.kind),
        reason=found.reason,
        language=found.language,
        number=0,
        text=found.text,
        at=SHIPPED_AT,
    )


@dataclass(frozen=True, kw_only=True)
class SaveTemplate(Command[LetterTemplate]):
    """Write a new version of a template, or a template of one's own. Letters written before keep their text."""

    key: str
    language: str
    text: str
    title: str = ""
    files: tuple[Attachment, ...] = ()
    kept: dict[str, str] = field(default_factory=dict)
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> LetterTemplate:
        """Raises `Refused` for a text that cannot be filled, naming the line, and for files too big to send."""
        from leaddesk.workflow.templating import check

        key, kind = self._named()
        problems = check(self.text, kind.value)
        if problems:
            raise Refused(f"Line {problems[0].line}: {problems[0].words}", field="text")
        if self.language not in LETTER_LANGUAGES:
            raise Refused(f"Letters are written in {', '.join(LETTER_LANGUAGES)}.", field="language")
        before = work.find(LetterTemplate, key=key, language=self.language)
        for row in before:
            work.change(row, current=False)
        work.words = f"Template {key} ({self.language}) changed"
        return work.add(
            LetterTemplate(
                key=key,
                kind=kind,
                reason=key.partition(".")[2],
                language=self.language,
                number=max((row.number for row in before), default=0) + 1,
                title=self.title.strip(),
                text=self.text.replace("\r\n", "\n"),
                attachments=self._attached(work),
                user_id=work.user.id or None,
                at=work.now,
            )
        )

    def arguments(self) -> dict[str, object]:
        """What the journal keeps of the wish: not the files' bytes."""
        return {"key": self.key, "language": self.language, "files": [file.name for file in self.files]}

    def _named(self) -> tuple[str, LetterKind]:
        key = full_key(self.key.strip().casefold())
        kind = key.partition(".")[0]
        if not _KEY.fullmatch(key) or kind not in [k.value for k in LetterKind]:
            kinds = ", ".join(k.value for k in LetterKind)
            raise Refused(f"“{self.key}” is no name of a template: {kinds}, then a dot and a word.", field="key")
        return key, LetterKind(kind)

    def _attached(self, work: Work) -> dict[str, str]:
        new = {file.name for file in self.files}
        kept = {name: key for name, key in self.kept.items() if name not in new}
        size = sum(len(file.content) for file in self.files)
        size += sum(work.ask(StoredSizes(tuple(kept.values()))).values()) if kept else 0
        if size > LONGEST_ATTACHMENTS:
            most = LONGEST_ATTACHMENTS // 1_000_000
            raise Refused(f"The files have {size / 1e6:.1f} MB; a letter carries at most {most}.", field="files")
        return {**kept, **{file.name: work.keep_file(file) for file in self.files}}


@dataclass(frozen=True, kw_only=True)
class ResetTemplate(Command[None]):
    """Write with the shipped template again, or with none where it is the floor's own. The versions are kept."""

    key: str
    language: str
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> None:
        """Raises `Refused` where nothing was changed."""
        mine = [row for row in work.find(LetterTemplate, key=self.key, language=self.language) if row.current]
        if not mine:
            raise Refused(f"The template {self.key} ({self.language}) is the shipped one.", field="key")
        for row in mine:
            work.change(row, current=False)
        work.words = f"Template {self.key} ({self.language}) is the shipped one again"


def shipped_rows() -> list[TemplateRow]:
    """The shipped templates as the list shows them."""
    from leaddesk.workflow.letter_files import letter_title

    return [
        TemplateRow(t.key, LetterKind(t.kind), t.reason, t.language, letter_title(t.key), 0, t.text, {})
        for t in shipped()
    ]
