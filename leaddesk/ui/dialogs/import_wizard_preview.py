"""What a file looks like before it is brought in: where each column goes, and what is odd about its first cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from leaddesk.workflow.intake import ColumnPlan, LeadFile, Options, RejectedRow, checked, plan_columns, zone_of

if TYPE_CHECKING:
    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.desk import Desk

PREVIEWED = 40
"""Rows shown before anything is decided."""
SAMPLES = 3
EXTRA = "extra"
"""What `Options.overrides` call a column kept as an extra field. No column is ever dropped."""
EXTRA_WORDS = "extra field, kept on the card"

FIELD_WORDS = {
    "name": "name",
    "decides": "decides (yes or no)",
    "email": "e-mail",
    "email_2": "second e-mail",
    "phone_2": "second phone",
    "phone_3": "third phone",
    "zone": "time zone",
    "temperature": "readiness",
    "created_at": "day it came",
    "external_id": "id in the other program",
    "do_not_call": "do not call",
    "do_not_mail": "do not mail",
}
"""Fields whose words differ from their key."""

Index = QModelIndex | QPersistentModelIndex


class ImportDoor(Protocol):
    """The files of the world, as far as the wizard needs them; whoever starts the program gives it."""

    @property
    def fields(self) -> Sequence[str]:
        """The fields a column may go to."""
        ...

    def open(self, path: Path) -> LeadFile:
        """Open a file. Raises `Refused` for what is no table."""
        ...

    def rejects_path(self, path: Path) -> Path:
        """Where the rows left out go."""
        ...

    def write_rejects(self, path: Path, columns: Sequence[str], rejects: Sequence[RejectedRow]) -> int:
        """Write the rows left out, with reasons; gives how many."""
        ...


def field_words(field: str | None) -> str:
    """A field as people say it."""
    return EXTRA_WORDS if field is None else FIELD_WORDS.get(field, field.replace("_", " "))


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it stands, and what is odd about it: by column, or about the whole."""

    number: int
    cells: tuple[str, ...]
    problems: Mapping[int, str]
    bad: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A file opened, with its first rows read the way they would be brought in."""

    path: Path
    file: LeadFile
    plan: tuple[ColumnPlan, ...]
    rows: tuple[PreviewRow, ...]
    total: int
    region: str

    @property
    def odd_phones(self) -> bool:
        """Whether most numbers of the first rows are none as they stand."""
        places = [at for at, column in enumerate(self.plan) if column.field and "phone" in column.field]
        given = [(row, at) for row in self.rows for at in places if row.cells[at].strip()]
        return 2 * sum(at in row.problems for row, at in given) > len(given)


def read_preview(desk: Desk, door: ImportDoor, path: Path, file: LeadFile | None, options: Options) -> Preview:
    """Open the file and read its first rows. For a lane. Raises `Refused`."""
    from leaddesk.workflow.intake_rows import Reading, RowReader
    from leaddesk.workflow.settings import SettingsNow

    first_look = file is None
    file = file or door.open(path)
    options = checked(desk, options)
    plan = plan_columns(file, options.overrides)
    if first_look and not options.region:
        options = replace(options, region=_region_of(file, plan))
    reading = Reading(file, options.region, desk.clock.now(), zone_of(desk), desk.read(SettingsNow()))
    reader = RowReader(reading, plan)
    rows = []
    for row in islice((row for row in file.rows() if not row.empty), PREVIEWED):
        draft = reader.read(row)
        rows.append(PreviewRow(row.number, row.cells, _by_column(file.columns, draft.warnings), draft.bad))
    return Preview(path, file, plan, tuple(rows), file.total(), options.region)


def _region_of(file: LeadFile, plan: Sequence[ColumnPlan]) -> str:
    """The country the numbers tell of themselves, "" if they do not."""
    from leaddesk.workflow.regions import guess_region

    places = [at for at, column in enumerate(plan) if column.field and "phone" in column.field]
    rows = islice(file.rows(), PREVIEWED)
    return guess_region(row.cells[at] for row in rows for at in places if at < len(row.cells))


def _by_column(headers: Sequence[str], warnings: Sequence[str]) -> dict[int, str]:
    """Warnings name their column first; those that name none are about the whole row and stand at its first cell."""
    found: dict[int, str] = {}
    for words in warnings:
        at = next((at for at, header in enumerate(headers) if words.startswith(f"{header}: ")), -1)
        said = words.removeprefix(f"{headers[at]}: ") if at >= 0 else words
        found[max(at, 0)] = "\n".join(filter(None, (found.get(max(at, 0), ""), said)))
    return found


class PlanModel(QAbstractTableModel):
    """One line per column of the file: its header, where it goes, the first values, and how many of them are odd."""

    field_chosen = Signal(str, str)
    """Header, and the field chosen for it (`EXTRA` for none)."""

    TITLES = ("Column in the file", "Goes to", "First values", "Odd")

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.plan: tuple[ColumnPlan, ...] = ()
        self._samples: list[str] = []
        self._odd: list[tuple[int, str]] = []

    def show(self, preview: Preview) -> None:
        """Another preview; the model resets only if the columns are others."""
        same = [c.header for c in preview.plan] == [c.header for c in self.plan]
        if not same:
            self.beginResetModel()
        self.plan = preview.plan
        columns = range(len(preview.plan))
        values = [[row.cells[at].strip() for row in preview.rows if row.cells[at].strip()] for at in columns]
        self._samples = ["  ·  ".join(dict.fromkeys(v[:40] for v in of_one[:20])) for of_one in values]
        odd = [[row.problems[at] for row in preview.rows if at in row.problems] for at in columns]
        self._odd = [(len(words), words[0] if words else "") for words in odd]
        if same and self.plan:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.plan) - 1, len(self.TITLES) - 1))
        elif not same:
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Columns of the file."""
        return 0 if parent.isValid() else len(self.plan)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """As titled."""
        return 0 if parent.isValid() else len(self.TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.TITLES[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only where it goes can be changed."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, tooltips with the first problem, and colours that say no more than the words."""
        if not index.isValid():
            return None
        at, column = index.row(), self.plan[index.row()]
        count, first = self._odd[at]
        if role == Qt.ItemDataRole.DisplayRole:
            said = (column.header, f"{field_words(column.field)}  ▾", self._samples[at], f"⚠ {count}" if count else "")
            return said[index.column()]
        if role == Qt.ItemDataRole.EditRole and index.column() == 1:
            return column.field or EXTRA
        if role == Qt.ItemDataRole.ToolTipRole:
            return first if index.column() == 3 and first else self._samples[at] if index.column() == 2 else None
        if role == Qt.ItemDataRole.ForegroundRole:
            if index.column() == 3:
                return self._theme.token("warm_text")
            if index.column() == 2 or (index.column() == 1 and column.field is None):
                return self._theme.token("mute")
        if role == Qt.ItemDataRole.FontRole and index.column() == 0:
            return self._theme.font(bold=True)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A field was chosen in the list."""
        if role != Qt.ItemDataRole.EditRole or value == (self.plan[index.row()].field or EXTRA):
            return False
        self.field_chosen.emit(self.plan[index.row()].header, str(value))
        return True


class FieldDelegate(QStyledItemDelegate):
    """A list of fields to choose from, opened by Enter, F2, a letter or a click."""

    def __init__(self, fields: Callable[[], Sequence[str]], parent: QObject) -> None:
        super().__init__(parent)
        self._fields = fields

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        """The list, open at once."""
        combo = QComboBox(parent)
        combo.setMaxVisibleItems(18)
        combo.addItem(EXTRA_WORDS, EXTRA)
        for field in sorted(self._fields(), key=field_words):
            combo.addItem(field_words(field), field)
        combo.activated.connect(lambda _at: self._take(combo))
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What is chosen now."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Take the choice."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Fill the cell."""
        editor.setGeometry(option.rect)

    def _take(self, combo: QComboBox) -> None:
        self.commitData.emit(combo)
        self.closeEditor.emit(combo, QStyledItemDelegate.EndEditHint.NoHint)


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
        return self._headers[section] if orientation is Qt.Orientation.Horizontal else str(self._rows[section].number)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, with a mark before it if it is odd."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        problem = row.problems.get(index.column(), "") or (row.bad if index.column() == 0 else "")
        if role == Qt.ItemDataRole.DisplayRole:
            text = row.cells[index.column()][:200]
            return f"⚠ {text}" if problem else text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return problem or None
        if role == Qt.ItemDataRole.ForegroundRole and (problem or row.bad):
            return QColor(self._theme.token("hot_text" if row.bad else "warm_text"))
        return None
