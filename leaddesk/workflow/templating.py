"""Filling a letter template: plain texts in, a subject and a body out, with the places of what was merged.

The format is a text whose first line is "Subject: …". What may stand in it is held by `template_walls`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.template_walls import CLOSE, OPEN, Problem, environment, parsed, problems_of

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["EXAMPLES", "FIELDS", "NO_VALUES", "Field", "Problem", "Rendered", "check", "render"]

LONGEST_LETTER = 20_000
"""Characters of a filled letter."""
LONGEST_VALUE = 2_000
"""Characters of one merged value."""
MOST_QUESTIONS = 3
"""A farewell that asks more is not answered."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that may stand in a letter. `example` is a value to show the letter with where there is no lead."""

    key: str
    title: str
    example: str
    help: str


_FIELDS = (
    Field("name", "Name", "Gábor Kovács", "The person’s whole name, as on the card."),
    Field("first_name", "First name", "Gábor", "The person’s first name alone, where it is known."),
    Field("company", "Company", "Dunai Nyomda Kft.", "Their company, as on the card."),
    Field("interest", "Interest", "40 headsets", "What they asked about."),
    Field(
        "reason", "Reason’s key", "price", "Not to be shown: for conditions only, such as {% if reason == 'price' %}."
    ),
    Field("reason_title", "Reason", "Too expensive", "The reason in words, as in the refuse dialog."),
    Field("sender", "Sender", "Anna Szabó", "Your name."),
    Field("sender_phone", "Sender’s phone", "+36 1 555 0134", "Your phone, where there is one."),
    Field("sender_email", "Sender’s e-mail", "anna.szabo@nordwind.example", "Your e-mail."),
    Field("our_company", "Our company", "Nordwind", "Our company’s name, from the settings."),
    Field("our_offer", "What we sell", "headsets and service for call centres", "In a few words, from the settings."),
    Field("signature", "Signature", "Anna Szabó\n+36 1 555 0134\nNordwind", "Sender, phone and company, on lines."),
    Field("holiday", "Holiday", "New Year’s Day", "The holiday of a greeting; empty in other letters."),
    Field("return_date", "Return date", "1 September 2027", "When we come back to them; empty if not parked."),
    Field("today", "Today", "12 March 2027", "The day the letter is written."),
)

FIELDS: dict[str, Field] = {f.key: f for f in _FIELDS}
"""Everything that may be merged into a letter, by key, in the order to offer it. All values are plain texts."""

EXAMPLES: Mapping[str, str] = {f.key: f.example for f in _FIELDS}
NO_VALUES: Mapping[str, str] = dict.fromkeys(FIELDS, "")
"""Every field empty: what to put known values over, since a field without a value is refused."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A filled letter. `marks` are (start, length) of the merged values within `body`, in order, in characters."""

    subject: str
    body: str
    marks: tuple[tuple[int, int], ...]


def check(text: str, kind: str = "farewell") -> list[Problem]:
    """What a team lead has to mend before a template can be used, by line; empty if it is good.

    `kind` is that of the letter: only a farewell's questions are counted.
    """
    found = problems_of(text, FIELDS)
    first = text.partition("\n")[0].strip()
    if not first.startswith("Subject:"):
        found.append(Problem(1, "The first line must be the subject: “Subject: …”."))
    elif first == "Subject:":
        found.append(Problem(1, "The subject is empty."))
    if kind == "farewell":
        found.extend(_questions_too_many(text))
    return sorted(found, key=lambda p: p.line)


_NUMBERED = re.compile(r"(?:^|[}])[ \t]*([0-9۰-۹٠-٩]{1,3})[.)][ \t]")
"""A question's number, in Latin, Persian or Arabic digits, at the head of a line or of a condition's words."""


def _questions_too_many(text: str) -> Iterator[Problem]:
    """Numbers are counted once each: the same question may be asked in other words under a condition."""
    seen: set[int] = set()
    for at, line in enumerate(text.split("\n"), start=1):
        for number in _NUMBERED.findall(line):
            seen.add(int(number))
            if len(seen) > MOST_QUESTIONS:
                yield Problem(at, f"A farewell asks at most {MOST_QUESTIONS} questions; this one is too many.")
                return


def render(text: str, values: Mapping[str, str]) -> Rendered:
    """Fill a template. Values the template does not name are not looked at.

    Where a value is empty the blank before it goes too, and so do lines left blank one after another.
    Raises `Refused` for a template that `check` would find fault with, a field without a value, a value that is
    no plain text or too long, too long a letter, and a value that would break the subject out of its line.
    """
    template, used = _compiled(text)
    merged = {key: _plain(key, values) for key in used}
    skeleton, kept = _skeleton(_filled(template, merged))
    head, _, rest = skeleton.partition("\n")
    if not head.startswith("Subject:"):
        raise Refused("The letter’s first line must be the subject: “Subject: …”.", field="letter")
    holes = head.count(OPEN)
    subject, _ = _fill(head.removeprefix("Subject:").strip(), kept[:holes])
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in subject):
        raise Refused("A name in the subject contains a line break. Correct the card first.", field="subject")
    if not subject.strip():
        raise Refused("The letter’s subject is empty.", field="subject")
    body, marks = _fill(rest.strip() + "\n", kept[holes:])
    return Rendered(subject, body, marks)


@lru_cache(maxsize=256)
def _compiled(text: str) -> tuple[Template, tuple[str, ...]]:
    """A checked template, ready to be filled, and the fields it uses."""
    from jinja2 import nodes

    tree, problems = parsed(text, FIELDS)
    if tree is None:
        first = problems[0]
        raise Refused(f"The letter template, line {first.line}: {first.words}", field="letter")
    used = dict.fromkeys(name.name for name in tree.find_all(nodes.Name))
    return environment().from_string(tree), tuple(used)


def _plain(key: str, values: Mapping[str, str]) -> str:
    """A value that is nothing but text: no object in disguise, none of our marks, one kind of line end."""
    value: object = values.get(key)
    if value is None:
        raise Refused(f"There is no “{key}” to put into this letter.", field=key)
    if type(value) is not str:
        raise Refused(f"“{key}” is no plain text and cannot be put into a letter.", field=key)
    if len(value) > LONGEST_VALUE:
        raise Refused(f"“{key}” is longer than {LONGEST_VALUE:,} characters. Shorten it.", field=key)
    value = value.replace(OPEN, "").replace(CLOSE, "").replace("\r\n", "\n").replace("\r", "\n")
    # What is printable has none of these: nearly every value is, and is then looked at by one call.
    if not value.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in value):
        raise Refused(f"“{key}” contains a character that cannot be sent. Correct the card first.", field=key)
    return value


def _filled(template: Template, values: Mapping[str, str]) -> str:
    """The letter with marks round merged values; stops as soon as it is too long."""
    from jinja2 import TemplateError

    pieces, size = [], 0
    try:
        for piece in template.generate(values):
            pieces.append(piece)
            size += len(piece)
            if size > LONGEST_LETTER:
                raise Refused(f"The letter is longer than {LONGEST_LETTER:,} characters. Shorten it.", field="letter")
    except TemplateError as error:
        raise Refused(f"The letter template cannot be filled: {error.message}.", field="letter") from error
    return "".join(pieces)


_EMPTY = re.compile(f"^{CLOSE} | ?{CLOSE}(?=[\\s,.;:!?)،؛؟»”]|$)", re.MULTILINE)
_BLANK = re.compile("\n{3,}")


def _skeleton(filled: str) -> tuple[str, list[str]]:
    """The letter with a hole (`OPEN`) for each value that is not empty, and those values."""
    first, *rest = re.split(f"[{OPEN}{CLOSE}]", filled)
    kept = [value for value in rest[::2] if value]
    holed = first + "".join(
        f"{OPEN if value else CLOSE}{after}" for value, after in zip(*[iter(rest)] * 2, strict=True)
    )
    lines = _EMPTY.sub("", holed).replace(CLOSE, "").split("\n")
    return _BLANK.sub("\n\n", "\n".join(line.rstrip(" \t") for line in lines)), kept


def _fill(skeleton: str, values: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A text with the values in its holes, and where they stand."""
    first, *rest = skeleton.split(OPEN)
    parts, marks, at = [first], [], len(first)
    for value, after in zip(values, rest, strict=True):
        marks.append((at, len(value)))
        parts += (value, after)
        at += len(value) + len(after)
    return "".join(parts), tuple(marks)
