"""What would come of an import, or has come of it: figures, the reasons counted, row by row with reasons."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.widgets import FlowLayout, MutedLabel, Panel, PlainButton, SmallLabel, Words
from leaddesk.ui.widgets_table import CellWords, TitledModel
from leaddesk.workflow.intake import ImportResult, RowVerdict, Verdict
from leaddesk.workflow.intake_report import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.intake import Counts

Index = QModelIndex | QPersistentModelIndex

VERDICT_WORDS = {
    Verdict.CREATE: "new",
    Verdict.SUPPRESSED: "new, not to be contacted",
    Verdict.AGAIN: "came again",
    Verdict.UPDATE: "completes a card",
    Verdict.SKIP: "nothing new",
    Verdict.DUPLICATE: "known already",
    Verdict.BAD: "left out",
}
TO_LOOK_AT = "look"
"""Shown unless something else is chosen: all that is not simply new, and what has odd cells."""


def figures(counts: Counts) -> list[tuple[int, str]]:
    """Counts and their words, in the order shown; those that are nothing are not shown, save the first two."""
    completed = counts.updated - counts.came_again
    told = [
        (counts.rows, "row" if counts.rows == 1 else "rows"),
        (counts.created, "new lead" if counts.created == 1 else "new leads"),
        (counts.came_again, "came again"),
        (completed, "card completed" if completed == 1 else "cards completed"),
        (counts.skipped, "known already"),
        (counts.rejected, "left out"),
        (counts.suspicious, "suspicious"),
        (counts.suppressed, "not to be contacted"),
        (counts.warnings, "with odd cells"),
    ]
    return [pair for at, pair in enumerate(told) if pair[0] or at < 2]


class VerdictModel(TitledModel):
    """Rows of one kind, or all that a person should look at."""

    TITLES = ("Line", "What", "Who", "Why")

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all: tuple[RowVerdict, ...] = ()
        self.rows: list[RowVerdict] = []

    def show(self, result: ImportResult) -> None:
        """Another result; `filter` says which of it."""
        self._all = result.verdicts

    def kinds(self) -> list[Verdict]:
        """What there is to filter by."""
        there = {row.verdict for row in self._all}
        return [verdict for verdict in VERDICT_WORDS if verdict in there]

    def filter(self, kind: str) -> None:
        """Show one verdict's rows, all rows (""), or those to look at."""
        self.beginResetModel()
        if kind == TO_LOOK_AT:
            self.rows = [v for v in self._all if v.verdict is not Verdict.CREATE or v.warnings]
        else:
            self.rows = [v for v in self._all if not kind or v.verdict == kind]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Rows let through."""
        return 0 if parent.isValid() else len(self.rows)

    def told(self, at: int) -> str:
        """Everything about a row, for the line below."""
        row = self.rows[at]
        why = joined((row.why, *row.warnings))
        return f"Line {row.number}, {row.title or 'nobody'}: {VERDICT_WORDS[row.verdict]}{f' — {why}' if why else ''}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words; the reasons in full as a tooltip."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        why = joined((row.why, *row.warnings))
        if role == Qt.ItemDataRole.DisplayRole:
            return (str(row.number), _marked(row), row.title, why)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 3:
            return "\n".join(filter(None, (row.why, *row.warnings)))
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 1:
            return self._theme.token("hot_text" if row.verdict is Verdict.BAD else "ink")
        return None


def joined(sentences: Iterable[str]) -> str:
    """Several sentences in one line."""
    return "; ".join(words.rstrip(".") for words in sentences if words)


def _marked(row: RowVerdict) -> str:
    """The verdict with a shape of its own, so that colour is never alone."""
    mark = {Verdict.CREATE: "+", Verdict.SUPPRESSED: "⊘", Verdict.AGAIN: "↺", Verdict.BAD: "✕"}.get(row.verdict, "=")
    return f"{mark} {VERDICT_WORDS[row.verdict]}{' ⚠' if row.warnings else ''}"


class ReportView(QWidget):
    """Figures over the reasons counted over the rows, one kind of them at a time; all of a row's words below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._figures = QWidget()
        self.figures = FlowLayout(self._figures, spacing=24)
        self.reasons = MutedLabel("")
        self.kind = QComboBox()
        self.kind.setAccessibleName("Which rows")
        self.model = VerdictModel(theme, self)
        self.table = plain_table(self.model, "Rows")
        self.table.selectionModel().currentChanged.connect(lambda now, _before: self._tell(now))
        for section, width in enumerate((64, 176, 190)):
            self.table.setColumnWidth(section, width)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.told = Words("")
        self.save_rejects = PlainButton("Save the rows left out")
        self.open_folder = PlainButton("Open the folder")
        self.saved = Words("")
        self.kind.currentIndexChanged.connect(lambda _at: self._filter())
        self._lay_out()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self._figures)
        box.addWidget(self.reasons)
        self._which = QWidget()
        row = QHBoxLayout(self._which)
        row.setContentsMargins(0, 0, 0, 0)
        label = MutedLabel("Show", wrap=False)
        label.setBuddy(self.kind)
        row.addWidget(label)
        row.addWidget(self.kind)
        row.addStretch(1)
        for button in (self.save_rejects, self.open_folder):
            button.setAutoDefault(False)
            row.addWidget(button)
        box.addWidget(self._which)
        box.addWidget(self.saved)
        self.frame = Panel()
        self.frame.setMinimumHeight(110)
        self.frame.body.addWidget(self.table)
        box.addWidget(self.frame, 20)
        box.addWidget(self.told)
        box.addStretch(1)

    def show_result(self, result: ImportResult) -> None:
        """Figures and reasons of this one."""
        self.figures.clear()
        for count, words in figures(result.counts):
            self.figures.addWidget(_figure(count, words))
        lines = reasons(result)
        self.reasons.setText("\n".join(lines))
        self.reasons.setVisible(bool(lines))
        before = self.kind.currentData()
        self.model.show(result)
        self.kind.blockSignals(True)
        self.kind.clear()
        for words, kind in self._kinds(result):
            self.kind.addItem(words, kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(before)))
        self.kind.blockSignals(False)
        self._filter()
        for part in (self._which, self.frame, self.told):
            part.setVisible(bool(result.verdicts))
        self.save_rejects.setVisible(bool(result.rejects))
        self.save_rejects.setEnabled(True)
        self.open_folder.hide()
        self.saved.hide()

    def show_saved(self, count: int, path: Path) -> None:
        """The rows left out are in a file."""
        self.save_rejects.setEnabled(False)
        rows = "One row is" if count == 1 else f"{count:,} rows are"
        self.saved.setText(f"{rows} saved with the reasons: {path}. Mend them there, then bring that file in.")
        self.saved.show()
        self.open_folder.show()

    def _kinds(self, result: ImportResult) -> list[tuple[str, str]]:
        """What can be shown, with how many rows of it there are; first what should be looked at."""
        rows = result.verdicts
        found = Counter(row.verdict for row in rows)
        look = sum(v.verdict is not Verdict.CREATE or bool(v.warnings) for v in rows)
        kinds: list[tuple[str, str]] = [(f"rows to look at ({look:,})", TO_LOOK_AT)] if look else []
        kinds.append((f"the first rows of every kind ({len(rows):,})", ""))
        return kinds + [(f"{VERDICT_WORDS[kind]} ({found[kind]:,})", str(kind)) for kind in self.model.kinds()]

    def _filter(self) -> None:
        self.model.filter(str(self.kind.currentData() or ""))
        if self.model.rows:
            self.table.setCurrentIndex(self.model.index(0, 0))
        self.told.setText(self.model.told(0) if self.model.rows else "")

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.told.setText(self.model.told(index.row()))


def _figure(count: int, words: str) -> QWidget:
    figure = QWidget()
    figure.setAccessibleName(f"{count:,} {words}")
    number = QLabel(f"{count:,}")
    number.setProperty("look", "title")
    box = QVBoxLayout(figure)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    box.addWidget(number)
    box.addWidget(SmallLabel(words, wrap=False))
    return figure


def plain_table(model: QAbstractTableModel, name: str) -> QTableView:
    """A table of some thousand rows at most, by the house's look."""
    table = QTableView()
    table.setAccessibleName(name)
    table.setProperty("look", "report")
    table.setModel(model)
    table.setItemDelegate(CellWords(table))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setCornerWidget(QWidget(table))
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(30)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    return table
