"""The frame of the refuse dialogs: what is said on the leading side, the letter beside it, the deeds below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QWidget

from leaddesk.ui import language
from leaddesk.ui.dialogs.paper import lay_on_paper
from leaddesk.ui.widgets import KeyButton, MutedLabel, PlainButton, PrimaryButton, Title
from leaddesk.workflow.outbox import can_send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.dialogs.refuse_form import RefuseForm
    from leaddesk.ui.shell import Shell

SIZE = (1140, 830)
TIGHT = 740
"""Pixels of height under which rows stand closer, so that nothing has to be scrolled to."""


class RefuseFrame(QDialog):
    """Title, form, pane and buttons. Ctrl+Enter is `take`, wherever the keyboard is; Enter alone does nothing."""

    def __init__(self, shell: Shell, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell = shell
        language.mirror(self)
        room = (parent.window() if parent else self).size()
        self.resize(min(SIZE[0], max(900, room.width() - 80)), min(SIZE[1], max(560, room.height() - 40)))
        self.tight = self.height() < TIGHT
        self.foot = MutedLabel()
        self.save = PrimaryButton("", shell.actions.keys("take_from_note"))
        self.form: RefuseForm
        self.saving = False

    def arrange(self, title: str, so_far: str, pane: QWidget, buttons: Sequence[QPushButton]) -> None:
        """Put all in its place; the primary button stands last."""
        self.setWindowTitle(title)
        head = QHBoxLayout()
        head.setContentsMargins(20, 10 if self.tight else 14, 20, 10 if self.tight else 14)
        head.setSpacing(20)
        head.addWidget(Title(title), 1)
        head.addWidget(MutedLabel(so_far, wrap=False))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.form, 5 if self.tight else 3)
        rule = QFrame()
        rule.setProperty("look", "line_down")
        rule.setFixedWidth(1)
        middle.addWidget(rule)
        middle.addWidget(pane, 7 if self.tight else 5)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.foot, 1)
        self.save.setAutoDefault(False)
        for button in (*buttons, self.save):
            foot.addWidget(button)
        lay_on_paper(self, head, middle, foot)
        self.save.clicked.connect(self.take)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.take)

    def take(self) -> None:
        """Do it."""
        raise NotImplementedError

    @property
    def sends(self) -> bool:
        """Whether a mail server is set up."""
        return can_send(self._shell.settings)

    def undo_seconds(self) -> str:
        """How long a letter can be called back, in the digits of the screen."""
        return language.digits(self._shell.settings.number("letters.undo_seconds"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the form; Enter alone is for words."""
        if self.form.take_key(event) or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)


def plain_button(words: str, keys: str = "", *, kind: str = "") -> PlainButton:
    """A button that is no default, and whose words run the way of the screen's language."""
    made = PlainButton("", keys, kind=kind)
    made.setAutoDefault(False)
    name_button(made, words)
    return made


def name_button(button: KeyButton, words: str) -> None:
    """Other words on a button, for eyes and for ears. Qt lays out buttons from left to right, whatever their words."""
    if button.accessibleName() != words:
        button.setText(language.apart(words))
        button.setAccessibleName(words)
        button.updateGeometry()
