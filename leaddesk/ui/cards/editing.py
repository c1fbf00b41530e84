"""Saving one field of a card: in place if it fits, with a choice if somebody else changed it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from leaddesk.workflow.clients import EditClient
from leaddesk.workflow.errors import Conflict, Refused
from leaddesk.workflow.leads import EditLead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.cards.field_view import FieldView
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Command


class FieldSaver(QObject):
    """Sends what a field holds to the desk and tells the field what came of it."""

    def __init__(self, shell: Shell, owner: QWidget) -> None:
        super().__init__(owner)
        self._shell, self._owner = shell, owner
        self._order: list[FieldView] = []
        self.lead_id: int | None = None
        self.client_id: int | None = None

    def mind(self, fields: Sequence[FieldView]) -> None:
        """Save these, and let Tab go through them in this order."""
        for field in fields:
            field.saved.connect(lambda key, value, base, f=field: self.save(f, key, value, base))
            field.moved.connect(self._move)
            self._order.append(field)

    def close_all(self) -> None:
        """Another card is shown: what is typed and not saved yet is saved to the card it belongs to."""
        for field in self._order:
            if field.editing:
                field.commit()
                field.close_editor()

    def save(self, field: FieldView, key: str, value: object, base: object) -> None:
        """Save one field. The value it was opened with goes along, so that others' edits are noticed."""
        command = self._command({key: value}, {key: base})

        def refused(refused: Refused) -> None:
            if isinstance(refused, Conflict):
                self._ask(field, refused, {key: base})
            elif field.editing:
                field.refuse(refused.words)
            else:
                self._shell.messages.refused(refused.words)

        self._shell.lanes.do(self._owner, command, lambda _done: field.accept(), failed=refused)

    def set_value(self, key: str, value: object) -> None:
        """Save a field that has no view of its own."""
        self._shell.lanes.do(self._owner, self._command({key: value}, {}))

    def _command(self, values: dict[str, Any], base: dict[str, Any]) -> Command[Any]:
        if self.client_id is not None:
            return EditClient(client_id=self.client_id, values=values, base=base)
        return EditLead(lead_id=self.lead_id or 0, values=values, base=base)

    def _ask(self, field: FieldView, conflict: Conflict, base: dict[str, Any]) -> None:
        from leaddesk.ui.dialogs.conflict import ConflictDialog

        dialog = ConflictDialog(self._shell, conflict.clashes, base, self._owner)
        dialog.settled.connect(lambda mine: self._settle(field, conflict, mine))
        dialog.rejected.connect(lambda: field.refuse(conflict.words))
        dialog.open()

    def _settle(self, field: FieldView, conflict: Conflict, mine: dict[str, Any]) -> None:
        """Save what was chosen of mine; theirs stands already."""
        if not mine:
            field.close_editor()
            return
        theirs = {key: conflict.clashes[key][0] for key in mine}
        self._shell.lanes.do(
            self._owner,
            self._command(mine, theirs),
            lambda _done: field.accept(),
            failed=lambda refused: field.refuse(refused.words),
        )

    def _move(self, field: FieldView, by: int) -> None:
        shown = [f for f in self._order if f.isVisibleTo(self._owner) and (f.isVisible() or f is field)]
        if field not in shown:
            return
        place = shown.index(field) + by
        if 0 <= place < len(shown):
            shown[place].edit()
