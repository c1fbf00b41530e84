"""One answer: what they wrote, and the questionnaire it was read into, always open to correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.drafts import FormDrafts
from leaddesk.ui.letters.answer_edit import AnswerEdit
from leaddesk.ui.letters.questions import Questionnaire
from leaddesk.ui.widgets import (
    Chip,
    ErrorLabel,
    FlowLayout,
    Heading,
    MutedLabel,
    Panel,
    PlainButton,
    PrimaryButton,
    SectionLabel,
)
from leaddesk.ui.widgets_paint import isolated
from leaddesk.ui.widgets_scroll import FitScroll
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.letters import LetterById
from leaddesk.workflow.replies import ReplyRow, SaveReply
from leaddesk.workflow.when import say_when

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.letter_entities import Letter


class AnswerView(Panel):
    """`wanted` carries what to do: "lead" or "answer" (write down another)."""

    wanted = Signal(str)

    def __init__(self, shell: Shell) -> None:
        """Shows nothing yet."""
        super().__init__()
        self._shell = shell
        self._wanted_id = 0
        self._drafts = FormDrafts(shell, self)
        self._stored: Mapping[str, str] = {}
        self._putting = False
        self.row: ReplyRow | None = None
        keys = shell.actions.keys
        self.title, self.chip, self.about = Heading(""), Chip(), MutedLabel()
        self.text = AnswerEdit()
        self.text.setAccessibleName("What they wrote")
        self.text.setProperty("look", "bare")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.questions = Questionnaire()
        self.error = ErrorLabel()
        self.save_button = PrimaryButton("Save", keys("save_note"))
        self.another = PlainButton("Write down another answer", keys("letter_answer"))
        self.open = PlainButton("Open the lead", keys("letter_lead"))
        self._lay_out()
        self.save_button.clicked.connect(self.save)
        self.another.clicked.connect(lambda: self.wanted.emit("answer"))
        self.open.clicked.connect(lambda: self.wanted.emit("lead"))
        self.questions.changed.connect(self._typed)
        self.text.textChanged.connect(self._typed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        paper = Panel(kind="card")
        paper.body.setContentsMargins(14, 10, 14, 10)
        paper.body.addWidget(self.text)
        foot = QWidget()
        flow = FlowLayout(foot, 6)
        for button in (self.save_button, self.another, self.open):
            button.setAutoDefault(False)
            flow.addWidget(button)
        inside = QVBoxLayout()
        inside.setContentsMargins(18, 14, 18, 14)
        inside.setSpacing(8)
        inside.addLayout(head)
        inside.addWidget(self.about)
        inside.addWidget(paper, 1)
        inside.addWidget(SectionLabel("The questions of our letter, answered"))
        inside.addWidget(FitScroll(self.questions), 2)
        inside.addWidget(self.error)
        inside.addWidget(foot)
        self.body.addLayout(inside)

    def show_answer(self, row: ReplyRow) -> None:
        """Show this answer; what was typed into another and not saved is kept as its draft."""
        self._wanted_id = row.reply.id

        def read(desk: Desk) -> tuple[Letter | None, Mapping[str, str]]:
            letter = desk.read(LetterById(row.reply.letter_id)) if row.reply.letter_id else None
            return letter, desk.read(Drafts())

        self._shell.lanes.read(self, read, lambda found: self._show(row, *found), key="answer")

    def _show(self, row: ReplyRow, letter: Letter | None, stored: Mapping[str, str]) -> None:
        if row.reply.id != self._wanted_id:
            return
        self.row, self._stored = row, stored
        reply, shell = row.reply, self._shell
        when = say_when(reply.at.astimezone(shell.zone()), shell.clock.now().astimezone(shell.zone()))
        self.title.setText(row.lead)
        self.chip.show_chip(row.reason)
        self.chip.setVisible(bool(row.reason))
        how = f"{when} from {reply.from_address}" if reply.message_id else f"{when}, written down by hand"
        self.about.setText(f"{how} · to “{isolated(row.letter_subject)}”" if row.letter_subject else how)
        self._putting = True
        language = letter.language if letter else ""
        self.text.answer_to(language)
        self.text.setReadOnly(bool(reply.message_id))
        self.questions.ask(letter.body if letter else "", language)
        kept = self._drafts.at(_place(reply.id)).get(stored)
        self.text.setPlainText(kept.get("text", reply.text) if not reply.message_id else reply.text)
        self.questions.show_answers({n: kept.get(f"answer{n}", reply.answers.get(n, "")) for n in self.questions.edits})
        self._putting = False
        self.error.say("")
        self.save_button.setEnabled(self._differs())

    def _differs(self) -> bool:
        if self.row is None:
            return False
        reply = self.row.reply
        same = all(text == reply.answers.get(number, "") for number, text in self.questions.answers().items())
        return not same or self.text.toPlainText().strip() != reply.text.strip()

    def _typed(self) -> None:
        if self._putting or self.row is None:
            return
        differs = self._differs()
        self.save_button.setEnabled(differs)
        answers = {f"answer{number}": text or " " for number, text in self.questions.answers().items()}
        values = {**answers, "text": self.text.toPlainText()} if differs else {}
        self._drafts.at(_place(self.row.reply.id)).put(values)

    def save(self) -> None:
        """Save the answers as they stand."""
        if self.row is None or not self._differs():
            return
        reply = self.row.reply
        command = SaveReply(
            lead_id=reply.lead_id,
            reply_id=reply.id,
            text=self.text.toPlainText(),
            answers=self.questions.answers(),
        )

        def saved(_done: object) -> None:
            self._drafts.at(_place(reply.id)).forget()
            self.save_button.setEnabled(False)
            self.error.say("")

        self._shell.lanes.do(self, command, saved, failed=self._refused)

    def _refused(self, refused: Refused) -> None:
        self.error.say(refused.words)


def _place(reply_id: int) -> str:
    """Where what is typed is kept."""
    return f"reply:{reply_id}"
