"""Reasons for refusing as data: team leads edit them; one that was used is retired and never deleted."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, ClassVar

from leaddesk.workflow.desk import Command
from leaddesk.workflow.entities import Refusal, RefusalReason, Stay
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import RefusalKind, Role

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work

MOST_DAYS = 3650
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


DEFAULT_REASONS: tuple[RefusalReason, ...] = (
    RefusalReason(
        key="price",
        title="Too expensive",
        digit=1,
        hint="Offer the smaller plan or payment in two parts.",
        letter="farewell.price",
        default_days=90,
    ),
    RefusalReason(
        key="budget",
        title="No budget now",
        digit=2,
        hint="Ask when the next budget is decided, and who decides it.",
        letter="farewell.budget",
        default_days=180,
    ),
    RefusalReason(
        key="plans",
        title="Plans changed",
        digit=3,
        hint="Ask what has to happen first, and by when.",
        letter="farewell.plans",
        default_days=180,
    ),
    RefusalReason(
        key="competitor",
        title="Chose a competitor",
        digit=4,
        hint="Ask what decided it, and when that contract ends.",
        letter="farewell.competitor",
        default_days=365,
    ),
    RefusalReason(
        key="no_need",
        title="No need",
        digit=5,
        hint="Ask how they solve it today, and what bothers them in it.",
        letter="farewell.no_need",
        default_days=365,
    ),
    RefusalReason(
        key="ignores",
        title="Never answers us",
        digit=6,
        kind=RefusalKind.IGNORES,
        hint="Try another channel and another time of day first.",
        letter="farewell.ignores",
        default_days=90,
    ),
    RefusalReason(
        key="not_now",
        title="Will not talk now",
        digit=7,
        kind=RefusalKind.NOT_NOW,
        hint="Offer another channel or another time, not a farewell.",
        letter="farewell.not_now",
        default_days=30,
    ),
    RefusalReason(
        key="do_not_call",
        title="Asks not to be called",
        digit=8,
        hint="Apologise and end the call. Nobody will call again.",
        suppress=True,
    ),
    RefusalReason(key="other", title="Something else, in words", digit=9, needs_words=True, letter="farewell.other"),
)
"""What a new file starts with: the keys of the refuse dialog. `default_days` is the deferral proposed."""


@lru_cache(maxsize=8)
def _shipped(language: str) -> dict[str, dict[str, str]]:
    file = resources.files("leaddesk") / "resources" / "reasons" / f"{language}.json"
    if not language.isalpha() or not file.is_file():
        return {}
    words: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return words


def in_language(reason: RefusalReason, language: str) -> RefusalReason:
    """The reason with title and hint as the screen says them.

    The floor's own words come first; a shipped reason nobody renamed is said in the shipped words of the language.
    """
    ours, english = _shipped(language).get(reason.key, {}), _shipped("en").get(reason.key, {})
    title = reason.titles.get(language) or (ours.get("title") if reason.title == english.get("title") else None)
    hint = reason.hints.get(language) or (ours.get("hint") if reason.hint == english.get("hint") else None)
    if not title and not hint:
        return reason
    return replace(reason, title=title or reason.title, hint=hint or reason.hint)


@dataclass(frozen=True, kw_only=True)
class SaveReason(Command[RefusalReason]):
    """Add a reason, or change the one of this key. `default_days` 0 means "ask", `letter` "" means "none".

    `titles` and `hints` are by language of the screen.
    """

    key: str
    title: str
    digit: int = 0
    kind: RefusalKind = RefusalKind.FULL
    needs_words: bool = False
    hint: str = ""
    letter: str = ""
    default_days: int = 0
    suppress: bool = False
    titles: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> RefusalReason:
        """Raises `Refused` naming the field: a taken digit, no title, a letter that there is not."""
        self._check(work)
        values = {
            "title": self.title.strip(),
            "titles": {language: words.strip() for language, words in self.titles.items() if words.strip()},
            "digit": self.digit,
            "kind": self.kind,
            "needs_words": self.needs_words,
            "hint": self.hint.strip(),
            "hints": {language: words.strip() for language, words in self.hints.items() if words.strip()},
            "letter": self.letter.strip(),
            "default_days": self.default_days,
            "suppress": self.suppress,
            "retired": False,
        }
        work.words = f"Reason “{values['title']}”"
        for known in work.find(RefusalReason, key=self.key):
            return work.change(known, **values)
        return work.add(RefusalReason(key=self.key, **values))  # type: ignore[arg-type] # by name, checked above

    def _check(self, work: Work) -> None:
        if not _KEY.fullmatch(self.key):
            raise Refused("A reason’s key is a word of small letters, digits and _, such as no_time.", field="key")
        if not self.title.strip():
            raise Refused("The reason needs a title.", field="title")
        if not 0 <= self.default_days <= MOST_DAYS:
            raise Refused(f"From 0 (ask) to {MOST_DAYS} days.", field="default_days")
        if not 0 <= self.digit <= 9:
            raise Refused("The key is one digit, 1 to 9, or none.", field="digit")
        for other in work.find(RefusalReason, digit=self.digit, retired=False) if self.digit else ():
            if other.key != self.key:
                raise Refused(f"Key {self.digit} is “{other.title}” already. Choose another.", field="digit")
        if self.letter.strip():
            from leaddesk.workflow.templates import Templates

            keys = {row.key for row in work.ask(Templates())}
            if self.letter.strip() not in keys:
                raise Refused(f"There is no letter template “{self.letter}”.", field="letter")


@dataclass(frozen=True)
class RetireReason(Command[RefusalReason]):
    """Take a reason out of the dialog. One that was never used is deleted; the others stay in history and reports."""

    key: str
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> RefusalReason:
        """Raises `Refused` for the last one: a refusal demands a reason."""
        found = work.find(RefusalReason, key=self.key)
        if not found:
            raise Refused(f"There is no reason “{self.key}”.", field="key")
        if not any(r.key != self.key for r in work.find(RefusalReason, retired=False)):
            raise Refused("This is the only reason there is, and a refusal demands one.", field="key")
        if not work.find(Refusal, reason=self.key) and not work.find(Stay, reason=self.key):
            work.remove(found[0])
            work.words = f"Reason “{found[0].title}” deleted"
            return found[0]
        work.words = f"Reason “{found[0].title}” retired"
        return work.change(found[0], retired=True, digit=0)
