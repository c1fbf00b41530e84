"""A choice with its key on it: an outcome, a reason, an objection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy

from leaddesk.ui.cards.text import leading
from leaddesk.ui.widgets_paint import isolated, key_size, paint_key

if TYPE_CHECKING:
    from leaddesk.ui.theme import Theme

PAD, GAP = 10, 8


class TickChip(QPushButton):
    """Yes or no in a word: ticked, it means yes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._words = text
        self.setProperty("look", "filter")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.toggled.connect(self._tick)

    def _tick(self, on: bool) -> None:
        self.setText(f"✓ {self._words}" if on else self._words)


class ChoiceButton(QAbstractButton):
    """Frame, words, and the key that chooses it, before or after the words; `aside` is said beside the key."""

    def __init__(
        self, theme: Theme, text: str, key: str, *, key_first: bool = True, aside: str = "", around: int = 16
    ) -> None:
        """`around` are the pixels above and below the words, together."""
        super().__init__()
        self._around = around
        self._theme, self._key, self._key_first, self._aside = theme, key, key_first, aside
        self._over = False
        self.setText(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("{words}, key {key}").format(words=text, key=key) if key else text)
        self.setAccessibleDescription(aside)
        theme.changed.connect(self.update)

    def say_aside(self, aside: str) -> None:
        """Say this beside the key."""
        self._aside = aside
        self.setAccessibleDescription(aside)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the words on one line, as they are when chosen."""
        bold = QFontMetricsF(self._theme.font(0, bold=True))
        aside = QFontMetricsF(self._theme.font(-1)).horizontalAdvance(self._aside) + GAP if self._aside else 0
        width = 2 * PAD + self._key_width() + GAP + bold.horizontalAdvance(self.text()) + aside
        return QSize(int(width) + 4, int(bold.height()) + self._around)

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its words."""
        return self.sizeHint()

    def _key_width(self) -> int:
        return max(18, key_size(self._theme.font(0), self._key).width())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """And not any more."""
        self._over = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame, key, words."""
        theme, chosen = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        strong = chosen or self.hasFocus()
        painter.setPen(QPen(theme.token("accent" if strong else "line"), 2 if self.hasFocus() else 1))
        painter.setBrush(theme.token("select" if chosen else "hover" if self._over else "panel"))
        painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5) if self.hasFocus() else inner, 8, 8)
        key_width = self._key_width() if self._key else 0
        key_height = key_size(theme.font(0), self._key).height()
        start = inner.left() + PAD if self._key_first else inner.right() - PAD - key_width
        key = self._mirrored(QRectF(start, inner.center().y() - key_height / 2, key_width, key_height))
        painter.setFont(theme.font(0))
        if self._key:
            paint_key(painter, key.toRect(), self._key)
        words = QRectF(
            inner.left() + PAD + (key_width + GAP if self._key_first else 0),
            inner.top(),
            inner.width() - 2 * PAD - key_width - GAP,
            inner.height(),
        )
        painter.setPen(theme.token("ink" if self.isEnabled() else "mute"))
        painter.setFont(theme.font(0, bold=chosen))
        lead = leading(self.layoutDirection())
        painter.drawText(self._mirrored(words), int(lead | Qt.AlignmentFlag.AlignVCenter), isolated(self.text()))
        if self._aside:
            trail = leading(self.layoutDirection(), trailing=True)
            painter.setPen(theme.token("mute"))
            painter.setFont(theme.font(-1))
            painter.drawText(self._mirrored(words), int(trail | Qt.AlignmentFlag.AlignVCenter), isolated(self._aside))
        painter.end()

    def _rtl(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _mirrored(self, box: QRectF) -> QRectF:
        if not self._rtl():
            return box
        return QRectF(self.width() - box.right(), box.top(), box.width(), box.height())
