"""Whose lead it is while it is called: two people must not talk to the same person at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from leaddesk.workflow.queue import Hold

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Done


class Holding(QObject):
    """Takes a lead opened by hand before anything is done with it; one drawn from the queue is ours already.

    `warned` gives the lead's id and words: somebody else has it. Asked once more, it goes on all the same, for
    whoever holds it may have gone to lunch.
    """

    warned = Signal(int, str)

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._ours: dict[int, datetime] = {}
        self._told: set[int] = set()
        self._asking = False

    def drawn(self, lead_id: int, until: datetime | None) -> None:
        """This lead is ours until then (UTC)."""
        if until is not None:
            self._ours[lead_id] = until

    def forget(self, lead_id: int) -> None:
        """It is dealt with, and given back."""
        self._ours.pop(lead_id, None)
        self._told.discard(lead_id)

    def let_go(self) -> None:
        """All are given back."""
        self._ours.clear()

    def is_ours(self, lead_id: int) -> bool:
        """Whether nobody else can have it."""
        until = self._ours.get(lead_id)
        return until is not None and until > self._shell.clock.now()

    def about(self, card: LeadCardData) -> str:
        """Who is at it, as far as its card knows."""
        return f"{card.held_by} is with {card.lead.title} now." if card.held_by else ""

    def then(self, card: LeadCardData, act: Callable[[], object], again: str) -> None:
        """Do this once the lead is ours. `again` says how to do it where somebody else has it."""
        lead_id = card.lead.id
        if lead_id in self._told or self.is_ours(lead_id):
            act()
            return
        if self._asking and not self._shell.lanes.idle():
            return
        self._asking = True

        def answered(done: Done[bool]) -> None:
            self._asking = False
            if done.value:
                minutes = self._shell.settings.number("queue.hold_minutes")
                self._ours[lead_id] = self._shell.clock.now() + timedelta(minutes=minutes)
                act()
            else:
                self._told.add(lead_id)
                words = self.about(card) or f"Somebody else is with {card.lead.title} now."
                self.warned.emit(lead_id, f"{words} {again}")

        self._shell.lanes.do(self, Hold(lead_id), answered, quiet=True)
