"""The import wizard with the program's own door to files, and what tests do with it by keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QTableView
from pytestqt.qtbot import QtBot

from leaddesk.ui.dialogs.import_wizard import ImportWizard
from leaddesk.ui.dialogs.import_wizard_frame import COLUMNS
from leaddesk.ui.dialogs.import_wizard_preview import HowToRead
from leaddesk.ui.shell import Shell
from leaddesk.window import ImportDoor
from leaddesk.workflow.cards import LeadIds, LeadRow, LeadRows
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.intake import LeadFile

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier
Key = Qt.Key


class Door(ImportDoor):
    """The program's own, and a note of what was opened."""

    def __init__(self) -> None:
        self.opened: list[Path] = []

    def open(self, path: Path, how: HowToRead | None = None) -> LeadFile:
        self.opened.append(path)
        return super().open(path, how)


@dataclass
class Scene:
    wizard: ImportWizard
    desk: Desk
    shell: Shell
    door: Door
    qtbot: QtBot

    @property
    def step(self) -> int:
        return self.wizard.step

    def settle(self) -> None:
        wizard, idle = self.wizard, self.shell.lanes.idle
        busy = (wizard.looker.is_looking, wizard.batch.is_running)
        self.qtbot.waitUntil(lambda: idle() and not any(ask() for ask in busy), timeout=10_000)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        self.qtbot.keyClick(self.wizard.focusWidget() or self.wizard, key, modifiers)
        self.settle()

    def on(self) -> None:
        """Ctrl+Enter."""
        self.key(Key.Key_Return, CTRL)

    def open(self, path: Path) -> None:
        self.wizard.file.path.setText(str(path))
        self.on()
        assert self.step == COLUMNS, self.wizard.wrong.text()

    def leads(self) -> list[LeadRow]:
        return self.desk.read(LeadRows(tuple(self.desk.read(LeadIds(sort="id", descending=False)))))

    def mapping(self) -> dict[str, str | None]:
        return {column.header: column.field for column in self.wizard.columns.plan.plan}

    def choose(self, table: QTableView, row: int, column: int, words: str) -> None:
        """Open a row's list by Enter, from its first cell, and choose by its words."""
        table.setFocus()
        table.setCurrentIndex(table.model().index(row, 0))
        self.qtbot.keyClick(table, Key.Key_Return)
        assert table.currentIndex().column() == column
        combo = table.findChild(QComboBox)
        assert combo is not None
        self.qtbot.waitUntil(lambda: combo.view().isVisible())
        at = combo.findText(words)
        assert at >= 0, [combo.itemText(n) for n in range(combo.count())]
        combo.setCurrentIndex(at)
        combo.hidePopup()
        combo.activated.emit(at)
        self.settle()


@contextmanager
def wizard_scene(qtbot: QtBot, shell: Shell, desk: Desk) -> Iterator[Scene]:
    door = Door()
    wizard = ImportWizard(shell, door)
    qtbot.addWidget(wizard)
    wizard.show()
    scene = Scene(wizard, desk, shell, door, qtbot)
    yield scene
    if wizard.batch.is_running():
        wizard.batch.ask()
        wizard.running.keep.click()
        scene.settle()
    wizard.close()
    qtbot.waitUntil(shell.lanes.idle)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
