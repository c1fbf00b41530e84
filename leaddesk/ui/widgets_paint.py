"""Chips and keycaps painted by hand, for delegates and buttons; labels of the same look are in `widgets`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from leaddesk.ui import theme as look

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFont

SHAPES = {"hot": "▲", "warm": "◆", "cold": "●", "ok": "●"}
"""Temperature is told by shape and word as well as by colour."""


def isolated(words: str) -> str:
    """Words that run their own way, whatever is around them: full stops, dots and digits stay where they belong."""
    return f"\u2068{words}\u2069" if words else ""


def chip_text(text: str, kind: str) -> str:
    """The words of a chip with the shape of its kind."""
    return f"{SHAPES[kind]} {text}" if kind in SHAPES else text


def chip_size(font: QFont, text: str, kind: str = "") -> QSize:
    """How large a chip is painted in a row of this font."""
    metrics = QFontMetrics(small(font))
    return QSize(metrics.horizontalAdvance(chip_text(text, kind)) + 16, metrics.height() + 4)


def small(font: QFont) -> QFont:
    """The font of chips beside a text of this font."""
    made = look.current().font(-1.5, bold=True)
    made.setPointSizeF(font.pointSizeF() - 1.5 if font.pointSizeF() > 0 else made.pointSizeF())
    return made


def chip_colours(kind: str) -> tuple[QColor, QColor]:
    """Ground and ink of a chip."""
    theme = look.current()
    if kind in SHAPES:
        return theme.token(f"{kind}_soft"), theme.token(f"{kind}_ink")
    return theme.token("chip"), theme.token("chip_ink")


def paint_chip(painter: QPainter, rect: QRect, text: str, kind: str = "") -> None:
    """Paint a chip that fills `rect`, as large as `chip_size` said."""
    ground, ink = chip_colours(kind)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setPen(ink)
    painter.setFont(small(painter.font()))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), chip_text(text, kind))
    painter.restore()


def key_size(font: QFont, keys: str) -> QSize:
    """How large a keycap is painted."""
    metrics = QFontMetrics(_key_font(font))
    return QSize(max(metrics.horizontalAdvance(keys) + 10, metrics.height() + 2), metrics.height() + 4)


def paint_key(painter: QPainter, rect: QRect, keys: str, *, on_accent: bool = False) -> None:
    """Paint a keycap that fills `rect`; `on_accent` for one on a primary button."""
    theme = look.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = theme.token("accent_ink" if on_accent else "ink")
    edge = theme.token("accent_ink" if on_accent else "key_line")
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush if on_accent else theme.token("key_bg"))
    if on_accent:
        painter.setOpacity(0.9)
    painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 4, 4)
    painter.setOpacity(1)
    painter.setPen(ink)
    painter.setFont(_key_font(painter.font()))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), keys)
    painter.restore()


def _key_font(font: QFont) -> QFont:
    made = small(font)
    made.setBold(False)
    return made
