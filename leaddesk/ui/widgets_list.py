"""A list to choose from by arrows and Enter: search results and the palette. Rows are painted, not built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from leaddesk.ui import theme as look
from leaddesk.ui.widgets_paint import chip_size, key_size, paint_chip, paint_key

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
PAD = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: what it is, a few words more, its keys or a chip at the end, and what choosing it does."""

    title: str
    run: Callable[[], object]
    detail: str = ""
    keys: str = ""
    chip: str = ""
    chip_kind: str = ""


class ChoiceModel(QAbstractListModel):
    """The rows as they stand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self._choices: list[Choice] = []

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Other rows."""
        self.beginResetModel()
        self._choices = list(choices)
        self.endResetModel()

    def choice(self, row: int) -> Choice | None:
        """One of them."""
        return self._choices[row] if 0 <= row < len(self._choices) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """A flat list."""
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for those who listen to the list; the delegate takes the choice itself."""
        choice = self.choice(index.row()) if index.isValid() else None
        if choice is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return ", ".join(filter(None, (choice.title, choice.chip, choice.detail, choice.keys)))
        return None


class _ChoiceDelegate(QStyledItemDelegate):
    """Title above detail, keys or chip at the end."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines where there is a detail."""
        choice = _choice_at(index)
        line = QFontMetrics(look.current().font()).height()
        return QSize(200, line + 12 + (line if choice and choice.detail else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Mirrored where script runs right to left."""
        choice = _choice_at(index)
        if choice is None:
            return
        theme = look.current()
        frame: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("select"))
            painter.drawRoundedRect(frame.adjusted(4, 1, -4, -1), 6, 6)
        inner = frame.adjusted(PAD, 6, -PAD, -6)
        painter.setFont(theme.font())
        end = self._paint_end(painter, option, choice, inner)
        line = QFontMetrics(theme.font()).height()
        start = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        words = QRect(inner.topLeft(), QSize(inner.width() - end - 8, line))
        painter.setLayoutDirection(option.direction)
        for text, bold, token in ((choice.title, True, "ink"), (choice.detail, False, "mute")):
            font = theme.font(bold=bold and bool(choice.detail))
            painter.setFont(font)
            painter.setPen(theme.token(token))
            at = QStyle.visualRect(option.direction, inner, words)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, at.width())
            painter.drawText(at, start, shown)
            words.translate(0, line)
            words.setWidth(inner.width())
        painter.restore()

    @staticmethod
    def _paint_end(painter: QPainter, option: QStyleOptionViewItem, choice: Choice, inner: QRect) -> int:
        """Keys or chip; gives the width they take."""
        if not choice.keys and not choice.chip:
            return 0
        font = painter.font()
        size = key_size(font, choice.keys) if choice.keys else chip_size(font, choice.chip, choice.chip_kind)
        line = QFontMetrics(font).height()
        place = QRect(QPoint(inner.right() - size.width() + 1, inner.top() + (line - size.height()) // 2), size)
        at = QStyle.visualRect(option.direction, inner, place)
        if choice.keys:
            paint_key(painter, at, choice.keys)
        else:
            paint_chip(painter, at, choice.chip, choice.chip_kind)
        return size.width()


def _choice_at(index: Index) -> Choice | None:
    model = index.model()
    return model.choice(index.row()) if isinstance(model, ChoiceModel) else None


class ChoiceList(QListView):
    """Arrows move, Enter and a click choose. `chosen` says that one was chosen; its `run` has been called."""

    chosen = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what assistive technology calls the list."""
        super().__init__(parent)
        self.choices = ChoiceModel(self)
        self.setModel(self.choices)
        self.setItemDelegate(_ChoiceDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(False)
        self.clicked.connect(self._choose_index)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Other rows, the first of them ready to be chosen."""
        self.choices.show_choices(choices)
        self.move_to(0)
        self.scrollToTop()

    def move_to(self, row: int) -> None:
        """Make this row the one that Enter chooses, as near as there is one."""
        count = self.choices.rowCount()
        if count:
            self.setCurrentIndex(self.choices.index(max(0, min(row, count - 1))))

    def move_by(self, rows: int) -> None:
        """Down, or up where negative."""
        self.move_to(self.currentIndex().row() + rows)

    def choose(self) -> bool:
        """Do what the current row says; False where there is none."""
        choice = self.choices.choice(self.currentIndex().row())
        if choice is None:
            return False
        self.chosen.emit()
        choice.run()
        return True

    def wanted_height(self, most: int) -> int:
        """As high as the rows, up to so many pixels."""
        rows = self.choices.rowCount()
        high = sum(self.sizeHintForRow(row) for row in range(min(rows, 40)))
        return min(most, high)

    def _choose_index(self, index: QModelIndex) -> None:
        self.setCurrentIndex(index)
        self.choose()
