"""The ten keys: how the call ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from leaddesk.ui.cards.choice import ChoiceButton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.entities import Outcome


class OutcomePad(QWidget):
    """Outcomes in two columns, by digit, 0 last. `outcome_chosen` gives the digit clicked."""

    outcome_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._buttons: dict[int, ChoiceButton] = {}
        self._shown: list[Outcome] = []

    def show_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Make the keys, anew only if they differ."""
        wanted = sorted(outcomes, key=lambda o: (o.digit - 1) % 10)
        if wanted == self._shown:
            return
        for button in self._buttons.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        self._buttons = {}
        self._shown = wanted
        for place, outcome in enumerate(wanted):
            button = ChoiceButton(self._theme, outcome.title, str(outcome.digit))
            button.clicked.connect(lambda _checked=False, digit=outcome.digit: self.outcome_chosen.emit(digit))
            self._grid.addWidget(button, place // 2, place % 2)
            self._buttons[outcome.digit] = button

    def mark(self, digit: int | None) -> None:
        """Show which one is chosen."""
        for key, button in self._buttons.items():
            button.setChecked(key == digit)

    def button(self, digit: int) -> ChoiceButton | None:
        """The key of that digit, if there is one."""
        return self._buttons.get(digit)
