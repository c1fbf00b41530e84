"""Rows pasted from a spreadsheet, taken as a list of leads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from leaddesk.exchange.importing import OpenedFile
from leaddesk.exchange.pasted import open_pasted

NAME = "Pasted rows.csv"
"""What the rows would be called, were they a file."""


@dataclass(frozen=True)
class PastedRows(OpenedFile):
    """A list that is no file: its content is the text."""

    text: str = ""

    def fingerprint(self) -> str:
        """The digest of the text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


def paste_leads(text: str, *, header: bool | None = None) -> PastedRows:
    """Take text from the clipboard. Raises `Refused` where it is no rows."""
    return PastedRows(Path(NAME), open_pasted(text, header=header), text=text)
