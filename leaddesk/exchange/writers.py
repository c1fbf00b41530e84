"""Lists written to files: CSV that a spreadsheet opens safely, XLSX, JSON, JSON lines.

Each file is written beside its place and moved there when it is whole, so that a crash or a full disk leaves the old
file as it was.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from leaddesk.exchange.safe_cells import guard
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.export import USUAL_FORM, FileForm

SHEET_ROWS = 1_048_575  # rows of a sheet below its header
SHEET_COLUMNS = 16_384
CELL_LETTERS = 32_767
_EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number than these
SUFFIXES = (".csv", ".xlsx", ".json", ".jsonl", ".vcf")


Rows = Iterable[Sequence[object]]


def write_table(path: Path, columns: Sequence[str], rows: Rows, form: FileForm = USUAL_FORM) -> int:
    """Write rows under a header in the form the file's name asks for, and return how many rows there were.

    None is an empty cell, times become ISO 8601 in UTC, lists are joined by “; ”. No text is ever a formula: in CSV
    by `safe_cells`, in a sheet by being written as text. A NUL and a lone surrogate, which neither UTF-8 nor a sheet
    can hold, stand there as signs one can see; other control characters come back from both. Raises Refused for a name I cannot
    write, a folder that is not there and what does not fit a sheet, and Unavailable for a full disk.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        if path.suffix.lower() == ".vcf":
            raise Refused("A .vcf file holds people, not a table. Use .csv, .xlsx, .json or .jsonl here.", field="file")
        raise unknown_suffix(path)
    with whole_or_not_at_all(path) as unfinished:
        return write(unfinished, columns, rows, form)


def unknown_suffix(path: Path) -> Refused:
    """Return the refusal for a file name that says no form I can write."""
    named = f"“{path.suffix}” files" if path.suffix else "a file without an ending"
    return Refused(
        f"I cannot write {named}. End the name with {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.", field="file"
    )


@contextmanager
def whole_or_not_at_all(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to; it takes the place of `path` only when all went well."""
    unfinished = path.with_name(f".unfinished-{secrets.token_hex(6)}{path.suffix}")
    try:
        unfinished.touch(exist_ok=False)
        yield unfinished
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> Exception:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Refused(f"There is no folder “{path.parent}”. Make it, or choose another.", field="file")
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return Refused(f"“{path}” is a folder. Give the file a name in it.", field="file")
    if isinstance(error, PermissionError):
        return Refused(
            f"“{path.name}” cannot be written: it is open in another program, or you may not write in this folder. "
            "Close it there, or choose another name.",
            field="file",
        )
    if error.errno == errno.ENOSPC:
        return Unavailable(f"The disk is full: “{path.name}” was not written. Make room and try again.")
    return Unavailable(f"“{path.name}” was not written: {error.strerror or error}.")


def _write_csv(path: Path, columns: Sequence[str], rows: Rows, form: FileForm) -> int:
    """UTF-8, with its mark unless it is not wanted (Excel asks for it), lines as RFC 4180 ends them.

    Quoted is also what only another program would part by its own signs: LibreOffice cuts at commas, semicolons and
    tabs at once, and “x;=1+1” would then hide a formula. In a single column all is quoted: nothing else tells text
    with semicolons from columns.
    """
    count = 0
    in_need = re.compile("" if len(columns) == 1 else r'[,;\t|"\r\n]').search

    def line(cells: Iterable[str]) -> str:
        quoted = ('"' + cell.replace('"', '""') + '"' if in_need(cell) else cell for cell in map(guard, cells))
        return form.delimiter.join(quoted) + "\r\n"

    encoding = "utf-8-sig" if form.mark else "utf-8"
    with path.open("w", encoding=encoding, errors="backslashreplace", newline="") as file:
        file.write(line(columns))
        for row in _even(columns, rows):
            file.write(line(map(as_text, row)))
            count += 1
    return count


def _write_xlsx(path: Path, columns: Sequence[str], rows: Rows, _form: FileForm) -> int:
    """One sheet; text stays text whatever it looks like, numbers are numbers, times are text with their zone."""
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    if len(columns) > SHEET_COLUMNS:
        raise Refused(f"A sheet holds {SHEET_COLUMNS} columns and there are {len(columns)}. Write .csv instead.")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            bold = book.add_format({"bold": True})
            for at, name in enumerate(columns):
                sheet.write_string(0, at, _fitting(name, 0, name), bold)
            for row in _even(columns, rows):
                count += 1
                if count > SHEET_ROWS:
                    raise Refused(
                        f"A sheet holds {SHEET_ROWS:,} rows and there are more. Write .csv instead.", field="file"
                    )
                for at, value in enumerate(row):
                    if _is_number(value):
                        sheet.write_number(count, at, value)
                    elif value is not None and (text := as_text(value)):
                        sheet.write_string(count, at, _fitting(text, count, columns[at]))
    except XlsxWriterException as error:
        raise Unavailable(f"“{path.name}” was not written: {error}.") from error
    return count


def _write_json(path: Path, columns: Sequence[str], rows: Rows, _form: FileForm) -> int:
    """A list with one object per row, a line each; numbers, true, false and null stay themselves."""
    count = 0
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write("[")
        for row in _even(columns, rows):
            file.write("\n" if count == 0 else ",\n")
            file.write(_object(columns, row))
            count += 1
        file.write("\n]\n" if count else "]\n")
    return count


def _write_lines(path: Path, columns: Sequence[str], rows: Rows, _form: FileForm) -> int:
    """One object per line and nothing else, as programs that read line by line want it."""
    count = 0
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        for row in _even(columns, rows):
            file.write(_object(columns, row) + "\n")
            count += 1
    return count


def _object(columns: Sequence[str], row: Sequence[object]) -> str:
    return json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=as_text)


_WRITERS: dict[str, Callable[[Path, Sequence[str], Rows, FileForm], int]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".json": _write_json,
    ".jsonl": _write_lines,
}


def as_text(value: object) -> str:
    """Write any value as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(as_text(part) for part in value)
    return str(value)


def _even(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"a row of {len(row)} cells under {len(columns)} columns")
        yield row


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return len(str(abs(value))) <= _EXACT_DIGITS
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, Decimal) and value.is_finite() and len(value.as_tuple().digits) <= _EXACT_DIGITS


def _fitting(text: str, row: int, column: str) -> str:
    if len(text.encode("utf-16-le", errors="surrogatepass")) // 2 > CELL_LETTERS:
        where = f"row {row}, “{column}”" if row else "the header"
        raise Refused(
            f"A sheet's cell holds {CELL_LETTERS:,} letters, and {where}, is longer. Write .csv instead; nothing is lost there.",
            field="file",
        )
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")
