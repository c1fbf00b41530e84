"""Every key means one thing, and every action is offered where it can be found."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.actions import DECLARED, MENUS, PAGES, page_action
from leaddesk.ui.keys_sheet import COLUMNS
from leaddesk.ui.shell import Shell


def test_no_two_actions_share_a_key() -> None:
    keys = Counter(
        QKeySequence(key).toString() for action in DECLARED for key in (action.shortcut, *action.also) if key
    )
    assert [key for key, times in keys.items() if times > 1] == []
    assert all(QKeySequence(a.shortcut).toString() for a in DECLARED if a.shortcut)


def test_ids_are_unique_and_every_menu_is_on_the_sheet() -> None:
    assert len({action.id for action in DECLARED}) == len(DECLARED)
    assert {action.menu for action in DECLARED} == set(MENUS) == {menu for menus in COLUMNS for menu in menus}


def test_no_key_is_taken_from_typing() -> None:
    """Plain keys, and the keys that text fields live by, never answer in the whole window."""
    for action in DECLARED:
        if action.anywhere and action.shortcut and not action.told_only:
            key = QKeySequence(action.shortcut)[0]
            plain = key.keyboardModifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            assert not plain or action.shortcut.startswith("F"), action.id
            assert action.shortcut not in ("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X"), action.id


@pytest.mark.parametrize("action", [a for a in DECLARED if a.run], ids=lambda a: a.id)
def test_an_action_nobody_takes_becomes_the_shells_wish(shell: Shell, qtbot: QtBot, action: object) -> None:
    with qtbot.waitSignal(getattr(shell, action.run)):
        shell.actions.trigger(action.id)


def test_the_newest_visible_owner_takes_it(shell: Shell, qtbot: QtBot) -> None:
    first, second, taken = QWidget(), QWidget(), []
    for name, owner in (("first", first), ("second", second)):
        qtbot.addWidget(owner)
        owner.show()
        shell.actions.on("defer", owner, lambda name=name: taken.append(name))
    shell.actions.trigger("defer")
    second.hide()
    shell.actions.trigger("defer")
    first.hide()
    assert not shell.actions.can("defer")
    shell.actions.trigger("defer")
    assert taken == ["second", "first"]
    assert [toast.kind for toast in shell.messages.said] == ["refused"]


def test_digits_are_commands_beside_a_field_and_text_inside_it(shell: Shell, qtbot: QtBot) -> None:
    page, taken = QWidget(), []
    qtbot.addWidget(page)
    field, button = QLineEdit(), QPushButton("Somewhere")
    box = QVBoxLayout(page)
    box.addWidget(field)
    box.addWidget(button)
    shell.actions.add_plain_keys(page, ("outcome_5", "take"))
    shell.actions.on("outcome_5", page, lambda: taken.append("5"))
    shell.actions.on("take", page, lambda: taken.append("take"))
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_5)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert taken == ["5", "take"]
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_5)
    assert field.text() == "5"
    assert taken == ["5", "take"]


def test_pages_have_their_keys() -> None:
    by_id = {action.id: action for action in DECLARED}
    assert [by_id[page_action(key)].text for key, _, _ in PAGES] == [title for _, title, _ in PAGES]
