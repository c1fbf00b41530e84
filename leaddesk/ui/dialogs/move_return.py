"""Another day for parked leads to come back: one by its own clock, or many, each in its own morning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leaddesk.ui.bulk_bar_dialogs import _Deed
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.widgets import MutedLabel
from leaddesk.workflow.bulk import leads_in_words
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.parking import MoveReturn

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Command

QUICK = ("in 1 week", "in 1 month", "in 3 months", "in 6 months")


class MoveDialog(_Deed):
    """A day in words; Enter moves. Who refused stays refused."""

    def __init__(self, shell: Shell, lead_ids: tuple[int, ...], parent: QWidget | None = None) -> None:
        """The parked leads that get another day."""
        one = len(lead_ids) == 1
        heading = "Come back on another day" if one else f"Another day for {leads_in_words(len(lead_ids))}"
        super().__init__(shell, heading, "Move", parent)
        self._lead_ids = lead_ids
        self.who = MutedLabel("" if one else "Each comes back in the morning of its own clock.")
        self.when = WhenEdit(shell, "in 3 months, 1 Sep, через месяц…", QUICK, "When it comes back")
        self.body.addWidget(self.who)
        self.body.addWidget(self.when)
        self.when.changed.connect(lambda: self.wrong.say(""))
        self.when.setFocus()
        if one:
            # By whose clock: till that is known nothing can be taken.
            self.take.setEnabled(False)
            shell.lanes.ask(self, LeadCard(lead_ids[0]), self._show_lead, key="lead")

    def _show_lead(self, card: LeadCardData) -> None:
        self.who.setText(card.lead.title)
        self.when.set_place(card.lead.zone_key)
        self.take.setEnabled(True)

    def _take(self) -> None:
        if self.take.isEnabled():
            super()._take()

    def command(self) -> Command[Any] | None:
        """None for words that are no day to come; said in place."""
        until = self.when.moment()
        if until is None:
            self.when.show_problem(self.when.problem or "Say when, such as “in 3 months”.")
            self.when.setFocus()
            return None
        return MoveReturn(lead_ids=self._lead_ids, until=until)
