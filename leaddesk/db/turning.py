"""The part of a unit of work that turns an operation back, or does it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.db import journal, standing
from leaddesk.db.held import Held
from leaddesk.db.prepared import said
from leaddesk.db.told import Told
from leaddesk.db.turn import NOTHING, Turn
from leaddesk.db.turn_few import FewRows
from leaddesk.workflow.changes import NAMED_AT_MOST, Changes
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.db.answers.reading import Reading
    from leaddesk.workflow.undo import OperationRow

_HOLD = said(
    """SELECT undone, set_config('enable_mergejoin', 'off', true), set_config('enable_hashjoin', 'off', true)
    FROM operation WHERE id = :id FOR UPDATE"""
)
"""Has a server, for the rest of the transaction, go from the journal's lines to their rows, and never the other way.

It guesses how far up a table the rows of an operation lie, and where a table has grown since it last counted, it
reads ten million calls to find the one to delete.
"""


class Turning(Held):
    """What undo and redo ask of the journal and do by it."""

    _bulk: Changes
    _stale: tuple[set[int], set[int]]
    _kind: str
    _target: int | None
    _told: Told | None = None
    _reading: Reading | None
    """What was read of the settings, as long as nobody changes them."""

    @property
    def operation_id(self) -> int:
        """This transaction's own operation."""
        raise NotImplementedError

    def last_undoable(self) -> OperationRow | None:
        """This user's newest operation that stands."""
        return journal.last_undoable(self._connection, self.user.id)

    def last_redoable(self) -> OperationRow | None:
        """What this user undid last, if nothing was done since."""
        return journal.last_redoable(self._connection, self.user.id)

    def operation(self, operation_id: int) -> OperationRow | None:
        """One operation."""
        return journal.by_id(self._connection, operation_id)

    def blockers(self, operation: OperationRow) -> list[OperationRow]:
        """Later operations that stand on this one; a batch is never blocked, it spares what was touched."""
        told = self._held(operation)
        if operation.command in journal.SPARING:
            return []
        return standing.blockers(self._connection, told, back=not operation.undone)

    def reverse(self, operation: OperationRow, kept: Mapping[str, Sequence[int]] = NOTHING) -> Sequence[int]:
        """Put back every row as it was before, but not those `kept` (ids by table); gives the leads spared."""
        self._kind, self._target = "undo", operation.id
        sparing = operation.command in journal.SPARING
        spared = standing.touched_since(self._connection, operation.id) if sparing else []
        self._turn(operation, back=True).run(spared, kept)
        return spared

    def reapply(self, operation: OperationRow) -> bool:
        """Put every row as it was after, if they still are as undo left them."""
        turn = self._turn(operation, back=False)
        if not turn.fits():
            return False
        self._kind, self._target = "redo", operation.id
        turn.run()
        return True

    def _held(self, operation: OperationRow) -> Told:
        """What the journal says of an operation, which stays as it is until commit with the cards it concerns.

        Work under way on one of these cards is waited for, so that it is seen to stand on the operation. A SQLite
        writer is alone anyway. Raises `Refused` where it is no longer as it was read.
        """
        if self._told is not None and self._told.operation_id == operation.id:
            return self._told
        on_server = self._connection.dialect.name != "sqlite"
        if on_server and bool(_HOLD.scalar(self._connection, id=operation.id)) != operation.undone:
            raise Refused(f"Somebody has just turned “{operation.words}”. Look again and repeat.")
        told = self._told = Told(self._connection, operation.id)
        if on_server:
            told.hold_cards()
        return told

    def _turn(self, target: OperationRow, *, back: bool) -> Turn:
        told = self._held(target)
        leads, clients = told.touched()
        few = len(leads) + len(clients) <= NAMED_AT_MOST and not told.reaches_others
        self._bulk |= Changes(frozenset(leads), frozenset(clients)) if few else Changes(many=True)
        self._bulk |= Changes(settings=True)
        self._reading = None
        for stale, ids in zip(self._stale, told.unfindable(), strict=True):
            stale.update(ids)
        if told.lines is None:
            return Turn(self._connection, target.id, self.operation_id, self._now_ms, back=back)
        return FewRows(self._connection, target.id, self.operation_id, self._now_ms, told.lines, back=back)
