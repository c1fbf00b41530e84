"""A thread that does one job after the other, and tells the UI thread what came of each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

T = TypeVar("T")


class Task(Generic[T]):
    """One piece of work and what to do with what comes of it."""

    def __init__(self, work: Callable[[], T], landed: Callable[[T | None, Exception | None], None]) -> None:
        self.work = work
        self.landed = landed
        self.result: T | None = None
        self.error: Exception | None = None
        self.wanted: Callable[[], bool] = lambda: True
        self.dropped = False
        self.writes = False

    def run(self) -> None:
        """In the lane's thread."""
        if not self.wanted():
            self.dropped = True
            return
        try:
            self.result = self.work()
        except Exception as error:  # noqa: BLE001 - carried to the UI thread, judged there
            self.error = error


class Lane(QObject):
    """A thread that does one job after the other. `landed` arrives in the UI thread."""

    landed = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        """The thread starts with the first job."""
        super().__init__(parent)
        self._name = name
        self._jobs: SimpleQueue[Task[Any] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, task: Task[Any]) -> None:
        """Add a job at the end."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        self._jobs.put(task)

    def _work(self) -> None:
        while (task := self._jobs.get()) is not None:
            task.run()
            if not isValid(self):
                # The program has ended around us; there is nobody left to tell.
                return
            self.landed.emit(task)
            del task

    def stop(self, patience_s: float) -> bool:
        """Finish what is in the lane, then end the thread. Waits for it that long; False if it is still at work then."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(timeout=patience_s)
            if self._thread.is_alive():
                return False
            self._thread = None
        return True
