"""Handing leads out and changing many at once, each one step that can be undone."""

from datetime import timedelta

import pytest

from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.bulk import BringBackLeads, DisqualifyLeads, EditLeads
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.parking import DeferLeads
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Reach, Status, Temperature
from tests.engines import TestClock
from tests.workflow.making import KYIV, KYIV_OFFICE, KYIV_TOO, TALLINN, add, call, card, due, now_is, open_tasks


def test_leads_move_with_their_tasks_and_the_first_assignment_stays(
    desk: Desk, operator_desk: Desk, clock: TestClock
) -> None:
    fresh, worked = add(desk, KYIV), add(desk, TALLINN)
    call(desk, worked, "callback", at=clock.now() + timedelta(hours=1))
    first = now_is(desk, worked).first_assigned_at
    before = [now_is(desk, lead) for lead in (fresh, worked)]
    clock.forward(hours=2)
    load = desk.do(AssignLeads(lead_ids=(fresh.id, worked.id), owner_id=operator_desk.user.id, note="yours")).value
    assert (load.leads, load.callbacks, load.never_assigned) == ((fresh.id, worked.id), 1, (fresh.id,))
    for lead in (fresh, worked):
        after = card(desk, lead)
        assert (after.lead.owner_id, after.lead.assigned_at) == (operator_desk.user.id, clock.now())
        assert [n.text for n in after.notes] == ["yours"]
    assert now_is(desk, fresh).first_assigned_at == clock.now()
    assert now_is(desk, worked).first_assigned_at == first
    assert [t.owner_id for t in open_tasks(desk, worked)] == [operator_desk.user.id]
    desk.do(Undo())
    assert [now_is(desk, lead) for lead in (fresh, worked)] == before
    assert [t.owner_id for t in open_tasks(desk, worked)] == [desk.user.id]
    desk.do(Redo())
    assert now_is(desk, fresh).owner_id == operator_desk.user.id


def test_an_operator_takes_from_the_pool_and_gives_back_only(desk: Desk, operator_desk: Desk) -> None:
    pool, theirs = add(desk, KYIV), add(desk, TALLINN)
    call(desk, theirs, "no_answer")
    me = operator_desk.user.id
    operator_desk.do(AssignLeads(lead_ids=(pool.id,), owner_id=me))
    with pytest.raises(Refused, match="team lead"):
        operator_desk.do(AssignLeads(lead_ids=(pool.id,), owner_id=desk.user.id))
    with pytest.raises(Refused, match="somebody else"):
        operator_desk.do(AssignLeads(lead_ids=(pool.id, theirs.id), owner_id=None))
    assert now_is(desk, pool).owner_id == me
    operator_desk.do(AssignLeads(lead_ids=(pool.id,), owner_id=None))
    after = now_is(desk, pool)
    assert (after.owner_id, after.assigned_at) == (None, None)
    assert after.first_assigned_at is not None


def test_nobody_is_given_to_nobody_there(desk: Desk) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused, match="no user"):
        desk.do(AssignLeads(lead_ids=(lead.id,), owner_id=999))
    with pytest.raises(Refused, match="exists"):
        desk.do(AssignLeads(lead_ids=(999,), owner_id=None))


def test_an_operator_sees_own_leads_and_the_pool(desk: Desk, operator_desk: Desk) -> None:
    mine, pool, theirs = add(desk, KYIV), add(desk, KYIV_TOO), add(desk, KYIV_OFFICE)
    desk.do(AssignLeads(lead_ids=(mine.id,), owner_id=operator_desk.user.id))
    desk.do(AssignLeads(lead_ids=(theirs.id,), owner_id=desk.user.id))
    assert {lead_id for lead_id, _ in due(operator_desk)} == {mine.id, pool.id}
    assert len(due(desk)) == 3
    with pytest.raises(Refused, match="belongs to somebody else"):
        operator_desk.do(EditLead(lead_id=theirs.id, values={"city": "Kyiv"}))


def test_many_are_changed_at_once_and_put_back_to_the_byte(desk: Desk, clock: TestClock) -> None:
    leads = [add(desk, number) for number in (KYIV, KYIV_TOO, TALLINN)]
    desk.do(EditLead(lead_id=leads[0].id, values={"temperature": "hot"}))
    before = [now_is(desk, lead) for lead in leads]
    clock.forward(minutes=5)
    ids = tuple(lead.id for lead in leads)
    assert desk.do(EditLeads(lead_ids=ids, values={"temperature": "hot", "no_call": True})).value == 3
    after = [now_is(desk, lead) for lead in leads]
    assert {(lead.temperature, lead.reach) for lead in after} == {(Temperature.HOT, Reach.BARRED)}
    desk.do(Undo())
    assert [now_is(desk, lead) for lead in leads] == before
    desk.do(Redo())
    assert [now_is(desk, lead) for lead in leads] == after
    desk.do(Undo())
    assert [now_is(desk, lead) for lead in leads] == before


def test_what_is_each_leads_own_is_not_changed_for_many(desk: Desk) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused, match="each lead’s own"):
        desk.do(EditLeads(lead_ids=(lead.id,), values={"name": "Ada"}))
    with pytest.raises(Refused, match="what to change"):
        desk.do(EditLeads(lead_ids=(lead.id,), values={}))
    with pytest.raises(Refused, match="exists"):
        desk.do(EditLeads(lead_ids=(999,), values={"tags": "vip"}))


def test_bulk_moves_leave_out_and_name_those_that_may_not(desk: Desk, clock: TestClock) -> None:
    one, other = add(desk, KYIV), add(desk, TALLINN)
    desk.do(DisqualifyLeads(lead_ids=(other.id,), why="spam"))
    done = desk.do(DeferLeads(lead_ids=(one.id, other.id), until=clock.now() + timedelta(days=9))).value
    assert (done.done, [i for i, _ in done.left_out]) == (1, [other.id])
    assert desk.do(BringBackLeads(lead_ids=(one.id, other.id))).value.done == 2
    assert {now_is(desk, lead).status for lead in (one, other)} == {Status.IN_PROGRESS}
    with pytest.raises(Refused, match="in work already"):
        desk.do(BringBackLeads(lead_ids=(one.id, other.id)))
    with pytest.raises(Refused, match="in the future"):
        desk.do(DeferLeads(lead_ids=(one.id,), until=clock.now()))
    with pytest.raises(Refused, match="Say why"):
        desk.do(DisqualifyLeads(lead_ids=(one.id,), why=" "))
