"""Files dropped onto a window, whatever page of it they are dropped on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

FOLDER = "A folder cannot be brought in. Drop the files in it, several at once if you like."


def dropped_files(event: QDropEvent) -> list[Path]:
    """The local files and folders that are dropped; nothing where anything else is among them."""
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls] if all(url.isLocalFile() for url in urls) else []


def is_folder(path: Path) -> bool:
    """Whether it holds files instead of being one. A path nobody can look at is left to whoever opens it."""
    try:
        return path.is_dir()
    except OSError:
        return False


class FileDrop(QObject):
    """Watches a window for files being dropped."""

    dropped = Signal(object)
    """The paths, in the order they were dropped in."""
    refused = Signal(str)
    """Why what was dropped cannot be taken."""

    def __init__(self, window: QWidget) -> None:
        """Fields that take text go on taking what is dropped on them themselves."""
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Files are taken, a folder is refused in words, anything else is left alone."""
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop) and isinstance(event, QDropEvent):
            files = dropped_files(event)
            if files:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._take(files)
                return True
        return False

    def _take(self, files: list[Path]) -> None:
        if any(map(is_folder, files)):
            self.refused.emit(FOLDER)
        else:
            self.dropped.emit(files)
