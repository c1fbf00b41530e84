"""The fields of two cards side by side: up and down go through them, left and right choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from leaddesk.ui.cards.text import Laid, Run, lay_out
from leaddesk.ui.dialogs.merge_model import MergeModel, Side, other_side
from leaddesk.ui.theme import RADIUS
from leaddesk.ui.widgets_table import RingedTable
from leaddesk.workflow.merging_fields import KEEP, LOSE

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from leaddesk.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
FIELD_WIDTH = 150
PAD, TOP, GAP = 10, 7, 2
DOT, DOT_ROOM = 14, 24
"""Pixels of the circle before a value, and of the room it takes."""


class MergeDelegate(QStyledItemDelegate):
    """Paints a field: its name, then the two values, a full circle before the one taken."""

    def __init__(self, view: MergeTable, model: MergeModel, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._model, self._theme = view, model, theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the longest of its words."""
        return QSize(40, self.height_of(index.row()))

    def height_of(self, at: int) -> int:
        """Pixels a row needs at the columns' widths."""
        return int(max(self._laid(at, side).height for side in Side)) + 2 * TOP + 2 * GAP

    def _laid(self, at: int, side: Side) -> Laid:
        theme, direction = self._theme, self._view.layoutDirection()
        row = self._model.row(at)
        words = str(self._model.index(at, side).data())
        width = self._view.columnWidth(side) - 2 * PAD - (DOT_ROOM + 2 * GAP if side is not Side.FIELD else 0)
        if side is Side.FIELD:
            return lay_out((Run(words, "mute"),), width, theme.font(), theme, direction)
        value = row.keep_value if side is Side.KEEP else row.lose_value
        chosen = self._model.is_taken(at, side)
        token = "ink" if chosen and value else "mute"
        return lay_out((Run(words, token, bold=chosen and bool(value)),), width, theme.font(), theme, direction)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        rect: QRect = option.rect
        at, side, theme = index.row(), Side(index.column()), self._theme
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, theme.token("panel"))
        laid, dot = self._laid(at, side), 0
        if side is not Side.FIELD and self._model.can_choose(at):
            taken = self._model.is_taken(at, side)
            self._paint_frame(painter, QRectF(rect).adjusted(GAP, GAP, -GAP, -GAP), taken=taken)
            centre_x = rect.right() - GAP - PAD - DOT / 2 if rtl else rect.left() + GAP + PAD + DOT / 2
            self._paint_dot(
                painter, QPointF(centre_x, rect.top() + GAP + TOP + laid.layout.lineAt(0).height() / 2), taken
            )
            dot = DOT_ROOM
        shift = 0 if side is Side.FIELD else GAP
        x = rect.left() + PAD + shift + (0 if rtl else dot)
        laid.draw(painter, x, rect.top() + GAP + TOP)
        painter.restore()

    def _paint_frame(self, painter: QPainter, box: QRectF, *, taken: bool) -> None:
        theme = self._theme
        painter.setPen(QPen(theme.token("accent" if taken else "line"), 1))
        painter.setBrush(theme.token("select" if taken else "panel"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _paint_dot(self, painter: QPainter, centre: QPointF, taken: bool) -> None:
        theme = self._theme
        painter.setPen(QPen(theme.token("accent" if taken else "box_line"), 1.5))
        painter.setBrush(theme.token("panel"))
        painter.drawEllipse(centre, DOT / 2 - 1, DOT / 2 - 1)
        if taken:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("accent"))
            painter.drawEllipse(centre, DOT / 2 - 4, DOT / 2 - 4)


class MergeTable(RingedTable):
    """Left and right choose whose value stands, Space changes it, a click takes a value."""

    RING_CORNER = RADIUS

    def __init__(self, model: MergeModel, theme: Theme, parent: QWidget | None = None) -> None:
        """Rows are as high as their words need."""
        super().__init__(parent)
        self._fields, self._theme = model, theme
        self._rows = MergeDelegate(self, model, theme)
        self.setAccessibleName("Fields that differ")
        self.setItemDelegate(self._rows)
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for head in (self.verticalHeader(), self.horizontalHeader()):
            head.hide()
            head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            head.setMinimumSectionSize(8)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.dataChanged):
            signal.connect(self.fit)
        theme.changed.connect(self.fit)

    def fit(self, *_: object) -> None:
        """Give every row the height it needs, and the keyboard a place."""
        room = self.viewport().width() - FIELD_WIDTH
        for side, width in ((Side.FIELD, FIELD_WIDTH), (Side.KEEP, room - room // 2), (Side.LOSE, room // 2)):
            self.setColumnWidth(side, width)
        for at in range(self._fields.rowCount()):
            self.setRowHeight(at, self._rows.height_of(at))
        # No higher than its rows, so that what follows stands right below them.
        self.setMaximumHeight(max(self.verticalHeader().length(), 60) + 2)
        if not self.currentIndex().isValid():
            self.go_to(0)

    def go_to(self, row: int) -> None:
        """Make a row the current one, where there is any."""
        if self._fields.rowCount():
            self.setCurrentIndex(self._fields.index(row, Side.KEEP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words break anew."""
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right by what is seen: in a mirrored window the first card stands on the right."""
        key, at = event.key(), self.currentIndex().row()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            first = (key == Qt.Key.Key_Left) is not mirrored
            self._fields.choose(at, KEEP if first else LOSE)
        elif key == Qt.Key.Key_Space and self._fields.can_choose(at):
            self._fields.choose(at, other_side(self._fields.side(self._fields.row(at))))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(0 if key == Qt.Key.Key_Home else self._fields.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the dialog."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes the value it is on."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() != Side.FIELD and event.button() == Qt.MouseButton.LeftButton:
            self._fields.choose(index.row(), KEEP if index.column() == Side.KEEP else LOSE)
