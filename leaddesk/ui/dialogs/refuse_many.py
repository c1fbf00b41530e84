"""Many leads said no for one reason: said once, each with a letter of its own in its own language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut

from leaddesk.ui import language
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.dialogs.refuse_form import RefuseForm
from leaddesk.ui.dialogs.refuse_frame import RefuseFrame, name_button, plain_button
from leaddesk.ui.dialogs.refuse_preview import CANNOT, LETTER, LetterPreview
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.letters import AUTO, NO_LETTER
from leaddesk.workflow.refusals import RefuseLeads
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.refusals import RefusedMany

PLACE = "leads:refuse"


class RefuseManyDialog(RefuseFrame):
    """`refused` says which leads were. Esc goes back; what was typed is there when it opens again."""

    refused = Signal(tuple)

    def __init__(self, shell: Shell, lead_ids: tuple[int, ...], parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._ids = lead_ids
        self._filling = True
        self._draft = FormDraft(shell, PLACE, self)
        self.form = RefuseForm(shell, tight=self.tight, many=True)
        self.preview = LetterPreview(shell, lead_ids)
        self.without = plain_button(self.tr("Refuse without letters"))
        title = language.counted("RefuseManyDialog", "Refused: {n} lead|Refused: {n} leads", len(lead_ids))
        so_far = self.tr("One reason, a letter to each · Esc goes back, nothing is lost")
        self.arrange(title, so_far, self.preview, (self.without,))
        self.without.clicked.connect(self.refuse_without_letters)
        self.form.changed.connect(self._changed)
        self.form.chosen.connect(lambda key: self.preview.draft(key, self.form.reasons[key].reason.letter))
        self.preview.changed.connect(self._changed)
        for keys in ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.refuse_without_letters)
        self._show_deeds()
        shell.lanes.ask(self, Drafts(), self._restore, key="drafts")

    def _restore(self, stored: dict[str, str]) -> None:
        kept = self._draft.get(stored)
        if not self.form.reason:
            self.form.restore(kept)
            self.preview.choice.restore(kept)
        self._filling = False
        self._show_deeds()

    @property
    def writes(self) -> bool:
        """Whether there are to be letters, as far as is known."""
        counted = self.preview.counted == len(self._ids)
        wanted = self.preview.wanted or not self.form.reason
        none = counted and not self.preview.counts[LETTER]
        return wanted and not none and not self.form.barred and not self.form.no_letter.isChecked()

    def _changed(self) -> None:
        if self._filling or self.saving:
            return
        self.preview.comes_back(self.form.until)
        self._show_deeds()
        self._draft.put({**self.form.values(), **self.preview.choice.values()})

    def _show_deeds(self) -> None:
        self.preview.paper.setEnabled(self.writes)
        self.preview.choice.setEnabled(self.writes)
        self.without.setVisible(self.writes)
        count = len(self._ids) - self.preview.counts[CANNOT]
        if self.writes and self.sends:
            words = language.counted("RefuseManyDialog", "Refuse {n} lead and send|Refuse {n} leads and send", count)
            said = self.tr("The letters go to the outbox and leave in {seconds} s unless undone.")
            self.foot.setText(said.format(seconds=self.undo_seconds()))
        else:
            words = language.counted("RefuseManyDialog", "Refuse {n} lead|Refuse {n} leads", count)
            self.foot.setText(
                self.tr("No mail server is set up: the letters are kept as drafts.")
                if self.writes
                else self.tr("No letters are written.")
            )
        name_button(self.save, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys leaf through the letters."""
        turned = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if turned is not None:
            self.preview.turn(turned)
            return
        super().keyPressEvent(event)

    def take(self) -> None:
        """Refuse them all, each with its letter."""
        self._refuse(self.preview.choice.key() or AUTO if self.writes else NO_LETTER)

    def refuse_without_letters(self) -> None:
        """Refuse them all, no letters."""
        self._refuse(NO_LETTER)

    def _refuse(self, letter: str) -> None:
        if self.saving:
            return
        if letter != NO_LETTER and not self.preview.choice.by_hand:
            letter = AUTO
        wish = self.form.wish(letter=letter, written_in=self.preview.choice.written_in(), send=self.sends)
        if wish is None:
            return
        self.saving = True
        self.save.setEnabled(False)
        self._shell.lanes.do(
            self, RefuseLeads(lead_ids=self._ids, wish=wish), self._done, failed=self._not_done, quiet=True
        )

    def _done(self, done: Done[RefusedMany]) -> None:
        self._draft.forget()
        operation = done.operation if done.can_undo else 0
        self._shell.messages.toast(self._done_words(done.value), operation=operation, about=done.changes)
        self.refused.emit(self._ids)
        self.accept()

    def _done_words(self, done: RefusedMany) -> str:
        parts = [language.counted("RefuseManyDialog", "Refused: {n} lead|Refused: {n} leads", len(done.done))]
        leaving = sum(one.letter is not None and one.letter.state is LetterState.QUEUED for one in done.done)
        if leaving:
            parts.append(
                language.counted(
                    "RefuseManyDialog",
                    "{n} letter leaves in {seconds} s|{n} letters leave in {seconds} s",
                    leaving,
                    seconds=self.undo_seconds(),
                )
            )
        if done.left_out:
            names = "; ".join(why for _lead_id, why in done.left_out[:3])
            more = "…" if len(done.left_out) > 3 else ""
            parts.append(self.tr("left out: {names}").format(names=language.apart(names + more)))
        return " · ".join(parts)

    def _not_done(self, refused: Refused) -> None:
        self.saving = False
        self.save.setEnabled(True)
        self.form.say(refused)
