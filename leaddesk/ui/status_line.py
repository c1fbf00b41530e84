"""The line at the window's foot: which database, how safe it is, how much is in it, who sits here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from leaddesk.ui.widgets import KeyCap, SmallLabel

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from leaddesk.ui.actions import Actions
    from leaddesk.workflow.watching import Standing


def backup_words(standing: Standing, now: datetime, zone: ZoneInfo) -> str:
    """How fresh the newest copy is; "" on a server, whose keeper looks after that."""
    if standing.engine != "SQLite":
        return ""
    if standing.backed_up is None:
        return "not backed up yet"
    then, today = standing.backed_up.astimezone(zone), now.astimezone(zone)
    return f"backed up {then:%H:%M}" if then.date() == today.date() else f"backed up {then.day} {then:%b %H:%M}"


def counted(number: int, one: str, many: str) -> str:
    """A number with its word, thousands apart."""
    return f"{number:,} {one if number == 1 else many}"


class StatusLine(QFrame):
    """Words at the start, the two keys that lead to all others at the end."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        """Says that the database is being opened."""
        super().__init__(parent)
        self.setProperty("look", "status")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(16)
        self.place = SmallLabel("Opening the database…", wrap=False)
        self.leads = SmallLabel(wrap=False)
        self.person = SmallLabel(wrap=False)
        for label in (self.place, self.leads, self.person):
            row.addWidget(label)
        row.addStretch(1)
        for action_id, words in (("palette", "all commands"), ("keys", "keys")):
            pair = QHBoxLayout()
            pair.setSpacing(2)
            pair.addWidget(KeyCap(actions.keys(action_id)))
            button = QPushButton(words)
            button.setProperty("look", "quiet")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, action_id=action_id: actions.trigger(action_id))
            pair.addWidget(button)
            row.addLayout(pair)

    def show_standing(self, standing: Standing, now: datetime, zone: ZoneInfo) -> None:
        """Which database, and its newest copy."""
        words = filter(None, (standing.engine, standing.name, backup_words(standing, now, zone)))
        self.place.setText("● " + " · ".join(words))
        self.place.setToolTip(standing.path)

    def show_leads(self, leads: int) -> None:
        """How many there are."""
        self.leads.setText(counted(leads, "lead", "leads"))

    def show_person(self, name: str, role: str) -> None:
        """Who is signed in."""
        self.person.setText(f"{name} · {role}")
