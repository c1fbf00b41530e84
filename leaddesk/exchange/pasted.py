"""Rows pasted from a spreadsheet: tabs part the cells, and quotes wrap those with a tab or a new line in them.

Excel and LibreOffice write the clipboard alike there; a cell that merely holds a quotation mark is written as it is.
"""

from __future__ import annotations

import io

from leaddesk.exchange.csv_files import read_text
from leaddesk.exchange.tables import Table
from leaddesk.workflow.errors import Refused

_NAME = "What was pasted"


def open_pasted(text: str, *, header: bool | None = None) -> Table:
    """Read text from the clipboard as a table; without tabs it is taken for CSV. Raises Refused for none."""
    text = text.removeprefix("\ufeff").rstrip("\x00")
    if not text.strip():
        raise Refused("There are no rows to paste. Copy them in the spreadsheet, then paste again.")
    if "\n" not in text and "\r" not in text.strip("\r"):
        text += "\n"
    delimiter = "\t" if "\t" in text else None
    return read_text(_NAME, lambda: io.StringIO(text, newline=""), text, delimiter=delimiter, header=header)
