"""“Who next?”: the order of the queue, and the leads drawn from it.

Order (PRODUCT 1): promised callbacks due → came back → tasks due → new (hot, warm, cold; then score; then
oldest) → retries due. Never in it: closed, suppressed or suspicious leads, and for calls those whose own
clock says no. What is only due or callable later today follows in its own section and is never drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.queue_words import Facts, QueuePage, QueueRow, when, why

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work

__all__ = [
    "Drawable", "Drawn", "Facts", "Hold", "NothingWhy", "Queue", "QueuePage", "QueueRow", "QueueRowOf", "ReleaseLeads",
    "TakeNext", "when", "why",
]  # fmt: skip


@dataclass(frozen=True)
class Queue(Question[QueuePage]):
    """The queue of this user. `later` adds what opens or falls due later today.

    `total` is counted up to `count_at_most`: on a screen nobody tells 1,000 leads to call from 2,000.
    """

    limit: int = 100
    later: bool = True
    count_at_most: int = 1000


@dataclass(frozen=True)
class Drawable(Question[list[int]]):
    """Lead ids that may be drawn now, in order: due, callable, held by nobody, not among those skipped."""

    limit: int = 20
    skip: tuple[int, ...] = ()


@dataclass(frozen=True)
class QueueRowOf(Question["QueueRow | None"]):
    """Why one lead is in the queue now, if it is."""

    lead_id: int


@dataclass(frozen=True)
class NothingWhy(Question[str]):
    """In words, why there is nothing to do now, and when there will be."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The lead drawn, or None with the reason in words."""

    row: QueueRow | None
    why: str
    until: datetime | None = None


DRAWS = 5
"""How often to look again when others were quicker with everybody offered."""


@dataclass(frozen=True)
class TakeNext(Command[Drawn]):
    """Draw the next lead: the queue's head that nobody holds. The lease keeps others off it for a while.

    `leaving` gives up the lead on the screen; `skip` are leads this operator passed over in this sitting.
    """

    leaving: int | None = None
    skip: tuple[int, ...] = ()
    journalled: ClassVar[bool] = False
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> Drawn:
        """Nothing to refuse: an empty queue answers with its reason."""
        if self.leaving is not None:
            work.drop_leases([self.leaving])
        until = work.now + timedelta(minutes=work.settings.number("queue.hold_minutes"))
        skip = self.skip if self.leaving is None else (*self.skip, self.leaving)
        for _ in range(DRAWS):
            candidates = work.ask(Drawable(20, skip))
            if not candidates:
                break
            for lead_id in candidates:
                if work.take_lease(lead_id, until):
                    row = work.ask(QueueRowOf(lead_id))
                    if row is not None:
                        return Drawn(row, row.why, until)
                    # Between the look at the queue and the draw, whoever held it told how their call went.
                    work.drop_leases([lead_id])
            # Others are about to draw these: look past them.
            skip = (*skip, *candidates)
        return Drawn(None, work.ask(NothingWhy()))


@dataclass(frozen=True)
class Hold(Command[bool]):
    """Take the lease on a lead opened by hand; False if somebody else has it."""

    lead_id: int
    journalled: ClassVar[bool] = False
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> bool:
        """Nothing to refuse."""
        return work.take_lease(self.lead_id, work.now + timedelta(minutes=work.settings.number("queue.hold_minutes")))


@dataclass(frozen=True)
class ReleaseLeads(Command[None]):
    """Give up every lead this user holds: at the end of a shift, or when the window closes."""

    journalled: ClassVar[bool] = False
    undoable: ClassVar[bool] = False

    def handle(self, work: Work) -> None:
        """Nothing to refuse."""
        work.drop_leases()
