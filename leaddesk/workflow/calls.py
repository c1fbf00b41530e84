"""Calls: writing one up with one key, and seeing what that will do before it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from leaddesk.workflow.calling_hours import part_of_day
from leaddesk.workflow.derived import Reached, refresh
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Call, ContactPoint, Lead, Outcome, Refusal, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.lifecycle import check_move, check_workable
from leaddesk.workflow.outcomes import NOTHING_SAID, Effect, Facts, Said, effect_of
from leaddesk.workflow.suppressions import suppress_points
from leaddesk.workflow.vocabulary import Channel, PartOfDay, PointState, Status, TaskKind

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.ports import Work
    from leaddesk.workflow.vocabulary import Temperature

LONGEST_CALL_S = 24 * 3600


@dataclass(frozen=True)
class CallFacts(Question[Facts]):
    """All an outcome's rule may look at, for one lead and the number dialled (else the one to dial next).

    `lead` is the lead where it has been read already, in the same transaction.
    """

    lead_id: int
    contact_id: int | None = None
    lead: Lead | None = None


@dataclass(frozen=True)
class OutcomePreview(Question[Effect]):
    """What an outcome would do now; the "Then:" box."""

    lead_id: int
    outcome: str
    said: Said = NOTHING_SAID
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class CallDone:
    """What a call led to. `asks` names what is still to be said ("client", "reason"), if anything."""

    call_id: int
    lead_id: int
    status: Status
    next_action: str
    asks: str = ""


def with_this_call(facts: Facts, outcome: Outcome) -> Facts:
    """The facts as they will be once this call is written up; only unanswered calls count towards the caps."""
    phone = (facts.dialled.key or facts.dialled.value) if facts.dialled else ""
    made = Call(lead_id=facts.lead.id, phone=phone, started_at=facts.now, outcome=outcome.key)
    calls = [] if outcome.human else [*facts.tried.calls, made]
    return replace(facts, tried=replace(facts.tried, calls=calls))


def preview(facts: Facts, outcome: Outcome, said: Said) -> Effect:
    """The effect a call would have now."""
    return effect_of(outcome, with_this_call(facts, outcome), said)


@dataclass(frozen=True, kw_only=True)
class LogCall(Command[CallDone]):
    """Write up a call: its outcome's rule sets status, next step and temperature, all in one undoable step.

    `at` is the promised time for a callback; `channel` what they would rather have; `idle` says that no next
    step is meant. Raises `Refused` for an unknown outcome, a missing or past time, a lead not in work.
    """

    lead_id: int
    outcome: str
    note: str = ""
    at: datetime | None = None
    channel: Channel | None = None
    temperature: Temperature | None = None
    contact_id: int | None = None
    duration_s: int = 0
    started_at: datetime | None = None
    idle: bool = False

    def handle(self, work: Work) -> CallDone:
        """Record, then apply the rule."""
        lead = work.get(Lead, self.lead_id)
        check_workable(lead, "called")
        outcome = find_outcome(work, self.outcome)
        facts = work.ask(CallFacts(lead.id, self.contact_id, lead))
        effect = preview(facts, outcome, Said(self.at, self.channel, self.temperature))
        if effect.asks == "when" or (self.at and self.at <= work.now):
            wrong = "is in the past" if self.at else "is missing"
            raise Refused(f"The time to call back {wrong}. Say when, such as “tomorrow 14:30”.", field="at")
        call, reached = write_call(work, facts, outcome, self)
        lead = apply_effect(work, lead, outcome, effect, call, reached, idle=self.idle)
        work.save_draft(f"lead:{lead.id}:call", "")
        work.drop_leases([lead.id])
        work.words = f"{outcome.title}: {lead.title}"
        return CallDone(call.id, lead.id, lead.status, effect.words, effect.asks)


def find_outcome(work: Work, key: str) -> Outcome:
    """An outcome by key. Raises `Refused` naming the ones there are."""
    for outcome in work.find(Outcome, key=key, retired=False):
        return outcome
    names = ", ".join(o.key for o in work.find(Outcome, retired=False))
    raise Refused(f"There is no outcome “{key}”. There are: {names}.", field="outcome")


def write_call(work: Work, facts: Facts, outcome: Outcome, said: LogCall) -> tuple[Call, Reached]:
    """The call itself, and what it tells about the number. Raises `Refused` for a number not on the card.

    Gives the lead's numbers as they are now as well.
    """
    dialled = facts.dialled
    if said.contact_id is not None and (
        dialled is None or dialled.id != said.contact_id or dialled.channel is not Channel.PHONE
    ):
        raise Refused("The number dialled is not on the card. Choose the one you called.", field="contact_id")
    if not 0 <= said.duration_s <= LONGEST_CALL_S:
        raise Refused("A call lasts from 0 seconds to 24 hours. Look at the duration again.", field="duration_s")
    started = said.started_at or work.now - timedelta(seconds=said.duration_s)
    point = facts.dialled
    call = work.add(
        Call(
            lead_id=facts.lead.id,
            contact_id=point.id if point else None,
            phone=(point.key or point.value) if point else "",
            user_id=work.user.id,
            started_at=started,
            duration_s=said.duration_s,
            outcome=outcome.key,
            note=said.note.strip(),
            attempt=facts.lead.attempts + 1,
            part=PartOfDay(part_of_day(facts.tried.local(started))),
        )
    )
    points = facts.points
    if point is not None:
        state = PointState.VALID if outcome.human and outcome.workable else point.state
        tried = work.change(
            point,
            attempts=point.attempts + 1,
            answered=point.answered + int(outcome.human),
            last_tried_at=latest(point.last_tried_at, started),
            state=state,
        )
        points = tuple(tried if one is point else one for one in points)
    return call, Reached(points, facts.barred)


def apply_effect(
    work: Work, lead: Lead, outcome: Outcome, effect: Effect, call: Call, reached: Reached, *, idle: bool
) -> Lead:
    """Carry out what the rule says. A promise is a next step whatever the operator says of others."""
    by: Reached | None = reached
    idle = idle and not any(t.promised for t in effect.tasks)
    close_due_calls(work, lead, outcome, replaced=any(t.kind is TaskKind.CALL for t in effect.tasks))
    for task in effect.tasks if not idle else ():
        work.add(
            Task(
                lead_id=lead.id,
                owner_id=lead.owner_id or work.user.id,
                kind=task.kind,
                title=task.title,
                due_at=task.due_at,
                exact=task.exact,
                promised=task.promised,
                created_by=work.user.id,
            )
        )
    if effect.retires is not None:
        stale = work.get(ContactPoint, effect.retires.id)
        work.change(stale, state=PointState.WRONG_PERSON, preferred=False)
        by = None
    if effect.suppresses or outcome.suppress:
        _never_again(work, lead, call)
        by = None
    if effect.status is not lead.status:
        check_move(lead, effect.status)
    lead = work.change(
        lead,
        status=effect.status,
        temperature=effect.temperature,
        preferred_channel=effect.channel or lead.preferred_channel,
        attempts=0 if outcome.human else lead.attempts + 1,
        touches=lead.touches + 1,
        last_call_at=latest(lead.last_call_at, call.started_at),
        retry_at=None if idle else effect.retry_at,
        return_at=effect.park_until,
        parked_why=effect.park_why,
        came_back_at=None,
        came_back_why="",
        idle_ok=idle,
        owner_id=lead.owner_id or work.user.id,
        first_assigned_at=lead.first_assigned_at or work.now,
        assigned_at=lead.assigned_at or work.now,
    )
    return refresh(work, lead, as_known=True, by=by)


def latest(known: datetime | None, at: datetime) -> datetime:
    """The later instant: a long call is written up after a short one that began later."""
    return max(known or at, at)


def close_due_calls(work: Work, lead: Lead, outcome: Outcome, *, replaced: bool) -> None:
    """Calls that were due are done by this one; a new appointment takes the place of those to come."""
    for task in work.find(Task, lead_id=lead.id, kind=TaskKind.CALL, done_at=None, dropped=False):
        if task.due_at <= work.now + timedelta(hours=1):
            work.change(task, done_at=work.now, result=outcome.title)
        elif replaced:
            work.change(task, dropped=True, result="replaced by a new appointment")


def _never_again(work: Work, lead: Lead, call: Call) -> None:
    phones = [p for p in work.find(ContactPoint, lead_id=lead.id) if p.channel is Channel.PHONE]
    suppress_points(work, phones, why=f"asked in a call: {lead.title}")
    work.add(
        Refusal(
            lead_id=lead.id, user_id=work.user.id, at=work.now, reason="do_not_call", words=call.note, suppressed=True
        )
    )
    for task in work.find(Task, lead_id=lead.id, done_at=None, dropped=False):
        work.change(task, dropped=True, result="asked not to be called")
