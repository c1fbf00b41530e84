"""The package an .xlsx or .ods is: a zip of XML parts, read piece by piece; bombs and traps are refused with words.

Nothing is held whole, so size alone does no harm. What would keep a person waiting or fill the memory is bounded here:
how small a part is packed, how much of it may go by without a row, how deep its elements stand in one another.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.parsers import expat

from leaddesk.exchange.tables import cannot_open, no_table
from leaddesk.workflow.errors import Refused

LARGEST = 4 << 30  # bytes of one part unpacked; a sheet of a million rows and forty columns has some 2 GB
CELLS = 60_000_000  # of the rows filled, as wide as the widest: a million rows of near sixty columns
COLUMNS = 16_384  # of a sheet, in Excel and in LibreOffice
STRETCH = 1 << 23  # bytes of XML without the end of a row or of a shared text
_SMALL = 20 << 20  # a part so small does no harm, however well it was packed
_SETTINGS = 64 << 20  # bytes of styles or of a workbook's list of sheets
_RATIO = 250  # real sheets are packed 5 to 60 times smaller; bombs a thousand
_PARTS = 10_000
_DEPTH = 200  # elements within one another
_PIECE = 1 << 16
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,  # an encoding, a relationship, a shared text that is not there
    NotImplementedError,  # a way of packing nobody knows
    OverflowError,
    RuntimeError,  # a password
    ValueError,
)

Attributes = list[str]
"""Name and value in turn, as expat gives them when asked for their order: a list is made quicker than a dict."""
Start = Callable[[str, Attributes], object]


class Calls(dict[str, Callable[..., object] | None]):
    """What to do at an element of XML, by its local name; worked out once for each name as it stands in the file."""

    def __init__(self, **by_name: Callable[..., object]) -> None:
        """Take a function for each element that concerns us."""
        super().__init__()
        self._by_name = by_name

    def __missing__(self, element: str) -> Callable[..., object] | None:
        found = self[element] = self._by_name.get(element.rpartition(":")[2])
        return found


def attribute(attributes: Attributes, name: str, otherwise: str) -> str:
    """Return the attribute of this name."""
    names = attributes[::2]
    return attributes[2 * names.index(name) + 1] if name in names else otherwise


class Package:
    """An opened package; a context manager that closes it, so that the file can be moved once it is read."""

    def __init__(self, path: Path) -> None:
        """Look at the list of parts. Raises Refused for what no spreadsheet program packs."""
        self.path = path
        with readable(path):
            self._zip = zipfile.ZipFile(path)
        try:
            self._parts = self._listed()
        except Refused:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        parts = self._zip.infolist()
        if len(parts) > _PARTS:
            raise _bomb(self.path, f"it is packed of {len(parts):,} parts")
        for part in parts:
            if part.file_size > _SMALL and part.file_size > _RATIO * max(1, part.compress_size):
                times = part.file_size / max(1, part.compress_size)
                raise _bomb(self.path, f"{part.filename} unpacks to {times:,.0f} times its size")
            if part.file_size > LARGEST:
                raise too_big(self.path, f"{part.filename} has {part.file_size >> 20:,} MB unpacked")
        return {_plain(part.filename): part for part in parts}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part in pieces, without the control characters that careless programs leave and XML forbids.

        Raises KeyError where there is no such part, and BadZipFile at the end where it is not what was packed.
        """
        with self._zip.open(self._parts[_plain(name)]) as file:
            piece = file.read(_PIECE)
            wide = piece.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00"))  # UTF-16 is full of zeros
            while piece:
                yield piece if wide else piece.translate(None, _CONTROLS)
                piece = file.read(_PIECE)

    def settings(self, name: str, start: Start, end: Callable[[str], object] | None = None) -> None:
        """Read a small part, as styles are, element by element. Raises Refused, and what `readable` knows."""
        if self._parts[_plain(name)].file_size > _SETTINGS:
            raise _bomb(self.path, f"{name} has {self._parts[_plain(name)].file_size >> 20:,} MB")
        depth = 0

        def deeper(element: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > _DEPTH:
                raise _too_deep(self.path)
            start(element, attributes)

        def back(element: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(element)

        parser = self.parser()
        parser.StartElementHandler = deeper
        parser.EndElementHandler = back
        for piece in self.pieces(name):
            parser.Parse(piece)
        parser.Parse(b"", True)

    def parser(self, separator: str | None = None) -> expat.XMLParserType:
        """Return a parser that refuses declared entities, and with them everything that reads from elsewhere."""

        def declared(*_: object) -> None:
            raise Refused(
                f"“{self.path.name}” is not opened: it declares entities, as no spreadsheet program does. "
                "Save it anew as CSV or XLSX."
            )

        parser = expat.ParserCreate(namespace_separator=separator)
        parser.buffer_text = True
        parser.buffer_size = _PIECE
        parser.ordered_attributes = True
        parser.StartDoctypeDeclHandler = declared
        # Newer parsers put off what they were given last, against endless tokens; ours are bounded by STRETCH.
        if (put_off := getattr(parser, "SetReparseDeferralEnabled", None)) is not None:
            put_off(False)
        return parser


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn everything a broken package may raise into words for a person: Refused."""
    try:
        yield
    except _DAMAGE as error:
        raise no_table(path.name, "it is damaged, or another kind of file") from error
    except OSError as error:
        raise cannot_open(path, error) from error


def too_long(path: Path) -> Refused:
    """Say that one row, or what stands between two, goes on without end."""
    return too_big(path, f"one of its rows is longer than {STRETCH >> 20} MB")


def _too_deep(path: Path) -> Refused:
    """Say that elements stand in elements without end."""
    return _bomb(path, f"its parts stand more than {_DEPTH} deep in one another")


def too_big(path: Path, why: str) -> Refused:
    """Say that somebody would wait too long, and what to do."""
    return Refused(
        f"“{path.name}” is too big for a workbook: {why}. "
        "Delete what stands far from the list, or save the sheet as CSV."
    )


def _bomb(path: Path, why: str) -> Refused:
    return Refused(f"“{path.name}” is not opened: {why}, which no list of people is. Save it anew as CSV or XLSX.")


def _plain(name: str) -> str:
    """Write a part's name as others may: there are programs that write backslashes, or other capitals."""
    return name.replace("\\", "/").lstrip("/").lower()
