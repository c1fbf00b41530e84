"""What to say on the call, and what to answer."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout

from leaddesk.ui.cards.choice import ChoiceButton
from leaddesk.ui.my_day.script import load_script, merged_html, opening_for, values_for
from leaddesk.ui.widgets import RichWords

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.vocabulary import Section

OBJECTION_KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3")
"""Not Alt+digit, which goes to the pages, and not plain digits, which are outcomes."""


class ScriptBox(QFrame):
    """The opening with the lead's data in it; objections open their answers below them, one at a time."""

    answer_opened = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._card: LeadCardData | None = None
        self._section: Section | None = None
        self.script = load_script()
        self.opening = RichWords()
        self.opening.setAccessibleName("What to say")
        self._buttons: list[ChoiceButton] = []
        self._answers: list[RichWords] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.opening)
        box.addSpacing(4)
        for number, objection in enumerate(self.script.objections[: len(OBJECTION_KEYS)]):
            self._add(box, number, objection.title, objection.answer)
        shell.theme.changed.connect(self._retell)

    def _add(self, box: QVBoxLayout, number: int, title: str, text: str) -> None:
        keys = QKeySequence(OBJECTION_KEYS[number])
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ")
        button = ChoiceButton(self._shell.theme, title, shown, key_first=False)
        answer = RichWords(escape(text))
        answer.setProperty("look", "mute")
        answer.setContentsMargins(10, 0, 10, 4)
        answer.setAccessibleName(f"Answer to “{title}”")
        answer.hide()
        button.toggled.connect(lambda on, n=number: self._opened(n, on=on))
        self._buttons.append(button)
        self._answers.append(answer)
        box.addWidget(button)
        box.addWidget(answer)
        shortcut = QShortcut(keys, self)
        shortcut.activated.connect(button.toggle)

    def _opened(self, number: int, *, on: bool) -> None:
        self._answers[number].setVisible(on)
        for other, button in enumerate(self._buttons):
            if on and other != number:
                button.setChecked(False)
        if on:
            self.answer_opened.emit(self._answers[number])

    def show_card(self, card: LeadCardData | None, section: Section | None) -> None:
        """Say it to this lead, who is in the queue for that reason."""
        if card is None or self._card is None or card.lead.id != self._card.lead.id:
            for button in self._buttons:
                button.setChecked(False)
        self._card, self._section = card, section
        self._retell()

    def _retell(self) -> None:
        card, shell = self._card, self._shell
        if card is None:
            self.opening.setText("")
            return
        there = card.calling.local_times[0][1] if card.calling.local_times else None
        values = values_for(card, shell.user, shell.settings, there)
        text = opening_for(self.script, self._section, values)
        self.opening.setText(merged_html(text, values, shell.theme.token("yellow_soft").name()))
