"""The live banner: who the person being typed may be already, said while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from leaddesk.ui.cards.banners import is_sure
from leaddesk.ui.cards.lines import LinesView
from leaddesk.ui.cards.told import match_lines
from leaddesk.ui.widgets import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.cards.lines import Line
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.duplicates import Match

ROWS_SEEN = 3
"""So many cards are seen at once; the others are scrolled to."""


class KnownAlready(QFrame):
    """Hidden while nobody fits. Enter or a click on a line opens the card: `match_chosen` carries its kind and id."""

    match_chosen = Signal(str, int)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.matches: tuple[Match, ...] = ()
        self.setProperty("look", "yellow_banner")
        self.words = Words()
        self.view = LinesView(shell.theme, "Who it may be")
        self.view.setProperty("look", "framed")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 12)
        box.setSpacing(8)
        box.addWidget(self.words)
        box.addWidget(self.view)
        self.view.acted.connect(self._choose)
        self.hide()

    @property
    def is_sure(self) -> bool:
        """Whether somebody shares a number or an address, not only a name or a switchboard."""
        return any(map(is_sure, self.matches))

    def show_matches(self, matches: Sequence[Match]) -> None:
        """Say who it may be, or nothing."""
        self.matches = tuple(matches)
        count = len(self.matches)
        sure = "Known already" if self.is_sure else "Perhaps known already"
        on = "1 card" if count == 1 else f"{count} cards"
        self.words.setText(f"{sure}, on {on}. Tab goes there, Enter opens it.")
        self.setAccessibleName(f"{sure}: {'; '.join(m.title for m in self.matches)}" if count else "")
        self.view.show_lines(match_lines(self.matches))
        if count:
            self.view.setCurrentIndex(self.view.lines.index(0))
        self.setVisible(count > 0)
        self.fit()

    def fit(self) -> None:
        """As high as its lines, up to a few of them."""
        rows = min(self.view.lines.rowCount(), ROWS_SEEN)
        self.view.setFixedHeight(sum(self.view.sizeHintForRow(row) for row in range(rows)) + 12)

    def text(self) -> str:
        """Everything that is said."""
        lines = self.view.lines
        return "\n".join((self.words.text(), *(lines.line(row).words for row in range(lines.rowCount()))))

    def _choose(self, line: Line) -> None:
        self.match_chosen.emit(line.kind, line.ref)
