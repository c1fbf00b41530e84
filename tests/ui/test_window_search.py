"""The search above every page."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from leaddesk.ui.actions import PAGES
from leaddesk.ui.main_window import MainWindow
from leaddesk.workflow.leads import AddLead
from tests.ui.watchdog import Watchdog
from tests.ui.window_scene import active, add, settle


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
