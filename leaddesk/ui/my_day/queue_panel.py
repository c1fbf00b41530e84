"""The left third of My day: who next, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QVBoxLayout,
)

from leaddesk.ui.my_day.queue_delegate import QueueDelegate
from leaddesk.ui.my_day.queue_model import QueueModel
from leaddesk.workflow.queue import NothingWhy, Queue, QueuePage, QueueRow, QueueRowOf
from leaddesk.workflow.vocabulary import Section

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes

REFRESH_MS = 60_000
"""“4 min late” has to stay true."""
PAUSE_MS = 80
"""Several changes in a row are looked at once."""


class QueueView(QListView):
    """The painted list. Digits and Enter are not its own: they belong to the call."""

    def __init__(self) -> None:
        super().__init__()
        self._resized = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(False)
        self.setAccessibleName("Queue: who to call next")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words break anew at the new width."""
        super().resizeEvent(event)
        self._resized = True
        self.scheduleDelayedItemsLayout()

    def doItemsLayout(self) -> None:
        """Whoever is current stays in sight however the lines break."""
        super().doItemsLayout()
        if self._resized:
            self._resized = False
            self.scrollTo(self.currentIndex())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard comes and chooses nobody; Qt's own views make their first row current then."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            QAbstractScrollArea.focusInEvent(self, event)

    def keyboardSearch(self, search: str) -> None:
        """Typing in the list chooses outcomes and does not jump about."""


class QueuePanel(QFrame):
    """Shows the queue, keeps the chosen lead chosen, and looks again when something changed."""

    lead_selected = Signal(int)
    refreshed = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.page = QueuePage((), 0)
        self._wanted: int | None = None
        self._farther: QueueRow | None = None
        self.setProperty("look", "panel")
        self.setMinimumWidth(260)
        self.model = QueueModel(self)
        self.view = QueueView()
        self.view.setModel(self.model)
        self._delegate = QueueDelegate(self.view, self.model, shell.theme)
        self.view.setItemDelegate(self._delegate)
        self._total = QLabel()
        self._total.setProperty("look", "mute")
        self._nothing = QLabel()
        self._nothing.setProperty("look", "mute")
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(14, 14, 14, 14)
        self._nothing.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._nothing.hide()
        self._arrange()
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._minute = QTimer(self, interval=REFRESH_MS)
        self._minute.start()
        self._minute.timeout.connect(self.refresh)
        self._soon.timeout.connect(self.refresh)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        shell.bridge.changed.connect(self._changed)

    def _arrange(self) -> None:
        title = QLabel("My day")
        title.setProperty("look", "heading")
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 14, 10)
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self._total)
        line = QFrame()
        line.setProperty("look", "line")
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(line)
        box.addWidget(self._nothing)
        box.addWidget(self.view, 1)

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
