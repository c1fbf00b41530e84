"""They said no: why, what to try before letting go, the farewell letter, and when to ask again."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from leaddesk.ui import language
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.dialogs import letter_ways
from leaddesk.ui.dialogs.refuse_form import RefuseForm, next_season
from leaddesk.ui.dialogs.refuse_frame import RefuseFrame, name_button, plain_button
from leaddesk.ui.dialogs.refuse_letter import LetterPane
from leaddesk.workflow.letters import AUTO, NO_LETTER, LetterSaved
from leaddesk.workflow.refusals import RefuseLead, Stayed, Wish
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.calls import LogCall
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.entities import Stay
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.refusals import RefusedLead

__all__ = ["RefuseDialog", "next_season"]


class RefuseDialog(RefuseFrame):
    """`refused` says which lead was. Esc goes back to the call; what was typed is there when it opens again."""

    refused = Signal(int)

    def __init__(self, shell: Shell, card: LeadCardData, call: LogCall | None, parent: QWidget | None = None) -> None:
        """`call` is the one it was said in: both are written up in one step."""
        super().__init__(shell, parent)
        self._card, self._call = card, call
        self._draft = FormDraft(shell, f"lead:{card.lead.id}:refuse", self)
        self._filling = True
        self._given: list[str] = []
        lead = card.lead
        self._who = f"{lead.title}, {lead.company}" if lead.company and lead.company != lead.title else lead.title
        self.form = RefuseForm(shell, place=lead.zone_key, tight=self.tight)
        self.letter = LetterPane(shell, lead.id)
        self.pdf = plain_button(self.tr("Save as PDF"))
        self.copy = plain_button(self.tr("Copy"))
        self.more = plain_button(self.tr("More"))
        self.without = plain_button(self.tr("Refuse without letter"))
        self._make_menu()
        title = self.tr("Refused: {who}").format(who=language.apart(self._who))
        self.arrange(title, self._so_far(), self.letter, (self.pdf, self.copy, self.more, self.without))
        self._wire()
        kept = self._draft.get(card.drafts)
        self.form.restore(kept, words=call.note if call else "", greet=lead.greet)
        self.letter.restore(kept)
        self._filling = False
        self._show_deeds()

    def _make_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Save for a mail program (.eml)")).triggered.connect(self.save_file)
        menu.addAction(self.tr("Open in the mail program")).triggered.connect(self.open_in_mail_program)
        self.more.setMenu(menu)

    def _so_far(self) -> str:
        lead = self._card.lead
        days = (self._shell.clock.now() - lead.created_at).days if lead.created_at else 0
        said = (
            self.tr("{touches} · {days} · Esc goes back to the call, nothing is lost")
            if self._call
            else self.tr("{touches} · {days} · Esc goes back to the card, nothing is lost")
        )
        return said.format(
            touches=language.counted("RefuseDialog", "{n} touch|{n} touches", lead.touches),
            days=language.counted("RefuseDialog", "{n} day|{n} days", days),
        )

    def _wire(self) -> None:
        self.copy.clicked.connect(self.copy_letter)
        self.form.changed.connect(self._changed)
        self.form.chosen.connect(self._reason_chosen)
        self.form.stayed_requested.connect(self.stay)
        self.letter.changed.connect(self._changed)
        self.pdf.clicked.connect(self.save_pdf)
        self.without.clicked.connect(self.refuse_without_letter)
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self.save_pdf)
        for keys in ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.refuse_without_letter)

    @property
    def reason(self) -> str:
        """The key of the reason chosen."""
        return self.form.reason

    def choose(self, key: str) -> None:
        """This is why."""
        self.form.choose(key)

    def _reason_chosen(self, key: str) -> None:
        self.letter.draft(key, self.form.reasons[key].reason.letter)

    # What may be done

    @property
    def writes(self) -> bool:
        """Whether there is to be a letter, as far as is known."""
        return not (self.form.barred or self.form.no_letter.isChecked() or self.letter.why_not)

    def _changed(self) -> None:
        if self._filling or self.saving:
            return
        self.letter.comes_back(self.form.until)
        self._show_deeds()
        self._draft.put({**self.form.values(), **self.letter.values()})

    def _show_deeds(self) -> None:
        self.letter.setEnabled(not (self.form.barred or self.form.no_letter.isChecked()))
        writes = self.writes
        there = writes and self.letter.drafted is not None
        for button in (self.pdf, self.copy, self.more):
            button.setEnabled(there)
        self.without.setVisible(writes)
        given = self.tr("Refuse, letter given")
        name_button(self.without, given if self._given and self.sends else self.tr("Refuse without letter"))
        if not writes:
            name_button(self.save, self.tr("Refuse"))
        elif self.sends:
            name_button(self.save, self.tr("Refuse and send"))
        else:
            name_button(self.save, given if self._given else self.tr("Refuse and save letter"))
        self.foot.setText(self._foot())

    def _foot(self) -> str:
        if not self.writes:
            return self.letter.why_not or self.tr("No letter is written.")
        if self._given:
            ways = {
                letter_ways.PDF: self.tr("The letter was saved as PDF."),
                letter_ways.FILE: self.tr("The letter was saved to a file."),
                letter_ways.MAIL_PROGRAM: self.tr("The letter is in the mail program."),
                letter_ways.COPIED: self.tr("The letter was copied."),
            }
            return ways[self._given[-1]]
        if self.sends:
            said = self.tr("The letter goes to the outbox and leaves in {seconds} s unless undone.")
            return said.format(seconds=self.undo_seconds())
        return self.tr("No mail server is set up: the letter is kept as a draft and saved to a file.")

    # Ways out for the letter

    def save_pdf(self) -> None:
        """Write the letter as a PDF; the lead is not refused yet."""
        if self.pdf.isEnabled():
            letter_ways.save_pdf(self._shell, self.letter.letter(), self, self._letter_given)

    def save_file(self) -> None:
        """Write the letter to a file any mail program opens; the lead is not refused yet."""
        letter_ways.save_file(self._shell, self.letter.letter(), self, self._letter_given)

    def open_in_mail_program(self) -> None:
        """Hand the letter to the machine's mail program; the lead is not refused yet."""
        letter_ways.open_in_mail_program(self._shell, self.letter.letter(), self._letter_given)

    def copy_letter(self) -> None:
        """The letter into the clipboard; the lead is not refused yet."""
        self.letter.copy()
        self._letter_given(letter_ways.COPIED)

    def _letter_given(self, way: str) -> None:
        self._given.append(way)
        self._show_deeds()

    # Doing

    def take(self) -> None:
        """Refuse with the letter, sent where there is a mail server, else saved; without one where there can be none."""
        given = not self.sends and bool(self._given)
        self._refuse(with_letter=self.writes, send=self.sends, given=given)

    def refuse_without_letter(self) -> None:
        """Refuse; the letter is kept only if it was given otherwise."""
        given = self.writes and self.sends and bool(self._given)
        self._refuse(with_letter=given, send=False, given=given)

    def _refuse(self, *, with_letter: bool, send: bool, given: bool) -> None:
        if self.saving:
            return
        key = (self.letter.choice.key() or AUTO) if with_letter else NO_LETTER
        wish = self.form.wish(letter=key, written_in=self.letter.choice.written_in(), send=send)
        if wish is None:
            return
        self.saving = True
        drafted = with_letter and self.letter.drafted is not None
        subject, body = self.letter.paper.text() if drafted else ("", "")
        said = {field.name: getattr(wish, field.name) for field in fields(Wish)}
        way = self._given[-1] if given else ""
        command = RefuseLead(lead_id=self._card.lead.id, subject=subject, body=body, way=way, call=self._call, **said)
        save = with_letter and not send and not given

        def done(done: Done[RefusedLead]) -> None:
            self._done(done, save=save)

        self._shell.lanes.do(self, command, done, failed=self._not_done, quiet=True)

    def _done(self, done: Done[RefusedLead], *, save: bool) -> None:
        self._draft.forget()
        shell, window = self._shell, self.parentWidget()
        letter = done.value.letter
        shell.messages.toast(
            self._done_words(done.value), operation=done.operation if done.can_undo else 0, about=done.changes
        )
        self.refused.emit(self._card.lead.id)
        self.accept()
        if letter is not None and save and window is not None and shell.save_letter is not None:
            _save_afterwards(shell, letter, window.window())

    def _done_words(self, done: RefusedLead) -> str:
        words = self.tr("Refused: {who}").format(who=language.apart(self._who))
        if done.letter is not None and done.letter.state is LetterState.QUEUED:
            leaves = self.tr("the letter leaves in {seconds} s").format(seconds=self.undo_seconds())
            return f"{words} · {leaves}"
        return words

    def _not_done(self, refused: Refused) -> None:
        self.saving = False
        self.form.say(refused)

    def stay(self) -> None:
        """They stayed after what was answered: written down, and back to the call."""
        if self.saving or not self.reason:
            return
        self.saving = True

        def done(done: Done[Stay]) -> None:
            words = self.tr("Stayed: {who}").format(who=language.apart(self._who))
            operation = done.operation if done.can_undo else 0
            self._shell.messages.toast(words, operation=operation, about=done.changes)
            self._draft.forget()
            self.reject()

        self._shell.lanes.do(
            self, Stayed(lead_id=self._card.lead.id, reason=self.reason), done, failed=self._not_done, quiet=True
        )


def _save_afterwards(shell: Shell, letter: Letter, window: QWidget) -> None:
    """Ask where the letter goes once the lead is refused."""
    letter_ways.save_file(shell, letter, window, lambda way: shell.lanes.do(shell, LetterSaved(letter.id, way)))
