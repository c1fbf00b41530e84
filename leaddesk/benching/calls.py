"""What an operator does with a lead: call, finish a task, convert, refuse; and takes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from leaddesk.benching.action import Action
from leaddesk.benching.doing import and_undo, doing, let_go, on_lead
from leaddesk.benching.ground import OPEN
from leaddesk.benching.replay import Step
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.tasks import DoneTask
from leaddesk.workflow.vocabulary import TaskKind

if TYPE_CHECKING:
    from leaddesk.benching.action import Round
    from leaddesk.benching.ground import Ground

LEADS = 400
"""Different leads of an action, so that no run finds the pages of the run before."""


def _log_call(ground: Ground) -> Round | None:
    leads = ground.some_leads(LEADS, f"{OPEN} AND reach = 'phone'")
    if not leads:
        return None
    user = ground.desk.user.id

    def lead(number: int) -> int:
        return leads[number % len(leads)]

    def reads(number: int) -> list[Step]:
        last = "SELECT * FROM call WHERE lead_id = ? ORDER BY started_at DESC LIMIT 10"
        return [*on_lead(lead(number)), Step(last, (lead(number),)), _OUTCOME]

    def leaving(number: int) -> list[Step]:
        draft = Step("DELETE FROM draft WHERE user_id = ? AND place = ?", (user, f"lead:{lead(number)}:call"))
        return [draft, let_go(user, lead(number))]

    return doing(
        ground,
        "log_call",
        lambda number: LogCall(lead_id=lead(number), outcome="no_answer", note="rings, nobody takes it"),
        reads,
        leaving,
    )


_OUTCOME = Step("SELECT * FROM outcome WHERE key = ?", ("no_answer",))


def _task_done(ground: Ground) -> Round | None:
    leads = ground.some_leads(
        LEADS, f"{OPEN} AND id IN (SELECT lead_id FROM task WHERE done_at IS NULL AND dropped = 0)"
    )
    tasks = [
        ground.bare.rows(
            "SELECT id, lead_id FROM task WHERE lead_id = ? AND done_at IS NULL AND dropped = 0 ORDER BY id LIMIT 1",
            one,
        )[0]
        for one in leads
    ]
    if not tasks:
        return None
    tomorrow = ground.clock.now() + timedelta(days=1)

    def reads(number: int) -> list[Step]:
        task, lead = tasks[number % len(tasks)]
        return [
            Step("SELECT * FROM task WHERE id = ?", (task,)),
            Step("SELECT * FROM lead WHERE id = ?", (lead,)),
            Step("SELECT * FROM task WHERE lead_id = ? AND done_at IS NULL AND dropped = 0", (lead,)),
        ]

    return doing(
        ground,
        "task_done",
        lambda number: DoneTask(
            task_id=tasks[number % len(tasks)][0], result="sent", next_kind=TaskKind.CALL, next_at=tomorrow
        ),
        reads,
    )


def _convert(ground: Ground) -> Round | None:
    leads = ground.some_leads(LEADS, f"{OPEN} AND name <> ''")
    if not leads:
        return None

    def reads(number: int) -> list[Step]:
        lead = leads[number % len(leads)]
        known = (
            "SELECT other.client_id FROM contact_point p JOIN contact_point other ON other.key = p.key "
            "AND other.channel = p.channel WHERE p.lead_id = ? AND p.key <> '' AND other.client_id IS NOT NULL"
        )
        return [*on_lead(lead), Step(known, (lead,))]

    return doing(
        ground,
        "convert",
        lambda number: ConvertLead(lead_id=leads[number % len(leads)]),
        reads,
        lambda number: [let_go(ground.desk.user.id, leads[number % len(leads)])],
    )


def _refuse(ground: Ground) -> Round | None:
    leads = ground.some_leads(LEADS)
    reasons = [key for (key,) in ground.bare.rows("SELECT key FROM refusal_reason WHERE retired = 0 ORDER BY id")]
    if not leads or not reasons:
        return None
    reason = "price" if "price" in reasons else reasons[0]
    user, later = ground.desk.user.id, ground.clock.now() + timedelta(days=90)

    def reads(number: int) -> list[Step]:
        asked = Step("SELECT * FROM refusal_reason WHERE key = ?", (reason,))
        return [*on_lead(leads[number % len(leads)]), asked, Step("SELECT * FROM app_user WHERE id = ?", (user,))]

    def leaving(number: int) -> list[Step]:
        lead = leads[number % len(leads)]
        place = f"lead:{lead}:refuse"
        return [Step("DELETE FROM draft WHERE user_id = ? AND place = ?", (user, place)), let_go(user, lead)]

    return doing(
        ground,
        "refuse",
        lambda number: RefuseLead(
            lead_id=leads[number % len(leads)], reason=reason, words="twice what they pay now", until=later
        ),
        reads,
        leaving,
    )


ACTIONS = (
    Action(and_undo("log_call", "Log a call with its outcome"), _log_call),
    Action(and_undo("task_done", "A task done, the next one planned"), _task_done),
    Action(and_undo("convert", "Convert a lead to a client"), _convert),
    Action(and_undo("refuse", "Refuse a lead, with its letter"), _refuse),
)
