"""The window with something in it, for tests of its frame."""

from pytestqt.qtbot import QtBot

from leaddesk.ui.main_window import MainWindow
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.shell.lanes.idle, timeout=10_000)


def add(window: MainWindow, qtbot: QtBot, name: str, phone: str = "") -> Lead:
    made: list[Lead] = []
    points = (PointInput(Channel.PHONE, phone),) if phone else ()
    command = AddLead(values={"name": name, "company": f"{name} and sons"}, points=points)
    window.shell.lanes.do(window, command, lambda done: made.append(done.value))
    settle(window, qtbot)
    return made[0]


def active(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
