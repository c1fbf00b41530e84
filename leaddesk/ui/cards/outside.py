"""The doors out of the window: dial links and letters saved to files. Whoever builds the shell may put others there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.shell import Shell


def open_link(shell: Shell, link: str) -> bool:
    """Hand a link to whatever the machine opens such links with, or to `shell.open_link` where one was given.

    False if nothing answers to it.
    """
    if shell.open_link is not None:
        return shell.open_link(link)
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    return QDesktopServices.openUrl(QUrl(link))


def choose_file(shell: Shell, parent: QWidget, title: str, name: str, then: Callable[[Path], object]) -> None:
    """Let the person say where a file goes, or ask `shell.choose_file` where one was given."""
    if shell.choose_file is not None:
        path = shell.choose_file(name)
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
