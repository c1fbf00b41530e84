"""Garbage collection in the UI thread only.

Python's cyclic collector runs in whichever thread happens to make an object. In a lane's thread it would free Qt
widgets there, and Qt ends the process for that.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
M_ARENA_MAX = -8
"""glibc's number for how many heaps there may be."""
ARENAS = 2


def share_heaps() -> None:
    """Let all threads share a few heaps. glibc gives each its own, and what one freed is of no use to the others."""
    if sys.platform != "linux":
        return
    import ctypes

    # Another C library may have no such thing, nor the need.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


class Garbage(QObject):
    """Turns the automatic collector off and collects from a timer instead, as it would have: young ones often."""

    def __init__(self, parent: QObject | None = None) -> None:
        """From now on, until the program ends."""
        super().__init__(parent)
        gc.disable()
        # What start-up made stays: no collection need look through it again.
        gc.collect(0)
        gc.freeze()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation whose turn has come."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return
