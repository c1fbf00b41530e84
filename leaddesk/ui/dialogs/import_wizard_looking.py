"""Looking into a file before anything is written: its first rows, then what would come of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from leaddesk.ui.dialogs.import_wizard_preview import HowToRead, Preview, read_preview
from leaddesk.ui.dialogs.import_wizard_running import Brake, run_held

if TYPE_CHECKING:
    from leaddesk.ui.dialogs.import_wizard_preview import ImportDoor
    from leaddesk.ui.dialogs.import_wizard_words import Offers
    from leaddesk.ui.jobs import Job
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import Source, User
    from leaddesk.workflow.intake import ImportResult, LeadFile, Options

T = TypeVar("T")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a dry run with these options came to, and what there is to choose from in the steps that show it."""

    options: Options
    result: ImportResult
    offers: Offers
    users: list[User]
    sources: list[Source]


def try_out(desk: Desk, file: LeadFile, options: Options, progress: Progress) -> Tried:
    """Say what would come of a file. In a lane's thread."""
    from leaddesk.workflow.intake_words import choices
    from leaddesk.workflow.sources import Sources
    from leaddesk.workflow.team import Users

    result = run_held(desk, file, options, progress, Brake())
    offers = {kind: choices(desk, kind) for kind, words in result.words.items() if words}
    return Tried(options, result, offers, desk.read(Users()), desk.read(Sources()))


class Looker(QObject):
    """Asks in the lane for long work; what was asked before is dropped once something else is asked."""

    previewed = Signal(object)
    """The `Preview`."""
    tried = Signal(object)
    """What was `Tried`, possibly cancelled."""
    failed = Signal(object)
    """The exception."""

    def __init__(self, shell: Shell, door: ImportDoor, parent: QObject) -> None:
        """`door` opens files."""
        super().__init__(parent)
        self._shell, self._door = shell, door
        self._open: Callable[[HowToRead], LeadFile] | None = None
        self._job: Job | None = None
        self._asked = 0
        self.path = Path()
        self.preview: Preview | None = None

    def begin(self, path: Path, open_it: Callable[[HowToRead], LeadFile], options: Options) -> None:
        """Another file; `path` is where it is, or would be."""
        self.path, self._open, self.preview = path, open_it, None
        self.read(HowToRead(), options)

    def read(self, how: HowToRead, options: Options) -> None:
        """Read the file, or read it otherwise."""
        open_it, path, door = self._open, self.path, self._door
        if open_it is not None:
            self._run(
                lambda desk, _progress: read_preview(desk, door, path, open_it(how), options, first_look=True),
                self._take_preview,
            )

    def look_again(self, options: Options) -> None:
        """The same rows with other columns, or another country."""
        before, path, door = self.preview, self.path, self._door
        if before is not None:
            self._run(
                lambda desk, _progress: read_preview(desk, door, path, before.file, options, first_look=False),
                self._take_preview,
            )

    def try_out(self, options: Options, progress: Progress) -> None:
        """What would come of all rows."""
        if self.preview is not None:
            file = self.preview.file
            self._run(lambda desk, told: try_out(desk, file, options, told), self.tried.emit, progress)

    def is_looking(self) -> bool:
        """Whether an answer is still to come."""
        return self._job is not None

    def cancel(self) -> None:
        """Look no further; what was tried so far is told as cancelled."""
        if self._job is not None:
            self._job.cancel()

    def forget(self) -> None:
        """Nobody wants to hear of it any more."""
        self.cancel()
        self._asked += 1
        self._job = None

    def _take_preview(self, preview: Preview) -> None:
        self.preview = preview
        self.previewed.emit(preview)

    def _run(
        self,
        work: Callable[[Desk, Progress], T],
        then: Callable[[T], object],
        progress: Progress | None = None,
    ) -> None:
        self.forget()
        asked = self._asked

        def landed(result: T) -> None:
            if asked == self._asked:
                self._job = None
                then(result)

        def failed(error: Exception) -> None:
            if asked == self._asked:
                self._job = None
                self.failed.emit(error)

        self._job = self._shell.lanes.run(self, work, landed, progress=progress, failed=failed)
