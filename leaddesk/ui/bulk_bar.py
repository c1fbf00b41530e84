"""What can be done with all the rows chosen in a table at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QMenu, QWidget

from leaddesk.ui.bulk_bar_dialogs import NoLeadDialog, ParkDialog
from leaddesk.ui.columns import MARKS
from leaddesk.ui.dialogs.assign import AssignDialog
from leaddesk.ui.widgets import FlowLayout, PlainButton
from leaddesk.workflow.bulk import BringBackLeads, EditLeads
from leaddesk.workflow.parking import BringBack
from leaddesk.workflow.vocabulary import Temperature

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.ui.table_view import TableView


class BulkBar(QFrame):
    """Shows itself when more than one row is chosen. Ids are made of the selection only when a button is pressed."""

    def __init__(
        self,
        shell: Shell,
        table: TableView,
        parent: QWidget | None = None,
        *,
        parked: bool = False,
        always: bool = False,
    ) -> None:
        """`parked` offers to bring back and to move instead of to park; `always` is for one chosen row as well."""
        super().__init__(parent)
        self._shell, self._table = shell, table
        self._from = 1 if always else 2
        self.setProperty("look", "head")
        self.count = QLabel()
        self.count.setProperty("look", "heading")
        keys = shell.actions.keys
        offers: list[tuple[str, str, Callable[[], object]]] = [
            ("Give to…", keys("assign"), self.assign),
            ("Move…" if parked else "Park…", keys("defer"), self.park),
            ("Readiness…", "", self._temperature_menu),
            ("Refuse…", keys("refuse"), self.refuse),
            ("Not a lead…", "", self.disqualify),
            ("Export…", "", partial(shell.actions.trigger, "export")),
        ]
        if parked:
            offers.insert(0, ("Bring back now", "Ctrl B", self.bring_back))
            del offers[3:5]
        self.buttons: dict[str, PlainButton] = {}
        flow_home = QWidget()
        flow = FlowLayout(flow_home, 6)
        for words, key, run in offers:
            button = PlainButton(words, key)
            button.setAutoDefault(False)
            button.clicked.connect(run)
            flow.addWidget(button)
            self.buttons[words] = button
        self.menu = QMenu(self)
        for temperature in reversed(Temperature):
            words = f"{MARKS[temperature]} {temperature.value}"
            self.menu.addAction(words).triggered.connect(partial(self._give_temperature, temperature))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(self.count)
        row.addWidget(flow_home, 1)
        table.selection_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how many are chosen."""
        count = self._table.chosen_count()
        self.count.setText(f"{count:,} chosen")
        self.setVisible(count >= self._from)

    def assign(self) -> None:
        """Give the chosen to somebody."""
        self._open(AssignDialog)

    def park(self) -> None:
        """Park the chosen until a day."""
        self._open(ParkDialog)

    def disqualify(self) -> None:
        """Say that the chosen are no leads."""
        self._open(NoLeadDialog)

    def refuse(self) -> None:
        """Write down that the chosen refused, for one reason."""
        from leaddesk.ui.dialogs.refuse_many import RefuseManyDialog

        self._open(RefuseManyDialog)

    def bring_back(self) -> None:
        """Take the chosen back into work now."""
        ids = self._table.chosen_ids()
        if len(ids) == 1:
            self._shell.lanes.do(self, BringBack(ids[0]))
        elif ids:
            self._shell.lanes.do(self, BringBackLeads(lead_ids=ids))

    def set_temperature(self, temperature: Temperature) -> None:
        """Give the chosen this readiness."""
        if ids := self._table.chosen_ids():
            self._shell.lanes.do(self, EditLeads(lead_ids=ids, values={"temperature": temperature}))

    def _give_temperature(self, temperature: Temperature, _checked: bool = False) -> None:
        self.set_temperature(temperature)

    def _temperature_menu(self) -> None:
        button = self.buttons["Readiness…"]
        self.menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _open(self, kind: Callable[[Shell, tuple[int, ...], QWidget], QDialog]) -> None:
        ids = self._table.chosen_ids()
        if not ids:
            self._shell.messages.refused("Choose a lead first.")
            return
        open_dialog(kind(self._shell, ids, self.window()))


def open_dialog(dialog: QDialog) -> None:
    """Show a dialog over its window without holding up the rest; it is deleted when it closes."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
