"""Two people changed the same field: mine, theirs, and what it was. Only the fields that clash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from leaddesk.ui.cards.fields import CLIENT_FIELD, LEAD_FIELD, title_of_field
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
        self.setMinimumWidth(560)
        self._clashes = dict(clashes)
        self.mine: dict[str, QRadioButton] = {}
        self.theirs: dict[str, QRadioButton] = {}
        count = "This field was" if len(clashes) == 1 else "These fields were"
        head = Heading(f"{count} changed by somebody else while you were editing. Whose words stand?")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        for column, title in enumerate(("", "Mine", "Theirs", "It was")):
            grid.addWidget(MutedLabel(title, wrap=False), 0, column)
        for row, (key, (theirs, mine)) in enumerate(self._clashes.items(), 1):
            self._add(grid, row, key, mine, theirs, (was or {}).get(key))
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

    def _add(self, grid: QGridLayout, row: int, key: str, mine: object, theirs: object, was: object) -> None:
        group = QButtonGroup(self)
        self.mine[key] = QRadioButton(_shown(key, mine))
        self.theirs[key] = QRadioButton(_shown(key, theirs))
        self.mine[key].setChecked(True)
        title = title_of_field(key)
        grid.addWidget(MutedLabel(title, wrap=False), row, 0)
        for column, (whose, button) in enumerate((("mine", self.mine[key]), ("theirs", self.theirs[key])), 1):
            group.addButton(button)
            button.setAccessibleName(f"{title}, {whose}: {button.text()}")
            grid.addWidget(button, row, column)
        grid.addWidget(MutedLabel(_shown(key, was)), row, 3)

    def _all(self, whose: Mapping[str, QRadioButton]) -> None:
        for button in whose.values():
            button.setChecked(True)

    def _save(self) -> None:
        chosen = {key: self._clashes[key][1] for key, button in self.mine.items() if button.isChecked()}
        self.settled.emit(chosen)
        self.accept()


def _shown(key: str, value: Any) -> str:
    field = LEAD_FIELD.get(key) or CLIENT_FIELD.get(key)
    return (field.shown(value) if field else str(value or "")) or "(empty)"
