"""A template of the floor's own: what it is for, a word for it, the language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui import language
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.letters.template_list import HEADS, UNSAVED_VERSION
from leaddesk.ui.widgets import ErrorLabel, Heading, LineEdit, MutedLabel, PlainButton, PrimaryButton, SectionLabel
from leaddesk.workflow.letter_files import LETTER_LANGUAGES, best
from leaddesk.workflow.templates import TemplateRow
from leaddesk.workflow.vocabulary import LetterKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from leaddesk.ui.letters.template_list import Name
    from leaddesk.ui.shell import Shell

WORD = re.compile(r"[a-z0-9_]{1,40}")


def new_row(key: str, written_in: str, title: str) -> TemplateRow:
    """A template that has not been saved yet, beginning with the shipped words of its kind."""
    kind, _, reason = key.partition(".")
    text = best(kind, written_in).text
    return TemplateRow(key, LetterKind(kind), reason, written_in, title or key, UNSAVED_VERSION, text, {})


class NewTemplateDialog(QDialog):
    """`begun` carries the new row; nothing is stored before its text is saved."""

    begun = Signal(object)

    def __init__(
        self,
        shell: Shell,
        known: AbstractSet[Name],
        kind: LetterKind,
        written_in: str,
        drafts: Mapping[str, str],
        parent: QWidget,
    ) -> None:
        """`known` are the templates there are; Esc keeps what was typed."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._known = known
        self._draft = FormDraft(shell, "new_template", self)
        self.setWindowTitle("New template")
        self.kind = QComboBox()
        self.kind.setAccessibleName("What it is for")
        for each, head in HEADS.items():
            self.kind.addItem(head, each.value)
        self.kind.setCurrentIndex(self.kind.findData(kind.value))
        self.word = LineEdit("such as late_delivery")
        self.word.setAccessibleName("A word for it")
        self.language = QComboBox()
        self.language.setAccessibleName("Language")
        for one in LETTER_LANGUAGES:
            self.language.addItem(language.NAMES[one], one)
        self.language.setCurrentIndex(max(0, self.language.findData(written_in)))
        self.title = LineEdit("such as Farewell · delivered too late")
        self.title.setAccessibleName("Title")
        self.error = ErrorLabel()
        self._lay_out()
        kept = self._draft.get(drafts)
        self.word.setText(kept.get("word", ""))
        self.title.setText(kept.get("title", ""))
        self.word.textChanged.connect(self._typed)
        self.title.textChanged.connect(self._typed)
        self.word.setFocus()

    def _lay_out(self) -> None:
        back, self.begin = PlainButton("Back", "Esc"), PrimaryButton("Write it", "Enter")
        back.setAutoDefault(False)
        back.clicked.connect(self.reject)
        self.begin.setDefault(True)
        self.begin.clicked.connect(self._begin)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 16)
        box.setSpacing(6)
        box.addWidget(Heading("New template"))
        box.addWidget(
            MutedLabel("It begins with the shipped words of its kind. A reason for refusing can then propose it.")
        )
        for words, editor in (
            ("What it is for", self.kind),
            ("A word for it: small letters, digits and _, for ever", self.word),
            ("Language", self.language),
            ("Title in lists", self.title),
        ):
            label = SectionLabel(words)
            label.setBuddy(editor)
            label.setContentsMargins(0, 6, 0, 0)
            box.addWidget(label)
            box.addWidget(editor)
        box.addWidget(self.error)
        box.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(back)
        row.addWidget(self.begin)
        box.addLayout(row)
        on_paper(self)
        self.setMinimumWidth(420)

    def _begin(self) -> None:
        word = self.word.text().strip().casefold().replace(" ", "_")
        key, written_in = f"{self.kind.currentData()}.{word}", str(self.language.currentData())
        if not WORD.fullmatch(word):
            self._say("Write a word of small letters (a to z), digits and _, such as late_delivery.")
        elif (key, written_in) in self._known:
            self._say(f"There is a template {key} in {language.NAMES[written_in]} already. Take another word.")
        else:
            self._draft.forget()
            self.begun.emit(new_row(key, written_in, self.title.text().strip()))
            self.accept()

    def _typed(self) -> None:
        self._draft.put({"word": self.word.text(), "title": self.title.text()})
        self._say("")

    def _say(self, words: str) -> None:
        self.error.say(words)
        self.word.wrong(bool(words))
        if words:
            self.word.setFocus()
