"""A table of a hundred thousand: only what is seen is fetched, nothing resets, nobody loses his place."""

from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QObject, QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui import theme as look
from leaddesk.ui.bridge import Bridge
from leaddesk.ui.columns import Column, ColumnMemory, Say
from leaddesk.ui.jobs import Lanes
from leaddesk.ui.messages import Messages
from leaddesk.ui.table_model import BLOCK, COMING, KEPT_ROWS, TableModel
from leaddesk.ui.table_model_merge import SORTED_OUT_AT_MOST, Insertion, Removal, merge_steps
from leaddesk.ui.table_view import TableView
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.desk import Command, Desk, Question
from leaddesk.workflow.entities import User
from leaddesk.workflow.errors import Unavailable
from leaddesk.workflow.ports import Work
from tests.engines import TestClock

MANY = 100_000


@dataclass(frozen=True)
class Person:
    id: int
    name: str


@dataclass(frozen=True)
class PersonIds(Question["array[int]"]):
    sort: str = "id"
    descending: bool = False


@dataclass(frozen=True)
class People(Question[list[Person]]):
    ids: tuple[int, ...]


@dataclass
class Register:
    """A store that holds people in memory and remembers what it was asked."""

    ids: "array[int]"
    names: dict[int, str] = field(default_factory=dict)
    asked: list[Question[Any]] = field(default_factory=list)
    broken: bool = False

    def read(self, question: Question[Any], user: User, now: datetime) -> Any:
        self.asked.append(question)
        if self.broken:
            raise Unavailable("The disk is gone.")
        if isinstance(question, PersonIds):
            return array("q", reversed(self.ids)) if question.descending else array("q", self.ids)
        assert isinstance(question, People)
        here = set(self.ids)
        return [Person(i, self.names.get(i, f"Person {i}")) for i in question.ids if i in here]

    def work(self, user: User, now: datetime, command: Command[Any]) -> AbstractContextManager[Work]:
        raise NotImplementedError

    @property
    def blocks(self) -> list[tuple[int, ...]]:
        """The rows asked for, ask by ask."""
        return [q.ids for q in self.asked if isinstance(q, People)]


COLUMNS: tuple[Column[Person], ...] = (
    Column("name", "Name", lambda p, _s: p.name, sort="name", width=200, bold=True, sub=lambda p, _s: f"number {p.id}"),
    Column("id", "Number", lambda p, _s: str(p.id), sort="id", align="end"),
)


@dataclass
class Table:
    register: Register
    lanes: Lanes
    model: TableModel
    view: TableView
    settle: Callable[[], None]

    def list(self, *, downwards: bool = False) -> None:
        self.model.show(PersonIds, "id", downwards=downwards)
        self.settle()


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Iterator[Table]:
    register = Register(array("q", range(1, MANY + 1)))
    home = QObject()
    lanes = Lanes(Bridge(home), Messages(home), home)
    lanes.open(lambda: Desk(register, TestClock(), User(login="a", name="A")), lambda _desk: None, _fail)
    frame = QWidget()
    qtbot.addWidget(frame)
    model = TableModel(lanes, COLUMNS, People, lambda: Say(UTC, datetime(2026, 3, 2, tzinfo=UTC)), frame)
    memory = ColumnMemory(QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat))
    view = TableView("people", model, look.current(), memory, frame)
    frame.resize(700, 500)
    view.resize(700, 500)
    frame.show()

    def settle() -> None:
        """Until nothing is under way and what is seen has been painted."""
        for _ in range(3):
            view.viewport().repaint()
            qtbot.waitUntil(lambda: lanes.idle() and not model.fetching)

    yield Table(register, lanes, model, view, settle)
    lanes.stop()


def _fail(error: Exception) -> None:
    raise error


def shown(table: Table, row: int) -> str:
    return str(table.model.index(row, 0).data())


def test_the_model_keeps_qts_rules(table: Table) -> None:
    table.register.ids = array("q", range(1, 1001))
    tester = QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.list()
    table.register.ids = array("q", [*range(50, 90), 2001, *range(100, 900), 2002])
    table.model.take_changes(Changes(many=True), frozenset())
    table.settle()
    assert table.model.rowCount() == len(table.register.ids)
    assert tester.model() is table.model


def test_only_what_is_seen_is_fetched(table: Table) -> None:
    table.list()
    assert table.model.rowCount() == MANY
    assert table.register.blocks == [tuple(range(1, BLOCK + 1))]
    assert shown(table, 0) == "Person 1"
    table.view.scrollTo(table.model.index(50_050, 0), TableView.ScrollHint.PositionAtTop)
    table.settle()
    assert table.register.blocks[1:] == [tuple(range(50_001, 50_101))]
    assert shown(table, 50_050) == "Person 50051"


def test_reading_a_cell_never_asks_by_itself(table: Table) -> None:
    table.list()
    before = len(table.register.asked)
    assert shown(table, 70_000) == COMING
    assert len(table.register.asked) == before
    table.settle()
    assert shown(table, 70_000) == "Person 70001"


def test_what_was_scrolled_past_is_not_fetched(table: Table, qtbot: QtBot) -> None:
    table.list()
    for row in range(0, MANY, 500):
        shown(table, row)
    table.settle()
    assert len(table.register.blocks) <= 4
    assert sum(map(len, table.register.blocks)) <= 5 * BLOCK


def test_rows_fetched_long_ago_are_forgotten(table: Table, qtbot: QtBot) -> None:
    table.list()
    for block in range(2 * KEPT_ROWS // BLOCK):
        shown(table, block * BLOCK)
        qtbot.waitUntil(lambda: not table.model.fetching)
    assert table.model.known() <= KEPT_ROWS


def test_a_change_fetches_the_one_row_anew_and_resets_nothing(table: Table, qtbot: QtBot) -> None:
    table.list()
    table.view.go_to(3)
    before = len(table.register.blocks)
    table.register.names[4] = "Olena"
    with qtbot.assertNotEmitted(table.model.modelReset):
        table.model.take_changes(Changes(frozenset({4, 99_000})), frozenset({4, 99_000}))
        assert shown(table, 3) == "Person 4", "the old words stand until the new ones are here"
        table.settle()
    assert table.register.blocks[before:] == [(4,)]
    assert shown(table, 3) == "Olena"
    assert table.view.current_id() == 4


def test_many_changes_fetch_what_is_seen_anew(table: Table, qtbot: QtBot) -> None:
    table.list()
    before = len(table.register.blocks)
    with qtbot.assertNotEmitted(table.model.modelReset):
        table.model.take_changes(Changes(many=True), frozenset())
        table.settle()
    assert table.register.blocks[before:] == [tuple(range(1, BLOCK + 1))]


def test_newcomers_and_leavers_keep_everybody_chosen(table: Table, qtbot: QtBot) -> None:
    table.list()
    table.view.go_to(10)
    choose = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (20, 21, 30):
        table.view.selectionModel().select(table.model.index(row, 0), choose)
    table.register.ids = array("q", [200_000, *range(1, 5), *range(8, 25), 200_001, *range(26, MANY + 1)])
    with qtbot.assertNotEmitted(table.view.row_chosen), qtbot.assertNotEmitted(table.model.modelReset):
        table.model.take_changes(Changes(frozenset({25})), frozenset({25}))
        table.settle()
    assert list(table.model.ids_between(0, MANY)) == list(table.register.ids)
    assert table.view.chosen_ids() == (11, 21, 22, 31)
    assert table.view.current_id() == 11


def test_an_edited_row_does_not_run_away(table: Table) -> None:
    table.list()
    table.view.go_to(500)
    table.register.ids = array("q", [501, *range(1, 501), *range(502, MANY + 1)])
    table.model.take_changes(Changes(frozenset({501})), frozenset({501}))
    table.settle()
    assert table.view.currentIndex().row() == 500
    table.model.resort()
    table.settle()
    assert table.model.id_at(0) == 501


def test_the_chosen_stay_chosen_when_the_list_is_too_different_to_sort_out(table: Table) -> None:
    table.list()
    table.view.go_to(7)
    table.register.ids = array("q", reversed(range(3, MANY + 1)))
    table.model.take_changes(Changes(many=True), frozenset())
    table.settle()
    assert table.view.current_id() == 8
    assert table.view.chosen_ids() == (8,)
    assert table.model.row_of(8) == MANY - 8


def test_everybody_is_one_range(table: Table) -> None:
    table.list()
    table.view.selectAll()
    assert table.view.ranges() == [(0, MANY - 1)]
    assert table.view.chosen_count() == MANY
    assert table.view.chosen_ids() == tuple(range(1, MANY + 1))
    assert len(table.register.blocks) == 1, "choosing reads no rows"
    head = table.view.horizontalHeader()
    assert not head.selectionModel().hasSelection(), "else the header asks of every row whether it is chosen"


def test_a_late_answer_to_an_older_list_is_dropped(table: Table) -> None:
    table.model.show(PersonIds, "id", downwards=False)
    table.model.show(PersonIds, "id", downwards=True)
    table.settle()
    assert table.model.id_at(0) == MANY


def test_a_row_that_is_gone_is_not_asked_for_again_and_again(table: Table) -> None:
    table.list()
    table.register.ids = array("q", range(3, MANY + 1))
    table.model.take_changes(Changes(frozenset({1})), frozenset({1}))
    table.settle()
    before = len(table.register.asked)
    table.settle()
    assert len(table.register.asked) == before
    assert table.model.id_at(0) == 3


def test_a_failed_answer_is_told_and_the_next_painting_tries_again(table: Table, qtbot: QtBot) -> None:
    table.list()
    table.register.broken = True
    with qtbot.waitSignal(table.model.failed) as told:
        shown(table, 60_000)
    assert isinstance(told.args[0], Unavailable)
    table.register.broken = False
    shown(table, 60_000)
    table.settle()
    assert shown(table, 60_000) == "Person 60001"


def test_sorting_by_header_and_back(table: Table, qtbot: QtBot) -> None:
    table.list()
    head = table.view.horizontalHeader()
    at = head.sectionViewportPosition(1) + 20
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=head.viewport().rect().topLeft() + _across(at))
    table.settle()
    assert (table.model.sort_key, table.model.downwards) == ("id", True)
    assert table.model.id_at(0) == MANY


def _across(x: int) -> Any:
    from PySide6.QtCore import QPoint

    return QPoint(x, 8)


def test_enter_opens_and_typing_searches(table: Table, qtbot: QtBot) -> None:
    table.list()
    table.view.setFocus()
    qtbot.keyClick(table.view, Qt.Key.Key_End)
    assert table.view.current_id() == MANY
    with qtbot.waitSignal(table.view.open_requested) as opened:
        qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert opened.args == [MANY]
    with qtbot.waitSignal(table.view.text_typed) as typed:
        qtbot.keyClick(table.view, Qt.Key.Key_K)
    assert typed.args == ["k"]


ids = st.lists(st.integers(1, 60), unique=True)


@given(ids, ids)
def test_merging_gives_the_newer_set_and_keeps_places(old: list[int], new: list[int]) -> None:
    was, now = array("q", old), array("q", new)
    for step in merge_steps(array("q", old), now):
        if isinstance(step, Removal):
            assert step.count > 0
            assert step.at + step.count <= len(was)
            del was[step.at : step.at + step.count]
        else:
            assert isinstance(step, Insertion)
            assert 0 <= step.at <= len(was)
            was[step.at : step.at] = step.ids
    assert sorted(was) == sorted(new)
    assert [i for i in was if i in set(old)] == [i for i in old if i in set(new)]


def test_a_difference_too_large_takes_the_new_order() -> None:
    old = array("q", range(SORTED_OUT_AT_MOST))
    new = array("q", reversed(range(SORTED_OUT_AT_MOST)))
    assert merge_steps(old, new) == [Removal(0, len(old)), Insertion(0, new)]
