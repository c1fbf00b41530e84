"""Writing down an answer that did not come by mail: told on the telephone, in a messenger, on a fair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.letters.answer_edit import AnswerEdit
from leaddesk.ui.letters.questions import Questionnaire
from leaddesk.ui.widgets import ErrorLabel, Heading, MutedLabel, PlainButton, PrimaryButton
from leaddesk.ui.widgets_paint import isolated
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.letters import LetterById
from leaddesk.workflow.outbox import Outbox
from leaddesk.workflow.replies import SaveReply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.letter_entities import Letter


class AddAnswerDialog(QDialog):
    """Their words, and the questions of our letter. Esc keeps what was typed."""

    def __init__(
        self, shell: Shell, lead_id: int, title: str, letter_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        """`title` is whose answer; without `letter_id` it answers the lead's latest letter, if there is one."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._lead_id, self._letter_id = shell, lead_id, letter_id
        self._draft = FormDraft(shell, f"lead:{lead_id}:answer", self)
        self._ready = False
        self.setWindowTitle(f"Answer of {title}")
        self.setMinimumSize(560, 420)
        self.about = MutedLabel()
        self.text = AnswerEdit("What they said, in their own words")
        self.text.setAccessibleName("What they said")
        self.text.setMinimumHeight(96)
        self.questions = Questionnaire()
        self.error = ErrorLabel()
        back, self.save_button = PlainButton("Back", "Esc"), PrimaryButton("Save", "Ctrl Enter")
        for button in (back, self.save_button):
            button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(back)
        buttons.addWidget(self.save_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 16)
        box.setSpacing(10)
        box.addWidget(Heading(f"Answer of {title}"))
        box.addWidget(self.about)
        box.addWidget(self.text, 1)
        box.addWidget(self.questions)
        box.addWidget(self.error)
        box.addLayout(buttons)
        on_paper(self)
        back.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        self.text.textChanged.connect(self._typed)
        self.questions.changed.connect(self._typed)
        shell.lanes.read(self, self._read, self._show, key="letter")
        self.text.setFocus()

    def _read(self, desk: Desk) -> tuple[Letter | None, Mapping[str, str]]:
        letter_id = self._letter_id
        if letter_id is None:
            rows = desk.read(Outbox(lead_id=self._lead_id, limit=1))
            letter_id = rows[0].id if rows else None
        return desk.read(LetterById(letter_id)) if letter_id else None, desk.read(Drafts())

    def _show(self, found: tuple[Letter | None, Mapping[str, str]]) -> None:
        letter, stored = found
        self._letter_id = letter.id if letter else None
        self.about.setText(
            f"To our letter “{isolated(letter.subject)}”" if letter else "No letter has been written to them yet."
        )
        self.text.answer_to(letter.language if letter else "")
        self.questions.ask(letter.body if letter else "", letter.language if letter else "")
        kept = self._draft.get(stored)
        if kept and not self.text.toPlainText():
            self.text.setPlainText(kept.get("text", ""))
            self.questions.show_answers({n: kept.get(f"answer{n}", "") for n in self.questions.edits})
        self._ready = True
        self._typed()

    def _typed(self) -> None:
        # Before the draft of earlier is here, the first words would take its place.
        if self._ready:
            answers = {f"answer{number}": text for number, text in self.questions.answers().items()}
            self._draft.put({**answers, "text": self.text.toPlainText()})

    def save(self) -> None:
        """Save it; a refusal stands below."""
        command = SaveReply(
            lead_id=self._lead_id,
            letter_id=self._letter_id,
            text=self.text.toPlainText(),
            answers=self.questions.answers(),
        )
        self._shell.lanes.do(self, command, self._saved, failed=self._refused)

    def _saved(self, _done: object) -> None:
        self._draft.forget()
        self.accept()

    def _refused(self, refused: Refused) -> None:
        self.error.say(refused.words)
        self.text.setFocus()
