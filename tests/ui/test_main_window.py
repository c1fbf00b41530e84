"""The frame: first steps, what others wrote, the time that passes, closing; names and directions."""

import threading
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.dialogs.import_wizard import ImportWizard
from leaddesk.ui.jobs import Progress
from leaddesk.ui.main_window import MainWindow
from leaddesk.window import give_doors
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.vocabulary import TaskKind
from tests.engines import TestClock, sit_down
from tests.ui.window_scene import active, add, settle


def test_an_empty_file_says_what_to_do_first(window: MainWindow, qtbot: QtBot) -> None:
    assert window.stack.currentWidget() is window.start
    buttons = window.start.first.buttons
    assert [button.text() for button in buttons] == ["Import a list", "Add a lead", "Try the demo"]
    wishes = (window.shell.import_requested, window.shell.add_lead_requested, window.shell.demo_requested)
    for wish in wishes:
        wish.disconnect()
    for button, wish in zip(buttons, wishes, strict=True):
        with qtbot.waitSignal(wish):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_demo_fills_the_desk_shows_how_far_and_gives_way_to_the_page(window: MainWindow, qtbot: QtBot) -> None:
    gate = threading.Event()

    def fill(desk: Desk, progress: Progress) -> None:
        desk.do(AddLead(values={"name": "Made up"}))
        progress(1, 2)
        assert gate.wait(10)
        progress(2, 2)

    window.shell.fill_demo = fill
    window.show_page("leads")
    window.shell.actions.trigger("demo")
    qtbot.waitUntil(lambda: "1 of 2" in window.start.how_far.text())
    assert window.stack.currentWidget() is window.start
    gate.set()
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.pages.get("leads"))
    settle(window, qtbot)
    assert window.status.leads.text() == "1 lead"


def test_a_file_that_cannot_be_opened_says_why_and_can_be_tried_again(
    qtbot: QtBot, store: DbStore, clock: TestClock
) -> None:
    from leaddesk.ui.shell import Shell

    shell, tries = Shell(clock), []
    window = MainWindow(shell)
    qtbot.addWidget(window)
    window.show()

    def open_desk() -> Desk:
        tries.append(1)
        if len(tries) == 1:
            raise Refused("leads.db is a database of another program. Choose another file.")
        return sit_down(store, clock)

    with qtbot.waitSignal(shell.open_failed):
        shell.open(open_desk)
    assert window.start.closed.isVisible()
    assert "another program" in window.start.closed.text.text()
    with qtbot.waitSignal(shell.opened):
        qtbot.mouseClick(window.start.closed.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shell.lanes.idle)
    assert window.start.first.isVisible()
    window.close()
    qtbot.waitUntil(shell.lanes.idle)
    shell.lanes.stop()


def test_a_broken_world_is_one_dialog_and_a_bug_one_report(settings: MainWindow, qtbot: QtBot) -> None:
    from leaddesk.ui.bug_report import BugReport

    for _ in range(3):
        settings.shell.messages.unavailable("The disk is full. Make room, then try again.")
        settings.shell.messages.bug(KeyError("column"))
    boxes = [box for box in settings.findChildren(QMessageBox) if box.isVisible()]
    reports = [dialog for dialog in settings.findChildren(BugReport) if dialog.isVisible()]
    assert [box.text() for box in boxes] == ["The disk is full. Make room, then try again."]
    assert len(reports) == 1
    qtbot.mouseClick(reports[0].copy, Qt.MouseButton.LeftButton)
    assert "KeyError: 'column'" in QApplication.clipboard().text()
    for dialog in (*boxes, *reports):
        dialog.close()
    settings.shell.messages.bugs.clear()


def test_what_another_process_writes_is_told_and_our_own_is_not(
    settings: MainWindow, qtbot: QtBot, opened: object, clock: TestClock
) -> None:
    heard: list[Changes] = []
    mine = add(settings, qtbot, "Mine")
    settings.shell.bridge.changed.connect(heard.append)
    settings._watch.others()
    settle(settings, qtbot)
    assert heard == []
    other = sit_down(opened(), clock, "anna")
    theirs = other.do(AddLead(values={"name": "Theirs"})).value
    settings._watch.others()
    settle(settings, qtbot)
    assert [changes.leads for changes in heard] == [{theirs.id}]
    sit_down(opened(), clock).do(ChangeSetting("queue.hold_minutes", "33"))
    settings._watch.others()
    settle(settings, qtbot)
    assert settings.shell.settings.number("queue.hold_minutes") == 33
    assert len(heard) == 2
    assert mine.id != theirs.id


def test_leads_come_back_when_their_day_has_come(settings: MainWindow, qtbot: QtBot, clock: TestClock) -> None:
    lead = add(settings, qtbot, "Olena Hrytsenko")
    settings.shell.lanes.do(settings, DeferLead(lead_id=lead.id, until=clock.now() + timedelta(days=3)))
    settle(settings, qtbot)
    settings._watch.minute()
    settle(settings, qtbot)
    said = [toast.words for toast in settings.shell.messages.said]
    clock.forward(days=4)
    settings._watch.minute()
    settle(settings, qtbot)
    assert [t.words for t in settings.shell.messages.said[len(said) :]] == ["1 parked lead came back"]


def test_a_promise_near_is_reminded_of_once(settings: MainWindow, qtbot: QtBot, clock: TestClock) -> None:
    lead = add(settings, qtbot, "Olena Hrytsenko")
    task = AddTask(
        lead_id=lead.id, kind=TaskKind.CALL, title="Call back", due_at=clock.now() + timedelta(minutes=4), promised=True
    )
    settings.shell.lanes.do(settings, task, quiet=True)
    settle(settings, qtbot)
    for _ in range(2):
        settings._watch.minute()
        settle(settings, qtbot)
    reminders = [toast for toast in settings.shell.messages.said if toast.kind == "reminder"]
    assert len(reminders) == 1
    assert "in 4 min" in reminders[0].words
    assert "Olena Hrytsenko" in reminders[0].words


def test_closing_writes_what_was_typed_and_gives_leads_back(settings: MainWindow, qtbot: QtBot) -> None:
    from leaddesk.ui.drafts import DraftKeeper

    field = QPlainTextEdit(settings)
    DraftKeeper(settings.shell, "lead:1:note", field, drafts={})
    qtbot.keyClicks(field, "half a")
    with qtbot.waitSignal(settings.closed):
        settings.close()
    settle(settings, qtbot)
    assert settings.shell.lanes.desk.read(Drafts()) == {"lead:1:note": "half a"}


def test_closing_asks_while_long_work_goes_on(settings: MainWindow, qtbot: QtBot) -> None:
    started = threading.Event()

    def work(_desk: Desk, progress: Progress) -> None:
        while True:
            started.set()
            progress(0, 0)

    settings.shell.lanes.run(settings, work, lambda _none: None)
    qtbot.waitUntil(started.is_set)
    settings.close()
    assert settings.isVisible()
    box = settings.findChild(QMessageBox)
    with qtbot.waitSignal(settings.closed):
        stop = next(button for button in box.buttons() if button.text() == "Stop it and close")
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    settle(settings, qtbot)


def test_every_control_has_an_accessible_name(settings: MainWindow, qtbot: QtBot) -> None:
    settings.shell.messages.toast("Something was done", undo=True)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in settings.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        and not type(widget).__name__.startswith("QScrollArea")
        and type(widget) is not QWidget
    ]
    assert nameless == []


def test_right_to_left_mirrors_the_frame(right_to_left: None, window: MainWindow, qtbot: QtBot) -> None:
    assert window.rail.geometry().right() == window.width() - 1
    assert window.top.next.mapTo(window, QPoint(0, 0)).x() < window.top.search.mapTo(window, QPoint(0, 0)).x()
    add(window, qtbot, "Olena Hrytsenko")
    active(window, qtbot)
    window._search()
    qtbot.keyClicks(window.top.search, "olena")
    settle(window, qtbot)
    popup = window.top.search.popup.geometry()
    edge = window.top.search.mapTo(window, QPoint(window.top.search.width(), 0)).x()
    assert abs(popup.right() + 1 - edge) <= 1


def test_a_file_dropped_anywhere_opens_the_wizard_with_it(settings: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "ліди з виставки.csv"
    file.write_text("Name,Phone\nOlena,+380577054122\n", encoding="utf-8")
    give_doors(settings.shell)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(QPoint(700, 400), copy, dropped, left, none),
        QDropEvent(QPointF(700, 400), copy, dropped, left, none),
    ):
        QApplication.sendEvent(settings, event)
        assert event.isAccepted()
    wizard = settings.findChild(ImportWizard)
    assert wizard.file.path.text() == str(file)
    settle(settings, qtbot)
    with qtbot.waitSignal(wizard.destroyed):
        wizard.reject()
