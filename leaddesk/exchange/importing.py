"""A file opened for intake: its rows, its columns' fields, and what its words mean."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import cached_property, lru_cache, partial
from itertools import islice
from pathlib import Path

from leaddesk.exchange import values
from leaddesk.exchange.column_values import PartColumns, join_phone, phone_parts
from leaddesk.exchange.columns import ColumnGuess, understand
from leaddesk.exchange.dates import DateOrder, Numbers, learn_date_order, learn_numbers, parse_when
from leaddesk.exchange.known_layouts import column_titles, recognise
from leaddesk.exchange.tables import Row, Table, cannot_open, open_table
from leaddesk.exchange.writers import write_table
from leaddesk.workflow.export import OUR_COLUMNS
from leaddesk.workflow.intake import IGNORED, WHY_LEFT_OUT, RejectedRow
from leaddesk.workflow.own_list import own_reader

_LOOKED_AT = 200
"""Rows whose cells say what their columns hold."""
_SAMPLE = 5_000
"""Rows looked at to learn whether dates are day first, and to guess how many rows there are."""

# The same few words stand in a column over and over.
_status = lru_cache(maxsize=4096)(values.parse_status)
_temperature = lru_cache(maxsize=4096)(values.parse_temperature)


_MEANINGS: dict[str, Callable[[str], str | None]] = {
    "status": _status,
    "temperature": _temperature,
    "outcome": lru_cache(maxsize=4096)(values.parse_outcome),
}
_yes_no = lru_cache(maxsize=4096)(values.parse_yes_no)
_means_empty = lru_cache(maxsize=16384)(values.means_empty)


def _whole_number(at: int, parts: PartColumns, cells: Sequence[str]) -> str:
    code, area, extension = ("" if part is None else cells[part] for part in parts)
    return join_phone(code, area, cells[at], extension)


@dataclass(frozen=True)
class Words:
    """What the words of one file mean. `dates` says of each column of dates whether the day comes first and what bare numbers count."""

    name: str
    width: int
    own: frozenset[str]
    dates: Mapping[int, tuple[DateOrder | None, Numbers | None]] = field(default_factory=dict)

    def times(self, column: int, zone: tzinfo) -> Callable[[str], datetime | None]:
        """What reads this column's times."""
        order, numbers = self.dates.get(column, (None, None))
        return lru_cache(maxsize=4096)(partial(parse_when, order=order, zone=zone, numbers=numbers))

    def numbers(self, fields: Sequence[str | None]) -> dict[int, Callable[[Sequence[str]], str]]:
        """What puts the numbers of a phone column together whose country code, area or extension stand apart."""
        return {at: partial(_whole_number, at, parts) for at, parts in phone_parts(fields).items()}

    def meaning(self, kind: str, text: str) -> str | None:
        """Our status, outcome or temperature for the file's word."""
        return _MEANINGS[kind](text)

    def yes_no(self, text: str) -> bool | None:
        """What a tick or a word says."""
        return _yes_no(text)

    def means_empty(self, text: str) -> bool:
        """Whether the cell says only that nothing is known."""
        # Most long cells are met once: to look at them costs less than to remember them.
        word = text if len(text) <= values.LONGEST_BLANK else text.strip()
        return len(word) <= values.LONGEST_BLANK and _means_empty(word)


@dataclass(frozen=True)
class OpenedFile:
    """What `workflow.intake` reads leads from."""

    path: Path
    table: Table

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers, unique."""
        return self.table.columns

    @property
    def width(self) -> int:
        """Columns of the header as it stands in the file."""
        return len(self.table.columns) + len(self.table.dropped)

    @property
    def encoding(self) -> str | None:
        """None for a workbook."""
        return self.table.encoding

    @property
    def delimiter(self) -> str | None:
        """None for a workbook."""
        return self.table.delimiter

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know before importing."""
        return self.table.notes

    def rows(self) -> Iterator[Row]:
        """All rows from the start, each time."""
        return self.table.rows()

    def total(self) -> int:
        """Rows: counted in a small file or a binary workbook, else about as many as a look at the file told."""
        letters = rows = 0
        for row in islice(self.table.rows(), _SAMPLE):
            letters += sum(map(len, row.cells)) + len(row.cells)
            rows += 1
        if rows < _SAMPLE:
            return rows
        if self.table.length is not None:
            return self.table.length
        if self.table.encoding is None:
            return sum(1 for _ in self.table.rows())
        return max(rows, rows * self.path.stat().st_size // max(1, letters))

    def fields(self, overrides: Mapping[str, str]) -> dict[str, str | None]:
        """Header → field. Raises `Refused` for a header or a field there is not."""
        return {guess.header: guess.field for guess in self.guesses(overrides)}

    def guesses(self, overrides: Mapping[str, str]) -> tuple[ColumnGuess, ...]:
        """What each column is taken for, how sure that is and why. Raises `Refused` as `fields`."""
        own = self.own
        if own:
            return self._our_own(own, overrides)
        layout = {header: field for header, field in self._layout.items() if header not in overrides}
        found = understand(self.columns, self._sample, {**layout, **overrides}, headed=self.table.headed)
        return tuple(_ours(guess) if guess.header.strip() == WHY_LEFT_OUT else guess for guess in found)

    def _our_own(self, own: frozenset[str], overrides: Mapping[str, str]) -> tuple[ColumnGuess, ...]:
        """What stands beside our own columns are words of older files: they are kept, and read no more."""
        asked = understand(self.columns, self._sample, overrides, headed=True) if overrides else ()
        chosen = {guess.header: guess for guess in asked if guess.header in overrides}
        ours = (ColumnGuess(name, name if name in own else None, 1.0, "as exported") for name in self.columns)
        return tuple(chosen.get(guess.header, guess) for guess in ours)

    @cached_property
    def _sample(self) -> tuple[tuple[str, ...], ...]:
        return tuple(row.cells for row in islice(self.table.rows(), _LOOKED_AT))

    @cached_property
    def _layout(self) -> dict[str, str]:
        """The fields of a known program's layout, for a file without a header."""
        found = None if self.table.headed else recognise(self._sample)
        return {h: f or "extra" for h, f in zip(found.titles, found.fields, strict=True)} if found else {}

    @property
    def own(self) -> frozenset[str]:
        """Columns of ours in a list we exported: they say how things stand, the file's older ones how they were."""
        ours = OUR_COLUMNS.issubset(self.table.columns)
        return frozenset(name for name in self.table.columns if ours and own_reader(name))

    def words(self, times: Sequence[int]) -> Words:
        """What its words mean; the dates of the columns `times` are learnt from the first rows."""
        samples: list[list[str]] = [[] for _ in times]
        for row in islice(self.table.rows(), _SAMPLE) if times else ():
            for sample, at in zip(samples, times, strict=True):
                sample.append(row.cells[at])
        learnt = {
            at: (learn_date_order(sample), learn_numbers(sample)) for at, sample in zip(times, samples, strict=True)
        }
        return Words(self.name, self.width, self.own, learnt)

    def fingerprint(self) -> str:
        """The digest of the file's bytes."""
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise cannot_open(self.path, error) from error


def _ours(guess: ColumnGuess) -> ColumnGuess:
    return replace(guess, field=IGNORED, confidence=1.0, how="our own words about a row left out", offer=None)


def open_leads(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    sheet: str | None = None,
) -> OpenedFile:
    """Open a file of leads; what is given is taken for granted. Raises `Refused` for what is no table."""
    return OpenedFile(
        path, titled(open_table(path, encoding=encoding, delimiter=delimiter, header=header, sheet=sheet))
    )


def titled(table: Table) -> Table:
    """A table without a header, its columns called by what they hold."""
    if table.headed:
        return table
    titles = column_titles([row.cells for row in islice(table.rows(), _LOOKED_AT)])
    return replace(table, columns=titles) if len(titles) == len(table.columns) else table


def write_rejects(path: Path, columns: Sequence[str], rejects: Sequence[RejectedRow]) -> int:
    """Write the rows left out, their cells as they stood, each with its reason in a last column; gives how many.

    Raises `Refused` and `Unavailable` as `write_table`.
    """
    surplus = max((len(row.surplus) for row in rejects), default=0)
    why = WHY_LEFT_OUT
    while why in columns:
        why += " "
    header = [*columns, *(f"Column {len(columns) + at + 1}" for at in range(surplus)), why]
    rows = ([*row.cells, *row.surplus, *[""] * (surplus - len(row.surplus)), row.why] for row in rejects)
    return write_table(path, header, rows)


def rejects_path(path: Path) -> Path:
    """Where rejected rows go unless another place is named: beside the file."""
    return path.with_name(f"{path.stem} (left out).csv")
