"""The tables of the columns' step: where each column goes, and the first rows with what is odd about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from leaddesk.ui.dialogs.import_wizard_preview import EXTRA, REMEMBERED, SAID, field_words
from leaddesk.ui.dialogs.import_wizard_report import joined
from leaddesk.ui.widgets_table import CellWords, TitledModel

if TYPE_CHECKING:
    from leaddesk.ui.dialogs.import_wizard_preview import Preview, PreviewRow, Told
    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.intake import ColumnPlan

Index = QModelIndex | QPersistentModelIndex
Choice = tuple[str, str]
"""What is stored, and its words."""

SURE, LIKELY = 0.9, 0.6
"""Confidence from which a column's field is said to be sure, or likely."""
HOW_WORDS = {REMEMBERED: "as you said last time", SAID: "as you say"}


def sure_words(told: Told | None) -> str:
    """How sure it is where a column goes, by shape and word, and how it was told."""
    if told is None:
        return ""
    if told.how in HOW_WORDS:
        return f"✓ {HOW_WORDS[told.how]}"
    if told.field is None:
        return f"? may be: {field_words(told.offer)}" if told.offer else ""
    how = "by its name" if told.how.startswith("header “") else told.how
    if told.confidence >= SURE:
        return f"● sure, {how}"
    return f"◐ likely, {how}" if told.confidence >= LIKELY else f"? unsure, {how}"


def is_unsure(told: Told | None) -> bool:
    """Whether somebody should look where this column goes."""
    if told is None or told.how in HOW_WORDS:
        return False
    return told.confidence < SURE if told.field is not None else told.offer is not None


class PlanModel(TitledModel):
    """One line per column of the file: its header, where it goes and how sure that is, first values, odd ones."""

    field_chosen = Signal(str, str)
    """Header, and the field chosen for it (`EXTRA` for none)."""

    TITLES = ("Column in the file", "Goes to", "How sure", "First values", "Odd")
    HEADER, FIELD, SURE, VALUES, ODD = range(5)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.plan: tuple[ColumnPlan, ...] = ()
        self._told: Mapping[str, Told] = {}
        self._samples: list[str] = []
        self._odd: list[tuple[int, str]] = []

    def show(self, preview: Preview) -> None:
        """Another preview; the model resets only if the columns are others."""
        same = [c.header for c in preview.plan] == [c.header for c in self.plan]
        if not same:
            self.beginResetModel()
        self.plan, self._told = preview.plan, preview.told
        columns = range(len(preview.plan))
        values = [[row.cells[at].strip() for row in preview.rows if row.cells[at].strip()] for at in columns]
        self._samples = ["  ·  ".join(dict.fromkeys(v[:40] for v in of_one[:20])) for of_one in values]
        odd = [[row.problems[at] for row in preview.rows if at in row.problems] for at in columns]
        self._odd = [(len(words), words[0] if words else "") for words in odd]
        if same and self.plan:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.plan) - 1, len(self.TITLES) - 1))
        elif not same:
            self.endResetModel()

    def unsure(self) -> int:
        """How many columns somebody should look at."""
        return sum(is_unsure(self._told.get(column.header)) for column in self.plan)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Columns of the file."""
        return 0 if parent.isValid() else len(self.plan)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only where it goes can be changed."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == self.FIELD else flags

    def told(self, at: int) -> str:
        """All that is to be said about a column, for the line below."""
        column = self.plan[at]
        count, first = self._odd[at]
        told = self._told.get(column.header)
        sure = sure_words(told)
        why = f"; {told.how}" if told and told.offer and not column.field else ""
        words = f"“{column.header}” goes to: {field_words(column.field)}{f' ({sure}{why})' if sure else ''}."
        return words + (f" ⚠ {count} odd of the first rows, such as: {first}" if count else "")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, tooltips with the first problem, and colours that say no more than the words."""
        if not index.isValid():
            return None
        at, section, column = index.row(), index.column(), self.plan[index.row()]
        count, first = self._odd[at]
        told = self._told.get(column.header)
        if role == Qt.ItemDataRole.DisplayRole:
            goes, odd = (
                f"{field_words(column.field) if column.field else 'extra field'}  ▾",
                f"⚠ {count}" if count else "",
            )
            return (column.header, goes, sure_words(told), self._samples[at], odd)[section]
        if role == Qt.ItemDataRole.EditRole and section == self.FIELD:
            return column.field or EXTRA
        if role == Qt.ItemDataRole.ToolTipRole:
            tips = {self.HEADER: column.header, self.VALUES: self._samples[at], self.ODD: first}
            return (told.how if told and section == self.SURE else tips.get(section)) or None
        if role == Qt.ItemDataRole.ForegroundRole:
            if section == self.ODD or (section == self.SURE and is_unsure(told)):
                return self._theme.token("warm_text")
            if section in (self.VALUES, self.SURE) or (section == self.FIELD and column.field is None):
                return self._theme.token("mute")
        if role == Qt.ItemDataRole.FontRole and section == self.HEADER:
            return self._theme.font(bold=True)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A field was chosen in the list."""
        if role != Qt.ItemDataRole.EditRole or value == (self.plan[index.row()].field or EXTRA):
            return False
        self.field_chosen.emit(self.plan[index.row()].header, str(value))
        return True


class ChoiceDelegate(CellWords):
    """A list to choose from, opened by Enter, F2, a letter or a click."""

    def __init__(self, choices: Callable[[Index], Sequence[Choice]], parent: QObject) -> None:
        """`choices` are asked for when the list opens."""
        super().__init__(parent)
        self._choices = choices

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The list, open at once."""
        combo = QComboBox(parent)
        combo.setMaxVisibleItems(18)
        for key, words in self._choices(index):
            combo.addItem(words, key)
        combo.setAccessibleName(str(index.sibling(index.row(), 0).data()))
        combo.activated.connect(lambda _at: self._take(combo))
        QTimer.singleShot(0, combo, combo.showPopup)
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What is chosen now."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Take the choice."""
        if isinstance(editor, QComboBox) and editor.currentIndex() >= 0:
            model.setData(index, editor.currentData())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Fill the cell."""
        editor.setGeometry(option.rect)

    def _take(self, combo: QComboBox) -> None:
        self.commitData.emit(combo)
        self.closeEditor.emit(combo, QStyledItemDelegate.EndEditHint.NoHint)


class EnterOpens(QObject):
    """Enter opens a row's list of choices, whichever of its cells the keys are at; it does not go on with the wizard."""

    def __init__(self, table: QTableView, column: int) -> None:
        """`column` has the choices."""
        super().__init__(table)
        self._table, self._column = table, column
        table.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter is left to the wizard."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not plain:
            return False
        index = self._table.currentIndex()
        if index.isValid():
            self._table.setCurrentIndex(index.siblingAtColumn(self._column))
            self._table.edit(self._table.currentIndex())
        return True


class RowsModel(QAbstractTableModel):
    """The first rows as they stand in the file; odd cells are marked and say why."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._headers: tuple[str, ...] = ()
        self._rows: tuple[PreviewRow, ...] = ()

    def show(self, preview: Preview) -> None:
        """Another preview."""
        self.beginResetModel()
        self._headers = tuple(column.header for column in preview.plan)
        self._rows = preview.rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Rows previewed."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Columns of the file."""
        return 0 if parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Headers of the file, and the lines the rows are found at."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Horizontal:
            return self._headers[section]
        row = self._rows[section]
        return f"{'✕' if row.bad else '⚠'} {row.number}" if row.whole else str(row.number)

    def odd_cells(self) -> list[tuple[int, int]]:
        """Row and column of every cell with a problem, from the top."""
        return [
            (at, column)
            for at, row in enumerate(self._rows)
            for column in sorted({*row.problems, *([0] if row.whole else [])})
        ]

    def told(self, index: Index) -> str:
        """All that is to be said about a cell, for the line below."""
        row = self._rows[index.row()]
        where = f"Line {row.number}, {self._headers[index.column()]}: “{row.cells[index.column()][:200]}”"
        said = [*row.problems.get(index.column(), "").split("\n"), *row.whole.split("\n")]
        words = joined(said)
        return f"⚠ {where} — {words}" if words else f"{where}: nothing odd"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, with a mark before it if it is odd."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        problem = row.problems.get(index.column(), "") or (row.whole if index.column() == 0 and row.bad else "")
        if role == Qt.ItemDataRole.DisplayRole:
            text = row.cells[index.column()][:200]
            return f"⚠ {text}" if problem else text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return problem or None
        if role == Qt.ItemDataRole.ForegroundRole and (problem or row.bad):
            return QColor(self._theme.token("hot_text" if row.bad else "warm_text"))
        return None
