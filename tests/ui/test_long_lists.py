"""Long lists: the first rows at once, the rest when it comes; who does not want to wait stops it."""

import threading
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPoint, QSettings, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui import theme as look
from leaddesk.ui.bridge import Bridge
from leaddesk.ui.columns import ColumnMemory, Say
from leaddesk.ui.jobs import Lanes
from leaddesk.ui.messages import Messages
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.shell import Shell
from leaddesk.ui.table_model import HEAD, TableModel
from leaddesk.ui.table_view import TableView
from leaddesk.workflow.cards import LeadIds, LongList
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.desk import Desk, Question
from leaddesk.workflow.entities import User
from leaddesk.workflow.errors import Unavailable
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.patience import PatienceLost, current
from tests.engines import TestClock
from tests.ui.listing import Screen, close_dialogs, on_screen
from tests.ui.test_table_model import COLUMNS, People, Register

MANY = 100_000


@dataclass(frozen=True)
class LongIds(LongList):
    sort: str = "id"
    descending: bool = False
    limit: int = 0

    def head(self, count: int) -> LongList:
        return replace(self, limit=count)


@dataclass
class SlowRegister(Register):
    """The whole of a list takes until the gate is opened, or until nobody waits for it."""

    gate: threading.Event = field(default_factory=threading.Event)
    stopped: list[LongIds] = field(default_factory=list)

    def read(self, question: Question[Any], user: User, now: datetime) -> Any:
        if not isinstance(question, LongIds):
            return super().read(question, user, now)
        self.asked.append(question)
        if question.limit:
            return self.ordered(question)[: question.limit]
        patience = current()
        assert patience is not None
        with patience.stopping(self.gate.set):
            assert self.gate.wait(20)
        if patience.is_lost:
            self.stopped.append(question)
            self.gate.clear()
            raise PatienceLost
        if self.broken:
            raise Unavailable("The disk is gone.")
        return self.ordered(question)

    def ordered(self, question: LongIds) -> "array[int]":
        return array("q", reversed(self.ids)) if question.descending else array("q", self.ids)


@dataclass
class Slow:
    register: SlowRegister
    lanes: Lanes
    model: TableModel
    view: TableView
    wait: Callable[[Callable[[], bool]], None]

    def show(self, *, downwards: bool = False) -> None:
        """Up to where the first rows are there and the whole is under way."""
        self.model.show(LongIds, "id", downwards=downwards)
        whole = LongIds(descending=downwards)
        self.wait(lambda: not self.model.is_whole and whole in self.register.asked)

    def finish(self) -> None:
        self.register.gate.set()
        self.wait(lambda: self.lanes.idle() and not self.model.fetching)
        self.register.gate.clear()

    def ids(self) -> list[int]:
        return list(self.model.ids_between(0, MANY))


@pytest.fixture
def slow(qtbot: QtBot, tmp_path: Path) -> Iterator[Slow]:
    register = SlowRegister(array("q", range(1, MANY + 1)))
    home = QObject()
    lanes = Lanes(Bridge(home), Messages(home), home)
    lanes.open(lambda: Desk(register, TestClock(), User(login="a", name="A")), lambda _desk: None, lambda _e: None)
    frame = QWidget()
    qtbot.addWidget(frame)
    model = TableModel(lanes, COLUMNS, People, lambda: Say(UTC, datetime(2026, 3, 2, tzinfo=UTC)), frame)
    memory = ColumnMemory(QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat))
    view = TableView("people", model, look.current(), memory, frame)
    view.resize(700, 500)
    frame.show()
    yield Slow(register, lanes, model, view, lambda until: qtbot.waitUntil(until, timeout=20_000))
    register.gate.set()
    lanes.stop()


def test_the_first_rows_are_there_while_the_rest_is_looked_for(slow: Slow) -> None:
    slow.show()
    assert slow.ids() == list(range(1, HEAD + 1))
    assert slow.model.coming
    slow.view.viewport().repaint()
    slow.wait(lambda: slow.model.index(0, 0).data() == "Person 1")
    slow.finish()
    assert slow.model.rowCount() == MANY
    assert slow.model.is_whole
    assert not slow.model.coming


def test_place_and_choice_stay_when_the_rest_comes(slow: Slow, qtbot: QtBot) -> None:
    slow.show()
    slow.view.go_to(150)
    across = slow.view.verticalScrollBar().value()
    with qtbot.assertNotEmitted(slow.model.modelReset), qtbot.assertNotEmitted(slow.view.row_chosen):
        slow.finish()
    assert slow.view.current_id() == 151
    assert slow.view.chosen_ids() == (151,)
    assert slow.view.verticalScrollBar().value() == across > 0


def test_all_that_were_chosen_early_are_all_in_the_end(slow: Slow) -> None:
    slow.show()
    slow.view.selectAll()
    slow.finish()
    assert slow.view.chosen_count() == MANY


def test_who_left_and_who_came_meanwhile_are_put_right(slow: Slow) -> None:
    slow.show()
    slow.register.ids = array("q", [500_000, *range(3, MANY + 1)])
    slow.finish()
    assert slow.ids() == list(slow.register.ids)


def test_another_order_stops_the_one_before_and_nothing_late_is_shown(slow: Slow) -> None:
    slow.show()
    listed: list[int] = []
    slow.model.listed.connect(lambda: listed.append(slow.model.id_at(0)))
    slow.model.show(LongIds, "id", downwards=True)
    slow.wait(lambda: slow.model.id_at(0) == MANY)
    assert slow.register.stopped == [LongIds(descending=False)]
    slow.finish()
    assert listed == [MANY, MANY]
    assert slow.ids() == list(range(MANY, 0, -1))


def test_who_does_not_wait_keeps_the_first_rows(slow: Slow) -> None:
    slow.show()
    slow.model.stop()
    slow.wait(slow.lanes.idle)
    assert slow.register.stopped == [LongIds()]
    assert slow.ids() == list(range(1, HEAD + 1))
    assert (slow.model.coming, slow.model.is_whole, slow.model.is_stopped) == (False, False, True)
    slow.model.take_changes(Changes(many=True), frozenset())
    slow.finish()
    assert slow.model.rowCount() == MANY
    assert slow.model.is_whole
    assert not slow.model.is_stopped


def test_looking_again_at_the_same_list_moves_nothing(slow: Slow, qtbot: QtBot) -> None:
    slow.show()
    slow.finish()
    slow.view.go_to(MANY - 5)
    with qtbot.assertNotEmitted(slow.model.modelReset):
        slow.model.resort()
        slow.finish()
    assert slow.view.current_id() == MANY - 4
    assert slow.model.rowCount() == MANY


def test_a_short_list_is_asked_for_once(slow: Slow) -> None:
    slow.register.ids = array("q", range(1, HEAD))
    slow.model.show(LongIds, "id", downwards=False)
    slow.wait(slow.lanes.idle)
    assert [question.limit for question in slow.register.asked if isinstance(question, LongIds)] == [HEAD]
    assert slow.model.rowCount() == HEAD - 1
    assert slow.model.is_whole


def test_a_list_that_fails_is_told_and_is_not_on_its_way_any_more(slow: Slow, qtbot: QtBot) -> None:
    slow.show()
    slow.register.broken = True
    with qtbot.waitSignal(slow.model.failed) as told:
        slow.register.gate.set()
    assert isinstance(told.args[0], Unavailable)
    assert not slow.model.coming
    assert not slow.model.is_whole


# On the page


@pytest.fixture
def screen(qtbot: QtBot, shell: Shell, desk_here: Desk, tmp_path: Path) -> Iterator[Screen[LeadsPage]]:
    for number in range(3):
        desk_here.do(AddLead(values={"name": f"Person {number}"}))
    memory = ColumnMemory(QSettings(str(tmp_path / "tables.ini"), QSettings.Format.IniFormat))
    yield on_screen(LeadsPage(shell, memory), shell, desk_here, qtbot)
    close_dialogs(shell, qtbot)


def by_esc(page: LeadsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)


def by_mouse(page: LeadsPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.stop, Qt.MouseButton.LeftButton)


def by_tab(page: LeadsPage, qtbot: QtBot) -> None:
    page.stop.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(page.stop, Qt.Key.Key_Space)


@pytest.mark.parametrize("way", [by_esc, by_mouse, by_tab])
def test_a_list_that_takes_long_is_stopped_and_the_page_says_so(
    screen: Screen[LeadsPage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, way: Callable[[LeadsPage, QtBot], None]
) -> None:
    monkeypatch.setattr("leaddesk.ui.table_model.HEAD", 2)
    page, gate = screen.page, threading.Event()
    # Something else holds up the lane whole lists are read in.
    screen.shell.lanes.read(page, lambda _desk: gate.wait(20), lambda _done: None, whole_list=True)
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    rows_at = page.table.mapTo(page, QPoint(0, 0))
    page.model.sort_by("name", downwards=False)
    page.relist()
    qtbot.waitUntil(lambda: page.coming.isVisible() and not page.model.is_whole)
    assert page.table.mapTo(page, QPoint(0, 0)) == rows_at
    assert page.count.text() == "the first 2 leads · the rest is coming"
    way(page, qtbot)
    assert page.count.text() == "the first 2 leads · stopped"
    assert not page.coming.isVisible()
    assert not page.stop.isVisible()
    assert page.table.hasFocus()
    assert page.table.mapTo(page, QPoint(0, 0)) == rows_at
    gate.set()
    screen.settle()
    assert screen.texts("name") == ["Person 0", "Person 1"]
    page.model.resort()
    screen.settle()
    assert screen.texts("name") == ["Person 0", "Person 1", "Person 2"]
    assert page.count.text() == "3 leads"


def test_the_one_whose_card_is_open_is_waited_for(
    screen: Screen[LeadsPage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = screen.page
    page.model.sort_by("name", downwards=False)
    screen.settle()
    page.open_card(page.model.id_at(2))
    screen.settle()
    open_now = page.shown_id
    monkeypatch.setattr("leaddesk.ui.table_model.HEAD", 2)
    page.model.sort_by("id", downwards=False)
    page.model.show(lambda _sort, _down: LeadIds(sort="id", descending=False), "name", downwards=False)
    screen.settle()
    assert page.shown_id == open_now == page.table.current_id()


def test_changes_one_after_the_other_never_keep_a_long_list_from_coming(slow: Slow) -> None:
    slow.show()
    slow.register.ids.append(MANY + 1)
    for _ in range(3):
        slow.model.take_changes(Changes(many=True), frozenset())
    slow.register.gate.set()
    slow.wait(lambda: slow.model.rowCount() == MANY + 1 and slow.lanes.idle())
    assert slow.register.stopped == []
    assert slow.register.asked.count(LongIds()) <= 2
    assert slow.model.rowCount() == MANY + 1
    assert not slow.model.coming
