"""The queue as a list: headings of sections and one row per lead, ready to be painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from leaddesk.workflow.queue_words import QueueRow
from leaddesk.workflow.vocabulary import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class SectionHeading:
    """The line above the rows of a section."""

    section: Section
    words: str


Entry = SectionHeading | QueueRow


def entries_of(rows: Sequence[QueueRow]) -> list[Entry]:
    """The rows as they come, a heading before each change of section."""
    entries: list[Entry] = []
    last: Section | None = None
    for row in rows:
        if row.section is not last:
            entries.append(SectionHeading(row.section, row.section.words))
            last = row.section
        entries.append(row)
    return entries


def spoken(row: QueueRow) -> str:
    """One row as a screen reader says it."""
    parts = [row.title, row.company, row.temperature.value, row.when, row.why]
    if row.held_by:
        parts.append(f"held by {row.held_by}")
    return ". ".join(filter(None, parts))


class QueueModel(QAbstractListModel):
    """Holds entries; rows keep their place on the screen when nothing but their words has changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def show_rows(self, rows: Sequence[QueueRow]) -> bool:
        """Show these rows. True if the order changed and views had to start anew."""
        entries = entries_of(rows)
        if [_identity(e) for e in entries] == [_identity(e) for e in self._entries]:
            self._entries = entries
            if entries:
                self.dataChanged.emit(self.index(0), self.index(len(entries) - 1))
            return False
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()
        return True

    def entry(self, row: int) -> Entry:
        """What stands in that line."""
        return self._entries[row]

    def lead_id(self, index: Index) -> int | None:
        """The lead of that line; None for a heading."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        return entry.lead_id if isinstance(entry, QueueRow) else None

    def line_of(self, lead_id: int) -> int:
        """In which line a lead stands, -1 if it does not."""
        for line, entry in enumerate(self._entries):
            if isinstance(entry, QueueRow) and entry.lead_id == lead_id:
                return line
        return -1

    def section_of(self, lead_id: int) -> Section | None:
        """Why a lead is here, None if it is not."""
        line = self.line_of(lead_id)
        entry = self._entries[line] if line >= 0 else None
        return entry.section if isinstance(entry, QueueRow) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Lines, headings included."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain words: for tests, screen readers and tips. The delegate asks `entry`."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if isinstance(entry, SectionHeading):
            return entry.words if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return spoken(entry)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings are passed over by the arrow keys."""
        if self.lead_id(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


def _identity(entry: Entry) -> object:
    return (entry.lead_id, entry.section) if isinstance(entry, QueueRow) else entry.section
