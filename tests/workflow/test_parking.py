"""Parked until a day, back on that day, also when nobody was there."""

from datetime import timedelta

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import Disqualify
from leaddesk.workflow.parking import BringBack, DeferLead, Parked, ReturnDueLeads, morning_of
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.settings import Settings
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.undo import Journal, NextUndo, NotTurned, Redo, Undo
from leaddesk.workflow.vocabulary import Section, Status, TaskKind
from tests.engines import START, TestClock
from tests.workflow.making import KYIV, KYIV_TOO, TALLINN, add, call, card, drawable, due, now_is, open_tasks


def test_a_parked_lead_rests_and_returns_with_its_reason(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    call(desk, lead, "callback", at=clock.now() + timedelta(hours=1))
    desk.do(DeferLead(lead_id=lead.id, until=clock.now() + timedelta(days=28), why="budget in April"))
    assert (drawable(desk), open_tasks(desk, lead)) == ([], [])
    assert [(row.id, row.why) for row in desk.read(Parked())] == [(lead.id, "budget in April")]
    clock.forward(days=27, hours=23)
    assert desk.do(ReturnDueLeads()).operation == 0
    clock.forward(hours=1)
    assert desk.do(ReturnDueLeads()).value == 1
    after = now_is(desk, lead)
    assert (after.status, after.return_at, after.attempts) == (Status.IN_PROGRESS, None, 0)
    assert after.came_back_why == "Parked: budget in April; 28 days ago"
    assert due(desk) == [(lead.id, Section.CAME_BACK)]
    assert desk.do(ReturnDueLeads()).value == 0
    desk.do(Undo())
    assert now_is(desk, lead).status is Status.DEFERRED
    desk.do(Redo())
    assert due(desk) == [(lead.id, Section.CAME_BACK)]


def test_a_deferral_needs_a_day_to_come(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused, match="in the future") as refused:
        desk.do(DeferLead(lead_id=lead.id, until=clock.now()))
    assert refused.value.field == "until"
    assert now_is(desk, lead) == lead


def test_a_refusal_with_a_day_returns_and_is_marked_as_returned(desk: Desk, clock: TestClock) -> None:
    lead, never = add(desk, KYIV), add(desk, TALLINN)
    desk.do(RefuseLead(lead_id=lead.id, reason="price", until=clock.now() + timedelta(days=1)))
    desk.do(RefuseLead(lead_id=never.id, reason="price"))
    assert [row.id for row in desk.read(Parked())] == [lead.id, never.id]
    assert [row.id for row in desk.read(Parked(returning_only=True))] == [lead.id]
    clock.forward(days=400)
    desk.do(ReturnDueLeads())
    assert now_is(desk, lead).status is Status.IN_PROGRESS
    assert now_is(desk, never).status is Status.REFUSED
    assert [r.returned_at for r in card(desk, lead).refusals] == [clock.now()]


def test_bringing_back_is_for_those_who_are_away(desk: Desk) -> None:
    lead = add(desk, KYIV_TOO)
    with pytest.raises(Refused, match="in work already"):
        desk.do(BringBack(lead.id))
    desk.do(DeferLead(lead_id=lead.id, until=START + timedelta(days=9)))
    desk.do(BringBack(lead.id, why="called us"))
    assert now_is(desk, lead).came_back_why == "called us"


def test_a_day_begins_when_the_leads_own_office_opens() -> None:
    day = START.date()
    assert morning_of(day, "UA|Europe/Kyiv", Settings()).hour == 6
    assert morning_of(day, "|", Settings()).hour == 9
    sunday = day + timedelta(days=6)
    assert morning_of(sunday, "UA|Europe/Kyiv", Settings()).date() == sunday + timedelta(days=1)


def test_what_comes_back_by_itself_is_nobodys_to_undo_by_a_key(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    desk.do(DeferLead(lead_id=lead.id, until=clock.now() + timedelta(days=3)))
    clock.forward(days=4)
    done = desk.do(ReturnDueLeads(automatic=True))
    assert desk.read(NextUndo())[0] == f"Parked {lead.title}"
    [newest, *_] = desk.read(Journal())
    assert (newest.id, newest.user_name) == (done.operation, "LeadDesk")
    assert desk.do(Undo(done.operation)).words == "Undone: 1 parked lead came back"


def test_a_lead_does_not_leave_work_again_while_something_is_promised_to_it(desk: Desk, clock: TestClock) -> None:
    """Undo of its return would close it with a task open: nobody would keep the promise, and nobody would know of it."""
    lead = add(desk, KYIV)
    closed = desk.do(Disqualify(lead.id, "spam"))
    back = desk.do(BringBack(lead.id))
    task = desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=clock.now() + timedelta(days=1)))
    with pytest.raises(NotTurned, match=r"came after and stands on it\. Undo that first"):
        desk.do(Undo(back.operation))
    desk.do(Undo(task.operation))
    desk.do(Undo(back.operation))
    assert now_is(desk, lead).status is Status.DISQUALIFIED
    desk.do(Undo(closed.operation))
    assert now_is(desk, lead).status is Status.NEW


def test_what_was_promised_meanwhile_keeps_a_lead_from_being_closed_again(
    desk: Desk, operator_desk: Desk, clock: TestClock
) -> None:
    lead = add(desk, KYIV)
    desk.do(Disqualify(lead.id, "spam"))
    desk.do(Undo())
    operator_desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=clock.now() + timedelta(days=1)))
    with pytest.raises(NotTurned, match="the card has changed since"):
        desk.do(Redo())
    assert now_is(desk, lead).status is not Status.DISQUALIFIED
