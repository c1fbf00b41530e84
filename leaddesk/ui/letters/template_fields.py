"""The fields that may be merged into a letter, to pick from at the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from leaddesk.ui.letters.template_list import in_list
from leaddesk.ui.widgets import LineEdit
from leaddesk.ui.widgets_list import Choice, ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.ui.theme import Theme

SIZE = QSize(540, 440)
CONDITION = "{% if company %}{{ company }}{% else %}{% endif %}"
REASON = "{% if reason == 'price' %}{% endif %}"
END_IF = len("{% endif %}")


def choices(said: str, insert: Callable[[str, int], object], *, rtl: bool = False) -> list[Choice]:
    """The fields with what is typed in their title, key or help; `insert` gets a text and how far back to stand.

    `rtl` for a mirrored list.
    """
    from leaddesk.workflow.templating import FIELDS

    made = []
    for field in FIELDS.values():
        text, back = (REASON, END_IF) if field.key == "reason" else (f"{{{{ {field.key} }}}}", 0)
        example = " · ".join(field.example.split("\n"))
        choice = Choice(
            field.title,
            partial(insert, text, back),
            in_list(field.help, rtl=rtl),
            chip=in_list(example, rtl=rtl),
        )
        made.append((f"{field.title} {field.key} {field.help}", choice))
    help_ = "Words that stand only where something is known, with others where it is not."
    condition = Choice(
        "Condition", partial(insert, CONDITION, END_IF), in_list(help_, rtl=rtl), chip=in_list("{% if … %}", rtl=rtl)
    )
    made.append(("condition if else", condition))
    wanted = said.casefold().split()
    return [choice for words, choice in made if all(word in words.casefold() for word in wanted)]


class _Search(LineEdit):
    """The line to find by; `left` says that the focus has gone elsewhere."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the focus."""
        super().focusOutEvent(event)
        self.left.emit()


class FieldPicker(QFrame):
    """Type to find, arrows and Enter to insert, Esc to leave it. `picked` carries a text and how far back to stand."""

    picked = Signal(str, int)

    def __init__(self, theme: Theme, editor: QWidget) -> None:
        """Hidden until asked for; the focus goes back to `editor`."""
        super().__init__(editor)
        self._theme, self._editor = theme, editor
        self.setProperty("look", "popup")
        self.setAccessibleName("Fields")
        self.hide()
        self.search = _Search("Find a field")
        self.list = ChoiceList("Fields to insert")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.setSpacing(6)
        box.addWidget(self.search)
        box.addWidget(self.list, 1)
        self.search.textChanged.connect(self._find)
        self.search.left.connect(self.hide)
        self.list.chosen.connect(self._leave)
        self.setFocusProxy(self.search)

    def open_over(self, window: QWidget, place: QRect) -> None:
        """In front of a window, below a place in it, or above where there is more room."""
        self.setParent(window)
        self._theme.dress(self)
        self.search.clear()
        self._find("")
        room = window.rect().adjusted(4, 4, -4, -4)
        size = SIZE.boundedTo(room.size())
        below, above = room.bottom() - place.bottom() - 4, place.top() - room.top() - 4
        size.setHeight(min(size.height(), max(below, above)))
        at = QRect(QPoint(place.left(), place.bottom() + 4), size)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            at.moveRight(place.right())
        if below < size.height():
            at.moveBottom(place.top() - 4)
        at.moveLeft(max(room.left(), min(at.left(), room.right() - size.width())))
        self.setGeometry(at)
        self.show()
        self.raise_()
        self.search.setFocus()

    def _find(self, said: str) -> None:
        self.list.show_choices(
            choices(said, self.picked.emit, rtl=self.layoutDirection() is Qt.LayoutDirection.RightToLeft)
        )

    def _leave(self) -> None:
        self._editor.setFocus()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter are the list's, all else is typing."""
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() in moves:
            self.list.move_by(moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.list.choose()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)
