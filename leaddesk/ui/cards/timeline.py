"""The timeline as a list of its own, for both cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.ui.cards.lines import LinesView
from leaddesk.ui.cards.told import timeline_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import TimelineRow


class TimelineView(LinesView):
    """Everything that happened, newest first."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell.theme, "Timeline")
        self._shell = shell

    def show_rows(self, rows: Iterable[TimelineRow]) -> None:
        """Show these."""
        shell = self._shell
        self.show_lines(timeline_lines(rows, shell.clock.now(), shell.zone(), shell.user.name))
