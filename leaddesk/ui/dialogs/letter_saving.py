"""Saving a letter to a file that any mail program opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from leaddesk.ui.cards.outside import choose_file
from leaddesk.workflow.letters import LetterSaved
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.letter_entities import Letter

LEAVES_SO = (LetterState.DRAFT, LetterState.FAILED)
"""A letter in one of these has left by other hands once it is saved or copied."""


def file_name(letter: Letter) -> str:
    """A name every file system takes, made from the subject."""
    words = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", letter.subject).strip(" .")
    return f"{' '.join(words.split())[:80] or 'letter'}.eml"


def left(shell: Shell, letter: Letter, way: str = "saved") -> None:
    """It is in other hands now; one in the outbox leaves by that all the same, one that has left is only copied."""
    if letter.state in LEAVES_SO:
        shell.lanes.do(shell, LetterSaved(letter.id, way))
    else:
        shell.messages.toast(f"Letter to {letter.to_name or letter.to_address} {way}")


def save_letter(shell: Shell, letter: Letter, parent: QWidget) -> None:
    """Ask where to, write it there, and mark it as saved."""
    saver = shell.save_letter
    if saver is None:
        shell.messages.refused("Letters cannot be saved to files here. Copy the text instead.")
        return

    def write(path: Path) -> None:
        try:
            saver(letter, shell.user, path)
        except OSError as error:
            shell.messages.refused(
                f"{path.name} could not be written: {error.strerror or error}. Choose another folder."
            )
            return
        left(shell, letter)

    choose_file(shell, parent, "Save the letter", file_name(letter), write)
