"""Two cards field by field, as a table: which value the merged card has."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from leaddesk.workflow.merging_fields import FOLLOWING, KEEP, LOSE

if TYPE_CHECKING:
    from leaddesk.workflow.merging import MergeRow, MergeView

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
EMPTY = "(empty)"


class Side(IntEnum):
    """The columns, in reading order."""

    FIELD = 0
    KEEP = 1
    LOSE = 2


def other_side(side: str) -> str:
    """The one across."""
    return LOSE if side == KEEP else KEEP


class MergeModel(QAbstractTableModel):
    """The fields that differ; those alike only when unfolded. `chosen` says that another value was taken."""

    chosen = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty until the preview comes."""
        super().__init__(parent)
        self._differing: tuple[MergeRow, ...] = ()
        self._alike: tuple[MergeRow, ...] = ()
        self._touched: dict[str, str] = {}
        self.unfolded = False

    def show_view(self, view: MergeView) -> None:
        """Show these cards. Nothing moves while only values are taken otherwise."""
        differ = {row.field for row in view.rows if row.keep_value != row.lose_value}
        clash = {row.field for row in view.rows if row.clash}
        # First and last name go with the name; only where they alone disagree are they asked for.
        followers = {n for leader, names in FOLLOWING.items() for n in names if leader in differ or n not in clash}
        rows = [row for row in view.rows if row.field in differ - followers or row.field in self._touched]
        # What both cards have and only one can stay is to be looked at first, what follows by rules last.
        rows.sort(key=lambda row: (not row.choosable, not row.clash))
        alike = tuple(row for row in view.rows if row.field not in differ)
        same = [r.field for r in rows] == [r.field for r in self._differing] and len(alike) == len(self._alike)
        if not same:
            self.beginResetModel()
        self._differing, self._alike = tuple(rows), alike
        if not same:
            self.endResetModel()
        elif self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(Side) - 1))

    def swap(self) -> None:
        """The cards change places; a value that was chosen is still the one chosen."""
        self._touched = {field: other_side(side) for field, side in self._touched.items()}

    def unfold(self, *, on: bool) -> None:
        """Show the fields alike as well, or not."""
        if on == self.unfolded:
            return
        first, last = len(self._differing), len(self._differing) + len(self._alike) - 1
        if last < first:
            self.unfolded = on
        elif on:
            self.beginInsertRows(NOWHERE, first, last)
            self.unfolded = on
            self.endInsertRows()
        else:
            self.beginRemoveRows(NOWHERE, first, last)
            self.unfolded = on
            self.endRemoveRows()

    def alike_count(self) -> int:
        """How many fields need no choice."""
        return len(self._alike)

    def row(self, at: int) -> MergeRow:
        """What stands in a line of the table."""
        return self._shown()[at]

    def can_choose(self, at: int) -> bool:
        """Whether the cards differ there, and a person says which value stands."""
        return 0 <= at < len(self._differing) and self._differing[at].choosable

    def side(self, row: MergeRow) -> str:
        """Whose value is taken."""
        return self._touched.get(row.field, row.taken)

    def is_taken(self, at: int, side: Side) -> bool:
        """Whether this is the value that stands, of two."""
        row = self.row(at)
        if at >= len(self._differing) or side is Side.FIELD:
            return False
        if not row.choosable:
            return row.value == (row.keep_value if side is Side.KEEP else row.lose_value)
        return self.side(row) == (KEEP if side is Side.KEEP else LOSE)

    def choose(self, at: int, side: str) -> None:
        """Take this card's value."""
        if self.can_choose(at) and self.side(self._differing[at]) != side:
            self._touched[self._differing[at].field] = side
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(Side) - 1))
            self.chosen.emit()

    def choices(self) -> dict[str, str]:
        """Field → whose value, where the person has chosen; the rules know the rest."""
        return dict(self._touched)

    def _shown(self) -> tuple[MergeRow, ...]:
        return (*self._differing, *self._alike) if self.unfolded else self._differing

    # What Qt asks

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """A flat list."""
        return 0 if parent.isValid() else len(self._shown())

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """The field and two values."""
        return 0 if parent.isValid() else len(Side)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell, and which value is taken."""
        if not index.isValid():
            return None
        row, side = self.row(index.row()), Side(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, side)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._read_out(index.row(), row, side)
        return None

    def _words(self, row: MergeRow, side: Side) -> str:
        if side is Side.FIELD:
            both = not row.choosable and row.value not in (row.keep_value, row.lose_value)
            return f"{row.words} → {row.value}" if both else row.words
        return (row.keep_value if side is Side.KEEP else row.lose_value) or EMPTY

    def _read_out(self, at: int, row: MergeRow, side: Side) -> str:
        words = self._words(row, side)
        if side is Side.FIELD or at >= len(self._differing):
            return words
        return f"{row.words}: {words}, {'taken' if self.is_taken(at, side) else 'not taken'}"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """For screen readers; the cards' heads stand over the table."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and 0 <= section < 3:
            return ("Field", "The card that stays", "The card that goes into it")[section]
        return None
