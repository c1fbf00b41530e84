"""What stands in place of a page that has nothing to show: still opening, cannot be opened, or no lead yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from leaddesk.ui.widgets import EmptyState, Meter, MutedLabel, PlainButton

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell


class StartPage(QWidget):
    """Says what to do first. `filled` comes when the demo has been made or stopped."""

    filled = Signal()

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """Empty while the database is being opened: that takes less than it takes to read a word."""
        super().__init__(parent)
        self._shell = shell
        self._layers = QStackedLayout(self)
        self._empty = QWidget()
        self.first = EmptyState(
            "Whom do we call first?",
            "There is no lead here yet. Bring in a list you have, write one down, or look around with made-up people.",
            (
                ("Import a list", shell.import_requested.emit),
                ("Add a lead", shell.add_lead_requested.emit),
                ("Try the demo", shell.demo_requested.emit),
            ),
        )
        for button, action_id in zip(self.first.buttons, ("import", "add_lead"), strict=False):
            button.show_keys(shell.actions.keys(action_id))
        self.closed = EmptyState("The database cannot be opened", "", (("Try again", self._again),))
        self.filling = QWidget()
        self.how_far = MutedLabel("Making the demo…")
        self.meter = Meter()
        self.stop = PlainButton("Stop")
        self._lay_out_filling()
        self.setFocusProxy(self.first.buttons[0])
        for layer in (self._empty, self.first, self.closed, self.filling):
            self._layers.addWidget(layer)

    def _lay_out_filling(self) -> None:
        box = QVBoxLayout(self.filling)
        box.addStretch(2)
        self.how_far.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.meter.setFixedWidth(320)
        box.addWidget(self.how_far)
        box.addWidget(self.meter, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.stop)
        row.addStretch(1)
        box.addLayout(row)
        box.addStretch(3)

    def wait(self) -> None:
        """Nothing is known yet."""
        if not self.is_filling():
            self._layers.setCurrentWidget(self._empty)

    def welcome(self) -> None:
        """There is no lead yet."""
        if not self.is_filling():
            self._layers.setCurrentWidget(self.first)

    def not_opened(self, words: str) -> None:
        """The database cannot be opened, and why."""
        self.closed.say("The database cannot be opened", words)
        self._layers.setCurrentWidget(self.closed)

    def _again(self) -> None:
        self._layers.setCurrentWidget(self._empty)
        self._shell.open_again()

    def fill_demo(self) -> None:
        """Make up a floor to look around in, in the background."""
        fill = self._shell.fill_demo
        if fill is None:
            self._shell.messages.refused("The demo is not part of this installation. Run: leaddesk demo")
            return
        if self._shell.lanes.busy_long() is not None:
            return
        job = self._shell.lanes.run(self, fill, lambda _made: None, progress=self._far)
        self.stop.clicked.connect(job.cancel)
        job.ended.connect(self._end_filling)
        self._layers.setCurrentWidget(self.filling)

    def is_filling(self) -> bool:
        """Whether the demo is being made."""
        return self._layers.currentWidget() is self.filling

    def _end_filling(self) -> None:
        self._layers.setCurrentWidget(self.first)
        self.filled.emit()

    def _far(self, done: int, total: int) -> None:
        self.how_far.setText(f"Making the demo: {done:,} of {total:,}" if total else "Making the demo…")
        self.meter.show_percent(done * 100 // total if total else 0)
