"""Delimited text parsed record by record: strictly where it is well formed, leniently where quotes are broken."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from leaddesk.exchange import lost_digits
from leaddesk.exchange.safe_cells import unguard
from leaddesk.workflow.errors import Refused

LINE_LIMIT = 1 << 24  # letters; the longest cell Excel knows has 32,767
_PAGE = 1 << 17  # letters parsed at a time
_OPEN_QUOTE_LINES = 2_000  # a quote that is still open after so many lines was never meant to be one
_OPEN_QUOTE_LETTERS = 1 << 20
_CELL_LIMIT = 1 << 27
_ENDS_TRIED = 50  # places at which a broken quote may end
_PATIENCE = 1 << 25  # letters looked at for the ends of broken quotes, in one line
_LONE_BACKSLASH = re.compile(r"\\\\|\\(?!\")")  # where \" is a quote, any other backslash is still a backslash
_UNCLOSED = "A quotation mark is opened in this row and not closed; the row was read as it stands."
_MISPLACED = "Quotation marks stand in the middle of a cell of this row; the row was read as it stands."


@dataclass(frozen=True)
class Punctuation:
    """The arguments of `csv.reader` that differ between files; `quote=None` means quotes are ordinary letters.

    `escape` is what stands before a quotation mark that is a letter: a backslash, a NUL, or, where cells are in
    single quotes, the double quotation mark before another.
    """

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
            "escapechar": self.escape if self.escape == "\\" else None,
            "skipinitialspace": self.skip_space,
            "doublequote": True,
            "strict": True,
        }

    def plain(self, line: str) -> str:
        """Write a line so that the parser understands its escapes."""
        if self.escape == "\\":
            return _LONE_BACKSLASH.sub(lambda found: found[0].ljust(2, "\\"), line)
        if self.escape == "\x00":
            return line.replace('\x00"', '""')
        return line.replace('""', '"') if self.escape == '"' else line


_new = tuple.__new__  # a record is made for each of millions of lines: half the time of the class's own


class Record(NamedTuple):
    """The cells of one record, the line it begins on, and what was wrong with its quotes and its numbers."""

    number: int
    cells: list[str]
    problem: str | None = None
    flaws: tuple[tuple[int, str], ...] = ()


def read_records(file: TextIO, punctuation: Punctuation) -> Iterator[Record]:
    """Parse strictly; a record with broken quotes is read once more, leniently, and carries the words about it.

    Holds one page of text and at most one line of `LINE_LIMIT` letters. Raises Refused at a longer line.
    """
    csv.field_size_limit(_CELL_LIMIT)
    pending = ""
    number = 1
    while True:
        page = _page(file, number)
        text = pending + page
        if not text:
            return
        pending, number = yield from _parse(text, punctuation, number, last=not page)
        if not page:
            return


def _page(file: TextIO, number: int) -> str:
    """Read whole lines, about a page of them; an empty page is the end of the file."""
    text = file.read(_PAGE)
    if len(text) < _PAGE or text.endswith("\n"):
        return text
    rest = file.readline(LINE_LIMIT)
    if len(rest) >= LINE_LIMIT:
        raise line_too_long(number + text.count("\n"))
    return text + rest


def refuse_endless_line(path: Path) -> None:
    """Look for the first line's end before anything else reads the file through. Raises Refused."""
    left = 4 * LINE_LIMIT
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if b"\n" in chunk or b"\r" in chunk:
                return
            left -= len(chunk)
            if left <= 0:
                raise line_too_long(1)


def line_too_long(number: int) -> Refused:
    """Say that the file is no list of people, at a line nobody wrote."""
    return Refused(
        f"Line {number} of the file is longer than {LINE_LIMIT:,} letters, which no list of people is. "
        "Export the list again, one person to a line."
    )


def _parse(text: str, punctuation: Punctuation, number: int, *, last: bool) -> Generator[Record, None, tuple[str, int]]:
    """Yield the records of whole lines; return what may go on with the next page, and the number of its first line."""
    lines = io.StringIO(text, newline="").readlines()
    fed = lines if punctuation.escape is None else [punctuation.plain(line) for line in lines]
    arguments = punctuation.arguments()
    guarded, shortened = "'" in text, lost_digits.may_hold(text)
    at = 0
    while at < len(lines):
        reader = csv.reader(fed[at:], **arguments)
        taken = 0
        try:
            for read in reader:
                if read:
                    cells = [unguard(cell) for cell in read] if guarded else read
                    flaws = lost_digits.mend(cells) if shortened else ()
                    yield _new(Record, (number + at + taken, cells, None, flaws))
                taken = reader.line_num
            break
        except csv.Error as error:
            at += taken
            unclosed = "unexpected end" in str(error)
            if unclosed and not last and _may_close(lines[at:]):
                return "".join(lines[at:]), number + at
            yield _leniently(lines[at], punctuation, number + at, _UNCLOSED if unclosed else _MISPLACED)
            at += 1
    return "", number + len(lines)


def _may_close(lines: list[str]) -> bool:
    return len(lines) < _OPEN_QUOTE_LINES and sum(map(len, lines)) < _OPEN_QUOTE_LETTERS


def _leniently(line: str, punctuation: Punctuation, number: int, problem: str) -> Record:
    """Part one line at its delimiters; quotes count only where they wrap a whole cell, all else stays as written.

    Apostrophes in cells that stand in single quotes are so usual that they are no problem where every cell closes.
    """
    mark, quote = punctuation.delimiter, punctuation.quote or ""
    text = line.rstrip("\r\n") if punctuation.escape == "\\" else punctuation.plain(line.rstrip("\r\n"))
    cells: list[str] = []
    open_ended = False
    at, patience = 0, _PATIENCE
    while at <= len(text):
        while punctuation.skip_space and text.startswith(" ", at):
            at += 1
        end = None
        if quote and text.startswith(quote, at):
            end, patience = _closing(text, at + 1, mark, quote, patience)
            open_ended = open_ended or end is None
        if end is not None:
            cells.append(text[at + 1 : end].replace(quote * 2, quote))
            at = end + 2
            continue
        end = text.find(mark, at)
        end = len(text) if end < 0 else end
        cells.append(text[at:end])
        at = end + 1
    cells = [unguard(cell) for cell in cells]
    flaws = lost_digits.mend(cells)
    return Record(number, cells, None if quote == "'" and not open_ended else problem, flaws)


def _closing(text: str, start: int, mark: str, quote: str, patience: int) -> tuple[int | None, int]:
    """Find where a quoted cell ends: at the first quote before a delimiter that leaves only doubled ones inside.

    Where there is none, at the first quote before a delimiter, if no other quoted cell begins before it. `patience`
    is how many letters may be looked at for it, and is returned less those: a line made of quotes must not take hours.
    """
    loose: int | None = None
    end = start - 1
    limit = min(len(text), start + max(0, patience))
    for _ in range(_ENDS_TRIED):
        found = text.find(quote + mark, end + 1, limit)
        patience -= (limit if found < 0 else found) - end
        end = found
        if end < 0 and text.endswith(quote) and start < len(text) <= limit:
            end = len(text) - 1
        if end < 0:
            break
        inside = text[start:end]
        patience -= len(inside)
        if quote not in inside.replace(quote * 2, ""):
            return end, patience
        if loose is None and mark + quote not in inside:
            loose = end
        if end == len(text) - 1:
            break
    return loose, patience
