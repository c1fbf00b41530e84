"""An editor for words somebody answered: they run the way they are written, whatever our letter was written in."""

from __future__ import annotations

from PySide6.QtCore import Qt

from leaddesk.ui.dialogs.refuse_widgets import WordsEdit
from leaddesk.ui.letter_pdf import running_option
from leaddesk.workflow.letter_html import direction, first_direction


class AnswerEdit(WordsEdit):
    """Follows its own first letter, also while somebody types."""

    def __init__(self, placeholder: str = "") -> None:
        """Runs like the window until something tells."""
        super().__init__(placeholder)
        self._language = ""
        self._rtl: bool | None = None
        self.textChanged.connect(self._turn)
        self._turn()

    def answer_to(self, language: str) -> None:
        """What our letter was written in; "" where nobody knows. It counts for what has no letters in it, such as “15 %”."""
        self._language = language
        self._turn()

    def _turn(self) -> None:
        own = first_direction(self.toPlainText()) or (direction(self._language) if self._language else "")
        rtl = own == "rtl" if own else self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if rtl is not self._rtl:
            self._rtl = rtl
            self.document().setDefaultTextOption(running_option(rtl=rtl))
