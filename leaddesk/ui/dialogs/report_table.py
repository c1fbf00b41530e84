"""The table of a report: headings wrap, all columns are as wide as their words, the first takes what is left."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from leaddesk.ui import theme as look
from leaddesk.ui.dialogs.report_model import ReportModel

ROW_HEIGHT = 30
ROOM = 22
"""Pixels around a cell's words."""
HEAD_WIDTH = 68
"""A heading is broken into lines when it is wider, unless a word of it is."""
HEAD_SMALLER = -1.5
"""Points, as the stylesheet has headings."""
TEXT_WIDTH = 320
"""Nothing that is read is given more than this; the tip has the rest."""


class ReportTable(QTableView):
    """Arrows move, Tab leaves."""

    def __init__(self, model: ReportModel, parent: QWidget | None = None) -> None:
        """Sizes are set by `fit` once there is something."""
        super().__init__(parent)
        self.report_model = model
        self.setModel(model)
        self._widths: list[int] = []
        self.setAccessibleName("Report")
        self.setProperty("look", "report")
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        model.modelReset.connect(self.fit)

    def fit(self) -> None:
        """Give every column its width and the headings their height."""
        model, theme = self.report_model, look.current()
        bold, small = QFontMetrics(theme.font(bold=True)), QFontMetrics(theme.font(HEAD_SMALLER, bold=True))
        self._widths, height = [], 0
        for at in range(model.columnCount()):
            title = str(model.headerData(at, Qt.Orientation.Horizontal))
            word = max((small.horizontalAdvance(part) for part in title.split(" ")), default=0)
            head = max(word, min(small.horizontalAdvance(title), HEAD_WIDTH))
            cells = (bold.horizontalAdvance(str(model.index(row, at).data())) for row in range(model.rowCount()))
            width = max(head, min(max(cells, default=0), TEXT_WIDTH))
            flags = int(Qt.TextFlag.TextWordWrap)
            height = max(height, small.boundingRect(QRect(0, 0, width, 1000), flags, title).height())
            self._widths.append(width + ROOM)
        self.horizontalHeader().setFixedHeight(height + 16)
        self._spread()

    def chosen_rows(self) -> list[int]:
        """The rows chosen, from above; none where nothing is."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The first column takes what is left."""
        super().resizeEvent(event)
        self._spread()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying is the dialog's: it copies lines, not the one cell that is current."""
        if event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _spread(self) -> None:
        left = self.viewport().width() - sum(self._widths)
        for at, width in enumerate(self._widths):
            self.setColumnWidth(at, width + (max(0, left) if at == 0 else 0))
