"""Who is to be greeted: a list with ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from leaddesk.ui.language import language_name

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from leaddesk.workflow.greetings import GreetingDue

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class GreetingsModel(QAbstractListModel):
    """One row for each lead, ticked at first. `ticked` says that a tick was set or taken away."""

    ticked = Signal()

    def __init__(self, due: list[GreetingDue], parent: QObject) -> None:
        """All of them."""
        super().__init__(parent)
        self.due = due
        self._off: set[int] = set()

    def chosen(self) -> tuple[int, ...]:
        """The leads with a tick."""
        return tuple(one.lead_id for one in self.due if one.lead_id not in self._off)

    def left_out(self) -> tuple[int, ...]:
        """Those without."""
        return tuple(one.lead_id for one in self.due if one.lead_id in self._off)

    def tick_all(self, *, on: bool) -> None:
        """A tick for everybody, or for nobody."""
        self._off = set() if on else {one.lead_id for one in self.due}
        if self.due:
            self.dataChanged.emit(self.index(0), self.index(len(self.due) - 1), [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """A flat list."""
        return 0 if parent.isValid() else len(self.due)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        here = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        return here | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Who, where, and whether."""
        if not index.isValid():
            return None
        one = self.due[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{one.title} · {one.country} · {language_name(one.language)}\n{one.to_address}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return one.holiday
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Unchecked if one.lead_id in self._off else Qt.CheckState.Checked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A tick set or taken away."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        lead_id = self.due[index.row()].lead_id
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self._off.discard(lead_id)
        else:
            self._off.add(lead_id)
        self.dataChanged.emit(index, index, [role])
        self.ticked.emit()
        return True
