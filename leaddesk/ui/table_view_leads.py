"""What the two pages that list leads have in common: the lead's card, and what its actions do from a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leaddesk.ui.bulk_bar import open_dialog
from leaddesk.ui.bulk_bar_dialogs import ParkDialog
from leaddesk.ui.cards.lead import LeadCardView
from leaddesk.ui.dialogs.assign import AssignDialog
from leaddesk.ui.in_turns import Steps
from leaddesk.ui.table_view_page import ListPage
from leaddesk.workflow.cards import LeadCardData, LeadRow, LeadRows

if TYPE_CHECKING:
    from leaddesk.ui.columns import Column, ColumnMemory
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes

CHOOSE = "Choose a lead first."


class LeadListPage(ListPage):
    """Give, park, convert, refuse and call: about the card if the keyboard is in it, else about the chosen rows."""

    def __init__(
        self,
        shell: Shell,
        name: str,
        columns: Sequence[Column[LeadRow]],
        memory: ColumnMemory | None = None,
        *,
        in_turns: bool = False,
    ) -> None:
        """`memory` is the user's unless a test gives its own."""
        super().__init__(shell, name, columns, LeadRows, memory, in_turns=in_turns)

    def make_card(self) -> LeadCardView:
        """A lead's."""
        self.lead = LeadCardView(self.shell, in_turns=True)
        return self.lead

    def build(self) -> Steps:
        """The list, and what is done with a lead."""
        yield from super().build()
        self.lead.dial_requested.connect(lambda _point: self.call())
        for action, run in (
            ("assign", self.assign),
            ("convert", self.convert),
            ("defer", self.park),
            ("dial", self.call),
            ("refuse", self.refuse),
        ):
            self.shell.actions.on(action, self, run)

    def touched(self, changes: Changes) -> frozenset[int]:
        """Leads."""
        return changes.leads

    def show_card(self, row_id: int) -> None:
        """The lead's card."""
        self.lead.show_lead(row_id)

    def show_lead(self, lead_id: int) -> None:
        """Show a lead asked for from elsewhere."""
        self.open_card(lead_id)

    def assign(self) -> None:
        """Give the chosen to somebody."""
        ids = self.current_ids()
        if ids:
            open_dialog(AssignDialog(self.shell, ids, self.window()))
        else:
            self.shell.messages.refused(CHOOSE)

    def park(self) -> None:
        """Park the chosen until a day; one lead by its own clock."""
        ids = self.current_ids()
        card = self._card_of(ids)
        if card is not None:
            from leaddesk.ui.dialogs.defer import DeferDialog

            open_dialog(DeferDialog(self.shell, card, self.window()))
        elif ids:
            open_dialog(ParkDialog(self.shell, ids, self.window()))
        else:
            self.shell.messages.refused(CHOOSE)

    def convert(self) -> None:
        """Make a client of the lead on the card."""
        card = self._card_of(self.current_ids())
        if card is None:
            self.shell.messages.refused("Choose one lead to convert.")
            return
        from leaddesk.ui.dialogs.convert import ConvertDialog

        open_dialog(ConvertDialog(self.shell, card, None, self.window()))

    def refuse(self) -> None:
        """Write down that the lead on the card refused, or all that are chosen."""
        ids = self.current_ids()
        card = self._card_of(ids)
        if len(ids) > 1:
            from leaddesk.ui.dialogs.refuse_many import RefuseManyDialog

            open_dialog(RefuseManyDialog(self.shell, ids, self.window()))
            return
        if card is None:
            self.shell.messages.refused("Choose one lead that refused.")
            return
        from leaddesk.ui.dialogs.refuse import RefuseDialog

        open_dialog(RefuseDialog(self.shell, card, None, self.window()))

    def call(self) -> None:
        """Calls are made and written up on My day: go there with this lead."""
        ids = self.current_ids()
        if len(ids) != 1:
            self.shell.messages.refused("Choose one lead to call.")
            return
        self.shell.lead_requested.emit(ids[0])
        self.shell.messages.toast(f"{self.shell.actions.keys('dial')} calls; a digit writes the call up")

    def _card_of(self, ids: tuple[int, ...]) -> LeadCardData | None:
        """The card on the screen, if it is that of the one lead chosen and has been read."""
        card = self.lead.card
        return card if card is not None and ids == (card.lead.id,) else None
