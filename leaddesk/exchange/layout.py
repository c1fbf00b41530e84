"""Where a table begins in a file: titles above the header, a header of several lines, or no header at all.

Told from the first records alone, by words that are known for column names and by what stands below them: a text above
a column of dates or e-mail addresses is that column's name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from leaddesk.exchange.words import dictionary, languages, plain, without_number
from leaddesk.workflow.errors import Refused

SAMPLE = 200
"""Records worth looking at."""

_ABOVE = 30  # lines a letterhead or a report's title may take
_HEADER_LINES = 4
_COLUMNS = 16_384  # of an Excel sheet
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?")
_NUMBER = re.compile(r"[$€£₽₴]?\s?[+(-]{0,2}\d[\d\s().,:/%-]*")


@dataclass(frozen=True)
class Layout:
    """The columns' names as they stand (one for each position), and the records that are no rows.

    `above` are the records passed over before the header, `header` the records it is made of, none where there is no
    header.
    """

    names: tuple[str, ...]
    above: tuple[tuple[str, ...], ...] = ()
    header: tuple[tuple[str, ...], ...] = ()

    @property
    def skip(self) -> int:
        """How many records come before the first row."""
        return len(self.above) + len(self.header)

    @property
    def preamble(self) -> tuple[tuple[str, ...], ...]:
        """What stands above the header, without the blanks."""
        kept = (tuple(cell for cell in cells if cell.strip()) for cells in self.above)
        return tuple(cells for cells in kept if cells)

    def notes(self, *, told: bool) -> tuple[str, ...]:
        """Say what was done, as a person would; `told` that the person said whether there is a header."""
        out: list[str] = []
        if self.preamble:
            lines = (
                "1 line before the header was"
                if len(self.preamble) == 1
                else f"{len(self.preamble)} lines before the header were"
            )
            words = " ".join(" ".join(cells) for cells in self.preamble)
            out.append(f"{lines} passed over: “{words[:80]}{'…' if len(words) > 80 else ''}”.")
        if len(self.header) > 1:
            out.append(f"The header stands on {len(self.header)} lines; their words were joined.")
        if not self.header and not told:
            out.append("The file has no header: its first line is somebody's. The columns are numbered.")
        return tuple(out)


def lay_out(records: Sequence[Sequence[str]], header: bool | None) -> Layout:
    """Find the header among the first records (at most `SAMPLE` are looked at); None lets the values decide.

    Raises Refused for more columns than a spreadsheet has.
    """
    rows = [tuple(cells) for cells in records[:SAMPLE]]
    if header is False or not rows:
        return _numbered(rows)
    start = _start(rows, header)
    if start is None:
        return _numbered(rows)
    first = start
    while first and _is_group_line(rows[first - 1], rows[start]) and start - first < _HEADER_LINES - 1:
        first -= 1
    end = start + 1
    while end < len(rows) and end - first < _HEADER_LINES and _is_header_too(rows[end], rows[start], rows[end + 1 :]):
        end += 1
    return Layout(_joined(rows[first:end]), tuple(rows[:first]), tuple(rows[first:end]))


def looks_like_list(records: Sequence[Sequence[str]]) -> bool:
    """Whether there is a header of known words, or more than two columns that go on for some rows."""
    rows = [tuple(cells) for cells in records[:SAMPLE]]
    header = lay_out(rows, None).header
    if header and sum(map(is_known, header[-1])) >= min(2, _filled(header[-1])):
        return True
    return len(rows) > 2 and _usual_fill(rows) > 2


def _start(rows: Sequence[tuple[str, ...]], header: bool | None) -> int | None:
    """Return the place of the header's (lowest full) line; None where there is no header."""
    blank = next((at for at, row in enumerate(rows) if _filled(row)), 0)
    if blank:
        below = _start(rows[blank:], header)
        return None if below is None else blank + below
    usual = _usual_fill(rows)
    at = next((at for at, row in enumerate(rows[:_ABOVE]) if _filled(row) >= max(2, 0.6 * usual)), 0)
    if at and usual >= 2 and all(_filled(row) <= 0.5 * max(usual, _filled(rows[at])) for row in rows[:at]):
        sure = _looks_like_header(rows[at], rows[at + 1 :])
        if sure or (header and sure is None):
            return at
    if header or _looks_like_header(rows[0], rows[1:]) is not False:
        return 0
    return None


def _numbered(rows: Sequence[Sequence[str]]) -> Layout:
    width = max((len(row) for row in rows if len(row) <= _COLUMNS), default=len(rows[0]) if rows else 0)
    return Layout(tuple(f"Column {at + 1}" for at in range(_bounded(width))))


def _bounded(width: int) -> int:
    """Refuse a list wider than any spreadsheet: every row would be filled up to it."""
    if width > _COLUMNS:
        raise Refused(
            f"The list has {width:,} columns and no spreadsheet has more than {_COLUMNS:,}. "
            "Check the delimiter, or export the list again.",
            field="delimiter",
        )
    return width


def _filled(row: Iterable[str]) -> int:
    return sum(1 for cell in row if cell and not cell.isspace())


def _usual_fill(rows: Sequence[tuple[str, ...]]) -> int:
    """Cells filled in the middlemost row."""
    fills = sorted(filter(None, map(_filled, rows)))
    return fills[len(fills) // 2] if fills else 0


def _looks_like_header(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool | None:
    """True where words are known or stand above values of another kind; False where values stand; None: no telling."""
    filled = [(at, cell.strip()) for at, cell in enumerate(row) if cell.strip()]
    if not filled:
        return False
    kinds = [kind(cell) for _, cell in filled]
    if any(found not in {"text", "number"} for found in kinds):
        return False
    known = sum(is_known(cell) for _, cell in filled)
    if known and known >= len(filled) / 3:
        return True
    numbers = [cell for (_, cell), found in zip(filled, kinds, strict=True) if found == "number"]
    if len(numbers) * 2 > len(filled) or any(sum(map(str.isdigit, cell)) > 4 for cell in numbers):
        return False
    if any(found == "text" and _kind_of_column(below, at) for (at, _), found in zip(filled, kinds, strict=True)):
        return True
    return None


def _kind_of_column(rows: Sequence[Sequence[str]], at: int) -> str | None:
    """Name what stands in a column, if it is nearly all of one kind and no text."""
    found = Counter(kind(row[at].strip()) for row in rows if at < len(row) and row[at].strip())
    if not found:
        return None
    usual, times = found.most_common(1)[0]
    return usual if usual != "text" and times >= 0.8 * found.total() else None


def kind(cell: str) -> str:
    """Tell e-mail, link, date, number (phones too) and text by their looks."""
    if _MAIL.fullmatch(cell):
        return "mail"
    if _LINK.fullmatch(cell):
        return "link"
    if _DATE.fullmatch(cell):
        return "date"
    return "number" if _NUMBER.fullmatch(cell) else "text"


def _is_group_line(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether these are headings over several columns, as “Home, , Work, ”, of the header in the next line."""
    places = [at for at, cell in enumerate(row) if cell.strip()]
    gaps = any(after - before > 1 for before, after in pairwise(places))
    return gaps and len(places) < _filled(below) and all(kind(row[at].strip()) == "text" for at in places)


def _is_header_too(row: Sequence[str], header: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a line below the header goes on with it: the same words again, or nothing but known column names.

    Three names at least, and below them values of another kind: a person's row must never be taken for one.
    """
    filled = [(at, cell) for at, cell in enumerate(row) if cell.strip()]
    if len(filled) < 2:
        return False
    words = [plain(cell) for _, cell in filled]
    if all(words) and words == [plain(cell) for cell in header if cell.strip()]:
        return True
    return (
        len(filled) > 2
        and all(is_known(cell) for _, cell in filled)
        and any(_kind_of_column(below, at) for at, _ in filled)
    )


def _joined(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Join the lines' words per column; a group's heading is said of all columns below it."""
    width = _bounded(max(map(len, lines)))
    padded = [[*line, *[""] * (width - len(line))] for line in lines]
    for upper, lower in pairwise(padded):
        if _is_group_line(upper, lower):
            for at in range(1, width):
                if not upper[at].strip() and lower[at].strip() and lower[at - 1].strip():
                    upper[at] = upper[at - 1]
    return tuple(_words(line[at] for line in padded) for at in range(width))


def _words(cells: Iterable[str]) -> str:
    said: dict[str, str] = {}
    for cell in cells:
        said.setdefault(plain(cell) or cell.strip(), cell)
    words = [cell for cell in said.values() if cell.strip()]
    return words[0] if len(words) == 1 else " ".join(word.strip() for word in words)


def is_known(cell: str) -> bool:
    """Whether a cell is a column's name in one of the languages we have a dictionary of."""
    word = plain(cell)
    return bool(word) and (word in _known() or without_number(word)[0] in _known())


@cache
def _known() -> frozenset[str]:
    sections = (section for language in languages() for section in dictionary(language).values())
    return frozenset(plain(word) for section in sections for word in section)
