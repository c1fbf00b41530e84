"""No part of a page is ever shown before it has its place: it would flash as a window of its own and take the keyboard."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.banners import Banners
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.clients import ClientsPage
from leaddesk.ui.pages.duplicates import DuplicatesPage
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.pages.parked import ParkedPage
from leaddesk.ui.pages.settings import SettingsPage
from leaddesk.ui.shell import Shell


class Shown(QObject):
    """Which widgets come up as windows."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_pages_show_nothing_before_they_stand(window: MainWindow, qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert app is not None
    shown = Shown()
    app.installEventFilter(shown)
    try:
        made = [kind(window.shell) for kind in (LeadsPage, ClientsPage, ParkedPage, DuplicatesPage, SettingsPage)]
        made.append(Banners(window.shell))
        for name in ("leads", "clients", "parked", "letters", "duplicates", "settings", "my_day"):
            window.show_page(name)
            qtbot.waitUntil(window.shell.lanes.idle, timeout=10_000)
    finally:
        app.removeEventFilter(shown)
    for page in made:
        page.deleteLater()
    assert isinstance(window.shell, Shell)
    assert shown.names == []
