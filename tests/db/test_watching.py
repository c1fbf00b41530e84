"""What others wrote, where the data is kept, and which promises are near: the same on both engines."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from leaddesk.db.backup import backup
from leaddesk.db.store import DbStore
from leaddesk.workflow.changes import NAMED_AT_MOST, Changes
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import Source
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.ports import Work
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.tasks import AddTask, DoneTask
from leaddesk.workflow.vocabulary import TaskKind
from leaddesk.workflow.watching import PromisesAhead, WhereKept, Written, WrittenSince
from tests.engines import Opener, TestClock, sit_down


@dataclass(frozen=True)
class ManySources(Command[None]):
    def handle(self, work: Work) -> None:
        for number in range(NAMED_AT_MOST + 1):
            work.add(Source(name=f"Source {number}"))


def test_only_what_came_after_and_was_not_ours_is_told(desk: Desk, operator_desk: Desk) -> None:
    desk.do(AddLead(values={"name": "Before"}))
    start = desk.read(WrittenSince())
    assert start.by_operation == {}
    assert desk.read(WrittenSince(start.newest)) == start
    ours = desk.do(AddLead(values={"name": "Ours"}))
    theirs = operator_desk.do(AddLead(values={"name": "Theirs"}))
    setting = desk.do(ChangeSetting("queue.hold_minutes", "20"))
    written = desk.read(WrittenSince(start.newest))
    assert written.newest > start.newest
    assert set(written.by_operation) == {ours.operation, theirs.operation, setting.operation}
    assert written.by_others({ours.operation, setting.operation}) == Changes(frozenset({theirs.value.id}))
    assert written.by_others({ours.operation, theirs.operation}) == Changes(settings=True)
    assert not written.by_others(set(written.by_operation))


def test_another_connections_writes_are_seen(desk: Desk, opened: Opener, clock: TestClock) -> None:
    start = desk.read(WrittenSince())
    lead = sit_down(opened(), clock).do(AddLead(values={"name": "Elsewhere"})).value
    assert desk.read(WrittenSince(start.newest)).by_others(set()).leads == {lead.id}


def test_too_many_to_name_means_look_at_everything(desk: Desk) -> None:
    start = desk.read(WrittenSince())
    desk.do(ManySources())
    assert desk.read(WrittenSince(start.newest)).by_others(set()) == Changes(many=True, settings=True)


def test_nothing_written_is_nothing_changed() -> None:
    assert not Written(7, {}).by_others(set())


def test_where_the_data_is_kept_and_how_fresh_its_copy_is(desk: Desk, store: DbStore, clock: TestClock) -> None:
    kept = desk.read(WhereKept())
    assert kept.backed_up is None
    if not store.is_sqlite:
        assert kept.engine == "PostgreSQL"
        assert kept.name
        return
    assert (kept.engine, kept.name, kept.path) == ("SQLite", "leads.db", str(store.path))
    copy = backup(store, None, clock).file
    made = desk.read(WhereKept()).backed_up
    assert made is not None
    assert made.timestamp() == pytest.approx(copy.stat().st_mtime)


def test_promises_of_the_next_minutes_are_told_to_who_made_them(
    desk: Desk, operator_desk: Desk, clock: TestClock
) -> None:
    lead = desk.do(AddLead(values={"name": "Olena Hrytsenko"}, owner_id=desk.user.id)).value

    def plan(minutes: int, *, promised: bool = True, kind: TaskKind = TaskKind.CALL) -> int:
        due = clock.now() + timedelta(minutes=minutes)
        return desk.do(AddTask(lead_id=lead.id, kind=kind, title="Call", due_at=due, promised=promised)).value.id

    near, nearer, done = plan(4), plan(2), plan(3)
    for other in ({"minutes": 9}, {"minutes": 1, "promised": False}):
        plan(**other)
    desk.do(DoneTask(task_id=done))
    assert [(p.task_id, p.lead_id, p.title) for p in desk.read(PromisesAhead(5))] == [
        (nearer, lead.id, "Olena Hrytsenko"),
        (near, lead.id, "Olena Hrytsenko"),
    ]
    assert operator_desk.read(PromisesAhead(5)) == []
    clock.forward(minutes=3)
    assert [p.task_id for p in desk.read(PromisesAhead(5))] == [near]
