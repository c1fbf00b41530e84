"""What the sales floor needs of the world, as small protocols; `db/` and tests supply the real things."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Command, Question
    from leaddesk.workflow.duplicates import Pair
    from leaddesk.workflow.entities import Row, User
    from leaddesk.workflow.intake import RejectedRow
    from leaddesk.workflow.intake_ready import Packed
    from leaddesk.workflow.intake_rows import Draft
    from leaddesk.workflow.mail import Attachment, MailboxMark
    from leaddesk.workflow.settings import Settings
    from leaddesk.workflow.undo import OperationRow

R = TypeVar("R", bound="Row")
Answer = TypeVar("Answer")


class Clock(Protocol):
    """Where the time comes from. Tests own theirs."""

    def now(self) -> datetime:
        """The instant, aware, UTC, whole milliseconds."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, aware, UTC, cut to whole milliseconds as stored."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Post(Protocol):
    """Who sends letters now, and how far the mailbox of answers is read. Not history: never journalled."""

    def holder(self) -> str:
        """Who holds the outbox, or held it last."""
        ...

    def take(self, holder: str, until: datetime) -> bool:
        """Hold the outbox; False if somebody else does at this moment."""
        ...

    def leave(self, holder: str) -> None:
        """Let go of it."""
        ...

    def was_copy(self) -> bool:
        """Whether this database was a copy of another until now."""
        ...

    def pause(self, until: datetime | None, why: str) -> None:
        """Have nobody send for a while, and say why; None ends it."""
        ...

    def mark(self) -> MailboxMark:
        """How far the mailbox is read."""
        ...

    def read_to(self, mark: MailboxMark | None, why: str = "") -> None:
        """The mailbox is read up to here (None: no further than before); `why` says what hindered, "" nothing."""
        ...


class Work(Protocol):
    """One transaction with its journal: what a handler may do. Nothing lasts unless it commits."""

    user: User
    now: datetime
    words: str
    changes: Changes

    @property
    def settings(self) -> Settings:
        """The settings as they stand."""
        ...

    @property
    def post(self) -> Post:
        """The outbox and the mailbox."""
        ...

    def keep_file(self, file: Attachment) -> str:
        """Store a file letters carry, once however often it is given; gives its key."""
        ...

    @property
    def operation_id(self) -> int:
        """The operation this transaction is journalled as."""
        ...

    def rename_operation(self, words: str) -> None:
        """Put other words on the operation this command goes on with, for work of several transactions."""
        ...

    def get(self, kind: type[R], row_id: int) -> R:
        """One row by id, locked until commit; of a merged lead the one it leads to.

        `Refused` if it is not there or not this user's.
        """
        ...

    def find(self, kind: type[R], /, **equal: Any) -> list[R]:
        """The rows whose columns equal the values given, by id. A tuple or list means "one of these"."""
        ...

    def add(self, row: R) -> R:
        """Store a new row; the one returned has its id."""
        ...

    def change(self, row: R, /, **values: Any) -> R:
        """Store new values of some fields; gives the row as it then is. Nothing happens if none differs."""
        ...

    def remove(self, row: Row) -> None:
        """Delete a row."""
        ...

    def add_many(self, rows: Sequence[R]) -> list[R]:
        """Store many new rows of one kind, journalled by one statement."""
        ...

    def put_many(self, rows: Sequence[Row]) -> list[int]:
        """Store many new rows as `add_many` does; gives only their ids, which costs half."""
        ...

    def change_many(self, kind: type[Row], ids: Sequence[int], /, **values: Any) -> int:
        """Set the same values on many rows, journalled by one statement. Gives how many there were."""
        ...

    def ask(self, question: Question[Answer]) -> Answer:
        """Answer a question from inside the transaction."""
        ...

    def put_leads(self, rows: Sequence[tuple[Draft | Packed, dict[str, Any]]]) -> list[int]:
        """Store new leads with all that was read of them, as drafts or packed already; gives their ids.

        Each comes with what only the one who writes knows: `source_id`, `owner_id`, `first_assigned_at`,
        `assigned_at`, `batch_id`, `batch_row`.
        """
        ...

    def keep_rejects(self, batch_id: int, rows: Sequence[RejectedRow]) -> None:
        """Keep rows an import left out, beside its batch. Not history: never journalled."""
        ...

    def take_lease(self, lead_id: int, until: datetime) -> bool:
        """Draw a lead for this user; False if somebody else holds it."""
        ...

    def drop_leases(self, lead_ids: Iterable[int] | None = None) -> None:
        """Give up this user's leases on these leads, or all of them."""
        ...

    def save_draft(self, place: str, text: str) -> None:
        """Keep what is being typed; empty text forgets it."""
        ...

    def move_drafts(self, gone: Mapping[int, int]) -> None:
        """What anybody is typing on one of these leads' cards goes to the one it leads to."""
        ...

    def last_undoable(self) -> OperationRow | None:
        """This user's newest operation that is not undone."""
        ...

    def last_redoable(self) -> OperationRow | None:
        """What this user undid last, if nothing was done since."""
        ...

    def operation(self, operation_id: int) -> OperationRow | None:
        """One operation."""
        ...

    def blockers(self, operation: OperationRow) -> list[OperationRow]:
        """Later operations that stand on what this one did, newest first (a few of them)."""
        ...

    def reverse(self, operation: OperationRow, kept: Mapping[str, Sequence[int]] = ...) -> Sequence[int]:
        """Put back every row as it was before the operation, but not those `kept` (ids by table).

        Gives the leads that were spared as well, for somebody has worked on them since.
        """
        ...

    def reapply(self, operation: OperationRow) -> bool:
        """Put every row as it was after the operation; False if they have changed since the undo."""
        ...

    def commit(self) -> int:
        """Write the journal and make it last. Gives the operation's id, 0 if nothing was journalled."""
        ...


class Store(Protocol):
    """The database, seen from the door."""

    def work(self, user: User, now: datetime, command: Command[Any]) -> AbstractContextManager[Work]:
        """Begin a transaction; rolls back unless it was committed."""
        ...

    def read(self, question: Question[Answer], user: User, now: datetime) -> Answer:
        """Answer a question."""
        ...

    def keep_pairs(self, pairs: Sequence[Pair], leads: int, now: datetime, seconds: int) -> None:
        """Keep what a search for duplicates among so many leads found, in place of the last. Not history."""
        ...
