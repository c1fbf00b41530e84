"""The text of a template: fields and conditions stand out, lines with a fault are marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from leaddesk.ui.letter_pdf import reading_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QTextDocument

    from leaddesk.ui.theme import Theme

FIELD = re.compile(r"{{.*?}}")
CONDITION = re.compile(r"{%.*?%}")
SUBJECT = re.compile(r"Subject:")


class TemplateHighlighter(QSyntaxHighlighter):
    """Colours for what will be filled and for what decides."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        """Follows the theme."""
        super().__init__(document)
        self._theme = theme
        self._formats: dict[str, QTextCharFormat] = {}
        self._look()
        theme.changed.connect(self._relook)

    def _look(self) -> None:
        def form(ink: str, ground: str = "", *, bold: bool = False) -> QTextCharFormat:
            made = QTextCharFormat()
            made.setForeground(self._theme.token(ink))
            if ground:
                made.setBackground(self._theme.token(ground))
            if bold:
                made.setFontWeight(600)
            return made

        self._formats = {
            "field": form("accent_text", "accent_soft"),
            "condition": form("warm_ink", "warm_soft"),
            "subject": form("mute", bold=True),
        }

    def _relook(self) -> None:
        self._look()
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """One line; neither a field nor a condition goes on in the next."""
        for pattern, name in ((FIELD, "field"), (CONDITION, "condition")):
            for found in pattern.finditer(text):
                start = units(text[: found.start()])
                self.setFormat(start, units(found[0]), self._formats[name])
        if self.currentBlock().blockNumber() == 0 and (head := SUBJECT.match(text)):
            self.setFormat(0, head.end(), self._formats["subject"])


def units(text: str) -> int:
    """Length as Qt counts it, in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class TemplateText(QPlainTextEdit):
    """The first line is the subject. `fields_requested` is the wish for a field at the cursor (Ctrl+Space)."""

    fields_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        """Empty."""
        super().__init__()
        self._theme = theme
        self._wrong: list[int] = []
        self.setAccessibleName("Text of the template")
        self.setAccessibleDescription("The first line is the subject. Ctrl+Space inserts a field.")
        self.setTabChangesFocus(True)
        self.highlighter = TemplateHighlighter(theme, self.document())
        theme.changed.connect(self._mark)

    def show_text(self, text: str, language: str) -> None:
        """Another text, running the way its language does."""
        self.document().setDefaultTextOption(reading_option(language))
        self.setPlainText(text)
        self.show_problems(())
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def put_in_place(self, text: str) -> None:
        """Another text instead of this one; Ctrl+Z brings this one back."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def insert(self, text: str, back: int = 0) -> None:
        """Put this where the cursor is, which then stands `back` characters before its end."""
        cursor = self.textCursor()
        cursor.insertText(text)
        for _ in range(back):
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter)
        self.setTextCursor(cursor)
        self.setFocus()

    def go_to_line(self, line: int) -> None:
        """Put the cursor at the end of a line, counted from 1."""
        block = self.document().findBlockByNumber(line - 1)
        if block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self.setTextCursor(cursor)
        self.setFocus()

    def show_problems(self, lines: Iterable[int]) -> None:
        """Mark these lines, counted from 1."""
        self._wrong = sorted(set(lines))
        self._mark()

    def _mark(self) -> None:
        made = []
        for line in self._wrong:
            block = self.document().findBlockByNumber(line - 1)
            if not block.isValid():
                continue
            selection = QTextEdit.ExtraSelection()
            form, cursor = QTextCharFormat(), QTextCursor(block)
            # Whole where the line is wrapped, which a full width selection is not; and seen where it is empty.
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            form.setProperty(QTextFormat.Property.FullWidthSelection, not block.text())
            form.setBackground(self._theme.token("hot_soft"))
            form.setForeground(self._theme.token("ink"))
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            form.setUnderlineColor(self._theme.token("hot"))
            selection.format, selection.cursor = form, cursor
            made.append(selection)
        self.setExtraSelections(made)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Space asks for a field."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Space and control:
            if not self.isReadOnly():
                self.fields_requested.emit()
            return
        super().keyPressEvent(event)
