"""JSON as a table: an object to a line, or one array of objects; what is nested gets a column “address.city”.

Lines are read one by one. An array is read piece by piece too: each object is parsed and let go.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from leaddesk.exchange import encodings
from leaddesk.exchange.encodings import Encoding
from leaddesk.exchange.lost_digits import mend
from leaddesk.exchange.tables import Row, Table, cannot_open, no_table
from leaddesk.workflow.errors import Refused, Unavailable

_PIECE = 1 << 16
_OBJECT_LIMIT = 1 << 22  # letters of one record
_DEPTH = 30
_COLUMNS = 2_000
_PROBE = 1 << 16  # letters looked at to tell JSON from other text
_BLANK = " \t\r\n\ufeff"
_BROKEN = "This line is no JSON object and was not understood: {why}."


class Found(NamedTuple):
    """One record: the line it begins on, its value, and what is wrong where it is no object."""

    number: int
    value: Any
    problem: str | None = None


def is_json(start: bytes) -> bool:
    """Whether a file's first bytes, in any encoding, begin an object or an array."""
    text = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    inside = text[1:].lstrip()[:1]
    return (text[:1] == b"[" and inside in {b"{", b"[", b'"', b"]"}) or (text[:1] == b"{" and inside in {b'"', b"}"})


def open_json(path: Path, *, encoding: str | None = None) -> Table:
    """Read the file through for its columns, in the order they come. Raises Refused where there is no record."""
    columns: dict[str, None] = {}
    count = 0
    try:
        how = encodings.given(path, encoding) if encoding else encodings.detect(path)
        for found in _records(path, how):
            count += 1
            for name in flat(found.value):
                if name not in columns and len(columns) >= _COLUMNS:
                    raise no_table(path.name, f"its objects have more than {_COLUMNS:,} different names")
                columns[name] = None
    except OSError as error:
        raise cannot_open(path, error) from error
    if not count or not columns:
        raise Refused(f"“{path.name}” is empty: there is no object in it. Export it again with its rows.")
    names = tuple(columns)
    return Table(
        names, lambda: _rows(path, how, names), encoding=how.name, notes=(how.note,) if how.note else (), headed=True
    )


def _rows(path: Path, how: Encoding, columns: tuple[str, ...]) -> Iterator[Row]:
    for found in _records(path, how):
        said = flat(found.value)
        cells = [said.get(name, "") for name in columns]
        flaws = mend(cells)
        surplus = () if found.problem is None else (str(found.value),)
        yield Row(found.number, tuple(cells), found.problem, surplus, flaws)


def flat(value: Any) -> dict[str, str]:
    """Write an object's values as a person would: names of nested ones joined by dots, lists of words by commas."""
    out: dict[str, str] = {}
    if isinstance(value, dict):
        _flatten(value, "", out, _DEPTH)
    return out


def _flatten(value: Any, name: str, out: dict[str, str], depth: int) -> None:
    if isinstance(value, dict) and value and depth:
        for key, inner in value.items():
            _flatten(inner, f"{name}.{key}" if name else key, out, depth - 1)
    elif isinstance(value, list) and depth and any(isinstance(item, dict | list) for item in value):
        for at, item in enumerate(value):
            _flatten(item, name if at == 0 else f"{name} ({at + 1})", out, depth - 1)
    else:
        free, count = name, 1
        while free in out:
            count += 1
            free = f"{name} ({count})"
        out[free] = _words(value)


def _words(value: Any) -> str:
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(_word(item) for item in value if item is not None)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) and value else _word(value)


def _word(value: Any) -> str:
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _records(path: Path, how: Encoding) -> Iterator[Found]:
    try:
        with _reading(path, how) as file:
            start = file.read(_PROBE).lstrip(_BLANK)
        with _reading(path, how) as file:
            yield from _of_array(path, file) if start.startswith("[") else _of_lines(path, file)
    except FileNotFoundError as error:
        raise cannot_open(path, error) from error
    except OSError as error:
        raise Unavailable(
            f"“{path.name}” could not be read to its end: {error.strerror or error}. Copy it to this computer."
        ) from error


@contextmanager
def _reading(path: Path, how: Encoding) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        raw.seek(how.skip)
        with io.TextIOWrapper(raw, encoding=how.name, errors="backslashreplace", newline=None) as file:
            yield file


def _decoder() -> json.JSONDecoder:
    """Numbers stay as they are written: 491512345678901234567 loses no digit, 007.50 is not made 7.5."""
    return json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, strict=False)


def _of_lines(path: Path, file: TextIO) -> Iterator[Found]:
    """One object to a line; an object over several lines is gathered until it closes."""
    decoder = _decoder()
    held: list[tuple[int, str]] = []
    size = number = 0
    while line := file.readline(_OBJECT_LIMIT):
        number += 1
        size += len(line)
        if size >= _OBJECT_LIMIT:
            raise _too_long(path, held[0][0] if held else number)
        held.append((number, line))
        if not _closes(held) and size < _OBJECT_LIMIT // 8:
            continue
        found, unfinished = _parsed(path, decoder, held)
        yield from found
        held = unfinished
        size = sum(len(text) for _, text in held)
    found, unfinished = _parsed(path, decoder, held)
    yield from found
    for first, text in unfinished:
        yield Found(first, text.strip(), _BROKEN.format(why="it is not closed"))


def _closes(held: list[tuple[int, str]]) -> bool:
    """Whether it is worth while to parse: an object never closes but with a brace."""
    return held[-1][1].rstrip(_BLANK + ",").endswith("}") or not held[0][1].lstrip(_BLANK).startswith("{")


def _parsed(
    path: Path, decoder: json.JSONDecoder, held: list[tuple[int, str]]
) -> tuple[list[Found], list[tuple[int, str]]]:
    """Parse the lines held; return what was found, and the lines that may go on with the next one."""
    out: list[Found] = []
    while held:
        number = held[0][0]
        text = "".join(line for _, line in held)
        start = len(text) - len(text.lstrip(_BLANK + ","))
        if start == len(text):
            return out, []
        try:
            value, end = decoder.raw_decode(text, start)
        except RecursionError as error:
            raise no_table(path.name, f"the object in line {number} is nested too deep") from error
        except json.JSONDecodeError as error:
            if text.startswith("{", start) and _cut_off(error, text.rstrip()):
                return out, held
            out.append(Found(number, held[0][1].strip(), _BROKEN.format(why=error.msg)))
            held = held[1:]
            continue
        passed = text.count("\n", 0, start)
        out.append(_found(held[passed][0], value))
        last = text.count("\n", 0, end)
        rest = text[end:].partition("\n")[0].strip(_BLANK + ",")
        held = [*([(held[last][0], rest + "\n")] if rest else []), *held[last + 1 :]]
    return out, []


def _cut_off(error: json.JSONDecodeError, text: str) -> bool:
    """Whether the text was right as far as it went."""
    return error.pos >= len(text) or error.msg.startswith("Unterminated string")


def _found(number: int, value: Any) -> Found:
    if isinstance(value, dict):
        return Found(number, value)
    return Found(number, json.dumps(value, ensure_ascii=False), _BROKEN.format(why="it is a value without names"))


def _too_long(path: Path, number: int) -> Refused:
    return no_table(path.name, f"the object in line {number} is longer than {_OBJECT_LIMIT:,} letters")


def _of_array(path: Path, file: TextIO) -> Iterator[Found]:
    """The objects between the brackets, one after the other; what is broken cannot be passed over and is refused."""
    decoder = _decoder()
    text = file.read(_PIECE).lstrip(_BLANK)[1:]
    at, number = 0, 1
    while True:
        start = at
        while at < len(text) and text[at] in _BLANK + ",":
            at += 1
        number += text.count("\n", start, at)
        if text.startswith("]", at):
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except RecursionError as error:
            raise no_table(path.name, f"the object in line {number} is nested too deep") from error
        except json.JSONDecodeError as error:
            piece = file.read(max(_PIECE, len(text) - at)) if _cut_off(error, text) else ""
            if not piece:
                raise no_table(path.name, f"its JSON is broken in line {number}: {error.msg}") from error
            if len(text) - at > _OBJECT_LIMIT:
                raise _too_long(path, number) from error
            text, at = text[at:] + piece, 0
            continue
        yield _found(number, value)
        number += text.count("\n", at, end)
        at = end
