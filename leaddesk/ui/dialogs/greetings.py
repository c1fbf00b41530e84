"""Holiday greetings looked through before any is written: who, in which language, and each letter as it will be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from leaddesk.ui import language
from leaddesk.ui.dialogs.greetings_model import GreetingsModel
from leaddesk.ui.dialogs.paper import lay_on_paper
from leaddesk.ui.dialogs.refuse_frame import name_button
from leaddesk.ui.dialogs.refuse_letter import LetterPaper
from leaddesk.ui.widgets import ErrorLabel, Heading, MutedLabel, PlainButton, PrimaryButton, Title
from leaddesk.workflow.greetings import TEMPLATE, DeclineGreetings, WriteGreetings
from leaddesk.workflow.letters import LetterDraft
from leaddesk.workflow.outbox import can_send
from leaddesk.workflow.when import say_day

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.greetings import Greeted, GreetingDue
    from leaddesk.workflow.letters import Drafted

SIZE = (1040, 720)


class GreetingsDialog(QDialog):
    """For one occasion. Ctrl+Enter writes to the ticked ones; the others are not proposed for it again."""

    def __init__(self, shell: Shell, due: list[GreetingDue], parent: QWidget | None = None) -> None:
        """`due` are those of one occasion, at least one."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self.occasion = shell, due[0].occasion
        self.model = GreetingsModel(due, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setAccessibleName("Who is greeted")
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(2)
        self.all = PlainButton("All")
        self.nobody = PlainButton("Nobody")
        self.count = MutedLabel()
        self.who = Heading()
        self.address = MutedLabel()
        self.paper = LetterPaper(shell)
        for edit in (self.paper.subject, self.paper.body):
            edit.setReadOnly(True)
        self.wrong = ErrorLabel()
        self.foot = MutedLabel(self._foot())
        self.not_now = PlainButton("Not this time")
        self.write = PrimaryButton("", shell.actions.keys("take_from_note"))
        name = self.occasion.partition(" ")[2]
        self.setWindowTitle(f"Greetings for {name}")
        self._lay_out(name, due[0])
        self._wire()
        self._say_count()
        self.list.setCurrentIndex(self.model.index(0))
        self.list.setFocus()

    def _foot(self) -> str:
        if can_send(self._shell.settings):
            seconds = self._shell.settings.number("letters.undo_seconds")
            return f"The letters go to the outbox and leave after {seconds} s unless undone."
        return "No mail server is set up: the letters are kept as drafts."

    def _lay_out(self, name: str, first: GreetingDue) -> None:
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(SIZE[0], max(760, room.width() - 80)), min(SIZE[1], max(520, room.height() - 60)))
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.setSpacing(20)
        head.addWidget(Title(f"{name}, {say_day(first.day)}"), 1)
        head.addWidget(MutedLabel("Nothing is written before you say so · Esc leaves it for later", wrap=False))
        ticks = QHBoxLayout()
        ticks.addWidget(self.count, 1)
        ticks.addWidget(self.all)
        ticks.addWidget(self.nobody)
        who = QVBoxLayout()
        who.setContentsMargins(20, 12, 12, 12)
        who.setSpacing(8)
        who.addLayout(ticks)
        who.addWidget(self.list, 1)
        letter = QVBoxLayout()
        letter.setContentsMargins(12, 12, 20, 12)
        letter.setSpacing(6)
        letter.addWidget(self.who)
        letter.addWidget(self.address)
        letter.addWidget(self.paper, 1)
        rule = QFrame()
        rule.setProperty("look", "line_down")
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(who, 2)
        middle.addWidget(rule)
        middle.addLayout(letter, 3)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.foot, 1)
        for button in (self.not_now, self.write):
            foot.addWidget(button)
        for button in (self.not_now, self.write, self.all, self.nobody):
            button.setAutoDefault(False)
        lay_on_paper(self, head, middle, foot, self.wrong)

    def _wire(self) -> None:
        self.model.ticked.connect(self._say_count)
        self.list.selectionModel().currentChanged.connect(self._look)
        self.all.clicked.connect(lambda: self.model.tick_all(on=True))
        self.nobody.clicked.connect(lambda: self.model.tick_all(on=False))
        self.write.clicked.connect(self.take)
        self.not_now.clicked.connect(self.decline)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.take)

    def _say_count(self) -> None:
        chosen, count = len(self.model.chosen()), self.model.rowCount()
        self.count.setText(f"{chosen:,} of {count:,} ticked")
        name_button(self.write, "Write 1 letter" if chosen == 1 else f"Write {chosen:,} letters")
        self.write.setEnabled(chosen > 0)

    def _look(self, index: QModelIndex) -> None:
        one = self.model.due[index.row()]
        self.who.setText(one.title)
        self.address.setText(f"to {one.to_address} · {language.language_name(one.language)}")
        question = LetterDraft(one.lead_id, template=TEMPLATE, language=one.language, holiday=one.holiday)
        self._shell.lanes.ask(self, question, self._show_letter, key="letter")

    def _show_letter(self, drafted: Drafted) -> None:
        self.paper.put(drafted.subject, drafted.body, drafted.marks, drafted.language)

    def take(self) -> None:
        """Write to the ticked ones."""
        chosen = self.model.chosen()
        if not chosen or not self.write.isEnabled():
            return
        self.write.setEnabled(False)
        command = WriteGreetings(lead_ids=chosen, occasion=self.occasion, but_not=self.model.left_out())
        self._shell.lanes.do(self, command, self._written, failed=self._refused, quiet=True)

    def _written(self, done: Done[Greeted]) -> None:
        words = done.words
        if done.value.left_out:
            names = "; ".join(why for _lead_id, why in done.value.left_out[:3])
            words = f"{words} · left out: {names}{'…' if len(done.value.left_out) > 3 else ''}"
        self._shell.messages.toast(words, operation=done.operation if done.can_undo else 0, about=done.changes)
        self.accept()

    def decline(self) -> None:
        """Nobody is greeted, and nobody proposed for this occasion again."""
        ids = tuple(one.lead_id for one in self.model.due)
        self._shell.lanes.do(
            self,
            DeclineGreetings(lead_ids=ids, occasion=self.occasion),
            lambda _done: self.accept(),
            failed=self._refused,
        )

    def _refused(self, refused: Refused) -> None:
        self.write.setEnabled(True)
        self.wrong.say(refused.words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter alone writes nothing."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
