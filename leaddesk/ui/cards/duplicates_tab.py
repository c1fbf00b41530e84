"""Who else may be the person on the card, and what to do about it: open, merge, or say that it is somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.bulk_bar import open_dialog
from leaddesk.ui.cards.lines import Line, LinesView
from leaddesk.ui.cards.told import match_lines
from leaddesk.ui.widgets import PlainButton
from leaddesk.workflow.duplicates import SetApart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.duplicates import Match


class DuplicatesTab(QWidget):
    """The cards that share something. `acted` gives the line to be opened; merging and keeping apart are done here."""

    acted = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._lead_id = 0
        self._why: dict[tuple[str, int], str] = {}
        self.view = LinesView(shell.theme, "Duplicates")
        self.lines = self.view.lines
        self.merge = PlainButton("Compare and merge…", "M")
        self.apart = PlainButton("Two people", "N")
        row = QHBoxLayout()
        row.setContentsMargins(18, 8, 18, 4)
        row.setSpacing(8)
        for button, key, run in ((self.merge, "M", self.compare), (self.apart, "N", self.set_apart)):
            button.setAutoDefault(False)
            button.clicked.connect(run)
            row.addWidget(button)
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row)
        box.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.view.acted.connect(self.acted)
        self.view.selectionModel().currentChanged.connect(lambda *_: self._enable())

    def show_matches(self, matches: Sequence[Match], *, lead_id: int) -> None:
        """Show the cards that share something with this lead's; the first is the one meant until another is chosen."""
        self._lead_id = lead_id
        self._why = {(m.kind, m.id): m.why for m in matches}
        before = self._current()
        self.view.show_lines(match_lines(matches))
        if matches:
            same = (row for row, m in enumerate(matches) if before and (m.kind, m.id) == (before.kind, before.ref))
            self.view.setCurrentIndex(self.lines.index(next(same, 0)))
        self._enable()

    def compare(self) -> None:
        """The card and the line's side by side."""
        line = self._lead_line()
        if line is not None:
            from leaddesk.ui.dialogs.merge import MergeDialog

            why = (self._why.get((line.kind, line.ref), ""),)
            open_dialog(MergeDialog(self._shell, self._lead_id, line.ref, why, parent=self.window()))

    def set_apart(self) -> None:
        """They are two people: the line is not shown again."""
        line = self._lead_line()
        if line is not None:
            self._shell.lanes.do(self, SetApart(self._lead_id, line.ref))

    def _current(self) -> Line | None:
        row = self.view.currentIndex().row()
        return self.lines.line(row) if 0 <= row < self.lines.rowCount() else None

    def _lead_line(self) -> Line | None:
        """The line chosen, if it is a lead's: a client's card takes leads in by conversion."""
        line = self._current()
        return line if line is not None and line.kind == "lead" and self._lead_id else None

    def _enable(self) -> None:
        for button in (self.merge, self.apart):
            button.setEnabled(self._lead_line() is not None)
