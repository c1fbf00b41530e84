"""A painted list of lines: when, what (bold and plain), words below, and one thing to do with it.

Timeline, tasks, notes, letters, duplicates, history and linked cards are all lists of such lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from leaddesk.ui.cards.text import Laid, Run, lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
SIDE, TOP, WHEN, ICON = 18, 8, 88, 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `ref` is the id it stands for; `action` is what Enter or a click on these words asks for."""

    when: str
    what: tuple[Run, ...]
    icon: str = ""
    below: str = ""
    action: str = ""
    ref: int = 0
    kind: str = ""
    faint: bool = False

    @property
    def words(self) -> str:
        """The line as it is read out."""
        return ". ".join(filter(None, (self.when, "".join(r.text for r in self.what), self.below)))


class LinesModel(QAbstractListModel):
    """Holds the lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these; nothing moves if they are the ones that are there."""
        fresh = tuple(lines)
        if fresh == self._lines:
            return
        self.beginResetModel()
        self._lines = fresh
        self.endResetModel()

    def line(self, row: int) -> Line:
        """What stands in that row."""
        return self._lines[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many there are."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a line."""
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._lines[index.row()].words
        return None


@dataclass(slots=True)
class Drawn:
    """A line laid out for one width."""

    when: Laid
    what: Laid
    below: Laid | None
    action: Laid | None
    height: int


class LinesDelegate(QStyledItemDelegate):
    """Paints lines, and knows where their action is."""

    def __init__(self, view: QListView, model: LinesModel, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._model, self._theme = view, model, theme
        self._kept: dict[tuple[Line, int, Qt.LayoutDirection], Drawn] = {}
        theme.changed.connect(self.forget)

    def forget(self) -> None:
        """Lay everything out anew."""
        self._kept.clear()
        self._view.scheduleDelayedItemsLayout()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words need."""
        width = self._view.viewport().width()
        return QSize(width, self._drawn(self._model.line(index.row()), width).height)

    def _drawn(self, line: Line, width: int) -> Drawn:
        direction = self._view.layoutDirection()
        kept = self._kept.get((line, width, direction))
        if kept is None:
            if len(self._kept) > 2000:
                self._kept.clear()
            kept = self._kept[line, width, direction] = self._lay(line, width, direction)
        return kept

    def _lay(self, line: Line, width: int, direction: Qt.LayoutDirection) -> Drawn:
        theme = self._theme
        over = "mute" if line.faint else ""
        action = None
        if line.action:
            action = lay_out([Run(line.action, "accent_text", underline=True)], width, theme.font(-1), theme, direction)
        room = width - 2 * SIDE - WHEN - ICON - (action.width + 12 if action else 0)
        when = lay_out([Run(line.when, "mute")], WHEN - 6, theme.font(-1), theme, direction)
        what = lay_out(line.what, room, theme.font(0), theme, direction, token=over)
        below = lay_out([Run(line.below, "mute")], room, theme.font(0), theme, direction) if line.below else None
        height = max(what.height + (below.height if below else 0), when.height)
        return Drawn(when, what, below, action, int(height + 2 * TOP + 1))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the line."""
        line = self._model.line(index.row())
        rect = QRectF(option.rect)
        state = option.state
        theme, drawn = self._theme, self._drawn(line, int(rect.width()))
        rtl = self._view.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.save()
        inner = rect.adjusted(SIDE, TOP, -SIDE, 0)
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.fillRect(rect, theme.token("select"))
        aside = drawn.action.width + 12 if drawn.action else 0
        room = inner.width() - WHEN - ICON - aside
        x = inner.left() + aside if rtl else inner.left() + WHEN + ICON
        drawn.when.draw(painter, inner.right() - WHEN + 6 if rtl else inner.left(), inner.top() + 1)
        if line.icon:
            pixels = theme.icon(line.icon, "mute" if line.faint else "ink").pixmap(
                QSize(14, 14), self._view.devicePixelRatioF()
            )
            side = inner.right() - WHEN - 14 if rtl else inner.left() + WHEN
            high = QFontMetricsF(theme.font(0)).height()
            painter.drawPixmap(QPointF(side, inner.top() + (high - 14) / 2), pixels)
        drawn.what.draw(painter, x, inner.top())
        if drawn.below:
            drawn.below.draw(painter, x, inner.top() + drawn.what.height)
        if drawn.action:
            drawn.action.draw(
                painter, inner.left() + drawn.action.width - rect.width() if rtl else x + room + 12, inner.top()
            )
        painter.setPen(QPen(theme.token("line"), 1))
        y = rect.bottom() - 0.5
        painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))
        painter.restore()

    def on_action(self, where: QPoint, rect: QRectF, line: Line) -> bool:
        """Whether a click there is meant for the line's action."""
        drawn = self._drawn(line, int(rect.width()))
        if drawn.action is None:
            return False
        rtl = self._view.layoutDirection() is Qt.LayoutDirection.RightToLeft
        edge = rect.left() + SIDE if rtl else rect.right() - SIDE
        return abs(where.x() - edge) <= drawn.action.width + 8


class LinesView(QListView):
    """The list itself. `acted` gives the line whose action was asked for by Enter or a click."""

    acted = Signal(object)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.lines = LinesModel(self)
        self.setModel(self.lines)
        self._delegate = LinesDelegate(self, self.lines, theme)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setAccessibleName(name)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.lines.show_lines(lines)

    def current_line(self) -> Line | None:
        """The line the keyboard is at."""
        index = self.currentIndex()
        return self.lines.line(index.row()) if index.isValid() else None

    def event(self, event: QEvent) -> bool:
        """Enter is the list's own where the line it stands on has something to do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            line = self.current_line()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and line and line.action:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what the line offers."""
        line = self.current_line()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and line and line.action:
            self.acted.emit(line)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the action's words does it."""
        super().mouseReleaseEvent(event)
        line = self._pointed(event.position().toPoint())
        if line is not None and event.button() == Qt.MouseButton.LeftButton:
            self.acted.emit(line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be clicked."""
        super().mouseMoveEvent(event)
        over = self._pointed(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def _pointed(self, where: QPoint) -> Line | None:
        index = self.indexAt(where)
        if not index.isValid():
            return None
        line = self.lines.line(index.row())
        return line if self._delegate.on_action(where, QRectF(self.visualRect(index)), line) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words break anew at the new width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyboardSearch(self, search: str) -> None:
        """Typing here chooses outcomes and does not jump about."""
