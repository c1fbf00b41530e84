"""The first step: which file, or which rows copied in a spreadsheet; and how many files are waiting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.widgets import Heading, LineEdit, MutedLabel, Panel, PlainButton, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData

NOTHING_COPIED = "There are no rows to paste. Copy them in the spreadsheet first, with their header."


def copied() -> QMimeData | None:
    """What is on the clipboard; an empty one has nothing at all, whatever Qt's types say."""
    return QGuiApplication.clipboard().mimeData()


def copied_rows(data: QMimeData | None) -> str:
    """The rows of a spreadsheet on the clipboard, "" where something else was copied, or nothing."""
    text = data.text() if data is not None and data.hasText() else ""
    return text if "\t" in text or "\n" in text.strip() else ""


def copied_files(data: QMimeData | None) -> list[Path]:
    """Files copied in the system's file manager."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data is not None else []


class FileStep(QWidget):
    """Where the list is. Files or rows on the clipboard are taken by Ctrl+V, wherever the focus is."""

    rows_pasted = Signal(str)
    files_pasted = Signal(object)
    """Paths."""
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.path = LineEdit("Drop a file here, or write where it is")
        self.path.setAccessibleName("The file")
        self.path.installEventFilter(self)
        self.choose = PlainButton("Choose…")
        self.paste = PlainButton("Paste rows from a spreadsheet", "Ctrl V")
        for button in (self.choose, self.paste):
            button.setAutoDefault(False)
        self.said = MutedLabel("")
        self.waiting = Words("")
        self.waiting.hide()
        frame = Panel(kind="box")
        frame.body.setContentsMargins(24, 24, 24, 24)
        frame.body.setSpacing(12)
        frame.body.addStretch(1)
        frame.body.addWidget(Heading("Which list?"))
        frame.body.addWidget(
            MutedLabel(
                "CSV of any dialect, a workbook (xlsx, xls, ods), an address book (vCard) or rows copied in a "
                "spreadsheet. Nothing is written before you have seen what would come of it; no column is ever lost; "
                "the whole import can be undone."
            )
        )
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        frame.body.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self.paste)
        below.addStretch(1)
        frame.body.addLayout(below)
        frame.body.addWidget(self.waiting)
        frame.body.addWidget(self.said)
        frame.body.addStretch(2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(frame)
        self.paste.clicked.connect(self.take_clipboard)

    def say(self, words: str) -> None:
        """What is being read."""
        self.said.setText(words)

    def show_waiting(self, files: Sequence[Path]) -> None:
        """Several files were dropped: they come one after another."""
        names = "\n".join(f"{at}. {path.name}" for at, path in enumerate(files, start=1))
        self.waiting.setText(f"{len(files)} files, brought in one after another:\n{names}" if len(files) > 1 else "")
        self.waiting.setVisible(len(files) > 1)

    def take_clipboard(self) -> None:
        """Files or rows, whichever was copied."""
        data = copied()
        files, rows = copied_files(data), copied_rows(data)
        if files:
            self.files_pasted.emit(files)
        elif rows:
            self.rows_pasted.emit(rows)
        else:
            self.refused.emit(NOTHING_COPIED)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The line takes one line of text itself; rows and files are no path to be typed."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.matches(PASTE):
            data = copied()
            if copied_files(data) or copied_rows(data):
                self.take_clipboard()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V from a button."""
        if event.matches(PASTE):
            self.take_clipboard()
        else:
            super().keyPressEvent(event)


PASTE = QKeySequence.StandardKey.Paste


def names_of(files: Sequence[Path], most: int = 3) -> str:
    """Some names, for a sentence."""
    more = f" and {len(files) - most} more" if len(files) > most else ""
    return ", ".join(path.name for path in files[:most]) + more
