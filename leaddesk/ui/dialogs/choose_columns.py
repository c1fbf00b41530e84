"""Which columns a table shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.columns import Column, Layout, usual
from leaddesk.ui.widgets import MutedLabel, Panel, PlainButton, PrimaryButton

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

KEY = Qt.ItemDataRole.UserRole


class ChooseColumnsDialog(QDialog):
    """Space shows or hides, Alt+Up and Alt+Down move. `layout_chosen` is what came of it once accepted."""

    def __init__(self, columns: Sequence[Column[Any]], layout: Layout, parent: QWidget | None = None) -> None:
        """`layout` is how the table stands."""
        super().__init__(parent)
        self.setWindowTitle("Columns")
        self.setMinimumSize(340, 460)
        self._columns, self._widths = tuple(columns), dict(layout.widths)
        self.layout_chosen = layout
        self.list = QListWidget()
        self.list.setAccessibleName("Columns")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(8)
        box.addWidget(MutedLabel("Space shows or hides; Alt with up or down moves, or drag."))
        self.list.setSpacing(2)
        frame = Panel(kind="card")
        frame.body.setContentsMargins(4, 4, 4, 4)
        frame.body.addWidget(self.list)
        box.addWidget(frame)
        row = QHBoxLayout()
        back, take = PlainButton("Usual columns"), PrimaryButton("Take", "Enter")
        back.setAutoDefault(False)
        take.setDefault(True)
        back.clicked.connect(lambda: self._fill(usual(self._columns)))
        take.clicked.connect(self.accept)
        row.addWidget(back)
        row.addStretch()
        row.addWidget(take)
        box.addLayout(row)
        self._fill(layout)

    def _fill(self, layout: Layout) -> None:
        self._widths = dict(layout.widths)
        self.list.clear()
        titles = {c.key: c.title or "Group" for c in self._columns}
        for key in [*layout.shown, *(k for k in titles if k not in layout.shown)]:
            item = QListWidgetItem(titles[key], self.list)
            item.setData(KEY, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in layout.shown else Qt.CheckState.Unchecked)
        self.list.setCurrentRow(0)

    def accept(self) -> None:
        """Keep what is ticked, at least one column."""
        items = [self.list.item(row) for row in range(self.list.count())]
        shown = [str(i.data(KEY)) for i in items if i.checkState() is Qt.CheckState.Checked]
        self.layout_chosen = Layout(shown or [self._columns[0].key], self._widths)
        super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with up or down moves the column."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        row = self.list.currentRow()
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier and 0 <= row + by < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + by, item)
            self.list.setCurrentRow(row + by)
        else:
            super().keyPressEvent(event)
