"""All leads: filtered, searched, sorted; many at once; the card beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from leaddesk.ui.bulk_bar import BulkBar
from leaddesk.ui.columns import LEADS, ColumnMemory
from leaddesk.ui.filters import FilterBar, with_text
from leaddesk.ui.in_turns import Steps
from leaddesk.ui.table_view_leads import LeadListPage
from leaddesk.ui.widgets import EmptyState, PlainButton
from leaddesk.workflow.cards import Filter, LeadIds
from leaddesk.workflow.duplicates import FoundPairs
from leaddesk.workflow.export import Kind
from leaddesk.workflow.sources import Sources
from leaddesk.workflow.team import Users

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.ui.table_model import Ids
    from leaddesk.workflow.duplicates import PairsFound

SEARCH_WIDTH = 80
"""Pixels the search line has at least."""


class LeadsPage(LeadListPage):
    """The table of leads, its filters and what can be done with many of them."""

    title = "Leads"
    nouns = ("lead", "leads")
    kind = Kind.LEADS

    def __init__(self, shell: Shell, memory: ColumnMemory | None = None, *, in_turns: bool = False) -> None:
        """`memory` is the user's unless a test gives its own."""
        super().__init__(shell, "leads", LEADS, memory, in_turns=in_turns)

    def build(self) -> Steps:
        """The list, its chips, and what is done with many."""
        yield from super().build()
        yield
        self.filters = FilterBar(self.shell)
        row = QHBoxLayout()
        row.setContentsMargins(9, 0, 9, 8)
        row.addWidget(self.filters, 1)
        self.over.addLayout(row)
        self.duplicates = PlainButton("Duplicates", kind="link")
        self.duplicates.setAutoDefault(False)
        self.duplicates.clicked.connect(partial(self.shell.actions.trigger, "duplicates"))
        row.addWidget(self.duplicates, 0, Qt.AlignmentFlag.AlignTop)
        # In the smallest window the search line gives way, so that nothing beside it is cut.
        self.search.setMinimumWidth(SEARCH_WIDTH)
        self.head.setStretchFactor(self.search, 100)
        self.bulk = BulkBar(self.shell, self.table)
        self.under.addWidget(self.bulk)
        self.filters.changed.connect(self.relist)

    def activate(self) -> None:
        """Bring list and choices up to date."""
        self.shell.lanes.ask(self.filters, Users(), self.filters.offer_people)
        self.shell.lanes.ask(self.filters, Sources(), self.filters.offer_sources)
        super().activate()
        self.shell.lanes.ask(self, FoundPairs(limit=1), self._count_pairs, key="duplicates")

    def _count_pairs(self, found: PairsFound) -> None:
        self.duplicates.setText(f"Duplicates {found.total:,}" if found.total else "Duplicates")
        self.duplicates.setAccessibleName(f"Duplicates: {found.total:,} pairs" if found.total else "Duplicates")

    def ids(self) -> Ids:
        """Leads the chips and the search line let through."""
        wanted = with_text(self.filters.filter(), self.search.text())
        return lambda sort, down: LeadIds(wanted, sort, down)

    def make_empty(self) -> EmptyState:
        """The three ways to begin."""
        return EmptyState(
            "No leads yet",
            "Bring in a list, write one down, or look around in a made-up sales floor.",
            [
                ("Import a list", self.shell.import_requested.emit),
                ("Add a lead", self.shell.add_lead_requested.emit),
                ("Try the demo", self.shell.demo_requested.emit),
            ],
        )

    def is_narrowed(self) -> bool:
        """Whether chips or search line leave anybody out."""
        return super().is_narrowed() or self.filters.filter() != Filter()

    def show_all(self) -> None:
        """No chips, no search."""
        self.filters.clear()
        super().show_all()

    def show_filter(self, wanted: Filter) -> None:
        """List these, asked for from elsewhere."""
        self.search.setText(wanted.text)
        self.filters.show_filter(wanted)
