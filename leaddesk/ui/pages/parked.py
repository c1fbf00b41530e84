"""Who is away and when they come back: deferred and refused leads by the day of their return."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from leaddesk.ui.bulk_bar import open_dialog
from leaddesk.ui.dialogs.move_return import MoveDialog
from leaddesk.ui.parked_bar import ParkedBar
from leaddesk.ui.parked_columns import PARKED
from leaddesk.ui.parked_filters import ParkedFilters
from leaddesk.ui.parked_greetings import GreetingsBanner
from leaddesk.ui.table_view_leads import CHOOSE, LeadListPage
from leaddesk.ui.widgets import EmptyState, PlainButton
from leaddesk.workflow.bulk import BringBackLeads
from leaddesk.workflow.export import Kind
from leaddesk.workflow.parked import ParkedIds, ParkedLeads
from leaddesk.workflow.parking import BringBack
from leaddesk.workflow.refusals import Reasons

if TYPE_CHECKING:
    from leaddesk.ui.columns import ColumnMemory
    from leaddesk.ui.in_turns import Steps
    from leaddesk.ui.shell import Shell
    from leaddesk.ui.table_model import Ids
    from leaddesk.workflow.changes import Changes

SEARCH_WIDTH = 80
"""Pixels the search line has at least."""


class ParkedPage(LeadListPage):
    """The table of parked leads. Enter opens, Ctrl+B brings back now, Ctrl+D gives another day."""

    title = "Parked"
    nouns = ("parked lead", "parked leads")
    kind = Kind.LEADS
    export_in_head = False
    usual_sort = ("return", False)

    def __init__(self, shell: Shell, memory: ColumnMemory | None = None, *, in_turns: bool = False) -> None:
        """`memory` is the user's unless a test gives its own."""
        super().__init__(shell, "parked", PARKED, memory, in_turns=in_turns)

    def build(self) -> Steps:
        """The list, its chips, what is done with the chosen, and who could be greeted."""
        self._rows = ParkedLeads
        yield from super().build()
        yield
        self.filters = ParkedFilters(self.shell)
        self.greetings = GreetingsBanner(self.shell)
        # In one layout: a layout of its own around a hidden banner would hold all above the table to its margins' width.
        rows = QVBoxLayout()
        rows.setContentsMargins(9, 0, 9, 8)
        rows.setSpacing(8)
        rows.addWidget(self.filters)
        rows.addWidget(self.greetings)
        self.over.addLayout(rows)
        self.reports = PlainButton("Reports…", kind="link")
        self.reports.setAutoDefault(False)
        self.reports.clicked.connect(partial(self.shell.actions.trigger, "reports"))
        self.head.addWidget(self.reports)
        # In the smallest window the search line gives way, so that nothing beside it is cut.
        self.search.setMinimumWidth(SEARCH_WIDTH)
        self.head.setStretchFactor(self.search, 100)
        self.bulk = ParkedBar(self.shell, self.table)
        self.under.addWidget(self.bulk)
        back = QShortcut(QKeySequence("Ctrl+B"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.bring_back)
        self.filters.changed.connect(self.relist)
        self.shell.bridge.changed.connect(self._look_for_greetings)

    def activate(self) -> None:
        """Bring list, reasons and greetings up to date."""
        self.shell.lanes.ask(self.filters, Reasons(retired=True, outcomes=False), self.filters.offer_reasons)
        self.greetings.look()
        super().activate()

    def _look_for_greetings(self, _changes: Changes) -> None:
        if self._active and self.isVisible():
            self.greetings.look()

    def ids(self) -> Ids:
        """Parked leads the chips and the search line let through; by return date those that stay away come last."""
        wanted = replace(self.filters.filter(), text=self.search.text().strip())
        return lambda sort, down: ParkedIds(wanted, sort, down)

    def is_narrowed(self) -> bool:
        """Whether chips or search line leave anybody out."""
        return super().is_narrowed() or not self.filters.is_empty()

    def show_all(self) -> None:
        """No chips, no search."""
        self.filters.clear()
        super().show_all()

    def make_empty(self) -> EmptyState:
        """How leads get here."""
        return EmptyState(
            "Nobody is parked",
            "A lead for whom it is too early is parked until a day and comes back by itself: Ctrl+D on its card.",
        )

    def park(self) -> None:
        """Another day for the chosen; who refused stays refused."""
        ids = self.current_ids()
        if ids:
            open_dialog(MoveDialog(self.shell, ids, self.window()))
        else:
            self.shell.messages.refused(CHOOSE)

    def bring_back(self) -> None:
        """Take the chosen back into work now."""
        ids = self.current_ids()
        if len(ids) == 1:
            self.shell.lanes.do(self, BringBack(ids[0]))
        elif ids:
            self.shell.lanes.do(self, BringBackLeads(lead_ids=ids))
        else:
            self.shell.messages.refused(CHOOSE)
