"""The watch is killed again and again, wherever it is; in the end every row is in once."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = 6_000
KILLS = 10


def program(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "leaddesk", "--db", str(folder / "leads.db"), "--json", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment, cwd=ROOT
    )


def told(folder: Path, *arguments: str) -> dict[str, Any]:
    out, error = program(folder, *arguments).communicate(timeout=300)
    assert out, error
    answer: dict[str, Any] = json.loads(out)
    return answer


@pytest.mark.soak
def test_a_watch_killed_at_any_point_brings_every_row_in_once(tmp_path: Path) -> None:
    dice, drop = random.Random(5), tmp_path / "drop"
    drop.mkdir()
    rows = "".join(f"Person {n},+38057{7_000_000 + n},p{n}@x{n}.example\n" for n in range(ROWS))
    (drop / "web.csv").write_text(f"Name,Phone,Email\n{rows}", encoding="utf-8", newline="\n")
    told(tmp_path, "check")
    for _ in range(KILLS):
        watch = program(tmp_path, "import", "--watch", str(drop), "--once")
        try:
            watch.communicate(timeout=dice.uniform(2.0, 4.5))
        except subprocess.TimeoutExpired:
            watch.kill()
            watch.communicate()
    told(tmp_path, "import", "--watch", str(drop), "--once")
    assert sorted(path.name for path in drop.iterdir() if path.is_file() and not path.name.startswith(".")) == []
    report = json.loads((drop / "done" / "web.csv.report.json").read_text(encoding="utf-8"))
    assert report["counts"]["created"] == ROWS
    assert told(tmp_path, "lead", "list", "--limit", "1")["total"] == ROWS
    assert told(tmp_path, "check")["ok"] is True
