"""F1: every key there is, made from the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from leaddesk.ui.actions import Action
from leaddesk.ui.widgets import KeyCap, MutedLabel, PrimaryButton, SectionLabel, Title, Words

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell

COLUMNS = (("Call",), ("Lead", "File", "Edit", "Help"), ("Letters", "Go"))


def words_of(shell: Shell, action: Action) -> str:
    """What an action does: an outcome's title as this floor has it, "" under a digit that is free."""
    if not action.id.startswith("outcome_"):
        return action.text
    outcome = shell.outcome(int(action.id.removeprefix("outcome_")))
    return outcome.title if outcome is not None else ""


class KeysSheet(QDialog):
    """A sheet to look at; it does nothing."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """Outcomes stand under the names this floor gave them."""
        super().__init__(parent)
        self._shell = shell
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("All keys")
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(12)
        box.addWidget(Title("All keys"))
        box.addWidget(MutedLabel("Two keys per call: F2 brings the next lead, a digit and Enter take its outcome."))
        sheet = QWidget()
        sheet.setProperty("look", "scrolled")
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(32)
        for menus in COLUMNS:
            columns.addLayout(self._column(menus), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        area.viewport().setAutoFillBackground(False)
        box.addWidget(area, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = PrimaryButton("Close", "Esc")
        close.clicked.connect(self.accept)
        row.addWidget(close)
        box.addLayout(row)
        self.resize(980, 640)

    def _column(self, menus: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        line = 0
        for menu in menus:
            shown = [a for a in self._shell.actions.all() if a.menu == menu and a.shortcut]
            if not shown:
                continue
            grid.addWidget(SectionLabel(menu.upper()), line, 0, 1, 2)
            line += 1
            for action in shown:
                keys = KeyCap(self._shell.actions.keys(action.id))
                grid.addWidget(keys, line, 0, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignTop)
                grid.addWidget(Words(words_of(self._shell, action) or f"{action.text}: free"), line, 1)
                line += 1
        grid.setRowStretch(line, 1)
        grid.setColumnStretch(1, 1)
        return grid
