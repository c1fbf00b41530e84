"""The Letters page on the screen, the desk and the world behind it."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from leaddesk.ui.letters.list_pane import ListPane
from leaddesk.ui.pages.letters import LettersPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from tests.engines import TestClock
from tests.mail_server import LoopbackSmtp
from tests.outbox.posting import MINUTE

CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Floor:
    """The page on the screen, the desk and the world behind it."""

    page: LettersPage
    shell: Shell
    desk: Desk
    clock: TestClock
    server: LoopbackSmtp
    qtbot: QtBot

    def settle(self) -> None:
        for _ in range(3):
            self.page.pane.table.viewport().repaint()
            self.qtbot.waitUntil(self._at_rest)

    def _at_rest(self) -> bool:
        panes: tuple[ListPane, ...] = (self.page.letters, self.page.answers)
        at_rest = not self.page.is_resting and not any(pane.model.fetching for pane in panes)
        return at_rest and self.shell.lanes.idle() and self.shell.postman.idle()

    def post(self, seconds: int = MINUTE) -> None:
        """Let the time pass, and what is due leave."""
        self.clock.forward(seconds=seconds)
        self.shell.postman.look()
        self.settle()

    def turn_to(self, tab: str) -> None:
        self.page.show_tab(tab)
        self.settle()

    def texts(self, key: str) -> list[str]:
        model = self.page.pane.model
        at = [column.key for column in model.columns].index(key)
        return [str(model.index(row, at).data()) for row in range(model.rowCount())]

    def tabs(self) -> list[str]:
        bar = self.page.tabs
        return [bar.tabText(place) for place in range(bar.count()) if bar.tabText(place) != "Templates"]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.page.pane.table, key, modifier)
        self.settle()


def look(floor: Floor) -> None:
    """See what was written behind the page's back."""
    floor.page.activate()
    floor.settle()
