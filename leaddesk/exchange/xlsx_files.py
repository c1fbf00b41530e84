"""Excel (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument tables, read through calamine."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from leaddesk.exchange.layout import SAMPLE, Layout, lay_out, looks_like_list
from leaddesk.exchange.lost_digits import mend
from leaddesk.exchange.packed import check_package
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


def open_workbook(path: Path, *, header: bool | None, sheet: str | None) -> Table:
    """Open the named sheet, or the first visible one that looks like a list. Raises Refused."""
    book = _load(path)
    names = tuple(book.sheet_names)
    chosen, passed = (_named(book, path, sheet), ()) if sheet is not None else _choose(book, path)
    first = [cells for _, cells, _ in islice(_lines(chosen), SAMPLE)]
    if not first:
        raise Refused(
            f"The sheet “{chosen.name}” of “{path.name}” is empty. Name another sheet, or fill this one.", field="sheet"
        )
    layout = lay_out(first, header)
    shape = (
        read_header(layout.names, lambda nameless: _filled(chosen, layout, nameless))
        if layout.header
        else Header(layout.names, tuple(range(len(layout.names))), len(layout.names))
    )
    return Table(
        columns=shape.columns,
        rows=lambda: _rows(chosen, layout, shape),
        sheet=chosen.name,
        sheets=names,
        dropped=shape.dropped,
        notes=(*_sheet_notes(chosen.name, names, passed), *layout.notes(told=header is False)),
        headed=bool(layout.header),
        preamble=layout.preamble,
    )


def _sheet_notes(chosen: str, names: Sequence[str], passed: Sequence[str]) -> tuple[str, ...]:
    if len(names) < 2:
        return ()
    why = f" {', '.join(f'“{name}”' for name in passed)} came first and did not look like a list." if passed else ""
    return (f"Only the sheet “{chosen}” is read; there are {len(names)} in the file.{why}",)


def _load(path: Path) -> CalamineWorkbook:
    import python_calamine as calamine

    try:
        if _needs_password(path):
            raise _protected(path)
        if _is_package(path):
            check_package(path)
        with _damage(path):
            try:
                return calamine.CalamineWorkbook.from_path(path)
            except calamine.CalamineError:  # it goes by the name; the content may be another program's
                return calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except OSError as error:
        raise cannot_open(path, error) from error


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turn everything the library may say of a broken file, its panics too, into words."""
    import python_calamine as calamine

    try:
        yield
    except calamine.PasswordError as error:
        raise _protected(path) from error
    except (calamine.CalamineError, ValueError, OverflowError, MemoryError) as error:
        raise no_table(path.name, "it is damaged, or another kind of file") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the library's own, no Exception
            raise
        raise no_table(path.name, "it is damaged, or another kind of file") from error


def _is_package(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


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


def _named(book: CalamineWorkbook, path: Path, wanted: str) -> CalamineSheet:
    if wanted not in book.sheet_names:
        known = ", ".join(f"“{name}”" for name in book.sheet_names)
        raise Refused(f"There is no sheet “{wanted}” in “{path.name}”; it has {known}.", field="sheet")
    with _damage(path):
        return book.get_sheet_by_name(wanted)


def _choose(book: CalamineWorkbook, path: Path) -> tuple[CalamineSheet, tuple[str, ...]]:
    """Return the first sheet that looks like a list, else the first with anything in it, and those passed over."""
    import python_calamine as calamine

    visible = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
    ]
    passed: list[str] = []
    first: CalamineSheet | None = None
    for name in visible or book.sheet_names:
        with _damage(path):
            sheet = book.get_sheet_by_name(name)
        if looks_like_list([cells for _, cells, _ in islice(_lines(sheet), SAMPLE)]):
            return sheet, tuple(passed)
        if sheet.height:
            passed.append(name)
            first = first or sheet
    if first is None:
        raise Refused(f"“{path.name}” is empty: no sheet has anything in it.")
    return first, ()


def _lines(sheet: CalamineSheet) -> Iterator[tuple[int, list[str], tuple[tuple[int, str], ...]]]:
    """Yield the rows in which something stands, with the number on the screen and words about lost digits."""
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        words = [_words(cell) for cell in cells]
        if any(words):
            yield number, words, mend(words)


def _filled(sheet: CalamineSheet, layout: Layout, nameless: set[int]) -> set[int]:
    found: set[int] = set()
    for _, cells, _ in islice(_lines(sheet), layout.skip, None):
        found.update(at for at in nameless if at < len(cells) and cells[at].strip())
        if found == nameless:
            break
    return found


def _rows(sheet: CalamineSheet, layout: Layout, shape: Header) -> Iterator[Row]:
    for number, cells, flaws in islice(_lines(sheet), layout.skip, None):
        yield shape.row(number, cells, None, flaws)


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
