"""What was typed is there again, whatever ended the program."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.drafts import DraftKeeper
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.leads import SaveDraft

ROOT = Path(__file__).resolve().parents[2]


def kept(shell: Shell) -> dict[str, str]:
    return shell.lanes.desk.read(Drafts())


def test_typing_is_written_after_a_short_rest(shell: Shell, qtbot: QtBot) -> None:
    field = QPlainTextEdit()
    qtbot.addWidget(field)
    DraftKeeper(shell, "lead:1:note", field, drafts={})
    qtbot.keyClicks(field, "Price ok if")
    qtbot.waitUntil(lambda: shell.lanes.idle() and kept(shell) == {"lead:1:note": "Price ok if"})


def test_leaving_the_field_and_closing_write_at_once(shell: Shell, qtbot: QtBot) -> None:
    field, other = QLineEdit(), QLineEdit()
    for widget in (field, other):
        qtbot.addWidget(widget)
        widget.show()
    DraftKeeper(shell, "a", field, drafts={})
    DraftKeeper(shell, "b", other, drafts={})
    field.setFocus()
    qtbot.keyClicks(field, "left")
    field.hide()
    qtbot.keyClicks(other, "closed")
    shell.closing.emit()
    qtbot.waitUntil(shell.lanes.idle)
    assert kept(shell) == {"a": "left", "b": "closed"}


def test_a_draft_comes_back_and_what_was_typed_meanwhile_stays(shell: Shell, qtbot: QtBot) -> None:
    shell.lanes.do(shell, SaveDraft("lead:1:note", "Half a note"), quiet=True)
    qtbot.waitUntil(shell.lanes.idle)
    fields = [QPlainTextEdit(), QPlainTextEdit()]
    for field in fields:
        qtbot.addWidget(field)
        DraftKeeper(shell, "lead:1:note", field)
    qtbot.keyClicks(fields[1], "quick hands")
    qtbot.waitUntil(lambda: shell.lanes.idle() and fields[0].toPlainText() == "Half a note")
    assert fields[1].toPlainText() == "Half a note\nquick hands"


def test_what_this_window_wrote_does_not_come_back_twice(shell: Shell, qtbot: QtBot) -> None:
    field = QPlainTextEdit()
    qtbot.addWidget(field)
    keeper = DraftKeeper(shell, "lead:1:note", field)
    qtbot.keyClicks(field, "Direc")
    keeper.flush()
    qtbot.keyClicks(field, "tor")
    # The answer may have been read before or after the first letters were written.
    keeper._found("lead:1:note", {"lead:1:note": "Direc"})
    qtbot.waitUntil(shell.lanes.idle)
    assert field.toPlainText() == "Director"


def test_going_from_card_to_card_keeps_each_ones_words(shell: Shell, qtbot: QtBot) -> None:
    field = QPlainTextEdit()
    qtbot.addWidget(field)
    keeper = DraftKeeper(shell, "lead:1:note", field, drafts={})
    qtbot.keyClicks(field, "about one")
    keeper.go_to("lead:2:note", {})
    assert field.toPlainText() == ""
    qtbot.keyClicks(field, "about two")
    # The card of lead 1 was read before its draft was written: what this window knows is newer.
    keeper.go_to("lead:1:note", {"lead:1:note": "older"})
    assert field.toPlainText() == "about one"
    keeper.forget()
    keeper.go_to("")
    qtbot.waitUntil(shell.lanes.idle)
    assert kept(shell) == {"lead:2:note": "about two"}


TYPIST = """
import sys
from PySide6.QtCore import QTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from leaddesk.bootstrap import open_desk
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.drafts import DraftKeeper
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.shell import Shell

app = QApplication([])
shell = Shell()
window = MainWindow(shell)
field = QPlainTextEdit(window)
field.resize(300, 100)

def opened():
    keeper = DraftKeeper(shell, "lead:1:note", field)
    keeper.restored.connect(lambda text: (print("RESTORED", text, flush=True), app.quit()))
    if sys.argv[2] == "type":
        field.setFocus()
        QTest.keyClicks(field, "Director signs on Thu")
        QTimer.singleShot(400, say)

def say():
    if shell.lanes.idle():
        print("TYPED", flush=True)
    else:
        QTimer.singleShot(20, say)

shell.opened.connect(opened)
window.show()
shell.open(lambda: open_desk(sys.argv[1]))
app.exec()
shell.lanes.stop()
"""


def test_half_a_note_survives_a_killed_process(tmp_path: Path) -> None:
    database = tmp_path / "Лиды и клиенты.db"

    def start(what: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-X", "utf8", "-c", TYPIST, str(database), what]
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
        )

    with start("type") as typing:
        assert typing.stdout is not None
        assert typing.stdout.readline().strip() == "TYPED"
        typing.kill()
    with start("look") as looking:
        assert looking.stdout is not None
        assert looking.stdout.readline().strip() == "RESTORED Director signs on Thu"
        looking.wait(20)
    assert looking.returncode == 0


def test_a_form_looked_at_again_before_the_pause_is_over_is_written_all_the_same(shell: Shell, qtbot: QtBot) -> None:
    draft = FormDraft(shell, "lead:1:defer", shell)
    draft.put({"why": "on leave"})
    assert draft.get({}) == {"why": "on leave"}
    qtbot.waitUntil(shell.lanes.idle)
    assert kept(shell) == {"lead:1:defer": '{"why": "on leave"}'}


def test_what_a_dialog_was_told_is_written_when_it_is_left_at_once(shell: Shell, qtbot: QtBot) -> None:
    dialog = QDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    draft = FormDraft(shell, "lead:1:defer", dialog)
    dialog.show()
    draft.put({"why": "on leave"})
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    qtbot.waitUntil(shell.lanes.idle)
    assert kept(shell) == {"lead:1:defer": '{"why": "on leave"}'}
