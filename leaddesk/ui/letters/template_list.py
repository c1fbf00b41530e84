"""The list of templates: by kind, of one language or all, each with what came of the letters written from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from leaddesk.ui.widgets import leading
from leaddesk.ui.widgets_paint import chip_size, isolated, paint_chip
from leaddesk.workflow.vocabulary import LetterKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.templates import TemplateRow

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
Name = tuple[str, str]
"""Which template: its key and its language."""
UNSAVED_VERSION = -1
"""Of a template that has been begun and never saved."""
HEADS = {
    LetterKind.FAREWELL: "Farewells",
    LetterKind.GREETING: "Greetings",
    LetterKind.OFFER: "Offers",
    LetterKind.COMEBACK: "Come back",
}
PAD = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a template, or the head of a kind where `row` is None."""

    kind: LetterKind
    row: TemplateRow | None = None
    unsaved: bool = False


def name_of(row: TemplateRow) -> Name:
    """Which template it is."""
    return row.key, row.language


def version_words(version: int) -> str:
    """Whose words a template has."""
    return {0: "shipped", UNSAVED_VERSION: "new"}.get(version, f"version {version}")


def count_words(row: TemplateRow) -> tuple[str, str]:
    """How often letters were written from it, and what came of them."""
    if not row.used:
        return "not written yet", ""
    answered, back = (round(100 * part / row.used) for part in (row.answered, row.returned))
    return f"{row.used:,} written", f"{answered} % answered · {back} % came back · {row.converted:,} converted"


def entries(rows: Sequence[TemplateRow], language: str, unsaved: AbstractSet[Name]) -> Iterator[Entry]:
    """The lines of the list; of one language if it is named."""
    for kind in HEADS:
        wanted = [row for row in rows if row.kind is kind and language in ("", row.language)]
        if wanted:
            yield Entry(kind)
        for row in wanted:
            yield Entry(kind, row, name_of(row) in unsaved)


class TemplateModel(QAbstractListModel):
    """The lines as they stand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show_entries(self, wanted: Sequence[Entry]) -> bool:
        """Other lines, or other words in the same ones. False where the lines stayed and with them what is chosen."""
        same = [_name(e) for e in wanted] == [_name(e) for e in self.entries]
        if same:
            before, self.entries = self.entries, list(wanted)
            for at, (old, new) in enumerate(zip(before, wanted, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(at), self.index(at))
            return False
        self.beginResetModel()
        self.entries = list(wanted)
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """A flat list."""
        return 0 if parent.isValid() else len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads are read, not chosen."""
        if index.isValid() and self.entries[index.row()].row is None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for those who listen to the list; the delegate takes the entry itself."""
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.row.title if entry.row else HEADS[entry.kind]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            if entry.row is None:
                return HEADS[entry.kind] if role == Qt.ItemDataRole.AccessibleTextRole else None
            words = (entry.row.title, entry.row.language, version_words(entry.row.version), *count_words(entry.row))
            return ", ".join(filter(None, (*words, "not saved yet" if entry.unsaved else "")))
        return None

    def at(self, name: Name) -> QModelIndex:
        """Where a template stands; an invalid index where it does not."""
        found = (row for row, entry in enumerate(self.entries) if _name(entry) == name)
        row = next(found, -1)
        return self.index(row) if row >= 0 else NOWHERE


def _name(entry: Entry) -> object:
    return name_of(entry.row) if entry.row else entry.kind


class _Delegate(QStyledItemDelegate):
    """Title, whose words they are, and what came of them; nothing is cut: titles wrap."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = _entry(index)
        wide = self._view.viewport().width()
        small = QFontMetrics(self._theme.font(-1.5))
        if entry is None or entry.row is None:
            return QSize(wide, small.height() + 18)
        high = self._title_rect(QRect(0, 0, wide, 0), entry.row.title).height() + small.height() + 20
        return QSize(wide, high + (self._counts_height(wide, entry.row) if entry.row.used else 0))

    def _counts_height(self, wide: int, row: TemplateRow) -> int:
        room = QRect(0, 0, wide - 2 * PAD, 1000)
        small = QFontMetrics(self._theme.font(-1.5))
        return small.boundingRect(room, int(Qt.TextFlag.TextWordWrap), count_words(row)[1]).height() + 2

    def _title_rect(self, frame: QRect, title: str) -> QRect:
        room = frame.adjusted(PAD, 7, -PAD, 1000)
        bold = QFontMetrics(self._theme.font(bold=True))
        room.setHeight(bold.boundingRect(room, int(Qt.TextFlag.TextWordWrap), title or "x").height())
        return room

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = _entry(index)
        if entry is None:
            return
        painter.save()
        painter.setLayoutDirection(option.direction)
        if entry.row is None:
            self._paint_head(painter, option, HEADS[entry.kind])
        else:
            self._paint_row(painter, option, entry.row, unsaved=entry.unsaved)
        painter.restore()

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, words: str) -> None:
        painter.setFont(self._theme.font(-1.5))
        painter.setPen(self._theme.token("mute"))
        side = int(leading(option.direction) | Qt.AlignmentFlag.AlignBottom)
        painter.drawText(option.rect.adjusted(PAD, 0, -PAD, -4), side, words.upper())

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: TemplateRow, *, unsaved: bool) -> None:
        theme, frame, rtl = self._theme, option.rect, option.direction is Qt.LayoutDirection.RightToLeft
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(theme.token("focus") if focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("select"))
            painter.drawRoundedRect(frame.adjusted(4, 2, -5, -2), 6, 6)
        wrap = int(leading(option.direction) | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        title = self._title_rect(frame, row.title)
        painter.setFont(theme.font(bold=True))
        painter.setPen(theme.token("ink"))
        painter.drawText(title, wrap, in_list(row.title, rtl=rtl))
        used, came = count_words(row)
        painter.setFont(theme.font(-1.5))
        below = QRect(title.left(), title.bottom() + 3, title.width(), painter.fontMetrics().height() + 4)
        chips = [("not saved", "warm")] if unsaved else []
        self._paint_chips(painter, option, below, [*chips, (version_words(row.version), "")])
        painter.setPen(theme.token("mute"))
        line = int(leading(option.direction) | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(below, line, in_list(f"{row.language} · {used}", rtl=rtl))
        if came:
            below = QRect(below.left(), below.bottom() + 1, below.width(), 1000)
            painter.drawText(below, wrap, in_list(came, rtl=rtl))

    def _paint_chips(
        self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, chips: list[tuple[str, str]]
    ) -> None:
        """At the line's end, the last one outermost."""
        painter.setFont(self._theme.font(-0.5))
        room = QRect(line)
        for words, kind in reversed(chips):
            size = chip_size(painter.font(), words, kind)
            place = QRect(room.right() - size.width() + 1, line.center().y() - size.height() // 2, 0, 0)
            place.setSize(size)
            paint_chip(painter, QStyle.visualRect(option.direction, line, place), words, kind)
            room.setRight(place.left() - 5)
        painter.setFont(self._theme.font(-1.5))


def in_list(words: str, *, rtl: bool) -> str:
    """Words that keep their order in a mirrored list."""
    return isolated(words) if rtl else words


def _entry(index: Index) -> Entry | None:
    model = index.model()
    return model.entries[index.row()] if isinstance(model, TemplateModel) and index.isValid() else None


class TemplateList(QListView):
    """Arrows walk from template to template. `chosen` carries the one now chosen."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        """Empty."""
        super().__init__()
        self.templates = TemplateModel(self)
        self.setModel(self.templates)
        self.setItemDelegate(_Delegate(theme, self))
        self.setAccessibleName("Templates")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._moved)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def choose(self, name: Name) -> bool:
        """Go to a template; False where it is not in the list."""
        at = self.templates.at(name)
        if at.isValid():
            self.setCurrentIndex(at)
            self.scrollTo(at)
        return at.isValid()

    def choose_first(self) -> None:
        """Go to the first template there is."""
        first = next((e.row for e in self.templates.entries if e.row), None)
        if first is not None:
            self.choose(name_of(first))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        entry = _entry(now)
        if entry is not None and entry.row is not None:
            self.chosen.emit(entry.row)
