"""Sheets of .xls and .xlsb, Excel's binary files, read through calamine; it holds the whole sheet, so size is bounded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from leaddesk.exchange.cell_words import words
from leaddesk.exchange.packed import readable
from leaddesk.exchange.sheets import Extent, Line
from leaddesk.exchange.tables import no_table
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST = 600 << 20  # bytes of one part unpacked; held in memory it takes about twice that
CELLS = 40_000_000  # of the rectangle a sheet fills, empty ones too, for which room is made


@dataclass(frozen=True)
class HeldSheet:
    """One sheet of an opened book, read when it is first asked for."""

    path: Path
    name: str
    listed: bool
    book: CalamineWorkbook

    def _sheet(self) -> CalamineSheet:
        with damage(self.path):
            return self.book.get_sheet_by_name(self.name)

    def rows(self) -> Iterator[Line]:
        """Yield the rows of the rectangle that is filled, from column A on."""
        sheet = self._sheet()
        before = [""] * (sheet.start[1] if sheet.start else 0)
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [*before, *(cell if isinstance(cell, str) else words(cell) for cell in cells)]

    def extent(self) -> Extent:
        """Say which rectangle is filled."""
        sheet = self._sheet()
        if sheet.start is None or sheet.end is None:
            return Extent(0, 0, None)
        return Extent(sheet.start[1], sheet.end[1] + 1, None)


def open_binary(path: Path) -> tuple[HeldSheet, ...]:
    """Open a file of either kind. Raises Refused."""
    import python_calamine as calamine

    with readable(path):
        if zipfile.is_zipfile(path):
            _check_package(path)
        with damage(path):
            try:
                book = calamine.CalamineWorkbook.from_path(path)
            except calamine.CalamineError:  # it goes by the name; the content may be another program's
                book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    return tuple(
        HeldSheet(
            path,
            meta.name,
            meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible,
            book,
        )
        for meta in book.sheets_metadata
    )


@contextmanager
def damage(path: Path) -> Iterator[None]:
    """Turn everything the library may say of a broken file, its panics too, into words."""
    import python_calamine as calamine

    try:
        yield
    except calamine.PasswordError as error:
        raise protected(path) from error
    except (calamine.CalamineError, ValueError, OverflowError, MemoryError) as error:
        raise no_table(path.name, "it is damaged, or another kind of file") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the library's own, no Exception
            raise
        raise no_table(path.name, "it is damaged, or another kind of file") from error


def protected(path: Path) -> Refused:
    """Say that the file needs a password."""
    return Refused(f"“{path.name}” is protected by a password. Save it without one, or as CSV, and try again.")


def _check_package(path: Path) -> None:
    """Refuse sheets of an .xlsb that are too big to be held. Raises what a broken zip raises."""
    with zipfile.ZipFile(path) as package:
        for part in package.infolist():
            if part.file_size > LARGEST:
                raise _too_big(path, f"{part.filename} has {part.file_size >> 20:,} MB unpacked")
            name = part.filename.lower()
            if name.startswith("xl/worksheets/") and name.endswith(".bin") and "/binaryindex" not in name:
                with package.open(part) as file:
                    rows, columns = _binary_extent(file)
                if rows * columns > CELLS:
                    raise _too_big(path, f"it reaches to row {rows:,} and column {columns:,}")


def _too_big(path: Path, why: str) -> Refused:
    return Refused(
        f"“{path.name}” is too big for a binary workbook: {why}. Save it as XLSX or CSV, which are read piece by piece."
    )


def _binary_extent(file: IO[bytes]) -> tuple[int, int]:
    """Return the last row and column of an .xlsb sheet: records of a type, a length and content ([MS-XLSB] 2.1.4).

    Record 0 begins a row with its number; records 1 to 11 are cells and begin with their column.
    """
    rows, columns = 1, 26
    while (kind := _varied(file)) is not None and (length := _varied(file)) is not None:
        if length > LARGEST:
            break
        content = file.read(length)
        if kind == 0:
            rows = max(rows, int.from_bytes(content[:4], "little") + 1)
        elif kind <= 11:
            columns = max(columns, int.from_bytes(content[:4], "little") + 1)
    return rows, columns


def _varied(file: IO[bytes]) -> int | None:
    """Read a number written in groups of seven bits, the lowest first; None at the end."""
    number = 0
    for shift in range(0, 28, 7):
        byte = file.read(1)
        if not byte:
            return None
        number |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            break
    return number
