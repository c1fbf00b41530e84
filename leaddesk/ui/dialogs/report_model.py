"""A report as a table on the screen: its cells in words, its totals in bold below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from leaddesk.ui import theme as look
from leaddesk.workflow.reports import CellKind, Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.workflow.reports import Cell, ReportColumn

AnyIndex = QModelIndex | QPersistentModelIndex
TOTAL = "In all"
_NUMBERS = (CellKind.COUNT, CellKind.PERCENT)
_NOWHERE = QModelIndex()
NOTHING = Report("", "", (), ())
"""Until the first answer."""


def shown(cell: Cell, kind: CellKind) -> str:
    """A cell as it is read: “1,234”, “12.5”, “2026-03-01”; a dash where nothing can be worked out."""
    if cell is None:
        return {CellKind.PERCENT: "–", CellKind.MONTH: "never"}.get(kind, "")
    if kind is CellKind.PERCENT:
        return f"{cell:.1f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


class ReportModel(QAbstractTableModel):
    """Read only; empty until the first answer. The last row adds the others up where there are any."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Holds nothing yet."""
        super().__init__(parent)
        self.report = NOTHING

    def put(self, report: Report) -> None:
        """Show this answer instead."""
        self.beginResetModel()
        self.report = report
        self.endResetModel()

    def is_total(self, row: int) -> bool:
        """Whether it is the last line, over all rows."""
        return row == len(self.report.rows)

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """The rows and, below any, their sum."""
        if parent.isValid():
            return 0
        rows = len(self.report.rows)
        return rows + (rows > 0 and self.report.total is not None)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """As the report has them."""
        return 0 if parent.isValid() else len(self.report.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, and how they stand."""
        if not index.isValid():
            return None
        row, column = index.row(), self.report.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.help or None
        if role == Qt.ItemDataRole.FontRole and self.is_total(row):
            return look.current().font(bold=True)
        if role == Qt.ItemDataRole.BackgroundRole and self.is_total(row):
            return look.current().token("chip")
        if role == Qt.ItemDataRole.ForegroundRole and not self.is_total(row) and self._cell(row, index.column()) == 0:
            return look.current().token("mute")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a column is called, and what it counts."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.report.columns):
            return None
        column = self.report.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title.replace(" %", "\N{NO-BREAK SPACE}%")
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.help or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column) | Qt.TextFlag.TextWordWrap
        return None

    def as_text(self, rows: Iterable[int]) -> str:
        """These rows below the headings, tabs between, as spreadsheets take them in; numbers without separators."""
        lines = [[column.title for column in self.report.columns]]
        lines += [[self._plain(row, at) for at in range(self.columnCount())] for row in rows]
        return "".join("\t".join(" ".join(cell.split()) for cell in line) + "\n" for line in lines)

    def _cell(self, row: int, at: int) -> Cell:
        if self.report.total is not None and self.is_total(row):
            return self.report.total[at]
        return self.report.rows[row].cells[at]

    def _words(self, row: int, at: int) -> str:
        kind, cell = self.report.columns[at].kind, self._cell(row, at)
        if self.is_total(row) and kind not in _NUMBERS and cell is None:
            return TOTAL if at == 0 else ""
        return shown(cell, kind)

    def _plain(self, row: int, at: int) -> str:
        cell = self._cell(row, at)
        if isinstance(cell, int | float):
            return str(cell)
        return "" if self.report.columns[at].kind in _NUMBERS else self._words(row, at)


def _alignment(column: ReportColumn) -> Qt.AlignmentFlag:
    """Numbers stand under each other at the line's end; Qt mirrors both where script runs right to left."""
    side = Qt.AlignmentFlag.AlignRight if column.kind in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
