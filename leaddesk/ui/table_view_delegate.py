"""Paints the rows of every table: two lines a row, chips, what is late. No widget per row, no object per cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from leaddesk.ui.columns import END
from leaddesk.ui.table_model import COMING, TableModel
from leaddesk.ui.widgets_paint import isolated

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QObject

    from leaddesk.ui.columns import Column
    from leaddesk.ui.theme import Theme

PAD = 8
"""Pixels from a cell's side to its text."""
CHIP_ENDS = 16
"""Pixels a chip has beside its word, both ends together."""
_FLAT = Qt.TextFlag.TextSingleLine
_WORDS = Qt.TextFlag.TextWordWrap
_ANYWHERE = Qt.TextFlag.TextWrapAnywhere


class RowDelegate(QStyledItemDelegate):
    """Paints a cell from its row. Text too long for one line takes both; only past two lines is it cut, with a tooltip."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        """`theme` gives colours and fonts; they are looked up anew when it changes."""
        super().__init__(parent)
        self._theme = theme
        self._look()
        theme.changed.connect(self._look)

    def _look(self) -> None:
        theme = self._theme
        names = ("panel", "line", "ink", "mute", "select", "focus", "hot_text", "strong_line", "hover")
        self._colour = {name: theme.token(name) for name in names}
        kinds = {k: (f"{k}_soft", f"{k}_ink") for k in ("hot", "warm", "cold", "ok")}
        kinds |= {"chip": ("chip", "chip_ink"), "accent": ("accent_soft", "accent_text")}
        self._chips = {kind: (theme.token(ground), theme.token(ink)) for kind, (ground, ink) in kinds.items()}
        self._plain, self._bold = theme.font(), theme.font(bold=True)
        self._small, self._small_bold = theme.font(-1), theme.font(-1.5, bold=True)
        self._metrics = {id(f): QFontMetrics(f) for f in (self._plain, self._bold, self._small, self._small_bold)}

    @property
    def row_height(self) -> int:
        """The height of every row, in pixels: two lines and the air around them."""
        return self._metrics[id(self._bold)].height() + self._metrics[id(self._small)].height() + 14

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The same for all: rows are uniform."""
        return QSize(80, self.row_height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell."""
        model = index.model()
        if not isinstance(model, TableModel):
            return
        rect: QRect = option.rect
        row = model.row_at(index.row())
        column = model.columns[index.column()]
        painter.save()
        painter.setClipRect(rect)
        painter.setLayoutDirection(option.direction)
        self._paint_ground(painter, option, rect)
        inner = rect.adjusted(PAD, 4, -PAD, -5)
        if row is None:
            painter.setPen(self._colour["mute"])
            self._line(painter, inner, COMING, self._plain, self._colour["mute"], end=False)
        else:
            rtl = option.direction == Qt.LayoutDirection.RightToLeft
            self._paint_cell(painter, inner, row, column, model, rtl=rtl)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, self._colour["select"] if chosen else self._colour["panel"])
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._colour["line"])

    def _paint_cell(
        self, painter: QPainter, rect: QRect, row: Any, column: Column[Any], model: TableModel, *, rtl: bool
    ) -> None:
        say = model.say
        text, sub, end = column.text(row, say), column.sub(row, say), column.align == END
        if rtl:
            # Isolated by its own direction: a phone number or a name keeps its order in a mirrored table.
            text, sub = isolated(text), isolated(sub)
        kind = column.chip(row, say)
        alarm = column.alarm(row, say)
        ink = self._colour["ink"]
        if kind:
            self._chip(painter, rect, text, kind, rtl=rtl)
            return
        font = self._bold if column.bold else self._plain
        badge = column.badge(row, say)
        if not sub:
            colour = self._colour["hot_text"] if alarm else ink
            room = rect.adjusted(0, 0, 0, 0)
            if badge:
                self._with_badge(painter, rect, text, badge, font, rtl=rtl)
            else:
                self._wrapped(painter, room, text, font, colour, end=end)
            return
        top = QRect(rect.left(), rect.top() + 1, rect.width(), self._metrics[id(font)].height())
        below = QRect(rect.left(), top.bottom() + 2, rect.width(), rect.bottom() - top.bottom() - 1)
        if badge:
            self._with_badge(painter, top, text, badge, font, rtl=rtl)
        else:
            self._line(painter, top, text, font, ink, end=end)
        self._line(painter, below, sub, self._small, self._colour["hot_text" if alarm else "mute"], end=end)

    def _line(self, painter: QPainter, rect: QRect, text: str, font: QFont, colour: QColor, *, end: bool) -> None:
        metrics = self._metrics[id(font)]
        if metrics.horizontalAdvance(text) > rect.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(font)
        painter.setPen(colour)
        side = Qt.AlignmentFlag.AlignRight if end else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter) | int(_FLAT), text)

    def _wrapped(self, painter: QPainter, rect: QRect, text: str, font: QFont, colour: QColor, *, end: bool) -> None:
        metrics = self._metrics[id(font)]
        if metrics.horizontalAdvance(text) <= rect.width():
            self._line(painter, rect, text, font, colour, end=end)
            return
        painter.setPen(colour)
        painter.setFont(self._small if font is self._plain else font)
        metrics = self._metrics[id(self._small if font is self._plain else font)]
        side = int(Qt.AlignmentFlag.AlignRight if end else Qt.AlignmentFlag.AlignLeft)
        flags = side | int(Qt.AlignmentFlag.AlignVCenter) | int(_WORDS)
        taken = metrics.boundingRect(rect, flags, text)
        if taken.height() > rect.height():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() * 2 - rect.width() // 4)
            taken = metrics.boundingRect(rect, flags, text)
        if taken.width() > rect.width():
            flags |= int(_ANYWHERE)
        painter.drawText(rect, flags, text)

    def _with_badge(self, painter: QPainter, rect: QRect, text: str, badge: str, font: QFont, *, rtl: bool) -> None:
        wide = self.chip_width(badge)
        room = max(40, rect.width() - wide - 6)
        taken = min(room, self._metrics[id(font)].horizontalAdvance(text) + 1)
        at = QRect(rect.left(), rect.top(), taken, rect.height())
        beside = QRect(rect.left() + taken + 6, rect.top(), wide, rect.height())
        if rtl:
            at.moveRight(rect.right())
            beside.moveRight(at.left() - 6)
        self._line(painter, at, text, font, self._colour["ink"], end=False)
        self._chip(painter, beside, badge, "chip", rtl=rtl)

    def chip_width(self, text: str) -> int:
        """How wide a chip with this word is, in pixels."""
        return self._metrics[id(self._small_bold)].horizontalAdvance(text) + CHIP_ENDS

    def _chip(self, painter: QPainter, rect: QRect, text: str, kind: str, *, rtl: bool) -> None:
        ground, ink = self._chips.get(kind, self._chips["chip"])
        metrics = self._metrics[id(self._small_bold)]
        if self.chip_width(text) > rect.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - CHIP_ENDS)
        size = QSize(min(rect.width(), self.chip_width(text)), metrics.height() + 3)
        direction = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        box = QRectF(QStyle.alignedRect(direction, side, size, rect))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setFont(self._small_bold)
        painter.setPen(QPen(ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter) | int(_FLAT), text)
