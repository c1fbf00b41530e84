"""Undo and redo: the reverse of any command, unless something later stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from leaddesk.workflow.ports import Work


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One line of the journal. `kind` is do, undo or redo."""

    id: int
    at: datetime
    user_id: int | None
    user_name: str
    command: str
    words: str
    kind: str
    undone: bool
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of a card before and after an operation, as stored; `None` where there was no row.

    `names` are what a source or a user is called, before and after, where the field holds an id.
    """

    table: str
    row_id: int
    field: str
    before: object
    after: object
    names: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An operation as a card's audit history shows it.

    `merged` is the card it was done to, where that was merged into this one later; else None.
    """

    operation: OperationRow
    fields: tuple[ChangedField, ...]
    merged: int | None = None


@dataclass(frozen=True)
class History(Question[list[HistoryRow]]):
    """The audit history of one lead (with that of the cards merged into it) or client, newest first."""

    lead_id: int | None = None
    client_id: int | None = None
    limit: int = 200


@dataclass(frozen=True)
class Journal(Question[list[OperationRow]]):
    """The newest operations on the whole file."""

    limit: int = 50


@dataclass(frozen=True)
class NextUndo(Question[tuple[str, str]]):
    """The words of what Ctrl+Z would undo and what redo would do again; "" where there is nothing."""


SENDING = frozenset({"SendNow", "TakeOutbox", "Prepare", "BeginSending", "RecordSending"})
"""Commands of the sender: nothing is refused because of them, since what has left is looked after apart."""
HAPPENED = SENDING | {"TakeIn", "FoundFloor"}
"""Commands that write down what happened outside: no undo makes it not have happened."""


@dataclass(frozen=True, slots=True)
class LeftLetter:
    """A letter an operation wrote or let go, and that may be in somebody's mailbox by now."""

    id: int
    refusal_id: int | None
    to: str
    at: datetime | None


@dataclass(frozen=True)
class LettersLeft(Question[list[LeftLetter]]):
    """Letters of an operation that have left since."""

    operation_id: int


class NotTurned(Refused):
    """An operation cannot be undone, or (`back` false) done again: not now, and maybe never."""

    def __init__(self, words: str, operation: int = 0, *, back: bool) -> None:
        """`operation` is 0 where there is none."""
        super().__init__(words)
        self.operation = operation
        self.back = back


NAMED = 5
"""Cards named in words before the others are only counted."""
REFUSING = frozenset({"RefuseLead", "RefuseLeads"})


def _local(moment: datetime, zone: str) -> datetime:
    """By the clock on the user's wall: their own zone, else the machine's."""
    return moment.astimezone(ZoneInfo(zone) if zone else None)


class HasLeft(NotTurned):
    """A letter is gone and cannot be called back. `rest` says whether the remainder can still be undone."""

    def __init__(self, operation: OperationRow, left: list[LeftLetter], zone: str = "") -> None:
        """Says what has left, and what undo can still do."""
        when = f" at {_local(left[0].at, zone):%H:%M}" if left[0].at else ""
        others = f" and {len(left) - 1} more" if len(left) > 1 else ""
        self.rest = operation.command in REFUSING
        still = (
            " Undo can still bring the lead back as it was, with its tasks and dates; the letter and the refusal stay "
            "in the history."
            if self.rest
            else ""
        )
        super().__init__(
            f"The letter to {left[0].to}{others} has left{when} and cannot be called back.{still}",
            operation.id,
            back=True,
        )


@dataclass(frozen=True)
class Undo(Command[OperationRow]):
    """Take back an operation: this user's last, or the one named (somebody else's needs a team lead).

    `rest` undoes what still can be where a letter has left: the lead returns, letter and refusal stay.
    """

    operation_id: int | None = None
    rest: bool = False
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> OperationRow:
        """Raises `NotTurned` with the blocker named if later work stands on it, `HasLeft` if a letter is gone."""
        operation = work.operation(self.operation_id) if self.operation_id else work.last_undoable()
        if operation is None:
            raise NotTurned("There is nothing to undo.", self.operation_id or 0, back=True)
        if operation.kind != "do" or operation.undone:
            raise NotTurned(f"“{operation.words}” is undone already.", operation.id, back=True)
        if operation.user_id != work.user.id and not work.user.role.covers(Role.TEAM_LEAD):
            words = f"{operation.user_name} did this; they or a team lead can undo it."
            raise NotTurned(words, operation.id, back=True)
        if operation.command in HAPPENED:
            raise NotTurned(f"“{operation.words}” has happened and cannot be undone.", operation.id, back=True)
        left = work.ask(LettersLeft(operation.id))
        if left and not (self.rest and operation.command in REFUSING):
            raise HasLeft(operation, left, work.user.zone)
        blockers = work.blockers(operation)
        if blockers:
            newest = blockers[0]
            more = f", and {len(blockers) - 1} before it" if len(blockers) > 1 else ""
            first = " Undo that first." if newest.command not in HAPPENED else ""
            raise NotTurned(
                f"“{operation.words}” cannot be undone: “{newest.words}” by {newest.user_name} "
                f"(operation {newest.id}{more}) came after and stands on it.{first}",
                operation.id,
                back=True,
            )
        spared = work.reverse(operation, {"letter": [one.id for one in left], "refusal": _refusals_of(left)})
        _derive_anew(work, operation)
        _take_back(work, left)
        work.words = f"Undone{', but for the letter' if left else ''}: {operation.words}{_left_alone(work, spared)}"
        return operation


def _left_alone(work: Work, spared: Sequence[int]) -> str:
    """Which cards of an import stay, worked on as they were since."""
    from leaddesk.workflow.entities import Lead

    if not spared:
        return ""
    titles = ", ".join(f"{lead.title} (lead {lead.id})" for lead in work.find(Lead, id=list(spared[:NAMED])))
    more = f" and {len(spared) - NAMED:,} more" if len(spared) > NAMED else ""
    return f". Worked on since, and left as they are: {titles}{more}"


def _refusals_of(left: list[LeftLetter]) -> list[int]:
    return [one.refusal_id for one in left if one.refusal_id is not None]


def _take_back(work: Work, left: list[LeftLetter]) -> None:
    """The refusal a letter that has left speaks of stays in the history, marked as taken back."""
    from leaddesk.workflow.entities import Refusal

    for refusal in work.find(Refusal, id=_refusals_of(left)) if _refusals_of(left) else ():
        work.change(refusal, taken_back_at=work.now)


@dataclass(frozen=True)
class Redo(Command[OperationRow]):
    """Do again what was undone last, as long as nothing else was done since."""

    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> OperationRow:
        """Raises `NotTurned` if there is nothing to redo or the rows have moved on."""
        operation = work.last_redoable()
        if operation is None:
            raise NotTurned("There is nothing to redo.", back=False)
        if work.blockers(operation) or not work.reapply(operation):
            words = f"“{operation.words}” cannot be redone: the card has changed since."
            raise NotTurned(words, operation.id, back=False)
        _derive_anew(work, operation)
        work.words = f"Redone: {operation.words}"
        return operation


def _derive_anew(work: Work, operation: OperationRow) -> None:
    """What follows from other fields follows from them as they are now, whatever the rows turned back said."""
    from leaddesk.workflow.derived import ToDeriveAnew, refresh_many

    leads = work.ask(ToDeriveAnew(operation.id, work.operation_id))
    if leads:
        refresh_many(work, leads)
