"""The frame: pages, search, counters, undo from anywhere, toasts, what others wrote, closing."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.actions import PAGES
from leaddesk.ui.dialogs.import_wizard import ImportWizard
from leaddesk.ui.jobs import Progress
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.messages import Toast
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.toasts import AT_MOST, OLDER_MS
from leaddesk.window import give_doors
from leaddesk.workflow.cards import Drafts, Today
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead, EditLead
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.undo import NextUndo, Undo
from leaddesk.workflow.vocabulary import Channel, TaskKind
from tests.engines import TestClock, sit_down
from tests.ui.watchdog import Watchdog

SHEET = "QStyleSheetStyle"
"""Qt's own style of widgets that have a stylesheet, or are below one."""


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.shell.lanes.idle, timeout=10_000)


def add(window: MainWindow, qtbot: QtBot, name: str, phone: str = "") -> Lead:
    made: list[Lead] = []
    points = (PointInput(Channel.PHONE, phone),) if phone else ()
    command = AddLead(values={"name": name, "company": f"{name} and sons"}, points=points)
    window.shell.lanes.do(window, command, lambda done: made.append(done.value))
    settle(window, qtbot)
    return made[0]


@pytest.fixture
def settings(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the settings in front, which need no lead."""
    window.show_page("settings")
    settle(window, qtbot)
    return window


def active(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()


# First steps


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


# Pages and figures


@pytest.mark.parametrize("key", [key for key, _, _ in PAGES])
def test_each_page_opens_by_its_key_and_is_made_once(window: MainWindow, qtbot: QtBot, key: str) -> None:
    add(window, qtbot, "Olena Hrytsenko")
    window.show_page("settings" if key != "settings" else "parked")
    settle(window, qtbot)
    active(window, qtbot)
    number = [page for page, _, _ in PAGES].index(key) + 1
    shortcut = (Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    if key != "settings":
        shortcut = (Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(window, *shortcut)
    settle(window, qtbot)
    page = window.stack.currentWidget()
    assert page is window.pages[key]
    assert window.rail.buttons[key].isChecked()
    assert sum(button.isChecked() for button in window.rail.buttons.values()) == 1
    settle(window, qtbot)
    qtbot.mouseClick(window.rail.buttons[key], Qt.MouseButton.LeftButton)
    assert window.stack.currentWidget() is page
    settle(window, qtbot)


def test_pages_are_made_ahead_while_nothing_is_asked(window: MainWindow, qtbot: QtBot) -> None:
    add(window, qtbot, "Olena Hrytsenko")
    assert list(window.pages) == ["my_day"]
    window._ahead.setInterval(0)
    qtbot.waitUntil(lambda: not window._ahead.isActive() and window.shell.lanes.idle())
    assert set(window.pages) == {key for key, _, _ in PAGES}
    assert window.stack.currentWidget() is window.pages["my_day"]
    leads = window.pages["leads"]
    window.show_page("leads")
    assert window.stack.currentWidget() is leads
    settle(window, qtbot)


def test_a_wish_about_a_page_not_made_yet_is_granted_when_it_stands(settings: MainWindow, qtbot: QtBot) -> None:
    active(settings, qtbot)
    lead, other = add(settings, qtbot, "Olena Hrytsenko"), add(settings, qtbot, "Marta Nowak")
    settings.shell.lead_requested.emit(other.id)
    settings.shell.lead_requested.emit(lead.id)
    assert "my_day" not in settings.pages
    assert settings.stack.currentWidget() is settings.start
    assert settings.rail.buttons["my_day"].isChecked()
    settle(settings, qtbot)
    page = settings.pages["my_day"]
    assert settings.stack.currentWidget() is page
    assert page.lead.card.lead.id == lead.id
    assert page.isAncestorOf(QApplication.focusWidget())


def test_of_pages_asked_for_in_a_row_the_last_one_comes(window: MainWindow, qtbot: QtBot) -> None:
    add(window, qtbot, "Olena Hrytsenko")
    for key in ("leads", "clients", "leads", "parked"):
        window.show_page(key)
        window.shell.turns._turn()
    settle(window, qtbot)
    assert window.stack.currentWidget() is window.pages["parked"]
    window.show_page("leads")
    settle(window, qtbot)
    assert window.stack.currentWidget() is window.pages["leads"]
    assert window.pages["leads"].model.rowCount() == 1


# The look


def undressed(window: MainWindow) -> list[str]:
    """Widgets in sight that would be seen to be without a stylesheet."""
    seen = (QLabel, QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QScrollBar, QTabBar)
    found = [w for w in window.findChildren(QWidget) if isinstance(w, seen) and w.isVisible()]
    assert found
    return [f"{type(w).__name__} in {type(w.parent()).__name__}" for w in found if not w.style().inherits(SHEET)]


@pytest.mark.parametrize("key", [key for key, _, _ in PAGES])
def test_everything_in_sight_is_dressed(window: MainWindow, qtbot: QtBot, key: str) -> None:
    lead = add(window, qtbot, "Olena Hrytsenko", "+380577054122")
    window.show_page(key)
    settle(window, qtbot)
    window.shell.messages.toast("Something was done", undo=True)
    window._search()
    qtbot.keyClicks(window.top.search, "olena")
    settle(window, qtbot)
    window.shell.actions.trigger("add_lead")
    page = window.pages[key]
    if key == "my_day":
        assert page.lead.card.lead.id == lead.id
        page.assign()
    elif key == "leads":
        page.choose_columns()
    assert undressed(window) == []
    for dialog in window.findChildren(QDialog):
        dialog.close()


def test_another_look_comes_over_all_pages_also_when_another_is_shown_meanwhile(
    window: MainWindow, qtbot: QtBot
) -> None:
    add(window, qtbot, "Olena Hrytsenko")
    for key in ("leads", "clients", "my_day"):
        window.show_page(key)
        settle(window, qtbot)
    light = window.grab().toImage()
    theme = window.shell.theme
    theme.choose("dark")
    assert not window.updatesEnabled()
    window.shell.turns._turn()
    window.show_page("leads")
    theme.choose("light")
    theme.choose("dark")
    settle(window, qtbot)
    assert window.updatesEnabled()
    assert window.stack.currentWidget() is window.pages["leads"]
    assert all(theme.wears(part) for page in window.pages.values() for part in page.parts())
    assert all(theme.wears(part) for part in (window.rail, window.top, window.start, window.status))
    theme.choose("light")
    window.show_page("my_day")
    settle(window, qtbot)
    assert window.grab().toImage() == light


def test_a_window_asked_to_be_dark_is_dark_in_all_its_parts(window: MainWindow, qtbot: QtBot) -> None:
    add(window, qtbot, "Olena Hrytsenko")
    window.shell.theme.choose("dark")
    settle(window, qtbot)
    shot = window.grab().toImage()
    points = [(x, y) for x in range(0, shot.width(), 16) for y in range(0, shot.height(), 16)]
    bright = sum(shot.pixelColor(x, y).lightness() > 200 for x, y in points)
    # Letters and one toast are, no ground is.
    assert bright / len(points) < 0.03


def test_figures_and_status_line_follow_what_is_done(settings: MainWindow, qtbot: QtBot) -> None:
    assert settings.status.leads.text() == "0 leads"
    add(settings, qtbot, "Olena Hrytsenko")
    assert settings.status.leads.text() == "1 lead"
    assert settings.status.place.text() == "● SQLite · leads.db · not backed up yet"
    assert settings.status.person.text() == "Olena Boss · admin"
    assert {name: c.figure.text() for name, c in settings.top.counters.items()} == dict.fromkeys(
        ("calls", "talks", "converted", "callbacks_due"), "0"
    )


def test_a_backup_is_told_by_the_persons_own_clock(settings: MainWindow, qtbot: QtBot, clock: TestClock) -> None:
    from leaddesk.ui.status_line import backup_words
    from leaddesk.workflow.watching import Standing

    zone = settings.shell.zone()
    now = clock.now()
    assert backup_words(Standing("SQLite", "x", "", now), now, zone).startswith("backed up ")
    assert ":" in backup_words(Standing("SQLite", "x", "", now - timedelta(days=3)), now, zone)
    assert backup_words(Standing("PostgreSQL", "x"), now, zone) == ""


def test_on_my_day_every_action_has_somebody_to_carry_it_out(window: MainWindow, qtbot: QtBot) -> None:
    lead = add(window, qtbot, "Olena Hrytsenko", "+380577054122")
    window.shell.lead_requested.emit(lead.id)
    settle(window, qtbot)
    assert window.page == "my_day"
    actions = window.shell.actions
    elsewhere = [a.id for a in actions.all() if a.run or a.told_only or a.menu == "Letters"]
    idle = [a.id for a in actions.all() if a.id not in elsewhere and not actions.taken(a.id)]
    assert idle == []


def test_the_look_of_last_time_is_there_before_the_database_is(window: MainWindow, qtbot: QtBot) -> None:
    from leaddesk.ui.shell import Shell

    window.shell.lanes.do(window, ChangeSetting("look.theme", "dark"), quiet=True)
    settle(window, qtbot)
    window.shell.theme.choose("light")
    later = MainWindow(Shell())
    qtbot.addWidget(later)
    assert later.shell.theme.dark
    window.shell.lanes.do(window, ChangeSetting("look.theme", "system"), quiet=True)
    settle(window, qtbot)


def test_typing_in_the_search_never_holds_the_loop(window: MainWindow, qtbot: QtBot, watchdog: Watchdog) -> None:
    for number in range(30):
        window.shell.lanes.do(window, AddLead(values={"name": f"Olena {number}"}), quiet=True)
    settle(window, qtbot)
    active(window, qtbot)
    window._search()
    longest = []
    for _ in range(3):
        watchdog.watch()
        for letter in "olena":
            qtbot.keyClicks(window.top.search, letter)
            settle(window, qtbot)
        longest.append(watchdog.stop())
        qtbot.keyClick(window.top.search, Qt.Key.Key_Escape)
        window._search()
    assert sorted(longest)[1] < 50


# Search


def test_search_finds_by_any_part_and_enter_opens(settings: MainWindow, qtbot: QtBot) -> None:
    lead = add(settings, qtbot, "Olena Hrytsenko", "+380577054122")
    add(settings, qtbot, "Marta Nowak")
    active(settings, qtbot)
    box = settings.top.search
    opened: list[int] = []
    settings.shell.lead_requested.disconnect()
    settings.shell.lead_requested.connect(opened.append)
    for typed in ("hryts", "70541", "olena hrytsenko and"):
        qtbot.keyClick(settings, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert box.hasFocus()
        qtbot.keyClicks(box, typed)
        settle(settings, qtbot)
        assert box.popup.isVisible()
        assert box.results.choices.rowCount() == 1
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert not box.popup.isVisible()
        assert box.text() == ""
    assert opened == [lead.id] * 3


def test_search_typed_faster_than_answered_opens_the_right_one(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    second = add(settings, qtbot, "Marta Nowak")
    opened: list[int] = []
    settings.shell.lead_requested.disconnect()
    settings.shell.lead_requested.connect(opened.append)
    settings._search()
    qtbot.keyClicks(settings.top.search, "marta")
    qtbot.keyClick(settings.top.search, Qt.Key.Key_Return)
    settle(settings, qtbot)
    assert opened == [second.id]


def test_search_keeps_the_focus_over_every_page(window: MainWindow, qtbot: QtBot) -> None:
    add(window, qtbot, "Olena Hrytsenko")
    for key, _, _ in PAGES:
        window.show_page(key)
        settle(window, qtbot)
        active(window, qtbot)
        qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClicks(window.top.search, "olena")
        settle(window, qtbot)
        assert window.top.search.hasFocus(), key
        assert window.top.search.popup.isVisible(), key
        qtbot.keyClick(window.top.search, Qt.Key.Key_Escape)


def test_search_says_when_there_is_nothing_and_esc_gives_up(settings: MainWindow, qtbot: QtBot) -> None:
    active(settings, qtbot)
    settings._search()
    qtbot.keyClicks(settings.top.search, "nobody")
    settle(settings, qtbot)
    assert "nobody" in settings.top.search.nothing.text()
    assert settings.top.search.popup.isVisible()
    qtbot.keyClick(settings.top.search, Qt.Key.Key_Escape)
    assert not settings.top.search.popup.isVisible()
    assert not settings.top.search.hasFocus()


# Undo


def undo_by_key(window: MainWindow, qtbot: QtBot, at: QWidget) -> None:
    qtbot.keyClick(at, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)


def test_undo_and_redo_work_from_anywhere_and_say_what(settings: MainWindow, qtbot: QtBot) -> None:
    lead = add(settings, qtbot, "Olena Hrytsenko")
    words = settings.shell.lanes.desk.read(NextUndo())[0]
    assert words
    assert words in settings.top.undo.toolTip()
    active(settings, qtbot)
    undo_by_key(settings, qtbot, settings.stack.currentWidget())
    assert settings.shell.lanes.desk.read(Today()).leads == 0
    assert not settings.top.undo.isEnabled()
    assert settings.shell.messages.said[-1].action[0] == "Redo"
    assert [frame.toast.words for frame in settings.toasts.frames] == [f"Undone: {words}"]
    qtbot.keyClick(settings, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    settle(settings, qtbot)
    assert settings.shell.lanes.desk.read(Today()).leads == 1
    assert lead.id


def test_a_text_fields_own_undo_goes_first(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    active(settings, qtbot)
    fields: list[QLineEdit | QPlainTextEdit] = [QLineEdit(settings), QPlainTextEdit(settings)]
    for field in fields:
        field.show()
        field.setFocus()
        qtbot.keyClicks(field, "typed")
        undo_by_key(settings, qtbot, field)
        assert (field.text() if isinstance(field, QLineEdit) else field.toPlainText()) == ""
        assert settings.shell.lanes.desk.read(Today()).leads == 1
    undo_by_key(settings, qtbot, fields[1])
    assert settings.shell.lanes.desk.read(Today()).leads == 0
    qtbot.keyClick(fields[0], Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)


def test_a_toasts_undo_takes_back_its_own_operation(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    add(settings, qtbot, "Marta Nowak")
    assert len(settings.toasts.frames) == 2
    first = settings.toasts.frames[0]
    button = next(b for b in first.findChildren(QAbstractButton) if b.text() == "Undo")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(settings, qtbot)
    store = settings.shell.lanes.desk.store
    with store.reader.connect() as connection:
        assert [name for (name,) in connection.exec_driver_sql("SELECT name FROM lead")] == ["Marta Nowak"]


# Toasts


def test_toasts_stack_and_never_cover_what_is_typed_in(settings: MainWindow, qtbot: QtBot) -> None:
    field = QPlainTextEdit(settings)
    field.setGeometry(400, 640, 640, 180)
    field.show()
    for number in range(AT_MOST + 2):
        settings.shell.messages.toast(f"Number {number} was called")
    frames = settings.toasts.frames
    assert [frame.toast.words for frame in frames] == [f"Number {n} was called" for n in range(2, AT_MOST + 2)]
    places = [QRect(frame.mapTo(settings, QPoint(0, 0)), frame.size()) for frame in frames]
    for number, place in enumerate(places):
        assert not place.intersects(field.geometry())
        assert settings.rect().contains(place)
        assert not any(place.intersects(other) for other in places[number + 1 :])


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


# Others, and time


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


# Closing


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


# For everybody


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


def test_a_mirrored_toast_leaves_the_rail_alone(right_to_left: None, window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("settings")
    settle(window, qtbot)
    field = QPlainTextEdit(window)
    field.setGeometry(0, 400, 900, 480)
    field.show()
    window.shell.messages.toast("A few words that are said", undo=True)
    frame = window.toasts.frames[-1]
    assert not frame.geometry().intersects(field.geometry())
    assert not frame.geometry().intersects(window.rail.geometry())


def test_toasts_are_plain_text(settings: MainWindow, qtbot: QtBot) -> None:
    settings.toasts.show_toast(Toast("<b>Robert</b>'); DROP TABLE lead"))
    label = settings.toasts.frames[-1].findChild(QWidget)
    assert label is not None
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_newer_word_about_the_same_lead_or_an_undo_from_elsewhere_takes_a_toast_away(
    settings: MainWindow, qtbot: QtBot
) -> None:
    olena, marta = add(settings, qtbot, "Olena Hrytsenko"), add(settings, qtbot, "Marta Nowak")
    assert [frame.toast.about.leads for frame in settings.toasts.frames] == [{olena.id}, {marta.id}]
    settings.shell.lanes.do(settings, EditLead(lead_id=olena.id, values={"name": "Olena Koval"}))
    settle(settings, qtbot)
    assert [frame.toast.about.leads for frame in settings.toasts.frames] == [{marta.id}, {olena.id}]
    settings.shell.lanes.do(settings, Undo(settings.toasts.frames[0].toast.operation), quiet=True)
    settle(settings, qtbot)
    assert [frame.toast.about.leads for frame in settings.toasts.frames] == [{olena.id}]


def test_redo_is_offered_no_longer_once_something_else_is_done(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    settings.undo_redo.undo()
    settle(settings, qtbot)
    assert [frame.toast.kind for frame in settings.toasts.frames] == ["undone"]
    add(settings, qtbot, "Marta Nowak")
    assert [frame.toast.kind for frame in settings.toasts.frames] == ["done"]


def test_redo_stands_for_the_last_thing_undone_alone(settings: MainWindow, qtbot: QtBot) -> None:
    for name in ("Olena Hrytsenko", "Marta Nowak"):
        add(settings, qtbot, name)
    for _ in range(2):
        settings.undo_redo.undo()
        settle(settings, qtbot)
    assert [frame.toast.words for frame in settings.toasts.frames] == ["Undone: Added Olena Hrytsenko"]
    settings.undo_redo.redo()
    settle(settings, qtbot)
    assert [frame.toast.words for frame in settings.toasts.frames] == ["Redone: Added Olena Hrytsenko"]


def test_what_was_said_before_leaves_soon_after_something_newer(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    frame = settings.toasts.frames[0]
    assert frame.remaining_ms() > 2 * OLDER_MS
    add(settings, qtbot, "Marta Nowak")
    assert frame.remaining_ms() < 1.1 * OLDER_MS
    assert settings.toasts.frames[1].remaining_ms() > 2 * OLDER_MS


def test_the_bar_for_many_rows_is_never_under_a_toast(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("Olena Hrytsenko", "Marta Nowak"):
        add(window, qtbot, name)
    window.show_page("leads")
    settle(window, qtbot)
    page = window.made_page("leads")
    assert isinstance(page, LeadsPage)
    page.table.selectAll()
    bar = page.bulk
    qtbot.waitUntil(bar.isVisible)

    def apart() -> bool:
        place = QRect(bar.mapTo(window, QPoint(0, 0)), bar.size())
        return not any(place.intersects(frame.geometry()) for frame in window.toasts.frames)

    assert len(window.toasts.frames) == 2
    qtbot.waitUntil(apart)


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
