"""Two people changed the same field: mine, theirs, and what it was. Only the fields that clash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.choice import ChoiceButton
from leaddesk.ui.cards.fields import CLIENT_FIELD, LEAD_FIELD, title_of_field
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.widgets import Heading, MutedLabel, PlainButton, PrimaryButton

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell


class ConflictDialog(QDialog):
    """`settled` carries the fields to be saved as mine; the others stay as theirs. Esc goes back to the field."""

    settled = Signal(object)

    def __init__(
        self,
        shell: Shell,
        clashes: Mapping[str, tuple[object, object]],
        was: Mapping[str, object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`clashes`: field → (theirs, mine), as of `Conflict`; `was`: what the field held when I opened it."""
        super().__init__(parent)
        self._shell = shell
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Changed by somebody else")
        self.setMinimumSize(620, 260)
        self._clashes = dict(clashes)
        self.mine: dict[str, ChoiceButton] = {}
        self.theirs: dict[str, ChoiceButton] = {}
        count = "This field was" if len(clashes) == 1 else "These fields were"
        head = Heading(f"{count} changed by somebody else while you were editing. Whose words stand?")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        for place, (key, (theirs, mine)) in enumerate(self._clashes.items()):
            self._add(grid, place, key, mine, theirs, (was or {}).get(key))
        all_mine, all_theirs = PlainButton("All mine"), PlainButton("All theirs")
        back = PlainButton("Back to the field", "Esc")
        save = PrimaryButton("Save", "Enter")
        all_mine.clicked.connect(lambda: self._all(self.mine))
        all_theirs.clicked.connect(lambda: self._all(self.theirs))
        back.clicked.connect(self.reject)
        save.clicked.connect(self._save)
        save.setDefault(True)
        buttons = QHBoxLayout()
        if len(clashes) > 1:
            buttons.addWidget(all_mine)
            buttons.addWidget(all_theirs)
        buttons.addStretch()
        buttons.addWidget(back)
        buttons.addWidget(save)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 16)
        box.setSpacing(14)
        box.addWidget(head)
        box.addLayout(grid)
        box.addStretch()
        box.addLayout(buttons)
        on_paper(self)

    def _add(self, grid: QGridLayout, place: int, key: str, mine: object, theirs: object, was: object) -> None:
        group, title, theme = QButtonGroup(self), title_of_field(key), self._shell.theme
        row = place * 3
        grid.addWidget(Heading(title), row, 0, 1, 3)
        keys = ("Alt+1", "Alt+2") if not place else ("", "")
        self.mine[key] = ChoiceButton(theme, "Mine", keys[0].replace("+", " "), key_first=False)
        self.theirs[key] = ChoiceButton(theme, "Theirs", keys[1].replace("+", " "), key_first=False)
        for column, (button, value) in enumerate(((self.mine[key], mine), (self.theirs[key], theirs))):
            group.addButton(button)
            if keys[column]:
                # A button's own shortcut clicks it a tenth of a second later: an Enter typed at once would come first.
                QShortcut(QKeySequence(keys[column]), self).activated.connect(button.click)
            button.setAccessibleName(f"{title}, {button.text()}: {_shown(key, value)}")
            grid.addWidget(button, row + 1, column)
            grid.addWidget(_words(_shown(key, value)), row + 2, column, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(MutedLabel("It was", wrap=False), row + 1, 2)
        grid.addWidget(_words(_shown(key, was)), row + 2, 2, Qt.AlignmentFlag.AlignTop)
        self.mine[key].setChecked(True)

    def _all(self, whose: Mapping[str, ChoiceButton]) -> None:
        for button in whose.values():
            button.setChecked(True)

    def _save(self) -> None:
        chosen = {key: self._clashes[key][1] for key, button in self.mine.items() if button.isChecked()}
        self.settled.emit(chosen)
        self.accept()


def _shown(key: str, value: Any) -> str:
    field = LEAD_FIELD.get(key) or CLIENT_FIELD.get(key)
    return (field.shown(value) if field else str(value or "")) or "(empty)"


def _words(text: str) -> MutedLabel:
    label = MutedLabel(text)
    label.setProperty("look", "")
    label.setContentsMargins(10, 0, 10, 0)
    return label
