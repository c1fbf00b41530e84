"""The farewell letter beside a refusal: drafted live, its merged values marked, free to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.widgets import LineEdit, MutedLabel, PlainButton
from leaddesk.workflow.letters import FarewellDraft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.letters import Drafted

WRITTEN_IN = {"en": "English", "ru": "Russian"}
SUBJECT_AROUND = 14
"""Pixels of padding and margin above and below the words."""
LANGUAGES = (("", "their language"), ("en", "English"), ("ru", "Русский"))


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


class SubjectEdit(QPlainTextEdit):
    """One line of text that is seen whole: a long name in it wraps. Enter and pasted line ends are no part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._fit)

    def text(self) -> str:
        """What stands there, on one line."""
        return " ".join(self.toPlainText().split("\n"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is not for the subject."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """On one line, whatever was copied."""
        self.insertPlainText(" ".join(source.text().split()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = max(1, round(self.document().size().height()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + SUBJECT_AROUND)


class LetterPane(QWidget):
    """Language, address, subject and body. `changed` says that something was typed or chosen."""

    changed = Signal()

    def __init__(self, shell: Shell, card: LeadCardData) -> None:
        super().__init__()
        self._shell, self._lead_id = shell, card.lead.id
        self._reason, self._template = "", ""
        self._drafted: Drafted | None = None
        self._putting = False
        self.language = QComboBox()
        self.language.setAccessibleName("Language of the letter")
        for key, words in LANGUAGES:
            self.language.addItem(f"Farewell · {words}", key)
        self.address = LineEdit()
        self.address.setReadOnly(True)
        self.address.setAccessibleName("To")
        self.subject = SubjectEdit()
        self.subject.setAccessibleName("Subject")
        self.subject.setPlaceholderText("Subject")
        self.subject.setFont(shell.theme.font(0, bold=True))
        self.body = QPlainTextEdit()
        self.body.setAccessibleName("Letter")
        self.body.setTabChangesFocus(True)
        self.body.setPlaceholderText("Choose a reason; the letter is written from it.")
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        lead = card.lead
        values = (lead.name, lead.company, lead.interest, shell.user.name)
        self._marks = (MergedMarks(self.body.document(), shell.theme, values),)
        self.fresh = PlainButton("Write it anew", kind="link")
        self.fresh.setToolTip("Drop what you changed and draft the letter again")
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
            self.note.setText("No letter for this reason.")
            self.changed.emit()
            return
        question = FarewellDraft(self._lead_id, reason, template, self.chosen_language())
        self._shell.lanes.ask(self, question, self._came, key="draft")

    def restore(self, language: str, subject: str, body: str) -> None:
        """Put back what was edited earlier."""
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self._put(subject, body)

    def copy(self) -> None:
        """The whole letter into the clipboard."""
        QApplication.clipboard().setText(f"{self.subject.text()}\n\n{self.body.toPlainText()}")
        self._shell.messages.toast("Letter copied")

    def _came(self, drafted: Drafted) -> None:
        edited = self.edited
        self._drafted = drafted
        self.address.setText(f"to {drafted.to_address}" if drafted.to_address else "no address")
        self.note.setText(drafted.why_not or f"Written in {WRITTEN_IN.get(drafted.language, drafted.language)}.")
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
