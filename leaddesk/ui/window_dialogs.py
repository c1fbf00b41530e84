"""What the window opens over itself: sheets, dialogs, and words about what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from leaddesk.ui.dialogs.import_wizard import ImportWizard
    from leaddesk.ui.shell import Shell


class WindowDialogs(QObject):
    """Opens them; what each needs is imported when it is first wanted."""

    def __init__(self, shell: Shell, window: QWidget) -> None:
        """They stand over `window`."""
        super().__init__(window)
        self._shell = shell
        self._window = window

    def add_lead(self) -> None:
        """A new lead by hand."""
        from leaddesk.ui.dialogs.add_lead import AddLeadDialog

        AddLeadDialog(self._shell, self._window).open()

    def import_files(self, files: Sequence[Path] = ()) -> None:
        """Bring leads in from files, one after another: those given, or one to be chosen.

        One import at a time: while leads come in, other files wait behind it.
        """
        from leaddesk.ui.dialogs.import_wizard import ImportWizard
        from leaddesk.workflow.intake_writing import ImportRows

        door = self._shell.import_door
        if not self._shell.is_open:
            return
        if door is None:
            self._shell.messages.refused("Files cannot be read in this installation. Run: leaddesk import FILE")
            return
        if not self._shell.user.role.covers(ImportRows.role):
            self._shell.messages.refused("It takes a team lead or an admin to bring in a list. Ask yours.")
            return
        wizard = self._running_import()
        if wizard is None:
            for put_aside in self._window.findChildren(ImportWizard):
                if put_aside.isHidden():
                    put_aside.deleteLater()
            wizard = ImportWizard(self._shell, door, parent=self._window)
            wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if wizard.isHidden():
            wizard.open()
        if files:
            wizard.take_files(files)

    def _running_import(self) -> ImportWizard | None:
        """The wizard whose leads come in at the moment, in sight or put aside."""
        from leaddesk.ui.dialogs.import_wizard import ImportWizard

        return next((made for made in self._window.findChildren(ImportWizard) if made.batch.is_running()), None)

    def show_keys(self) -> None:
        """The sheet of keys."""
        from leaddesk.ui.keys_sheet import KeysSheet

        KeysSheet(self._shell, self._window).open()

    def show_palette(self) -> None:
        """Everything that can be done, by its name."""
        from leaddesk.ui.palette import Palette

        Palette(self._shell, self._window).open()

    def show_reports(self) -> None:
        """What is counted of refusals and parked leads; one at a time."""
        from leaddesk.ui.dialogs.report import ReportDialog

        if self._shell.is_open and not any(shown.isVisible() for shown in self._window.findChildren(ReportDialog)):
            ReportDialog(self._shell, self._window).open()

    def show_unavailable(self, words: str) -> None:
        """The world is in the way; the same words are shown once at a time."""
        if not any(box.isVisible() and box.text() == words for box in self._window.findChildren(QMessageBox)):
            box = QMessageBox(QMessageBox.Icon.Warning, "Not possible now", words, parent=self._window)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.open()

    def show_bug(self, error: BaseException) -> None:
        """A fault of ours, to be copied and sent; one at a time."""
        from leaddesk.ui.bug_report import BugReport

        if not any(shown.isVisible() for shown in self._window.findChildren(BugReport)):
            BugReport(error, self._shell.log_file, self._window).open()

    def ask_to_stop(self, stop: Callable[[], object]) -> None:
        """Whether to close although long work is under way: `stop` it, or stay. An import asks by itself."""
        wizard = self._running_import()
        if wizard is not None:
            wizard.ask_to_stop(stop)
            return
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Work is still going on",
            "A long piece of work is not finished yet. What it has done so far is kept and can be undone.",
            parent=self._window,
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stopping = box.addButton("Stop it and close", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("Go on with it", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        stopping.clicked.connect(stop)
        box.open()
