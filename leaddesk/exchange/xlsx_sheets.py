"""Sheets of .xlsx and .xlsm, read as a stream: the XML goes through a parser piece by piece and only a row is held.

ECMA-376 part 1, chapter 18. Elements are told by their local names, so that strict OOXML and any prefix are understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from leaddesk.exchange.cell_words import date_words, iso_words, number_words, span_words, unescaped
from leaddesk.exchange.look_through import LookThrough, check_column, check_extent
from leaddesk.exchange.number_forms import Form
from leaddesk.exchange.packed import STRETCH, Attributes, Calls, Package, attribute, readable, too_long
from leaddesk.exchange.shared_texts import SharedTexts, TextReader, look_through_texts
from leaddesk.exchange.sheets import Extent, Line

_DIGITS = "0123456789"
_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
_OVERLAP = 100  # bytes; the tag may stand across two pieces


@dataclass(frozen=True)
class Styles:
    """Which of the workbook's cell formats are dates or spans of time, and from which year it counts its days."""

    forms: dict[str, Form]
    old_epoch: bool


@dataclass(frozen=True)
class XlsxSheet:
    """One sheet; `part` is where its rows are (None for a chart's sheet), `texts` where the workbook's texts are if it has any."""

    path: Path
    name: str
    listed: bool
    part: str | None
    texts: str
    styles: Styles

    def rows(self) -> Iterator[Line]:
        """Yield the rows as they stand in the file."""
        if self.part is None:
            return
        with readable(self.path), Package(self.path) as package, SharedTexts(package, self.texts) as texts:
            yield from _Rows(package, texts, self.styles).read(self.part)

    def extent(self) -> Extent:
        """Look the sheet and the shared texts through."""
        if self.part is None:
            return Extent(0, 0, 0)
        with readable(self.path), Package(self.path) as package:
            look_through_texts(package, self.texts)
            return _Look(package).through(self.part)


class _Columns(dict[str, int]):
    """Places of columns, from 0, by their letters: “A” is 0, “AA” 26; worked out once. Raises ValueError for others."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters.upper()[:8]:
            if not "A" <= letter <= "Z":
                raise ValueError(letters)
            number = number * 26 + ord(letter) - 64
        self[letters] = number - 1
        return number - 1


class _Look(LookThrough):
    """Finds the columns in which a cell has a value."""

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        self._columns = _Columns()
        self._filled: set[int] = set()
        self._column = -1
        self._fresh = False
        self._last = b""

    def through(self, part: str) -> Extent:
        starts = Calls(row=self._row, c=self._cell, v=self._value, **{"is": self._value})
        self.parse(part, self.package.parser(), starts, self._ended)
        extent = Extent(min(self._filled, default=0), max(self._filled, default=-1) + 1, self.rows)
        check_extent(self.package, self.rows, extent.end)
        return extent

    def _ended(self, piece: bytes) -> bool:
        """Whether the last cell has gone by: after it come links and colours, of which there may be very many."""
        before, self._last = self._last[-_OVERLAP:], piece
        return _END.search(before + piece) is not None

    def _row(self, _: Attributes) -> None:
        self._column, self.stretch, self._fresh = -1, 0, True

    def _cell(self, attributes: Attributes) -> None:
        if attributes and attributes[0] == "r":
            self._column = self._columns[attributes[1].rstrip(_DIGITS)]
        else:
            place = attribute(attributes, "r", "")
            self._column = self._columns[place.rstrip(_DIGITS)] if place else self._column + 1

    def _value(self, _: Attributes) -> None:
        self._filled.add(self._column)
        self.values += 1
        if self._fresh:
            self.rows += 1
            self._fresh = False


class _Rows:
    """Reads one sheet's rows. Letters are gathered wherever they stand; where a value begins, those before are dropped."""

    def __init__(self, package: Package, texts: SharedTexts, styles: Styles) -> None:
        self._package, self._texts, self._held = package, texts, texts.held
        self._forms, self._old_epoch = styles.forms, styles.old_epoch
        self._columns = _Columns()
        self._ready: list[Line] = []
        self._cells: list[str] = []
        self._letters: list[str] = []
        self._inline = TextReader(self._letters)
        self._number, self._column, self._stretch = 0, -1, 0
        self._kind = self._style = ""
        self._ended = False
        self._kinds: dict[str, Callable[[str], str]] = {
            "": self._numeric,
            "n": self._numeric,
            "s": self._shared,
            "str": unescaped,
            "b": _yes_or_no,
            "d": iso_words,
            "e": _nothing,
            "inlineStr": _nothing,
        }

    def read(self, part: str) -> Iterator[Line]:
        parser = self._package.parser()
        inline = self._inline
        starts = Calls(row=self._row, c=self._cell, v=self._value, t=inline.text, rPh=inline.reading)
        ends = Calls(
            row=self._row_ends,
            v=self._value_ends,
            t=inline.text_ends,
            rPh=inline.reading_ends,
            sheetData=self._data_ends,
            **{"is": self._inline_ends},
        )

        def start(element: str, attributes: Attributes) -> None:
            if (call := starts[element]) is not None:
                call(attributes)

        def end(element: str) -> None:
            if (call := ends[element]) is not None:
                call()

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = self._letters.append
        for piece in self._package.pieces(part):
            self._stretch += len(piece)
            parser.Parse(piece)
            if self._stretch > STRETCH:
                raise too_long(self._package.path)
            yield from self._ready
            self._ready.clear()
            if self._ended:
                return

    def _row(self, attributes: Attributes) -> None:
        place = attribute(attributes, "r", "")
        self._number = int(place) if place else self._number + 1
        self._column, self._stretch = -1, 0

    def _cell(self, attributes: Attributes) -> None:
        self._column += 1
        self._kind = self._style = ""
        values = iter(attributes)
        for name in values:
            value = next(values)
            if name == "r":
                self._column = self._columns[value.rstrip(_DIGITS)]
            elif name == "t":
                self._kind = value
            elif name == "s":
                self._style = value

    def _value(self, _: Attributes) -> None:
        self._letters.clear()

    def _value_ends(self) -> None:
        letters = self._letters
        text = letters[0] if len(letters) == 1 else "".join(letters)
        if text:
            self._put(self._kinds.get(self._kind, str)(text))

    def _inline_ends(self) -> None:
        self._put(self._inline.taken())

    def _put(self, text: str) -> None:
        gap = self._column - len(self._cells)
        if gap == 0:
            self._cells.append(text)
        elif gap > 0:
            check_column(self._package, self._column + 1)
            self._cells.extend([""] * gap)
            self._cells.append(text)
        elif text:
            self._cells[self._column] = text

    def _row_ends(self) -> None:
        if self._cells:
            self._ready.append((self._number, self._cells))
            self._cells = []

    def _data_ends(self) -> None:
        self._ended = True

    def _shared(self, text: str) -> str:
        number = int(text)
        return self._held[number] if 0 <= number < len(self._held) else self._texts[number]

    def _numeric(self, text: str) -> str:
        form = self._forms.get(self._style)
        if form is None:
            return number_words(text)
        return date_words(text, old_epoch=self._old_epoch) if form == "date" else span_words(text)


def _yes_or_no(text: str) -> str:
    return "no" if text == "0" or text.lower() == "false" else "yes"


def _nothing(_: str) -> str:
    """An error, #N/A, is nothing that anybody wrote; an inline text stands in an element of its own."""
    return ""
