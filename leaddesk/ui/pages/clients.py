"""All clients, the card beside them, and the way back to the leads they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.ui.cards.client import ClientCardView
from leaddesk.ui.columns import CLIENTS, ColumnMemory
from leaddesk.ui.table_view_page import ListPage
from leaddesk.ui.widgets import EmptyState
from leaddesk.workflow.cards import ClientIds, ClientRows
from leaddesk.workflow.export import Kind

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.ui.table_model import Ids
    from leaddesk.workflow.changes import Changes


class ClientsPage(ListPage):
    """The table of clients."""

    title = "Clients"
    nouns = ("client", "clients")
    kind = Kind.CLIENTS

    def __init__(self, shell: Shell, memory: ColumnMemory | None = None, *, in_turns: bool = False) -> None:
        """`memory` is the user's unless a test gives its own."""
        super().__init__(shell, "clients", CLIENTS, ClientRows, memory, in_turns=in_turns)

    def make_card(self) -> ClientCardView:
        """A client's."""
        return ClientCardView(self.shell, in_turns=True)

    def ids(self) -> Ids:
        """Clients the search line lets through."""
        text = self.search.text().strip()
        return lambda sort, down: ClientIds(text, sort, down)

    def touched(self, changes: Changes) -> frozenset[int]:
        """Clients."""
        return changes.clients

    def show_card(self, row_id: int) -> None:
        """The client's card."""
        if isinstance(self.card, ClientCardView):
            self.card.show_client(row_id)

    def show_client(self, client_id: int) -> None:
        """Show a client asked for from elsewhere."""
        self.open_card(client_id)

    def make_empty(self) -> EmptyState:
        """Where clients come from."""
        return EmptyState(
            "No clients yet",
            "A lead that agrees becomes a client: choose “Agreed → client” when you write up the call.",
            [("Next lead", self.shell.next_requested.emit)],
        )
