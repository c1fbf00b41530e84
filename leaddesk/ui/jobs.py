"""Background work: one lane writes, one reads, one reads whole lists, one does what takes long. None in the UI thread.

Each lane is a thread of its own that takes jobs in the order they came. What came of a job is carried to the UI thread
by a queued signal. What is read for somebody who has asked anew since is stopped where it is, and dropped there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from leaddesk.ui.lane import Lane, Task
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.patience import Patience, PatienceLost

if TYPE_CHECKING:
    from leaddesk.ui.bridge import Bridge
    from leaddesk.ui.messages import Messages
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Command, Desk, Done, Question

A = TypeVar("A")
T = TypeVar("T")
Progress = Callable[[int, int], None]
TOLD_S = 0.05
"""A report for every row would bury the UI thread; the eye sees no more than these."""
SLOW_MS = 100
"""An answer that takes longer says that it is coming (SCREENS, principle 5)."""


class Cancelled(Exception):
    """Raised inside long work when the person does not want it any more."""


class Job(QObject):
    """Long work under way. `progressed` carries how much of how much is done; `ended` comes once, whatever came of it."""

    progressed = Signal(int, int)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Made by `Lanes.run`."""
        super().__init__(parent)
        self._cancel = threading.Event()
        self._told = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancel.is_set()

    def cancel(self) -> None:
        """Stop at the next report of progress; `Cancelled` is raised in the work."""
        self._cancel.set()

    def report(self, done: int, total: int) -> None:
        """Called by the work, in its thread, as often as it likes. Raises `Cancelled`."""
        if self.cancelled:
            raise Cancelled
        now = monotonic()
        if now - self._told >= TOLD_S or (done == total and total > 0):
            self._told = now
            self.progressed.emit(done, total)


class Lanes(QObject):
    """The lanes of one window, and the desk they work at.

    `waiting_changed` says that an answer is taking longer than 100 ms, or that none does any more.
    """

    became_idle = Signal()
    waiting_changed = Signal(bool)

    def __init__(self, bridge: Bridge, messages: Messages, parent: QObject | None = None) -> None:
        """Without a desk: `open` gets one."""
        super().__init__(parent)
        self._bridge = bridge
        self._messages = messages
        self._writer = Lane("writer", self)
        self._reader = Lane("reader", self)
        self._lists = Lane("lists", self)
        self._long = Lane("long work", self)
        self._all = (self._writer, self._reader, self._lists, self._long)
        for lane in self._all:
            lane.landed.connect(self._landed, Qt.ConnectionType.QueuedConnection)
        self._desk: Desk | None = None
        self._opened = threading.Event()
        self._stopping = threading.Event()
        self._newest: dict[tuple[int, str], Patience] = {}
        self._under_way = 0
        self._writes = 0
        self._long_jobs: list[Job] = []
        self.own_operations: set[int] = set()
        self._waiting = False
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._slow.timeout.connect(self._say_waiting)

    @property
    def desk(self) -> Desk:
        """The desk worked at; for tests and the lanes themselves. Waits until it is open."""
        self._opened.wait()
        if self._desk is None:
            raise Unavailable("The database is not open.")
        return self._desk

    def open(
        self, open_desk: Callable[[], Desk], then: Callable[[Desk], None], failed: Callable[[Exception], None]
    ) -> None:
        """Open the database in the writer lane; all that is asked meanwhile waits for it."""

        def work() -> Desk:
            desk = open_desk()
            desk.listen(self._heard)
            self._desk = desk
            self._opened.set()
            return desk

        self._start(self._writer, self, work, then, failed)

    def ask(
        self,
        owner: QObject,
        question: Question[A],
        then: Callable[[A], None],
        *,
        key: str = "",
        failed: Callable[[Exception], None] | None = None,
        whole_list: bool = False,
    ) -> None:
        """Answer in the reader lane, or beside it if it is a `whole_list`; `then` runs in the UI thread.

        Dropped if the owner is gone, or has asked anew under the same key; without a key only if it is gone.
        """
        self.read(owner, lambda desk: desk.read(question), then, key=key, failed=failed, whole_list=whole_list)

    def read(
        self,
        owner: QObject,
        work: Callable[[Desk], A],
        then: Callable[[A], None],
        *,
        key: str = "",
        failed: Callable[[Exception], None] | None = None,
        whole_list: bool = False,
    ) -> None:
        """Like `ask`, for several questions at once or what is worked out from answers."""
        patience, slot = Patience(), (id(owner), key)
        if key:
            self.drop(owner, key)
            self._newest[slot] = patience

        def wanted() -> bool:
            return not key or self._newest.get(slot) is patience

        def settle() -> None:
            if self._newest.get(slot) is patience:
                del self._newest[slot]

        def answer() -> A:
            with patience.kept():
                return work(self.desk)

        self._start(self._lists if whole_list else self._reader, owner, answer, then, failed, wanted, settle)

    def drop(self, owner: QObject, key: str) -> None:
        """Nobody waits for the answer under this key any more: it is stopped, and will not come."""
        patience = self._newest.pop((id(owner), key), None)
        if patience is not None:
            patience.lose()

    def do(
        self,
        owner: QObject,
        command: Command[T],
        then: Callable[[Done[T]], None] | None = None,
        *,
        failed: Callable[[Refused], None] | None = None,
        quiet: bool = False,
    ) -> None:
        """Carry out a command in the writer lane, after those before it.

        The views hear of the changes first, then `then` runs, then a toast offers undo unless `quiet`. A command
        is carried out, and its changes are told, even if its owner is gone by then.
        """

        def landed(done: Done[T] | None, error: Exception | None) -> None:
            if done is None or error is not None:
                self._fail(owner, error, lambda e: failed(e) if failed and isinstance(e, Refused) else self._say(e))
                return
            self.own_operations.add(done.operation)
            self._bridge.tell(done.changes)
            if then is not None and isValid(owner):
                then(done)
            if not quiet:
                operation = done.operation if done.can_undo else 0
                self._messages.toast(done.words, operation=operation, about=done.changes)

        self._put(self._writer, Task(lambda: self.desk.do(command), landed))

    def run(
        self,
        owner: QObject,
        work: Callable[[Desk, Progress], T],
        then: Callable[[T], None],
        *,
        progress: Progress | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Long work in a lane of its own, so that calls are logged beside an import.

        `failed` also gets `Cancelled`; without it a cancelled job just ends.
        """
        job = Job(self)
        if progress is not None:
            job.progressed.connect(progress, Qt.ConnectionType.QueuedConnection)

        def landed(result: T | None, error: Exception | None) -> None:
            self._bridge.flush()
            self._long_jobs.remove(job)
            job.ended.emit()
            job.deleteLater()
            if error is not None:
                self._fail(owner, error, failed)
            elif isValid(owner):
                then(result)  # type: ignore[arg-type] # no error means there is a result, None or not

        self._long_jobs.append(job)
        self._put(self._long, Task(lambda: work(self.desk, job.report), landed))
        return job

    def warm(self, owner: QObject, work: Callable[[], A], then: Callable[[A], None]) -> None:
        """Work that needs no desk, such as importing a slow module; goes on beside the opening of the database."""
        self._start(self._long, owner, work, then, None)

    def asking(self, owner: QObject, key: str) -> bool:
        """Whether an answer under this key is still to come."""
        return (id(owner), key) in self._newest

    def writing(self) -> bool:
        """Whether a command or long work of this window is under way."""
        return self._writes > 0

    def busy_long(self) -> Job | None:
        """The long work under way, if there is any."""
        return next(iter(self._long_jobs), None)

    def hold(self) -> None:
        """Something else is under way, in the UI thread's own turns: not idle until it is let go."""
        self._under_way += 1

    def let_go(self) -> None:
        """It is over."""
        self._under_way -= 1
        if self._under_way == 0:
            self._now_idle()

    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._under_way == 0

    def stop(self, patience_s: float = 10) -> None:
        """Finish what is being written, drop what is being read. Waits, so call it when nothing is left to show."""
        self._stopping.set()
        for job in self._long_jobs:
            job.cancel()
        for patience in self._newest.values():
            patience.lose()
        self._opened.set()
        for lane in self._all:
            lane.stop(patience_s)

    def _start(
        self,
        lane: Lane,
        owner: QObject,
        work: Callable[[], A],
        then: Callable[[A], None],
        failed: Callable[[Exception], None] | None,
        wanted: Callable[[], bool] = lambda: True,
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        def landed(result: A | None, error: Exception | None) -> None:
            if not wanted():
                return
            settled()
            if error is not None:
                self._fail(owner, error, failed)
            elif isValid(owner):
                then(result)  # type: ignore[arg-type] # no error means there is a result, None or not

        task = Task(work, landed)
        reads = lane in (self._reader, self._lists)
        task.wanted = lambda: wanted() and not (reads and self._stopping.is_set())
        self._put(lane, task)

    def _put(self, lane: Lane, task: Task[Any]) -> None:
        self._under_way += 1
        task.writes = lane not in (self._reader, self._lists)
        self._writes += task.writes
        if not self._slow.isActive() and not self._waiting:
            self._slow.start()
        lane.put(task)

    def _landed(self, task: Task[Any]) -> None:
        try:
            if not task.dropped:
                task.landed(task.result, task.error)
        except Exception as error:  # noqa: BLE001 - a view's own mistake must not stop the others
            self._messages.bug(error)
        finally:
            self._under_way -= 1
            self._writes -= task.writes
            if self._under_way == 0:
                self._now_idle()

    def _now_idle(self) -> None:
        self._newest.clear()
        self._slow.stop()
        if self._waiting:
            self._waiting = False
            self.waiting_changed.emit(False)
        self.became_idle.emit()

    def _say_waiting(self) -> None:
        self._waiting = True
        self.waiting_changed.emit(True)

    def _fail(self, owner: QObject, error: Exception | None, failed: Callable[[Exception], None] | None) -> None:
        if error is None:
            return
        if failed is not None and isValid(owner):
            failed(error)
        else:
            self._say(error)

    def _say(self, error: Exception) -> None:
        """Tell the person of a failure nobody else wanted to handle."""
        if isinstance(error, Cancelled | PatienceLost):
            return
        if isinstance(error, Refused):
            self._messages.refused(error.words)
        elif isinstance(error, Unavailable):
            self._messages.unavailable(error.words)
        else:
            self._messages.bug(error)

    def _heard(self, changes: Changes) -> None:
        """A command of long work has committed; those of the writer lane are told when they land."""
        if threading.current_thread().name == "long work":
            self._bridge.tell_later(changes)
