"""Saving a letter to a file that any mail program opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from leaddesk.ui.cards.outside import choose_file
from leaddesk.workflow.letters import LetterSaved

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.letter_entities import Letter


def file_name(letter: Letter) -> str:
    """A name every file system takes, made from the subject."""
    words = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", letter.subject).strip(" .")
    return f"{' '.join(words.split())[:80] or 'letter'}.eml"


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
        shell.lanes.do(shell, LetterSaved(letter.id))

    choose_file(shell, parent, "Save the letter", file_name(letter), write)
