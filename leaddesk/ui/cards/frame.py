"""The frame of a card: the words while there is none, else its head above its tabs, scrolling where they do not fit.

It paints its own ground. With a stylesheet of its own all of the card would have to be dressed at one go, for a
sheet is for everything below the widget that has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from leaddesk.ui.in_turns import InTurns
from leaddesk.ui.theme import RADIUS

if TYPE_CHECKING:
    from leaddesk.ui.cards.tabs import CardTabs
    from leaddesk.ui.theme import Theme
    from leaddesk.ui.widgets import EmptyState


EMPTY, WHOLE, WAITING = range(3)


class CardFrame(InTurns):
    """A panel; subclasses fill it by `arrange`."""

    def __init__(self, theme: Theme) -> None:
        """Empty."""
        super().__init__()
        self._theme = theme

    def arrange(
        self, head: Sequence[QWidget | QLayout], tabs: CardTabs, empty: EmptyState, foot: QWidget | None = None
    ) -> None:
        """Put these below each other; `empty` stands there until `show_inside`.

        `foot` is always in sight. It takes its room from the tabs' pages: nothing moves when it comes or goes, once
        `make_room` was told.
        """
        self._head = QWidget()
        above = QVBoxLayout(self._head)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        for piece in head:
            above.addWidget(piece) if isinstance(piece, QWidget) else above.addLayout(piece)
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._head)
        body.addWidget(tabs, 1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(inside)
        for ground in (inside, self._scroll.viewport()):
            ground.setAutoFillBackground(False)
        self._tabs, self._empty, self._foot = tabs, empty, foot
        whole = QWidget()
        stacked = QVBoxLayout(whole)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(0)
        stacked.addWidget(self._scroll, 1)
        if foot is not None:
            stacked.addWidget(foot)
        holder = QVBoxLayout(self)
        holder.setContentsMargins(1, 1, 1, 1)
        self._stack = QStackedLayout()
        # Before anything is in it: a stack without a parent shows its first page as a window of its own.
        holder.addLayout(self._stack)
        self._stack.addWidget(empty)
        self._stack.addWidget(whole)
        self._stack.addWidget(QWidget())

    def show_inside(self, *, whole: bool) -> None:
        """The card, or the words while there is none."""
        self._stack.setCurrentIndex(WHOLE if whole else EMPTY)

    def wait(self) -> None:
        """Nothing yet: whether there is a card is about to be known."""
        self._stack.setCurrentIndex(WAITING)

    def make_room(self) -> None:
        """The foot was shown or hidden, or its words are others: a card without a scroll bar does not get one by it."""
        if self._foot is not None:
            hidden = self._foot.isHidden()
            self._tabs.give_way(0 if hidden else self._foot.heightForWidth(self.contentsRect().width() - 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The foot's words break anew."""
        super().resizeEvent(event)
        if self.stands:
            self.make_room()

    def parts(self) -> tuple[QWidget, ...]:
        """Head, tabs, foot, and the words while there is none."""
        bars = self._scroll.verticalScrollBar(), self._scroll.horizontalScrollBar()
        foot = () if self._foot is None else (self._foot,)
        return (self._head, *self._tabs.parts(), *foot, self._empty, *bars)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As the stylesheet paints panels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.token("line"))
        painter.setBrush(self._theme.token("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
