"""Work in steps with turns of the event loop between them, and what is built and dressed that way."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.in_turns import InTurns, Steps, Turns, at_once
from leaddesk.ui.shell import Shell


def steps(said: list[str], *words: str) -> Steps:
    for word in words:
        said.append(word)
        yield


class Pair(InTurns):
    """Two labels, one after the other."""

    def __init__(self, *, in_turns: bool = False) -> None:
        super().__init__()
        self.begin(in_turns=in_turns)

    def build(self) -> Steps:
        self.first = QLabel("first", self)
        yield
        self.second = QLabel("second", self)

    def parts(self) -> tuple[QWidget, ...]:
        return (self.first, self.second)


@pytest.fixture
def turns(qtbot: QtBot) -> Turns:
    return Turns()


def test_one_step_a_turn_in_order_and_then_what_follows(turns: Turns, qtbot: QtBot) -> None:
    said: list[str] = []
    owner = QObject()
    turns.run(owner, steps(said, "a", "b"), lambda: said.append("then"), key="one")
    turns.run(owner, steps(said, "c"), key="two")
    assert said == []
    with qtbot.waitSignal(turns.ended):
        pass
    assert said == ["a", "b", "then", "c"]


def test_what_is_wanted_first_goes_before_what_has_begun(turns: Turns, qtbot: QtBot) -> None:
    said: list[str] = []
    owner = QObject()
    turns.run(owner, steps(said, "a", "b"), key="one")
    turns._turn()
    turns.run(owner, steps(said, "c"), key="two", first=True)
    with qtbot.waitSignal(turns.ended):
        pass
    assert said == ["a", "c", "b"]


def test_only_the_newest_under_a_key_is_done(turns: Turns, qtbot: QtBot) -> None:
    said: list[str] = []
    owner, other = QObject(), QObject()
    turns.run(owner, steps(said, "old"), lambda: said.append("never"), key="page")
    turns.run(other, steps(said, "another's"), key="page")
    turns.run(owner, steps(said, "new"), key="page")
    with qtbot.waitSignal(turns.ended):
        pass
    assert said == ["another's", "new"]


def test_whoever_has_gone_is_forgotten_and_the_others_go_on(turns: Turns, qtbot: QtBot) -> None:
    said: list[str] = []
    gone, owner = QWidget(), QObject()
    turns.run(gone, steps(said, "gone"), lambda: said.append("never"), key="one")
    turns.run(owner, steps(said, "there"), key="two")
    gone.deleteLater()
    with qtbot.waitSignal(gone.destroyed):
        pass
    qtbot.waitUntil(lambda: said == ["there"])


def test_a_step_that_fails_is_told_once_and_the_others_go_on(turns: Turns, qtbot: QtBot) -> None:
    said: list[str] = []
    owner = QObject()

    def failing() -> Steps:
        yield
        raise KeyError("column")

    turns.run(owner, failing(), lambda: said.append("never"), key="one")
    turns.run(owner, steps(said, "next"), key="two")
    with qtbot.captureExceptions() as told, qtbot.waitSignal(turns.ended):
        pass
    assert [kind for kind, _error, _trace in told] == [KeyError]
    assert said == ["next"]


def test_nothing_is_at_rest_while_there_are_steps_to_do(shell: Shell, qtbot: QtBot) -> None:
    said: list[str] = []
    shell.turns.run(shell, steps(said, "a", "b"), key="one")
    assert not shell.lanes.idle()
    with qtbot.waitSignal(shell.lanes.became_idle):
        pass
    assert said == ["a", "b"]
    assert shell.lanes.idle()


def test_a_widget_stands_at_once_or_when_its_steps_are_done(qtbot: QtBot) -> None:
    now, later = Pair(), Pair(in_turns=True)
    for pair in (now, later):
        qtbot.addWidget(pair)
    assert now.stands
    next(later.building)
    assert later.first.text() == "first"
    assert not later.stands
    at_once(later.building)
    assert later.stands
    assert len(later.parts()) == 2
