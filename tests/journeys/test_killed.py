"""The program is killed while something is half typed on My day; started again, it stands there, lead by lead."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leaddesk.bootstrap import open_desk
from leaddesk.workflow.leads import AddLead
from tests.engines import TestClock

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from datetime import UTC, datetime

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from leaddesk.bootstrap import open_desk
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.shell import Shell

database, memory, what, first, second = sys.argv[1:]


class Morning:
    def now(self):
        return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, memory)
app = QApplication([])
shell = Shell(Morning())
shell.messages.bug_posted.connect(lambda error: print("BUG", repr(error), flush=True))
window = MainWindow(shell)


def page():
    return window.pages.get("my_day")


def shown(lead):
    made = page()
    card = made.lead.card if made else None
    return shell.lanes.idle() and card is not None and card.lead.id == lead


def when(holds, then):
    then() if holds() else QTimer.singleShot(10, lambda: when(holds, then))


def write(field, text):
    field.setFocus()
    QTest.keyClicks(field, text)


def type_all():
    write(page().call.note, "Director signs on Thu")
    page().lead.tabs.setCurrentWidget(page().lead.notes)
    write(page().lead.notes.edit, "They moved, ask for the new addr")
    page().lead.facts.interest.edit()
    write(page().lead.facts.interest.editor, "40 heads")
    page().show_lead(int(second))
    when(lambda: shown(int(second)), type_more)


def type_more():
    write(page().call.note, "Ring twi")
    rested = []
    QTimer.singleShot(400, lambda: rested.append(True))
    when(lambda: rested and shell.lanes.idle(), lambda: print("TYPED", flush=True))


def tell():
    print(page().call.note.toPlainText(), page().lead.notes.edit.toPlainText(), sep="|", flush=True)


def look():
    tell()
    page().show_lead(int(second))
    when(lambda: shown(int(second)), lambda: (tell(), app.quit()))


def go():
    page().show_lead(int(first))
    when(lambda: shown(int(first)), type_all if what == "type" else look)


shell.opened.connect(lambda: when(lambda: page() is not None and shell.lanes.idle(), go))
window.show()
shell.open(lambda: open_desk(database, clock=Morning()))
app.exec()
shell.lanes.stop()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_what_was_half_typed_on_my_day_survives_a_kill(tmp_path: Path) -> None:
    database = tmp_path / "Лиды и клиенты.db"
    desk = open_desk(str(database), clock=TestClock())
    leads = [
        str(desk.do(AddLead(values={"name": name, "country": "UA"})).value.id) for name in ("Olena H.", "Taras B.")
    ]

    def start(what: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-X", "utf8", "-c", PROGRAM, str(database), str(tmp_path / "memory"), what, *leads]
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )

    with start("type") as typing:
        assert typing.stdout is not None
        said = typing.stdout.readline().strip()
        typing.send_signal(signal.SIGKILL)
    assert said == "TYPED"
    assert typing.returncode == -signal.SIGKILL
    with start("look") as looking:
        try:
            said, wrong = looking.communicate(timeout=60)
        finally:
            looking.kill()
    assert said.splitlines() == ["Director signs on Thu|They moved, ask for the new addr", "Ring twi|"], wrong
    assert looking.returncode == 0
