"""The part of a unit of work that turns an operation back, or does it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.db import journal, search
from leaddesk.db.held import Held
from leaddesk.db.turn import NOTHING, Turn
from leaddesk.workflow.changes import NAMED_AT_MOST, Changes
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from leaddesk.workflow.undo import OperationRow


class Turning(Held):
    """What undo and redo ask of the journal and do by it."""

    _bulk: Changes
    _stale: tuple[set[int], set[int]]
    _kind: str
    _target: int | None

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
        self._hold(operation)
        if operation.command in journal.SPARING:
            return []
        return journal.blockers(self._connection, operation.id)

    def reverse(self, operation: OperationRow, kept: Mapping[str, Sequence[int]] = NOTHING) -> Sequence[int]:
        """Put back every row as it was before, but not those `kept` (ids by table); gives the leads spared."""
        self._kind, self._target = "undo", operation.id
        spared = journal.touched_since(self._connection, operation.id) if operation.command in journal.SPARING else []
        self._turn(operation, back=True).run(spared, kept)
        return spared

    def reapply(self, operation: OperationRow) -> bool:
        """Put every row as it was after, if they still are as undo left them."""
        self._hold(operation)
        turn = self._turn(operation, back=False)
        if not turn.fits():
            return False
        self._kind, self._target = "redo", operation.id
        turn.run()
        return True

    def _hold(self, operation: OperationRow) -> None:
        if self._connection.dialect.name != "sqlite":
            _by_index_alone(self._connection)
        if not journal.hold(self._connection, operation):
            raise Refused(f"Somebody has just turned “{operation.words}”. Look again and repeat.")

    def _turn(self, target: OperationRow, *, back: bool) -> Turn:
        leads, clients = journal.touched(self._connection, target.id)
        few = len(leads) + len(clients) <= NAMED_AT_MOST and not journal.reaches_others(self._connection, target.id)
        self._bulk |= Changes(frozenset(leads), frozenset(clients)) if few else Changes(many=True)
        self._bulk |= Changes(settings=True)
        if search.is_about(journal.parts(self._connection, target.id)):
            self._stale[0].update(leads)
            self._stale[1].update(clients)
        return Turn(self._connection, target.id, self.operation_id, self._now_ms, back=back)


def _by_index_alone(connection: Connection) -> None:
    """For the rest of the transaction, have a server go from the journal's lines to their rows, and never the other way.

    It guesses how far up a table the rows of an operation lie, and where a table has grown since it last counted, it
    reads ten million calls to find the one to delete.
    """
    off = ", ".join(f"set_config('enable_{way}', 'off', true)" for way in ("mergejoin", "hashjoin"))
    connection.exec_driver_sql(f"SELECT {off}")
