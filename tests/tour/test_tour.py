"""The tour as a user takes it: a process of its own, a list, pictures, one JSON object."""

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("Ann", "Bob", "Carol", "Dave", "Eve", "Frank", "Grace", "Heidi", "Ivan", "Judy")
STEPS = (
    "import brought in", "next", "call", "wrap-up", "no answer two keys", "convert done", "refuse done", "letter sent", "letter answered",
    "defer parked",
    "return", "undo", "known while typing", "duplicates", "merge", "merge done", "merge undone", "dark",
)  # fmt: skip


def a_list(file: Path, leads: int = 40) -> Path:
    """Made-up people on numbers kept for fiction."""
    lines = ["First Name;Last Name;Company;Phone;E-mail;Favourite colour"]
    for n in range(leads):
        first, last = NAMES[n % 10], NAMES[n // 10 % 10] + "son"
        lines.append(f"{first};{last};Firm {n};212-555-01{n:02};p{n}@firm{n}.example;blue {n}")
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_the_day_is_played_to_its_end_with_a_picture_of_each_screen(tmp_path: Path) -> None:
    file, out = a_list(tmp_path / "список leads.csv"), tmp_path / "pictures"
    command = [sys.executable, "-m", "leaddesk", "tour", "--out", str(out), "--file", str(file), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told.get("trouble")) == (0, True, None), done.stderr
    assert json.loads((out / "tour.json").read_text(encoding="utf-8")) == told
    names = [step["name"].replace(",", "") for step in told["steps"]]
    assert [name for name in STEPS if name not in names] == []
    assert all(step["ms"] >= 0 for step in told["steps"])
    pictures = [QImage(str(out / step["picture"])) for step in told["steps"] if step["picture"]]
    assert len(pictures) > 20
    assert all((one.width(), one.height()) == (1440, 900) for one in pictures)
    # A picture of nothing would be of one colour.
    grid = [(x, y) for x in range(0, 1440, 17) for y in range(0, 900, 11)]
    assert all(len({one.pixel(x, y) for x, y in grid}) > 10 for one in pictures)
