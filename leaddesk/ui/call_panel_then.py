"""“Then: …”: what an outcome will do, told before it is taken, and what of it can be changed."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout

from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.widgets import RichWords
from leaddesk.workflow.calls import preview
from leaddesk.workflow.outcomes import Said
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.entities import Outcome
    from leaddesk.workflow.outcomes import Effect, Facts

HINTS = {
    "callback": "When? “16:00”, “tomorrow 14:30”",
    "offer": "Another time for the call: “thu 11:00”",
    "not_now": "Another time: “18:00”, “tomorrow 10:00”",
}
"""Next steps that let a time be said."""


class ThenBox(QFrame):
    """Shows the effect of the outcome chosen, live as its time or channel is typed."""

    changed = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._outcome: Outcome | None = None
        self._facts: Facts | None = None
        self.effect: Effect | None = None
        self.setProperty("look", "box")
        self.words = RichWords()
        self.words.setAccessibleName("What will happen")
        self.when = WhenEdit(shell, "", name="When to call")
        self.channel = QComboBox()
        self.channel.setAccessibleName("Another channel")
        self.channel.addItem("Another channel: none", None)
        for channel in Channel:
            if channel is not Channel.PHONE:
                self.channel.addItem(f"Write by {channel.value}", channel)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 8)
        box.setSpacing(6)
        box.addWidget(self.words)
        box.addWidget(self.when)
        box.addWidget(self.channel)
        self.when.changed.connect(self._said)
        self.channel.currentIndexChanged.connect(self._said)
        shell.theme.changed.connect(self._retell)
        self.show_outcome(None, None)

    def show_outcome(self, outcome: Outcome | None, facts: Facts | None, when: str = "", channel: str = "") -> None:
        """Tell what `outcome` would do by `facts`; None for either while it is not chosen or known."""
        if outcome is not self._outcome or facts is None or self._facts is None or facts.lead.id != self._facts.lead.id:
            self._outcome = None
            self.when.set_place(facts.lead.zone_key if facts else "")
            self.when.set_text(when)
            self.channel.setCurrentIndex(max(0, self.channel.findText(channel)))
        self._outcome, self._facts = outcome, facts
        step = outcome.next_step if outcome else ""
        self.when.setVisible(step in HINTS)
        self.when.edit.setPlaceholderText(HINTS.get(step, ""))
        self.channel.setVisible(step == "not_now")
        self._retell()

    def said(self) -> Said:
        """What the operator adds to the outcome."""
        step = self._outcome.next_step if self._outcome else ""
        at = self.when.moment() if step in HINTS else None
        channel = self.channel.currentData() if step == "not_now" else None
        return Said(at=at, channel=Channel(channel) if channel else None)

    @property
    def can_say(self) -> bool:
        """Whether there is something to change with Tab."""
        return self._outcome is not None and self._outcome.next_step in HINTS

    def _said(self) -> None:
        self._retell()
        self.changed.emit()

    def _retell(self) -> None:
        mute = self._shell.theme.token("mute").name()
        if self._outcome is None:
            self.effect = None
            self.words.setText(
                f'<span style="color:{mute}">{_key(self, "F5")} dials. A digit chooses how it ended.</span>'
            )
            return
        if self._facts is None:
            self.words.setText("<b>Then:</b> …")
            return
        facts = replace(self._facts, now=self._shell.clock.now())
        self.effect = preview(facts, self._outcome, self.said())
        tell = f"<b>Then:</b> {escape(self.effect.words)}."
        change = (
            f"Change with {_key(self, 'Tab')}, take with {_key(self, 'Enter')}"
            if self.can_say
            else (f"Take with {_key(self, 'Enter')}")
        )
        self.words.setText(f'{tell} <span style="color:{mute}">{change}</span>')


def _key(box: ThenBox, name: str) -> str:
    theme = box._shell.theme  # noqa: SLF001 - a helper of this box alone
    ground, ink = theme.token("chip").name(), theme.token("ink").name()
    return f'<span style="background-color:{ground};color:{ink}">&nbsp;{name}&nbsp;</span>'
