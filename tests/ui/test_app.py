"""Starting: without a display in words, with one the frame first and everything heavy after it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leaddesk.ui.app import NO_DISPLAY, display_problem

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "sqlalchemy",
    "sqlcipher3",
    "phonenumbers",
    "babel",
    "qtawesome",
    "stdnum",
    "python_calamine",
    "alembic",
    "rich",
)
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a display can be missing")


def run(code: str, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, *args],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@LINUX
@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "neither DISPLAY"),
        ({"DISPLAY": ":977"}, ""),
        ({"WAYLAND_DISPLAY": "wayland-977"}, "wayland-977"),
        ({"QT_QPA_PLATFORM": "xcb"}, "neither DISPLAY"),
        ({"QT_QPA_PLATFORM": "nonsense", "DISPLAY": ":0"}, "nonsense"),
    ],
)
def test_without_a_display_it_ends_with_3_and_one_line(environment: dict[str, str], reason: str) -> None:
    code = "import sys; from leaddesk.ui.app import run; sys.exit(run(lambda: None))"
    done = run(code, **environment)
    assert done.returncode == NO_DISPLAY, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("No display here (")
    assert done.stderr.endswith("Try: leaddesk tour --out DIR\n")
    assert reason in done.stderr


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "offscreen:configfile=x", "offscreen;minimal"])
def test_platforms_that_need_no_screen_are_fine(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert display_problem() is None


START = """
import json, sys
from PySide6.QtCore import QTimer
from leaddesk.ui import app
from leaddesk.ui.main_window import MainWindow

heavy, told = sys.argv[2].split(","), {}

def loaded():
    return [name for name in heavy if name in sys.modules]

before = MainWindow.paintEvent

def painted(self, event):
    before(self, event)
    told.setdefault("at paint", loaded())

MainWindow.paintEvent = painted

def open_desk():
    import threading
    told["opened in"] = threading.current_thread().name
    told["before opening"] = "at paint" in told
    from leaddesk.bootstrap import open_desk
    return open_desk(sys.argv[1])

opened = MainWindow._opened

def then(self):
    opened(self)
    told["user"] = bool(self.shell.user.login)
    QTimer.singleShot(0, self.close)

MainWindow._opened = then
code = app.run(open_desk)
told["after"] = "sqlalchemy" in loaded()
print(json.dumps(told))
sys.exit(code)
"""


def test_the_frame_is_painted_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    done = run(START, str(tmp_path / "leads.db"), ",".join(HEAVY), QT_QPA_PLATFORM="offscreen", HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "at paint": [],
        "before opening": True,
        "opened in": "writer",
        "user": True,
        "after": True,
    }
