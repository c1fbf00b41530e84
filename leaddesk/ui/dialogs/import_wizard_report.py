"""What would come of an import, or has come of it: figures, the file's words for statuses, row by row with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from leaddesk.ui.widgets import MutedLabel, Panel, SmallLabel
from leaddesk.workflow.intake import ImportResult, RowVerdict, Verdict
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from leaddesk.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

VERDICT_WORDS = {
    Verdict.CREATE: "new",
    Verdict.SUPPRESSED: "new, not to be contacted",
    Verdict.UPDATE: "completes a card",
    Verdict.SKIP: "nothing new",
    Verdict.DUPLICATE: "known already",
    Verdict.BAD: "left out",
}
FIGURES = (
    ("rows", "rows"),
    ("created", "new leads"),
    ("updated", "cards completed"),
    ("skipped", "known already"),
    ("rejected", "left out"),
    ("suspicious", "suspicious"),
    ("suppressed", "not to be contacted"),
    ("warnings", "with odd cells"),
)
"""Counts and their words, in the order shown; those that are nothing are not shown, save the first two."""


STATUSES = 8
"""Words of the file shown in full, the most frequent first; the others are told by a tooltip."""


def status_lines(statuses: dict[str, tuple[str, int]]) -> list[str]:
    """“Contact in Future” → deferred · 190, the most frequent first."""
    found = sorted(statuses.items(), key=lambda pair: -pair[1][1])
    return [f"“{word}” → {Status(ours).words} · {count:,}" for word, (ours, count) in found]


class VerdictModel(QAbstractTableModel):
    """Rows a person should look at: all that are not simply new, and those with odd cells."""

    TITLES = ("Line", "What", "Who", "Why")

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: list[RowVerdict] = []

    def show(self, result: ImportResult) -> None:
        """Another result."""
        self.beginResetModel()
        self.rows = [v for v in result.verdicts if v.verdict is not Verdict.CREATE or v.warnings]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Rows to look at."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """As titled."""
        return 0 if parent.isValid() else len(self.TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.TITLES[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words; the reasons in full as a tooltip."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        why = "; ".join(filter(None, (row.why, *row.warnings)))
        if role == Qt.ItemDataRole.DisplayRole:
            return (str(row.number), VERDICT_WORDS[row.verdict], row.title, why)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 3:
            return "\n".join(filter(None, (row.why, *row.warnings)))
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 1:
            return self._theme.token("hot_text" if row.verdict is Verdict.BAD else "ink")
        return None


class ReportView(QWidget):
    """Figures over the file's words for statuses over the rows to look at."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.figures = QHBoxLayout()
        self.figures.setSpacing(28)
        self.statuses = MutedLabel("")
        self.heading = SmallLabel("Rows to look at")
        self.model = VerdictModel(theme, self)
        self.table = plain_table(self.model, "Rows to look at")
        for section, width in enumerate((64, 150, 190)):
            self.table.setColumnWidth(section, width)
        self.table.horizontalHeader().setStretchLastSection(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addLayout(self.figures)
        box.addWidget(self.statuses)
        box.addWidget(self.heading)
        self.frame = Panel()
        self.frame.body.addWidget(self.table)
        box.addWidget(self.frame, 20)
        box.addStretch(1)

    def show_result(self, result: ImportResult) -> None:
        """Figures and reasons of this one."""
        while (item := self.figures.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for name, words in FIGURES:
            count = getattr(result.counts, name)
            if count or name in ("rows", "created"):
                self.figures.addWidget(_figure(count, words))
        self.figures.addStretch(1)
        lines = status_lines(result.statuses)
        more = [f"and {len(lines) - STATUSES:,} more"] if len(lines) > STATUSES else []
        self.statuses.setText("\n".join(["Statuses in the file, and what they become here:", *lines[:STATUSES], *more]))
        self.statuses.setToolTip("\n".join(lines[STATUSES:]))
        self.statuses.setVisible(bool(lines))
        self.model.show(result)
        self.heading.setVisible(bool(self.model.rows))
        self.frame.setVisible(bool(self.model.rows))


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
    table.setModel(model)
    table.setShowGrid(False)
    table.setStyleSheet("QTableView::item { padding: 0 5px; }")
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
