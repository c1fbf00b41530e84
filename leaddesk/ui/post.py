"""The window's own postman: letters leave and answers come in while people work, in a lane of its own.

Nothing here touches the lanes calls are written in: a mail server that takes its time holds up nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from leaddesk.ui.lane import Lane, Task
from leaddesk.workflow.errors import Refused, Unavailable

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.mail import Outgoing, SendResult
    from leaddesk.workflow.sending import Round

T = TypeVar("T")
LOOK_MS = 15_000
"""So often it is looked what is due, whatever else happens: another process may have queued a letter."""
SECOND_MS = 1_000
SETTLE = timedelta(minutes=3)
"""So often the outbox is taken though nothing is due: what another sender left behind is settled then."""
PATIENCE_S = 20.0
"""How long the end of the program waits for the letter in hand."""
LAST_S = 5.0
"""… and, once it has hung up, for what came of it to be written down."""


class PostDoor(Protocol):
    """The world of mail, as far as the window needs it; see `exchange/post_office.py`."""

    def send(self, desk: Desk, stopped: Callable[[], bool]) -> Round:
        """Send all that is due."""
        ...

    def hang_up(self) -> None:
        """Wait no longer for a mail server."""
        ...

    def collect(self, desk: Desk, stopped: Callable[[], bool]) -> int:
        """Read the mailbox as far as it is new; gives how many answers there were. Raises `Unavailable`."""
        ...

    def check_smtp(self, desk: Desk) -> SendResult:
        """Whether the mail server takes us."""
        ...

    def check_imap(self, desk: Desk) -> str:
        """Words that the mailbox can be read. Raises `Unavailable`."""
        ...

    def send_test(self, desk: Desk, letter: Outgoing) -> SendResult:
        """Send a letter to oneself. Raises `Refused`."""
        ...

    def has_password(self, desk: Desk, kind: str) -> bool:
        """Whether this machine knows the password of "smtp" or "imap"."""
        ...

    def keep_password(self, desk: Desk, kind: str, password: str) -> None:
        """Keep a password in the keyring, "" forgets it. Raises `Refused`, `Unavailable`."""
        ...

    def save(self, desk: Desk, letter_id: int, file: Path) -> None:
        """Write a letter as .eml. Raises `Refused`, `OSError`."""
        ...

    def mailto(self, letter: Outgoing) -> tuple[str, bool]:
        """The link for the mail program, and whether all of the letter is in it."""
        ...


@dataclass(slots=True)
class _Came:
    """What one look came to."""

    round: Round | None = None
    next_at: datetime | None = None
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Whose answers have come: lead and words, such as “Olena answered the farewell letter”."""
    collected: int = 0
    came_back: int = 0
    trouble: str = ""


class Post(QObject):
    """Sends what is due and collects what came. `trouble` carries what hinders on this machine, "" once nothing does.

    Does nothing without `shell.post`. What it writes is noticed like what others write.
    """

    sent = Signal(object)
    collected = Signal(int)
    trouble = Signal(str)

    def __init__(self, shell: Shell, parent: QObject | None = None, *, patience_s: float = PATIENCE_S) -> None:
        """Goes from the shell's opening to its closing."""
        super().__init__(parent)
        self._shell = shell
        self.patience_s = patience_s
        self._lane, self._errands = Lane("post", self), Lane("post errands", self)
        self._stopping = threading.Event()
        self._looking = self._again = self._ended = False
        self._out = 0
        self._next_at: datetime | None = None
        self._settle_at: datetime | None = None
        self._collect_at: datetime | None = None
        self._bug = ""
        self.why = ""
        self._heart = QTimer(self, interval=LOOK_MS)
        self._second = QTimer(self, interval=SECOND_MS)
        for lane in (self._lane, self._errands):
            lane.landed.connect(self._landed, Qt.ConnectionType.QueuedConnection)
        self._heart.timeout.connect(self.look)
        self._second.timeout.connect(self._tick)
        shell.bridge.changed.connect(self._changed)
        shell.opened.connect(self.start)
        shell.closing.connect(self.stop)

    # Its life

    def start(self) -> None:
        """From now on, if there is a way to the world of mail."""
        if self._shell.post is not None and not self._stopping.is_set():
            self._heart.start()
            self.look()

    def stop(self) -> None:
        """No more after the letter in hand. Waits for nothing."""
        self._stopping.set()
        self._heart.stop()
        self._second.stop()

    def end(self) -> None:
        """Stop, and wait for the letter in hand; hang up on a server that keeps us waiting. Nothing outlives it."""
        self.stop()
        self._ended = True
        if not self._lane.stop(self.patience_s) and self._shell.post is not None:
            self._shell.post.hang_up()
            self._lane.stop(LAST_S)
        self._errands.stop(0)

    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._looking and not self._out

    # Looking

    def look(self) -> None:
        """See what is due; soon, if it is being seen to already."""
        door = self._shell.post
        if door is None or not self._shell.is_open or self._stopping.is_set():
            return
        if self._looking:
            self._again = True
            return
        self._looking = True
        self._lane.put(Task(lambda: self._round(door), self._came))

    def collect(self) -> None:
        """Read the mailbox now."""
        self._collect_at = None
        self.look()

    def _tick(self) -> None:
        if self._next_at is not None and self._shell.clock.now() >= self._next_at:
            self._next_at = None
            self._second.stop()
            self.look()

    def _changed(self, changes: Changes) -> None:
        if changes.settings:
            self._collect_at = None
        self.look()

    def _round(self, door: PostDoor) -> _Came:
        """In the lane's thread."""
        from leaddesk.workflow.sending import NextToSend

        came, desk = _Came(), self._shell.lanes.desk
        now = desk.clock.now()
        due = desk.read(NextToSend())
        came.next_at = due.at
        if due.letter_id or self._settle_at is None or now >= self._settle_at:
            self._settle_at = now + SETTLE
            came.round = door.send(desk, self._stopping.is_set)
            came.next_at = came.round.next_at
            if not came.round and not came.round.waiting:
                came.trouble = came.round.why
        if not self._stopping.is_set():
            self._collect(door, desk, came)
        return came

    def _collect(self, door: PostDoor, desk: Desk, came: _Came) -> None:
        from leaddesk.workflow.outbox import OutboxNow
        from leaddesk.workflow.replies import NewestReply, Replies, answered
        from leaddesk.workflow.settings import SettingsNow
        from leaddesk.workflow.vocabulary import LetterState

        settings, now = desk.read(SettingsNow()), desk.clock.now()
        if not settings.text("letters.imap_host").strip() or (self._collect_at and now < self._collect_at):
            return
        self._collect_at = now + timedelta(minutes=settings.number("letters.imap_minutes"))
        newest = desk.read(NewestReply())
        failed = desk.read(OutboxNow()).counts.get(LetterState.FAILED, 0)
        try:
            came.collected = door.collect(desk, self._stopping.is_set)
        except (Refused, Unavailable) as failure:
            came.trouble = came.trouble or failure.words
        came.came_back = max(0, desk.read(OutboxNow()).counts.get(LetterState.FAILED, 0) - failed)
        if came.collected:
            rows = desk.read(Replies(after=newest))
            came.answers = [(row.reply.lead_id, f"{row.lead} {answered(row.kind)}") for row in rows if row.kind]

    # What came of it

    def _landed(self, task: Task[object]) -> None:
        try:
            task.landed(task.result, task.error)
        except Exception as error:  # noqa: BLE001 - whoever hears of it must not stop the post
            self._shell.messages.bug(error)

    def _came(self, came: _Came | None, error: Exception | None) -> None:
        self._looking = False
        again, self._again = self._again, False
        if came is None or error is not None:
            self._failed(error)
            return
        self._next_at = came.next_at
        self._say_trouble(came.trouble)
        if came.round:
            self.sent.emit(came.round)
        if came.collected or came.came_back:
            self.collected.emit(came.collected)
        if self._stopping.is_set():
            return
        self._say(came)
        if self._next_at is not None:
            self._second.start()
        if again:
            self.look()

    def _failed(self, error: Exception | None) -> None:
        """The next look may do better. A bug is told once, not every few seconds."""
        if isinstance(error, Refused | Unavailable):
            self._say_trouble(error.words)
        elif error is not None and repr(error) != self._bug:
            self._bug = repr(error)
            self._shell.messages.bug(error)

    def _say_trouble(self, words: str) -> None:
        if words != self.why:
            self.why = words
            self.trouble.emit(words)

    def _say(self, came: _Came) -> None:
        """A toast for what somebody has to know."""
        messages, shell = self._shell.messages, self._shell
        if len(came.answers) == 1:
            lead_id, words = came.answers[0]
            messages.toast(words, action=("Open", lambda: shell.lead_requested.emit(lead_id)), kind="reminder")
        elif came.answers:
            words = f"{len(came.answers)} answers to letters have come"
            messages.toast(words, action=("Read", lambda: shell.letters_requested.emit("answers")), kind="reminder")
        done = came.round
        failed, uncertain = (done.failed, done.uncertain) if done else (0, 0)
        failed += came.came_back
        if failed:
            why = f": {done.why}" if done and done.failed == 1 and done.why and not uncertain else ""
            words = f"{_letters(failed)} failed{why}"
            messages.toast(words, action=("Look", lambda: shell.letters_requested.emit("failed")), kind="reminder")
        if uncertain:
            words = f"{_letters(uncertain)} may have arrived or not"
            messages.toast(words, action=("Look", lambda: shell.letters_requested.emit("uncertain")), kind="reminder")

    # Errands

    def run(
        self,
        owner: QObject,
        work: Callable[[PostDoor, Desk], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Something else with the world of mail or the keyring, such as a test of the connection; off the UI thread.

        Beside the letters: a server that keeps one waiting does not hold up the keyring.
        """
        door = self._shell.post
        if door is None or self._ended:
            failed(Unavailable("Mail is not possible in this installation."))
            return

        def landed(result: T | None, error: Exception | None) -> None:
            self._out -= 1
            if not isValid(owner):
                return
            if error is not None:
                failed(error)
            else:
                then(result)  # type: ignore[arg-type] # no error means there is a result, None or not

        self._out += 1
        self._errands.put(Task(lambda: work(door, self._shell.lanes.desk), landed))


def words_of(error: Exception) -> str:
    """What to tell a person; "" for a mistake of ours."""
    if isinstance(error, Refused | Unavailable):
        return error.words
    if isinstance(error, OSError):
        return f"{error.strerror or error}."
    return ""


def _letters(count: int) -> str:
    return "A letter" if count == 1 else f"{count} letters"
