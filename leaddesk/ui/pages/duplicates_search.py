"""The search for duplicates while it goes on: how far it is, and a way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from leaddesk.ui.widgets import PlainButton, Words

if TYPE_CHECKING:
    from leaddesk.ui.jobs import Job, Progress
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.duplicates import PairsFound


class SearchStrip(QFrame):
    """Hidden while nothing is looked for. `started` and `ended` come in pairs, then `found` if it was not stopped."""

    started = Signal()
    ended = Signal()
    found = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.job: Job | None = None
        self.setProperty("look", "cold_banner")
        self.words = Words()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How much has been looked at")
        self.stop = PlainButton("Stop")
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self.cancel)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(16)
        row.addLayout(column, 1)
        row.addWidget(self.stop)
        self.below = QWidget()
        self.below.setFixedHeight(8)
        self.setVisible(False)

    def start(self) -> None:
        """Look through all leads; one search at a time, and not beside an import."""
        if self.job is not None:
            return
        if self._shell.lanes.busy_long() is not None:
            self._shell.messages.refused("Another long piece of work is going on. Look for duplicates when it is done.")
            return
        self._far(0, 0)
        self.stop.setEnabled(True)
        self.job = self._shell.lanes.run(self, self._work, self.found.emit, progress=self._far)
        self.job.ended.connect(self._end)
        self.setVisible(True)
        self.started.emit()

    def cancel(self) -> None:
        """Stop; the pairs of the last search stay."""
        if self.job is not None:
            self.job.cancel()
            self.stop.setEnabled(False)
            self.words.setText("Stopping…")

    def _work(self, desk: Desk, report: Progress) -> PairsFound:
        """In the lane's thread; what it needs takes a while to be imported."""
        from leaddesk.workflow.duplicate_search import search_duplicates

        return search_duplicates(desk, report, lambda: self.job is not None and self.job.cancelled)

    def _far(self, done: int, total: int) -> None:
        if self.job is not None and self.job.cancelled:
            return
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        far = f": {100 * done // total}\N{NO-BREAK SPACE}%" if total else "…"
        self.words.setText(f"Looking for leads that are one person{far}")

    def _end(self) -> None:
        self.job = None
        self.setVisible(False)
        self.ended.emit()

    def setVisible(self, visible: bool) -> None:
        """Together with the room below it."""
        super().setVisible(visible)
        self.below.setVisible(visible)
