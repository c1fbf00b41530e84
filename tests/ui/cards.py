"""A lead's card on the screen, for tests of its parts."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.lead import LeadCardView
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import Drafts, LeadCard, LeadCardData
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel

PHONES = (PointInput(Channel.PHONE, "+380444906231", "office"), PointInput(Channel.PHONE, "+380444906248"))


class Card:
    """The view, what is stored, and the keyboard."""

    def __init__(self, shell: Shell, qtbot: QtBot) -> None:
        self.shell, self.qtbot, self.desk = shell, qtbot, shell.lanes.desk
        self.view = LeadCardView(shell)
        qtbot.addWidget(self.view)
        self.view.resize(620, 800)
        self.view.show()
        with qtbot.waitActive(self.view):
            self.view.activateWindow()

    def add(self, points: tuple[PointInput, ...] = PHONES, **values: Any) -> int:
        given = {"name": "Olena Hrytsenko", "company": "Firm", "country": "UA", **values}
        return self.desk.do(AddLead(values=given, points=points, even_if_known=True)).value.id

    def show(self, lead_id: int) -> None:
        self.view.show_lead(lead_id)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.shell.lanes.idle() and not self.view.looks_soon(), timeout=10_000)

    def stored(self, lead_id: int) -> LeadCardData:
        return self.desk.read(LeadCard(lead_id))

    def drafts(self) -> dict[str, str]:
        return self.desk.read(Drafts())

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget(), key)

    def write(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=10_000)
