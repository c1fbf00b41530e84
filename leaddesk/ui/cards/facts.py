"""The few facts of a lead that stand on the card itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.cards.fields import LEAD_FIELD, CardField
from leaddesk.ui.cards.saying import counted, day_only
from leaddesk.ui.cards.text import leading
from leaddesk.ui.widgets import MutedLabel

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData

NO_BREAK, JOINER, MINUS = "\u00a0", "\u2060", "\u2212"


class FactsGrid(QWidget):
    """Interest, source, touches, owner, next step, score; where they are, while that is not known.

    What has to be read whole however long it is, the next step and all reasons of the score, has a row to itself.
    """

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        theme = shell.theme
        self.interest = FieldView(theme, LEAD_FIELD["interest"])
        self.source = FieldView(theme, LEAD_FIELD["source_id"])
        self.country = FieldView(theme, CardField("country", "Country", empty="Country? Then calls are timed right"))
        self.zone = FieldView(theme, CardField("zone", "Time zone", empty="or their zone: Europe/Kyiv"))
        self.score, self.owner, self.touches, self.next_step = (_value() for _ in range(4))
        self.next_step.setProperty("look", "heading")
        grid = QGridLayout(self)
        grid.setContentsMargins(18, 6, 18, 8)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        self._add(grid, 0, 0, "Interest", self.interest)
        self._add(grid, 0, 2, "Source", self.source)
        self._add(grid, 1, 0, "Touches", self.touches)
        self._add(grid, 1, 2, "Owner", self.owner)
        self._add(grid, 2, 0, "Next step", self.next_step, across=3)
        self._add(grid, 3, 0, "Score", self.score, across=3)
        self._where = (
            self._add(grid, 4, 0, "Country", self.country),
            self.country,
            self._add(grid, 4, 2, "Time zone", self.zone),
            self.zone,
        )
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)

    def _add(self, grid: QGridLayout, row: int, column: int, title: str, widget: QWidget, *, across: int = 1) -> QLabel:
        label = MutedLabel(title, wrap=False)
        label.setContentsMargins(0, 2, 0, 2)
        label.setBuddy(widget)
        grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(widget, row, column + 1, 1, across, Qt.AlignmentFlag.AlignTop)
        return label

    @property
    def fields(self) -> tuple[FieldView, ...]:
        """What can be edited here, in order."""
        return (self.interest, self.source, self.country, self.zone)

    def show_card(self, card: LeadCardData) -> None:
        """Show this lead."""
        lead, now, zone = card.lead, self._shell.clock.now(), self._shell.zone()
        self.interest.show_value(lead.interest)
        self.source.show_value(lead.source_id, card.source)
        self.country.show_value(lead.country)
        self.zone.show_value(lead.zone)
        unknown = not card.calling.known
        for widget in self._where:
            widget.setVisible(unknown or (isinstance(widget, FieldView) and widget.editing))
        reasons = ", ".join(f"{unbroken(words)}{NO_BREAK}{signed(points)}" for words, points in card.score_reasons)
        self.score.setText(f"{lead.score} · {reasons}" if reasons else str(lead.score))
        owner = "You" if lead.owner_id == self._shell.user.id else card.owner or "Nobody yet: the pool"
        since = f" · since {day_only(lead.assigned_at, now, zone)}" if lead.assigned_at and card.owner else ""
        self.owner.setText(owner + since)
        self.touches.setText(self._touches(card))
        self.next_step.setText(card.next_step)
        for label in (self.score, self.owner, self.touches, self.next_step):
            label.setAlignment(leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignTop)

    def _touches(self, card: LeadCardData) -> str:
        calls = sum(row.kind == "call" for row in card.timeline)
        letters = len(card.letters)
        parts = [counted(calls, "call")] if calls else []
        if letters:
            parts.append(counted(letters, "letter"))
        return f"{card.lead.touches} ({', '.join(parts)})" if parts else str(card.lead.touches)


def unbroken(words: str) -> str:
    """Words such as “e-mail” stay in one line."""
    return words.replace("-", f"-{JOINER}")


def signed(points: int) -> str:
    """“+20”, “−40”."""
    return f"{points:+d}".replace("-", MINUS)


def _value() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setContentsMargins(3, 2, 3, 2)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
