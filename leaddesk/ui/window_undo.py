"""Undo and redo from the window's keys and toasts, and toasts that must no longer offer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.ui.toasts import ToastArea
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.undo import OperationRow


class UndoRedo(QObject):
    """Turns operations, and says so in toasts."""

    def __init__(self, shell: Shell, toasts: ToastArea, parent: QObject) -> None:
        """`toasts` are where undo is offered."""
        super().__init__(parent)
        self._shell = shell
        self._toasts = toasts

    def undo(self, operation: int = 0, *, rest: bool = False) -> None:
        """Take back the last operation, or the one named; a toast offers to do it again. `rest`: but for the letter."""
        from leaddesk.workflow.undo import Undo

        command = Undo(operation if operation > 0 else None, rest=rest)
        self._shell.lanes.do(self, command, self._undone, failed=self._not_turned, quiet=True)

    def redo(self) -> None:
        """Do again what was undone last."""
        from leaddesk.workflow.undo import Redo

        self._shell.lanes.do(self, Redo(), failed=self._not_turned)

    def look_at_offers(self) -> None:
        """Something has changed: what was undone from a card's history, or elsewhere, is offered no longer."""
        from leaddesk.workflow.undo import Journal

        if self._toasts.offered():
            self._shell.lanes.ask(self, Journal(), self._withdraw_undone, key="journal")

    def _withdraw_undone(self, operations: list[OperationRow]) -> None:
        for operation in operations:
            if operation.undone:
                self._toasts.withdraw(operation.id)

    def _not_turned(self, refused: Refused) -> None:
        from leaddesk.workflow.undo import HasLeft

        self._toasts.no_longer(refused)
        offer = None
        if isinstance(refused, HasLeft) and refused.rest:
            operation = refused.operation
            offer = ("Undo the rest", lambda: self.undo(operation, rest=True))
        self._shell.messages.toast(refused.words, kind="refused", action=offer)

    def _undone(self, done: Done[OperationRow]) -> None:
        self._toasts.withdraw(done.value.id)
        again = ("Redo", self._shell.redo_requested.emit)
        self._shell.messages.toast(done.words, action=again, kind="undone", about=done.changes)
