"""Tabs that take what room there is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from leaddesk.ui import theme as look
from leaddesk.ui.widgets import restyle

INDENT = 18
"""Pixels from the card's side to the first tab."""
BETWEEN = 16 + 4
"""Pixels a tab has beside its words: the stylesheet's."""
COUNT = " 99"
"""What may be added to the title of the last tab, as long as it is not seen."""


class _Indent(QWidget):
    """Room before the first tab."""

    def sizeHint(self) -> QSize:
        """What Qt's tabs go by."""
        return QSize(INDENT, 0)


class CardTabs(QTabWidget):
    """The pages scroll by themselves: they never ask for height by their width, as Qt's own tabs do.

    What a stylesheet would do for it is done here, so that each of its pages can be dressed by itself.
    """

    def __init__(self, least_height: int) -> None:
        super().__init__()
        self._least_height = least_height
        self.setMinimumHeight(least_height)
        self.setDocumentMode(True)
        self.tabBar().setExpanding(False)
        self.tabBar().setDrawBase(False)
        self.setCornerWidget(_Indent(), Qt.Corner.TopLeftCorner)

    def parts(self) -> tuple[QWidget, ...]:
        """What is dressed by itself (`InTurns.parts`)."""
        pages = (self.widget(place) for place in range(self.count()))
        return (self.tabBar(), *(page for page in pages if page is not None))

    def fit(self) -> None:
        """Tabs are smaller and closer where there is no room for all; the last one may come later, and moves none."""
        bar, font = self.tabBar(), self.font()
        font.setBold(True)
        last = self.count() - 1
        seen = [at for at in range(self.count()) if self.isTabVisible(at) or at == last]
        words = [self.tabText(at) + ("" if self.isTabVisible(at) else COUNT) for at in seen]
        need = sum(QFontMetrics(font).horizontalAdvance(said) + BETWEEN for said in words)
        tight = "tight" if need > self.width() - INDENT else ""
        if (bar.property("look") or "") != tight:
            restyle(bar, "look", tight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for them."""
        super().resizeEvent(event)
        self.fit()

    def give_way(self, height: int) -> None:
        """Leave so many pixels of the least height to what stands below."""
        self.setMinimumHeight(self._least_height - height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line below the tabs; the page is on the card's own ground."""
        line = self.tabBar().geometry().bottom()
        QPainter(self).fillRect(0, line, self.width(), 1, look.current().token("line"))

    def sizeHint(self) -> QSize:
        """No more than the least: the rest is what is left over."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def hasHeightForWidth(self) -> bool:
        """Never."""
        return False
