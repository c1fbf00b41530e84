"""The farewell letter beside a refusal: drafted live, its merged values marked, free to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui import language
from leaddesk.ui.dialogs.refuse_widgets import MirroredCombo, SubjectEdit, WordsEdit
from leaddesk.ui.widgets import LineEdit, MutedLabel, PlainButton
from leaddesk.workflow.letters import LetterDraft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.letters import Drafted

WRITTEN_IN = ("en", "ru")
"""Languages a letter can be asked for in."""


class MergedMarks(QSyntaxHighlighter):
    """Marks what came from the card, so that a wrong value is seen before it is sent."""

    def __init__(self, document: QTextDocument, theme: Theme, values: Sequence[str]) -> None:
        super().__init__(document)
        self._theme = theme
        self._values = sorted((v for v in values if len(v) > 1), key=len, reverse=True)
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        """Every place where a value stands."""
        form = QTextCharFormat()
        form.setBackground(self._theme.token("yellow_soft"))
        for value in self._values:
            start = text.find(value)
            while start >= 0:
                self.setFormat(start, len(value), form)
                start = text.find(value, start + len(value))


class LetterPane(QWidget):
    """Language, address, subject and body. `changed` says that something was typed or chosen."""

    changed = Signal()

    def __init__(self, shell: Shell, card: LeadCardData) -> None:
        super().__init__()
        self._shell, self._lead_id = shell, card.lead.id
        self._reason, self._template = "", ""
        self._drafted: Drafted | None = None
        self._putting = False
        self.language = MirroredCombo()
        self.language.setAccessibleName(self.tr("Language of the letter"))
        for key in ("", *WRITTEN_IN):
            name = language.NAMES[key] if key else self.tr("their language")
            self.language.addItem(self.tr("Farewell · {language}").format(language=name), key)
        self.address = LineEdit()
        self.address.setReadOnly(True)
        self.address.setAccessibleName(self.tr("To"))
        self.subject = SubjectEdit()
        self.subject.setAccessibleName(self.tr("Subject"))
        self.subject.setPlaceholderText(self.tr("Subject"))
        self.subject.setFont(shell.theme.font(0, bold=True))
        self.body = WordsEdit()
        self.body.setAccessibleName(self.tr("Letter"))
        self.body.setTabChangesFocus(True)
        self.body.setPlaceholderText(self.tr("Choose a reason; the letter is written from it."))
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        lead = card.lead
        values = (lead.name, lead.company, lead.interest, shell.user.name)
        self._marks = (MergedMarks(self.body.document(), shell.theme, values),)
        self.fresh = PlainButton(self.tr("Write it anew"), kind="link")
        self.fresh.setToolTip(self.tr("Drop what you changed and draft the letter again"))
        self.fresh.hide()
        self.note = MutedLabel()
        self._arrange()
        self.language.currentIndexChanged.connect(self._language_chosen)
        self.subject.textChanged.connect(self._typed)
        self.body.textChanged.connect(self._typed)
        self.fresh.clicked.connect(self._anew)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.language, 1)
        head.addWidget(self.address, 1)
        paper = QFrame()
        paper.setObjectName("paper")
        paper.setProperty("look", "card")
        inside = QVBoxLayout(paper)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(4)
        for edit in (self.subject, self.body):
            edit.setProperty("look", "bare")
        inside.addWidget(self.subject)
        inside.addWidget(self.body, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.fresh)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 14, 20, 10)
        box.setSpacing(10)
        box.addLayout(head)
        box.addWidget(paper, 1)
        box.addLayout(foot)
        paper.setStyleSheet(
            '#paper *[look="bare"] { border: 1px solid transparent; background: transparent; padding: 2px 6px; }'
        )

    @property
    def edited(self) -> bool:
        """Whether the letter is not as it was drafted any more."""
        drafted = self._drafted
        if drafted is None:
            return bool(self.body.toPlainText())
        return self.subject.text() != drafted.subject or self.body.toPlainText() != drafted.body

    @property
    def can_be_sent(self) -> bool:
        """Whether there is an address to write to."""
        return self._drafted is not None and bool(self._drafted.to_address)

    def chosen_language(self) -> str:
        """The language asked for; "" for the lead's own."""
        return str(self.language.currentData())

    def draft(self, reason: str, template: str) -> None:
        """Write the letter for this reason; what was edited by hand stays."""
        self._reason, self._template = reason, template
        if not template:
            self._drafted = None
            self.note.setText(self.tr("No letter for this reason."))
            self.changed.emit()
            return
        question = LetterDraft(self._lead_id, reason, template, self.chosen_language())
        self._shell.lanes.ask(self, question, self._came, key="draft")

    def restore(self, language: str, subject: str, body: str) -> None:
        """Put back what was edited earlier."""
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self._put(subject, body)

    def copy(self) -> None:
        """The whole letter into the clipboard."""
        QApplication.clipboard().setText(f"{self.subject.text()}\n\n{self.body.toPlainText()}")
        self._shell.messages.toast(self.tr("Letter copied"))

    def _came(self, drafted: Drafted) -> None:
        edited = self.edited
        self._drafted = drafted
        to = self.tr("to {address}").format(address=language.apart(drafted.to_address))
        self.address.setText(to if drafted.to_address else self.tr("no address"))
        written_in = self.tr("Language of the letter: {language}")
        self.note.setText(drafted.why_not or written_in.format(language=language.language_name(drafted.language)))
        if not edited:
            self._put(drafted.subject, drafted.body)
        self.fresh.setVisible(self.edited)
        self.changed.emit()

    def _put(self, subject: str, body: str) -> None:
        self._putting = True
        self.subject.setPlainText(subject)
        self.body.setPlainText(body)
        self._putting = False

    def _typed(self) -> None:
        if not self._putting:
            self.fresh.setVisible(self.edited and self._drafted is not None)
            self.changed.emit()

    def _language_chosen(self) -> None:
        if self._reason:
            self.draft(self._reason, self._template)

    def _anew(self) -> None:
        if self._drafted is not None:
            self._put(self._drafted.subject, self._drafted.body)
            self.fresh.hide()
            self.changed.emit()
