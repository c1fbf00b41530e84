"""Lists and the whole window: files dropped on it, its closing while leads come in, the leads of one import."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from leaddesk.exchange.importing import open_leads
from leaddesk.ui.dialogs.import_wizard import ImportWizard
from leaddesk.ui.dialogs.import_wizard_frame import COLUMNS, RESULT, RUNNING
from leaddesk.ui.main_window import MainWindow
from leaddesk.window import give_doors
from leaddesk.workflow.cards import Filter, LeadIds
from leaddesk.workflow.entities import Task
from leaddesk.workflow.intake import Options, run_import
from leaddesk.workflow.vocabulary import Role
from tests.ui.import_scene import written
from tests.workflow.intake_files import stored


@pytest.fixture
def whole(window: MainWindow) -> MainWindow:
    give_doors(window.shell)
    return window


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.shell.lanes.idle, timeout=20_000)


def drop(window: MainWindow, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(QPoint(700, 400), copy, data, left, none),
        QDropEvent(QPointF(700, 400), copy, data, left, none),
    ):
        QApplication.sendEvent(window, event)
        assert event.isAccepted()


def leads(window: MainWindow) -> int:
    return len(window.shell.lanes.desk.read(LeadIds()))


def wizard_of(window: MainWindow) -> ImportWizard:
    return next(made for made in window.findChildren(ImportWizard) if made.isVisible())


def long_list(path: Path) -> Path:
    rows = (f"Person {n},+38057{7_000_000 + n}" for n in range(1_300))
    return written(path, "\n".join(["Name,Phone", *rows]))


def bring_in(wizard: ImportWizard, qtbot: QtBot, until: int) -> None:
    qtbot.waitUntil(lambda: wizard.step == COLUMNS, timeout=10_000)
    wizard.go_on()
    qtbot.waitUntil(lambda: wizard.go.text().startswith("Bring in "), timeout=10_000)
    wizard.go_on()
    qtbot.waitUntil(lambda: wizard.step == until, timeout=20_000)


def test_several_files_dropped_on_the_window_are_asked_about(whole: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{n}.csv", f"Name,Phone\nPerson {n},+38057705410{n}\n") for n in (1, 2)]
    drop(whole, files)
    wizard = wizard_of(whole)
    assert wizard.go.text() == "Begin with 1.csv"
    assert "2. 2.csv" in wizard.file.waiting.text()
    wizard.go_on()
    bring_in(wizard, qtbot, RESULT)
    wizard.go_on()
    bring_in(wizard, qtbot, RESULT)
    settle(whole, qtbot)
    assert leads(whole) == 2


def test_a_folder_dropped_on_the_window_is_refused_in_words(whole: MainWindow, tmp_path: Path) -> None:
    drop(whole, [tmp_path])
    assert "Drop the files in it" in whole.shell.messages.said[-1].words
    assert whole.findChild(ImportWizard) is None


@pytest.mark.parametrize("keep", [True, False])
def test_closing_the_window_asks_what_becomes_of_the_rows(
    whole: MainWindow, qtbot: QtBot, tmp_path: Path, keep: bool
) -> None:
    drop(whole, [long_list(tmp_path / "long.csv")])
    wizard = wizard_of(whole)
    bring_in(wizard, qtbot, RUNNING)
    qtbot.waitUntil(lambda: wizard.running.bar.value() > 0, timeout=20_000)
    wizard.running.aside.click()
    assert wizard.isHidden()
    whole.close()
    assert whole.isVisible()
    assert wizard.isVisible()
    assert wizard.running.is_asking()
    with qtbot.waitSignal(whole.closed, timeout=20_000):
        (wizard.running.keep if keep else wizard.running.undo).click()
    settle(whole, qtbot)
    assert (0 < leads(whole) < 1_300) if keep else leads(whole) == 0


def test_other_files_wait_behind_an_import_put_aside(whole: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    drop(whole, [long_list(tmp_path / "long.csv")])
    wizard = wizard_of(whole)
    bring_in(wizard, qtbot, RUNNING)
    wizard.running.aside.click()
    drop(whole, [written(tmp_path / "more.csv", "Name,Phone\nA,+380577054101\n")])
    assert wizard.isVisible()
    assert len(whole.findChildren(ImportWizard)) == 1
    qtbot.waitUntil(lambda: wizard.step == RESULT, timeout=20_000)
    assert wizard.go.text() == "Next: more.csv"
    settle(whole, qtbot)


def test_the_leads_of_one_import_are_shown(whole: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    desk = whole.shell.lanes.desk
    run_import(desk, open_leads(written(tmp_path / "a.csv", "Name,Phone\nA,+380577054101\n")))
    whole.look_again()
    settle(whole, qtbot)
    drop(whole, [written(tmp_path / "b.csv", "Name,Phone\nB,+380577054102\nC,+380577054103\n")])
    wizard = wizard_of(whole)
    bring_in(wizard, qtbot, RESULT)
    wizard.result_step.show_leads.click()
    qtbot.waitUntil(lambda: whole.page == "leads" and "leads" in whole.pages, timeout=10_000)
    page = whole.pages["leads"]
    settle(whole, qtbot)
    assert page.filters.batch.isVisible()
    qtbot.waitUntil(lambda: len(desk.read(page.ids()("id", False))) == 2)
    page.filters.batch.click()
    settle(whole, qtbot)
    assert page.filters.filter() == Filter()
    assert len(desk.read(page.ids()("id", False))) == 3


def test_a_request_of_somebody_known_becomes_their_owners_task(whole: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    desk = whole.shell.lanes.desk
    run_import(
        desk, open_leads(written(tmp_path / "a.csv", "Name,Phone\nOlena,+380577054101\n")), Options(owner="boss")
    )
    form = "Name,Phone,Comment\nOlena H,+380 57 705 41 01,Please call\nTaras,+380577054102,\n"
    drop(whole, [written(tmp_path / "form.csv", form)])
    wizard = wizard_of(whole)
    bring_in(wizard, qtbot, RESULT)
    settle(whole, qtbot)
    assert leads(whole) == 2, "nobody is called twice"
    shown = wizard.result_step.report.figures
    told = [shown.itemAt(at).widget().accessibleName() for at in range(shown.count())]
    assert told == ["2 rows", "1 new lead", "1 came again"]
    (task,) = stored(desk, Task)
    assert task.owner_id == desk.user.id


def test_an_operator_is_told_who_brings_lists_in(whole: MainWindow, tmp_path: Path) -> None:
    whole.shell.user = replace(whole.shell.user, role=Role.OPERATOR)
    drop(whole, [written(tmp_path / "a.csv", "Name,Phone\nA,+380577054101\n")])
    assert "takes a team lead or an admin" in whole.shell.messages.said[-1].words
    assert whole.findChild(ImportWizard) is None
