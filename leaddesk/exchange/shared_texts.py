"""The texts of an .xlsx, which stand in a part of their own and are named by number in the cells.

Excel numbers them in the order of their first use; so they are read as far as they are asked for, in step with the rows.
The first ones, the words that come again and again among them, are held; the others go into a file on the disk.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Generator
from functools import lru_cache
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Self

from leaddesk.exchange.cell_words import unescaped
from leaddesk.exchange.look_through import LookThrough
from leaddesk.exchange.packed import STRETCH, Attributes, Calls, Package, too_long

HELD = 4 << 20  # letters
_TOGETHER = 64  # texts written and read at once
_LATELY = 32  # such groups held
_BLANKS = " \t\r\n"  # of XML; a no-break space is somebody's


class SharedTexts:
    """The texts by number; a context manager. The low numbers may be looked for in `held`, which is quicker."""

    def __init__(self, package: Package, part: str) -> None:
        """Read nothing yet; a workbook without texts has no such part."""
        self.held: list[str] = []
        self._letters = 0
        self._coming = _texts(package, part)
        self._group: list[str] = []
        self._ends = array("Q", [0])
        self._file: IO[bytes] | None = None
        self._lately = lru_cache(maxsize=_LATELY)(self._read)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._coming.close()
        if self._file is not None:
            self._file.close()

    def __getitem__(self, number: int) -> str:
        """Return the text. Raises IndexError where there is none, and what reading the package may raise."""
        if number < 0:
            raise IndexError(number)
        while number >= self._known():
            self._take()
        if number < len(self.held):
            return self.held[number]
        group, place = divmod(number - len(self.held), _TOGETHER)
        return self._group[place] if group == len(self._ends) - 1 else self._lately(group)[place]

    def _known(self) -> int:
        return len(self.held) + (len(self._ends) - 1) * _TOGETHER + len(self._group)

    def _take(self) -> None:
        text = next(self._coming, None)
        if text is None:
            raise IndexError
        if self._letters < HELD:
            self._letters += len(text)
            self.held.append(text)
            return
        if len(self._group) == _TOGETHER:
            self._ends.append(self._ends[-1] + self._at(self._ends[-1]).write(json.dumps(self._group).encode("ascii")))
            self._group = []
        self._group.append(text)

    def _read(self, group: int) -> list[str]:
        begin, end = self._ends[group : group + 2]
        read: list[str] = json.loads(self._at(begin).read(end - begin))
        return read

    def _at(self, place: int) -> IO[bytes]:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115  closed with us
        self._file.seek(place)
        return self._file


class TextReader:
    """Joins the runs of one text (CT_Rst, ECMA-376 part 1, 18.4.8) out of the letters that a parser gathers.

    Readings, which stand small above Japanese, are left out; blanks at the ends only count where they are said to.
    """

    def __init__(self, letters: list[str]) -> None:
        """Take the list into which the parser puts letters wherever they stand."""
        self._letters = letters
        self._runs: list[str] = []
        self._meant = self._read_aloud = False

    def text(self, attributes: Attributes) -> None:
        """A run begins."""
        self._letters.clear()
        self._meant = "preserve" in attributes

    def text_ends(self) -> None:
        """A run ends."""
        if not self._read_aloud:
            run = "".join(self._letters)
            self._runs.append(run if self._meant else run.strip(_BLANKS))

    def reading(self, _: Attributes) -> None:
        """What follows says how the text is read aloud."""
        self._read_aloud = True

    def reading_ends(self) -> None:
        """The text goes on."""
        self._read_aloud = False

    def taken(self) -> str:
        """Return the whole text, and begin another."""
        text = unescaped("".join(self._runs))
        self._runs.clear()
        return text


def _texts(package: Package, part: str) -> Generator[str, None, None]:
    """Yield the texts in their order."""
    if part not in package:
        return
    parser = package.parser()
    letters: list[str] = []
    ready: list[str] = []
    reader = TextReader(letters)
    starts = Calls(t=reader.text, rPh=reader.reading)
    ends = Calls(t=reader.text_ends, rPh=reader.reading_ends, si=lambda: ready.append(reader.taken()))

    def start(element: str, attributes: Attributes) -> None:
        if (call := starts[element]) is not None:
            call(attributes)

    def end(element: str) -> None:
        if (call := ends[element]) is not None:
            call()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = letters.append
    stretch = 0
    for piece in package.pieces(part):
        stretch += len(piece)
        parser.Parse(piece)
        if ready:
            yield from ready
            ready.clear()
            stretch = 0
        elif stretch > STRETCH:
            raise too_long(package.path)
    parser.Parse(b"", True)
    yield from ready


class _Look(LookThrough):
    def text(self, _: Attributes) -> None:
        self.values += 1
        self.stretch = 0


def look_through_texts(package: Package, part: str) -> None:
    """See that the texts are whole, where there are any. Raises as `LookThrough.parse`."""
    if part in package:
        look = _Look(package)
        look.parse(part, package.parser(), Calls(si=look.text))
