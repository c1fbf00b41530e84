"""Pairs of leads that may be one person, as a table: the pairs at once, the cards in them when they are painted."""

from __future__ import annotations

from array import array
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from leaddesk.ui.table_model_merge import Removal, merge_steps
from leaddesk.workflow.cards import LeadRow, LeadRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leaddesk.ui.jobs import Lanes
    from leaddesk.workflow.duplicates import Pair

Index = QModelIndex | QPersistentModelIndex
Key = tuple[int, int]
NOWHERE = QModelIndex()
AT_ONCE = 200
"""So many cards are read in one question: those painted last, the ones scrolled past are not missed."""


class Column(IntEnum):
    """The columns, in reading order."""

    MARK = 0
    SCORE = 1
    ONE = 2
    OTHER = 3
    WHY = 4


TITLES = {Column.MARK: "", Column.SCORE: "Alike", Column.ONE: "One card", Column.OTHER: "The other", Column.WHY: "Why"}


def percent(pair: Pair) -> str:
    """The score as it is read: “97 %”. Only what is the same throughout is a hundred."""
    return f"{min(99, round(pair.score * 100)) if pair.score < 1 else 100}\N{NO-BREAK SPACE}%"


def why_words(pair: Pair) -> str:
    """The reasons, the strongest first."""
    return "; ".join(pair.why)


def card_name(row: LeadRow) -> str:
    """What a card is called."""
    return row.name or row.company or f"Lead #{row.id}"


def card_words(row: LeadRow) -> tuple[str, str, str]:
    """A card in three pieces: what it is called, where it belongs, and how to reach it and how it stands."""
    beside = row.company if row.name else ""
    pieces = filter(None, (row.phone, row.email, row.status.words, row.owner or "nobody’s"))
    # A number, a status or a name goes into the next line whole.
    below = " · ".join(piece.replace(" ", "\N{NO-BREAK SPACE}") for piece in pieces)
    return card_name(row), beside, below


class PairsModel(QAbstractTableModel):
    """One row for each pair. `marks_changed` says that a mark was set or taken away, `fetched` that cards have come."""

    marks_changed = Signal()
    fetched = Signal()

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self._lanes = lanes
        self._pairs: list[Pair] = []
        self._marks: set[Key] = set()
        self._numbers: dict[Key, int] = {}
        self._cards: dict[int, LeadRow | None] = {}
        self._stale: set[int] = set()
        self._wanted: dict[int, None] = {}
        self._flying: tuple[int, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fetch)

    # The pairs

    def show_pairs(self, pairs: Sequence[Pair], *, anew: bool = False) -> None:
        """Show these; a list that is much the same keeps its rows where they are, unless it is shown `anew`."""
        fresh = {(p.a, p.b): p for p in pairs}
        marked, self._marks = self._marks, self._marks & fresh.keys()
        if anew or not self._pairs:
            self.beginResetModel()
            self._pairs = list(pairs)
            self.endResetModel()
        else:
            self._merge(fresh)
        if marked != self._marks:
            self.marks_changed.emit()

    def _merge(self, fresh: dict[Key, Pair]) -> None:
        was, now = self._as_numbers(self._keys()), self._as_numbers(fresh)
        by_number = {self._numbers[key]: pair for key, pair in fresh.items()}
        for step in merge_steps(was, now):
            if isinstance(step, Removal):
                self.beginRemoveRows(NOWHERE, step.at, step.at + step.count - 1)
                del self._pairs[step.at : step.at + step.count]
                self.endRemoveRows()
            else:
                self.beginInsertRows(NOWHERE, step.at, step.at + len(step.ids) - 1)
                self._pairs[step.at : step.at] = [by_number[number] for number in step.ids]
                self.endInsertRows()
        self._pairs = [fresh[key] for key in self._keys()]
        self._repaint()

    def _keys(self) -> list[Key]:
        return [(p.a, p.b) for p in self._pairs]

    def _as_numbers(self, keys: Iterable[Key]) -> array[int]:
        return array("q", (self._numbers.setdefault(key, len(self._numbers)) for key in keys))

    def pair(self, row: int) -> Pair | None:
        """The pair in this row, None where there is none."""
        return self._pairs[row] if 0 <= row < len(self._pairs) else None

    def row_of(self, key: Key) -> int:
        """Where a pair stands, -1 for nowhere."""
        return next((row for row, p in enumerate(self._pairs) if (p.a, p.b) == key), -1)

    # Marks

    def is_marked(self, pair: Pair) -> bool:
        """Whether it is to be merged with the others that are marked."""
        return (pair.a, pair.b) in self._marks

    def toggle(self, row: int) -> None:
        """Mark a pair, or take its mark away."""
        pair = self.pair(row)
        if pair is not None:
            self._marks ^= {(pair.a, pair.b)}
            here = self.index(row, Column.MARK)
            self.dataChanged.emit(here, here, [Qt.ItemDataRole.CheckStateRole])
            self.marks_changed.emit()

    def unmark(self) -> None:
        """No marks."""
        if self._marks:
            self._marks = set()
            self._repaint()
            self.marks_changed.emit()

    def marked(self) -> tuple[Pair, ...]:
        """The marked pairs, from above."""
        return tuple(p for p in self._pairs if (p.a, p.b) in self._marks) if self._marks else ()

    def certain(self) -> tuple[Pair, ...]:
        """The certain ones, from above."""
        return tuple(p for p in self._pairs if p.certain)

    # The cards

    def card(self, lead_id: int) -> LeadRow | None:
        """A card, None while it is on its way or if it is not there; being asked for is what gets it fetched."""
        if lead_id not in self._cards or lead_id in self._stale:
            self._wanted.pop(lead_id, None)
            self._wanted[lead_id] = None
            if not self._flying and not self._soon.isActive():
                self._soon.start()
        return self._cards.get(lead_id)

    def is_gone(self, lead_id: int) -> bool:
        """Whether it was looked for in vain."""
        return lead_id in self._cards and self._cards[lead_id] is None

    def touch(self, lead_ids: frozenset[int] | None) -> None:
        """These cards have changed (None: any may have): read them again when they are next painted."""
        self._stale |= self._cards.keys() if lead_ids is None else lead_ids & self._cards.keys()
        self._repaint()

    @property
    def fetching(self) -> bool:
        """Whether cards are on their way, or will be asked for at once."""
        return bool(self._flying) or self._soon.isActive()

    def _fetch(self) -> None:
        ids = tuple(list(self._wanted)[-AT_ONCE:])
        self._wanted.clear()
        if ids:
            self._flying = ids
            self._lanes.ask(self, LeadRows(ids), self._came, key="cards", failed=self._failed)

    def _failed(self, _error: Exception) -> None:
        """The list itself says what is wrong with the database; the next painting tries again."""
        self._flying = ()

    def _came(self, rows: list[LeadRow]) -> None:
        found = {row.id: row for row in rows}
        for lead_id in self._flying:
            self._cards[lead_id] = found.get(lead_id)
        self._stale -= set(self._flying)
        self._flying = ()
        self._repaint()
        self.fetched.emit()
        if self._wanted:
            self._soon.start()

    def _repaint(self) -> None:
        if self._pairs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._pairs) - 1, len(Column) - 1))

    # What Qt asks

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """A flat list."""
        return 0 if parent.isValid() else len(self._pairs)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Mark, score, two cards and why."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for screen readers and copying; the delegate paints from the pair itself."""
        if not index.isValid():
            return None
        pair, column = self._pairs[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(pair, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.read_out(pair) if column is Column.SCORE else self._words(pair, column)
        if role == Qt.ItemDataRole.CheckStateRole and column is Column.MARK:
            return Qt.CheckState.Checked if self.is_marked(pair) else Qt.CheckState.Unchecked
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[Column(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        return None

    def read_out(self, pair: Pair) -> str:
        """The whole pair in a sentence."""
        sure = ", certain" if pair.certain else ""
        one, other = self._words(pair, Column.ONE), self._words(pair, Column.OTHER)
        return f"{percent(pair)}{sure}. {one} and {other}. {why_words(pair)}"

    def _words(self, pair: Pair, column: Column) -> str:
        if column is Column.MARK:
            return "marked" if self.is_marked(pair) else ""
        if column is Column.SCORE:
            return f"{percent(pair)} certain" if pair.certain else percent(pair)
        if column is Column.WHY:
            return why_words(pair)
        lead_id = pair.a if column is Column.ONE else pair.b
        row = self.card(lead_id)
        if row is None:
            return f"Lead #{lead_id}, not to be seen" if self.is_gone(lead_id) else "…"
        return ", ".join(filter(None, card_words(row)))
