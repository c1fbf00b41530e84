"""A scroll area that is no higher than what is in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

LEAST = 72
"""Pixels: lower than this nothing could be read."""


class FitScroll(QScrollArea):
    """Takes the height of its contents where there is room, and scrolls where there is not."""

    def __init__(self, inside: QWidget) -> None:
        """`inside` is as wide as the area."""
        super().__init__()
        self._inside = inside
        inside.setProperty("look", "scrolled")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(inside)

    def sizeHint(self) -> QSize:
        """All of it, at the width there is."""
        inside = self._inside
        hint = inside.sizeHint()
        height = inside.heightForWidth(self.width()) if inside.hasHeightForWidth() else hint.height()
        return QSize(hint.width(), max(0, height))

    def minimumSizeHint(self) -> QSize:
        """A few lines."""
        return QSize(self._inside.minimumSizeHint().width(), min(LEAST, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is inside has become higher or lower."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words break anew at another width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()
