"""Work in the background: in order, dropped when late, told when failed."""

import threading
from dataclasses import dataclass
from typing import ClassVar

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from leaddesk.ui.jobs import Cancelled, Progress
from leaddesk.ui.shell import Shell
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.leads import AddLead, SaveDraft
from leaddesk.workflow.patience import PatienceLost, current
from leaddesk.workflow.ports import Work
from leaddesk.workflow.settings import ChangeSetting, SettingsNow
from leaddesk.workflow.team import Users


@dataclass(frozen=True)
class Fails(Command[None]):
    how: str
    journalled: ClassVar[bool] = False

    def handle(self, work: Work) -> None:
        raise {"refused": Refused("Say when."), "gone": Unavailable("The disk is full."), "bug": ZeroDivisionError()}[
            self.how
        ]


def test_an_answer_comes_back_in_the_ui_thread(shell: Shell, qtbot: QtBot) -> None:
    heard: list[tuple[object, QThread]] = []
    shell.lanes.ask(shell, Users(), lambda users: heard.append((users[0].login, QThread.currentThread())))
    qtbot.waitUntil(shell.lanes.idle)
    assert heard == [("anna", shell.thread())]


def test_a_later_question_under_the_same_key_silences_the_earlier(shell: Shell, qtbot: QtBot) -> None:
    heard: list[int] = []
    for number in range(5):
        shell.lanes.ask(shell, Users(), lambda _users, number=number: heard.append(number), key="search")
    shell.lanes.ask(shell, Users(), lambda _users: heard.append(10), key="other")
    shell.lanes.ask(shell, Users(), lambda _users: heard.append(11))
    shell.lanes.ask(shell, Users(), lambda _users: heard.append(12))
    qtbot.waitUntil(shell.lanes.idle)
    assert heard == [4, 10, 11, 12]


def test_an_answer_to_an_owner_who_is_gone_is_dropped(shell: Shell, qtbot: QtBot) -> None:
    from shiboken6 import delete

    owner, heard = QObject(), []
    shell.lanes.ask(owner, Users(), heard.append)
    delete(owner)
    qtbot.waitUntil(shell.lanes.idle)
    assert heard == []


def test_changes_are_told_before_the_wisher_and_the_toast(shell: Shell, qtbot: QtBot) -> None:
    order: list[str] = []
    shell.bridge.changed.connect(lambda changes: order.append(f"changed {sorted(changes.leads)}"))
    shell.messages.toast_posted.connect(lambda toast: order.append(f"toast {toast.operation > 0}"))
    shell.lanes.do(shell, AddLead(values={"name": "Olena"}), lambda done: order.append(f"then {done.value.id}"))
    qtbot.waitUntil(shell.lanes.idle)
    assert order == ["changed [1]", "then 1", "toast True"]


def test_commands_are_carried_out_in_the_order_wished(shell: Shell, qtbot: QtBot) -> None:
    for number in range(20):
        shell.lanes.do(shell, ChangeSetting("queue.hold_minutes", str(number + 1)), quiet=True)
    qtbot.waitUntil(shell.lanes.idle)
    assert shell.lanes.desk.read(SettingsNow()).number("queue.hold_minutes") == 20
    assert shell.settings.number("queue.hold_minutes") == 20


def test_a_refusal_goes_to_who_wished_else_to_a_toast(shell: Shell, qtbot: QtBot) -> None:
    heard: list[str] = []
    shell.lanes.do(shell, Fails("refused"), failed=lambda refused: heard.append(refused.words))
    shell.lanes.do(shell, Fails("refused"))
    qtbot.waitUntil(shell.lanes.idle)
    assert heard == ["Say when."]
    assert [(toast.kind, toast.words) for toast in shell.messages.said] == [("refused", "Say when.")]


def test_a_broken_world_is_told_even_where_refusals_are_handled(shell: Shell, qtbot: QtBot) -> None:
    heard: list[str] = []
    shell.messages.unavailable_posted.connect(heard.append)
    shell.lanes.do(shell, Fails("gone"), failed=lambda _refused: heard.append("wrong"))
    qtbot.waitUntil(shell.lanes.idle)
    assert heard == ["The disk is full."]


def test_a_bug_is_reported_and_the_next_command_still_works(shell: Shell, qtbot: QtBot) -> None:
    heard: list[object] = []
    shell.lanes.do(shell, Fails("bug"))
    shell.lanes.do(shell, SaveDraft("here", "text"), heard.append, quiet=True)
    qtbot.waitUntil(shell.lanes.idle)
    shell.lanes.ask(shell, Users(), lambda users: users[99])
    qtbot.waitUntil(shell.lanes.idle)
    assert [type(bug) for bug in shell.messages.bugs] == [ZeroDivisionError, IndexError]
    assert len(heard) == 1
    shell.messages.bugs.clear()


def test_long_work_tells_how_far_it_is_and_leaves_the_writer_free(shell: Shell, qtbot: QtBot) -> None:
    gate, steps, ended = threading.Event(), [], []

    def work(desk: Desk, progress: Progress) -> int:
        progress(1, 2)
        assert gate.wait(10)
        desk.do(AddLead(values={"name": "By long work"}))
        progress(2, 2)
        return 7

    changes: list[Changes] = []
    shell.bridge.changed.connect(changes.append)
    shell.lanes.run(shell, work, ended.append, progress=lambda done, total: steps.append((done, total)))
    with qtbot.waitSignal(shell.bridge.changed):
        shell.lanes.do(shell, AddLead(values={"name": "By hand"}))
    assert ended == []
    gate.set()
    qtbot.waitUntil(shell.lanes.idle)
    assert (steps, ended) == ([(1, 2), (2, 2)], [7])
    assert [sorted(c.leads) for c in changes] == [[1], [2]]


def test_long_work_can_be_cancelled(shell: Shell, qtbot: QtBot) -> None:
    started, failures = threading.Event(), []

    def work(_desk: Desk, progress: Progress) -> None:
        started.set()
        while True:
            progress(0, 0)

    job = shell.lanes.run(shell, work, lambda _none: pytest.fail("it was cancelled"), failed=failures.append)
    qtbot.waitUntil(started.is_set)
    job.cancel()
    qtbot.waitUntil(shell.lanes.idle)
    assert [type(failure) for failure in failures] == [Cancelled]


def test_an_answer_that_takes_long_says_that_it_is_coming(shell: Shell, qtbot: QtBot) -> None:
    gate, heard = threading.Event(), []
    shell.lanes.waiting_changed.connect(heard.append)
    shell.lanes.read(shell, lambda _desk: gate.wait(10), lambda _answer: None)
    qtbot.waitUntil(lambda: heard == [True])
    gate.set()
    qtbot.waitUntil(lambda: heard == [True, False])


def test_stopping_finishes_what_is_being_written(shell: Shell, store: object) -> None:
    for number in range(10):
        shell.lanes.do(shell, SaveDraft(f"place {number}", "typed"), quiet=True)
    shell.lanes.stop()
    with shell.lanes.desk.store.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM draft").scalar() == 10


def test_asking_anew_stops_what_was_asked_before_in_the_middle(shell: Shell, qtbot: QtBot) -> None:
    begun, lost, heard = threading.Event(), threading.Event(), []

    def slow(_desk: Desk) -> str:
        patience = current()
        assert patience is not None
        with patience.stopping(lost.set):
            begun.set()
            assert lost.wait(10)
        raise PatienceLost

    shell.lanes.read(shell, slow, heard.append, key="list", whole_list=True)
    qtbot.waitUntil(begun.is_set)
    shell.lanes.read(shell, lambda _desk: "new", heard.append, key="list", whole_list=True)
    qtbot.waitUntil(shell.lanes.idle)
    assert heard == ["new"]
    assert current() is None


def test_what_is_dropped_is_stopped_and_told_to_nobody(shell: Shell, qtbot: QtBot) -> None:
    begun, lost, heard = threading.Event(), threading.Event(), []

    def slow(desk: Desk) -> object:
        patience = current()
        assert patience is not None
        with patience.stopping(lost.set):
            begun.set()
            assert lost.wait(10)
        return desk.read(Users())

    shell.lanes.read(shell, slow, heard.append, key="list", failed=heard.append)
    assert shell.lanes.asking(shell, "list")
    qtbot.waitUntil(begun.is_set)
    shell.lanes.drop(shell, "list")
    shell.lanes.drop(shell, "nothing was asked under this")
    assert not shell.lanes.asking(shell, "list")
    qtbot.waitUntil(shell.lanes.idle)
    assert heard == []


def test_a_whole_list_is_read_beside_other_questions(shell: Shell, qtbot: QtBot) -> None:
    gate, heard = threading.Event(), []
    shell.lanes.read(shell, lambda _desk: gate.wait(10), lambda _done: heard.append("list"), whole_list=True)
    shell.lanes.ask(shell, Users(), lambda _users: heard.append("users"))
    qtbot.waitUntil(lambda: bool(heard))
    assert not shell.lanes.writing()
    gate.set()
    qtbot.waitUntil(shell.lanes.idle)
    assert heard == ["users", "list"]
