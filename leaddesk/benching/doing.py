"""Rounds of commands: done and undone here, then the same rows written and taken back by the bare driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leaddesk.benching.action import Action, Measured
from leaddesk.benching.budgets import Kind
from leaddesk.benching.measuring import Side
from leaddesk.benching.replay import Capture, Step
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.undo import Undo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leaddesk.benching.action import Round
    from leaddesk.benching.ground import Ground
    from leaddesk.benching.measuring import Watch
    from leaddesk.workflow.desk import Command


def and_undo(key: str, title: str, kind: Kind = Kind.INTERACTIVE) -> tuple[Measured, ...]:
    """The figures of a command: doing it, and undoing it."""
    return Measured(key, title, kind), Measured(f"undo_{key}", f"Undo: {title[0].lower()}{title[1:]}", kind)


def doing(
    ground: Ground,
    key: str,
    command: Callable[[int], Command[Any]],
    reads: Callable[[int], Sequence[Step]] = lambda _number: (),
    leaving: Callable[[int], Sequence[Step]] = lambda _number: (),
    before: Callable[[int], object] = lambda _number: None,
    *,
    warm: bool = True,
) -> Round:
    """A round of one command: `reads` is what its decision hangs on, `leaving` what it writes beside the journal.

    `before` runs untimed. A lead of which the rules refuse it gives no sample. `warm`: each way is gone once untimed
    right before, for what one connection writes empties the other's pages, and at a desk there is one that writes.
    """
    desk, bare = ground.desk, ground.bare

    def round_(number: int, watch: Watch) -> None:
        before(number)
        warming = warm and watch.chill is None and watch.counter is None
        try:
            if warming:
                desk.do(command(number))
                desk.do(Undo())
                before(number)
            done = watch.time(key, Side.OURS, lambda: desk.do(command(number)))
        except Refused:
            return
        captured = Capture(bare, done.operation)
        watch.time(f"undo_{key}", Side.OURS, lambda: desk.do(Undo()))
        written = captured.undone(bare, *leaving(number))
        asked = list(reads(number))
        if warming:
            written.undo(bare, written.do(bare, asked))
        again = watch.time(key, Side.BARE, lambda: written.do(bare, asked))
        if watch.dry:
            watch.compare(key, same=_stands(ground, done.operation, again))
        watch.time(f"undo_{key}", Side.BARE, lambda: written.undo(bare, again))

    return round_


def _stands(ground: Ground, ours: int, bare: int) -> bool:
    """Whether both operations have the same lines in the journal."""
    lines = "SELECT tbl, row_id, lead_id, client_id, cols, before, after FROM change WHERE operation_id = ? ORDER BY id"
    return ground.bare.rows(lines, ours) == ground.bare.rows(lines, bare)


def on_lead(lead_id: int) -> list[Step]:
    """What every decision about a lead reads: the lead, its numbers, whether they are barred, its open tasks."""
    return [
        Step("SELECT * FROM lead WHERE id = ?", (lead_id,)),
        Step("SELECT * FROM contact_point WHERE lead_id = ? ORDER BY position", (lead_id,)),
        Step(
            "SELECT s.key FROM contact_point p JOIN suppression s ON s.key = p.key WHERE p.lead_id = ?",
            (lead_id,),
        ),
        Step("SELECT * FROM task WHERE lead_id = ? AND done_at IS NULL AND dropped = 0", (lead_id,)),
    ]


def let_go(user_id: int, lead_id: int) -> Step:
    """The lease of a lead that is done with."""
    return Step("DELETE FROM lease WHERE user_id = ? AND lead_id = ?", (user_id, lead_id))


__all__ = ["Action", "and_undo", "doing", "let_go", "on_lead"]
