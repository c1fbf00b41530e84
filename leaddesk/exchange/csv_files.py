"""Delimited text of any dialect and encoding, read record by record: memory does not grow with the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from leaddesk.exchange import dialects, encodings
from leaddesk.exchange.encodings import Encoding
from leaddesk.exchange.records import Punctuation, read_records
from leaddesk.exchange.tables import Header, Row, Table, cannot_open, no_table, read_header
from leaddesk.workflow.errors import Refused, Unavailable

_SAMPLE = 1 << 18  # letters looked at to learn the dialect


@dataclass(frozen=True)
class _Source:
    path: Path
    encoding: Encoding
    punctuation: Punctuation
    skip_lines: int = 0


def open_csv(path: Path, *, encoding: str | None, delimiter: str | None, header: bool) -> Table:
    """Learn encoding, dialect and header of a delimited text file. Raises Refused where it is no table."""
    try:
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
    told, skip_lines = _told_by_excel(sample)
    if told and not delimiter:
        delimiter, sample = told, sample.partition("\n")[2]
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"'):
        raise Refused("The delimiter is one character, such as , ; | or a tab.", field="delimiter")
    punctuation = dialects.sniff(sample, whole=len(sample) < _SAMPLE, delimiter=delimiter)
    source = _Source(path, how, punctuation, skip_lines)
    shape = _shape(source, header=header)
    return Table(
        columns=shape.columns,
        rows=lambda: _rows(source, shape, header=header),
        encoding=how.name,
        delimiter=punctuation.delimiter,
        dropped=shape.dropped,
        notes=(how.note,) if how.note else (),
    )


def _shape(source: _Source, *, header: bool) -> Header:
    with _reading(source) as file:
        first = next(read_records(file, source.punctuation), None)
    if first is None:
        raise Refused(f"“{source.path.name}” is empty: there is not even a header. Export it again with its rows.")
    if not header:
        return Header(
            tuple(f"Column {at + 1}" for at in range(len(first.cells))),
            tuple(range(len(first.cells))),
            len(first.cells),
        )
    return read_header(first.cells, lambda nameless: _filled(source, nameless))


def _filled(source: _Source, nameless: set[int]) -> set[int]:
    """Read the file through to see in which of the nameless columns something stands."""
    found: set[int] = set()
    with _reading(source) as file:
        records = read_records(file, source.punctuation)
        next(records, None)
        for record in records:
            cells = record.cells
            found.update(at for at in nameless if at < len(cells) and cells[at].strip())
            if found == nameless:
                break
    return found


def _rows(source: _Source, shape: Header, *, header: bool) -> Iterator[Row]:
    with _reading(source) as file:
        records = read_records(file, source.punctuation)
        if header:
            next(records, None)
        skipped = source.skip_lines
        for record in records:
            yield shape.row(record.number + skipped, record.cells, record.problem)


def _text(path: Path, how: Encoding) -> TextIO:
    raw = path.open("rb")
    raw.seek(how.skip)
    return io.TextIOWrapper(raw, encoding=how.name, errors="backslashreplace", newline="")


@contextmanager
def _reading(source: _Source) -> Iterator[TextIO]:
    try:
        with _text(source.path, source.encoding) as file:
            for _ in range(source.skip_lines):
                file.readline()
            yield file
    except FileNotFoundError as error:
        raise cannot_open(source.path, error) from error
    except OSError as error:
        raise Unavailable(
            f"“{source.path.name}” could not be read to its end: {error.strerror or error}. Copy it to this computer."
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
