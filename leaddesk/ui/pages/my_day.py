"""My day: who is next and why, all about them, and the call. Two keys per unanswered call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from leaddesk.ui.call_panel import CallPanel
from leaddesk.ui.cards.lead import LeadCardView
from leaddesk.ui.in_turns import Page, Steps
from leaddesk.ui.my_day.queue_panel import QueuePanel
from leaddesk.ui.widgets_split import Split
from leaddesk.workflow.queue import ReleaseLeads, TakeNext

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.calls import LogCall
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.queue import Drawn

PLAIN_KEYS = (*(f"outcome_{digit}" for digit in range(10)), "take", "take_from_note")
WIDTHS = (330, 590, 350)
NARROW = 1000
"""Pixels below which queue, card and call do not all fit without being cut."""


class MyDayPage(Page):
    """Queue, card, call panel."""

    title = "My day"

    def __init__(self, shell: Shell, *, in_turns: bool = False) -> None:
        super().__init__()
        self._shell = shell
        self._skipped: list[int] = []
        self._drawing = False
        self._left: int | None = None
        self.begin(in_turns=in_turns)

    def build(self) -> Steps:
        """The three parts, one after the other."""
        self.queue = QueuePanel(self._shell)
        yield
        self.lead = LeadCardView(self._shell, in_turns=True)
        yield from self.lead.building
        # The queue says whom the page begins with, or that there is nobody.
        self.lead.wait()
        self.call = CallPanel(self._shell)
        yield
        self.split = Split()
        for part, stretch in ((self.queue, 2), (self.lead, 5), (self.call, 2)):
            self.split.addWidget(part)
            self.split.setStretchFactor(self.split.count() - 1, stretch)
        self.split.setSizes(list(WIDTHS))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.addWidget(self.split)
        self.setFocusProxy(self.call)
        self._wire()
        self._actions()

    def parts(self) -> tuple[QWidget, ...]:
        """Queue, card, call."""
        return (self.queue, *self.lead.parts(), self.call)

    def _wire(self) -> None:
        self.call.card_asked.connect(self.lead.reload)
        self.call.call_logged.connect(self._call_logged)
        self.call.convert_requested.connect(self._convert)
        self.call.refuse_requested.connect(self._refuse)
        self.lead.dial_requested.connect(self.call.dial)
        self.lead.lead_missed.connect(self._missed)
        self.lead.lead_shown.connect(self._shown)
        self.queue.lead_selected.connect(self.lead.show_lead)
        self.queue.refreshed.connect(self._queue_came)

    def _actions(self) -> None:
        actions = self._shell.actions
        actions.on("convert", self, self.convert)
        actions.on("defer", self, self.defer)
        actions.on("assign", self, self.assign)
        actions.on("dial", self, self.call.dial)
        actions.on("refuse", self, self.refuse)
        actions.on("release", self, self.release)
        actions.on("take", self, self.call.take)
        actions.on("take_from_note", self, self.call.take)
        for digit in range(10):
            actions.on(f"outcome_{digit}", self, partial(self._choose, digit))
        actions.add_plain_keys(self, PLAIN_KEYS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window shows who it is about and what to press; who comes next gives way."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.queue.setVisible(self.width() >= NARROW or self.lead.lead_id is None)

    def activate(self) -> None:
        """Shown: the queue may have moved on meanwhile."""
        self.queue.refresh()
        self.lead.reload()

    def _choose(self, digit: int) -> None:
        """The outcome under a digit. From a field of the card the keyboard comes along: Enter would open the field."""
        focus = QApplication.focusWidget()
        if focus is not None and self.lead.isAncestorOf(focus):
            self.call.rest()
        self.call.choose(digit)

    # Whom it is about

    def show_lead(self, lead_id: int) -> None:
        """Put this lead on the screen, whether the queue has it or not."""
        self.queue.select(lead_id)
        self.lead.show_lead(lead_id)
        self._fit()

    def next_lead(self) -> None:
        """Draw the next lead; the one on the screen is passed over in this sitting."""
        if self._drawing:
            return
        leaving = self.lead.lead_id
        if leaving is not None and leaving not in self._skipped:
            self._skipped.append(leaving)
        self._draw(leaving)

    def _draw(self, leaving: int | None) -> None:
        self._drawing, self._left = True, leaving
        command = TakeNext(leaving=leaving, skip=tuple(self._skipped))
        self._shell.lanes.do(
            self, command, self._drawn, failed=lambda refused: self._not_drawn(refused.words), quiet=True
        )

    def _drawn(self, done: Done[Drawn]) -> None:
        self._drawing = False
        row = done.value.row
        if row is not None:
            self.call.holding.drawn(row.lead_id, done.value.until)
            self.show_lead(row.lead_id)
            self.call.rest()
            return
        if self._skipped or self._left is not None:
            # Everybody left was passed over once: begin again with them.
            self._skipped.clear()
            self._draw(None)
            return
        self._not_drawn(done.value.why)

    def _not_drawn(self, why: str) -> None:
        self._drawing = False
        self.lead.empty.say("Nobody to call now", why)
        self.lead.show_lead(None)
        self._fit()
        self.queue.select(None)
        self.call.show_card(None, None)

    def _shown(self, card: LeadCardData) -> None:
        self.call.show_card(card, self.queue.model.section_of(card.lead.id))

    def _missed(self, _words: str) -> None:
        self.call.show_card(None, None)

    def _queue_came(self) -> None:
        """The first time the page has somebody to show, it shows the first."""
        if self.lead.lead_id is None and not self._drawing and self.lead.empty.title.text() != "Nobody to call now":
            first = next((row.lead_id for row in self.queue.page.rows if row.callable_now and not row.held_by), None)
            if first is not None:
                self.show_lead(first)
            else:
                self.lead.show_inside(whole=False)
        elif self.lead.card is not None:
            self.call.script.show_card(self.lead.card, self.queue.model.section_of(self.lead.card.lead.id))

    def _call_logged(self, lead_id: int, stays: bool) -> None:
        if stays:
            self.lead.reload()
            return
        self._done_with(lead_id)

    def _done_with(self, lead_id: int) -> None:
        """Somebody else first: what was just dealt with comes again only when nobody is left."""
        if lead_id in self._skipped:
            self._skipped.remove(lead_id)
        self._draw(lead_id)

    # What is done with the lead

    def convert(self) -> None:
        """It agreed, in a call being written up or otherwise."""
        self._convert(self.lead.card, None)

    def refuse(self) -> None:
        """It refused, in a call being written up or otherwise."""
        self._refuse(self.lead.card, None)

    def defer(self) -> None:
        """Park it until a day."""
        card = self.lead.card
        if card is None:
            self._shell.messages.refused("Open a lead first.")
            return
        from leaddesk.ui.dialogs.defer import DeferDialog

        dialog = DeferDialog(self._shell, card, self.window())
        dialog.deferred.connect(self._done_with)
        dialog.open()

    def assign(self) -> None:
        """Give it to somebody."""
        if self.lead.lead_id is None:
            self._shell.messages.refused("Open a lead first.")
            return
        from leaddesk.ui.dialogs.assign import AssignDialog

        AssignDialog(self._shell, (self.lead.lead_id,), self.window()).open()

    def release(self) -> None:
        """Give back what was drawn."""
        self.call.holding.let_go()
        self._shell.lanes.do(self, ReleaseLeads(), lambda _done: self._shell.messages.toast("Given back"), quiet=True)

    def _convert(self, card: LeadCardData | None, call: LogCall | None) -> None:
        if card is None:
            self._shell.messages.refused("Open a lead first.")
            return
        from leaddesk.ui.dialogs.convert import ConvertDialog

        dialog = ConvertDialog(self._shell, card, call, self.window())
        dialog.converted.connect(lambda _client_id, lead_id=card.lead.id: self._written_up(lead_id, call))
        dialog.open()

    def _refuse(self, card: LeadCardData | None, call: LogCall | None) -> None:
        if card is None:
            self._shell.messages.refused("Open a lead first.")
            return
        from leaddesk.ui.dialogs.refuse import RefuseDialog

        dialog = RefuseDialog(self._shell, card, call, self.window())
        dialog.refused.connect(lambda lead_id: self._written_up(lead_id, call))
        dialog.open()

    def _written_up(self, lead_id: int, call: LogCall | None) -> None:
        if call is not None:
            self.call.call_over(lead_id)
        self._done_with(lead_id)
