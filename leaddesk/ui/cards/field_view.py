"""A field that is edited where it stands: Enter, F4 or a click opens it, Enter saves, Esc restores, Tab goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from leaddesk.ui.cards.fields import CardField, typed_value
from leaddesk.ui.cards.text import leading
from leaddesk.ui.widgets import ErrorLabel, restyle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.theme import Theme

OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F4)
EDITING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
LONG_HEIGHT = 66


class FieldView(QWidget):
    """Shows one field, and edits it.

    `saved` gives the key, the new value and the value it was opened with; the owner answers by `accept` or
    `refuse`. `moved` asks the owner to open the next field (1) or the one before (-1). `typing` says that the text
    in the open field is another; `dropped` that Esc gave it up: the text, and the value it was opened with.
    """

    dropped = Signal(str, object)
    moved = Signal(object, int)
    saved = Signal(str, object, object)
    typing = Signal()

    def __init__(
        self, theme: Theme, field: CardField, *, compact: bool = False, wraps: bool = True, look: str = ""
    ) -> None:
        """`compact`: among others on their line, as wide as its words; without `wraps` never on two lines."""
        super().__init__()
        self._compact = compact
        self.field = field
        self._theme = theme
        self._value: Any = None
        self.base: Any = None
        self.turn = 0
        self.why = self.tried = ""
        self._insists = False
        self._choices: Sequence[tuple[str, str]] = field.choices
        self._over = self._saving = False
        self.editor: QLineEdit | QPlainTextEdit | QComboBox | None = None
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(wraps)
        self._look = look
        self.error = ErrorLabel()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(3, 2, 3, 2)
        self._box.setSpacing(2)
        self._box.addWidget(self.label)
        self._box.addWidget(self.error)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        width = QSizePolicy.Policy.Maximum if compact else QSizePolicy.Policy.Preferred
        self.setSizePolicy(width, QSizePolicy.Policy.Minimum)
        self.show_value(None)

    # Showing

    def show_value(self, value: Any, words: str | None = None) -> None:
        """Show this value, in these words if not its own. An editor that is open keeps what is typed."""
        self._value = value
        shown = self.field.shown(value) if words is None else words
        self.label.setText(shown or self.field.empty or "—")
        restyle(self.label, "look", self._look if shown else "mute")
        self.label.setAlignment(leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{self.field.title}: {shown or 'empty'}")

    def sizeHint(self) -> QSize:
        """Compact, it wants one line; a label that may wrap would rather be short and high."""
        if not self._compact or self.editor is not None or self.error.text():
            return super().sizeHint()
        metrics, around = self.label.fontMetrics(), self._box.contentsMargins()
        width = metrics.horizontalAdvance(self.label.text()) + 2 + around.left() + around.right()
        return QSize(width, metrics.height() + around.top() + around.bottom())

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """The choices, where they are known only now."""
        self._choices = choices

    @property
    def editing(self) -> bool:
        """Whether it is open."""
        return self.editor is not None

    # Editing

    def edit(self) -> None:
        """Open it."""
        if self.editor is not None:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._open().setFocus(Qt.FocusReason.OtherFocusReason)

    def reopen(self, text: str, base: object, why: str) -> None:
        """Open it as it was left: with this text, and why it could not be saved. The keyboard stays where it is."""
        editor = self._open()
        self.put_text(text)
        self.base = base
        if why:
            self.why, self.tried = why, text
            self.error.say(why)
            restyle(editor, "wrong", value=True)

    def _open(self) -> QLineEdit | QPlainTextEdit | QComboBox:
        """Put the editor in the words' place. Each opening is a turn: answers to an earlier one are not for it."""
        self.base, self._saving, self.why, self.tried = self._value, False, "", ""
        self.turn += 1
        self.editor = editor = self._make_editor()
        editor.setAccessibleName(self.field.title)
        editor.installEventFilter(self)
        self._box.insertWidget(0, editor)
        self.label.hide()
        editor.show()
        self.setMinimumWidth(150)
        self.updateGeometry()
        (editor.currentIndexChanged if isinstance(editor, QComboBox) else editor.textChanged).connect(self.typing)
        return editor

    def _make_editor(self) -> QLineEdit | QPlainTextEdit | QComboBox:
        text = self.field.shown(self._value)
        if self._choices:
            box = QComboBox()
            for value, words in self._choices:
                box.addItem(words, value)
            now = text if self.field.kind == "yes_no" else str(self._value if self._value is not None else "")
            box.setCurrentIndex(max(0, box.findData(now)))
            return box
        if self.field.kind == "long":
            area = QPlainTextEdit(text)
            area.setTabChangesFocus(True)
            area.setFixedHeight(LONG_HEIGHT)
            area.selectAll()
            return area
        line = QLineEdit(text)
        line.selectAll()
        return line

    def typed(self) -> str:
        """What the editor holds."""
        if isinstance(self.editor, QComboBox):
            return str(self.editor.currentData() or "")
        if isinstance(self.editor, QPlainTextEdit):
            return self.editor.toPlainText().strip()
        return self.editor.text().strip() if self.editor else ""

    def put_text(self, text: str) -> None:
        """Type into the open editor, or choose there."""
        if isinstance(self.editor, QComboBox):
            self.editor.setCurrentIndex(max(0, self.editor.findData(text)))
        elif isinstance(self.editor, QPlainTextEdit):
            self.editor.setPlainText(text)
        elif isinstance(self.editor, QLineEdit):
            self.editor.setText(text)

    @property
    def unsaved(self) -> bool:
        """Whether what stands in the open field is not what it was opened with."""
        if self.editor is None:
            return False
        return self._typed_value() != self.base if self._choices else self.field.shown(self.base) != self.typed()

    def _typed_value(self) -> object:
        typed = self.typed()
        return typed_value(self.field, typed) if self._choices or self.field.kind != "source" else typed

    def commit(self, *, again: bool = True, insists: bool = True) -> None:
        """Save what is typed, or just close if it is what was there.

        `again`: also what was refused and has not been touched since. `insists`: a refusal brings the keyboard back.
        """
        if self.editor is None or self._saving or (not again and self.why and self.typed() == self.tried):
            return
        if not self.unsaved:
            self.typing.emit()
            self.close_editor()
            return
        self._saving, self._insists, self.tried = True, insists, self.typed()
        self.saved.emit(self.field.key, self._typed_value(), self.base)

    def accept(self) -> None:
        """What was typed is saved."""
        self.close_editor()

    def refuse(self, words: str) -> None:
        """It cannot be: say why below, keep what was typed."""
        self._saving, self.why = False, words
        self.error.say(words)
        if self.editor is not None:
            restyle(self.editor, "wrong", value=True)
            if self._insists:
                self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_editor(self) -> None:
        """Show the value again."""
        self._saving = False
        self.error.say("")
        if self.editor is None:
            return
        gone, self.editor = self.editor, None
        had_focus = gone.hasFocus()
        gone.removeEventFilter(self)
        gone.hide()
        self._box.removeWidget(gone)
        gone.deleteLater()
        self.label.show()
        self.setMinimumWidth(0)
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.updateGeometry()

    # Keys and mouse

    def event(self, event: QEvent) -> bool:
        """Enter opens the field that has the focus, whatever it means elsewhere."""
        opens = isinstance(event, QKeyEvent) and event.key() in OPENING and not event.modifiers()
        if event.type() == QEvent.Type.ShortcutOverride and opens and self.editor is None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or F4 opens."""
        if event.key() in OPENING and self.editor is None:
            self.edit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The editor's keys: Enter, Esc, Tab."""
        if watched is not self.editor:
            return False
        ours = isinstance(event, QKeyEvent) and event.key() in EDITING
        if event.type() == QEvent.Type.ShortcutOverride and ours:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._editor_key(event)
        passing = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in passing:
            self.commit(again=False, insists=False)
        return False

    def _editor_key(self, event: QKeyEvent) -> bool:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            text, base, given_up = self.typed(), self.base, self.unsaved and not self._saving
            self.close_editor()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            if given_up:
                self.dropped.emit(text, base)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shifted:
            self.commit()
            return True
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            back = event.key() == Qt.Key.Key_Backtab or shifted
            self.commit()
            self.moved.emit(self, -1 if back else 1)
            return True
        return False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        if event.button() == Qt.MouseButton.LeftButton and self.editor is None:
            self.edit()
        super().mouseReleaseEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be edited."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """And not any more."""
        self._over = False
        self.update()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring shows."""
        self.update()
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring where the keyboard is, a shade under the hand."""
        if self.editor is None and (self._over or self.hasFocus()):
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ring = QPen(self._theme.token("focus"), 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen)
            painter.setPen(ring)
            painter.setBrush(self._theme.token("hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
            painter.end()
        super().paintEvent(event)
