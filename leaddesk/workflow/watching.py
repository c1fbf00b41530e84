"""Seeing what others did: another window, another process, another desk on the same server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaddesk.workflow.changes import Changes
from leaddesk.workflow.desk import Question

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What the journal says was written since. `newest` is where to look from next time.

    `by_operation` holds the changes of each operation; `more` says that there were too many to name.
    """

    newest: int
    by_operation: dict[int, Changes]
    more: bool = False

    def by_others(self, own: set[int]) -> Changes:
        """What operations other than these have touched."""
        if self.more:
            return Changes(many=True, settings=True)
        changes = Changes()
        for operation, touched in self.by_operation.items():
            if operation not in own:
                changes |= touched
        return changes


@dataclass(frozen=True)
class WrittenSince(Question[Written]):
    """What was written after a line of the journal; None asks only where the journal ends."""

    since: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Which database this is, in words for the status line. `backed_up` is when its newest copy was made."""

    engine: str
    name: str
    path: str = ""
    backed_up: datetime | None = None


@dataclass(frozen=True)
class WhereKept(Question[Standing]):
    """Which database this is, and when it was last backed up."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised callback that falls due soon."""

    task_id: int
    lead_id: int
    title: str
    due_at: datetime


@dataclass(frozen=True)
class PromisesAhead(Question[list[Promise]]):
    """This user's promised callbacks that fall due within some minutes from now, the nearest first."""

    minutes: int = 5
