"""The queue as it is seen: heading, total and the painted list. What it takes to ask for it is in `queue_panel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
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
    QWidget,
)

from leaddesk.ui.my_day.queue_delegate import QueueDelegate
from leaddesk.ui.my_day.queue_model import QueueModel

if TYPE_CHECKING:
    from leaddesk.ui.theme import Theme


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


class QueueFrame(QFrame):
    """Heading and list, ready to be filled."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self.setMinimumWidth(260)
        self.model = QueueModel(self)
        self.view = QueueView()
        self.view.setModel(self.model)
        self._delegate = QueueDelegate(self.view, self.model, theme)
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
