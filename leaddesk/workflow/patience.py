"""Whether anybody still waits for an answer.

Who asks may change their mind: another column is sorted by, another letter typed. What is asked in a thread is asked
with a patience; whoever answers looks at it, and stops the database in the middle of a statement when it is lost.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class PatienceLost(Exception):
    """Nobody waits for this answer any more. Never shown."""


class Patience:
    """Lost once, from any thread, and then for good."""

    def __init__(self) -> None:
        """Somebody waits."""
        self._lost = threading.Event()
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []

    @property
    def is_lost(self) -> bool:
        """Whether nobody waits any more."""
        return self._lost.is_set()

    def lose(self) -> None:
        """Nobody waits any more: what is under way is stopped. Never waits itself."""
        self._lost.set()
        with self._lock:
            for stop in self._stops:
                stop()

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """Have `stop` called if patience is lost within the block, in the thread that loses it, and never after it."""
        with self._lock:
            self._stops.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever this thread asks within the block is asked with this patience."""
        before, _here.patience = current(), self
        try:
            yield
        finally:
            _here.patience = before


class _Here(threading.local):
    patience: Patience | None = None


_here = _Here()


def current() -> Patience | None:
    """The patience this thread asks with; None is for ever."""
    return _here.patience
