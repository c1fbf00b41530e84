"""Workbooks of Excel (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument (.ods): the sheet that is the list, and its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from leaddesk.exchange.calamine_sheets import open_binary, protected
from leaddesk.exchange.layout import SAMPLE, Layout, lay_out, looks_like_list
from leaddesk.exchange.lost_digits import mend
from leaddesk.exchange.ods_sheets import is_locked, is_ods, open_ods
from leaddesk.exchange.packed import Package, readable
from leaddesk.exchange.sheets import Extent, Sheet
from leaddesk.exchange.tables import Header, Row, Table, read_header
from leaddesk.exchange.xlsx_books import is_xlsx, open_xlsx
from leaddesk.workflow.errors import Refused

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(start: bytes) -> bool:
    """Whether a file's first bytes are those of a spreadsheet program's own format, or of what it is packed in."""
    return start.startswith((_ZIP, _OLE))


def open_workbook(path: Path, *, header: bool | None, sheet: str | None) -> Table:
    """Open the named sheet, or the first visible one that looks like a list. Raises Refused."""
    sheets = sheets_of(path)
    names = tuple(one.name for one in sheets)
    chosen, passed = (_named(sheets, path, sheet), ()) if sheet is not None else _choose(sheets, path)
    extent = chosen.extent()
    first = [cells for _, cells, _ in islice(lines_of(chosen, extent), SAMPLE)]
    if not first:
        raise Refused(
            f"The sheet “{chosen.name}” of “{path.name}” is empty. Name another sheet, or fill this one.", field="sheet"
        )
    layout = lay_out(first, header)
    shape = (
        read_header(layout.names, lambda nameless: _filled(chosen, extent, layout, nameless))
        if layout.header
        else Header(layout.names, tuple(range(len(layout.names))), len(layout.names))
    )
    return Table(
        columns=shape.columns,
        rows=lambda: _rows(chosen, extent, layout, shape),
        sheet=chosen.name,
        sheets=names,
        dropped=shape.dropped,
        notes=(*_sheet_notes(chosen.name, names, passed), *layout.notes(told=header is False)),
        headed=bool(layout.header),
        preamble=layout.preamble,
        length=None if extent.rows is None else extent.rows - layout.skip,
    )


def _sheet_notes(chosen: str, names: Sequence[str], passed: Sequence[str]) -> tuple[str, ...]:
    if len(names) < 2:
        return ()
    why = f" {', '.join(f'“{name}”' for name in passed)} came first and did not look like a list." if passed else ""
    return (f"Only the sheet “{chosen}” is read; there are {len(names)} in the file.{why}",)


def sheets_of(path: Path) -> Sequence[Sheet]:
    """Return the workbook's sheets; what is in it decides of which kind it is, not its name."""
    with readable(path):
        packed = _is_package(path)
        if not packed and _needs_password(path):
            raise protected(path)
    if packed:
        with Package(path) as package, readable(path):
            if is_ods(package):
                if is_locked(package):
                    raise protected(path)
                return open_ods(package)
            if is_xlsx(package):
                return open_xlsx(package)
    return open_binary(path)


def _is_package(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


def _needs_password(path: Path) -> bool:
    """An encrypted .xlsx is an OLE file with a stream of this name in its directory."""
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(1 << 20):
            if _ENCRYPTED in tail + chunk:
                return True
            tail = chunk[-len(_ENCRYPTED) :]
    return False


def _named(sheets: Sequence[Sheet], path: Path, wanted: str) -> Sheet:
    for sheet in sheets:
        if sheet.name == wanted:
            return sheet
    known = ", ".join(f"“{sheet.name}”" for sheet in sheets)
    raise Refused(f"There is no sheet “{wanted}” in “{path.name}”; it has {known}.", field="sheet")


def _choose(sheets: Sequence[Sheet], path: Path) -> tuple[Sheet, tuple[str, ...]]:
    """Return the first sheet that looks like a list, else the first with anything in it, and those passed over."""
    passed: list[str] = []
    first: Sheet | None = None
    for sheet in [sheet for sheet in sheets if sheet.listed] or sheets:
        sample = [cells for _, cells in islice(sheet.rows(), SAMPLE) if any(cells)]
        if looks_like_list(sample):
            return sheet, tuple(passed)
        if sample:
            passed.append(sheet.name)
            first = first or sheet
    if first is None:
        raise Refused(f"“{path.name}” is empty: no sheet has anything in it.")
    return first, ()


def lines_of(sheet: Sheet, extent: Extent) -> Iterator[tuple[int, list[str], tuple[tuple[int, str], ...]]]:
    """Yield the rows in which something stands: number on the screen, cells as wide as the sheet, lost digits."""
    first, width = extent.first, extent.end - extent.first
    for number, cells in sheet.rows():
        if any(cells):
            if first:
                del cells[:first]
            if len(cells) < width:
                cells.extend([""] * (width - len(cells)))
            yield number, cells, mend(cells)


def _filled(sheet: Sheet, extent: Extent, layout: Layout, nameless: set[int]) -> set[int]:
    found: set[int] = set()
    for _, cells, _ in islice(lines_of(sheet, extent), layout.skip, None):
        found.update(at for at in nameless if at < len(cells) and cells[at].strip())
        if found == nameless:
            break
    return found


def _rows(sheet: Sheet, extent: Extent, layout: Layout, shape: Header) -> Iterator[Row]:
    for number, cells, flaws in islice(lines_of(sheet, extent), layout.skip, None):
        yield shape.row(number, cells, None, flaws)
