"""Who is away and when they come back: deferred and refused leads by the day of their return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from leaddesk.ui.bulk_bar import BulkBar
from leaddesk.ui.columns import PARKED, ColumnMemory
from leaddesk.ui.in_turns import Steps
from leaddesk.ui.table_view_leads import CHOOSE, LeadListPage
from leaddesk.ui.widgets import EmptyState
from leaddesk.workflow.bulk import BringBackLeads
from leaddesk.workflow.cards import Filter, LeadIds
from leaddesk.workflow.parking import BringBack, Parked
from leaddesk.workflow.vocabulary import PARKED_STATUSES

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.ui.table_model import Ids
    from leaddesk.workflow.desk import Question

LISTED_AT_MOST = 50_000
"""By return date so many are listed; nobody scrolls further, and searching looks through all."""


class ParkedPage(LeadListPage):
    """The table of parked leads. Enter opens, Ctrl+B brings back now, Ctrl+D gives another day."""

    title = "Parked"
    nouns = ("parked lead", "parked leads")
    usual_sort = ("return", False)

    def __init__(self, shell: Shell, memory: ColumnMemory | None = None, *, in_turns: bool = False) -> None:
        """`memory` is the user's unless a test gives its own."""
        super().__init__(shell, "parked", PARKED, memory, in_turns=in_turns)

    def build(self) -> Steps:
        """The list, and what brings back."""
        yield from super().build()
        yield
        self.bulk = BulkBar(self.shell, self.table, parked=True, always=True)
        self.under.addWidget(self.bulk)
        back = QShortcut(QKeySequence("Ctrl+B"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.bring_back)

    def ids(self) -> Ids:
        """Parked leads the search line lets through; by return date those that stay away come last."""
        text = self.search.text().strip()

        def question(sort: str, down: bool) -> Question[Any]:
            if sort == "return" and not down and not text:
                return Parked(limit=LISTED_AT_MOST)
            return LeadIds(Filter(statuses=PARKED_STATUSES, text=text), sort, down)

        return question

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
        else:
            self.shell.messages.refused(CHOOSE)
