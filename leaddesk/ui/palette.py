"""Ctrl+K: every action by its words, every lead and client by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from leaddesk.ui.keys_sheet import words_of
from leaddesk.ui.top_bar import hit_choice
from leaddesk.ui.widgets import LineEdit, MutedLabel
from leaddesk.ui.widgets_list import Choice, ChoiceList
from leaddesk.workflow.cards import Hit, Search

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.ui.actions import Action
    from leaddesk.ui.shell import Shell

WIDTH, HEIGHT = 620, 460
SEARCHED_FROM = 2
"""One letter names an action sooner than a person."""


def fits(typed: str, words: str) -> bool:
    """Whether every word typed begins a word of the action, in any order: “le add” finds “Add a lead”."""
    begun = words.casefold().split()
    return all(any(word.startswith(part) for word in begun) for part in typed.casefold().split())


class Palette(QDialog):
    """Typing narrows, arrows move, Enter does."""

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        """Opens over the window, at its top, where the eye is."""
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._shell = shell
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowTitle("All commands")
        self.setAccessibleName("All commands")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = QFrame()
        frame.setProperty("look", "popup")
        outer.addWidget(frame)
        box = QVBoxLayout(frame)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(8)
        self.line = _Line(self)
        self.list = ChoiceList("Commands, leads and clients")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = MutedLabel("No command, lead or client of that name.")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(self.line)
        box.addWidget(self.list, 1)
        box.addWidget(self.nothing, 1)
        self.list.chosen.connect(self.accept)
        self.line.textChanged.connect(self.look)
        self.resize(WIDTH, HEIGHT)
        corner = parent.mapToGlobal(QPoint((parent.width() - WIDTH) // 2, 72))
        self.move(corner)
        self.look("")
        self.line.setFocus()

    def look(self, text: str) -> None:
        """Actions at once; leads and clients when they are found."""
        self._show(text, [])
        if len(text.strip()) >= SEARCHED_FROM and self._shell.is_open:
            self._shell.lanes.ask(self, Search(text, 12), lambda hits: self._show(text, hits), key="palette")

    def _show(self, text: str, hits: list[Hit]) -> None:
        if text != self.line.text():
            return
        row = self.list.currentIndex().row()
        can = [a for a in self._shell.actions.all() if a.id != "palette" and self._shell.actions.can(a.id)]
        said = [(a, words) for a in can if (words := words_of(self._shell, a))]
        choices = [self._action(a, words) for a, words in said if fits(text, f"{words} {a.text} {a.menu}")]
        choices += [hit_choice(self._shell, hit) for hit in hits]
        self.list.show_choices(choices)
        if hits:
            self.list.move_to(row)
        self.list.setVisible(bool(choices))
        self.nothing.setVisible(not choices)

    def _action(self, action: Action, words: str) -> Choice:
        return Choice(words, self._later(action.id), keys=self._shell.actions.keys(action.id))

    def _later(self, action_id: str) -> Callable[[], object]:
        """The action runs when the palette has gone, so that it acts on what was there before."""
        return lambda: self._shell.actions.trigger(action_id)


class _Line(LineEdit):
    """Arrows and Enter are the list's."""

    def __init__(self, palette: Palette) -> None:
        super().__init__("What do you want to do, or whom do you look for?")
        self._palette = palette

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() in moves:
            self._palette.list.move_by(moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._palette.list.choose()
        else:
            super().keyPressEvent(event)
