"""How a line of the queue is painted: name, temperature, when, why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from leaddesk.ui.cards.text import Laid, Run, lay_out
from leaddesk.ui.my_day.queue_model import QueueModel, SectionHeading
from leaddesk.ui.widgets_paint import chip_size, paint_chip
from leaddesk.workflow.queue_words import QueueRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.in_turns import Steps
    from leaddesk.ui.theme import Theme

SIDE, TOP, GAP = 14, 9, 6
WHY_LINES = 3
ROWS_PER_STEP = 15
"""Some 5 ms' work."""
KEPT_AT_MOST = 2_000
_Place = tuple[QueueRow, int, Qt.LayoutDirection]


@dataclass(slots=True)
class Drawn:
    """A row laid out for one width. `chip_below`: it does not fit beside the name; `head` is the height of both."""

    name: Laid
    when: Laid | None
    why: Laid
    chip: str
    chip_kind: str
    chip_size: QSize
    chip_below: bool
    head: float
    height: int


class QueueDelegate(QStyledItemDelegate):
    """Paints one lead or one heading. Layouts are kept until the rows, the width or the look change."""

    def __init__(self, view: QListView, model: QueueModel, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._model, self._theme = view, model, theme
        self._kept: dict[_Place, Drawn] = {}
        self._heights: dict[_Place, int] = {}
        theme.changed.connect(self.forget)

    def forget(self) -> None:
        """Lay out anew what is painted, in the look of now. No line becomes higher by that."""
        self._kept.clear()
        self._view.viewport().update()

    def lay_out(self, rows: Sequence[QueueRow]) -> Steps:
        """Know how high these are before the list asks for all of them at once."""
        laid = 0
        for row in rows:
            place = self._place(row, self._view.viewport().width())
            if place not in self._heights:
                self._drawn(place)
                laid += 1
                if laid % ROWS_PER_STEP == 0:
                    yield

    def _place(self, row: QueueRow, width: int) -> _Place:
        return row, width, self._view.layoutDirection()

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as its words need at the width of the list."""
        width = self._view.viewport().width()
        entry = self._model.entry(index.row())
        if isinstance(entry, SectionHeading):
            return QSize(width, int(QFontMetricsF(self._small()).height() + 14))
        place = self._place(entry, width)
        height = self._heights.get(place)
        return QSize(width, self._drawn(place).height if height is None else height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the line."""
        entry = self._model.entry(index.row())
        rect = QRectF(option.rect)
        state = option.state
        painter.save()
        if isinstance(entry, SectionHeading):
            self._heading(painter, rect, entry)
        else:
            focus = bool(state & QStyle.StateFlag.State_HasFocus)
            self._row(painter, rect, entry, selected=bool(state & QStyle.StateFlag.State_Selected), focus=focus)
        painter.setPen(QPen(self._theme.token("line"), 1))
        painter.drawLine(QPointF(rect.left(), rect.bottom() - 0.5), QPointF(rect.right(), rect.bottom() - 0.5))
        painter.restore()

    def _small(self) -> QFont:
        return self._theme.font(-1)

    def _heading(self, painter: QPainter, rect: QRectF, heading: SectionHeading) -> None:
        painter.fillRect(rect, self._theme.token("head"))
        font = self._small()
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        painter.setFont(font)
        painter.setPen(self._theme.token("mute"))
        where = rect.adjusted(SIDE, 0, -SIDE, 0)
        start = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, int(start), heading.words.upper())

    def _drawn(self, place: _Place) -> Drawn:
        kept = self._kept.get(place)
        if kept is None:
            for memory in (self._kept, self._heights):
                if len(memory) > KEPT_AT_MOST:
                    memory.clear()
            kept = self._kept[place] = self._lay(*place)
            self._heights[place] = kept.height
        return kept

    def _lay(self, row: QueueRow, width: int, direction: Qt.LayoutDirection) -> Drawn:
        theme, inner = self._theme, width - 2 * SIDE
        over = "mute" if not row.callable_now else ""
        small = self._small()
        when = None
        if row.when:
            look = Run(row.when, "hot_text" if row.late else "ink", bold=row.late)
            when = lay_out([look], inner * 0.5, small, theme, direction, token="" if row.late else over)
        room = inner - (when.width + 10 if when else 0)
        name = lay_out([Run(row.title, bold=True)], room, theme.font(0), theme, direction, token=over)
        chip, kind = ("incomplete", "") if row.incomplete else (row.temperature.value, row.temperature.value)
        size = chip_size(theme.font(0), chip, kind)
        below = name.last_width + GAP + size.width() > room
        words = f"{row.why} · held by {row.held_by}" if row.held_by else row.why
        why = lay_out([Run(words, "mute")], inner, small, theme, direction, max_lines=WHY_LINES, token=over)
        line = QFontMetricsF(theme.font(0)).height()
        head = max(name.height + (line + 4 if below else 0), when.height if when else 0)
        return Drawn(name, when, why, chip, kind, size, below, head, int(TOP + head + 3 + why.height + TOP + 1))

    def _row(self, painter: QPainter, rect: QRectF, row: QueueRow, *, selected: bool, focus: bool) -> None:
        theme = self._theme
        if selected:
            painter.fillRect(rect, theme.token("select"))
            bar = QRectF(rect.left(), rect.top(), 3, rect.height())
            painter.fillRect(self._mirrored(bar, rect), theme.token("accent"))
        if focus:
            painter.setPen(QPen(theme.token("accent"), 1))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -1.5))
        drawn = self._drawn(self._place(row, int(rect.width())))
        rtl = self._view.layoutDirection() is Qt.LayoutDirection.RightToLeft
        inner = rect.adjusted(SIDE, TOP, -SIDE, 0)
        room = inner.width() - (drawn.when.width + 10 if drawn.when else 0)
        drawn.name.draw(painter, inner.right() - room if rtl else inner.left(), inner.top())
        if drawn.when:
            column = inner.width() * 0.5
            # The text hugs the leading edge of its column, so the column starts where the words begin.
            x = inner.left() - column + drawn.when.width if rtl else inner.right() - drawn.when.width
            drawn.when.draw(painter, x, inner.top())
        self._chip(painter, inner, rect, drawn, faint=not row.callable_now)
        drawn.why.draw(painter, inner.left(), inner.top() + drawn.head + 3)

    def _chip(self, painter: QPainter, inner: QRectF, whole: QRectF, drawn: Drawn, *, faint: bool) -> None:
        size = drawn.chip_size
        line = QFontMetricsF(self._theme.font(0)).height()
        if drawn.chip_below:
            x, y = inner.left(), inner.top() + drawn.name.height + 3
        else:
            x = inner.left() + drawn.name.last_width + GAP
            y = inner.top() + drawn.name.height - line + (line - size.height()) / 2
        box = self._mirrored(QRectF(x, y, size.width(), size.height()), whole)
        painter.setFont(self._theme.font(0))
        if faint:
            painter.setOpacity(0.6)
        paint_chip(painter, box.toRect(), drawn.chip, drawn.chip_kind)
        painter.setOpacity(1.0)

    def _mirrored(self, box: QRectF, whole: QRectF) -> QRectF:
        """The box as it stands in a right-to-left layout, if that is what the list has."""
        if self._view.layoutDirection() is not Qt.LayoutDirection.RightToLeft:
            return box
        return QRectF(whole.left() + whole.right() - box.right(), box.top(), box.width(), box.height())
