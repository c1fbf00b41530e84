"""Delimited text of any dialect and encoding, read record by record: memory does not grow with the file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from leaddesk.exchange import dialects, encodings
from leaddesk.exchange.encodings import Encoding
from leaddesk.exchange.layout import SAMPLE, Layout, lay_out
from leaddesk.exchange.records import Punctuation, read_records, refuse_endless_line
from leaddesk.exchange.tables import Header, Row, Table, cannot_open, no_table, read_header
from leaddesk.workflow.errors import Refused, Unavailable

_SAMPLE = 1 << 18  # letters looked at to learn the dialect
_WORDS_PARTED = "Blanks part the cells of this file, and this row has blanks in a cell: its words may be misplaced."
_new = tuple.__new__  # a row is made for each of millions of lines: half the time of the class's own
_HEADER_AGAIN = "This row is a header once more; the rows below it were sorted by its words."


@dataclass(frozen=True)
class _Source:
    """Text that can be opened from its start any number of times."""

    name: str
    open: Callable[[], TextIO]
    punctuation: Punctuation
    skip_lines: int


def open_csv(path: Path, *, encoding: str | None, delimiter: str | None, header: bool | None) -> Table:
    """Learn encoding, dialect and header of a delimited text file. Raises Refused where it is no table."""
    try:
        refuse_endless_line(path)
        how = encodings.given(path, encoding) if encoding else encodings.detect(path)
        with _text(path, how) as file:
            sample = file.read(_SAMPLE)
    except OSError as error:
        raise cannot_open(path, error) from error
    except UnicodeError as error:
        raise Refused(
            f"“{path.name}” is not in the encoding {encoding}. Leave the encoding out, or name another.",
            field="encoding",
        ) from error
    _refuse_junk(path, sample, how.name)
    return read_text(path.name, lambda: _text(path, how), sample, delimiter=delimiter, header=header, encoding=how)


def read_text(
    name: str,
    open_text: Callable[[], TextIO],
    sample: str,
    *,
    delimiter: str | None,
    header: bool | None,
    encoding: Encoding | None = None,
) -> Table:
    """Learn dialect and header of text; `sample` is its beginning, or all of it. Raises Refused."""
    told, skip_lines = _told_by_excel(sample)
    if told and not delimiter:
        delimiter = told
    if told:
        sample = sample.partition("\n")[2]
    if delimiter is not None:
        delimiter = delimiter if len(delimiter) == 1 else delimiter.strip()
        if len(delimiter) != 1 or delimiter in '\r\n"':
            raise Refused("The delimiter is one character, such as , ; | or a tab.", field="delimiter")
    punctuation = dialects.sniff(sample, whole=len(sample) < _SAMPLE, delimiter=delimiter)
    source = _Source(name, open_text, punctuation, skip_lines)
    layout = _layout(source, header)
    shape = _shape(source, layout)
    return Table(
        columns=shape.columns,
        rows=lambda: _rows(source, layout, shape),
        encoding=encoding.name if encoding else None,
        delimiter=punctuation.delimiter,
        dropped=shape.dropped,
        notes=(*((encoding.note,) if encoding and encoding.note else ()), *layout.notes(told=header is False)),
        headed=bool(layout.header),
        preamble=layout.preamble,
    )


def _layout(source: _Source, header: bool | None) -> Layout:
    with _reading(source) as file:
        first = [record.cells for record in islice(read_records(file, source.punctuation), SAMPLE)]
    if not first:
        raise Refused(f"“{source.name}” is empty: there is not even a header. Export it again with its rows.")
    return lay_out(first, header)


def _shape(source: _Source, layout: Layout) -> Header:
    if not layout.header:
        return Header(layout.names, tuple(range(len(layout.names))), len(layout.names))
    return read_header(layout.names, lambda nameless: _filled(source, layout, nameless))


def _filled(source: _Source, layout: Layout, nameless: set[int]) -> set[int]:
    """Read the file through to see in which of the nameless columns something stands."""
    found: set[int] = set()
    with _reading(source) as file:
        for record in islice(read_records(file, source.punctuation), layout.skip, None):
            cells = record.cells
            found.update(at for at in nameless if at < len(cells) and cells[at].strip())
            if found == nameless:
                break
    return found


def _rows(source: _Source, layout: Layout, shape: Header) -> Iterator[Row]:
    """Yield the rows. Where the header comes again, as in files glued together, the rest is sorted by its words."""
    with _reading(source) as file:
        records = islice(read_records(file, source.punctuation), layout.skip, None)
        skipped, plain, width = source.skip_lines, len(shape.keep) == shape.width, shape.width
        header = layout.header[-1] if layout.header else ()
        begin = header[0] if header else None
        blanks = source.punctuation.delimiter == " "
        moved: _Moved | None = None
        for number, cells, broken, flaws in records:
            problem = broken
            if begin is not None and cells[0] == begin and _is_header_again(cells, header):
                moved = None if tuple(cells) == header else _Moved.between(cells, header, width)
                yield shape.row(number + skipped, moved.cells(cells) if moved else cells, _HEADER_AGAIN)._replace(
                    header_again=True
                )
            elif moved is not None:
                yield shape.row(number + skipped, moved.cells(cells), problem, moved.flaws(flaws))
            elif plain and len(cells) == width:
                yield _new(Row, (number + skipped, tuple(cells), problem, (), flaws, False))
            else:
                if blanks and len(cells) > width:
                    problem = problem or _WORDS_PARTED
                yield shape.row(number + skipped, cells, problem, flaws)


def _is_header_again(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether at least two and most cells of a record that begins as the header does are the header's own."""
    filled = [cell for cell in cells if cell.strip()]
    same = sum(cell in header for cell in filled)
    return same >= 2 and same >= 0.6 * len(filled) and same >= 0.5 * sum(1 for cell in header if cell.strip())


@dataclass(frozen=True)
class _Moved:
    """How the cells below a second header fall into the first one's columns; `places[at]` is where cell `at` goes."""

    places: tuple[int, ...]
    width: int

    @classmethod
    def between(cls, again: Sequence[str], header: Sequence[str], width: int) -> _Moved:
        """Match the headers' words, the first with the first where one stands twice; others go beyond the width."""
        free = list(header)
        places: list[int] = []
        beyond = width
        for word in again:
            if word in free:
                at = free.index(word)
                free[at] = "\x00taken"
                places.append(at)
            else:
                places.append(beyond)
                beyond += 1
        return cls(tuple(places), beyond)

    def cells(self, cells: Sequence[str]) -> list[str]:
        """Put each cell into its place; those beyond the second header come last."""
        placed = [""] * self.width
        for at, cell in zip(self.places, cells, strict=False):
            placed[at] = cell
        return [*placed, *cells[len(self.places) :]]

    def flaws(self, flaws: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
        """Move the words about cells with them."""
        return tuple((self.places[at], words) for at, words in flaws if at < len(self.places))


def _text(path: Path, how: Encoding) -> TextIO:
    raw = path.open("rb")
    raw.seek(how.skip)
    return io.TextIOWrapper(raw, encoding=how.name, errors="backslashreplace", newline="")


@contextmanager
def _reading(source: _Source) -> Iterator[TextIO]:
    try:
        with source.open() as file:
            for _ in range(source.skip_lines):
                file.readline(_SAMPLE)
            yield file
    except FileNotFoundError as error:
        raise Refused(f"“{source.name}” is no longer there. Put it back, or choose it again.") from error
    except OSError as error:
        raise Unavailable(
            f"“{source.name}” could not be read to its end: {error.strerror or error}. Copy it to this computer."
        ) from error


def _told_by_excel(sample: str) -> tuple[str | None, int]:
    """Excel's own first line `sep=;` names the delimiter and is no record."""
    first = sample.partition("\n")[0].rstrip("\r").strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1
    return None, 0


def _refuse_junk(path: Path, sample: str, encoding: str) -> None:
    """Refuse a file that is empty, or whose letters are mostly none; a byte order mark vouches for text."""
    if not sample.strip():
        raise Refused(f"“{path.name}” is empty. Export it again with its rows.")
    if encoding in {"utf-8-sig", "utf-16", "utf-32"}:
        return
    odd = sum(letter < " " and letter not in "\t\r\n\x0b\x0c\x1b" for letter in sample)
    if odd > 8 and odd > (0.3 if encoding == "utf-8" else 0.05) * len(sample):
        raise no_table(path.name, "it holds bytes that are no text")
