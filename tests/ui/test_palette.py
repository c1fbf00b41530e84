"""Ctrl+K finds every action by the beginnings of its words, and everybody by name."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from leaddesk.ui.actions import DECLARED
from leaddesk.ui.keys_sheet import KeysSheet
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.palette import Palette, fits
from leaddesk.ui.widgets import KeyCap
from leaddesk.workflow.leads import AddLead


@pytest.fixture
def palette(window: MainWindow, qtbot: QtBot) -> Palette:
    window.show_page("settings")
    window.shell.lanes.do(window, AddLead(values={"name": "Leadbetter Importers"}), quiet=True)
    qtbot.waitUntil(window.shell.lanes.idle)
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    found = window.findChild(Palette)
    assert found is not None
    return found


def titles(palette: Palette) -> list[str]:
    model = palette.list.choices
    return [model.data(model.index(row)) for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("typed", "words", "found"),
    [
        ("le add", "Add a lead", True),
        ("ADD", "Add a lead", True),
        ("dd", "Add a lead", False),
        ("add x", "Add a lead", False),
        ("", "Add a lead", True),
    ],
)
def test_words_are_found_by_their_beginnings(typed: str, words: str, found: bool) -> None:
    assert fits(typed, words) is found


def test_every_action_that_can_be_done_is_there(palette: Palette, window: MainWindow) -> None:
    can = [a.text for a in DECLARED if a.id != "palette" and window.shell.actions.can(a.id)]
    assert titles(palette) == can
    assert {"Add a lead", "Undo", "My day", "Settings", "All keys"} <= set(can)


def test_actions_come_at_once_and_people_after_them(palette: Palette, window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.line, "imp")
    assert titles(palette) == ["Import a list"]
    qtbot.waitUntil(window.shell.lanes.idle)
    assert titles(palette) == ["Import a list", "Leadbetter Importers"]


def test_enter_does_it_after_the_palette_has_gone(palette: Palette, window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.line, "leadbetter")
    qtbot.waitUntil(window.shell.lanes.idle)
    window.shell.lead_requested.disconnect()
    with qtbot.waitSignal(window.shell.lead_requested):
        qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_ctrl_s_is_called_by_what_it_does_everywhere(palette: Palette, window: MainWindow, qtbot: QtBot) -> None:
    saved: list[str] = []
    window.shell.actions.on("save_note", window, lambda: saved.append("template"))
    qtbot.keyClicks(palette.line, "save")
    assert titles(palette) == ["Save"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: saved == ["template"])


def test_outcomes_go_by_the_names_this_floor_gave_them(palette: Palette, window: MainWindow, qtbot: QtBot) -> None:
    palette.close()
    window.show_page("my_day")
    qtbot.waitUntil(lambda: window.shell.lanes.idle() and window.shell.actions.taken("outcome_1"))
    window.shell.palette_requested.emit()
    opened = next(found for found in window.findChildren(Palette) if found.isVisible())
    named = {outcome.title for outcome in window.shell.outcomes if outcome.digit in range(10)}
    assert named <= set(titles(opened))
    assert not [title for title in titles(opened) if title.startswith("Outcome")]
    first = window.shell.outcome(1)
    assert first is not None
    qtbot.keyClicks(opened.line, first.title[:4].lower())
    assert titles(opened)[0] == first.title
    # By its digit, too.
    opened.line.clear()
    qtbot.keyClicks(opened.line, "outcome 1")
    assert titles(opened) == [first.title]
    opened.close()


def test_arrows_move_and_nothing_found_is_said(palette: Palette, window: MainWindow, qtbot: QtBot) -> None:
    first = titles(palette)[:2]
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentIndex().data() == first[1]
    qtbot.keyClicks(palette.line, "zzzz")
    qtbot.waitUntil(window.shell.lanes.idle)
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_the_sheet_of_keys_shows_every_key_with_this_floors_outcomes(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("settings")
    qtbot.waitUntil(window.shell.lanes.idle)
    window.shell.actions.trigger("keys")
    sheet = window.findChild(KeysSheet)
    assert sheet is not None
    caps = {cap.text() for cap in sheet.findChildren(KeyCap)}
    assert caps >= {window.shell.actions.keys(a.id) for a in DECLARED if a.shortcut}
    words = {label.text() for label in sheet.findChildren(QLabel)}
    assert {outcome.title for outcome in window.shell.outcomes} <= words
    sheet.close()
