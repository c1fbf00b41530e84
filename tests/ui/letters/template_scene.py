"""The pane of templates on the screen."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.letters.templates import TemplatesPane
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.templates import Templates

TEXT = "Subject: Prices for {{ name }}\n\nDear {{ name }}, here they are.\n"


@dataclass
class Screen:
    """The pane on the screen."""

    pane: TemplatesPane
    shell: Shell
    qtbot: QtBot

    @property
    def desk(self) -> Desk:
        return self.shell.lanes.desk

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.shell.lanes.idle() and not self.pane.editor._rest.isActive(), timeout=10_000)

    def select(self, key: str, written_in: str = "en") -> None:
        self.pane.select(key, written_in)
        self.settle()

    def write(self, text: str) -> None:
        self.pane.editor.text.put_in_place(text)
        self.settle()

    def click(self, button: QWidget) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def title_of(self, key: str, written_in: str = "en") -> str:
        return next(r.title for r in self.desk.read(Templates()) if (r.key, r.language) == (key, written_in))

    def listed(self) -> list[str]:
        return [str(self.pane.list.templates.index(at).data()) for at in range(self.pane.list.templates.rowCount())]

    def unsaved(self) -> list[str]:
        return [e.row.key for e in self.pane.list.templates.entries if e.row and e.unsaved]

    def paper(self) -> str:
        return self.pane.preview.paper.toPlainText()

    def dialog(self, kind: type[Any]) -> Any:
        assert isinstance(self.pane.dialog, kind)
        return self.pane.dialog
