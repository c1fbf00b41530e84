"""Answers to the three numbered questions of a farewell letter, found in a reply.

Only what is numbered is taken: "1. price", "2) …", "3 - …", "#1", in one line or several, or written under our own
question where that is quoted. A date, a range or an amount at the beginning of a line is no number of an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from leaddesk.exchange.mail_quotes import Line, plain_digits
from leaddesk.exchange.words import dictionary, plain

QUESTIONS = 3
_LONGEST = 2_000
_AT_START = re.compile(
    r"\s{0,20}(?:[-*•·>]\s?)?[*_]{0,2}"
    r"(?:(?P<sign>[#№(\[]|ответ|вопрос|answer|question|válasz|kérdés|vastus|küsimus|cavab|sual|پاسخ|سوال)\s?)?"
    r"(?P<number>\d{1,2})\ufe0f?(?P<keycap>\u20e3)?[*_]{0,2}(?P<mark>\s?[.):\]،؛]{1,2}|\s?[-–—ـ]|(?=\s|$))[*_]{0,2}(?P<after>\s*)",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"(?:(?<=\s)|(?<=[;,]))(?P<number>[1-9])(?P<mark>\s?[.):]|\s?[-–—ـ])(?P<after>\s*)(?=[^\s\d]|\s\S|\d)"
)
_GREETINGS = (
    "best regards", "kind regards", "best wishes", "regards", "sincerely", "yours", "thanks", "thank you", "cheers",
    "с уважением", "с наилучшими", "спасибо", "благодар", "всего доброго", "всего хорошего", "хорошего дня", "з повагою",
    "üdvözlettel", "tisztelettel", "üdv", "köszön", "lugupidamisega", "parimate soovidega", "tervitades", "tänan", "aitäh",
    "hörmətlə", "təşəkkür", "sağ olun", "saygılar", "با احترام", "با تشکر", "سپاس", "ممنون", "mit freundlichen",
    "viele grüße", "freundliche grüße", "danke", "mfg",
)  # fmt: skip


@dataclass(slots=True)
class _Mark:
    """A number found: where its answer begins, and how sure it is without its neighbours."""

    number: int
    start: int
    begin: int
    style: str
    doubtful: bool = False


def numbered_answers(lines: list[Line]) -> dict[str, str]:
    """The answers by number; empty where nothing is numbered."""
    answers = _under_questions(lines)
    own = [Line("") if line.quoted else line for line in lines if not line.unsure]
    return {**answers, **_in_own_words([line.text for line in own])}


# -- written under our quoted questions --------------------------------------------------------------------------------


def _under_questions(lines: list[Line]) -> dict[str, str]:
    """Each run of their lines answers the last question of the quoted lines above it.

    Where only one run follows a question and several questions stand above it, it answers the letter as a whole.
    """
    found: dict[str, str] = {}
    numbers: list[int] = []
    words: list[str] = []
    gap = False
    for line in [*lines, Line("", quoted=True)]:
        if line.unsure:
            continue
        if not line.quoted:
            words.append(line.text)
            continue
        text = "\n".join(words).strip()
        if text:
            if numbers and str(numbers[-1]) not in found and (len(numbers) == 1 or found):
                found[str(numbers[-1])] = _first_paragraph(_without_number(text, numbers[-1]))
            numbers = []
        words, gap = [], not text and gap
        number = _question(line.text)
        if number:
            numbers.append(number)
        elif gap and line.text.strip():
            numbers = []  # another paragraph of our letter
        gap = not line.text.strip()
    return {number: text for number, text in found.items() if text}


def _question(text: str) -> int:
    found = _AT_START.match(plain_digits(text))
    if not found or not found["mark"].strip() or not text[found.end() :].strip():
        return 0
    number = int(found["number"])
    return number if 1 <= number <= QUESTIONS and found["mark"].strip() in {".", ")"} else 0


def _without_number(text: str, number: int) -> str:
    mark = _mark_at_start(text, 0)
    return (text[mark.begin :].strip() if mark and mark.number == number else "") or text


# -- numbered by themselves --------------------------------------------------------------------------------------------


def _in_own_words(lines: list[str]) -> dict[str, str]:
    text = "\n".join(lines)
    marks = _in_order(_marks(lines))
    found = {}
    for index, mark in enumerate(marks):
        last = index + 1 == len(marks)
        words = text[mark.begin :] if last else text[mark.begin : marks[index + 1].start]
        words = _first_paragraph(words) if last else words
        words = _without_greeting(words).strip(" \t\n;,*_")
        if words and mark.number <= QUESTIONS:
            found[str(mark.number)] = words[:_LONGEST]
    return found


def _marks(lines: list[str]) -> list[_Mark]:
    marks = []
    offset = 0
    for line in lines:
        first = _mark_at_start(line, offset)
        if first:
            marks.append(first)
        marks += _marks_inside(line, offset, first)
        offset += len(line) + 1
    return marks


def _mark_at_start(line: str, offset: int) -> _Mark | None:
    found = _AT_START.match(plain_digits(line[:200]))
    if not found:
        return None
    mark, sign = found["mark"].strip(), found["sign"] or ""
    alone = not line[found.end() :].strip()  # the answer may stand below its number
    if not mark and not sign and not found["keycap"] and not alone:
        return None
    if sign in {"(", "["}:
        if mark[:1] not in {")", "]"}:
            return None
        sign = ""
    rest = line[found.end() :]
    digit_next = rest[:1].isdigit()
    if digit_next and not found["after"] and mark and mark[:1] not in {")", "]"}:
        return None  # a date, an amount, a range: 1.12.2026, 2:30, 2-3
    doubtful = (digit_next and mark in {"-", "–", "—"}) or (mark == "." and _is_month(rest)) or (alone and not mark)
    number = int(found["number"])
    if not 1 <= number <= QUESTIONS + 1:
        return None
    return _Mark(number, offset, offset + found.end(), (sign and "sign") or mark, doubtful)


def _marks_inside(line: str, offset: int, first: _Mark | None) -> list[_Mark]:
    """Numbers in the middle of a line count where they go on from the one before in the same style."""
    found: list[_Mark] = []
    expected, style = (first.number + 1, first.style) if first else (1, "")
    begin = first.begin - offset if first else 0
    for inside in _INLINE.finditer(plain_digits(line), begin):
        mark = inside["mark"].strip()
        after = line[inside.end() :]
        if (
            int(inside["number"]) != expected
            or (style and mark != style)
            or (after[:1].isdigit() and not inside["after"])
        ):
            continue
        found.append(_Mark(expected, offset + inside.start(), offset + inside.end(), mark))
        expected, style = expected + 1, mark
    return found if first or len(found) > 1 else []


def _in_order(marks: list[_Mark]) -> list[_Mark]:
    """Keep the numbers that grow from answer to answer; what may be a date or a range only as one of a list."""
    kept: list[_Mark] = []
    for index, mark in enumerate(marks):
        before = kept[-1].number if kept else 0
        if mark.number <= before or (mark.number > QUESTIONS and mark.number != before + 1):
            continue
        following = any(later.number == mark.number + 1 and later.style == mark.style for later in marks[index + 1 :])
        goes_on = before == mark.number - 1 > 0 and kept[-1].style == mark.style
        if mark.doubtful and not (goes_on or (mark.number == 1 and following)):
            continue
        kept.append(mark)
    return kept if any(mark.number <= QUESTIONS for mark in kept) else []


@cache
def _months() -> frozenset[str]:
    return frozenset(plain(name) for names in dictionary("months").values() for name in names)


def _is_month(text: str) -> bool:
    word = re.match(r"\s*([^\W\d_]{3,12})", text)
    return bool(word) and plain(word.group(1) if word else "") in _months()


def _first_paragraph(text: str) -> str:
    """The last answer ends where the reply goes on to something else."""
    return _without_greeting(re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]).strip()[:_LONGEST]


def _without_greeting(text: str) -> str:
    lines = text.split("\n")
    for index, line in enumerate(lines[1:], 1):
        if len(line) < 60 and line.strip().casefold().startswith(_GREETINGS):
            return "\n".join(lines[:index])
    return text
