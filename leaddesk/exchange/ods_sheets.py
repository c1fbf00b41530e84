"""Sheets of OpenDocument (.ods), read as a stream: content.xml goes through a parser and only a row is held.

OpenDocument 1.3 part 3, chapters 9 (tables), 6.1 (texts in paragraphs) and 19.385 (kinds of values).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from leaddesk.exchange.cell_words import iso_words, number_words
from leaddesk.exchange.look_through import LookThrough, check_column, check_extent
from leaddesk.exchange.packed import STRETCH, Attributes, Package, attribute, readable, too_long
from leaddesk.exchange.sheets import Extent, Line

CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_SEPARATOR = " "
_SPACES = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{_SPACES}{name}:1.0{_SEPARATOR}" for name in ("office", "table", "text", "style"))
_DRAWN = f"{_SPACES}drawing:1.0{_SEPARATOR}"

_TAB, _ROW, _CELL, _COVERED = (_TABLE + name for name in ("table", "table-row", "table-cell", "covered-table-cell"))
_NAME, _LOOK = _TABLE + "name", _TABLE + "style-name"
_ROWS_AGAIN, _CELLS_AGAIN = _TABLE + "number-rows-repeated", _TABLE + "number-columns-repeated"
_KIND = _OFFICE + "value-type"
_PARAGRAPHS = frozenset((_TEXT + "p", _TEXT + "h"))
_BLANKS, _COUNT = _TEXT + "s", _TEXT + "c"
_SHAPES = ("a", "caption", "circle", "connector", "control", "custom-shape", "ellipse", "frame", "g", "line", "measure")
_MORE_SHAPES = ("path", "polygon", "polyline", "rect", "regular-polygon")
_ASIDE = (
    *(_OFFICE + "annotation", _TEXT + "note", _TEXT + "ruby-text", _TAB),
    *(_DRAWN + shape for shape in (*_SHAPES, *_MORE_SHAPES)),
)
"""What stands in a cell and is not its text: remarks, pictures, a table in it."""
_VALUES: dict[str, Callable[[str], str]] = {
    _OFFICE + "value": number_words,
    _OFFICE + "date-value": iso_words,
    _OFFICE + "time-value": iso_words,
    _OFFICE + "boolean-value": lambda text: "yes" if text.lower() == "true" else "no",
    _OFFICE + "string-value": lambda text: text,
}


@dataclass(frozen=True)
class OdsSheet:
    """One sheet."""

    path: Path
    name: str
    listed: bool
    looked_at: Extent

    def rows(self) -> Iterator[Line]:
        """Yield the rows; one that is repeated comes as often as it stands there."""
        with readable(self.path), Package(self.path) as package:
            for number, times, cells in _Rows(package, self.name).read():
                for again in range(times):
                    yield number + again, cells if times == 1 else cells.copy()

    def extent(self) -> Extent:
        """Say what was seen when the file was opened: all sheets stand in one part."""
        return self.looked_at


def is_ods(package: Package) -> bool:
    """Whether it is an OpenDocument package; a text document is one too, and has no sheet."""
    return CONTENT in package


def is_locked(package: Package) -> bool:
    """Whether a password is needed."""
    found = False

    def start(element: str, _: Attributes) -> None:
        nonlocal found
        found = found or element.endswith("encryption-data")

    if _MANIFEST in package:
        with readable(package.path):
            package.settings(_MANIFEST, start)
    return found


@dataclass
class _Seen:
    """What is seen of one sheet while the file is looked through; columns from 0, `end` the one after the last."""

    name: str
    look: str
    first: int = 1 << 62
    end: int = 0
    rows: int = 0

    def extent(self) -> Extent:
        return Extent(self.first if self.end else 0, self.end, self.rows)


def open_ods(package: Package) -> tuple[OdsSheet, ...]:
    """Look the file through; return its sheets in the order of their tabs. Raises Refused where it is damaged."""
    with readable(package.path):
        look = _Look(package)
        look.through()
        for one in look.seen:
            check_extent(package, one.rows, one.end)
    return tuple(OdsSheet(package.path, one.name, one.look not in look.hidden, one.extent()) for one in look.seen)


class _Look(LookThrough):
    """Finds the named tables, what of them is filled, and the styles of those that are hidden."""

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        self.seen: list[_Seen] = []
        self.hidden: set[str] = set()
        self._sheet = _Seen("", "")
        self._style = ""
        self._column, self._times = 0, 1
        self._fresh = False

    def through(self) -> None:
        starts: defaultdict[str, Callable[[Attributes], object] | None] = defaultdict(lambda: None)
        starts.update(dict.fromkeys((_CELL, _COVERED), self._cell))
        starts.update({_ROW: self._row, _TAB: self._table})
        starts.update({_STYLE + "style": self._style_of, _STYLE + "table-properties": self._properties})
        self.parse(CONTENT, self.package.parser(_SEPARATOR), starts)

    def _cell(self, attributes: Attributes) -> None:
        again = int(attribute(attributes, _CELLS_AGAIN, "1"))
        if _KIND in attributes:
            sheet = self._sheet
            sheet.first = min(sheet.first, self._column)
            sheet.end = max(sheet.end, self._column + again)
            self.values += 1
            if self._fresh:
                self.rows += 1
                sheet.rows += self._times
                self._fresh = False
        self._column += again

    def _row(self, attributes: Attributes) -> None:
        self._times = int(attribute(attributes, _ROWS_AGAIN, "1"))
        self._column, self._fresh, self.stretch = 0, True, 0

    def _table(self, attributes: Attributes) -> None:
        self.rows = 0
        self._sheet = _Seen(attribute(attributes, _NAME, ""), attribute(attributes, _LOOK, ""))
        if self._sheet.name:
            self.seen.append(self._sheet)

    def _style_of(self, attributes: Attributes) -> None:
        self._style = attribute(attributes, _STYLE + "name", "")

    def _properties(self, attributes: Attributes) -> None:
        if attribute(attributes, _TABLE + "display", "true") == "false":
            self.hidden.add(self._style)


class _Rows:
    """Reads the filled rows of the table of one name: number, how often it stands there, cells."""

    def __init__(self, package: Package, table: str) -> None:
        self._package, self._wanted_table = package, table
        self._parser = package.parser(_SEPARATOR)
        self._ready: list[tuple[int, int, list[str]]] = []
        self._cells: list[str] = []
        self._letters: list[str] = []
        self._value: str | None = None
        self._number, self._times, self._column, self._again = 1, 1, 0, 1
        self._aside = self._paragraphs = self._blanks = 0
        self._within = self._wanted = self._listening = self._ended = False
        self._starts: dict[str, Callable[[Attributes], object]] = {_TAB: self._table}
        self._ends: dict[str, Callable[[], object]] = {}

    def read(self) -> Iterator[tuple[int, int, list[str]]]:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        for piece in self._package.pieces(CONTENT):  # looked through already, so that nothing in it is too long
            self._parser.Parse(piece)
            yield from self._ready
            self._ready.clear()
            if self._ended:
                return

    def _start(self, element: str, attributes: Attributes) -> None:
        if self._aside:
            self._aside += 1
        elif (call := self._starts.get(element)) is not None:
            call(attributes)

    def _end(self, element: str) -> None:
        if self._aside:
            self._aside -= 1
            if self._listening and not self._aside:
                self._parser.CharacterDataHandler = self._letters.append
        elif (call := self._ends.get(element)) is not None:
            call()

    def _table(self, attributes: Attributes) -> None:
        if attribute(attributes, _NAME, "") != self._wanted_table:
            return
        self._starts = {
            **dict.fromkeys(_ASIDE, self._aside_begins),
            **dict.fromkeys((_CELL, _COVERED), self._cell),
            **dict.fromkeys(_PARAGRAPHS, self._paragraph),
            _ROW: self._row,
            _BLANKS: self._several_blanks,
            _TEXT + "tab": lambda _: self._letters.append("\t"),
            _TEXT + "line-break": lambda _: self._letters.append("\n"),
        }
        self._ends = {
            **dict.fromkeys((_CELL, _COVERED), self._cell_ends),
            **dict.fromkeys(_PARAGRAPHS, self._paragraph_ends),
            _ROW: self._row_ends,
            _TAB: self._table_ends,
        }

    def _aside_begins(self, _: Attributes) -> None:
        if self._within:
            self._aside = 1
            self._parser.CharacterDataHandler = None

    def _row(self, attributes: Attributes) -> None:
        self._times = int(attribute(attributes, _ROWS_AGAIN, "1"))
        self._column = self._blanks = 0

    def _cell(self, attributes: Attributes) -> None:
        self._value, self._again, self._wanted = None, 1, False
        self._within, self._paragraphs = True, 0
        pairs = iter(attributes)
        for name in pairs:
            held = next(pairs)
            if name == _KIND:
                self._wanted = held == "string"
            elif name == _CELLS_AGAIN:
                self._again = int(held)
            elif self._value is None and name in _VALUES:
                self._value = _VALUES[name](held)
        self._wanted = self._wanted and self._value is None

    def _paragraph(self, _: Attributes) -> None:
        if self._wanted:
            if self._paragraphs:
                self._letters.append("\n")
            self._paragraphs += 1
            self._listening = True
            self._parser.CharacterDataHandler = self._letters.append

    def _paragraph_ends(self) -> None:
        self._listening = False
        self._parser.CharacterDataHandler = None

    def _several_blanks(self, attributes: Attributes) -> None:
        count = int(attribute(attributes, _COUNT, "1"))
        self._blanks += count
        if self._blanks > STRETCH:
            raise too_long(self._package.path)
        self._letters.append(" " * count)

    def _cell_ends(self) -> None:
        text = "".join(self._letters) if self._wanted else self._value
        self._letters.clear()
        if text:
            check_column(self._package, self._column + self._again)
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells.extend([text] * self._again)
        self._column += self._again
        self._within = self._wanted = False

    def _row_ends(self) -> None:
        if self._cells:
            self._ready.append((self._number, self._times, self._cells))
            self._cells = []
        self._number += self._times

    def _table_ends(self) -> None:
        self._ended = True
        self._starts, self._ends = {}, {}
