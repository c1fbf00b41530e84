"""A file of rows, whatever program wrote it: one shape for CSV, Excel and OpenDocument tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from leaddesk.workflow.errors import Refused

_SAID = 20  # cells named in words


class Row(NamedTuple):
    """One record of the file, as wide as the table's columns.

    `number` is the line (or the sheet's row) a person finds it at, counted from 1. `surplus` holds the cells beyond
    the last column and `problem` the words about them, so that nothing in the file is lost without being said.
    `flaws` are words about single cells: position in `cells`, from 0, and what is wrong there. `header_again` marks
    a second header further down, as in files glued together: it is nobody, and the rows after it are sorted by it.
    """

    number: int
    cells: tuple[str, ...]
    problem: str | None = None
    surplus: tuple[str, ...] = ()
    flaws: tuple[tuple[int, str], ...] = ()
    header_again: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing at all stands in this row, as in the `;;;;` lines a spreadsheet leaves at the end."""
        for cell in self.cells:
            if cell and not cell.isspace():
                return False
        return not self.surplus


@dataclass(frozen=True)
class Table:
    """What is known of a file after looking at it; `rows()` reads it from the start each time it is called.

    `columns` are the header's own words, made unique. `dropped` are the positions (from 1) of nameless columns in
    which nothing stands anywhere: their cells are in no row. `notes` are things a person should know before importing.
    `headed` says whether the columns' names stand in the file, `preamble` are the lines above them, cell by cell.
    `length` is about how many rows there are, where the file was looked through.
    """

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    dropped: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    headed: bool = True
    preamble: tuple[tuple[str, ...], ...] = ()
    length: int | None = None


@dataclass(frozen=True)
class Header:
    """How the cells of a record fall into columns: `keep` are the positions kept, `width` the header's own width."""

    columns: tuple[str, ...]
    keep: tuple[int, ...]
    width: int

    @property
    def dropped(self) -> tuple[int, ...]:
        """Positions, from 1, of the columns left out."""
        kept = set(self.keep)
        return tuple(at + 1 for at in range(self.width) if at not in kept)

    def row(
        self, number: int, cells: Sequence[str], problem: str | None = None, flaws: tuple[tuple[int, str], ...] = ()
    ) -> Row:
        """Fit a record of any width to the columns; what does not fit becomes `surplus` with words."""
        if len(cells) == self.width == len(self.keep):
            return Row(number, tuple(cells), problem, (), flaws)
        surplus: tuple[str, ...] = ()
        if len(cells) > self.width and any(cells[self.width :]):
            surplus = tuple(cells[self.width :])
            said = [f"“{cell}”" for cell in islice(filter(None, surplus), _SAID)]
            more = " and more" if len(surplus) > _SAID else ""
            words = (
                f"This row has {len(cells)} cells and the table {self.width} columns; "
                f"no column for: {', '.join(said)}{more}."
            )
            problem = f"{problem} {words}" if problem else words
        padded = [*cells, *[""] * (self.width - len(cells))]
        placed = tuple((self.keep.index(at), words) for at, words in flaws if at in self.keep)
        return Row(number, tuple(padded[at] for at in self.keep), problem, surplus, placed)


def read_header(names: Sequence[str], filled: Callable[[set[int]], set[int]]) -> Header:
    """Make the header's names unique and leave out nameless columns in which nothing stands.

    `filled` is asked, with the positions of nameless columns, in which of them something stands; it reads the file,
    and is asked only where there are such columns.
    """
    nameless = {at for at, name in enumerate(names) if not name.strip()}
    kept = filled(nameless) if nameless else set()
    keep = tuple(at for at in range(len(names)) if at not in nameless or at in kept)
    return Header(columns=unique(["" if at in nameless else names[at] for at in keep]), keep=keep, width=len(names))


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Give the second “Phone” the name “Phone (2)”, never colliding with a name that is already there."""
    taken = set(names)
    seen: set[str] = set()
    out: list[str] = []
    for name in names:
        chosen, count = name, 1
        while chosen in seen or (count > 1 and chosen in taken):
            count += 1
            chosen = f"{name} ({count})".lstrip()
        seen.add(chosen)
        out.append(chosen)
    return tuple(out)


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    sheet: str | None = None,
) -> Table:
    """Look at a file and say how it is to be read; what the caller gives is taken for granted.

    The content decides, not the name: an Excel file called .csv is still read as Excel. `header=None` tells by the
    first records whether the columns' names stand in the file. Raises Refused with words for everything a person can mend.
    """
    from leaddesk.exchange import csv_files, json_lines, vcard_files, xlsx_files

    start = _first_bytes(path)
    if not start:
        raise Refused(f"“{path.name}” is empty. Export it again with its rows.")
    if xlsx_files.is_workbook(start):
        return xlsx_files.open_workbook(path, header=header, sheet=sheet)
    refuse_what_is_no_table(path.name, start)
    if vcard_files.is_address_book(start):
        return vcard_files.open_address_book(path, encoding=encoding)
    if json_lines.is_json(start):
        return json_lines.open_json(path, encoding=encoding)
    return csv_files.open_csv(path, encoding=encoding, delimiter=delimiter, header=header)


_KNOWN_BINARIES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "it is a PDF document"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"GIF8", "it is a picture"),
    (b"\x1f\x8b", "it is compressed"),
    (b"Rar!", "it is compressed"),
    (b"7z\xbc\xaf", "it is compressed"),
    (b"MZ", "it is a program"),
    (b"\x7fELF", "it is a program"),
    (b"SQLite format 3\x00", "it is a database"),
    (b"{\\rtf", "it is a text document"),
)


def refuse_what_is_no_table(name: str, start: bytes) -> None:
    """Refuse files whose first bytes say that they are something else; raises Refused."""
    for magic, what in _KNOWN_BINARIES:
        if start.startswith(magic):
            if magic == b"MZ" and b"\x00" not in start:
                continue
            raise no_table(name, what)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        raise no_table(name, "it is a web page or XML, whatever its name says")


def no_table(name: str, why: str) -> Refused:
    """Return the refusal for a file that is not rows and columns, with what to do about it."""
    return Refused(f"“{name}” is not a table I can read: {why}. Save it as CSV or XLSX.")


def cannot_open(path: Path, error: OSError) -> Refused:
    """Say in words why the system does not let us read the file."""
    if isinstance(error, FileNotFoundError):
        return Refused(f"There is no file “{path}”. Check the name and the folder.")
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return Refused(f"“{path}” is a folder. Choose a file in it.")
    if isinstance(error, PermissionError):
        return Refused(
            f"“{path.name}” cannot be opened: another program holds it, or you may not read it. "
            "Close it there and try again."
        )
    return Refused(f"“{path.name}” cannot be read: {error.strerror or error}. Copy it to this computer and try again.")


def _first_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise Refused(f"“{path}” is no file that can be read twice. Save it as a file first.")
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise cannot_open(path, error) from error
