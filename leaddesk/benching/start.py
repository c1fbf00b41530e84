"""The program's start, in processes of their own: until the frame is painted, and until the first leads stand in it.

Beside it starts a bare Qt window with one table. Run as a program (`python -m leaddesk.benching.start LOGIN MOMENT`, the database in LEADDESK_DB) it
is the one that is started: the real one by the same way as `leaddesk run`, or without arguments the bare one.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leaddesk.benching.budgets import Budget, Kind
    from leaddesk.benching.running import Figures, Plan

PAINTED, LEADS, MEMORY, PEAK = "painted", "leads", "memory", "peak"
MOST_STARTS = 10
JUMPS = 8
"""Places all over the list that are looked at before its memory is told."""
PATIENCE_S = 180
"""A start that takes longer has failed."""


def measure_start(
    target: str | Path, login: str, moment: datetime, plan: Plan, budgets: Mapping[Kind, Budget], window_mb: float
) -> tuple[dict[str, Figures], Figures | None]:
    """Figures of the start, and of the window's memory with the whole list open; `moment` is what its clock shows."""
    from leaddesk.benching.action import Measured
    from leaddesk.benching.budgets import Kind
    from leaddesk.benching.measuring import Side, Times
    from leaddesk.benching.running import figures_of

    paint, leads = Times(), Times()
    memory: dict[str, list[float]] = {MEMORY: [], PEAK: []}
    begun = time.perf_counter()
    for number in range(max(1, min(MOST_STARTS, plan.samples))):
        both = [[login, moment.isoformat()], []]
        for arguments in both if number % 2 else both[::-1]:
            said = started(target, *arguments)
            side = Side.OURS if arguments else Side.BARE
            for times, mark in ((paint, PAINTED), (leads, LEADS if arguments else PAINTED)):
                if mark in said:
                    times.wall[side].append(said[mark])
                    times.cpu[side].append(said[mark])
            for word in memory.keys() & said.keys():
                memory[word].append(said[word])
        if time.perf_counter() - begun > plan.patience_s:
            break
    found = {}
    for key, title, kind, times in (
        ("start_first_paint", "Start until the frame is painted", Kind.FIRST_PAINT, paint),
        ("start_first_leads", "Start until the first leads stand in it", Kind.FIRST_LEADS, leads),
    ):
        if times.wall[Side.OURS]:
            found[key] = figures_of(Measured(key, title, kind), times, budgets)
    if not memory[MEMORY]:
        return found, None
    mb, peak = (round(max(memory[word]), 1) for word in (MEMORY, PEAK))
    return found, {"mb": mb, "peak_mb": peak, "limit_mb": window_mb, "ok": mb <= window_mb}


def started(target: str | Path, *arguments: str) -> dict[str, float]:
    """Milliseconds from starting the process until each thing it says; of its memory the MiB."""
    root = Path(__file__).resolve().parents[2]
    ways = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ways, "LEADDESK_DB": str(target)}
    command = [sys.executable, "-m", "leaddesk.benching.start", *arguments]
    begun = time.perf_counter()
    said: dict[str, float] = {}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", env=environment
    ) as child:
        for line in child.stdout or ():
            word, _, value = line.strip().partition(" ")
            said[word] = float(value) if value else (time.perf_counter() - begun) * 1000
        child.wait(PATIENCE_S)
    return said


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def _bare() -> int:
    """A bare Qt window with one table of a hundred rows."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QTableWidget

    app = QApplication([])
    table = QTableWidget(100, 8)
    table.resize(1440, 900)
    table.show()
    QTimer.singleShot(0, partial(_say, PAINTED))
    QTimer.singleShot(0, app.quit)
    return app.exec()


def _real(login: str, moment: str) -> None:
    """The program as `leaddesk run` starts it, watched, on an afternoon on which somebody may be called."""
    from leaddesk import window

    window.run = partial(window.run, clock=_Ahead(datetime.fromisoformat(moment)), began=_watch)
    sys.argv[1:] = ["--as", login, "run"]
    runpy.run_module("leaddesk", run_name="__main__", alter_sys=True)


class _Ahead:
    """The machine's clock, put to another moment."""

    def __init__(self, moment: datetime) -> None:
        """It begins at `moment`."""
        from leaddesk.workflow.ports import SystemClock

        self._machine = SystemClock()
        self._ahead = moment - self._machine.now()

    def now(self) -> datetime:
        """The instant, whole milliseconds."""
        return self._machine.now() + self._ahead


def _watch(window: Any) -> None:
    """Say when it is painted and the first leads are seen; open the whole list, jump through it, tell the memory, close."""
    from PySide6.QtCore import QTimer

    timer = QTimer(window, interval=2)
    since = time.perf_counter()
    steps = iter(range(JUMPS))
    said: list[str] = []

    def tell(word: str) -> None:
        if word not in said:
            said.append(word)
            _say(word)

    def look() -> None:
        late = time.perf_counter() - since > PATIENCE_S / 3
        if window.is_furnished and not window.shell.is_open:
            # The day's backup is measured for itself.
            window.shell.keep_safe = None
        queue = window.pages.get("my_day")
        if queue is not None and queue.queue.page.rows:
            tell(LEADS)
        if late or (LEADS in said and _next_step(window, steps)):
            timer.stop()
            for word, mb in resident_mb().items() if not late else ():
                _say(f"{word} {mb:.1f}")
            window.close()

    window.painted.connect(lambda: tell(PAINTED))
    window.leads_seen.connect(lambda: tell(LEADS))
    window.painted.connect(timer.start)
    timer.timeout.connect(look)


def _next_step(window: Any, steps: Iterator[int]) -> bool:
    """Whether everything has been shown: My day, then the list, then places all over it."""
    leads = window.pages.get("leads")
    if not window.is_furnished or "my_day" not in window.pages or not window.shell.lanes.idle():
        return False
    if leads is None or window.stack.currentWidget() is not leads:
        window.show_page("leads")
        return False
    if not leads.model.rowCount():
        return False
    step = next(steps, None)
    if step is not None:
        leads.table.go_to(leads.model.rowCount() * step // JUMPS)
    return step is None


def resident_mb() -> dict[str, float]:
    """This process's resident memory now, and the most it ever was, in MiB; nothing where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return {}
    told = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8", errors="replace").splitlines())
    words = ((MEMORY, "VmRSS"), (PEAK, "VmHWM"))
    return {word: int(told[name].split()[0]) / 1024 for word, name in words if name in told}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _real(*sys.argv[1:])
    else:
        sys.exit(_bare())
