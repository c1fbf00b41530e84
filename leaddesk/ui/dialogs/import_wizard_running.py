"""While it runs: how far, how fast, how long still; and the question whether to stop, and what becomes of it then."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from leaddesk.ui.jobs import Cancelled
from leaddesk.ui.widgets import Heading, MutedLabel, Panel, PlainButton, Words
from leaddesk.workflow.intake import run_import

if TYPE_CHECKING:
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.intake import ImportResult, LeadFile, Options
    from leaddesk.workflow.intake_ready import Readers

SPAN_S = 6.0
"""Speed is that of the last seconds: a file's rows are not all alike."""
LOOK_S = 0.2
"""So often the work that is held looks whether it is wanted at all any more."""


class Brake:
    """Holds long work between two chunks while a person is asked, and ends it if they say so. For any thread."""

    def __init__(self) -> None:
        """Not held."""
        self._free = threading.Event()
        self._free.set()
        self._stopped = threading.Event()

    def hold(self) -> None:
        """Wait at the next report of progress."""
        self._free.clear()

    def let_go(self) -> None:
        """Go on."""
        self._free.set()

    def stop(self) -> None:
        """End after the rows at hand; what came in stays."""
        self._stopped.set()
        self._free.set()

    def stopped(self) -> bool:
        """Whether somebody said so."""
        return self._stopped.is_set()

    def pass_by(self, still_wanted: Callable[[], None]) -> None:
        """In the work's thread: wait while held. `still_wanted` may raise."""
        while not self._free.wait(LOOK_S):
            still_wanted()


def run_held(
    desk: Desk,
    file: LeadFile,
    options: Options,
    progress: Callable[[int, int], None],
    brake: Brake,
    readers: Readers | None = None,
) -> ImportResult:
    """Run the import so that it can be held and stopped; the program's end stops it as well. In a lane's thread."""

    def told(done: int, total: int) -> None:
        try:
            progress(done, total)
            brake.pass_by(lambda: progress(done, total))
        except Cancelled:
            brake.stop()

    return run_import(desk, file, options, told, brake.stopped, readers)


class Speed:
    """Rows a second and the time left, from what was done when."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        """`now` in seconds, from whenever."""
        self._now = now
        self._seen: deque[tuple[float, int]] = deque()

    def begin(self) -> None:
        """From nothing."""
        self._seen = deque([(self._now(), 0)])

    def add(self, done: int) -> None:
        """So much is done by now."""
        now = self._now()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= SPAN_S:
            self._seen.popleft()

    def per_second(self) -> float:
        """Rows a second, 0 while it cannot be told."""
        if len(self._seen) < 2:
            return 0.0
        (began, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - began) if now > began else 0.0

    def words(self, done: int, total: int) -> str:
        """“31,200 of about 50,000 rows · 2,340 rows/s · about 8 s left”."""
        rate = self.per_second()
        told = [f"{done:,} of about {total:,} rows"]
        if rate >= 1 and done < total:
            told += [f"{rate:,.0f} rows/s", f"about {left_words((total - done) / rate)} left"]
        return " · ".join(told)


def left_words(seconds: float) -> str:
    """A time in one unit: nobody needs more of a guess."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600, 1):g} h"


class RunStep(QWidget):
    """How far it is. `ask` puts the question; what is answered comes as a signal."""

    going_on = Signal()
    kept = Signal()
    taken_back = Signal()
    put_aside = Signal()
    asking_changed = Signal(bool)

    def __init__(self, words: str, *, writes: bool, now: Callable[[], float] = monotonic) -> None:
        """`writes`: it may be put aside, and stopping it asks what becomes of the rows that are in."""
        super().__init__()
        self._words, self._writes = words, writes
        self._speed = Speed(now)
        self._done = self._total = 0
        self.heading = Heading(words)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(words)
        self.said = MutedLabel("")
        self.aside = PlainButton("Work on meanwhile")
        self.aside.setAccessibleDescription("The window is free again; you are told when the list is in.")
        self.question = Words("")
        self.on = PlainButton("Go on with it", "Esc")
        self.keep = PlainButton("Stop, keep what came in")
        self.undo = PlainButton("Stop, take it back", kind="danger")
        self.asked = Panel(kind="yellow_banner")
        self._lay_out()
        for button, signal in (
            (self.on, self.going_on),
            (self.keep, self.kept),
            (self.undo, self.taken_back),
            (self.aside, self.put_aside),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(signal)
        self.asked.hide()
        self.aside.setVisible(writes)

    def _lay_out(self) -> None:
        self.asked.body.setContentsMargins(16, 12, 16, 12)
        self.asked.body.setSpacing(10)
        self.asked.body.addWidget(self.question)
        row = QHBoxLayout()
        for button in (self.on, self.keep, self.undo):
            row.addWidget(button)
        row.addStretch(1)
        self.asked.body.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self.aside)
        below.addStretch(1)
        box = QVBoxLayout(self)
        box.setSpacing(10)
        box.addStretch(1)
        for widget in (self.heading, self.bar, self.said, self.asked):
            box.addWidget(widget)
        box.addLayout(below)
        box.addStretch(2)

    def begin(self, total: int) -> None:
        """From nothing."""
        self._done, self._total = 0, total
        self._speed.begin()
        self.heading.setText(self._words)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(0)
        self.said.setText("")
        self.end_question()

    def progress(self, done: int, total: int) -> None:
        """So many of so many."""
        self._done, self._total = done, total
        self._speed.add(done)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.said.setText(self._speed.words(done, total))
        if self.is_asking():
            # The rows that were in hand when it was held.
            self._put_question()

    def ask(self) -> None:
        """Whether to stop, while it waits."""
        self._put_question()
        self.aside.hide()
        self.asked.show()
        self.on.setFocus()
        self.asking_changed.emit(True)

    def _put_question(self) -> None:
        self.question.setText(
            f"It waits. {self._done:,} of about {self._total:,} rows are in. What came in can be kept, and undone later "
            "as a whole, or be taken back now."
        )

    def end_question(self) -> None:
        """It has been answered."""
        self.asked.hide()
        self.aside.setVisible(self._writes)
        self.asking_changed.emit(False)

    def is_asking(self) -> bool:
        """Whether an answer is waited for."""
        return not self.asked.isHidden()

    def say(self, words: str) -> None:
        """Something else is going on now."""
        self.end_question()
        self.aside.hide()
        self.heading.setText(words)
