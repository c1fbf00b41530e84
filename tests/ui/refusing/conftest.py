"""The refuse dialog, refusing."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui import language
from leaddesk.ui.dialogs.refuse import RefuseDialog
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.leads import AddLead
from tests.ui.refusing.scene import POINTS, Opened


@pytest.fixture
def refusing(shell: Shell, qtbot: QtBot) -> Iterator[Opened]:
    """Opens the dialog over a window of this size, in this language."""
    desk = shell.lanes.desk
    values = {"name": "Kovács Gábor", "company": "Dunai Nyomda Kft.", "country": "HU", "interest": "40 headsets"}
    lead_id = desk.do(AddLead(values=values, points=POINTS)).value.id

    windows = []

    def open_it(name: str = "en", size: tuple[int, int] = (1280, 720)) -> RefuseDialog:
        language.choose(name)
        window = QWidget()
        windows.append(window)
        window.resize(*size)
        window.show()
        made = RefuseDialog(shell, desk.read(LeadCard(lead_id)), None, window)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        made.show()
        qtbot.waitUntil(lambda: shell.lanes.idle() and bool(made.form.reasons))
        return made

    yield open_it
    qtbot.waitUntil(shell.lanes.idle)
    for window in windows:
        for dialog in window.findChildren(RefuseDialog):
            dialog.reject()
        window.close()
        window.deleteLater()
    language.choose("en")
