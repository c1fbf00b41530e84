"""How long the event loop stands still: a timer that measures the longest gap between its ticks."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5


class Watchdog(QObject):
    """Started by `watch`; `longest_ms` is the longest time the loop served nobody, by the wall and by our own CPU.

    `ticks` counts its turns: some after the last answer, what that changed has been laid out and painted.

    On a shared machine the wall clock counts other programs too: `longest_cpu_ms` counts only what this process
    worked (all its threads) within a gap, and is never more than the wall's gap times the threads that ran.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.longest_ms = 0.0
        self.longest_cpu_ms = 0.0
        self.ticks = 0
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.watch()

    def watch(self) -> None:
        """Begin anew."""
        self.longest_ms = self.longest_cpu_ms = 0.0
        self._wall, self._cpu = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> float:
        """The longest gap in ms of work in the UI thread itself."""
        self._tick()
        self._timer.stop()
        return self.longest_cpu_ms

    def _tick(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        self.longest_ms = max(self.longest_ms, (wall - self._wall) * 1000)
        self.longest_cpu_ms = max(self.longest_cpu_ms, (cpu - self._cpu) * 1000)
        self._wall, self._cpu = wall, cpu
        self.ticks += 1
