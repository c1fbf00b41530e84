"""Saving one field of a card: in place if it fits, with a choice if somebody else changed it meanwhile.

What is typed belongs to the card it was typed on. It is saved there when another card is shown, and what cannot be
saved is kept as that card's draft and stands in the open field again, its refusal below, when the card is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from leaddesk.ui.cards.field_drafts import FieldDrafts, Unsaved
from leaddesk.workflow.clients import EditClient
from leaddesk.workflow.errors import Conflict, Refused
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.replies import OptOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtWidgets import QWidget

    from leaddesk.ui.cards.field_view import FieldView
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Command

Writing = Callable[["Holder", Any, Any], "Command[Any]"]
"""Makes the command for one field of a card, given the new value and the one the field was opened with."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose fields they are. `kind` is lead or client; `title` is for saying whose they were."""

    kind: str
    id: int
    title: str = ""

    def place(self, name: str) -> str:
        """Where the draft of one field is kept."""
        return f"{self.kind}:{self.id}:field:{name}"

    def is_same(self, other: Holder | None) -> bool:
        """Whether it is the same card, whatever it is called now."""
        return other is not None and (self.kind, self.id) == (other.kind, other.id)

    def edit(self, values: dict[str, Any], base: dict[str, Any]) -> Command[Any]:
        """The command that changes fields of the card itself."""
        if self.kind == "client":
            return EditClient(client_id=self.id, values=values, base=base)
        return EditLead(lead_id=self.id, values=values, base=base)


@dataclass(frozen=True, slots=True)
class _Minded:
    """How one field is saved, the name its draft goes by, and whether Tab goes through it."""

    name: str
    write: Writing
    in_order: bool


class FieldSaver(QObject):
    """Sends what a field holds to the desk and tells the field what came of it.

    `restored` gives a field in which something unsaved stands again, so that it can be brought into sight.
    """

    restored = Signal(object)

    def __init__(self, shell: Shell, owner: QWidget) -> None:
        super().__init__(owner)
        self._shell, self._owner = shell, owner
        self._minded: dict[FieldView, _Minded] = {}
        self._drafts = FieldDrafts(shell, self)
        self._stored: Mapping[str, str] = {}
        self._wanted = ""
        self.holder: Holder | None = None
        shell.closing.connect(self._closing)

    # Which fields, and whose

    def mind(self, fields: Iterable[FieldView]) -> None:
        """Save these fields of the card itself, and let Tab go through them in this order."""
        for field in fields:
            key = field.field.key
            self.mind_as(field, key, partial(_edit, key), in_order=True)

    def mind_as(self, field: FieldView, name: str, write: Writing, *, in_order: bool = False) -> None:
        """Save this one by a command of its own."""
        self._minded[field] = _Minded(name, write, in_order)
        field.moved.connect(self._move)
        field.saved.connect(lambda _key, value, base: self.save(field, value, base))
        field.typing.connect(lambda: self._typing(field))
        field.dropped.connect(lambda text, base: self._dropped(field, text, base))

    def leave(self, field: FieldView) -> None:
        """This one goes; what stands in it is saved or kept."""
        if field in self._minded:
            self._close(field)
            del self._minded[field]

    def turn_to(self, holder: Holder | None, stored: Mapping[str, str]) -> None:
        """The fields are about to show this card: what is open still belongs to the one before."""
        self._stored = stored
        if holder is None or not holder.is_same(self.holder):
            self.close_all()
        self.holder = holder

    def restore(self) -> None:
        """Open the fields in which something unsaved is left; to be called once the card's values are shown."""
        done: set[str] = set()
        for field, minded in list(self._minded.items()):
            if minded.name not in done and not field.isHidden() and self._restore(field, minded):
                done.add(minded.name)
            if minded.name == self._wanted and field.editing:
                field.edit()
        self._wanted = ""

    def restore_one(self, field: FieldView) -> None:
        """The same for a field that has come later."""
        self._restore(field, self._minded[field])

    def _restore(self, field: FieldView, minded: _Minded) -> bool:
        left = self._drafts.get(self.holder.place(minded.name), self._stored) if self.holder else None
        if left is None or field.editing:
            return False
        field.reopen(left.text, left.base, left.why)
        self.restored.emit(field)
        return True

    def close_all(self) -> None:
        """Another card is shown: what is typed and not saved yet is saved to the card it belongs to."""
        for field in list(self._minded):
            self._close(field)

    def _close(self, field: FieldView) -> None:
        if field.editing:
            if field.unsaved:
                self._keep(field)
                field.commit(again=False)
            field.close_editor()

    def _closing(self) -> None:
        """The window closes: as if another card were shown, but what is open stays as it is."""
        for field in [field for field in self._minded if field.editing and field.unsaved]:
            self._keep(field)
            field.commit(again=False)
        self._drafts.flush()

    # Keeping

    def _typing(self, field: FieldView) -> None:
        if field.unsaved:
            self._keep(field)
        elif self.holder is not None:
            self._drafts.drop(self.holder.place(self._minded[field].name))

    def _keep(self, field: FieldView) -> None:
        if self.holder is not None:
            left = Unsaved(field.typed(), field.base, field.why if field.typed() == field.tried else "")
            self._drafts.keep(self.holder.place(self._minded[field].name), left)

    def _dropped(self, field: FieldView, text: str, base: object) -> None:
        """Esc gave it up; for a few seconds it can be had back."""
        holder, minded = self.holder, self._minded[field]
        if holder is None:
            return
        self._drafts.drop(holder.place(minded.name))

        def again() -> None:
            self._drafts.keep(holder.place(minded.name), Unsaved(text, base))
            self._show_again(holder, minded.name)

        words = f"{field.field.title} of {holder.title} stays as it was"
        self._shell.messages.toast(words, action=("Go on typing", again), kind="undone")

    def _show_again(self, holder: Holder, name: str) -> None:
        """Have the card with its unsaved fields on the screen."""
        self._wanted = name
        if holder.is_same(self.holder):
            self.restore()
        elif holder.kind == "client":
            self._shell.client_requested.emit(holder.id)
        else:
            self._shell.lead_requested.emit(holder.id)

    # Saving

    def save(self, field: FieldView, value: object, base: object) -> None:
        """Save one field. The value it was opened with goes along, so that others' edits are noticed."""
        holder, minded = self.holder, self._minded[field]
        if holder is None:
            return
        text, turn = field.typed(), field.turn
        self._send(field, holder, minded, minded.write(holder, value, base), Unsaved(text, base), turn)

    def _send(
        self, field: FieldView, holder: Holder, minded: _Minded, command: Command[Any], left: Unsaved, turn: int
    ) -> None:
        place = holder.place(minded.name)

        def here() -> bool:
            # Opened again meanwhile with the same words, it is the same turn.
            mine = field in self._minded and holder.is_same(self.holder)
            return mine and (field.turn == turn or (field.editing and field.typed() == left.text))

        def saved(_done: object) -> None:
            kept = self._drafts.get(place, {})
            if kept is not None and kept.text == left.text:
                self._drafts.drop(place)
                self._drafts.flush()
            if here():
                field.accept()

        def refused(refused: Refused) -> None:
            if here() and field.editing:
                if isinstance(refused, Conflict):
                    self._ask(field, holder, minded, refused, left, turn)
                else:
                    field.refuse(refused.words)
                    self._keep(field)
                return
            self._drafts.keep(place, replace(left, why=refused.words))
            self._drafts.flush()
            if holder.is_same(self.holder):
                self.restore()
            words = f"{field_title(minded.name)} of {holder.title} is not saved. {refused.words}"
            back = ("Go back", lambda: self._show_again(holder, minded.name))
            self._shell.messages.toast(words, action=back, kind="refused")

        self._shell.lanes.do(self._owner, command, saved, failed=refused)

    def set_value(self, key: str, value: object) -> None:
        """Save a field that has no view of its own."""
        if self.holder is not None:
            self._shell.lanes.do(self._owner, self.holder.edit({key: value}, {}))

    def _ask(
        self, field: FieldView, holder: Holder, minded: _Minded, conflict: Conflict, left: Unsaved, turn: int
    ) -> None:
        from leaddesk.ui.dialogs.conflict import ConflictDialog

        def settled(mine: dict[str, Any]) -> None:
            # Theirs stands already; only what was chosen of mine is to be saved.
            if mine:
                theirs = {key: conflict.clashes[key][0] for key in mine}
                self._send(field, holder, minded, holder.edit(mine, theirs), left, turn)
            elif field.turn == turn:
                self._drafts.drop(holder.place(minded.name))
                field.close_editor()

        def put_off() -> None:
            if field.turn == turn and field.editing:
                field.refuse(conflict.words)

        dialog = ConflictDialog(self._shell, conflict.clashes, {minded.name: left.base}, self._owner)
        dialog.settled.connect(settled)
        dialog.rejected.connect(put_off)
        dialog.open()

    def _move(self, field: FieldView, by: int) -> None:
        shown = [
            f
            for f, minded in self._minded.items()
            if minded.in_order and f.isVisibleTo(self._owner) and (f.isVisible() or f is field)
        ]
        if field not in shown:
            return
        place = shown.index(field) + by
        if 0 <= place < len(shown):
            shown[place].edit()


def _edit(key: str, holder: Holder, value: object, base: object) -> Command[Any]:
    if holder.kind == "lead" and key in ("no_mail", "greet"):
        # Who is not written to is not greeted either.
        letters, greetings = (not value, None) if key == "no_mail" else (None, bool(value))
        return OptOut(lead_id=holder.id, letters=letters, greetings=greetings)
    return holder.edit({key: value}, {key: base})


def field_title(name: str) -> str:
    """What a field is called whose view may be gone: “extra:Lead Origin”, “point:12”, “interest”."""
    from leaddesk.ui.cards.fields import title_of_field

    kind, _colon, rest = name.partition(":")
    if kind == "extra":
        return rest
    return "A number or address" if kind == "point" else title_of_field(name)
