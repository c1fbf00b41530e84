"""Toasts offer what can be done, and no longer what was refused."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.main_window import MainWindow
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.leads import AddLead, EditLead
from tests.engines import TestClock, sit_down


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.shell.lanes.idle, timeout=10_000)


@pytest.fixture
def anna(store: DbStore, clock: TestClock) -> Desk:
    """Somebody else, at another desk."""
    return sit_down(store, clock, "anna")


@pytest.fixture
def lead(window: MainWindow, qtbot: QtBot) -> Lead:
    """A lead, and the window in front that has just brought it in."""
    window.show_page("settings")
    settle(window, qtbot)
    made: list[Lead] = []
    window.shell.lanes.do(window, AddLead(values={"name": "Olena"}), lambda done: made.append(done.value), quiet=True)
    settle(window, qtbot)
    return made[0]


def said(window: MainWindow) -> list[tuple[str, list[str]]]:
    """What stands at the bottom, by kind, with its buttons."""
    return [
        (frame.toast.kind, [button.text() for button in frame.findChildren(QAbstractButton)])
        for frame in window.toasts.frames
    ]


def test_what_cannot_be_undone_is_no_longer_offered(window: MainWindow, lead: Lead, anna: Desk, qtbot: QtBot) -> None:
    window.shell.lanes.do(window, EditLead(lead_id=lead.id, values={"interest": "chairs"}))
    settle(window, qtbot)
    assert said(window) == [("done", ["Undo", "✕"])]
    anna.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}))
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window.stack.currentWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert said(window) == [("refused", ["✕"])]
    assert "by Anna Operator" in window.toasts.frames[0].toast.words


def test_another_toast_still_offers_its_own(window: MainWindow, lead: Lead, anna: Desk, qtbot: QtBot) -> None:
    window.shell.lanes.do(window, AddLead(values={"name": "Marta"}))
    window.shell.lanes.do(window, EditLead(lead_id=lead.id, values={"interest": "chairs"}))
    settle(window, qtbot)
    other, refused = (frame.toast.operation for frame in window.toasts.frames)
    anna.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}))
    window.undo_redo.undo(refused)
    settle(window, qtbot)
    assert [frame.toast.operation for frame in window.toasts.frames] == [other, 0]


def test_what_cannot_be_done_again_is_no_longer_offered(
    window: MainWindow, lead: Lead, anna: Desk, qtbot: QtBot
) -> None:
    window.shell.lanes.do(window, EditLead(lead_id=lead.id, values={"interest": "chairs"}), quiet=True)
    settle(window, qtbot)
    window.undo_redo.undo()
    settle(window, qtbot)
    assert said(window) == [("undone", ["Redo", "✕"])]
    anna.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}))
    window.undo_redo.redo()
    settle(window, qtbot)
    assert said(window) == [("refused", ["✕"])]
    assert "cannot be redone" in window.toasts.frames[0].toast.words
