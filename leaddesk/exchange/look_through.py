"""A first look through a whole sheet, before its first row is taken: is it whole, how wide is it, is it worth waiting for.

Only the beginnings of elements are looked at, which is twice as quick as reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers.expat import XMLParserType

from leaddesk.exchange.packed import CELLS, COLUMNS, STRETCH, Attributes, Package, too_big, too_long

ROWS = 1 << 20  # of a sheet, in Excel and in LibreOffice
_IDLE = 30_000_000  # elements that say nothing: a million rows of some thirty cells that are only coloured
_EACH = 12  # elements that may stand around a value


class LookThrough:
    """Counts what goes by; those who derive from it count rows and values, and set `stretch` to 0 where a row begins."""

    def __init__(self, package: Package) -> None:
        """Begin at nothing."""
        self.package = package
        self.rows = self.values = self.stretch = 0
        self._elements = 0

    def parse(
        self,
        part: str,
        parser: XMLParserType,
        starts: Mapping[str, Callable[[Attributes], object] | None],
        ended: Callable[[bytes], bool] = lambda _: False,
    ) -> None:
        """Go through the part; what comes after the piece at which it has `ended` is unpacked and not looked at.

        Raises Refused for what would keep a person waiting for nothing, and what broken XML and packages raise.
        """

        def start(element: str, attributes: Attributes) -> None:
            self._elements += 1
            if (call := starts[element]) is not None:
                call(attributes)

        parser.StartElementHandler = start
        over = False
        for piece in self.package.pieces(part):
            if over:
                continue
            self.stretch += len(piece)
            parser.Parse(piece)
            self._check()
            over = ended(piece)
        if not over:
            parser.Parse(b"", True)

    def _check(self) -> None:
        if self.stretch > STRETCH:
            raise too_long(self.package.path)
        if self._elements > _IDLE + _EACH * self.values:
            raise too_big(self.package.path, f"after {self._elements:,} elements only {self.values:,} cells are filled")
        if self.rows > ROWS:
            raise too_big(self.package.path, f"it has more than {ROWS:,} rows")


def check_extent(package: Package, rows: int, columns: int) -> None:
    """Refuse more cells than anybody waits for: each of the filled rows is as wide as the widest. Raises Refused."""
    check_column(package, columns)
    if rows * columns > CELLS:
        raise too_big(package.path, f"it has {rows:,} rows and reaches to column {columns:,}")


def check_column(package: Package, columns: int) -> None:
    """Refuse more columns than a sheet has. Raises Refused."""
    if columns > COLUMNS:
        raise too_big(package.path, f"it reaches to column {columns:,}")
