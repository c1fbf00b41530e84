"""What all cards share."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.client import ClientCardView
from leaddesk.ui.cards.lead import LeadCardView
from leaddesk.ui.cards.lines import Line, LinesModel
from leaddesk.ui.cards.text import Run
from leaddesk.ui.shell import Shell


def test_the_lines_keep_their_model_honest(qapp: QApplication) -> None:
    model = LinesModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_lines([Line("12 Nov", (Run("Talked", bold=True),), below="words")])
    assert model.data(model.index(0)) == "12 Nov. Talked. words"
    assert tester.model() is model


@pytest.mark.parametrize("kind", [LeadCardView, ClientCardView])
def test_making_a_card_shows_no_window(shell: Shell, qtbot: QtBot, kind: type[QWidget]) -> None:
    shown: list[str] = []

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    watcher = Watcher()
    QApplication.instance().installEventFilter(watcher)
    made = kind(shell)
    qtbot.addWidget(made)
    QApplication.instance().removeEventFilter(watcher)
    assert shown == []
