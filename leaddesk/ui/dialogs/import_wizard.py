"""Bring in a list: the file, where its columns go, what would come of it, then the doing, with undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from leaddesk.ui.dialogs.import_wizard_pages import ColumnsStep, FileStep, ResultStep, RunStep
from leaddesk.ui.dialogs.import_wizard_preview import Preview, read_preview
from leaddesk.ui.file_drop import dropped_file
from leaddesk.ui.jobs import Cancelled
from leaddesk.ui.widgets import ErrorLabel, MutedLabel, PlainButton, PrimaryButton, SmallLabel, Title
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.intake import ImportResult, run_import
from leaddesk.workflow.undo import Undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.ui.dialogs.import_wizard_preview import ImportDoor
    from leaddesk.ui.jobs import Job
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.intake import LeadFile, Options

FILE, COLUMNS, LOOKING, WHAT_IF, RUNNING, RESULT = range(6)
STEPS = ("File", "Columns", "What would happen", "Bring in")
_STEP_OF = {FILE: 0, COLUMNS: 1, LOOKING: 2, WHAT_IF: 2, RUNNING: 3, RESULT: 3}
KINDS = "Lists (*.csv *.tsv *.txt *.xlsx *.xls *.ods);;All files (*)"


class ImportWizard(QDialog):
    """Ctrl+Enter goes on, Alt+Left back, Esc leaves. Files are read in a lane of their own, never in the UI thread."""

    finished_import = Signal(object)
    """The `ImportResult`, once leads have come in."""

    def __init__(self, shell: Shell, door: ImportDoor, path: Path | None = None, parent: QWidget | None = None) -> None:
        """`door` opens files; `path` is the one dropped or named already."""
        super().__init__(parent)
        self._shell, self._door = shell, door
        self._preview: Preview | None = None
        self._result: ImportResult | None = None
        self._job: Job | None = None
        self._asked = 0
        self.setWindowTitle("Import a list")
        self.setAcceptDrops(True)
        self.resize(960, 640)
        self.heading = Title("Import a list")
        self.where = SmallLabel("")
        self.wrong = ErrorLabel()
        self.saved = MutedLabel("")
        self.saved.hide()
        self.file = FileStep()
        self.columns = ColumnsStep(shell.theme, lambda: door.fields)
        self.looking = RunStep("Looking what would come of it…")
        self.what_if = ResultStep(shell.theme)
        self.running = RunStep("Bringing leads in…")
        self.result_step = ResultStep(shell.theme)
        self.stack = QStackedWidget()
        for step in (self.file, self.columns, self.looking, self.what_if, self.running, self.result_step):
            self.stack.addWidget(step)
        self.back = PlainButton("Back", "Alt ←")
        self.leave = PlainButton("Cancel", "Esc")
        self.save_rejects = PlainButton("Save the rows left out")
        self.undo = PlainButton("Undo the import")
        self.go = PrimaryButton("Next", shell.actions.keys("take_from_note"))
        self._lay_out()
        self._wire()
        self._show(FILE)
        if path is not None:
            self.open_file(path)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 16)
        box.setSpacing(10)
        for widget in (self.heading, self.where):
            box.addWidget(widget)
        box.addWidget(self.stack, 1)
        box.addWidget(self.wrong)
        box.addWidget(self.saved)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.back, self.save_rejects, self.undo):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go)
        for button in (self.back, self.save_rejects, self.undo, self.leave):
            button.setAutoDefault(False)
        self.go.setDefault(True)
        box.addLayout(row)

    def _wire(self) -> None:
        self.back.clicked.connect(self.go_back)
        self.columns.options_changed.connect(self._preview_again)
        self.file.choose.clicked.connect(self._choose)
        self.file.path.returnPressed.connect(self.go_on)
        self.go.clicked.connect(self.go_on)
        self.leave.clicked.connect(self.reject)
        self.save_rejects.clicked.connect(self._save_rejects)
        self.undo.clicked.connect(self._undo)

    # Going on and back

    def go_on(self) -> None:
        """The next step."""
        step = self.stack.currentIndex()
        if not self.go.isEnabled():
            return
        if step == FILE:
            typed = self.file.path.text().strip().strip('"')
            if typed:
                self.open_file(Path(typed).expanduser())
            else:
                self._choose()
        elif step == COLUMNS:
            self._run(LOOKING, WHAT_IF)
        elif step == WHAT_IF:
            self._run(RUNNING, RESULT)
        elif step == RESULT:
            self.accept()

    def go_back(self) -> None:
        """The step before; nothing chosen is lost."""
        step = self.stack.currentIndex()
        if step in (COLUMNS, WHAT_IF):
            self._show(FILE if step == COLUMNS else COLUMNS)

    def reject(self) -> None:
        """Esc: stop what runs, else leave. Leads that came in stay in."""
        if self._job is not None:
            self._job.cancel()
            self.leave.setEnabled(False)
            self.running.say("Stopping, and taking back what came in…")
        elif self.stack.currentIndex() == RESULT:
            self.accept()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A running import is stopped first; the window closes when it has been."""
        if self._job is not None:
            self.reject()
            event.ignore()
        else:
            super().closeEvent(event)

    def _show(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        at = _STEP_OF[step]
        self.where.setText("   ›   ".join(f"{'● ' if n == at else ''}{n + 1} {words}" for n, words in enumerate(STEPS)))
        self.where.setAccessibleName(f"Step {at + 1} of {len(STEPS)}: {STEPS[at]}")
        busy = step in (LOOKING, RUNNING)
        self.back.setVisible(step in (COLUMNS, WHAT_IF))
        self.leave.setVisible(step != RESULT)
        self.leave.setEnabled(True)
        self.leave.setText("Stop" if busy else "Cancel")
        result = self._result
        rejected = bool(result and result.rejects) and step in (WHAT_IF, RESULT)
        self.save_rejects.setVisible(rejected)
        self.undo.setVisible(step == RESULT and bool(result and result.operation))
        self.go.setVisible(not busy)
        self.go.setEnabled(True)
        self.go.setText({COLUMNS: "See what would happen", WHAT_IF: self._bring_in(), RESULT: "Done"}.get(step, "Next"))
        self.saved.hide()
        self.wrong.say("")
        first = {FILE: self.file.path, COLUMNS: self.columns.table, WHAT_IF: self.go, RESULT: self.go}.get(step)
        if first is not None:
            first.setFocus()

    def _bring_in(self) -> str:
        counts = self._result.counts if self._result else None
        if counts is None:
            return "Bring in"
        if not counts.created + counts.updated:
            return "Nothing to bring in"
        return f"Bring in {counts.created + counts.updated:,}"

    # The file and its columns

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Choose a list", self.file.path.text(), KINDS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.open_file(Path(path)))
        dialog.open()

    def open_file(self, path: Path) -> None:
        """Look into this file."""
        self._preview = None
        self.file.path.setText(str(path))
        self.file.say(f"Reading {path.name}…")
        self.columns.forget()
        self._look_in(path, None)

    def _look_in(self, path: Path, file: LeadFile | None) -> None:
        self.go.setEnabled(False)
        options, door = self.columns.options(), self._door
        self._asked += 1
        asked = self._asked

        def work(desk: Desk, _progress: Callable[[int, int], None]) -> Preview:
            return read_preview(desk, door, path, file, options)

        def failed(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error)

        def then(preview: Preview) -> None:
            if asked == self._asked:
                self._take_preview(preview)

        self._shell.lanes.run(self, work, then, failed=failed)

    def _preview_again(self) -> None:
        if self._preview is not None:
            self._look_in(self._preview.path, self._preview.file)

    def _take_preview(self, preview: Preview) -> None:
        self._preview = preview
        self.file.say("")
        self.columns.show_preview(preview)
        if self.stack.currentIndex() == FILE:
            self._show(COLUMNS)
        self.go.setEnabled(True)
        self.wrong.say("")

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.file.say("")
        self.go.setEnabled(True)
        if self.stack.currentIndex() in (LOOKING, RUNNING):
            self._show(COLUMNS if self.stack.currentIndex() == LOOKING else WHAT_IF)
        if isinstance(error, Cancelled):
            return
        if isinstance(error, Refused | Unavailable):
            self.wrong.say(error.words)
            self.columns.take_back()
        else:
            self._shell.messages.bug(error)

    # Running

    def _run(self, busy: int, then_show: int) -> None:
        """Run dry (`LOOKING`) or for good (`RUNNING`)."""
        preview = self._preview
        if preview is None:
            return
        dry = busy == LOOKING
        counts = self._result.counts if self._result else None
        if not dry and counts is not None and not counts.created + counts.updated:
            self.accept()
            return
        options = self.columns.options(dry_run=dry)
        step = self.looking if dry else self.running
        step.begin(preview.total)
        self._show(busy)

        def work(desk: Desk, progress: Callable[[int, int], None]) -> ImportResult:
            return _run_to_an_end(desk, preview.file, options, progress)

        def then(result: ImportResult) -> None:
            self._job = None
            if result.cancelled:
                self._show(COLUMNS if dry else WHAT_IF)
                self.wrong.say("Stopped; nothing was brought in.")
                return
            self._result = result
            page = self.what_if if dry else self.result_step
            page.show_result(result, preview.path.name)
            self._show(then_show)
            if not dry:
                self.finished_import.emit(result)

        self._job = self._shell.lanes.run(self, work, then, progress=step.progress, failed=self._failed)

    def _save_rejects(self) -> None:
        preview, result, door = self._preview, self._result, self._door
        if preview is None or result is None:
            return
        path = door.rejects_path(preview.path)

        def work(_desk: Desk, _progress: Callable[[int, int], None]) -> int:
            return door.write_rejects(path, preview.file.columns, result.rejects)

        def then(count: int) -> None:
            self.save_rejects.setEnabled(False)
            self.saved.setText(f"{count:,} rows saved with reasons: {path}")
            self.saved.show()

        self._shell.lanes.run(self, work, then, failed=self._failed)

    def _undo(self) -> None:
        if self._result is not None:
            self.undo.setEnabled(False)
            self._shell.lanes.do(
                self, Undo(self._result.operation), lambda _done: self.accept(), failed=self._not_undone
            )

    def _not_undone(self, refused: Refused) -> None:
        self.undo.setEnabled(True)
        self.wrong.say(refused.words)

    # Keys and dropped files

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter goes on from anywhere, Alt+Left goes back."""
        key, modifiers = event.key(), event.modifiers()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.go_on()
        elif key == Qt.Key.Key_Left and modifiers & Qt.KeyboardModifier.AltModifier:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file may be dropped."""
        if dropped_file(event) is not None and self._job is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look into the file dropped."""
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self._show(FILE)
            self.open_file(path)


def _run_to_an_end(desk: Desk, file: LeadFile, options: Options, progress: Callable[[int, int], None]) -> ImportResult:
    """Run the import so that stopping takes back what came in, instead of leaving it half done."""
    stopped = False

    def told(done: int, total: int) -> None:
        nonlocal stopped
        try:
            progress(done, total)
        except Cancelled:
            stopped = True

    return run_import(desk, file, options, told, lambda: stopped)
