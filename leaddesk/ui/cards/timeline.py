"""The timeline of both cards: everything that happened, or one kind of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from leaddesk.ui.cards.choice import TickChip
from leaddesk.ui.cards.lines import LinesView
from leaddesk.ui.cards.told import timeline_lines
from leaddesk.ui.widgets import FlowLayout, MutedLabel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import TimelineRow

KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("All", frozenset()),
    ("Calls", frozenset({"call"})),
    ("Notes", frozenset({"note"})),
    ("Letters", frozenset({"letter", "reply"})),
    ("Events", frozenset({"event", "task", "refusal"})),
)
"""What a chip lets through; nothing named lets all through. A refusal or a task moved is an event."""


class TimelineView(QWidget):
    """Newest first. The kind chosen stays chosen from card to card, as long as the window lives."""

    def __init__(self, shell: Shell, beside: QWidget | None = None) -> None:
        """`beside` stands at the end of the row of chips."""
        super().__init__()
        self._shell = shell
        self._rows: tuple[TimelineRow, ...] = ()
        self.kind = "All"
        self.view = LinesView(shell.theme, "Timeline")
        self.lines = self.view.lines
        self.chips: dict[str, TickChip] = {}
        self._group = QButtonGroup(self)
        self.empty = MutedLabel()
        self.empty.setContentsMargins(18, 10, 18, 10)
        holder = QWidget()
        row = FlowLayout(holder, spacing=4)
        row.setContentsMargins(18, 8, 18, 4)
        for name, _kinds in KINDS:
            chip = TickChip(name)
            chip.setAccessibleName(f"Timeline: {name.lower()}")
            self.chips[name] = chip
            self._group.addButton(chip)
            row.addWidget(chip)
            chip.toggled.connect(lambda on, n=name: self._choose(n) if on else None)
        if beside is not None:
            row.addWidget(beside)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(holder)
        box.addWidget(self.empty)
        box.addWidget(self.view, 1)
        self.chips["All"].setChecked(True)

    def show_rows(self, rows: Iterable[TimelineRow]) -> None:
        """Show these, as far as they are of the kind chosen."""
        self._rows = tuple(rows)
        self._show()

    def _choose(self, name: str) -> None:
        self.kind = name
        self._show()

    def _show(self) -> None:
        shell, kinds = self._shell, dict(KINDS)[self.kind]
        rows = [row for row in self._rows if not kinds or row.kind in kinds]
        self.view.show_lines(timeline_lines(rows, shell.clock.now(), shell.zone(), shell.user.name))
        self.empty.setText(self._nothing())
        self.empty.setVisible(not rows)
        self.view.setVisible(bool(rows))

    def _nothing(self) -> str:
        if self.kind == "All" or not self._rows:
            return "Nothing has happened yet."
        return f"No {self.kind.lower()} yet. “All” shows the rest."
