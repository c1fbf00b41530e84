"""Words one after the other, each no wider than the room there is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QStyle

from leaddesk.ui.widgets import FlowLayout


class WrappingFlow(FlowLayout):
    """As `FlowLayout`, but what is too long for a line of its own breaks into several instead of widening the card."""

    def minimumSize(self) -> QSize:
        """As wide as the longest word."""
        size = QSize()
        for place in range(self.count()):
            item = self.itemAt(place)
            if item is not None and not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        holder = self.parentWidget()
        direction = holder.layoutDirection() if holder else Qt.LayoutDirection.LeftToRight
        for place in range(self.count()):
            item = self.itemAt(place)
            if item is None or item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.x() + rect.width():
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if size.width() > rect.width() and item.hasHeightForWidth():
                size = QSize(rect.width(), item.heightForWidth(rect.width()))
            if move:
                item.setGeometry(QStyle.visualRect(direction, rect, QRect(QPoint(x, y), size)))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.y()
