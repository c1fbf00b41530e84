"""What tables share: a ring around the row the keyboard is at, words that run their own way, titles that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from leaddesk.ui.widgets_paint import isolated

if TYPE_CHECKING:
    from leaddesk.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex


class RingedTable(QTableView):
    """A table that shows by a ring which row the keyboard is at, as long as it is here."""

    RING_CORNER: ClassVar[int] = 0
    """Pixels of the ring's rounding."""
    _theme: Theme

    def go_to(self, row: int) -> None:
        """Make a row the current one."""
        raise NotImplementedError

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Some row is current as soon as the keyboard comes here."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.go_to(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the ring."""
        super().paintEvent(event)
        index = self.currentIndex()
        if index.isValid() and self.hasFocus():
            top = self.rowViewportPosition(index.row())
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.RING_CORNER > 0)
            painter.setPen(QPen(self._theme.token("focus"), 2))
            ring = QRect(1, top + 1, self.viewport().width() - 2, self.rowHeight(index.row()) - 3)
            painter.drawRoundedRect(ring, self.RING_CORNER, self.RING_CORNER)
            painter.end()


class CellWords(QStyledItemDelegate):
    """The words of each cell run their own way, also in a mirrored window."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """As the model says it, kept apart from the direction of what is around it."""
        super().initStyleOption(option, index)
        option.text = isolated(option.text)


class TitledModel(QAbstractTableModel):
    """A table with as many columns as it has titles."""

    TITLES: ClassVar[tuple[str, ...]] = ()

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """As titled."""
        return 0 if parent.isValid() else len(self.TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.TITLES[section]
        return None
