"""The audit history of a card: what was done, each field before and after, and Undo beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent

from leaddesk.ui.cards.lines import Line, LinesView
from leaddesk.ui.cards.told import history_lines
from leaddesk.workflow.undo import History, Undo

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.undo import HistoryRow


class HistoryTab(LinesView):
    """Asked for only while it is on the screen."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell.theme, "History")
        self._shell = shell
        self._lead_id: int | None = None
        self._client_id: int | None = None
        self.acted.connect(self._undo)

    def belong(self, *, lead_id: int | None = None, client_id: int | None = None) -> None:
        """Whose history it is; look again."""
        if (lead_id, client_id) != (self._lead_id, self._client_id):
            self.show_lines(())
        self._lead_id, self._client_id = lead_id, client_id
        if self.isVisible():
            self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Now it is wanted."""
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self._lead_id or self._client_id:
            question = History(lead_id=self._lead_id, client_id=self._client_id)
            self._shell.lanes.ask(self, question, self._show, key="history")

    def _show(self, rows: list[HistoryRow]) -> None:
        self.show_lines(history_lines(rows, self._shell.clock.now(), self._shell.zone()))

    def _undo(self, line: Line) -> None:
        self._shell.lanes.do(self, Undo(line.ref))
