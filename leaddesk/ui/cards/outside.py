"""The doors out of the window: dial links and letters saved to files. Whoever builds the shell may put others there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from leaddesk.workflow.entities import Letter, User

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.shell import Shell

LetterSaver = Callable[[Letter, User, Path], object]


def open_link(shell: Shell, link: str) -> bool:
    """Hand a link to whatever the machine opens such links with, or to `shell.open_link` where one was given.

    False if nothing answers to it.
    """
    given = getattr(shell, "open_link", None)
    if given is not None:
        return bool(cast("Callable[[str], object]", given)(link))
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    return QDesktopServices.openUrl(QUrl(link))


def letter_saver(shell: Shell) -> LetterSaver | None:
    """What writes a letter to a file: `shell.save_letter`; None where none was given."""
    return cast("LetterSaver | None", getattr(shell, "save_letter", None))


def choose_file(shell: Shell, parent: QWidget, title: str, name: str, then: Callable[[Path], object]) -> None:
    """Let the person say where a file goes, or ask `shell.choose_file` where one was given."""
    given = getattr(shell, "choose_file", None)
    if given is not None:
        path = cast("Callable[[str], Path | None]", given)(name)
        if path is not None:
            then(path)
        return
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QFileDialog

    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(name.rpartition(".")[2])
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    dialog.open()
