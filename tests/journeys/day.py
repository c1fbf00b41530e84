"""An operator at the keyboard: presses keys wherever the focus is, and waits until the answers are there."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.my_day import MyDayPage
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel
from tests.engines import TestClock

D = TypeVar("D", bound=QDialog)
NAMES = (
    "Olena Hrytsenko", "Kovács Gábor", "Marta Nowak", "Ivan Petrenko", "Rəşad Əliyev", "Jane Cooper",
    "Mart Tamm", "Anna Kiss", "Taras Bondar", "Iryna Lysenko", "Petro Moroz", "Sofia Kravets",
)  # fmt: skip
KEYS = {"Enter": Qt.Key.Key_Return, "Esc": Qt.Key.Key_Escape, "Tab": Qt.Key.Key_Tab, "Down": Qt.Key.Key_Down}
WITH = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
}


class Day:
    """The window, the keyboard, and a desk beside it."""

    def __init__(self, window: MainWindow, qtbot: QtBot, clock: TestClock, beside: Desk) -> None:
        self.window, self.qtbot, self.clock, self.beside = window, qtbot, clock, beside
        self.shell = window.shell
        self.dialled: list[str] = []
        self.pressed = 0
        self.shell.open_link = lambda link: self.dialled.append(link) is None
        self.saved: list[Path] = []

    def add_leads(self, count: int, **values: object) -> list[Lead]:
        made: list[Lead] = []
        for number, name in enumerate(NAMES[:count]):
            points = (
                PointInput(Channel.PHONE, f"+38044490{6231 + number * 17}"),
                PointInput(Channel.EMAIL, f"person{number}@firm{number}.example"),
            )
            command = AddLead(
                values={"name": name, "company": f"Firm {number}", "country": "UA", **values}, points=points
            )
            self.shell.lanes.do(self.window, command, lambda done: made.append(done.value), quiet=True)
        self.settle()
        return made

    def start(self) -> MyDayPage:
        """My day in front, the window active."""
        self.window.show_page("my_day")
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()
        self.settle()
        return self.page

    @property
    def page(self) -> MyDayPage:
        page = self.window.pages["my_day"]
        assert isinstance(page, MyDayPage)
        return page

    @property
    def lead_id(self) -> int:
        """Who is on the screen."""
        card = self.page.lead.card
        assert card is not None
        assert card.lead.id == self.page.lead.lead_id
        return card.lead.id

    def press(self, *keys: str) -> None:
        """Press keys such as “5”, “Enter”, “Ctrl+Enter”, “F2” where the focus is, then wait for the answers."""
        for key in keys:
            *withs, name = key.split("+")
            modifiers = Qt.KeyboardModifier.NoModifier
            for held in withs:
                modifiers |= WITH[held]
            code = KEYS.get(name) or getattr(Qt.Key, f"Key_{name}")
            QTest.keyClick(self.focused(), code, modifiers)
            self.pressed += 1
            self.settle()

    def write(self, text: str) -> None:
        """Letters of any alphabet, which `QTest.keyClicks` does not know."""
        for letter in text:
            if letter.isascii():
                QTest.keyClick(self.focused(), letter)
            else:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
                    QApplication.sendEvent(self.focused(), event)

    def focused(self) -> QWidget:
        here = QApplication.focusWidget()
        return here if isinstance(here, QWidget) else self.window

    def settle(self) -> None:
        """Until nothing is under way and views that wait a moment before they look again have looked."""
        self.qtbot.waitUntil(self.quiet, timeout=10_000)

    def quiet(self) -> bool:
        page = self.window.pages.get("my_day")
        looking = isinstance(page, MyDayPage) and (page.queue.looks_soon() or page.lead.looks_soon())
        return self.shell.lanes.idle() and not looking

    def dialog(self, kind: type[D]) -> D:
        """The dialog that has come up."""
        self.wait(lambda: bool(self.open_ones(kind)))
        found = self.open_ones(kind)[0]
        self.qtbot.waitUntil(found.isActiveWindow, timeout=5_000)
        self.settle()
        return found

    def closed(self, kind: type[QDialog]) -> None:
        """The dialog has gone; the window is in front again, as every desktop has it."""
        self.wait(lambda: not self.open_ones(kind))
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()
        self.settle()

    def open_ones(self, kind: type[D]) -> list[D]:
        return [d for d in self.window.findChildren(kind) if d.isVisible()]

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=5_000)
