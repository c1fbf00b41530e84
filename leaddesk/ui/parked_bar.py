"""What can be done with the chosen rows of the Parked page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from leaddesk.ui.bulk_bar import BulkBar
from leaddesk.ui.dialogs.move_return import MoveDialog
from leaddesk.ui.widgets import PlainButton
from leaddesk.workflow.greetings import AllowGreetings

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.ui.table_view import TableView


class ParkedBar(BulkBar):
    """Bring back, move, give, and whether they may be greeted. Moving leaves the refused refused."""

    def __init__(self, shell: Shell, table: TableView, parent: QWidget | None = None) -> None:
        """For one chosen row as well."""
        super().__init__(shell, table, parent, parked=True, always=True)
        self.greetings = PlainButton("Greetings…")
        self.greetings.setAutoDefault(False)
        self.greetings.clicked.connect(self._greetings_menu)
        self.buttons["Greetings…"] = self.greetings
        beside = self.buttons["Move…"].parentWidget()
        flow = beside.layout() if beside is not None else None
        if flow is not None:
            flow.addWidget(self.greetings)
        self.greet_menu = QMenu(self)
        self.greet_menu.addAction("Allow holiday greetings").triggered.connect(lambda: self.allow(allowed=True))
        self.greet_menu.addAction("No holiday greetings").triggered.connect(lambda: self.allow(allowed=False))

    def park(self) -> None:
        """Give the chosen another day."""
        self._open(MoveDialog)

    def allow(self, *, allowed: bool) -> None:
        """Say of the chosen whether they may be greeted on holidays."""
        if ids := self._table.chosen_ids():
            self._shell.lanes.do(self, AllowGreetings(lead_ids=ids, allow=allowed))

    def _greetings_menu(self) -> None:
        self.greet_menu.popup(self.greetings.mapToGlobal(QPoint(0, self.greetings.height())))
