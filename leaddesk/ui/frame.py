"""What is on the screen first: the window's grounds, painted before anything that stands on them is imported.

A bare Qt window needs a tenth of a second to be seen; widgets, stylesheet and the rules behind them need as much again.
So the window comes as rail, bar and status line without a word on them, and is furnished in the turns of the event
loop that follow.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from leaddesk.ui.look_tokens import DARK, LIGHT

RAIL, BAR, STATUS = 76, 49, 23
"""Pixels: how wide the rail, how high the bar and the line at the foot are, with the usual font."""


def memory() -> QSettings:
    """How the window stood and looked last time; on this machine, not in the database."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "LeadDesk", "window")


class Frame(QWidget):
    """The window's outside: its place on the screen and its grounds. `painted` comes once, when it is to be seen."""

    painted = Signal()

    def __init__(self) -> None:
        """Where it stood last time, in the look it had then."""
        super().__init__()
        self._has_painted = False
        self.is_furnished = False
        self.setWindowTitle("LeadDesk")
        self.setMinimumSize(960, 600)
        kept = memory()
        self.remembered_look = str(kept.value("look", "system"))
        place = kept.value("place")
        if not isinstance(place, QByteArray) or not self.restoreGeometry(place):
            room = self.screen().availableSize()
            self.resize(min(1440, room.width()), min(900, room.height()))

    def sizeHint(self) -> QSize:
        """As designed."""
        return QSize(1440, 900)

    def remember_place(self) -> None:
        """For next time."""
        memory().setValue("place", self.saveGeometry())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the grounds as long as nothing covers them; tells once that the window is to be seen."""
        if self.is_furnished:
            super().paintEvent(event)
        else:
            self._paint_grounds()
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def _paint_grounds(self) -> None:
        tokens = DARK if self._is_dark() else LIGHT
        whole = self.rect()
        inner = whole.adjusted(RAIL, 0, 0, 0)
        bar = QRect(inner.left(), 0, inner.width(), BAR)
        foot = QRect(inner.left(), whole.bottom() - STATUS + 1, inner.width(), STATUS)
        painter = QPainter(self)
        grounds = (
            (whole, "bg"),
            (QRect(0, 0, RAIL, whole.height()), "rail"),
            (bar, "panel"),
            (QRect(bar.left(), bar.bottom(), bar.width(), 1), "line"),
            (foot, "panel"),
            (QRect(foot.left(), foot.top(), foot.width(), 1), "line"),
        )
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for rect, token in grounds:
            left = whole.width() - rect.width() - rect.left() if mirrored else rect.left()
            painter.fillRect(left, rect.top(), rect.width(), rect.height(), QColor(tokens[token]))
        painter.end()

    def _is_dark(self) -> bool:
        if self.remembered_look in ("light", "dark"):
            return self.remembered_look == "dark"
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
