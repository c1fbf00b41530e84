"""What stands under one's own letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.dialogs.refuse_widgets import WordsEdit
from leaddesk.ui.widgets import ErrorLabel, Heading, MutedLabel, PlainButton, PrimaryButton, restyle
from leaddesk.workflow.letters import SaveSignature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.errors import Refused

NOTHING = " "
"""A signature taken away is typed as well: a draft of nothing would be no draft."""


class SignatureDialog(QDialog):
    """The signature of whoever sits here. Esc keeps what was typed."""

    def __init__(self, shell: Shell, drafts: Mapping[str, str], parent: QWidget) -> None:
        """`drafts` are what was typed before, by place."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell = shell
        self._draft = FormDraft(shell, "signature", self)
        self.setWindowTitle("My signature")
        user = shell.user
        usual = "\n".join(filter(None, (user.name, user.phone, shell.settings.text("letters.company"))))
        self.text = WordsEdit(usual)
        self.text.setAccessibleName("My signature")
        self.error = ErrorLabel()
        self.save = PrimaryButton("Save", "Ctrl Enter")
        self._lay_out()
        kept = self._draft.get(drafts).get("text", "")
        self.text.setPlainText("" if kept == NOTHING else kept or user.signature)
        self.text.textChanged.connect(self._typed)
        self.save.clicked.connect(self._save)
        self.text.setFocus()

    def _lay_out(self) -> None:
        back = PlainButton("Back", "Esc")
        for button in (back, self.save):
            button.setAutoDefault(False)
        back.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(back)
        foot.addWidget(self.save)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 16)
        box.setSpacing(8)
        box.addWidget(Heading("My signature"))
        box.addWidget(
            MutedLabel("Stands in your letters where the template says {{ signature }}. Empty: the lines in grey.")
        )
        box.addWidget(self.text, 1)
        box.addWidget(self.error)
        box.addLayout(foot)
        on_paper(self)
        self.setMinimumSize(440, 280)

    def _typed(self) -> None:
        text = self.text.toPlainText()
        self._draft.put({} if text == self._shell.user.signature else {"text": text or NOTHING})

    def _save(self) -> None:
        self._shell.lanes.do(self, SaveSignature(self.text.toPlainText()), self._saved, failed=self._refused)

    def _saved(self, _done: object) -> None:
        self._draft.forget()
        self.accept()

    def _refused(self, refused: Refused) -> None:
        self.error.say(refused.words)
        restyle(self.text, "wrong", True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self._save()
        else:
            super().keyPressEvent(event)
