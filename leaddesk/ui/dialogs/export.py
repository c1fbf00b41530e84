"""A list of cards out to a file: which of them, which columns, and the form of the file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from leaddesk.ui.cards.outside import choose_file
from leaddesk.ui.widgets import ErrorLabel, Heading, MutedLabel, PlainButton, PrimaryButton
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.export import CARD_VERSIONS, DELIMITERS, FileForm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from leaddesk.ui.jobs import Job, Progress
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.export import Kind

FORMS = {
    "xlsx": "Spreadsheet (.xlsx)",
    "csv": "Text for spreadsheets (.csv)",
    "vcf": "Address book cards (.vcf)",
    "json": "JSON (.json)",
    "jsonl": "JSON lines (.jsonl)",
}
SIGNS = {"comma": "Comma", "semicolon": "Semicolon", "tab": "Tab", "pipe": "Pipe"}
WIDTH = 460


@dataclass(frozen=True)
class ListOut:
    """What of a page may leave: its cards in their order, those chosen of them, and the columns it shows.

    `nouns` are for one and for many; `columns` are names of `export_tables`.
    """

    kind: Kind
    nouns: tuple[str, str]
    listed: Sequence[int]
    chosen: Sequence[int]
    columns: tuple[str, ...]

    def count(self, number: int) -> str:
        """“1 lead”, “1,203 leads”."""
        return f"{number:,} {self.nouns[0] if number == 1 else self.nouns[1]}"


class ExportDialog(QDialog):
    """Enter asks where to and writes; the old file stays until the new one is whole. Esc breaks off."""

    def __init__(self, shell: Shell, what: ListOut, parent: QWidget | None = None) -> None:
        """More than one card chosen means these, unless all are asked for."""
        super().__init__(parent)
        self._shell, self.what = shell, what
        self._job: Job | None = None
        self.setWindowTitle(f"Export {what.nouns[1]}")
        self.setMinimumWidth(WIDTH)
        chosen = {"chosen": f"The {what.count(len(what.chosen))} chosen"} if len(what.chosen) > 1 else {}
        self.who = _choice("Which", {**chosen, "listed": f"All {what.count(len(what.listed))} listed"})
        self.columns = _choice("Columns", {"shown": "As the table shows them", "all": "Everything that is known"})
        self.form = _choice("File", FORMS)
        self.sign = _choice("Between cells", SIGNS)
        self.mark = QCheckBox("Mark as UTF-8 (Excel needs it)")
        self.mark.setChecked(True)
        self.version = _choice("Version", {v: f"vCard {v}" for v in CARD_VERSIONS})
        self.about = MutedLabel()
        self.far = QProgressBar()
        self.far.setProperty("look", "thin")
        self.far.setTextVisible(False)
        self.far.setAccessibleName("Writing")
        self.wrong = ErrorLabel()
        self.leave = PlainButton("Leave it", "Esc")
        self.take = PrimaryButton("Export…", "Enter")
        self._lay_out()
        self.form.currentIndexChanged.connect(self._fit)
        self.columns.currentIndexChanged.connect(self._fit)
        self.take.clicked.connect(self.choose_file)
        self.leave.clicked.connect(self.reject)
        self.far.hide()
        self._fit()
        self.form.setFocus()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = (self.who, self.form, self.columns, self.sign, self.version)
        self._names: dict[QWidget, MutedLabel] = {}
        for row, box in enumerate(rows):
            self._names[box] = MutedLabel(box.accessibleName(), wrap=False)
            grid.addWidget(self._names[box], row, 0)
            grid.addWidget(box, row, 1)
        grid.addWidget(self.mark, len(rows), 1)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.leave)
        foot.addWidget(self.take)
        self.leave.setAutoDefault(False)
        self.take.setDefault(True)
        box_ = QVBoxLayout(self)
        box_.setContentsMargins(20, 16, 20, 16)
        box_.setSpacing(10)
        box_.addWidget(Heading(f"Export {self.what.nouns[1]}"))
        box_.addLayout(grid)
        for widget in (self.about, self.far, self.wrong):
            box_.addWidget(widget)
        box_.addStretch()
        box_.addLayout(foot)

    def _fit(self) -> None:
        """Only what the form of the file asks for; the others keep what was chosen."""
        form = self.form.currentData()
        for box, wanted in ((self.columns, form != "vcf"), (self.sign, form == "csv"), (self.version, form == "vcf")):
            box.setVisible(wanted)
            self._names[box].setVisible(wanted)
        self.mark.setVisible(form == "csv")
        self.about.setText(self._about(str(form)))
        self.adjustSize()

    def _about(self, form: str) -> str:
        if form == "vcf":
            return "Names, numbers, addresses, notes and tags, for telephones and mail programs."
        if self.columns.currentData() == "shown":
            return f"Columns: {', '.join(name.replace('_', ' ') for name in self.what.columns)}."
        if form in {"csv", "xlsx"}:
            return "All fields and those of the files they came by. No cell runs as a formula in a spreadsheet."
        return "All fields and those of the files they came by."

    def file_form(self) -> FileForm:
        """How the file is to be written."""
        return FileForm(DELIMITERS[self.sign.currentData()], self.mark.isChecked(), str(self.version.currentData()))

    def choose_file(self) -> None:
        """Ask where to, and write it there."""
        if self._job is not None:
            return
        if self._shell.export_cards is None:
            self.wrong.say(f"Files cannot be written here. Run: leaddesk export {self.what.kind} --out FILE")
            return
        name = f"{self.what.nouns[1].replace(' ', '-')}.{self.form.currentData()}"
        choose_file(self._shell, self, self.windowTitle(), name, self.write)

    def write(self, path: Path) -> None:
        """Write the cards asked for; others go on working meanwhile."""
        door = self._shell.export_cards
        if door is None or self._job is not None:
            return
        what, form = self.what, self.file_form()
        ids = what.chosen if self.who.currentData() == "chosen" else what.listed
        whole = path.suffix.lower() == ".vcf" or self.columns.currentData() == "all"
        columns = () if whole else what.columns

        def work(desk: Desk, progress: Progress) -> int:
            return door(desk, what.kind, ids, path, columns, form, progress)

        self.wrong.say("")
        self.take.setEnabled(False)
        self.far.setRange(0, max(1, len(ids)))
        self.far.setValue(0)
        self.far.show()
        done = partial(_say_written, self._shell, self, path)
        self._job = self._shell.lanes.run(self._shell, work, done, progress=self._show_far, failed=self._not_written)

    def _show_far(self, done: int, _total: int) -> None:
        if isValid(self):
            self.far.setValue(done)

    def written(self) -> None:
        """The file stands."""
        self._job = None
        self.accept()

    def _not_written(self, error: Exception) -> None:
        from leaddesk.ui.jobs import Cancelled

        if isinstance(error, Cancelled):
            self._shell.messages.toast("Broken off; no file was written.")
            return
        if not (isValid(self) and self.isVisible()):
            _say_wrong(self._shell, error)
            return
        self._job = None
        self.far.hide()
        self.take.setEnabled(True)
        if isinstance(error, Refused | Unavailable):
            self.wrong.say(error.words)
        else:
            self._shell.messages.bug(error)

    def reject(self) -> None:
        """Break off what is being written, and close."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter exports from anywhere."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.choose_file()
        else:
            super().keyPressEvent(event)


def _say_written(shell: Shell, dialog: ExportDialog, path: Path, count: int) -> None:
    shell.messages.toast(f"{dialog.what.count(count)} in {path.name}")
    if isValid(dialog):
        dialog.written()


def _say_wrong(shell: Shell, error: Exception) -> None:
    if isinstance(error, Refused | Unavailable):
        shell.messages.refused(error.words)
    else:
        shell.messages.bug(error)


def _choice(name: str, items: dict[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for key, words in items.items():
        box.addItem(words, key)
    return box
