"""What is done with letters from their page: into the outbox and out of it, and the other ways they may leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from leaddesk.ui.cards.outside import choose_file
from leaddesk.ui.dialogs.letter_saving import file_name, left
from leaddesk.ui.dialogs.letter_ways import COPIED, FILE, open_in_mail_program, save_pdf
from leaddesk.ui.post import words_of
from leaddesk.workflow.outbox import QueueLetters, SendAgain, SendNow, SettleUncertain, WithdrawLetters

if TYPE_CHECKING:
    from pathlib import Path

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.outbox import Queued


class Doing:
    """Sends the wishes of one page. `owner` is the page."""

    def __init__(self, shell: Shell, owner: QWidget) -> None:
        self._shell, self._owner = shell, owner

    def send(self, ids: tuple[int, ...]) -> None:
        """Put them into the outbox; those that may not go are named."""

        def queued(done: Done[Queued]) -> None:
            if done.value.left_out:
                count, why = len(done.value.left_out), done.value.left_out[0][1]
                many = f"{count} letters were" if count > 1 else "One letter was"
                self._shell.messages.refused(f"{many} left out: {why}")

        self._shell.lanes.do(self._owner, QueueLetters(letter_ids=ids), queued)

    def hurry(self, ids: tuple[int, ...]) -> None:
        """Do not wait for the rest of the minute."""

        def hurried(done: Done[int]) -> None:
            if not done.value:
                self._shell.messages.refused("Only its writer can send a letter before its minute is over.")
            else:
                self._shell.messages.toast(done.words)
                self._shell.postman.look()

        self._shell.lanes.do(self._owner, SendNow(letter_ids=ids), hurried, quiet=True)

    def take_out(self, ids: tuple[int, ...]) -> None:
        """Out of the outbox; they are drafts then."""
        self._shell.lanes.do(self._owner, WithdrawLetters(letter_ids=ids, to_draft=True))

    def send_again(self, ids: tuple[int, ...]) -> None:
        """Failed and uncertain ones once more, each an operation of its own."""
        if len(ids) == 1:
            self._shell.lanes.do(self._owner, SendAgain(letter_id=ids[0]))
            return
        done: list[int] = []
        refusals: list[str] = []

        def one_more() -> None:
            if len(done) + len(refusals) < len(ids):
                return
            if done:
                self._shell.messages.toast(f"{len(done)} letters are sent again")
            if refusals:
                self._shell.messages.refused(f"{len(refusals)} of them may not be sent: {refusals[0]}")

        def again(sent: Done[Letter]) -> None:
            done.append(sent.value.id)
            one_more()

        def refused(why: Refused) -> None:
            refusals.append(why.words)
            one_more()

        for letter_id in ids:
            command = SendAgain(letter_id=letter_id)
            self._shell.lanes.do(self._owner, command, again, failed=refused, quiet=True)

    def settle(self, letter_id: int, *, arrived: bool) -> None:
        """Somebody found out."""
        self._shell.lanes.do(self._owner, SettleUncertain(letter_id=letter_id, arrived=arrived))

    # Other ways out

    def save_file(self, letter: Letter) -> None:
        """Whole, with its files, as any mail program opens it."""

        def chosen(path: Path) -> None:
            self._shell.postman.run(
                self._owner,
                lambda door, desk: door.save(desk, letter.id, path),
                lambda _none: left(self._shell, letter, FILE),
                lambda error: self._not_written(path, error),
            )

        choose_file(self._shell, self._owner, "Save the letter", file_name(letter), chosen)

    def save_pdf(self, letter: Letter) -> None:
        """As paper."""
        save_pdf(self._shell, letter, self._owner, lambda way: left(self._shell, letter, way))

    def copy(self, letter: Letter) -> None:
        """Into the clipboard."""
        QApplication.clipboard().setText(f"{letter.subject}\n\n{letter.body}")
        left(self._shell, letter, COPIED)

    def mail_program(self, letter: Letter) -> None:
        """Let the machine's mail program take over."""
        open_in_mail_program(self._shell, letter, lambda way: left(self._shell, letter, way))

    def _not_written(self, path: Path, error: Exception) -> None:
        words = words_of(error)
        if not words:
            self._shell.messages.bug(error)
        elif isinstance(error, OSError):
            self._shell.messages.refused(f"{path.name} could not be written: {words} Choose another folder.")
        else:
            self._shell.messages.refused(words)
