"""Delimited text parsed record by record: strictly where it is well formed, leniently where quotes are broken."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from leaddesk.exchange.safe_cells import unguard

_OPEN_QUOTE_LINES = 2_000  # a quote that is still open after so many lines was never meant to be one
_OPEN_QUOTE_LETTERS = 1 << 20
_CELL_LIMIT = 1 << 27
_LONE_BACKSLASH = re.compile(r"\\\\|\\(?!\")")  # where \" is a quote, any other backslash is still a backslash
_UNCLOSED = "A quotation mark is opened in this row and not closed; the row was read as it stands."
_MISPLACED = "Quotation marks stand in the middle of a cell of this row; the row was read as it stands."


@dataclass(frozen=True)
class Punctuation:
    """The arguments of `csv.reader` that differ between files; `quote=None` means quotes are ordinary letters."""

    delimiter: str = ","
    quote: str | None = '"'
    escape: str | None = None
    skip_space: bool = False

    def arguments(self) -> dict[str, Any]:
        """Return them as `csv.reader` takes them, strict, so that a broken quote is an error and not a guess."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "quoting": csv.QUOTE_NONE if self.quote is None else csv.QUOTE_MINIMAL,
            "escapechar": self.escape,
            "skipinitialspace": self.skip_space,
            "doublequote": True,
            "strict": True,
        }


@dataclass(slots=True)
class Record:
    """The cells of one record, the line it begins on, and what was wrong with its quotes."""

    number: int
    cells: Sequence[str]
    problem: str | None = None


class _Lines:
    """Hands lines to the parser and remembers those of the record being parsed, so that it can be parsed otherwise."""

    def __init__(self, file: TextIO, escape: str | None) -> None:
        self._file = file
        self._escape = escape
        self._again: list[str] = []
        self.taken: list[str] = []
        self.letters = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _OPEN_QUOTE_LINES or self.letters > _OPEN_QUOTE_LETTERS:
            raise csv.Error("unexpected end of data")
        line = self._again.pop() if self._again else next(self._file)
        self.taken.append(line)
        self.letters += len(line)
        return line if self._escape is None else _LONE_BACKSLASH.sub(lambda found: found[0].ljust(2, "\\"), line)

    def start_record(self) -> None:
        self.taken.clear()
        self.letters = 0

    def give_back_all_but_first(self) -> str:
        first, *rest = self.taken
        self._again.extend(reversed(rest))
        return first


def read_records(file: TextIO, punctuation: Punctuation) -> Iterator[Record]:
    """Parse strictly; a record with broken quotes is read once more, leniently, and carries the words about it."""
    csv.field_size_limit(_CELL_LIMIT)
    lines = _Lines(file, punctuation.escape)
    reader = csv.reader(lines, **punctuation.arguments())
    number = 1
    while True:
        lines.start_record()
        problem = None
        try:
            cells = next(reader)
            used = len(lines.taken)
        except StopIteration:
            return
        except csv.Error as error:
            problem = _UNCLOSED if "unexpected end" in str(error) else _MISPLACED
            first = lines.give_back_all_but_first()
            cells, used = _leniently(first, punctuation), 1
            lines.taken[1:] = []
        if cells:
            if any("'" in line for line in lines.taken):
                cells = [unguard(cell) for cell in cells]
            yield Record(number, cells, problem)
        number += used


def _leniently(line: str, punctuation: Punctuation) -> list[str]:
    """Part one line at its delimiters; quotes count only where they wrap a whole cell, all else stays as written."""
    quote, mark = punctuation.quote, punctuation.delimiter
    text = line.rstrip("\r\n")
    if quote is None:
        return text.split(mark)
    cells: list[str] = []
    pieces = text.split(mark)
    at = 0
    while at < len(pieces):
        whole, end = pieces[at], at
        if whole.startswith(quote):
            joined = whole
            for ahead in range(at, len(pieces)):
                joined = whole if ahead == at else mark.join((joined, pieces[ahead]))
                if len(joined) > 1 and joined.endswith(quote) and _doubled(joined[1:-1], quote):
                    whole, end = joined[1:-1].replace(quote * 2, quote), ahead
                    break
        cells.append(whole)
        at = end + 1
    return cells


def _doubled(text: str, quote: str) -> bool:
    return quote not in text.replace(quote * 2, "")
