"""The frame of the import wizard: its steps, the buttons below them, keys, and files dropped on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from leaddesk.ui.dialogs.import_wizard_batch import BringIn
from leaddesk.ui.dialogs.import_wizard_columns import ColumnsStep
from leaddesk.ui.dialogs.import_wizard_file import FileStep
from leaddesk.ui.dialogs.import_wizard_preview import Choices
from leaddesk.ui.dialogs.import_wizard_result import ResultStep
from leaddesk.ui.dialogs.import_wizard_resume import ResumeStep
from leaddesk.ui.dialogs.import_wizard_running import RunStep
from leaddesk.ui.dialogs.import_wizard_what_if import WhatIfStep
from leaddesk.ui.dialogs.import_wizard_words import WordsStep
from leaddesk.ui.file_drop import dropped_files
from leaddesk.ui.widgets import ErrorLabel, PlainButton, PrimaryButton, SmallLabel, Title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leaddesk.ui.shell import Shell

FILE, COLUMNS, LOOKING, WORDS, WHAT_IF, RUNNING, RESULT, RESUME = range(8)
STEPS = ("File", "Columns", "Words", "What would happen", "Bring in")
_STEP_OF = {FILE: 0, COLUMNS: 1, LOOKING: 2, WORDS: 2, WHAT_IF: 3, RUNNING: 4, RESULT: 4, RESUME: 0}


class WizardFrame(QDialog):
    """Shows one step at a time. Ctrl+Enter asks to go on, Alt+Left to go back."""

    on_requested = Signal()
    back_requested = Signal()
    files_dropped = Signal(object)
    """Paths."""

    def __init__(self, shell: Shell, fields: Callable[[], Sequence[str]], parent: QWidget | None = None) -> None:
        """`fields` are those a column may go to."""
        super().__init__(parent)
        self.choices = Choices()
        self.setWindowTitle("Import a list")
        self.setAcceptDrops(True)
        self.resize(960, 660)
        self.heading, self.where, self.wrong = Title("Import a list"), SmallLabel(""), ErrorLabel()
        self.file = FileStep()
        self.columns = ColumnsStep(shell.theme, self.choices, fields)
        self.looking = RunStep("Looking what would come of it…", writes=False)
        self.words = WordsStep(shell.theme, self.choices)
        self.what_if = WhatIfStep(shell.theme, self.choices)
        self.running = RunStep("Bringing leads in…", writes=True)
        self.result_step = ResultStep(shell.theme)
        self.resume = ResumeStep()
        self.batch = BringIn(shell, self.running, self)
        self.stack = QStackedWidget()
        for step in self._steps():
            self.stack.addWidget(step)
        self.back = PlainButton("Back", "Alt ←")
        self.skip = PlainButton("Leave this file out")
        self.leave = PlainButton("Cancel", "Esc")
        self.go = PrimaryButton("Next", shell.actions.keys("take_from_note"))
        self._lay_out()
        self.go.clicked.connect(self.on_requested)
        self.back.clicked.connect(self.back_requested)
        # Esc goes on while it asks: one button says so.
        self.running.asking_changed.connect(lambda asking: self.leave.setHidden(asking or self.step == RESULT))
        # Tables and lists take arrows and Enter for themselves: these come before them.
        for keys, run in (("Ctrl+Return", self._ask_on), ("Ctrl+Enter", self._ask_on), ("Alt+Left", self._ask_back)):
            QShortcut(QKeySequence(keys), self, run)

    def _steps(self) -> tuple[QWidget, ...]:
        """In the order of their numbers."""
        before, after = (
            (self.file, self.columns, self.looking, self.words),
            (self.running, self.result_step, self.resume),
        )
        return (*before, self.what_if, *after)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(8)
        for widget in (self.heading, self.where):
            box.addWidget(widget)
        box.addWidget(self.stack, 1)
        box.addWidget(self.wrong)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.back, self.skip):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go)
        for button in (self.back, self.skip, self.leave):
            button.setAutoDefault(False)
        self.go.setDefault(True)
        box.addLayout(row)

    @property
    def step(self) -> int:
        """Which step is shown."""
        return self.stack.currentIndex()

    def show_step(self, step: int, go: str = "Next", *, more: bool = False) -> None:
        """Bring a step to the front; `go` are the words of the way on, `more` says that other files wait."""
        self.stack.setCurrentIndex(step)
        at = _STEP_OF[step]
        self.where.setText("   ›   ".join(f"{'● ' if n == at else ''}{n + 1} {words}" for n, words in enumerate(STEPS)))
        self.where.setAccessibleName(f"Step {at + 1} of {len(STEPS)}: {STEPS[at]}")
        busy, chosen = step in (LOOKING, RUNNING), step in (COLUMNS, WORDS, WHAT_IF, RESUME)
        self.back.setVisible(chosen)
        self.skip.setVisible(chosen and more)
        self.leave.setVisible(step != RESULT)
        self.leave.setText("Stop" if busy else "Cancel")
        self.go.setVisible(not busy)
        self.go.setEnabled(True)
        self.name_go(go)
        self.wrong.say("")
        first = {
            FILE: self.file.path,
            COLUMNS: self.columns.table,
            LOOKING: self.leave,
            WORDS: self.words.table,
            RUNNING: self.running.aside,
        }
        first.get(step, self.go).setFocus()

    def name_go(self, words: str) -> None:
        """What the way on is called."""
        self.go.setText(words.replace("&", "&&"))
        self.go.setAccessibleName(words)

    def _ask_on(self) -> None:
        if self.go.isEnabled() and not self.go.isHidden():
            self.on_requested.emit()

    def _ask_back(self) -> None:
        if not self.back.isHidden():
            self.back_requested.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped at any time; while leads come in they wait."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what is dropped."""
        files = dropped_files(event)
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)
