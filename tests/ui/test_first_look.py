"""The first rows stand over the frame till My day shows the same rows in the same place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.db.first_page import read
from leaddesk.db.store import DbStore
from leaddesk.ui.first_look import FirstRows
from leaddesk.ui.frame import BAR, RAIL, STATUS
from leaddesk.ui.in_turns import at_once
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.shell import Shell
from leaddesk.ui.widgets import EmptyState
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead, Disqualify
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.queue import Queue
from leaddesk.workflow.vocabulary import Channel
from tests.engines import TestClock, sit_down

PATIENCE = 20_000
Furnish = Callable[[], Shell]


@pytest.fixture
def filled(store: DbStore, clock: TestClock) -> DbStore:
    desk = sit_down(store, clock)
    for number in range(8):
        phone = PointInput(Channel.PHONE, f"+3805770541{number:02}")
        desk.do(
            AddLead(values={"name": f"Olena {number}", "company": "A firm with a rather long name"}, points=(phone,))
        )
    return store


@pytest.fixture
def frame(qtbot: QtBot) -> MainWindow:
    """Nothing but the frame, painted."""
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(1440, 900)
    with qtbot.waitSignal(made.painted):
        made.show()
    return made


@pytest.fixture
def furnish(qtbot: QtBot, frame: MainWindow, filled: DbStore, clock: TestClock) -> Iterator[Furnish]:
    """Makes what stands in the frame; the store it is opened on outlives it."""
    shells: list[Shell] = []

    def made() -> Shell:
        shells.append(Shell(clock))
        at_once(frame.furnish(shells[0]))
        return shells[0]

    yield made
    frame.close()
    for shell in shells:
        qtbot.waitUntil(shell.lanes.idle, timeout=PATIENCE)
        shell.postman.end()
        shell.lanes.stop()
        shell.theme.choose("system")
        assert shell.messages.bugs == []


def show_first(frame: MainWindow, store: DbStore, clock: TestClock) -> None:
    assert store.path is not None
    page = read(store.path, lambda people: next(one for one in people if one.login == "boss"), clock.now())
    assert page is not None
    frame.show_first(*page)


def place(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def my_day_stands(window: MainWindow) -> bool:
    page = window.pages.get("my_day")
    return page is not None and window.stack.currentWidget() is page and window.shell.lanes.idle()


def test_grounds_are_painted_where_rail_bar_and_foot_will_stand(
    qtbot: QtBot, frame: MainWindow, furnish: Furnish
) -> None:
    before = frame.grab().toImage()
    furnish()
    qtbot.waitUntil(lambda: frame.top.isVisible() and frame.top.width() == 1440 - RAIL)
    after = frame.grab().toImage()
    assert frame.rail.width() == RAIL
    assert place(frame, frame.top) == QRect(RAIL, 0, 1440 - RAIL, BAR)
    assert place(frame, frame.status) == QRect(RAIL, 900 - STATUS, 1440 - RAIL, STATUS)
    empty = [(5, 880), (700, 5), (700, BAR - 1), (700, 300), (700, 900 - STATUS), (700, 895)]
    assert [before.pixelColor(x, y) for x, y in empty] == [after.pixelColor(x, y) for x, y in empty]


def test_the_pages_names_stay_where_they_are_when_their_icons_come(
    qtbot: QtBot, frame: MainWindow, furnish: Furnish
) -> None:
    furnish()
    qtbot.waitUntil(frame.rail.isVisible)
    buttons = frame.rail.buttons.values()

    def names() -> list[tuple[QRect, QImage]]:
        lower_part = QRect(0, 34, RAIL, 20)
        return [(place(frame, button), button.grab().toImage().copy(lower_part)) for button in buttons]

    before = names()
    frame.rail.show_icons()
    QApplication.sendPostedEvents()
    assert names() == before


def test_a_card_that_is_about_to_come_is_not_said_to_be_missing(
    qtbot: QtBot, frame: MainWindow, furnish: Furnish, filled: DbStore, clock: TestClock
) -> None:
    show_first(frame, filled, clock)
    shell = furnish()
    said: list[str] = []

    class Eyes(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, EmptyState):
                said.append(watched.title.text())
            return False

    eyes = Eyes()
    QApplication.instance().installEventFilter(eyes)
    shell.open(lambda: sit_down(filled, clock))
    qtbot.waitUntil(lambda: my_day_stands(frame) and frame.pages["my_day"].lead.card is not None, timeout=PATIENCE)
    QApplication.instance().removeEventFilter(eyes)
    assert "No lead on the screen" not in said


def test_where_nobody_is_to_be_called_the_card_says_what_to_do(
    qtbot: QtBot, frame: MainWindow, furnish: Furnish, filled: DbStore, clock: TestClock
) -> None:
    desk = sit_down(filled, clock)
    for row in desk.read(Queue()).rows:
        desk.do(Disqualify(row.lead_id, "Spam"))
    shell = furnish()
    shell.open(lambda: sit_down(filled, clock))
    qtbot.waitUntil(lambda: my_day_stands(frame), timeout=PATIENCE)
    qtbot.waitUntil(frame.pages["my_day"].lead.empty.isVisible)


def test_my_day_takes_over_in_place_and_shows_whom_somebody_chose(
    qtbot: QtBot, frame: MainWindow, furnish: Furnish, filled: DbStore, clock: TestClock
) -> None:
    show_first(frame, filled, clock)
    first = frame.first_look
    assert first is not None
    shown, rows = place(frame, first), first.rows
    assert len(rows) == 8
    assert first.isVisible()
    line = first.view.visualRect(first.model.index(first.model.line_of(rows[3].lead_id)))
    qtbot.mouseClick(first.view.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert first.chosen == rows[3].lead_id
    shell = furnish()
    assert frame.childAt(shown.center()) is first.view.viewport()
    shell.open(lambda: sit_down(filled, clock))
    qtbot.waitUntil(lambda: my_day_stands(frame), timeout=PATIENCE)
    day = frame.pages["my_day"]
    assert frame.first_look is None
    assert not any(
        child.isVisible()
        for child in frame.findChildren(type(first), options=Qt.FindChildOption.FindDirectChildrenOnly)
    )
    assert day.lead.card is not None
    assert day.lead.card.lead.id == rows[3].lead_id
    stands = place(frame, day.queue)
    assert (stands.topLeft(), stands.height()) == (shown.topLeft(), shown.height())
    assert abs(stands.width() - shown.width()) <= 4
    assert day.queue.page.rows == shell.lanes.desk.read(Queue()).rows
    assert day.queue.page.rows[: len(rows)] == rows
    # Next time it is known to the pixel.
    again = MainWindow()
    qtbot.addWidget(again)
    again.resize(1440, 900)
    show_first(again, filled, clock)
    assert again.first_look is not None
    assert place(again, again.first_look) == stands


def test_the_first_rows_go_when_another_page_is_wished_or_another_person_sits_down(
    qtbot: QtBot, frame: MainWindow, furnish: Furnish, filled: DbStore, clock: TestClock
) -> None:
    show_first(frame, filled, clock)
    shell = furnish()
    frame.show_page("leads")
    assert frame.first_look is None
    frame.show_page("my_day")
    assert frame.first_look is None
    show_first(frame, filled, clock)
    with qtbot.waitSignal(shell.opened, timeout=PATIENCE):
        shell.open(lambda: sit_down(filled, clock, "anna"))
    assert frame.first_look is None
    qtbot.waitUntil(lambda: my_day_stands(frame), timeout=PATIENCE)


def test_the_first_rows_go_when_the_database_cannot_be_opened(
    qtbot: QtBot, frame: MainWindow, furnish: Furnish, filled: DbStore, clock: TestClock
) -> None:
    show_first(frame, filled, clock)
    shell = furnish()

    def refused() -> None:
        raise Refused("Say who you are.")

    with qtbot.waitSignal(shell.open_failed, timeout=PATIENCE):
        shell.open(refused)
    assert frame.first_look is None
    assert frame.start.closed.isVisible()


def test_they_mirror(qtbot: QtBot, frame: MainWindow, filled: DbStore, clock: TestClock, right_to_left: None) -> None:
    show_first(frame, filled, clock)
    assert frame.first_look is not None
    assert place(frame, frame.first_look).right() == 1440 - RAIL - 12 - 1
    frame.resize(1280, 720)
    QApplication.sendPostedEvents()
    assert place(frame, frame.first_look).right() == 1280 - RAIL - 12 - 1


def test_reading_that_fails_is_no_trouble_and_holds_nothing_up(qtbot: QtBot, frame: MainWindow) -> None:
    told: list[object] = []

    def fails() -> None:
        raise OSError

    first = FirstRows(fails, frame)
    first.came.connect(told.append)
    first.start()
    first.then(lambda: told.append("on"))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert sorted(map(str, told)) == ["None", "on"]
    assert not first.is_reading
