"""The page of duplicates in the real window, cards of a few people, and the keyboard."""

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.duplicates import DuplicatesPage
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead, AddNote
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel

OLENA, OLENA_AGAIN = "Olena Hrytsenko", "Hrytsenko Olena"


def add(desk: Desk, name: str, phone: str = "", **values: str) -> int:
    points = (PointInput(Channel.PHONE, phone),) if phone else ()
    given = {"name": name, "company": "Klochkivska Trade", "city": "Kharkiv", "country": "UA", **values}
    return desk.do(AddLead(values=given, points=points, even_if_known=True)).value.id


def nothing(_done: int, _total: int) -> None:
    """Nobody watches."""


class Floor:
    """The page in the real window, three cards of one person, two of another, and the keyboard."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.shell, self.qtbot = window, window.shell, qtbot
        self.desk = window.shell.lanes.desk
        self.olena = add(self.desk, OLENA, "+380577054122")
        self.again = add(self.desk, OLENA_AGAIN, "+380577054122")
        self.marta = add(self.desk, "Marta Nowak", "+48221234567", company="Biuro Plus", city="Warszawa", country="PL")
        self.marta_again = add(self.desk, "Marta Nowak", "+48221234567", company="Biuro Plus", city="Warszawa")
        self.alone = add(self.desk, "Somebody Else", "+380444906231", company="Firm", city="Kyiv")
        self.shell.bridge.tell(self.desk.do(AddNote("From the fair", lead_id=self.again)).changes)
        window.activateWindow()
        self.settle()

    @property
    def page(self) -> DuplicatesPage:
        page = self.window.pages["duplicates"]
        assert isinstance(page, DuplicatesPage)
        return page

    def open(self) -> "Floor":
        self.shell.actions.trigger("duplicates")
        self.settle()
        return self

    def settle(self) -> None:
        def rests() -> bool:
            page = self.window.stack.currentWidget()
            return self.shell.lanes.idle() and not getattr(page, "is_resting", False)

        for _ in range(3):
            self.qtbot.wait(0)
            self.qtbot.waitUntil(rests, timeout=10_000)

    def press(self, keys: str) -> None:
        """Keys where the focus is, as a person presses them."""
        combination = QKeySequence(keys)[0]
        if QApplication.activeModalWidget() is None:
            # No window manager here gives the focus back when a dialog closes.
            self.window.activateWindow()
            self.qtbot.waitUntil(self.window.isActiveWindow)
        target = QApplication.focusWidget() or QApplication.activeModalWidget() or self.window
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.settle()

    def dialog(self, kind: type[QDialog]) -> QDialog:
        self.settle()
        return next(found for found in self.window.findChildren(kind) if found.isVisible())

    def shown(self) -> list[tuple[int, int]]:
        model = self.page.model
        pairs = [model.pair(row) for row in range(model.rowCount())]
        return [(pair.a, pair.b) for pair in pairs if pair is not None]

    def leads(self) -> set[int]:
        return set(self.desk.read(LeadIds()))
