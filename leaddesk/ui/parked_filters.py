"""Chips over the Parked page."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from leaddesk.ui.filters import MenuChip
from leaddesk.ui.widgets import FlowLayout
from leaddesk.workflow.parked import ParkedFilter
from leaddesk.workflow.vocabulary import PARKED_STATUSES

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.refusals import ReasonRow


class ParkedFilters(QWidget):
    """`filter()` is what the chips let through; `changed` says that it is another now."""

    changed = Signal()

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """Reasons come by `offer_reasons`."""
        super().__init__(parent)
        self._shell = shell
        self._quiet = False
        self.status = {status: self._tick(status.words.capitalize()) for status in PARKED_STATUSES}
        self.week = self._tick("Back this week", "Late ones as well")
        self.away = self._tick("No day", "They come back only when somebody brings them back")
        self.greet = self._tick("Greetings allowed", "They may be greeted on holidays")
        self.reason = MenuChip("Reason", several=True)
        self.none = QPushButton("Show all")
        self.none.setProperty("look", "link")
        self.none.setAutoDefault(False)
        self.none.clicked.connect(self.clear)
        self.reason.chosen.connect(self._changed)
        flow = FlowLayout(self, 6)
        for chip in (*self.status.values(), self.week, self.away, self.reason, self.greet, self.none):
            flow.addWidget(chip)
        self.none.hide()

    def _tick(self, words: str, why: str = "") -> QPushButton:
        chip = QPushButton(words)
        chip.setCheckable(True)
        chip.setAutoDefault(False)
        chip.setProperty("look", "filter")
        chip.setToolTip(why)
        chip.setAccessibleDescription(why)
        chip.toggled.connect(self._changed)
        return chip

    def offer_reasons(self, rows: list[ReasonRow]) -> None:
        """The reasons there are, those no longer in use as well: leads may be away for them."""
        self.reason.offer([(row.reason.key, row.reason.title) for row in rows])

    def filter(self) -> ParkedFilter:
        """What the chips let through, without the text of the search line."""
        return ParkedFilter(
            statuses=tuple(status for status, chip in self.status.items() if chip.isChecked()),
            reasons=tuple(self.reason.values),
            back_before=self._monday() if self.week.isChecked() else None,
            stays_away=self.away.isChecked(),
            greet=self.greet.isChecked(),
        )

    def _monday(self) -> datetime:
        """When the next week begins for whoever looks."""
        today = self._shell.clock.now().astimezone(self._shell.zone()).date()
        monday = today + timedelta(days=7 - today.weekday())
        return datetime.combine(monday, time(), self._shell.zone()).astimezone(UTC)

    def is_empty(self) -> bool:
        """Whether everybody is let through."""
        return self.filter() == ParkedFilter()

    def clear(self) -> None:
        """Anybody."""
        self._quiet = True
        for chip in (*self.status.values(), self.week, self.away, self.greet):
            chip.setChecked(False)
        self.reason.choose([])
        self._quiet = False
        self._changed()

    def _changed(self) -> None:
        if not self._quiet:
            self.none.setVisible(not self.is_empty())
            self.changed.emit()
