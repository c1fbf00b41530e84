"""Who is away and when they come back: deferred and refused leads by the day of their return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from leaddesk.ui.bulk_bar import BulkBar, open_dialog
from leaddesk.ui.bulk_bar_dialogs import ParkDialog
from leaddesk.ui.cards.lead import LeadCardView
from leaddesk.ui.columns import PARKED, ColumnMemory
from leaddesk.ui.dialogs.assign import AssignDialog
from leaddesk.ui.table_view_page import ListPage
from leaddesk.ui.widgets import EmptyState
from leaddesk.workflow.bulk import BringBackLeads
from leaddesk.workflow.cards import Filter, LeadIds, LeadRows
from leaddesk.workflow.parking import BringBack, Parked
from leaddesk.workflow.vocabulary import PARKED_STATUSES

if TYPE_CHECKING:
    from typing import Any

    from leaddesk.ui.shell import Shell
    from leaddesk.ui.table_model import Ids
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Question

LISTED_AT_MOST = 50_000
"""By return date so many are listed; nobody scrolls further, and searching looks through all."""


class ParkedPage(ListPage):
    """The table of parked leads. Enter opens, Ctrl+B brings back now, Ctrl+D gives another day."""

    title = "Parked"
    nouns = ("parked lead", "parked leads")
    usual_sort = ("return", False)

    def __init__(self, shell: Shell, memory: ColumnMemory | None = None) -> None:
        """`memory` is the user's unless a test gives its own."""
        super().__init__(shell, "parked", PARKED, LeadRows, LeadCardView(shell), memory)
        self.bulk = BulkBar(shell, self.table, parked=True, always=True)
        self.under.addWidget(self.bulk)
        back = QShortcut(QKeySequence("Ctrl+B"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.bring_back)
        shell.actions.on("assign", self, self.assign)
        shell.actions.on("defer", self, self.park)

    def ids(self) -> Ids:
        """Parked leads the search line lets through; by return date those that stay away come last."""
        text = self.search.text().strip()

        def question(sort: str, down: bool) -> Question[Any]:
            if sort == "return" and not down and not text:
                return Parked(limit=LISTED_AT_MOST)
            return LeadIds(Filter(statuses=PARKED_STATUSES, text=text), sort, down)

        return question

    def touched(self, changes: Changes) -> frozenset[int]:
        """Leads."""
        return changes.leads

    def show_card(self, row_id: int) -> None:
        """The lead's card."""
        if isinstance(self.card, LeadCardView):
            self.card.show_lead(row_id)

    def show_lead(self, lead_id: int) -> None:
        """Show a lead asked for from elsewhere."""
        self.open_card(lead_id)

    def make_empty(self) -> EmptyState:
        """How leads get here."""
        return EmptyState(
            "Nobody is parked",
            "A lead for whom it is too early is parked until a day and comes back by itself: Ctrl+D on its card.",
        )

    def bring_back(self) -> None:
        """Take the chosen back into work now."""
        ids = self.current_ids()
        if len(ids) == 1:
            self.shell.lanes.do(self, BringBack(ids[0]))
        elif ids:
            self.shell.lanes.do(self, BringBackLeads(lead_ids=ids))

    def park(self) -> None:
        """Give the chosen another day."""
        if ids := self.current_ids():
            open_dialog(ParkDialog(self.shell, ids, self.window()))

    def assign(self) -> None:
        """Give the chosen to somebody."""
        if ids := self.current_ids():
            open_dialog(AssignDialog(self.shell, ids, self.window()))
