"""Tasks, and that a lead in work is never left without a next step."""

from datetime import timedelta

import pytest

from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.tasks import AddTask, DoneTask, MoveTask, OpenTasks
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import TaskKind
from tests.engines import TestClock
from tests.workflow.making import KYIV, add, call, card, now_is, open_tasks


def test_finishing_the_last_task_asks_for_the_next_step(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    at = clock.now() + timedelta(hours=2)
    call(desk, lead, "callback", at=at)
    [task] = open_tasks(desk, lead)
    with pytest.raises(Refused, match="without a next step") as refused:
        desk.do(DoneTask(task_id=task.id))
    assert refused.value.field == "next_step"
    later = clock.now() + timedelta(days=1)
    desk.do(DoneTask(task_id=task.id, result="sent", next_kind=TaskKind.LETTER, next_at=later))
    [following] = open_tasks(desk, lead)
    assert (following.kind, following.due_at) == (TaskKind.LETTER, later)
    desk.do(DoneTask(task_id=following.id, idle=True))
    assert now_is(desk, lead).idle_ok
    with pytest.raises(Refused, match="done already"):
        desk.do(DoneTask(task_id=following.id, idle=True))


def test_idleness_is_not_taken_back_without_a_next_step(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    call(desk, lead, "no_answer", idle=True)
    with pytest.raises(Refused, match="without a next step"):
        desk.do(EditLead(lead_id=lead.id, values={"idle_ok": False}))
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.CALL, due_at=clock.now() + timedelta(days=1)))
    assert not now_is(desk, lead).idle_ok
    [task] = open_tasks(desk, lead)
    desk.do(DoneTask(task_id=task.id, idle=True))
    desk.do(Undo())
    desk.do(Undo())
    assert now_is(desk, lead).idle_ok


def test_a_row_put_back_as_it_was_in_one_step_is_as_it_was(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    call(desk, lead, "callback", at=clock.now() + timedelta(hours=2))
    [task] = open_tasks(desk, lead)
    desk.do(EditLead(lead_id=lead.id, values={"idle_ok": True}))
    before = now_is(desk, lead)
    clock.forward(minutes=1)
    # The new task ends the idleness, `idle` brings it back: nothing about the lead has changed.
    at = clock.now() + timedelta(days=1)
    desk.do(DoneTask(task_id=task.id, idle=True, next_kind=TaskKind.CALL, next_at=at))
    assert now_is(desk, lead) == before


def test_promises_lie_ahead_and_tasks_move_ahead(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused, match="in the past"):
        desk.do(AddTask(lead_id=lead.id, kind=TaskKind.CALL, due_at=clock.now(), promised=True))
    task = desk.do(AddTask(lead_id=lead.id, kind=TaskKind.CALL, due_at=clock.now())).value
    with pytest.raises(Refused, match="in the past"):
        desk.do(MoveTask(task_id=task.id, due_at=clock.now()))
    moved = desk.do(MoveTask(task_id=task.id, due_at=clock.now() + timedelta(hours=1), exact=True)).value
    assert moved.exact
    assert moved.due_at == clock.now() + timedelta(hours=1)


def test_a_task_belongs_to_somebody_in_work(desk: Desk, clock: TestClock) -> None:
    with pytest.raises(Refused, match="lead or a client"):
        desk.do(AddTask(kind=TaskKind.CALL, due_at=clock.now()))
    lead = add(desk, KYIV)
    call(desk, lead, "do_not_call")
    with pytest.raises(Refused, match="bring it back first"):
        desk.do(AddTask(lead_id=lead.id, kind=TaskKind.CALL, due_at=clock.now()))


def test_a_task_carried_to_the_client_is_finished_there_with_the_next_one(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    call(desk, lead, "interested")
    client = desk.do(ConvertLead(lead_id=lead.id)).value
    tasks = [t for t in desk.read(OpenTasks()) if t.client_id == client.id]
    assert [t.kind for t in tasks] == [TaskKind.OFFER, TaskKind.CALL]
    at = clock.now() + timedelta(days=1)
    desk.do(DoneTask(task_id=tasks[0].id, next_kind=TaskKind.MEETING, next_at=at))
    assert [t.kind for t in desk.read(OpenTasks()) if t.client_id == client.id] == [TaskKind.MEETING, TaskKind.CALL]
    desk.do(DoneTask(task_id=tasks[1].id))
    assert [t.done_at for t in card(desk, lead).tasks if t.id == tasks[1].id] == [clock.now()]


def test_a_task_that_somebody_moved_meanwhile_is_looked_at_again(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    seen = desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=clock.now() + timedelta(hours=1))).value
    moved = desk.do(MoveTask(task_id=seen.id, due_at=clock.now() + timedelta(hours=2), version=seen.version)).value
    with pytest.raises(Refused, match="Somebody changed"):
        desk.do(MoveTask(task_id=seen.id, due_at=clock.now() + timedelta(hours=3), version=seen.version))
    with pytest.raises(Refused, match="Somebody changed"):
        desk.do(DoneTask(task_id=seen.id, version=seen.version))
    assert open_tasks(desk, lead) == [moved]
    assert desk.do(DoneTask(task_id=seen.id, version=moved.version)).value.done_at == clock.now()
