"""The program's start, in processes of their own: until the frame is painted, and until the first leads stand in it.

Beside it starts a bare Qt window with one table. Run as a program (`python -m leaddesk.benching.start FILE LOGIN`) it
is the one that is started: the real one by the same way as `leaddesk run`, or without arguments the bare one.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.benching.budgets import Budget, Kind
    from leaddesk.benching.running import Figures, Plan

PAINTED, LEADS, MEMORY = "painted", "leads", "memory"
MOST_STARTS = 10
PATIENCE_S = 180
"""A start that takes longer has failed."""


def measure_start(
    target: str | Path, login: str, plan: Plan, budgets: Mapping[Kind, Budget], window_mb: float
) -> tuple[dict[str, Figures], Figures | None]:
    """Figures of the start, and of the window's memory with the whole list open."""
    from leaddesk.benching.action import Measured
    from leaddesk.benching.budgets import Kind
    from leaddesk.benching.measuring import Side, Times
    from leaddesk.benching.running import figures_of

    paint, leads = Times(), Times()
    memory: list[float] = []
    begun = time.perf_counter()
    for number in range(max(1, min(MOST_STARTS, plan.samples))):
        both = [[str(target), login], []]
        for arguments in both if number % 2 else both[::-1]:
            said = started(*arguments)
            side = Side.OURS if arguments else Side.BARE
            for times, mark in ((paint, PAINTED), (leads, LEADS if arguments else PAINTED)):
                if mark in said:
                    times.wall[side].append(said[mark])
                    times.cpu[side].append(said[mark])
            memory += [said[MEMORY]] if MEMORY in said else []
        if time.perf_counter() - begun > plan.patience_s:
            break
    found = {}
    for key, title, kind, times in (
        ("start_first_paint", "Start until the frame is painted", Kind.FIRST_PAINT, paint),
        ("start_first_leads", "Start until the first leads stand in it", Kind.FIRST_LEADS, leads),
    ):
        if times.wall[Side.OURS]:
            found[key] = figures_of(Measured(key, title, kind), times, budgets)
    if not memory:
        return found, None
    most = max(memory)
    return found, {"mb": round(most, 1), "limit_mb": window_mb, "ok": most <= window_mb}


def started(*arguments: str) -> dict[str, float]:
    """Milliseconds from starting the process until each thing it says; of its memory the MiB."""
    root = Path(__file__).resolve().parents[2]
    ways = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ways}
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


def _real(target: str, login: str) -> None:
    """The program as `leaddesk run` starts it, watched."""
    from leaddesk import window

    doors = window.give_doors

    def watched(shell: Any) -> None:
        doors(shell)
        shell.keep_safe = None
        opening = shell.open

        def painted(open_desk: Any) -> None:
            _say(PAINTED)
            opening(open_desk)
            _watch(shell)

        shell.open = painted

    window.give_doors = watched
    sys.argv[1:] = ["--db", target, "--as", login, "run"]
    runpy.run_module("leaddesk", run_name="__main__", alter_sys=True)


def _watch(shell: Any) -> None:
    """Say when the first leads are there; then open the whole list, say how much memory that takes, and close."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from leaddesk.ui.main_window import MainWindow

    timer = QTimer(shell, interval=2)
    state = {"leads": False, "since": time.perf_counter()}

    def look() -> None:
        window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)), None)
        if window is None:
            return
        page = window.pages.get("my_day")
        late = time.perf_counter() - state["since"] > PATIENCE_S / 3
        if not state["leads"] and page is not None and page.queue.page.rows:  # type: ignore[attr-defined]
            _say(LEADS)
            state["leads"] = True
            window.show_page("leads")
        elif late or (state["leads"] and "leads" in window.pages and shell.lanes.idle()):
            timer.stop()
            mb = resident_mb()
            if mb and not late:
                _say(f"{MEMORY} {mb:.1f}")
            window.close()

    timer.timeout.connect(look)
    timer.start()


def resident_mb() -> float | None:
    """This process's resident memory in MiB, where the system tells it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    for line in status.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return None


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _real(*sys.argv[1:])
    else:
        sys.exit(_bare())
