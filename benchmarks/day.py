"""Times what an operator does all day, at 2,000 and 100,000 leads, beside the bare floor."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from floor import Floor, timed

from leaddesk.bootstrap import open_desk
from leaddesk.demo import fill
from leaddesk.tour.day import weekday_afternoon
from leaddesk.tour.player import TourClock
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.cards import Filter, LeadCard, LeadIds, LeadRows, Search
from leaddesk.workflow.queue import Queue, TakeNext
from leaddesk.workflow.undo import Undo

HERE = Path(__file__).resolve().parent
WORDS = ("olena", "kovács", "szabó", "headset", "smith")


def started(*arguments: str) -> dict[str, float]:
    """Milliseconds from starting the process until each thing it says."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, str(HERE / "window.py"), *arguments]
    begun = time.perf_counter()
    said = {}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as child:
        for line in child.stdout or ():
            said[line.strip()] = (time.perf_counter() - begun) * 1000
    return said


def starts(file: Path, runs: int = 5) -> dict[str, dict[str, float]]:
    """The window's start beside a bare window's, run in turn."""
    real, bare = [], []
    for _ in range(runs):
        real.append(started(str(file)))
        bare.append(started())
    floor = statistics.median(one["painted"] for one in bare)
    rows = {}
    for what in ("painted", "usable"):
        spent = sorted(one[what] for one in real)
        rows[f"start to {what}"] = {
            "p50_ms": round(statistics.median(spent)),
            "p95_ms": round(spent[-1]),
            "floor_ms": round(floor),
            "ratio": round(statistics.median(spent) / floor, 2),
        }
    return rows


def measure(leads: int, folder: Path) -> dict[str, Any]:
    """All actions on a demo of so many leads."""
    file = folder / f"{leads}.db"
    desk = open_desk(file, clock=TourClock(weekday_afternoon()))
    begun = time.perf_counter()
    fill(desk, leads=leads, calls=leads * 3, seed=1)
    filled = time.perf_counter() - begun
    ids = list(desk.read(LeadIds()))
    open_ids = list(desk.read(LeadIds(Filter(statuses=("new", "in_progress", "qualified")))))
    pick = open_ids[:: max(1, len(open_ids) // 80)]
    floor = Floor(file)
    now = int(desk.clock.now().timestamp() * 1000)
    pages = [tuple(ids[n * 100 % len(ids) :][:100]) for n in range(-2, 60)]
    actions = {
        "open card": (lambda n: desk.read(LeadCard(pick[n])), lambda n: floor.open_card(pick[n]), 40),
        "log call": (
            lambda n: desk.do(LogCall(lead_id=pick[n], outcome="voicemail")),
            lambda n: floor.log_call(pick[n]),
            40,
        ),
        "undo": (lambda _n: desk.do(Undo()), lambda n: floor.log_call(pick[n]), 20),
        "search": (lambda n: desk.read(Search(WORDS[n % 5])), lambda n: floor.search(WORDS[n % 5]), 40),
        "next lead": (lambda _n: desk.do(TakeNext()), lambda _n: floor.queue(now), 30),
        "queue": (lambda _n: desk.read(Queue()), lambda _n: floor.queue(now), 20),
        "page of 100": (lambda n: desk.read(LeadRows(pages[n])), lambda n: floor.page(list(pages[n])), 40),
        "ids of all": (lambda _n: desk.read(LeadIds()), lambda _n: floor.all_ids(), 10),
    }
    rows: dict[str, Any] = {}
    for name, (ours, bare, runs) in actions.items():
        mine, least = timed(ours, runs), timed(bare, runs)
        rows[name] = {
            **mine,
            "floor_ms": least["p50_ms"],
            "ratio": round(mine["p50_ms"] / max(0.01, least["p50_ms"]), 1),
        }
        print(f"{leads:>8,} {name:<18}{rows[name]}", flush=True)
    for name, row in starts(file).items():
        rows[name] = row
        print(f"{leads:>8,} {name:<18}{row}", flush=True)
    desk.store.close()
    return {"filled_in_s": round(filled, 1), "actions": rows}


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, nargs="*", default=[2000, 100_000])
    parser.add_argument("--out", type=Path, default=HERE / "results" / "day.json")
    wanted = parser.parse_args()
    results: dict[str, Any] = {"python": platform.python_version(), "cores": os.cpu_count(), "leads": {}}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for leads in wanted.leads:
            results["leads"][str(leads)] = measure(leads, Path(folder))
    wanted.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
