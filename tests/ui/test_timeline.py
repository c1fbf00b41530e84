"""The timeline shows everything, or one kind of it, by keyboard as well."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from leaddesk.ui.shell import Shell
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.leads import AddNote
from tests.ui.cards import Card


@pytest.fixture
def card(shell: Shell, qtbot: QtBot) -> Card:
    made = Card(shell, qtbot)
    lead = made.add()
    made.desk.do(LogCall(lead_id=lead, outcome="no_answer"))
    made.desk.do(AddNote("Call after lunch", lead_id=lead))
    made.show(lead)
    return made


def kinds(card: Card) -> list[str]:
    lines = card.view.timeline.lines
    return [lines.line(row).kind for row in range(lines.rowCount())]


def test_a_chip_lets_one_kind_through_and_says_when_there_is_none(card: Card) -> None:
    timeline = card.view.timeline
    assert set(kinds(card)) == {"call", "note", "event"}
    timeline.chips["Notes"].click()
    assert kinds(card) == ["note"]
    timeline.chips["Letters"].click()
    assert kinds(card) == []
    assert timeline.empty.isVisible()
    assert timeline.empty.text() == "No letters yet. “All” shows the rest."
    timeline.chips["All"].click()
    assert not timeline.empty.isVisible()


def test_chips_are_reached_and_chosen_by_keyboard(card: Card) -> None:
    timeline = card.view.timeline
    timeline.chips["All"].setFocus(Qt.FocusReason.TabFocusReason)
    card.press(Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert timeline.kind == "Calls"
    assert kinds(card) == ["call"]


def test_the_kind_stays_chosen_from_lead_to_lead(card: Card) -> None:
    card.view.timeline.chips["Calls"].click()
    card.show(card.add(points=(), name="Taras Bondar"))
    assert kinds(card) == []
    assert card.view.timeline.chips["Calls"].isChecked()
