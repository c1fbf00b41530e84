"""A table of any length: the ids first, each row only when it is painted."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from leaddesk.ui.columns import END, Column, Say
from leaddesk.ui.table_model_merge import Insertion, Removal, merge_steps
from leaddesk.workflow.cards import LongList
from leaddesk.workflow.desk import Question

if TYPE_CHECKING:
    from leaddesk.workflow.changes import Changes

LONG_S = 0.2
"""A list that takes longer is not looked for anew at once when something changes again and again."""
BLOCK = 100
"""Rows are fetched so many at a time."""
HEAD = 200
"""So many ids of a long list are asked for first: more than any screen shows."""
BLOCKS_AT_ONCE = 3
"""Of the blocks painted since the last answer only the newest are fetched: the ones scrolled past are not missed."""
KEPT_ROWS = 6_000
"""Past so many the rows fetched longest ago are forgotten."""

NAMED_AT_MOST = 5_000
"""Up to so many rows that go are told by name."""

COMING = "…"
"""Stands where a row is still on its way."""

Index = QModelIndex | QPersistentModelIndex
Ids = Callable[[str, bool], Question[Any]]
"""The question for the ids (an array of them, or rows that have them), given the sort key and whether downwards."""
Rows = Callable[[tuple[int, ...]], Question[Any]]
"""The question for the rows with these ids."""


class Asks(Protocol):
    """The reading lane, as far as a table needs it."""

    def ask(
        self,
        owner: QObject,
        question: Question[Any],
        then: Callable[[Any], None],
        *,
        key: str = "",
        failed: Callable[[Exception], None] | None = None,
        whole_list: bool = False,
    ) -> None:
        """Answer in the background; a newer question with the same key makes the older one void."""
        ...

    def drop(self, owner: QObject, key: str) -> None:
        """Nobody waits for the answer under this key any more."""
        ...


class _Gone:
    """Stands for a row that is no longer there."""


GONE = _Gone()


class TableModel(QAbstractTableModel):
    """Ids in an array, rows by id in a small cache, filled from the reading lane.

    `show` starts a new list (the model resets); `take_changes` keeps the list and fetches anew what is seen of it.
    """

    listed = Signal()
    """New ids have come, whether by `show` or after a change."""
    fetched = Signal()
    """Rows have come, and times are said anew."""
    about_to_merge = Signal()
    merged = Signal()
    failed = Signal(object)

    def __init__(
        self, lanes: Asks, columns: Sequence[Column[Any]], rows: Rows, say: Callable[[], Say], parent: QObject
    ) -> None:
        """`say` gives how times are said now."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self.say = say()
        self.coming = False
        """Whether ids are on their way."""
        self.is_whole = True
        """Not while only the first ids of a long list are there."""
        self.is_stopped = False
        """Whether nobody waited for the newest ids: what is shown is older, or not the whole."""
        self.leaving: frozenset[int] | None = frozenset()
        """While ids are merged: who is taken out, perhaps to come in again elsewhere; None for too many to name."""
        self._lanes = lanes
        self._say = say
        self._rows_question = rows
        self._ids_question: Ids | None = None
        self._ids = array("q")
        self._rows: dict[int, Any] = {}
        self._stale: dict[int, int] = {}
        self._epoch = 0
        self._wanted: dict[int, None] = {}
        self._flying: tuple[int, ...] = ()
        self._anew = self._again = False
        self.sort_key = ""
        self.downwards = True
        self._asked_at = 0.0
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._ask_ids)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fetch)

    # What is listed

    def show(self, question: Ids, sort: str, *, downwards: bool) -> None:
        """List something else; what is shown stays until the answer is there."""
        self._ids_question, self.sort_key, self.downwards = question, sort, downwards
        self._anew = True
        self._ask_ids()

    def sort_by(self, sort: str, *, downwards: bool) -> None:
        """The same list in another order."""
        if self._ids_question is not None:
            self.show(self._ids_question, sort, downwards=downwards)

    def resort(self) -> None:
        """Ask again and take the order of the answer, as when a page is looked at anew."""
        self._anew = self._ids_question is not None
        self._ask_ids()

    def take_changes(self, changes: Changes, touched: frozenset[int]) -> None:
        """Cards were touched: fetch anew what is seen of them, and look who came and who is gone."""
        if not (changes.many or touched):
            return
        self._epoch += 1
        known = self._rows.keys() | set(self._flying)
        self._stale |= dict.fromkeys(known if changes.many else touched & known, self._epoch)
        self._repaint()
        if self.coming or self._later.isActive():
            # To ask anew at each change would stop the answer under way, and while a list comes in none would ever come.
            self._again = True
        else:
            self._ask_ids()

    def refresh_times(self) -> None:
        """Say times anew: "5 min late" grows old."""
        self.say = self._say()
        self._repaint()

    def stop(self) -> None:
        """Do not wait for the ids on their way: what is shown stays."""
        if self.coming:
            self._lanes.drop(self, "ids")
            self.coming, self.is_stopped = False, True
            self.listed.emit()

    def _ask_ids(self) -> None:
        if self._ids_question is None:
            return
        self.coming, self.is_stopped = True, False
        self._again = False
        self._asked_at = monotonic()
        self._later.stop()
        question = self._ids_question(self.sort_key, self.downwards)
        head = question.head(HEAD) if self._anew and isinstance(question, LongList) else None
        if head is None:
            self._ask_whole(question)
        else:
            take = partial(self._take_head, question)
            self._lanes.ask(self, head, take, key="ids", failed=self._failed_ids)

    def _ask_whole(self, question: Question[Any]) -> None:
        self._lanes.ask(self, question, self._take_ids, key="ids", failed=self._failed_ids, whole_list=True)

    def _failed_ids(self, error: Exception) -> None:
        self.coming = False
        self.failed.emit(error)

    def _take_head(self, question: Question[Any], head: array[int]) -> None:
        """Show the first rows of a new list while the rest is looked for; nothing moves if they are there already."""
        if len(head) < HEAD:
            self._take_ids(head)
            return
        self._ask_whole(question)
        if self._ids[:HEAD] != head:
            self._anew = self.is_whole = False
            self._replace(head)
            self.listed.emit()

    def _take_ids(self, answer: array[int] | list[Any]) -> None:
        ids = answer if isinstance(answer, array) else array("q", (row.id for row in answer))
        self.coming, self.is_whole = False, True
        if self._anew:
            self._anew = False
            if ids != self._ids:
                self._replace(ids)
        else:
            self._merge(ids)
        self.listed.emit()
        if self._again:
            # A long list is looked for a third of the time at the most.
            took = monotonic() - self._asked_at
            if took > LONG_S:
                self._later.start(int(2000 * took))
            else:
                self._ask_ids()

    def _replace(self, ids: array[int]) -> None:
        self.beginResetModel()
        self._ids = ids
        self.endResetModel()

    def _merge(self, ids: array[int]) -> None:
        steps = merge_steps(self._ids, ids)
        if not steps:
            return
        self.leaving = self._removed_by(steps)
        self.about_to_merge.emit()
        here = QModelIndex()
        for step in steps:
            if isinstance(step, Removal):
                self.beginRemoveRows(here, step.at, step.at + step.count - 1)
                del self._ids[step.at : step.at + step.count]
                self.endRemoveRows()
            else:
                self.beginInsertRows(here, step.at, step.at + len(step.ids) - 1)
                self._ids[step.at : step.at] = step.ids
                self.endInsertRows()
        self.merged.emit()

    def _removed_by(self, steps: list[Removal | Insertion]) -> frozenset[int] | None:
        gone = [step for step in steps if isinstance(step, Removal)]
        if sum(step.count for step in gone) > NAMED_AT_MOST:
            return None
        return frozenset(i for step in gone for i in self._ids[step.at : step.at + step.count])

    # Rows by place and by identity

    def id_at(self, row: int) -> int:
        """Who is in this row, 0 for nobody."""
        return self._ids[row] if 0 <= row < len(self._ids) else 0

    def ids_between(self, first: int, last: int) -> array[int]:
        """The ids from row to row, both included."""
        return self._ids[first : last + 1]

    def row_of(self, row_id: int) -> int:
        """Where somebody is, -1 for nowhere."""
        try:
            return self._ids.index(row_id)
        except ValueError:
            return -1

    def rows_of(self, row_ids: set[int]) -> list[int]:
        """Where these are, in order; one pass however many they are."""
        return [row for row, row_id in enumerate(self._ids) if row_id in row_ids] if row_ids else []

    def row_at(self, row: int) -> Any | None:
        """What is known of a row, None while it is on its way. Being asked for is what gets it fetched."""
        row_id = self._ids[row]
        found = self._rows.get(row_id)
        if found is None or row_id in self._stale:
            block = row // BLOCK
            self._wanted.pop(block, None)
            self._wanted[block] = None
            if not self._flying and not self._soon.isActive():
                self._soon.start()
        return None if isinstance(found, _Gone) else found

    @property
    def fetching(self) -> bool:
        """Whether rows are on their way, or will be asked for at once."""
        return bool(self._flying) or self._soon.isActive()

    def known(self) -> int:
        """How many rows are at hand."""
        return len(self._rows)

    def _fetch(self) -> None:
        """Ask for what is missing of the blocks painted last."""
        blocks = [block for block in list(self._wanted)[-BLOCKS_AT_ONCE:] if block * BLOCK < len(self._ids)]
        self._wanted.clear()
        wanted = tuple(
            row_id
            for block in sorted(blocks)
            for row_id in self._ids[block * BLOCK : (block + 1) * BLOCK]
            if row_id not in self._rows or row_id in self._stale
        )
        if not wanted:
            return
        self._flying = wanted
        epoch = self._epoch
        self._lanes.ask(
            self,
            self._rows_question(wanted),
            lambda rows: self._take_rows(wanted, rows, epoch),
            key="rows",
            failed=self._failed_rows,
        )

    def _failed_rows(self, error: Exception) -> None:
        """Rows could not be read: say so, and let the next painting try again."""
        self._flying = ()
        self.failed.emit(error)

    def _take_rows(self, wanted: tuple[int, ...], rows: list[Any], epoch: int) -> None:
        self._flying = ()
        came = {row.id: row for row in rows}
        for row_id in wanted:
            self._rows.pop(row_id, None)
            self._rows[row_id] = came.get(row_id, GONE)
            if self._stale.get(row_id, epoch + 1) <= epoch:
                del self._stale[row_id]
        while len(self._rows) > KEPT_ROWS:
            oldest = next(iter(self._rows))
            del self._rows[oldest]
            self._stale.pop(oldest, None)
        # A row is never newer than the moment it is spoken of at: nothing is still 61 s of a minute away.
        self.refresh_times()
        self.fetched.emit()
        if self._wanted:
            self._soon.start()

    def _repaint(self) -> None:
        """Tell the view that what it shows may have changed; it paints only what is seen."""
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self.columns) - 1))

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """As many as there are ids."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """All the columns declared, shown or not."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for screen readers, copying and tooltips; the delegate paints from the row itself."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row_at(index.row())
            return COMING if row is None else self.columns[index.column()].text(row, self.say)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self.row_at(index.row())
            if row is None:
                return COMING
            column = self.columns[index.column()]
            said = (column.text(row, self.say), column.badge(row, self.say), column.sub(row, self.say))
            return "\n".join(filter(None, said)) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.columns[index.column()])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return None


def _side(column: Column[Any]) -> int:
    """Where the column's text stands, by reading direction."""
    side = Qt.AlignmentFlag.AlignTrailing if column.align == END else Qt.AlignmentFlag.AlignLeading
    return int(side | Qt.AlignmentFlag.AlignVCenter)
