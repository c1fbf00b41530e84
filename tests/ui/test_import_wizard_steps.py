"""The wizard's words, policies, stopping and going on, as a person meets them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from leaddesk.exchange.importing import open_leads
from leaddesk.ui.dialogs.import_wizard_frame import COLUMNS, LOOKING, RESULT, RESUME, RUNNING, WHAT_IF, WORDS
from leaddesk.ui.dialogs.import_wizard_models import PlanModel, sure_words
from leaddesk.ui.dialogs.import_wizard_preview import Told
from leaddesk.ui.dialogs.import_wizard_running import Speed, left_words
from leaddesk.ui.dialogs.import_wizard_words import WordsModel
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.intake import Counts, OnDuplicate, Options, run_import
from leaddesk.workflow.intake_profiles import Profiles
from leaddesk.workflow.intake_report import summary
from leaddesk.workflow.leads import AddNote
from leaddesk.workflow.vocabulary import Status
from tests.ui.import_scene import Key, Scene, wizard_scene, written
from tests.ui.watchdog import Watchdog

POPUPS = pytest.mark.qt_log_ignore("propagateSizeHints|does not support (raise|grabbing)", extend=True)
"""The offscreen platform grumbles at lists that open."""
STATUSES = """Name,Phone,Lead Status
A,+380577054101,New
B,+380577054102,Zombified
C,+380577054103,Zombified
"""


@pytest.fixture
def scene(qtbot: QtBot, shell: Shell, desk_here: Desk) -> Iterator[Scene]:
    with wizard_scene(qtbot, shell, desk_here) as made:
        yield made


def long_list(path: Path, rows: int = 1_300) -> Path:
    lines = (f"Person {n},+38057{7_000_000 + n}" for n in range(rows))
    return written(path, "\n".join(["Name,Phone", *lines]))


def start_long(scene: Scene, path: Path) -> None:
    """Up to where some rows are in."""
    scene.open(path)
    scene.on()
    assert scene.step == WHAT_IF
    scene.wizard.go_on()
    bar = scene.wizard.running.bar
    scene.qtbot.waitUntil(lambda: bar.value() > 0, timeout=20_000)


@POPUPS
def test_words_of_another_program_are_mapped_by_key_and_remembered(scene: Scene, tmp_path: Path) -> None:
    path = written(tmp_path / "crm.csv", STATUSES)
    scene.open(path)
    scene.on()
    assert scene.step == WORDS
    words = scene.wizard.words
    QAbstractItemModelTester(words.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert [(one.word, one.use.rows) for one in words.model.words] == [("Zombified", 2), ("New", 1)], "unknown first"
    assert words.heading.text() == "One word is not known here"
    assert words.model.index(0, WordsModel.MARK).data() == "? not known"
    scene.choose(words.table, 0, WordsModel.OURS, "disqualified")
    assert words.heading.text() == "All words are known here"
    scene.on()
    assert scene.step == WHAT_IF
    scene.on()
    assert [row.status for row in scene.leads()] == [Status.NEW, Status.DISQUALIFIED, Status.DISQUALIFIED]
    scene.on()
    with wizard_scene(scene.qtbot, scene.shell, scene.desk) as later:
        later.open(written(tmp_path / "next.csv", STATUSES.replace("+3805770541", "+3805770542")))
        assert "as you said" in later.wizard.columns.said.text()
        later.on()
        assert later.wizard.words.model.index(0, WordsModel.MARK).data() == "✓ as you say"
        assert later.wizard.words.heading.text() == "All words are known here"


@POPUPS
def test_a_column_put_right_is_put_right_the_next_time(scene: Scene, tmp_path: Path) -> None:
    path = written(tmp_path / "one.csv", "Name,Phone,Zzz\nA,+380577054101,Acme\n")
    scene.open(path)
    scene.choose(scene.wizard.columns.table, 2, PlanModel.FIELD, "company")
    assert scene.mapping()["Zzz"] == "company"
    for _ in range(2):
        scene.on()
    assert scene.step == RESULT
    scene.on()
    with wizard_scene(scene.qtbot, scene.shell, scene.desk) as later:
        later.open(written(tmp_path / "two.csv", "Name,Phone,Zzz\nB,+380577054102,Bcme\n"))
        assert later.mapping()["Zzz"] == "company"
        plan = later.wizard.columns.plan
        assert plan.index(2, PlanModel.SURE).data() == "✓ as you said last time"


def test_a_policy_is_looked_into_at_once_and_says_whom_it_concerns(scene: Scene, tmp_path: Path) -> None:
    run_import(scene.desk, open_leads(written(tmp_path / "a.csv", "Name,Phone\nOlena,+380577054101\n")))
    path = written(tmp_path / "b.csv", "Name,Phone,City\nOlena H,+380577054101,Lviv\nTaras,+380577054102,Kyiv\n")
    scene.open(path)
    scene.on()
    what_if = scene.wizard.what_if
    assert what_if.policy[OnDuplicate.AGAIN].isChecked()
    assert "1 known already: 1 on a lead’s card" in what_if.report.reasons.text()
    assert scene.wizard.go.text() == "Bring in 2"
    what_if.policy[OnDuplicate.SKIP].setFocus()
    scene.key(Key.Key_Space)
    assert scene.step == WHAT_IF
    assert scene.wizard.go.text() == "Bring in 1"
    assert what_if.policy[OnDuplicate.SKIP].hasFocus(), "the keys stay where they are"
    what_if.report.kind.setCurrentIndex(what_if.report.kind.findText("known already (1)"))
    assert what_if.report.model.rowCount() == 1
    assert "Olena" in what_if.report.told.text()


def test_source_owner_and_requests_are_taken(scene: Scene, tmp_path: Path) -> None:
    scene.open(written(tmp_path / "a.csv", "Name,Phone\nOlena,+380577054101\n"))
    scene.on()
    what_if = scene.wizard.what_if
    what_if.source.setCurrentText("Fair")
    what_if.owner.setCurrentIndex(what_if.owner.findData("boss"))
    what_if.owner.activated.emit(what_if.owner.currentIndex())
    what_if.requests.setFocus()
    scene.key(Key.Key_Space)
    assert scene.wizard.choices.options().requests
    scene.on()
    row = scene.leads()[0]
    assert (row.source, row.owner) == ("Fair", "Olena Boss")


def test_stopping_asks_and_takes_back_what_came_in(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    start_long(scene, long_list(tmp_path / "long.csv"))
    running = scene.wizard.running
    qtbot.keyClick(scene.wizard, Key.Key_Escape)
    assert running.is_asking()
    assert "rows are in" in running.question.text()
    assert scene.wizard.isVisible()
    running.undo.setFocus()
    scene.key(Key.Key_Space)
    assert scene.step == WHAT_IF
    assert scene.wizard.wrong.text().startswith("Stopped and taken back.")
    assert scene.leads() == []


def test_stopping_keeps_what_came_in_and_goes_on_later(scene: Scene, tmp_path: Path) -> None:
    path = long_list(tmp_path / "long.csv")
    start_long(scene, path)
    scene.wizard.reject()
    scene.wizard.running.keep.click()
    scene.settle()
    assert scene.step == RESULT
    assert "was stopped" in scene.wizard.result_step.heading.text()
    there = len(scene.leads())
    assert 0 < there < 1_300
    scene.on()
    with wizard_scene(scene.qtbot, scene.shell, scene.desk) as later:
        later.wizard.file.path.setText(str(path))
        later.on()
        assert later.step == RESUME
        assert f"{there:,} of about 1,300 rows are in" in later.wizard.resume.heading.text()
        assert later.wizard.go.text() == "Go on where it stopped"
        later.on()
        assert later.step == RESULT
        assert f"{there:,} rows had come in before" in later.wizard.result_step.said.text()
        assert len(later.leads()) == 1_300


def test_what_was_cut_short_can_be_begun_anew(scene: Scene, tmp_path: Path) -> None:
    path = long_list(tmp_path / "long.csv", 450)
    run_import(scene.desk, open_leads(path), Options(), cancelled=lambda: True)
    assert scene.leads()
    scene.wizard.file.path.setText(str(path))
    scene.on()
    assert scene.step == RESUME
    scene.wizard.resume.anew.setFocus()
    scene.key(Key.Key_Space)
    assert scene.step == COLUMNS
    assert scene.leads() == []


def test_going_on_after_all_loses_nothing(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    start_long(scene, long_list(tmp_path / "long.csv"))
    qtbot.keyClick(scene.wizard, Key.Key_Escape)
    assert scene.wizard.running.on.hasFocus()
    qtbot.keyClick(scene.wizard.running.on, Key.Key_Escape)
    assert not scene.wizard.running.is_asking()
    scene.settle()
    assert scene.step == RESULT
    assert len(scene.leads()) == 1_300


def test_an_import_put_aside_is_told_of_with_undo(scene: Scene, tmp_path: Path) -> None:
    start_long(scene, long_list(tmp_path / "long.csv"))
    scene.wizard.running.aside.click()
    assert scene.wizard.isHidden()
    scene.settle()
    toast = scene.shell.messages.said[-1]
    assert toast.words == "long.csv: 1,300 new"
    assert toast.operation
    assert toast.action is not None
    toast.action[1]()
    assert scene.wizard.isVisible()
    assert scene.step == RESULT


def test_looking_is_stopped_at_once(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    scene.open(long_list(tmp_path / "long.csv", 4_000))
    scene.wizard.go_on()
    assert scene.step == LOOKING
    qtbot.keyClick(scene.wizard, Key.Key_Escape)
    scene.settle()
    assert scene.step == COLUMNS
    assert scene.wizard.isVisible()


def test_files_come_one_after_another_once_seen(scene: Scene, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{n}.csv", f"Name,Phone\nPerson {n},+38057705410{n}\n") for n in (1, 2, 3)]
    scene.wizard.take_files(files)
    scene.settle()
    assert "3 files, brought in one after another:\n1. 1.csv" in scene.wizard.file.waiting.text()
    assert scene.wizard.go.text() == "Begin with 1.csv"
    for _ in range(3):
        scene.on()
    assert scene.step == RESULT
    assert scene.wizard.go.text() == "Next: 2.csv"
    scene.on()
    assert scene.step == COLUMNS
    scene.wizard.skip.click()
    scene.settle()
    assert scene.wizard.file.path.text().endswith("3.csv")
    for _ in range(2):
        scene.on()
    assert [row.name for row in scene.leads()] == ["Person 1", "Person 3"]


def test_files_left_are_named(scene: Scene, tmp_path: Path) -> None:
    scene.wizard.take_files([written(tmp_path / f"{n}.csv", "Name,Phone\nA,+380577054101\n") for n in (1, 2)])
    scene.on()
    scene.key(Key.Key_Escape)
    assert scene.shell.messages.said[-1].words == "2.csv was not brought in"


def test_the_window_answers_while_a_list_comes_in(scene: Scene, tmp_path: Path, watchdog: Watchdog) -> None:
    start_long(scene, long_list(tmp_path / "long.csv"))
    scene.settle()
    assert scene.step == RESULT
    assert watchdog.stop() < 200


def test_pasted_rows_can_be_stopped_and_gone_on_with(scene: Scene) -> None:
    rows = "".join(f"Person {n}\t+38057{7_000_000 + n}\n" for n in range(900))
    QGuiApplication.clipboard().setText(f"Name\tPhone\n{rows}")
    scene.wizard.file.paste.click()
    scene.settle()
    assert scene.step == COLUMNS
    scene.on()
    scene.wizard.go_on()
    scene.qtbot.waitUntil(lambda: scene.wizard.running.bar.value() > 0, timeout=20_000)
    assert scene.step == RUNNING
    scene.wizard.reject()
    scene.wizard.running.keep.click()
    scene.settle()
    assert scene.step == RESULT


def test_speed_is_that_of_the_last_seconds() -> None:
    now = 100.0
    speed = Speed(lambda: now)
    speed.begin()
    assert speed.words(0, 50_000) == "0 of about 50,000 rows"
    for second in range(1, 20):
        now = 100.0 + second
        speed.add(second * 100 if second < 10 else 1_000 + (second - 10) * 2_000)
    assert round(speed.per_second()) == 2_000
    assert speed.words(19_000, 50_000) == "19,000 of about 50,000 rows · 2,000 rows/s · about 16 s left"
    assert [left_words(s) for s in (0.2, 89, 600, 7_200)] == ["1 s", "89 s", "10 min", "2 h"]


def test_how_sure_a_column_is_has_a_shape_and_a_word() -> None:
    said = [sure_words(Told("phone", sure, "its cells are numbers")) for sure in (1.0, 0.8, 0.4)]
    assert [words[0] for words in said] == ["●", "◐", "?"]
    assert [words.split()[1].rstrip(",") for words in said] == ["sure", "likely", "unsure"]
    assert sure_words(Told("phone", 1.0, "header “Tel”")) == "● sure, by its name"
    assert sure_words(Told(None, 0.5, "40 of 90 values may be", "phone")) == "? may be: phone"
    assert sure_words(Told(None, 1.0, "left as an extra field")) == ""


def test_a_sentence_of_counts() -> None:
    counts = Counts(rows=20, created=12, updated=3, came_again=3)
    assert summary("web-form.csv", counts) == "web-form.csv: 12 new, 3 came again"
    assert summary("x.csv", Counts(rows=1, skipped=1)) == "x.csv: nothing new"


def test_undo_says_which_cards_it_spares(scene: Scene, tmp_path: Path) -> None:
    scene.open(written(tmp_path / "a.csv", "Name,Phone\nOlena,+380577054101\nTaras,+380577054102\n"))
    for _ in range(2):
        scene.on()
    olena = scene.leads()[0]
    scene.desk.do(AddNote("called", olena.id))
    scene.wizard.result_step.undo.click()
    scene.settle()
    assert [row.name for row in scene.leads()] == ["Olena"]
    assert f"Worked on since, and left as they are: Olena (lead {olena.id})" in scene.wizard.result_step.said.text()


def test_how_a_list_came_in_is_kept_as_a_profile(scene: Scene, tmp_path: Path) -> None:
    scene.open(written(tmp_path / "a.csv", "Name,Phone\nOlena,+380577054101\n"))
    scene.on()
    scene.wizard.what_if.requests.click()
    scene.settle()
    scene.on()
    result = scene.wizard.result_step
    result.keep.click()
    assert "Give the profile a name" in scene.wizard.wrong.text()
    result.profile.setText("Web form")
    result.keep.click()
    scene.settle()
    (profile,) = scene.desk.read(Profiles())
    assert (profile.name, profile.columns) == ("Web form", {"Name": "name", "Phone": "phone"})
    assert profile.options["requests"] is True
    assert "“Web form”" in result.said.text()
