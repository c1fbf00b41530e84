"""What can be done with what came of a list: the rows left out as a file, the way to it, a profile for such lists."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal

from leaddesk.ui.cards.outside import open_link
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leaddesk.ui.dialogs.import_wizard_preview import ImportDoor
    from leaddesk.ui.dialogs.import_wizard_report import ReportView
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk, Done
    from leaddesk.workflow.intake import ImportResult, Options, RejectedRow
    from leaddesk.workflow.intake_entities import ImportProfile


class Afterwards(QObject):
    """Nothing of it changes a lead."""

    failed = Signal(object)
    """The exception."""

    def __init__(self, shell: Shell, door: ImportDoor, parent: QObject) -> None:
        """`door` writes files."""
        super().__init__(parent)
        self._shell, self._door = shell, door
        self._saved_in = Path()

    def save_rejects(
        self, report: ReportView, path: Path, columns: Sequence[str], rejects: Sequence[RejectedRow]
    ) -> None:
        """Write the rows left out beside the file at `path`, and say in the report where they are."""
        door = self._door

        def work(_desk: Desk, _progress: Callable[[int, int], None]) -> tuple[int, Path]:
            place = door.rejects_path(path)
            return door.write_rejects(place, columns, rejects), place

        def then(saved: tuple[int, Path]) -> None:
            self._saved_in = saved[1].parent
            report.show_saved(*saved)

        self._shell.lanes.run(self, work, then, failed=self.failed.emit)

    def open_folder(self) -> None:
        """Where they were saved."""
        if not open_link(self._shell, QUrl.fromLocalFile(str(self._saved_in)).toString()):
            self.failed.emit(Refused(f"The folder does not open by itself. It is {self._saved_in}."))

    def keep_profile(self, name: str, result: ImportResult, options: Options, say: Callable[[str], object]) -> None:
        """Keep how a list came in; the watched folder and the command line know it by its name."""
        from leaddesk.workflow.intake_profiles import RememberFile
        from leaddesk.workflow.intake_resume import kept_options

        if not name:
            self.failed.emit(Refused("Give the profile a name, such as “Web form”.", field="name"))
            return
        columns = {header: field or "" for header, field in result.columns.items()}
        command = RememberFile(columns, options.words, kept_options(options), name)

        def then(done: Done[ImportProfile]) -> None:
            say(done.words)

        self._shell.lanes.do(self, command, then, failed=self.failed.emit, quiet=True)
