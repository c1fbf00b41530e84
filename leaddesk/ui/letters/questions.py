"""The numbered questions of a letter, and the editors for what was answered to them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from leaddesk.ui.letters.answer_edit import AnswerEdit
from leaddesk.ui.widgets import Words
from leaddesk.workflow.replies import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERED = re.compile(r"[ \t]*(\d)[.)][ \t]+(\S.*)")
HEIGHT = 56
"""Pixels: two lines of an answer."""


def questions_in(body: str) -> dict[str, str]:
    """The questions a letter asks, by number, whatever digits it has them in."""
    found: dict[str, str] = {}
    for line in body.splitlines():
        asked = _NUMBERED.fullmatch(line.rstrip())
        if asked:
            found.setdefault(str(unicodedata.digit(asked[1])), asked[2])
    return {number: found[number] for number in QUESTIONS if number in found}


class Questionnaire(QWidget):
    """A question and its answer, three times. `changed` says that somebody typed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.labels: dict[str, Words] = {}
        self.edits: dict[str, AnswerEdit] = {}
        self._putting = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for number in QUESTIONS:
            label, edit = Words(), AnswerEdit("no answer")
            edit.setFixedHeight(HEIGHT)
            edit.textChanged.connect(self._typed)
            self.labels[number], self.edits[number] = label, edit
            box.addWidget(label)
            box.addWidget(edit)
        self.ask("", "")

    def ask(self, body: str, language: str) -> None:
        """The questions of this letter; without one they are only numbered."""
        asked = questions_in(body)
        for number in QUESTIONS:
            words = asked.get(number, f"Answer {number}")
            self.labels[number].setText(f"{number}. {words}" if number in asked else words)
            self.edits[number].setAccessibleName(f"Answer {number}: {words}")
            self.edits[number].answer_to(language)

    def show_answers(self, answers: Mapping[str, str]) -> None:
        """What was answered."""
        self._putting = True
        for number, edit in self.edits.items():
            if edit.toPlainText() != answers.get(number, ""):
                edit.setPlainText(answers.get(number, ""))
        self._putting = False

    def answers(self) -> dict[str, str]:
        """What stands there, by number."""
        return {number: edit.toPlainText().strip() for number, edit in self.edits.items()}

    def _typed(self) -> None:
        if not self._putting:
            self.changed.emit()
