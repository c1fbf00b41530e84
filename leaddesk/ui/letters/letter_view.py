"""One letter as it was sent, or will be: shown, changed, and what can be done with it in its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from leaddesk.ui.cards.drafts import FormDrafts
from leaddesk.ui.dialogs.refuse_letter import LetterPaper
from leaddesk.ui.letters.saying import chip_of, state_words
from leaddesk.ui.widgets import (
    Chip,
    ErrorLabel,
    FlowLayout,
    Heading,
    KeyButton,
    LineEdit,
    MutedLabel,
    Panel,
    PlainButton,
    PrimaryButton,
    Words,
    restyle,
)
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letters import EditLetter, LetterById
from leaddesk.workflow.outbox import OutboxNow, OutboxStanding, WithdrawLetters
from leaddesk.workflow.vocabulary import UNSENT_STATES, LetterState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from leaddesk.ui.shell import Shell

S = LetterState
EVERY = ("file", "pdf", "copy", "mail", "lead")
OFFERED: dict[LetterState, tuple[str, ...]] = {
    S.DRAFT: ("send", "edit", *EVERY),
    S.WITHDRAWN: ("send", "edit", *EVERY),
    S.QUEUED: ("now", "out", "edit", *EVERY),
    S.SENDING: EVERY,
    S.SENT: ("answer", *EVERY),
    S.SAVED: ("answer", *EVERY),
    S.FAILED: ("again", "edit", *EVERY),
    S.UNCERTAIN: ("arrived", "lost", "again", *EVERY),
}
"""What can be done with a letter, by its state; the first is what Ctrl+Enter does, unless the letter is uncertain."""
BUTTONS: tuple[tuple[str, str, str], ...] = (
    ("send", "Send", "take_from_note"),
    ("now", "Send now", "take_from_note"),
    ("arrived", "It arrived", "letter_arrived"),
    ("lost", "It did not arrive", "letter_lost"),
    ("again", "Send again", "take_from_note"),
    ("out", "Take out", "letter_out"),
    ("edit", "Edit", "edit"),
    ("answer", "Write down an answer", "letter_answer"),
    ("lead", "Open the lead", "letter_lead"),
)
"""What is done, its words, and the action whose key does it."""
WAYS = ("letter_file", "letter_pdf", "letter_copy", "letter_mail")
"""Other ways out than the outbox, in a menu of their own."""
PRIMARY = ("send", "now", "again")


class LetterView(Panel):
    """`wanted` carries what to do with the letter on the screen (a key of `BUTTONS`)."""

    wanted = Signal(str)
    shown = Signal()
    """A letter, or the same one anew, has come."""

    def __init__(self, shell: Shell) -> None:
        """Shows nothing yet."""
        super().__init__()
        self._shell = shell
        self._wanted_id = 0
        self._standing: OutboxStanding | None = None
        self._drafts = FormDrafts(shell, self)
        self._stored: Mapping[str, str] = {}
        self._base = ("", "")
        self._putting = False
        self.editing = False
        self.letter: Letter | None = None
        self._make()
        self._lay_out()
        for edit in (self.paper.subject, self.paper.body, self.address):
            edit.textChanged.connect(self._typed)
        self.save_button.clicked.connect(self.save)
        self.back_button.clicked.connect(self.leave)
        self.mine.clicked.connect(self._take_mine)
        self.theirs.clicked.connect(self._take_theirs)
        self._show_mode()

    def _make(self) -> None:
        keys = self._shell.actions.keys
        self.title, self.chip, self.state = Heading(""), Chip(), Words()
        self.address = LineEdit("Their address")
        self.to, self.files, self.kept = MutedLabel(), MutedLabel(), MutedLabel()
        self.paper = LetterPaper(self._shell)
        self.error = ErrorLabel()
        self.mine, self.theirs = PlainButton("Save mine over it"), PlainButton("Take theirs, drop mine")
        self.save_button = PrimaryButton("Save", keys("save_note"))
        self.back_button = PlainButton("Back", "Esc")
        self.buttons: dict[str, KeyButton] = {}
        for key, words, action in BUTTONS:
            button = PlainButton(words, keys(action))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, key=key: self.wanted.emit(key))
            self.buttons[key] = button

        self.ways = PlainButton("Other ways…")
        self.ways.setAutoDefault(False)
        menu = QMenu(self.ways)
        for action in WAYS:
            menu.addAction(self._shell.actions.qaction(action))
        self.ways.setMenu(menu)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        self.foot = QWidget()
        flow = FlowLayout(self.foot, 6)
        for key, button in self.buttons.items():
            if key == "lead":
                flow.addWidget(self.ways)
            flow.addWidget(button)
        self.edit_foot = QWidget()
        row = QHBoxLayout(self.edit_foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.mine)
        row.addWidget(self.theirs)
        row.addStretch(1)
        row.addWidget(self.back_button)
        row.addWidget(self.save_button)
        inside = QVBoxLayout()
        inside.setContentsMargins(18, 14, 18, 14)
        inside.setSpacing(8)
        inside.addLayout(head)
        above: tuple[QWidget, ...] = (self.to, self.address, self.state, self.kept)
        for widget in above:
            inside.addWidget(widget)
        inside.addWidget(self.paper, 1)
        below: tuple[QWidget, ...] = (self.files, self.error, self.edit_foot, self.foot)
        for widget in below:
            inside.addWidget(widget)
        self.body.addLayout(inside)

    # Showing

    def show_letter(self, letter_id: int) -> None:
        """Show this letter. What is being typed into another is kept."""
        if self.editing and self.letter is not None and letter_id != self.letter.id:
            self.leave()
        self._wanted_id = letter_id

        self._shell.lanes.read(
            self,
            lambda desk: (desk.read(LetterById(letter_id)), desk.read(Drafts()), desk.read(OutboxNow())),
            self._show,
            key="letter",
        )

    def reload(self) -> None:
        """Read it again."""
        if self._wanted_id:
            self.show_letter(self._wanted_id)

    def _show(self, found: tuple[Letter | None, Mapping[str, str], OutboxStanding]) -> None:
        letter, self._stored, self._standing = found
        if letter is None or letter.id != self._wanted_id:
            return
        if self.editing and self.letter is not None and self.letter.id == letter.id:
            self.letter = letter
            self._changed_under_the_hand(letter)
        else:
            self.letter = letter
            self._put(letter.subject, letter.body, letter.to_address)
        self.title.setText(letter.to_name or letter.to_address)
        self.to.setText(f"to {letter.to_address}" if letter.to_address != letter.to_name else "")
        self.files.setText("Goes with it: " + ", ".join(letter.attachments) if letter.attachments else "")
        self.files.setVisible(bool(letter.attachments))
        self.tick()
        self._show_mode()
        self.shown.emit()

    def tick(self, now: datetime | None = None) -> None:
        """Say the state anew: seconds pass. `now` is the moment the list beside it speaks of, to the same second."""
        letter = self.letter
        if letter is None:
            return
        shell, standing = self._shell, self._standing
        paused = standing.paused_until if standing else None
        word, kind = chip_of(letter.state, letter.answered_at)
        # The shapes of chips on cards are those of temperatures.
        self.chip.show_chip(word, "ok" if kind == "ok" else "")
        ready = standing is not None and standing.ready
        words = state_words(letter, now or shell.clock.now(), shell.zone(), can_send=ready, paused_until=paused)
        said = letter.reply.partition(" ")[2]
        if said and said not in words and letter.state is not S.SENT:
            words = f"{words} The server said: {letter.reply}"
        if self.editing and letter.state is S.QUEUED:
            words = f"{words} It leaves as it was, unless you save first or take it out."
        self.state.setText(words)
        self.state.setVisible(bool(words))

    def _show_mode(self) -> None:
        """Read or edit."""
        letter, editing = self.letter, self.editing
        offered = OFFERED[letter.state] if letter else ()
        for key, button in self.buttons.items():
            button.setVisible(key in offered and not editing)
            restyle(button, "look", "primary" if key in PRIMARY and key in offered[:1] else "")
        self.ways.setVisible(bool(offered))
        self.foot.setVisible(not editing)
        self.edit_foot.setVisible(editing)
        self.address.setVisible(editing)
        self.to.setVisible(not editing and bool(self.to.text()))
        if not editing:
            self._say_clash("")
        for edit in (self.paper.subject, self.paper.body):
            edit.setReadOnly(not editing)
        kept = self._kept() if letter and not editing and letter.state in UNSENT_STATES else {}
        key = self._shell.actions.keys("edit")
        self.kept.setText(f"You have changed this letter and not saved it yet: {key} goes on." if kept else "")
        self.kept.setVisible(bool(kept))

    def _put(self, subject: str, body: str, to: str) -> None:
        self._putting = True
        written_in = self.letter.language if self.letter else ""
        self.paper.put(subject, body, (), written_in or "en")
        self.address.setText(to)
        self._putting = False

    # Changing

    def edit(self) -> None:
        """Change the letter; what was typed earlier and not saved stands there again."""
        letter = self.letter
        if letter is None or self.editing or "edit" not in OFFERED[letter.state]:
            return
        if letter.state is S.WITHDRAWN:
            out = WithdrawLetters(letter_ids=(letter.id,), to_draft=True)
            self._shell.lanes.do(self, out, lambda _done: self._edit_draft(letter.id), quiet=True)
            return
        self._begin(letter)

    def _edit_draft(self, letter_id: int) -> None:
        def came(letter: Letter | None) -> None:
            if letter is not None and self.letter is not None and self.letter.id == letter.id and not self.editing:
                self.letter = letter
                self._begin(letter)

        self._shell.lanes.ask(self, LetterById(letter_id), came, key="to edit")

    def _begin(self, letter: Letter) -> None:
        kept = self._kept()
        self.editing = True
        self._base = (kept.get("base_subject", letter.subject), kept.get("base_body", letter.body))
        if kept:
            self._put(kept.get("subject", ""), kept.get("body", ""), kept.get("to", letter.to_address))
        self._show_mode()
        self.tick()
        self._changed_under_the_hand(letter)
        self.paper.body.setFocus()

    def leave(self) -> None:
        """Back to reading. What is typed is kept."""
        if self.editing and self.letter is not None:
            self.editing = False
            self._put(self.letter.subject, self.letter.body, self.letter.to_address)
            self._show_mode()
            self.tick()

    def save(self) -> None:
        """Save what is typed; a refusal stands below, and what is typed stays."""
        if self.editing and self.letter is not None:
            self._save(self.letter.id, self._base)

    def _save(self, letter_id: int, base: tuple[str, str]) -> None:
        subject, body = self.paper.text()
        draft = self._drafts.at(_place(letter_id))
        command = EditLetter(
            letter_id=letter_id,
            subject=subject,
            body=body,
            to_address=self.address.text(),
            base_subject=base[0],
            base_body=base[1],
        )

        def saved(_done: object) -> None:
            draft.forget()
            if self.letter is not None and self.letter.id == letter_id:
                self.editing = False
                self.reload()

        self._shell.lanes.do(self, command, saved, failed=self._refused)

    def _refused(self, refused: Refused) -> None:
        self.error.say(refused.words)
        self.address.wrong(refused.field == "to")
        if refused.field == "body":
            # Somebody may have changed it: then both are offered once theirs is here.
            self.reload()

    def _changed_under_the_hand(self, letter: Letter) -> None:
        """While somebody types here, the letter was changed elsewhere, or has left."""
        if letter.state not in UNSENT_STATES:
            self.error.say(f"This letter is {letter.state.value} by now, as it was. What you typed is kept, to copy.")
        elif (letter.subject, letter.body) != self._base:
            self._say_clash("Somebody changed this letter meanwhile. Whose words stand?")

    def _say_clash(self, words: str) -> None:
        self.error.say(words)
        self.mine.setVisible(bool(words))
        self.theirs.setVisible(bool(words))
        if not words:
            self.address.wrong(is_wrong=False)

    def _take_mine(self) -> None:
        if self.letter is not None:
            self._base = (self.letter.subject, self.letter.body)
            self._say_clash("")
            self.save()

    def _take_theirs(self) -> None:
        if self.letter is not None:
            self._drafts.at(_place(self.letter.id)).forget()
            self.leave()

    def _typed(self) -> None:
        if not self.editing or self._putting or self.letter is None:
            return
        subject, body = self.paper.text()
        letter, to = self.letter, self.address.text()
        values = {"subject": subject, "body": body, "to": to, "base_subject": self._base[0], "base_body": self._base[1]}
        untouched = (subject, body) == self._base and to == letter.to_address
        self._drafts.at(_place(letter.id)).put({} if untouched else values)

    def _kept(self) -> dict[str, str]:
        return self._drafts.at(_place(self.letter.id)).get(self._stored) if self.letter else {}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to reading."""
        if event.key() == Qt.Key.Key_Escape and self.editing:
            self.leave()
        else:
            super().keyPressEvent(event)


def _place(letter_id: int) -> str:
    """Where what is typed is kept."""
    return f"letter:{letter_id}"
