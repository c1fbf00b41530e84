"""Bring in a list: the file, its columns, its words, what would come of it, then the doing, with undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from leaddesk.ui.dialogs.import_wizard_after import Afterwards
from leaddesk.ui.dialogs.import_wizard_file import names_of
from leaddesk.ui.dialogs.import_wizard_frame import (
    COLUMNS,
    FILE,
    LOOKING,
    RESULT,
    RESUME,
    RUNNING,
    WHAT_IF,
    WORDS,
    WizardFrame,
)
from leaddesk.ui.dialogs.import_wizard_looking import Looker, Tried
from leaddesk.ui.file_drop import FOLDER, is_folder
from leaddesk.ui.jobs import Cancelled
from leaddesk.workflow.cards import Filter
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.intake_report import summary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leaddesk.ui.dialogs.import_wizard_preview import HowToRead, ImportDoor, Preview
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.intake import ImportResult, LeadFile

KINDS = "Lists (*.csv *.tsv *.txt *.xlsx *.xls *.ods *.vcf *.jsonl *.json);;All files (*)"


class ImportWizard(WizardFrame):
    """Ctrl+Enter goes on, Alt+Left back, Esc leaves. Files are read in a lane of their own, never in the UI thread."""

    finished_import = Signal(object)
    """The `ImportResult`, once leads have come in."""

    def __init__(self, shell: Shell, door: ImportDoor, path: Path | None = None, parent: QWidget | None = None) -> None:
        """`door` opens files; `path` is the one dropped or named already."""
        super().__init__(shell, lambda: door.fields, parent)
        self._shell, self._door = shell, door
        self._tried: Tried | None = None
        self._result: ImportResult | None = None
        self._waiting: list[Path] = []
        self._came_from = COLUMNS
        self.looker = Looker(shell, door, self)
        self.after = Afterwards(shell, door, self)
        self._wire()
        self._show(FILE)
        if path is not None:
            self.take_files([path])

    def _wire(self) -> None:
        """Who hears whom, sorted."""
        self.after.failed.connect(self._failed)
        self.back_requested.connect(self.go_back)
        self.batch.ended.connect(self._came_in)
        self.batch.failed.connect(self._failed)
        self.batch.taken_back.connect(self._taken_back)
        self.columns.columns_changed.connect(self._look_again)
        self.columns.form_changed.connect(self._read_otherwise)
        self.columns.region_changed.connect(self._look_again)
        self.file.choose.clicked.connect(self._choose)
        self.file.files_pasted.connect(self.take_files)
        self.file.path.returnPressed.connect(self.go_on)
        self.file.refused.connect(self.wrong.say)
        self.file.rows_pasted.connect(self.open_rows)
        self.files_dropped.connect(self.take_files)
        self.leave.clicked.connect(self.reject)
        self.looker.failed.connect(self._failed)
        self.looker.previewed.connect(self._take_preview)
        self.looker.tried.connect(self._take_tried)
        self.on_requested.connect(self.go_on)
        self.resume.anew.clicked.connect(self._begin_anew)
        self.result_step.profile_named.connect(self._keep_profile)
        self.result_step.show_leads.clicked.connect(self._show_leads)
        self.result_step.undo.clicked.connect(self._undo)
        self.running.put_aside.connect(self.hide)
        self.skip.clicked.connect(self._next_file)
        self.what_if.options_changed.connect(self._try_again)
        for report in (self.what_if.report, self.result_step.report):
            report.open_folder.clicked.connect(self.after.open_folder)
            report.save_rejects.clicked.connect(self._save_rejects)

    # Going on and back

    def go_on(self) -> None:
        """The next step."""
        if not self.go.isEnabled() or self.go.isHidden():
            return
        if self.step == FILE:
            self._open_typed()
        elif self.step == COLUMNS:
            self.columns.settle()
            self._try_out()
        elif self.step == WORDS and self._tried and self._tried.options.words == self.choices.options().words:
            self._show_what_if(self._tried)
        elif self.step == WORDS:
            self._try_out()
        elif self.step == WHAT_IF:
            self._bring_in()
        elif self.step == RESUME:
            self._start()
        elif self.step == RESULT:
            self._next_file()

    def go_back(self) -> None:
        """The step before; nothing chosen is lost."""
        if not self.back.isHidden():
            self.looker.forget()
            words = self.step == WHAT_IF and bool(self._tried and self._tried.offers)
            self._show(FILE if self.step in (COLUMNS, RESUME) else WORDS if words else COLUMNS)

    def reject(self) -> None:
        """Esc: ask whether to stop what runs, else leave. Leads that came in stay in."""
        if self.batch.is_running():
            self.batch.go_on() if self.running.is_asking() else self.batch.ask()
        elif self.step == LOOKING:
            self.looker.cancel()
        elif self.step == RESULT:
            self.accept()
        else:
            self.looker.forget()
            super().reject()

    def done(self, result: int) -> None:
        """Files that were still to come are named."""
        if self._waiting:
            words = "was" if len(self._waiting) == 1 else "were"
            self._shell.messages.toast(f"{names_of(self._waiting)} {words} not brought in")
            self._waiting = []
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A running import asks first."""
        if self.batch.is_running():
            self.batch.ask()
            event.ignore()
        else:
            super().closeEvent(event)

    def ask_to_stop(self, then: Callable[[], object]) -> None:
        """The program is to end while leads come in: the question is put, and `then` comes once they do not."""
        if not self.isVisible():
            self.show()
        self.batch.ask(then)

    def _show(self, step: int) -> None:
        self.show_step(step, self._way_on(step), more=bool(self._waiting))

    def _way_on(self, step: int) -> str:
        after = f"Next: {self._waiting[0].name}" if self._waiting else "Done"
        words = {COLUMNS: "See what would happen", RESULT: after, RESUME: "Go on where it stopped"}
        return self._to_bring_in() if step == WHAT_IF else words.get(step, "Next")

    def _to_bring_in(self) -> str:
        if self._tried is None:
            return "Bring in"
        counts = self._tried.result.counts
        rows = counts.created + counts.updated
        return f"Bring in {rows:,}" if rows else "Nothing to bring in"

    # Files, one after another

    def take_files(self, files: Sequence[Path]) -> None:
        """Look into a file; several come one after another, once the person has seen which."""
        if any(map(is_folder, files)):
            self.wrong.say(FOLDER)
        elif self.batch.is_running() or self.step == RESULT:
            self._waiting += [path for path in files if path not in self._waiting]
            self.name_go(self._way_on(self.step))
        elif len(files) == 1:
            self.open_file(files[0])
        elif files:
            self._show(FILE)
            self.file.path.setText(str(files[0]))
            self._waiting = list(files[1:])
            self.file.show_waiting(files)
            self.name_go(f"Begin with {files[0].name}")
            self.go.setFocus()

    def open_file(self, path: Path) -> None:
        """Look into this file."""
        self.file.path.setText(str(path))
        self._begin(path, lambda how: self._door.open(path, how))

    def open_rows(self, text: str) -> None:
        """Look into rows copied in a spreadsheet. What is left out of them goes among the person's documents."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.file.path.clear()
        self._begin(Path(documents) / "Pasted rows.csv", lambda how: self._door.paste(text, how))

    def _open_typed(self) -> None:
        typed = self.file.path.text().strip().strip('"')
        if typed:
            self.open_file(Path(typed).expanduser())
        else:
            self._choose()

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Choose lists", self.file.path.text(), KINDS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.take_files([Path(path) for path in paths]))
        dialog.open()

    def _next_file(self) -> None:
        if self._waiting:
            path = self._waiting.pop(0)
            self.file.show_waiting([])
            self.open_file(path)
        else:
            self.accept()

    def _begin(self, path: Path, open_it: Callable[[HowToRead], LeadFile]) -> None:
        self._tried = self._result = None
        if self.step != FILE:
            self._show(FILE)
        self.wrong.say("")
        self.file.say(f"Reading {path.name}…")
        self.go.setEnabled(False)
        self.choices.forget_file()
        self.columns.forget()
        self.looker.begin(path, open_it, self.choices.options())

    # The file and its columns

    def _look_again(self) -> None:
        self.go.setEnabled(False)
        self.looker.look_again(self.choices.options())

    def _read_otherwise(self) -> None:
        """Another delimiter makes other columns: what was said about the ones before is void."""
        self.choices.overrides = {}
        self.go.setEnabled(False)
        self.looker.read(self.columns.read.how(), self.choices.options())

    def _take_preview(self, preview: Preview) -> None:
        if preview.remembered is not None:
            self.choices.remember(preview.remembered)
        if not self.choices.region:
            # Known from the settings, or told by the numbers themselves; shown, so that it can be corrected.
            self.choices.region = preview.region
        self._tried = None
        self.file.say("")
        self.columns.show_preview(preview)
        if self.step in (FILE, RESUME):
            cut_short, zone = preview.unfinished, self._shell.zone()
            if cut_short is not None:
                self.resume.show_batch(cut_short, preview.file.name, preview.total, zone)
            self._show(COLUMNS if cut_short is None else RESUME)
        self.go.setEnabled(True)
        self.wrong.say("")

    def _failed(self, error: Exception) -> None:
        self.file.say("")
        self.what_if.end_looking()
        if self.isHidden():
            self.show()
        if self.step in (LOOKING, RUNNING):
            self._show(self._came_from)
        self.go.setEnabled(True)
        if isinstance(error, Refused | Unavailable):
            self.wrong.say(error.words)
            if self.step == COLUMNS:
                self.columns.take_back()
        elif not isinstance(error, Cancelled):
            self._shell.messages.bug(error)

    # What would happen

    def _try_out(self) -> None:
        """Run dry: in place where the figures stand already."""
        preview = self.looker.preview
        if preview is None:
            return
        self._came_from = self.step
        if self.step == WHAT_IF:
            self.looker.try_out(self.choices.options(dry_run=True), self.what_if.progress)
        else:
            self.looking.begin(preview.total)
            self._show(LOOKING)
            self.looker.try_out(self.choices.options(dry_run=True), self.looking.progress)

    def _try_again(self) -> None:
        self._tried = None
        self.go.setEnabled(False)
        self.what_if.begin_looking()
        self._try_out()

    def _take_tried(self, tried: Tried) -> None:
        if tried.result.cancelled:
            self._show(self._came_from)
            return
        self._tried = tried
        if self._came_from == COLUMNS and tried.offers:
            self.words.show_words(tried.result.words, tried.offers)
            self._show(WORDS)
        else:
            self._show_what_if(tried)

    def _show_what_if(self, tried: Tried) -> None:
        preview = self.looker.preview
        if preview is None:
            return
        self.what_if.offer(tried.users, tried.sources)
        self.what_if.show_choices(preview)
        self.what_if.show_result(tried.result, preview.file.name)
        if self.step == WHAT_IF:
            # The keys stay where they are.
            self.go.setEnabled(True)
            self.name_go(self._way_on(self.step))
            self.wrong.say("")
        else:
            self._show(WHAT_IF)

    # Bringing in

    def _bring_in(self) -> None:
        preview, tried = self.looker.preview, self._tried
        if preview is None or tried is None:
            return
        if not tried.result.counts.created + tried.result.counts.updated:
            self._next_file()
            return
        self._start()

    def _start(self) -> None:
        """A list that was cut short goes on by itself, as it was begun."""
        preview = self.looker.preview
        if preview is not None:
            self._came_from = self.step
            self._show(RUNNING)
            self.batch.start(preview.file, self.choices.options(), preview.total)

    def _begin_anew(self) -> None:
        preview = self.looker.preview
        if preview is not None and preview.unfinished is not None:
            self.go.setEnabled(False)
            self.batch.undo(preview.unfinished.operation_id, self._read_anew, self._failed)

    def _read_anew(self, words: str) -> None:
        if words:
            self._shell.messages.toast(words)
        self.looker.read(self.columns.read.how(), self.choices.options())

    def _came_in(self, result: ImportResult) -> None:
        preview = self.looker.preview
        if preview is None:
            return
        self._result = result
        self.result_step.show_result(result, preview.file.name)
        self._show(RESULT)
        if self.isHidden():
            words = summary(preview.file.name, result.counts)
            self._shell.messages.toast(words, operation=result.operation, action=("Look", self.show))
        self.finished_import.emit(result)

    def _taken_back(self, words: str) -> None:
        if self.isHidden():
            self.show()
        self._show(self._came_from)
        if self._came_from == RESUME:
            self._read_anew(words)
        self.wrong.say(f"Stopped and taken back. {words}" if words else "Stopped; nothing was brought in.")

    def _undo(self) -> None:
        if self._result is not None:
            self.result_step.undo.setEnabled(False)
            self.batch.undo(self._result.operation, self.result_step.undone, self._not_undone)
            self.go.setFocus()

    def _keep_profile(self, name: str) -> None:
        if self._result is not None:
            self.wrong.say("")
            self.after.keep_profile(name, self._result, self.choices.options(), self.result_step.say)

    def _not_undone(self, refused: Refused) -> None:
        self.result_step.undo.setEnabled(True)
        self.wrong.say(refused.words)

    def _show_leads(self) -> None:
        if self._result is not None:
            self._shell.leads_requested.emit(Filter(batch_id=self._result.batch))
            self.accept()

    def _save_rejects(self) -> None:
        preview, result = self.looker.preview, self._result or (self._tried.result if self._tried else None)
        if preview is not None and result is not None:
            report = self.result_step.report if self.step == RESULT else self.what_if.report
            self.after.save_rejects(report, preview.path, preview.file.columns, result.rejects)
