"""The left third of My day: who next, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, QTimer, Signal

from leaddesk.ui.my_day.queue_frame import QueueFrame
from leaddesk.workflow.queue import NothingWhy, Queue, QueuePage, QueueRow, QueueRowOf
from leaddesk.workflow.vocabulary import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes

REFRESH_MS = 60_000
"""“4 min late” has to stay true."""
PAUSE_MS = 80
"""Several changes in a row are looked at once."""


class QueuePanel(QueueFrame):
    """Shows the queue, keeps the chosen lead chosen, and looks again when something changed."""

    lead_selected = Signal(int)
    refreshed = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell.theme)
        self._shell = shell
        self.page = QueuePage((), 0)
        self._wanted: int | None = None
        self._farther: QueueRow | None = None
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._minute = QTimer(self, interval=REFRESH_MS)
        self._minute.start()
        self._minute.timeout.connect(self.refresh)
        self._soon.timeout.connect(self.refresh)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        shell.bridge.changed.connect(self._changed)

    def looks_soon(self) -> bool:
        """Whether something changed that it has yet to look at."""
        return self._soon.isActive()

    def refresh(self) -> None:
        """Ask for the queue again."""
        self._shell.lanes.ask(self, Queue(), self._came, key="queue")

    def select(self, lead_id: int | None) -> None:
        """Mark a lead as the one on the screen; one farther down than the page goes is shown below it."""
        self._wanted = lead_id
        if lead_id is not None and all(row.lead_id != lead_id for row in self.page.rows):
            self._shell.lanes.ask(self, QueueRowOf(lead_id), self._show_farther, key="farther")
        self._mark(lead_id)

    def _mark(self, lead_id: int | None) -> None:
        line = self.model.line_of(lead_id) if lead_id is not None else -1
        index = self.model.index(line) if line >= 0 else QModelIndex()
        with QSignalBlocker(self.view.selectionModel()):
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if index.isValid():
            self.view.scrollTo(index)
        self.view.viewport().update()

    def step(self, by: int) -> None:
        """Go to the next (1) or the one before (-1)."""
        move = self.view.CursorAction.MoveDown if by > 0 else self.view.CursorAction.MoveUp
        index = self.view.moveCursor(move, Qt.KeyboardModifier.NoModifier)
        if index.isValid():
            self.view.setCurrentIndex(index)

    def _came(self, page: QueuePage) -> None:
        self._shell.turns.run(
            self, self._delegate.lay_out(page.rows), lambda: self._show(page), key="queue", first=True
        )

    def show_first(self, rows: Sequence[QueueRow]) -> None:
        """Begin with these rows, which were there before the page was; the whole queue follows."""
        if not self.page.rows:
            self.page = QueuePage(tuple(rows), 0)
            self._fill()
            self.refreshed.emit()

    def _show(self, page: QueuePage) -> None:
        self.page = page
        self._fill()
        self.select(self._wanted)
        more = "+" if page.total >= Queue().count_at_most else ""
        self._total.setText(f"{page.total:,}{more} to do")
        self._nothing.setVisible(not page.rows)
        if not page.rows:
            self._shell.lanes.ask(self, NothingWhy(), self._nothing.setText, key="why")
        self.refreshed.emit()

    def _fill(self) -> None:
        rows = list(self.page.rows)
        farther = self._farther
        if farther is not None and farther.lead_id == self._wanted and farther.lead_id not in {r.lead_id for r in rows}:
            order = list(Section)
            before = [row for row in rows if order.index(row.section) <= order.index(farther.section)]
            rows.insert(len(before), farther)
        with QSignalBlocker(self.view.selectionModel()):
            self.model.show_rows(rows)

    def _show_farther(self, row: QueueRow | None) -> None:
        self._farther = row
        if row is not None:
            self._fill()
            self._mark(self._wanted)
            self.refreshed.emit()

    def _changed(self, changes: Changes) -> None:
        if changes.leads or changes.many or changes.settings:
            self._soon.start()

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        lead_id = self.model.lead_id(current)
        if lead_id is not None and lead_id != self._wanted:
            self._wanted = lead_id
            self.lead_selected.emit(lead_id)

    def changeEvent(self, event: QEvent) -> None:
        """Words break anew where the direction of writing changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.view.scheduleDelayedItemsLayout()
