"""What has to be known before anything else about a lead: suspicious, known already, a client, parked, held."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.saying import counted, day_only
from leaddesk.ui.widgets import MutedLabel, PlainButton, restyle
from leaddesk.workflow.judging import JudgeLeads
from leaddesk.workflow.leads import ConfirmLead
from leaddesk.workflow.parking import BringBack
from leaddesk.workflow.suspicion import SAID_FROM, in_words, weight_of
from leaddesk.workflow.vocabulary import OPEN_STATUSES, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.duplicates import Match


class Banner(QFrame):
    """A line of words with one thing to do, or the choice of two."""

    pressed = Signal()
    other_pressed = Signal()

    def __init__(self, kind: str, button: str, other: str = "", *, keys: tuple[str, str] = ("", "")) -> None:
        super().__init__()
        self.setProperty("look", f"{kind}_banner")
        self.words = MutedLabel()
        restyle(self.words, "look", "")
        self.button = PlainButton(button, keys[0])
        self.other = PlainButton(other, keys[1])
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.button)
        row.addWidget(self.other)
        # Two buttons with their keys would leave the words a column of a few letters.
        ways = QBoxLayout.Direction
        whole = QBoxLayout(ways.TopToBottom if other else ways.LeftToRight, self)
        whole.setContentsMargins(12, 6, 8, 6)
        whole.setSpacing(6 if other else 12)
        whole.addWidget(self.words, 1)
        whole.addLayout(row)
        self.other.setVisible(bool(other))
        self.button.clicked.connect(self.pressed)
        self.other.clicked.connect(self.other_pressed)
        self.hide()

    def say(self, words: str) -> None:
        """Show these words, or nothing."""
        self.words.setText(words)
        self.setVisible(bool(words))


class Banners(QWidget):
    """All that come with the card, above everything else of it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._card: LeadCardData | None = None
        keys = shell.actions.keys
        self.suspicious = Banner("warm", "It is real", "It is spam", keys=(keys("lead_real"), keys("lead_spam")))
        self.client = Banner("ok", "Open the client card")
        self.parked = Banner("cold", "Bring back now")
        self.held = Banner("warm", "Next lead")
        self._all = (self.held, self.suspicious, self.client, self.parked)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 0)
        box.setSpacing(6)
        for banner in self._all:
            box.addWidget(banner)
        self.suspicious.pressed.connect(partial(self.judge, real=True))
        self.suspicious.other_pressed.connect(partial(self.judge, real=False))
        self.held.pressed.connect(shell.next_requested)
        self.client.pressed.connect(self._open_client)
        self.parked.pressed.connect(self._bring_back)

    def show_card(self, card: LeadCardData) -> None:
        """Say what applies to this lead."""
        self._card, lead = card, card.lead
        self.held.say(f"{card.held_by} is with this lead now." if card.held_by else "")
        self.suspicious.say(self._suspicious(card))
        self.client.say(f"Converted: client {card.client}." if lead.client_id else "")
        self.parked.say(self._parked(card))
        self.setVisible(any(not b.isHidden() for b in self._all))

    def _suspicious(self, card: LeadCardData) -> str:
        """All signs with their weights, until a team lead has judged; light ones alone are nobody's worry."""
        lead = card.lead
        if lead.suspicion_ok or lead.status not in OPEN_STATUSES or weight_of(card.signs) < SAID_FROM:
            return ""
        judge = self._shell.user.role.covers(ConfirmLead.role)
        self.suspicious.button.setVisible(judge and bool(lead.suspicion))
        self.suspicious.other.setVisible(judge)
        until = "a team lead says it is real" if not judge else "you say it is real"
        return f"{in_words(card.signs)}." + (f" Not in the queue until {until}." if lead.held_back else "")

    def _parked(self, card: LeadCardData) -> str:
        lead = card.lead
        if lead.status not in (Status.DEFERRED, Status.REFUSED, Status.DISQUALIFIED):
            return ""
        why = f": {lead.parked_why}" if lead.parked_why else ""
        shell = self._shell
        until = f" Comes back {day_only(lead.return_at, shell.clock.now(), shell.zone())}." if lead.return_at else ""
        word = {Status.DEFERRED: "Parked"}.get(lead.status, lead.status.words.capitalize())
        return f"{word}{why}.{until}"

    def judge(self, *, real: bool) -> None:
        """Say of this lead that it is real, or that it is spam; what does not suit it is refused in words."""
        if self._card is not None:
            self._shell.lanes.do(self, JudgeLeads(lead_ids=(self._card.lead.id,), real=real))

    def _open_client(self) -> None:
        if self._card is not None and self._card.lead.client_id:
            self._shell.client_requested.emit(self._card.lead.client_id)

    def _bring_back(self) -> None:
        if self._card is not None:
            self._shell.lanes.do(self, BringBack(self._card.lead.id))


class KnownFoot(QWidget):
    """Who else may be this person. It is found out after the card stands, so it comes at the card's foot.

    `duplicates_requested` asks for the list of the cards that share something.
    """

    duplicates_requested = Signal()

    def __init__(self) -> None:
        """Nothing to say yet."""
        super().__init__()
        self.banner = Banner("yellow", "Show them")
        self.banner.pressed.connect(self.duplicates_requested)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 6, 12, 10)
        box.addWidget(self.banner)
        self.hide()

    def show_matches(self, matches: Sequence[Match], client_id: int | None) -> None:
        """Say the strongest of these; the client the lead became is no stranger."""
        self.banner.say(known_words([m for m in matches if not (m.kind == "client" and m.id == client_id)]))
        self.setVisible(not self.banner.isHidden())


def is_sure(match: Match) -> bool:
    """Whether it shares a number or an address that is not everybody's."""
    return bool(match.key) and not match.shared


def known_words(matches: Sequence[Match]) -> str:
    """Who else may be this person, such as “Known already: lead Anna (new, Ivan; the same phone) and 2 more cards.”.

    What shares a number or an address is known; what shares a switchboard or is only called alike may be. Only the
    strongest reason is said here; the list has all of them.
    """
    if not matches:
        return ""
    first = next(filter(is_sure, matches), matches[0])
    standing = ", ".join(filter(None, (first.status, first.owner)))
    more = f" and {counted(len(matches) - 1, 'more card')}" if len(matches) > 1 else ""
    sure = "Known already" if is_sure(first) else "Perhaps known already"
    why = first.why.partition("; ")[0]
    return f"{sure}: {first.kind} {first.title} ({standing}; {why}){more}."
