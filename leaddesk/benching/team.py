"""Leads handed from one person to another: one, a thousand, fifty thousand; and the parked ones that come back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from leaddesk.benching.action import Action
from leaddesk.benching.budgets import Kind
from leaddesk.benching.doing import and_undo, doing
from leaddesk.benching.replay import Step
from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.parking import ReturnDueLeads

if TYPE_CHECKING:
    from leaddesk.benching.action import Round
    from leaddesk.benching.ground import Ground
    from leaddesk.benching.measuring import Watch

_DAY = timedelta(days=1)


def _reassign(count: int, ground: Ground) -> Round | None:
    bare = ground.bare
    to = next((user.id for user in ground.users if user.id != ground.operator.user.id), None)
    if to is None or ground.leads < count:
        return None
    if count == 1:
        picked = [(lead_id,) for lead_id in ground.some_leads(400)]
    else:
        # From all over the table, as a filter of a list would give them.
        step = max(1, ground.leads // count)
        found = bare.rows(f"SELECT id FROM lead ORDER BY id % {step}, id LIMIT ?", count)
        picked = [tuple(lead_id for (lead_id,) in found)]
    if not picked:
        return None

    def reads(number: int) -> list[Step]:
        these = bare.these(picked[number % len(picked)])
        tasks = f"{bare.among('lead_id')} AND done_at IS NULL AND dropped = 0"
        return [
            Step(f"SELECT id, first_assigned_at FROM lead WHERE {bare.among('id')}", (these,)),
            Step(f"SELECT id, promised FROM task WHERE {tasks}", (these,)),
        ]

    return doing(
        ground,
        f"reassign_{count}",
        lambda number: AssignLeads(lead_ids=picked[number % len(picked)], owner_id=to),
        reads,
        warm=count == 1,
    )


def _return(ground: Ground) -> Round | None:
    bare = ground.bare
    parked = "return_at IS NOT NULL AND status IN ('deferred', 'refused')"
    soonest = bare.rows(f"SELECT min(return_at) FROM lead WHERE {parked}")[0][0]
    if soonest is None:
        return None
    ahead = ground.clock.now()
    while int(ahead.timestamp() * 1000) < soonest:
        ahead += _DAY
    standing = ground.clock.now()
    due = f"SELECT id FROM lead WHERE {parked} AND return_at <= ?"
    moment = int(ahead.timestamp() * 1000)

    def reads(_number: int) -> list[Step]:
        return [
            Step(f"SELECT * FROM lead WHERE {parked} AND return_at <= ? ORDER BY return_at, id", (moment,)),
            Step(f"SELECT * FROM contact_point WHERE lead_id IN ({due})", (moment,)),
            Step(f"SELECT * FROM refusal WHERE lead_id IN ({due}) AND returned_at IS NULL", (moment,)),
        ]

    inner = doing(ground, "return", lambda _number: ReturnDueLeads(), reads, warm=False)

    def round_(number: int, watch: Watch) -> None:
        ground.clock.moment = ahead
        try:
            inner(number, watch)
        finally:
            ground.clock.moment = standing

    return round_


ACTIONS = (
    Action(and_undo("reassign_1", "Reassign 1 lead"), partial(_reassign, 1)),
    *(
        Action(
            and_undo(f"reassign_{count}", f"Reassign {count:,} leads", Kind.IN_BULK),
            partial(_reassign, count),
            cold=False,
            heavy=True,
        )
        for count in (1000, 50_000)
    ),
    Action(
        and_undo("return", "Bring back the parked leads whose day has come", Kind.IN_BULK),
        _return,
        cold=False,
        heavy=True,
    ),
)
