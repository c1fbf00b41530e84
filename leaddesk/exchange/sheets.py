"""What every kind of workbook gives: its sheets, and their rows one after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

Line = tuple[int, list[str]]
"""A row's number on the screen, and its cells from column A to the last that is filled."""


@dataclass(frozen=True)
class Extent:
    """The columns in which anything stands anywhere, `first` to before `end`, from 0.

    `rows` is how many rows have a cell with a value, of however little; None where they were not counted.
    """

    first: int
    end: int
    rows: int | None


class Sheet(Protocol):
    """One sheet of an opened workbook. Both raise Refused for what is damaged or too much."""

    @property
    def name(self) -> str:
        """The words on its tab."""

    @property
    def listed(self) -> bool:
        """Whether it may be the list: rows and columns, and not hidden."""

    def rows(self) -> Iterator[Line]:
        """Read from the start, each time; rows in which nothing stands may be left out."""

    def extent(self) -> Extent:
        """Look the whole sheet through, so that what is broken is known before the first row is taken."""
