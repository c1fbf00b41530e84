"""The refuse dialog over a window, and keys pressed in it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from leaddesk.ui.dialogs.refuse import RefuseDialog
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel

POINTS = (PointInput(Channel.PHONE, "+36301234567"), PointInput(Channel.EMAIL, "gabor.kovacs@dunainyomda.example"))
Opened = Callable[..., RefuseDialog]


def typed(dialog: RefuseDialog, text: str, key: Qt.Key = Qt.Key.Key_unknown) -> None:
    QApplication.sendEvent(dialog, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))
