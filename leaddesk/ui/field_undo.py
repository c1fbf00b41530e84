"""Undo in a field goes before undo of the floor, and only while the field has something to undo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

KEYS = ((QKeySequence.StandardKey.Undo, False), (QKeySequence.StandardKey.Redo, True))


class FieldUndo(QObject):
    """Watches the focused text field of one window, and only that: a filter on everything would cost every event."""

    def __init__(self, window: QWidget) -> None:
        """From now on, as long as the window is there."""
        super().__init__(window)
        self._window = window
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(old, QObject):
            old.removeEventFilter(self)
        if isinstance(new, QLineEdit | QPlainTextEdit | QTextEdit) and new.window() is self._window:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A text field claims Ctrl+Z even when it has nothing to undo; then the window's undo is meant."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            for key, redo in KEYS:
                if event.matches(key) and not can_undo(watched, redo=redo):
                    event.ignore()
                    return True
        return False


def can_undo(field: QObject, *, redo: bool) -> bool:
    """Whether a text field has something of its own to undo, or to redo."""
    if isinstance(field, QLineEdit):
        return not field.isReadOnly() and (field.isRedoAvailable() if redo else field.isUndoAvailable())
    if isinstance(field, QPlainTextEdit | QTextEdit):
        document = field.document()
        return not field.isReadOnly() and (document.isRedoAvailable() if redo else document.isUndoAvailable())
    return False
