"""The table of reasons: a model of what each is and what came of it, and the delegate that paints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from leaddesk.ui.widgets import leading
from leaddesk.ui.widgets_paint import chip_size, isolated, key_size, paint_chip, paint_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.refusals import ReasonRow

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
DIGIT, TITLE, SHARE, STAYED, BACK, LETTER, THEN = range(7)
HEADS = ("Key", "Reason", "Share", "Stayed", "Came back", "Letter", "Then")
HELP = (
    "The digit that chooses it in the refuse dialog",
    "What it is called, and how far such a “no” goes",
    "Of all refusals",
    "Stayed after what was answered to it, of all who gave it",
    "Of those who refused for it",
    "The letter it proposes",
    "When they are to come back",
)
SUB = Qt.ItemDataRole.UserRole
RETIRED = "retired"
PAD = 8
WORDS_WIDTH = 150
"""Pixels the two columns of words have at least; what is left over is theirs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and in small letters below it."""

    words: str
    sub: str = ""


def percent(part: int, whole: int) -> str:
    """A share as it is read; a dash where there is nothing to have a share of."""
    return f"{round(100 * part / whole)} %" if whole else "–"


def counted(number: int, one: str, many: str) -> str:
    """A number with its word."""
    return f"{number:,} {one if number == 1 else many}"


def cells(row: ReasonRow, letters: Mapping[str, str]) -> tuple[Cell, ...]:
    """A reason as the table shows it; `letters` are titles of templates by key."""
    reason = row.reason
    kind = " · ".join(filter(None, (reason.kind.words, "in their words" if reason.needs_words else "")))
    days = counted(reason.default_days, "day", "days") if reason.default_days else "ask"
    return (
        Cell(str(reason.digit or "")),
        Cell(reason.title, kind),
        Cell(f"{row.share} %" if row.used else "–", counted(row.used, "refusal", "refusals") if row.used else "unused"),
        Cell(f"{row.stayed} of {row.stayed + row.used}" if row.stayed + row.used else "–"),
        Cell(percent(row.returned, row.used), counted(row.converted, "client", "clients") if row.converted else ""),
        Cell(letters.get(reason.letter, reason.letter) or "no letter"),
        Cell("never again" if reason.suppress else days, "calls and letters stop" if reason.suppress else ""),
    )


class ReasonsModel(QAbstractTableModel):
    """All reasons, the retired ones last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.rows: list[ReasonRow] = []
        self._cells: list[tuple[Cell, ...]] = []

    def show_reasons(self, rows: Sequence[ReasonRow], letters: Mapping[str, str]) -> None:
        """As they stand now."""
        made = [cells(row, letters) for row in rows]
        if list(rows) == self.rows and made == self._cells:
            return
        self.beginResetModel()
        self.rows, self._cells = list(rows), made
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """A flat table."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Always the same."""
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What stands in a column, in a word and in a sentence."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(HEADS):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        return {Qt.ItemDataRole.DisplayRole: HEADS[section], Qt.ItemDataRole.ToolTipRole: HELP[section]}.get(
            Qt.ItemDataRole(role)
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words; those who listen to the table hear both lines."""
        if not index.isValid():
            return None
        cell = self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.words
        if role == SUB:
            return RETIRED if self.is_retired(index.row()) and index.column() == TITLE else cell.sub
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (HEADS[index.column()], cell.words, str(self.data(index, SUB)))))
        return None

    def is_retired(self, row: int) -> bool:
        """Whether the refuse dialog does not offer it any more."""
        return self.rows[row].reason.retired

    def row_of(self, key: str) -> int:
        """Where a reason stands, -1 if nowhere."""
        return next((at for at, row in enumerate(self.rows) if row.reason.key == key), -1)


class ReasonDelegate(QStyledItemDelegate):
    """Two lines a cell; the first wraps rather than being cut."""

    def __init__(self, theme: Theme, table: QTableView) -> None:
        """Heights go by the table's columns."""
        super().__init__(table)
        self._theme, self._table = theme, table

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as its words, as high as they are in the column that they have."""
        words, sub = str(index.data() or ""), str(index.data(SUB) or "")
        bold, small = QFontMetrics(self._font(index.column())), QFontMetrics(self._theme.font(-1.5))
        wide = max(bold.horizontalAdvance(words), small.horizontalAdvance(sub), 16) + 2 * PAD + 2
        if index.column() in (TITLE, LETTER):
            wide = WORDS_WIDTH
        room = QRect(0, 0, max(40, self._table.columnWidth(index.column()) - 2 * PAD), 1000)
        high = bold.boundingRect(room, int(Qt.TextFlag.TextWordWrap), words or "x").height()
        below = small.boundingRect(room, int(Qt.TextFlag.TextWordWrap), sub).height() + 1 if sub else 0
        if sub == RETIRED:
            below += 6
        return QSize(wide, high + below + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Mirrored where script runs right to left."""
        model = index.model()
        if not isinstance(model, ReasonsModel):
            return
        theme, frame = self._theme, option.rect
        retired = model.is_retired(index.row())
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(frame, theme.token("select" if chosen else "panel"))
        painter.fillRect(frame.left(), frame.bottom(), frame.width(), 1, theme.token("line"))
        inner = frame.adjusted(PAD, 6, -PAD, -7)
        words, sub = str(index.data() or ""), str(index.data(SUB) or "")
        if option.direction is Qt.LayoutDirection.RightToLeft:
            words, sub = isolated(words), sub if sub == RETIRED else isolated(sub)
        painter.setLayoutDirection(option.direction)
        if index.column() == DIGIT:
            self._paint_digit(painter, option, inner, str(index.data() or ""))
        else:
            side = int(leading(option.direction) | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
            painter.setFont(self._font(index.column()))
            painter.setPen(theme.token("mute" if retired or index.data() in ("–", "no letter") else "ink"))
            taken = painter.fontMetrics().boundingRect(inner, side, words)
            painter.drawText(inner, side, words)
            self._paint_sub(painter, option, inner.adjusted(0, taken.height() + 1, 0, 4), sub, retired=retired)
        painter.restore()

    def _paint_digit(self, painter: QPainter, option: QStyleOptionViewItem, inner: QRect, digit: str) -> None:
        if not digit:
            return
        painter.setFont(self._theme.font())
        size = key_size(painter.font(), digit)
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        paint_key(painter, QStyle.alignedRect(option.direction, side, size, inner), digit)

    def _paint_sub(
        self, painter: QPainter, option: QStyleOptionViewItem, below: QRect, sub: str, *, retired: bool
    ) -> None:
        if retired and sub == RETIRED:
            painter.setFont(self._theme.font())
            side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            size = chip_size(painter.font(), sub)
            paint_chip(painter, QStyle.alignedRect(option.direction, side, size, below), sub)
        elif sub:
            painter.setFont(self._theme.font(-1.5))
            painter.setPen(self._theme.token("mute"))
            side_flags = int(leading(option.direction) | Qt.AlignmentFlag.AlignTop)
            painter.drawText(below, side_flags | int(Qt.TextFlag.TextWordWrap), sub)

    def _font(self, column: int) -> QFont:
        return self._theme.font(bold=column == TITLE)


class ReasonsTable(QTableView):
    """As high as its rows: the page around it scrolls. `edit_requested` and `retire_requested` are by key."""

    edit_requested = Signal()
    retire_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        """Empty."""
        super().__init__()
        self.setAccessibleName("Reasons for refusing")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        self.reasons = ReasonsModel(self)
        self.setModel(self.reasons)
        self.setItemDelegate(ReasonDelegate(theme, self))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (TITLE, LETTER):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        head.sectionResized.connect(lambda *_sizes: self._fit())
        self.reasons.modelReset.connect(self._fit)
        theme.changed.connect(self._fit)
        self.doubleClicked.connect(lambda _index: self.edit_requested.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter changes the row, Delete retires it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_requested.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.retire_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.resizeRowsToContents()
        self.setFixedHeight(self.verticalHeader().length() + self.horizontalHeader().sizeHint().height() + 2)
