"""The import itself, as the wizard goes through it: running, asked whether to stop, kept or taken back, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from leaddesk.ui.dialogs.import_wizard_running import Brake, run_held
from leaddesk.workflow.undo import Undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.ui.dialogs.import_wizard_running import RunStep
    from leaddesk.ui.jobs import Job
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk, Done
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.intake import ImportResult, LeadFile, Options
    from leaddesk.workflow.undo import OperationRow


class BringIn(QObject):
    """One run of an import. While it is asked whether to stop, it waits between two chunks: the figures stand still."""

    ended = Signal(object)
    """The `ImportResult`: all of it, or what came in till it was stopped and is kept."""
    taken_back = Signal(str)
    """It was stopped and undone; words of what was spared."""
    failed = Signal(object)
    """The exception."""

    def __init__(self, shell: Shell, step: RunStep, parent: QObject) -> None:
        """`step` shows how far it is, and asks."""
        super().__init__(parent)
        self._shell, self._step = shell, step
        self._job: Job | None = None
        self._brake = Brake()
        self._take_back = False
        self._ending = False
        self._then: Callable[[], object] | None = None
        step.going_on.connect(self.go_on)
        step.kept.connect(lambda: self._end(take_back=False))
        step.taken_back.connect(lambda: self._end(take_back=True))

    def start(self, file: LeadFile, options: Options, total: int) -> None:
        """From the first row, or from where it was cut short."""
        self._brake, self._take_back, self._ending, self._then = Brake(), False, False, None
        self._step.begin(total)
        brake, door = self._brake, self._shell.import_door
        readers = door.readers() if door else None

        def work(desk: Desk, progress: Callable[[int, int], None]) -> ImportResult:
            return run_held(desk, file, options, progress, brake, readers)

        self._job = self._shell.lanes.run(self, work, self._came, progress=self._step.progress, failed=self._fail)

    def is_running(self) -> bool:
        """Whether rows are coming in, or being taken back."""
        return self._job is not None or self._ending

    def ask(self, then: Callable[[], object] | None = None) -> None:
        """Hold it and ask whether to stop; `then` comes once it has been stopped, whatever became of the rows."""
        if self.is_running() and not self._ending:
            self._then = then or self._then
            self._brake.hold()
            self._step.ask()

    def go_on(self) -> None:
        """It was not meant like that."""
        self._then = None
        self._step.end_question()
        self._brake.let_go()

    def undo(self, operation: int, then: Callable[[str], object], failed: Callable[[Refused], None]) -> None:
        """Take back an import that is in; `then` gets the words, which name what was spared."""

        def done(done: Done[OperationRow]) -> None:
            then(done.words)

        self._shell.lanes.do(self, Undo(operation), done, failed=failed, quiet=True)

    def _end(self, *, take_back: bool) -> None:
        self._take_back, self._ending = take_back, True
        self._step.say("Stopping, and taking back what came in…" if take_back else "Stopping…")
        self._brake.stop()

    def _came(self, result: ImportResult) -> None:
        self._job = None
        # What was answered may have come when the last row was in already: then all of it is taken back, or stays.
        if self._take_back and result.operation:
            self.undo(result.operation, self._taken_back, self._not_undone)
        elif self._take_back or (result.cancelled and not result.operation):
            self._taken_back("")
        else:
            self._settle()
            self.ended.emit(result)
            self._go_then()

    def _taken_back(self, words: str) -> None:
        self._settle()
        self.taken_back.emit(words)
        self._go_then()

    def _not_undone(self, refused: Refused) -> None:
        self._then = None
        self._fail(refused)

    def _fail(self, error: Exception) -> None:
        self._job = None
        self._settle()
        self.failed.emit(error)

    def _settle(self) -> None:
        self._ending = False
        self._step.end_question()

    def _go_then(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
