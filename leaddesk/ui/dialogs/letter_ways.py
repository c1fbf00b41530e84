"""Other ways out for a letter than the outbox: a PDF, a file for mail programs, the mail program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from leaddesk.ui import language
from leaddesk.ui.cards.outside import choose_file, open_link
from leaddesk.ui.dialogs.letter_saving import file_name
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.letter_entities import Letter

PDF, FILE, MAIL_PROGRAM, COPIED = "saved as PDF", "saved to a file", "opened in the mail program", "copied"
"""The ways as the journal says them, after “Letter to …”."""


def save_pdf(shell: Shell, letter: Letter, parent: QWidget, then: Callable[[str], object]) -> None:
    """Ask where to and write a PDF there; `then` is told which way it went."""
    from leaddesk.ui.letter_pdf import write_pdf

    title = QCoreApplication.translate("LetterWays", "Save the letter as PDF")
    _write(shell, letter, parent, title, "pdf", lambda path: write_pdf(path, letter), lambda: then(PDF))


def save_file(shell: Shell, letter: Letter, parent: QWidget, then: Callable[[str], object]) -> None:
    """Ask where to and write a file that any mail program opens."""
    saver = shell.save_letter
    if saver is None:
        shell.messages.refused(
            QCoreApplication.translate("LetterWays", "Letters cannot be saved to files here. Copy the text instead.")
        )
        return
    title = QCoreApplication.translate("LetterWays", "Save the letter")
    _write(shell, letter, parent, title, "eml", lambda path: saver(letter, shell.user, path), lambda: then(FILE))


def open_in_mail_program(shell: Shell, letter: Letter, then: Callable[[str], object]) -> None:
    """Let the machine's mail program take over, with address, subject and text filled in."""
    nobody = QCoreApplication.translate(
        "LetterWays", "No mail program answers on this machine. Save the letter as a file, or copy it."
    )
    if shell.mail_link is None:
        shell.messages.refused(nobody)
        return
    try:
        link, whole = shell.mail_link(letter)
    except Refused as refused:
        shell.messages.refused(refused.words)
        return
    if not open_link(shell, link):
        shell.messages.refused(nobody)
        return
    if not whole:
        QApplication.clipboard().setText(letter.body)
        shell.messages.toast(
            QCoreApplication.translate("LetterWays", "The letter is too long for a link. It is copied: paste it in.")
        )
    then(MAIL_PROGRAM)


def _write(
    shell: Shell,
    letter: Letter,
    parent: QWidget,
    title: str,
    suffix: str,
    write: Callable[[Path], object],
    then: Callable[[], object],
) -> None:
    def written(path: Path) -> None:
        try:
            write(path)
        except Refused as refused:
            shell.messages.refused(refused.words)
            return
        except OSError as error:
            words = QCoreApplication.translate(
                "LetterWays", "{file} could not be written: {why}. Choose another folder."
            )
            why = error.strerror or str(error)
            shell.messages.refused(words.format(file=language.apart(path.name), why=why))
            return
        then()

    name = file_name(letter).removesuffix("eml") + suffix
    choose_file(shell, parent, title, name, written)
