"""Excel (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument tables, read through calamine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from leaddesk.exchange.tables import Header, Row, Table, cannot_open, no_table, read_header
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_EXACT = 1 << 53  # whole numbers up to here are exact in a sheet's floating point
_NONCHARACTER = re.compile(r"_x(FFF[EF])_")


def is_workbook(start: bytes) -> bool:
    """Whether a file's first bytes are those of a spreadsheet program's own format, or of what it is packed in."""
    return start.startswith((_ZIP, _OLE))


def open_workbook(path: Path, *, header: bool, sheet: str | None) -> Table:
    """Open the named sheet, or the first visible one with anything in it. Raises Refused."""
    book = _load(path)
    chosen = _choose(book, path, sheet)
    lines = _lines(chosen)
    first = next(lines, None)
    if first is None:
        raise Refused(
            f"The sheet “{chosen.name}” of “{path.name}” is empty. Name another sheet, or fill this one.", field="sheet"
        )
    if header:
        shape = read_header(first[1], lambda nameless: _filled(chosen, nameless))
    else:
        width = len(first[1])
        shape = Header(tuple(f"Column {at + 1}" for at in range(width)), tuple(range(width)), width)
    names = tuple(book.sheet_names)
    note = f"Only the sheet “{chosen.name}” is read; there are {len(names)} in the file." if len(names) > 1 else None
    return Table(
        columns=shape.columns,
        rows=lambda: _rows(chosen, shape, header=header),
        sheet=chosen.name,
        sheets=names,
        dropped=shape.dropped,
        notes=(note,) if note else (),
    )


def _load(path: Path) -> CalamineWorkbook:
    import python_calamine as calamine

    try:
        if _needs_password(path):
            raise _protected(path)
        return calamine.CalamineWorkbook.from_path(path)
    except OSError as error:
        raise cannot_open(path, error) from error
    except calamine.PasswordError as error:
        raise _protected(path) from error
    except calamine.CalamineError as error:
        raise no_table(path.name, "it is damaged, or another kind of file") from error


def _needs_password(path: Path) -> bool:
    """An encrypted .xlsx is an OLE file with a stream of this name in its directory."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) != _OLE:
            return False
        tail = b""
        while chunk := file.read(1 << 20):
            if _ENCRYPTED in tail + chunk:
                return True
            tail = chunk[-len(_ENCRYPTED) :]
    return False


def _protected(path: Path) -> Refused:
    return Refused(f"“{path.name}” is protected by a password. Save it without one, or as CSV, and try again.")


def _choose(book: CalamineWorkbook, path: Path, wanted: str | None) -> CalamineSheet:
    import python_calamine as calamine

    if wanted is not None:
        if wanted not in book.sheet_names:
            known = ", ".join(f"“{name}”" for name in book.sheet_names)
            raise Refused(f"There is no sheet “{wanted}” in “{path.name}”; it has {known}.", field="sheet")
        return book.get_sheet_by_name(wanted)
    visible = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
    ]
    for name in visible or book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height:
            return sheet
    raise Refused(f"“{path.name}” is empty: no sheet has anything in it.")


def _lines(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows in which something stands, each with the number it has on the screen."""
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        words = [_words(cell) for cell in cells]
        if any(words):
            yield number, words


def _filled(sheet: CalamineSheet, nameless: set[int]) -> set[int]:
    lines = _lines(sheet)
    next(lines, None)
    found: set[int] = set()
    for _, cells in lines:
        found.update(at for at in nameless if cells[at].strip())
        if found == nameless:
            break
    return found


def _rows(sheet: CalamineSheet, shape: Header, *, header: bool) -> Iterator[Row]:
    lines = _lines(sheet)
    if header:
        next(lines, None)
    for number, cells in lines:
        yield shape.row(number, cells)


def _words(value: float | str | time | date | datetime | timedelta) -> str:
    """Write a cell as a person would type it: 5 and not 5.0, dates in ISO form, yes and no."""
    if isinstance(value, str):
        return _NONCHARACTER.sub(lambda found: chr(int(found[1], 16)), value) if "_xFFF" in value else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
