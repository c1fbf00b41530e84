"""A large demo made once and copied for each run: `crowd(leads, calls)` gives the file, `copy_of` one to write in."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from leaddesk.bootstrap import open_desk
from leaddesk.db.version import SCHEMA_VERSION
from leaddesk.demo import fill

KEPT = Path(os.environ.get("LEADDESK_CROWDS") or Path(tempfile.gettempdir()) / "leaddesk-crowds")
"""Where made databases are kept; a million leads take 5 GB."""


def crowd(leads: int = 1_000_000, calls: int = 10_000_000, seed: int = 1, kept: Path = KEPT) -> Path:
    """The database with so many leads, made if there is none of this schema yet. To be read only."""
    path = kept / f"crowd-{leads}-{calls}-{seed}-v{SCHEMA_VERSION}.db"
    if not path.exists():
        kept.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        desk = open_desk(part)
        fill(desk, leads=leads, calls=calls, seed=seed)
        desk.store.close()
        part.replace(path)
    return path


def copy_of(path: Path, to: Path) -> Path:
    """A copy to write in. Nobody has the original open, so the file is all there is."""
    shutil.copyfile(path, to)
    return to


def main() -> None:
    """Make one and say what it took."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--leads", type=int, default=1_000_000)
    asked.add_argument("--calls", type=int, default=10_000_000)
    asked.add_argument("--at", type=Path, default=KEPT)
    given = asked.parse_args()
    begun = time.perf_counter()
    path = crowd(given.leads, given.calls, kept=given.at)
    here, there = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    figures = {
        "file": str(path),
        "bytes": path.stat().st_size,
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_s_writer": round(here.ru_utime + here.ru_stime, 1),
        "cpu_s_makers": round(there.ru_utime + there.ru_stime, 1),
        "mib_writer": here.ru_maxrss // 1024,
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
