"""What is typed is kept as it is typed: neither Esc, a crash nor a power cut loses more than a quarter of a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.leads import SaveDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell

KEEP_MS = 250
"""Typing rests this long before it is written: a fast typist writes to disk a few times a sentence."""

TextWidget = QLineEdit | QPlainTextEdit | QTextEdit


class DraftKeeper(QObject):
    """Keeps what is typed into one text widget under a place such as “lead:12:note”.

    `restored` says that a draft was found and put back. Call `go_to` when the widget turns to another card and
    `forget` when what was typed has been saved for good.
    """

    restored = Signal(str)

    def __init__(
        self, shell: Shell, place: str, widget: TextWidget, *, drafts: Mapping[str, str] | None = None
    ) -> None:
        """`drafts` are known ones (`LeadCardData.drafts`); without them they are asked for. "" is no place yet."""
        super().__init__(widget)
        self._shell = shell
        self._widget = widget
        self._place = ""
        self._kept = ""
        self._putting = False
        self._awaiting = False
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self._rested)
        widget.textChanged.connect(self._typed)
        widget.installEventFilter(self)
        shell.closing.connect(self.flush)
        self.go_to(place, drafts)

    @property
    def place(self) -> str:
        """Where the text belongs."""
        return self._place

    def text(self) -> str:
        """What stands in the widget."""
        return self._widget.text() if isinstance(self._widget, QLineEdit) else self._widget.toPlainText()

    def go_to(self, place: str, drafts: Mapping[str, str] | None = None) -> None:
        """Keep what was typed so far, then show the draft of another place."""
        if place == self._place:
            return
        self.flush()
        self._place, self._kept, self._awaiting = place, "", False
        self._put("")
        if not place:
            return
        typed = self._shell.typed.get(place)
        if typed is not None:
            self._restore(place, typed)
        elif drafts is not None:
            self._restore(place, drafts.get(place, ""))
        else:
            self._awaiting = True
            lanes = self._shell.lanes
            lanes.ask(self, Drafts(), lambda found: self._found(place, found), key="drafts", failed=self._not_found)

    def forget(self) -> None:
        """It has been saved: empty the widget and let go of the draft."""
        self._put("")
        self.flush()

    def flush(self) -> None:
        """Write down at once what is not yet. The writer lane keeps the order, so what is newest stays."""
        self._timer.stop()
        text = self.text()
        if not self._place or text == self._kept:
            return
        self._kept = text
        self._shell.typed[self._place] = text
        self._shell.lanes.do(self._shell, SaveDraft(self._place, text), quiet=True)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Leaving the field, or the field leaving the screen, writes at once."""
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.Close):
            self.flush()
        return False

    def _typed(self) -> None:
        if self._place and not self._putting:
            self._timer.start()

    def _rested(self) -> None:
        # Written before the old draft is here, the new words would take its place for good.
        if self._awaiting:
            self._timer.start()
        else:
            self.flush()

    def _not_found(self, _error: Exception) -> None:
        self._awaiting = False

    def _found(self, place: str, drafts: Mapping[str, str]) -> None:
        self._awaiting = self._awaiting and place != self._place
        # What this window has written meanwhile would come back to it as somebody's draft.
        if place not in self._shell.typed:
            self._restore(place, drafts.get(place, ""))

    def _restore(self, place: str, text: str) -> None:
        if place != self._place or not text:
            return
        typed = self.text()
        self._kept = text
        if not typed:
            self._put(text)
        elif typed != text:
            # Typed while the draft was on its way: both stay.
            self._put(f"{text}\n{typed}")
            self._timer.start()
        self.restored.emit(text)

    def _put(self, text: str) -> None:
        self._putting = True
        if isinstance(self._widget, QLineEdit):
            self._widget.setText(text)
        else:
            self._widget.setPlainText(text)
            cursor = self._widget.textCursor()
            cursor.movePosition(cursor.MoveOperation.End)
            self._widget.setTextCursor(cursor)
        self._putting = False
