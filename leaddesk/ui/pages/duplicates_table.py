"""The table of pairs: rows as high as their words need, led by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from leaddesk.ui.cards.text import Laid, Run, lay_out
from leaddesk.ui.pages.duplicates_model import Column, PairsModel, card_words, percent
from leaddesk.ui.widgets_paint import chip_size, paint_chip
from leaddesk.ui.widgets_table import RingedTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.duplicates import Pair

Index = QModelIndex | QPersistentModelIndex
PAD, TOP = 8, 8
MARK_WIDTH, SCORE_WIDTH, LEAST_CARD = 40, 96, 190
BOX = 16
"""Pixels of the box that is ticked."""
KEPT = 600
"""Cells laid out; past so many all are forgotten."""


class PairsDelegate(QStyledItemDelegate):
    """Paints pairs. Nothing is cut: what is too long goes on in the next line."""

    def __init__(self, view: PairsTable, model: PairsModel, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._model, self._theme = view, model, theme
        self._kept: dict[tuple[object, ...], tuple[Laid, ...]] = {}
        theme.changed.connect(self.forget)

    def forget(self) -> None:
        """Lay everything out anew."""
        self._kept.clear()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the words of the whole row need."""
        return QSize(40, self.height_of(index.row()))

    def height_of(self, row: int) -> int:
        """Pixels a row needs at the columns' widths."""
        pair = self._model.pair(row)
        if pair is None:
            return 0
        columns = (Column.SCORE, Column.ONE, Column.OTHER, Column.WHY)
        return max(self._height(pair, column) for column in columns) + 2 * TOP + 1

    def _height(self, pair: Pair, column: Column) -> int:
        if column is Column.SCORE:
            chip = chip_size(self._theme.font(), "certain", "ok").height()
            return int(sum(laid.height for laid in self._laid(pair, column))) + chip + 2
        return int(sum(laid.height for laid in self._laid(pair, column)))

    def _laid(self, pair: Pair, column: Column) -> tuple[Laid, ...]:
        width, direction = self._view.columnWidth(column) - 2 * PAD, self._view.layoutDirection()
        paragraphs = self._paragraphs(pair, column)
        key = (*(tuple(runs) for runs in paragraphs), column, width, direction)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) > KEPT:
                self._kept.clear()
            font, theme = self._theme.font(), self._theme
            kept = tuple(lay_out(runs, width, font, theme, direction) for runs in paragraphs)
            self._kept[key] = kept
        return kept

    def _paragraphs(self, pair: Pair, column: Column) -> Sequence[Sequence[Run]]:
        if column is Column.SCORE:
            return ((Run(percent(pair), bold=True),),)
        if column is Column.WHY:
            first, *others = pair.why or ("",)
            return ((Run(first),), (Run("; ".join(others), "mute"),)) if others else ((Run(first),),)
        lead_id = pair.a if column is Column.ONE else pair.b
        row = self._model.card(lead_id)
        if row is None:
            gone = self._model.is_gone(lead_id)
            return ((Run(f"Lead #{lead_id}: not to be seen" if gone else "…", "mute"),),)
        name, beside, below = card_words(row)
        return (Run(name, bold=True), Run(f" · {beside}" if beside else "")), (Run(below, "mute"),)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        pair = self._model.pair(index.row())
        if pair is None:
            return
        rect: QRect = option.rect
        theme = self._theme
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, theme.token("select" if chosen else "panel"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.token("line"))
        column = Column(index.column())
        if column is Column.MARK:
            self._paint_mark(painter, rect, marked=self._model.is_marked(pair))
        else:
            y = rect.top() + TOP
            for laid in self._laid(pair, column):
                laid.draw(painter, rect.left() + PAD, y)
                y += int(laid.height)
            if column is Column.SCORE:
                self._paint_certain(painter, rect, y + 2, option.direction, certain=pair.certain)
        painter.restore()

    def _paint_mark(self, painter: QPainter, rect: QRect, *, marked: bool) -> None:
        theme = self._theme
        box = QRectF(rect.left() + (rect.width() - BOX) / 2, rect.top() + TOP + 1, BOX, BOX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.token("accent" if marked else "box_line"), 1))
        painter.setBrush(theme.token("accent" if marked else "panel"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if marked:
            painter.setPen(theme.token("accent_ink"))
            painter.setFont(theme.font(-0.5, bold=True))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "✓")

    def _paint_certain(
        self, painter: QPainter, rect: QRect, y: int, direction: Qt.LayoutDirection, *, certain: bool
    ) -> None:
        painter.setFont(self._theme.font())
        text, kind = ("certain", "ok") if certain else ("look first", "")
        size = chip_size(painter.font(), text, kind)
        room = QRect(rect.left() + PAD, y, rect.width() - 2 * PAD, size.height())
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        paint_chip(painter, QStyle.alignedRect(direction, side, size, room), text, kind)


class PairsTable(RingedTable):
    """Enter opens, Space marks, M merges what is marked, N says that a pair is two people.

    `open_requested` and `apart_requested` carry the row.
    """

    open_requested = Signal(int)
    apart_requested = Signal(int)
    merge_requested = Signal()

    def __init__(self, model: PairsModel, theme: Theme, parent: QWidget | None = None) -> None:
        """Column widths follow the table's."""
        super().__init__(parent)
        self._pairs, self._theme = model, theme
        self._rows = PairsDelegate(self, model, theme)
        self.setAccessibleName("Pairs that look alike")
        self.setItemDelegate(self._rows)
        self.setModel(model)
        self._set_up()
        # Heights are worked out for the rows in sight alone, once they have come to rest.
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(self.fit)
        for signal in (model.modelReset, model.fetched, theme.changed, self.verticalScrollBar().valueChanged):
            signal.connect(self._fit_soon)
        for rows_moved in (model.rowsInserted, model.rowsRemoved):
            rows_moved.connect(self._fit_soon)
        for key, signal in (("M", self.merge_requested), ("N", self.apart_requested)):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda signal=signal: self._ask(signal))
        self.doubleClicked.connect(lambda index: self.open_requested.emit(index.row()))

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side, head = self.verticalHeader(), self.horizontalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(MARK_WIDTH)
        self._measure()

    def _measure(self) -> None:
        line = lay_out((Run("Ag"),), 400, self._theme.font(), self._theme, Qt.LayoutDirection.LeftToRight).height
        self.verticalHeader().setMinimumSectionSize(int(line))
        self.verticalHeader().setDefaultSectionSize(int(2 * line) + 2 * TOP + 1)

    def _ask(self, signal: object) -> None:
        if signal is self.merge_requested:
            self.merge_requested.emit()
        elif self.currentIndex().isValid():
            self.apart_requested.emit(self.currentIndex().row())

    def _fit_soon(self, *_: object) -> None:
        self._fit.start()

    def fit(self) -> None:
        """Give every row in sight the height its words need."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height())
        if first < 0:
            return
        end = last if last >= 0 else self._pairs.rowCount() - 1
        grown = False
        for row in range(first, min(end, first + 60) + 1):
            height = self._rows.height_of(row)
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)
                grown = True
        if grown:
            # Rows that became lower let others come into sight.
            self._fit.start()

    @property
    def is_fitting(self) -> bool:
        """Whether heights are still to be given."""
        return self._fit.isActive()

    def current_pair(self) -> Pair | None:
        """The pair the keyboard is at."""
        return self._pairs.pair(self.currentIndex().row())

    def go_to(self, row: int) -> None:
        """Make a row current, or the last one where there are fewer."""
        count = self._pairs.rowCount()
        if count:
            self.setCurrentIndex(self._pairs.index(max(0, min(row, count - 1)), Column.SCORE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cards share what mark and score leave with the reasons."""
        super().resizeEvent(event)
        room = self.viewport().width() - MARK_WIDTH - SCORE_WIDTH
        card = max(LEAST_CARD, int(room * 0.335))
        widths = (MARK_WIDTH, SCORE_WIDTH, card, card, max(LEAST_CARD, room - 2 * card))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._rows.forget()
        self._fit_soon()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space marks, Home and End go to the list's ends."""
        key, row = event.key(), self.currentIndex().row()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain or row < 0:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_requested.emit(row)
        elif key == Qt.Key.Key_Space:
            self._pairs.toggle(row)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(0 if key == Qt.Key.Key_Home else self._pairs.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys here."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the box marks."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == Column.MARK and event.button() == Qt.MouseButton.LeftButton:
            self._pairs.toggle(index.row())
