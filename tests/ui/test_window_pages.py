"""The pages of the window: opened, made ahead, dressed; the figures above them."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from leaddesk.ui.actions import PAGES
from leaddesk.ui.main_window import MainWindow
from leaddesk.workflow.settings import ChangeSetting
from tests.engines import TestClock
from tests.ui.window_scene import active, add, settle

SHEET = "QStyleSheetStyle"
"""Qt's own style of widgets that have a stylesheet, or are below one."""


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
    # On a slow machine the page would be made ahead before it is wished for.
    settings._ahead.stop()
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
