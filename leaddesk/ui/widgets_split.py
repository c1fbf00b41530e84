"""A splitter that needs no stylesheet: between the parts of a page there is nothing but room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

GAP = 12
"""Pixels between parts; also what is dragged."""


class _Gap(QSplitterHandle):
    """Room to take hold of."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing: the style would paint dots."""


class Split(QSplitter):
    """Parts beside each other, none of which can be dragged away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHandleWidth(GAP)
        self.setChildrenCollapsible(False)

    def createHandle(self) -> QSplitterHandle:
        """Between two parts."""
        return _Gap(self.orientation(), self)
