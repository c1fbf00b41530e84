"""What has to be known before anything else about a lead: suspicious, known already, a client, parked, held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.saying import counted, day_only
from leaddesk.ui.widgets import MutedLabel, PlainButton, restyle
from leaddesk.workflow.leads import ConfirmLead
from leaddesk.workflow.parking import BringBack
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData


class Banner(QFrame):
    """A line of words with one thing to do."""

    pressed = Signal()

    def __init__(self, kind: str, button: str) -> None:
        super().__init__()
        self.setProperty("look", f"{kind}_banner")
        self.words = MutedLabel()
        restyle(self.words, "look", "")
        self.button = PlainButton(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self.pressed)
        self.hide()

    def say(self, words: str) -> None:
        """Show these words, or nothing."""
        self.words.setText(words)
        self.setVisible(bool(words))


class Banners(QWidget):
    """All that apply. `duplicates_requested` asks for the list of the cards that share something."""

    duplicates_requested = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._card: LeadCardData | None = None
        self.suspicious = Banner("warm", "It is real: confirm")
        self.known = Banner("yellow", "Show them")
        self.client = Banner("ok", "Open the client card")
        self.parked = Banner("cold", "Bring back now")
        self.held = Banner("warm", "Next lead")
        self._all = (self.held, self.suspicious, self.known, self.client, self.parked)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 0)
        box.setSpacing(6)
        for banner in self._all:
            box.addWidget(banner)
        self.suspicious.pressed.connect(self._confirm)
        self.held.pressed.connect(shell.next_requested)
        self.known.pressed.connect(self.duplicates_requested)
        self.client.pressed.connect(self._open_client)
        self.parked.pressed.connect(self._bring_back)

    def show_card(self, card: LeadCardData) -> None:
        """Say what applies to this lead."""
        self._card, lead = card, card.lead
        self.held.say(f"{card.held_by} is with this lead now." if card.held_by else "")
        self.suspicious.say(
            f"Suspicious: {'; '.join(card.suspicion)}. Not in the queue until confirmed." if lead.held_back else ""
        )
        others = [m for m in card.matches if not (m.kind == "client" and m.id == lead.client_id)]
        self.known.say(self._known(card) if others else "")
        self.client.say(f"Converted: client {card.client}." if lead.client_id else "")
        self.parked.say(self._parked(card))
        self.setVisible(any(not b.isHidden() for b in self._all))

    def _known(self, card: LeadCardData) -> str:
        first = card.matches[0]
        owner = f", {first.owner}" if first.owner else ""
        more = f" and {counted(len(card.matches) - 1, 'more card')}" if len(card.matches) > 1 else ""
        return f"Known already: {first.kind} {first.title} ({first.status}{owner}; {first.why}){more}."

    def _parked(self, card: LeadCardData) -> str:
        lead = card.lead
        if lead.status not in (Status.DEFERRED, Status.REFUSED, Status.DISQUALIFIED):
            return ""
        why = f": {lead.parked_why}" if lead.parked_why else ""
        shell = self._shell
        until = f" Comes back {day_only(lead.return_at, shell.clock.now(), shell.zone())}." if lead.return_at else ""
        word = {Status.DEFERRED: "Parked"}.get(lead.status, lead.status.words.capitalize())
        return f"{word}{why}.{until}"

    def _confirm(self) -> None:
        if self._card is not None:
            self._shell.lanes.do(self, ConfirmLead(self._card.lead.id))

    def _open_client(self) -> None:
        if self._card is not None and self._card.lead.client_id:
            self._shell.client_requested.emit(self._card.lead.client_id)

    def _bring_back(self) -> None:
        if self._card is not None:
            self._shell.lanes.do(self, BringBack(self._card.lead.id))
