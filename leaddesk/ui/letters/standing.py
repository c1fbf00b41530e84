"""What stands over the letters: whether they can leave at all, what waits for a decision, how far answers are read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from leaddesk.ui.cards.banners import Banner
from leaddesk.ui.cards.saying import ago
from leaddesk.ui.widgets import SmallLabel
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.outbox import OutboxStanding


class Standing(QWidget):
    """`tab_requested` asks for a tab by its key."""

    tab_requested = Signal(str)

    def __init__(self, shell: Shell) -> None:
        """Says nothing until it is shown how things stand."""
        super().__init__()
        self._shell = shell
        self._standing: OutboxStanding | None = None
        self.at_uncertain = False
        self.server = Banner("yellow", "Set one up")
        self.paused = Banner("warm", "Mail server")
        self.uncertain = Banner("warm", "Look at them")
        self.mailbox = Banner("warm", "Answers")
        self.read = SmallLabel()
        box = QVBoxLayout(self)
        box.setContentsMargins(9, 0, 9, 8)
        box.setSpacing(6)
        for widget in (self.server, self.paused, self.uncertain, self.mailbox, self.read):
            box.addWidget(widget)
        self.server.pressed.connect(lambda: shell.settings_requested.emit("Mail server"))
        self.paused.pressed.connect(lambda: shell.settings_requested.emit("Mail server"))
        self.mailbox.pressed.connect(lambda: shell.settings_requested.emit("Answers"))
        self.uncertain.pressed.connect(lambda: self.tab_requested.emit("uncertain"))
        shell.postman.trouble.connect(lambda _words: self.tick())
        self.hide()

    def show_standing(self, standing: OutboxStanding) -> None:
        """How things stand now."""
        self._standing = standing
        self.tick()

    def tick(self) -> None:
        """Time has passed."""
        standing, shell = self._standing, self._shell
        if standing is None:
            return
        now = shell.clock.now()
        why = shell.postman.why
        self.server.say(
            "" if standing.ready else "No mail server is set up: letters wait as drafts, or leave as files and by hand."
        )
        paused = standing.paused_until
        if standing.ready and paused is not None and paused > now:
            at = paused.astimezone(shell.zone())
            self.paused.say(f"Nothing is sent until {at:%H:%M}: {standing.why}")
        else:
            self.paused.say(why if standing.ready and why != standing.mailbox_why else "")
        count = standing.counts.get(LetterState.UNCERTAIN, 0)
        some = "One letter is uncertain: it" if count == 1 else f"{count} letters are uncertain: they"
        told = f"{some} may have arrived or not. Only you decide what happens next."
        self.uncertain.say(told if count and not self.at_uncertain else "")
        self.mailbox.say(f"Answers cannot be read: {standing.mailbox_why}" if standing.mailbox_why else "")
        at_ease = standing.mailbox_at is not None and not standing.mailbox_why
        said = ago(max(now - standing.mailbox_at, timedelta())) if standing.mailbox_at else ""
        self.read.setText(f"Mailbox read {said}" if at_ease else "")
        self.read.setVisible(at_ease)
        parts = (self.server, self.paused, self.uncertain, self.mailbox, self.read)
        self.setVisible(any(not part.isHidden() for part in parts))
