"""The window's eye on the watched folder: files dropped there come in while people work, in a lane of their own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal

from leaddesk.ui.lane import Lane, Task
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.watched_folder import Brought

MOST = 2
"""Files told of one by one; more at once are told of in one sentence."""
PATIENCE_S = 10.0
"""How long the end of the program waits for the rows in hand: they are written in short turns."""


class FolderDoor(Protocol):
    """A folder of the world, as far as the window needs it; see `exchange/watched_folder.py`."""

    def look(self, desk: Desk, folder: Path, profile: str, stopped: Callable[[], bool]) -> list[Brought]:
        """Bring in what is ready. Raises `Refused` and `Unavailable`; files stay then."""
        ...

    def waiting(self) -> Sequence[str]:
        """Files seen that are not taken yet."""
        ...

    def close(self) -> None:
        """Let others watch."""
        ...


class FolderWatch(QObject):
    """Looks as often as the settings say, where somebody sits who may bring in lists. `looked` comes after each look.

    What comes in is noticed like what others write. Does nothing without `shell.folder_door`.
    """

    looked = Signal()

    def __init__(self, shell: Shell, parent: QObject | None = None) -> None:
        """Goes from the shell's opening to its closing."""
        super().__init__(parent)
        self._shell = shell
        self._lane = Lane("watched folder", self)
        self._lane.landed.connect(self._landed, Qt.ConnectionType.QueuedConnection)
        self._stopping = threading.Event()
        self._looking = self._on = False
        self._told = ""
        self._wanted: tuple[object, ...] = ()
        self.why = ""
        """What hinders, "" where nothing does."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        shell.opened.connect(self.start)
        shell.settings_changed.connect(self.start)
        shell.user_changed.connect(self.start)
        shell.closing.connect(self.stop)

    # Its life

    def is_on(self) -> bool:
        """Whether a folder is to be watched from here."""
        shell = self._shell
        wanted = shell.settings.flag("watch.on") and bool(shell.settings.text("watch.folder").strip())
        may = shell.user.role.covers(Role.TEAM_LEAD)
        return wanted and may and shell.folder_door is not None and not self._stopping.is_set()

    def start(self) -> None:
        """From now on, or no more, as the settings say."""
        settings = self._shell.settings
        wanted = (self.is_on(), *(settings.value(f"watch.{name}") for name in ("folder", "profile", "seconds")))
        if wanted == self._wanted:
            return
        self._wanted, self._told = wanted, ""
        if self.is_on():
            self._on = True
            self._timer.start(1_000 * settings.number("watch.seconds"))
            self.look()
        else:
            self._timer.stop()
            self._say_trouble("")
            self._let_go()

    def stop(self) -> None:
        """No more after the rows in hand; what is half in goes on when somebody watches again. Waits for nothing."""
        self._stopping.set()
        self._timer.stop()

    def end(self, patience_s: float = PATIENCE_S) -> None:
        """Stop, and wait for the rows in hand."""
        self.stop()
        self._let_go()
        self._lane.stop(patience_s)

    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._looking

    # Looking

    def look(self) -> None:
        """See what has been dropped, unless it is being seen to already."""
        shell = self._shell
        door = shell.folder_door
        if self._looking or door is None or not shell.is_open or not self.is_on():
            return
        folder = Path(shell.settings.text("watch.folder").strip()).expanduser()
        profile = shell.settings.text("watch.profile").strip()
        stopped = self._stopping.is_set
        self._looking = True
        self._lane.put(Task(lambda: door.look(shell.lanes.desk, folder, profile, stopped), self._came))

    def waiting(self) -> Sequence[str]:
        """Files seen at the last look that are not taken yet."""
        door = self._shell.folder_door
        return door.waiting() if door is not None else ()

    def _let_go(self) -> None:
        """In the lane, so that no look is under way."""
        door, was_on, self._on = self._shell.folder_door, self._on, False
        if door is not None and was_on:
            self._lane.put(Task(door.close, lambda _none, _error: None))

    def _landed(self, task: Task[object]) -> None:
        try:
            task.landed(task.result, task.error)
        except Exception as error:  # noqa: BLE001 - whoever hears of it must not stop the watch
            self._shell.messages.bug(error)

    def _came(self, came: list[Brought] | None, error: Exception | None) -> None:
        from leaddesk.workflow.watched_folder import HeldByAnother

        self._looking = False
        if isinstance(error, HeldByAnother):
            # A floor has several windows that may: one of them does it, the others say so to whoever asks.
            self.why = error.words
        elif isinstance(error, Refused | Unavailable):
            self._say_trouble(error.words)
        elif error is not None:
            if repr(error) != self.why:
                self.why = repr(error)
                self._shell.messages.bug(error)
        else:
            self._say_trouble("")
            self._say(came or [])
        self.looked.emit()

    def _say_trouble(self, words: str) -> None:
        """The Settings page shows it; a toast says it once to whoever is at work."""
        self.why = words
        if words and words != self._told:
            self._told = words
            action = ("Settings", lambda: self._shell.settings_requested.emit("Watched folder"))
            self._shell.messages.toast(words, action=action, kind="reminder")

    def _say(self, came: Sequence[Brought]) -> None:
        messages = self._shell.messages
        told = [brought for brought in came if brought.state == "failed" or brought.operation]
        if len(told) > MOST:
            new = sum(one.counts.created for one in told if one.counts)
            again = sum(one.counts.came_again for one in told if one.counts)
            wrong = sum(one.state == "failed" for one in told)
            failed = f"; {wrong:,} could not be brought in" if wrong else ""
            words = f"{len(told):,} files from the watched folder: {new:,} new, {again:,} came again{failed}"
            messages.toast(words, action=self._folder(), kind="reminder")
            return
        for brought in told:
            if brought.state == "failed":
                messages.toast(brought.words, action=self._folder(), kind="reminder")
            else:
                messages.toast(brought.words, operation=brought.operation)

    def _folder(self) -> tuple[str, Callable[[], object]]:
        from leaddesk.ui.cards.outside import open_link

        folder = self._shell.settings.text("watch.folder").strip()
        link = QUrl.fromLocalFile(str(Path(folder).expanduser())).toString()
        return "Open the folder", lambda: open_link(self._shell, link)
