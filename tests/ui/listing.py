"""What the tests of the list pages share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from leaddesk.ui.shell import Shell
from leaddesk.ui.table_view_page import ListPage
from leaddesk.workflow.desk import Desk

P = TypeVar("P", bound=ListPage)


@dataclass
class Screen(Generic[P]):
    """A list page on the screen, and the desk behind it."""

    page: P
    shell: Shell
    desk: Desk
    settle: Callable[[], None]

    def row(self, name: str) -> int:
        found = [r for r, text in enumerate(self.texts("name")) if text == name]
        assert found, name
        return found[0]

    def texts(self, key: str) -> list[str]:
        model = self.page.model
        at = [column.key for column in model.columns].index(key)
        return [str(model.index(row, at).data()) for row in range(model.rowCount())]

    def open_dialog(self, kind: type[Any]) -> Any:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
        assert len(found) == 1
        return found[0]


def on_screen(page: P, shell: Shell, desk: Desk, qtbot: QtBot) -> Screen[P]:
    """Show the page and wait until it stands."""
    qtbot.addWidget(page)
    page.resize(1300, 760)

    def settle() -> None:
        for _ in range(3):
            page.table.viewport().repaint()
            qtbot.waitUntil(lambda: shell.lanes.idle() and not page.model.fetching and not page.is_resting)

    page.show()
    page.activate()
    settle()
    return Screen(page, shell, desk, settle)


def close_dialogs(shell: Shell, qtbot: QtBot) -> None:
    """What a test left open."""
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, QDialog):
            dialog.close()
    qtbot.waitUntil(shell.lanes.idle)
