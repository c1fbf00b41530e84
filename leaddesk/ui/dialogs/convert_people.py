"""The people at a new client; the lead is the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.choice import TickChip
from leaddesk.ui.widgets import Heading, LineEdit, PlainButton
from leaddesk.workflow.clients import PersonInput
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.workflow.cards import LeadCardData

PARTS = (("name", "Name"), ("role", "Role"), ("phone", "Phone"), ("email", "E-mail"))


class PeopleForm(QWidget):
    """One line each; another line on demand."""

    changed = Signal()

    def __init__(self, card: LeadCardData) -> None:
        super().__init__()
        self._card = card
        self._lines: list[tuple[dict[str, LineEdit], TickChip]] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self.more = PlainButton("+ another person", kind="link")
        self.more.setAutoDefault(False)
        self.more.clicked.connect(self.add_line)
        head = QHBoxLayout()
        head.addWidget(Heading("Contact persons"))
        head.addStretch()
        head.addWidget(self.more)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(head)
        box.addLayout(self._grid)

    def fill(self, kept: Mapping[str, str]) -> None:
        """What was typed before, else the lead itself."""
        self.add_line()
        lead, points = self._card.lead, self._card.points
        phone = next((p.value for p in points if p.channel is Channel.PHONE and p.usable), "")
        email = next((p.value for p in points if p.channel is Channel.EMAIL and p.usable), "")
        edits, decides = self._lines[0]
        for (key, _title), text in zip(PARTS, (lead.name, lead.role, phone, email), strict=True):
            edits[key].setText(kept.get(f"person.0.{key}", text))
            edits[key].setCursorPosition(0)
        decides.setChecked(kept.get("person.0.decides", "yes" if lead.decides else "") == "yes")
        while any(name.startswith(f"person.{len(self._lines)}.") for name in kept):
            number = len(self._lines)
            self.add_line()
            for key, _title in PARTS:
                self._lines[number][0][key].setText(kept.get(f"person.{number}.{key}", ""))
            self._lines[number][1].setChecked(f"person.{number}.decides" in kept)

    def add_line(self) -> None:
        """Room for one more."""
        row, edits = len(self._lines), {}
        for column, (key, title) in enumerate(PARTS):
            edit = LineEdit()
            edit.setPlaceholderText(title)
            edit.setAccessibleName(f"{title} of contact person {row + 1}")
            edit.textChanged.connect(self.changed)
            self._grid.addWidget(edit, row, column)
            edits[key] = edit
        decides = TickChip("decides")
        decides.toggled.connect(self.changed)
        self._grid.addWidget(decides, row, len(PARTS))
        self._lines.append((edits, decides))
        if row:
            edits["name"].setFocus()

    def texts(self) -> dict[str, str]:
        """What is typed, as a draft keeps it."""
        found = {}
        for row, (edits, decides) in enumerate(self._lines):
            found.update({f"person.{row}.{key}": edit.text() for key, edit in edits.items()})
            found[f"person.{row}.decides"] = "yes" if decides.isChecked() else ""
        return found

    def people(self) -> tuple[PersonInput, ...]:
        """Everybody who has a name."""
        return tuple(
            PersonInput(**{key: edit.text() for key, edit in edits.items()}, decides=decides.isChecked() or None)
            for edits, decides in self._lines
            if edits["name"].text().strip()
        )
