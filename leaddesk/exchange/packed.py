"""What is in an .xlsx or .ods package, looked at before it is unpacked: bombs and traps are refused with words.

A workbook is held in memory while it is read (about twice the size of its unpacked sheet), and room is made for every
cell of the rectangle it fills; so its size and its rectangle are bounded here, by reading the sheets through in pieces.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.parsers import expat

from leaddesk.workflow.errors import Refused

LARGEST = 600 << 20  # bytes of one part unpacked; a sheet of a million rows and ten columns has some 540 MB
CELLS = 40_000_000  # of a sheet's rectangle, empty ones too: a million rows of forty columns
_SMALL = 20 << 20  # a part so small does no harm, however well it was packed
_RATIO = 250  # real sheets are packed 5 to 60 times smaller; bombs a thousand
_PARTS = 10_000
_CHUNK = 1 << 20
_OVERLAP = 200  # bytes; a tag's attribute may stand across two chunks
_NEAR_ROWS = 999_999  # rows that the quick look does not see; forty columns of them do no harm
_FAR_ROW = re.compile(rb'r="[A-Za-z]{0,9}(\d{7,})"')
_FAR_COLUMN = re.compile(rb'r="([A-Za-z]{2,})\d')
_ANY_ROW = re.compile(rb'r="[A-Za-z]{0,9}(\d+)"')
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,  # an encoding nobody knows
    NotImplementedError,  # a way of packing nobody knows
    RuntimeError,  # a password
    ValueError,
)


def check_package(path: Path) -> None:
    """Refuse what would fill the memory or reads from elsewhere. Raises Refused; OSError passes through."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > _PARTS:
                raise _bomb(path, f"it is packed of {len(parts):,} parts")
            for part in parts:
                _check_size(path, part)
            for part in parts:
                if _is_read(part.filename):
                    _check_part(path, package, part)
    except _DAMAGE as error:
        raise Refused(
            f"“{path.name}” is not a table I can read: it is damaged, or another kind of file. Save it as CSV or XLSX."
        ) from error


def _is_read(name: str) -> bool:
    lower = name.lower()
    sheet = lower.startswith("xl/worksheets/") and lower.endswith(".bin") and "/binaryindex" not in lower
    return sheet or (lower.endswith((".xml", ".rels")) and "/media/" not in lower)


def _check_size(path: Path, part: zipfile.ZipInfo) -> None:
    if part.file_size > _SMALL and part.file_size > _RATIO * max(1, part.compress_size):
        raise _bomb(
            path, f"{part.filename} unpacks to {part.file_size / max(1, part.compress_size):,.0f} times its size"
        )
    if part.file_size > LARGEST and not part.filename.lower().startswith(("xl/media/", "pictures/")):
        raise Refused(
            f"“{path.name}” is too big for a workbook: {part.filename} has {part.file_size >> 20:,} MB unpacked and "
            f"{LARGEST >> 20} MB is the most. Save the sheet as CSV, which is read piece by piece."
        )


def _bomb(path: Path, why: str) -> Refused:
    return Refused(f"“{path.name}” is not opened: {why}, which no list of people is. Save it anew as CSV or XLSX.")


def _check_part(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read one part through. Python's reader stops at the declared size, and says so where there is more."""
    with package.open(part) as file:
        binary = part.filename.lower().endswith(".bin")
        rows, columns = _binary_extent(file) if binary else _extent(path, part.filename, file)
    if not binary and rows <= _NEAR_ROWS and columns * _NEAR_ROWS > CELLS:
        with package.open(part) as file:
            rows = _last_row(file)
    if rows * columns > CELLS:
        raise Refused(
            f"“{path.name}” is too big for a workbook: {part.filename} reaches to row {rows:,} and column {columns:,}. "
            "Delete what stands far from the list, or save the sheet as CSV."
        )


def _extent(path: Path, name: str, file: IO[bytes]) -> tuple[int, int]:
    """Return the lowest row and the rightmost column (26 at least) in which a sheet's XML has a cell.

    Raises ExpatError where OpenDocument's XML is not well formed: the library reads on for ever in an element that
    never ends. In Excel's it does not, and understands what careless programs write.
    """
    sheet = name.lower().startswith("xl/worksheets/")
    rows, columns, tail = 1, 26, b""
    parser, whole = expat.ParserCreate(), not name.lower().startswith("xl/")
    while chunk := file.read(_CHUNK):
        text = tail + chunk
        tail = chunk[-_OVERLAP:]
        if any(word in text for word in _DECLARED):
            raise Refused(
                f"“{path.name}” is not opened: {name} declares entities, as no spreadsheet program does. "
                "Save it anew as CSV or XLSX."
            )
        if whole:
            parser.Parse(chunk)
        if sheet:
            text = _evenly_quoted(text)
            rows = max(rows, max(map(_row, _FAR_ROW.findall(text)), default=1))
            columns = max(columns, max(map(_column, set(_FAR_COLUMN.findall(text))), default=1))
    if whole:
        parser.Parse(b"", True)
    return rows, columns


def _evenly_quoted(text: bytes) -> bytes:
    """Write cells' places as r="A1", however they are quoted and spaced."""
    return text.translate(None, b" \t\r\n").replace(b"'", b'"')


def _last_row(file: IO[bytes]) -> int:
    """Return the lowest row of a sheet by looking at every cell: slower, for the rare sheet of thousands of columns."""
    rows, tail = 1, b""
    while chunk := file.read(_CHUNK):
        rows = max(rows, max(map(_row, _ANY_ROW.findall(_evenly_quoted(tail + chunk))), default=1))
        tail = chunk[-_OVERLAP:]
    return rows


def _row(digits: bytes) -> int:
    return int(digits[:18])


def _column(letters: bytes) -> int:
    """Count the column as a sheet does: A is 1, AA 27."""
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - 64
    return number


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
