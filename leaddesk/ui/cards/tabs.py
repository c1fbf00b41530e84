"""Tabs that take what room there is."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTabWidget


class CardTabs(QTabWidget):
    """The pages scroll by themselves: they never ask for height by their width, as Qt's own tabs do."""

    def __init__(self, least_height: int) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setMinimumHeight(least_height)
        self.setDocumentMode(True)
        self.tabBar().setExpanding(False)
        self.tabBar().setDrawBase(False)

    def sizeHint(self) -> QSize:
        """No more than the least: the rest is what is left over."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def hasHeightForWidth(self) -> bool:
        """Never."""
        return False
