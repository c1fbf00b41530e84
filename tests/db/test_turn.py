"""What follows from other fields stands in nobody's way, and after any undo or redo it follows from what is there."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.db.tables import change
from leaddesk.workflow.bulk import EditLeads
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.derived import derive, suppressed_among
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import ContactPoint, Lead, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead, ConfirmLead, Disqualify, EditLead, Qualify
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.points import AddPoint, EditPoint, PointInput
from leaddesk.workflow.ports import Work
from leaddesk.workflow.suppressions import Suppress, Unsuppress
from leaddesk.workflow.tasks import AddTask, DoneTask
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Channel, TaskKind
from tests.db.commands import Do
from tests.engines import START, Opener, TestClock, sit_down
from tests.properties.floor import Replay, difference
from tests.properties.floor import dump as floor_dump

KYIV, TALLINN = "+380445370112", "+37253498812"


def row_of(store: DbStore, lead_id: int) -> dict[str, Any]:
    with store.reader.connect() as connection:
        return dict(connection.execute(text("SELECT * FROM lead WHERE id = :id"), {"id": lead_id}).mappings().one())


def stored(desk: Desk, lead_id: int) -> Lead:
    found: Lead = desk.do(Do(lambda work: work.find(Lead, id=lead_id)[0])).value
    return found


def wrong(desk: Desk) -> list[tuple[int, str, object, object]]:
    """Derived fields that do not follow from the rest: lead, field, what is stored, what should be."""

    def look(work: Work) -> list[tuple[int, str, object, object]]:
        found: list[tuple[int, str, object, object]] = []
        for lead in work.find(Lead):
            points = work.find(ContactPoint, lead_id=lead.id)
            values = derive(lead, points, suppressed_among(work, points))
            found += [(lead.id, n, getattr(lead, n), v) for n, v in values.items() if getattr(lead, n) != v]
        return found

    result: list[tuple[int, str, object, object]] = desk.do(Do(look)).value
    return result


def last_line(store: DbStore, lead_id: int) -> dict[str, Any]:
    with store.reader.connect() as connection:
        mine = select(change).where(change.c.tbl == "lead", change.c.row_id == lead_id).order_by(change.c.id.desc())
        return dict(connection.execute(mine.limit(1)).mappings().one())


@pytest.fixture
def lead(desk: Desk) -> Lead:
    """Somebody with a phone in Kyiv."""
    added: Lead = desk.do(AddLead(values={"name": "Olena"}, points=(PointInput(Channel.PHONE, KYIV),))).value
    return added


def test_two_edits_that_both_move_the_score_do_not_stand_on_each_other(
    desk: Desk, operator_desk: Desk, lead: Lead, clock: TestClock
) -> None:
    first = desk.do(EditLead(lead_id=lead.id, values={"decides": True}))
    between = row_of(desk.store, lead.id)
    clock.forward(hours=1)
    second = operator_desk.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}))
    assert stored(desk, lead.id).score == lead.score + 40
    desk.do(Undo(first.operation))
    now = stored(desk, lead.id)
    assert (now.decides, now.interest, now.score) == (None, "headsets", lead.score + 20)
    operator_desk.do(Undo(second.operation))
    now = stored(desk, lead.id)
    assert (now.decides, now.interest, now.score) == (None, "", lead.score)
    operator_desk.do(Redo())
    desk.do(Redo())
    now = stored(desk, lead.id)
    assert (now.decides, now.interest, now.score) == (True, "headsets", lead.score + 40)
    operator_desk.do(Undo())
    assert {n: v for n, v in row_of(desk.store, lead.id).items() if n not in {"version", "changed_at"}} == {
        n: v for n, v in between.items() if n not in {"version", "changed_at"}
    }
    assert check(desk.store) == []


def test_with_nothing_in_between_every_byte_comes_back(desk: Desk, lead: Lead, clock: TestClock) -> None:
    """Also a score that is older than its reasons: undo puts back, it does not put right."""
    desk.do(Do(lambda work: work.change(work.get(Lead, lead.id), score=77)))
    before = row_of(desk.store, lead.id)
    desk.do(EditLead(lead_id=lead.id, values={"decides": True, "country": "EE"}))
    after = row_of(desk.store, lead.id)
    for _ in range(2):
        clock.forward(days=40)
        desk.do(Undo())
        assert row_of(desk.store, lead.id) == before
        clock.forward(days=40)
        desk.do(Redo())
        assert row_of(desk.store, lead.id) == after


def test_work_that_was_undone_itself_leaves_no_trace(desk: Desk, operator_desk: Desk, lead: Lead) -> None:
    before = row_of(desk.store, lead.id)
    desk.do(EditLead(lead_id=lead.id, values={"decides": True}))
    operator_desk.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}))
    operator_desk.do(Undo())
    desk.do(Undo())
    assert row_of(desk.store, lead.id) == before


def test_a_number_corrected_meanwhile_counts_after_undo(desk: Desk, operator_desk: Desk, lead: Lead) -> None:
    """The correction wrote nothing on the lead itself, whose zone was given by hand at that time."""
    first = desk.do(EditLead(lead_id=lead.id, values={"zone": "Europe/London"}))
    point = desk.do(Do(lambda work: work.find(ContactPoint, lead_id=lead.id)[0])).value
    operator_desk.do(EditPoint(point_id=point.id, text=TALLINN))
    desk.do(Undo(first.operation))
    assert stored(desk, lead.id).zone_key == "EE|Europe/Tallinn"
    desk.do(Redo())
    assert wrong(desk) == []


def test_earlier_work_undone_meanwhile_counts_too(desk: Desk, operator_desk: Desk, lead: Lead) -> None:
    early = operator_desk.do(AddPoint(PointInput(Channel.EMAIL, "olena@klochkivska.example"), lead_id=lead.id))
    desk.do(EditLead(lead_id=lead.id, values={"decides": True}))
    operator_desk.do(Undo(early.operation))
    assert wrong(desk) == []
    desk.do(Undo())
    assert wrong(desk) == []
    assert stored(desk, lead.id).score == lead.score


def test_no_call_taken_back_after_a_number_was_freed(desk: Desk, lead: Lead) -> None:
    """The bar fell while the lead was barred all the same, so that its row did not change then."""
    desk.do(Suppress(KYIV))
    barred = desk.do(EditLead(lead_id=lead.id, values={"no_call": True}))
    desk.do(Unsuppress(KYIV))
    desk.do(Undo(barred.operation))
    assert stored(desk, lead.id).reach == "phone"
    assert wrong(desk) == []


def test_a_confirmed_lead_stays_confirmed_though_others_work_on_it(desk: Desk, operator_desk: Desk, lead: Lead) -> None:
    desk.do(EditLead(lead_id=lead.id, values={"name": "asdfgh"}))
    desk.do(ConfirmLead(lead.id))
    renamed = desk.do(EditLead(lead_id=lead.id, values={"name": "Olena"}))
    operator_desk.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}))
    desk.do(Undo(renamed.operation))
    now = stored(desk, lead.id)
    assert (now.name, now.suspicion, now.suspicion_ok) == ("asdfgh", ("mashed_name",), True)
    assert wrong(desk) == []


def test_the_same_field_still_blocks(desk: Desk, operator_desk: Desk, lead: Lead) -> None:
    first = desk.do(EditLead(lead_id=lead.id, values={"interest": "chairs"}))
    operator_desk.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}))
    with pytest.raises(Refused, match="stands on it"):
        desk.do(Undo(first.operation))


def test_a_number_barred_elsewhere_is_no_work_on_the_cards_that_have_it(
    desk: Desk, operator_desk: Desk, clock: TestClock
) -> None:
    added = desk.do(AddLead(values={"name": "Ada"}, points=(PointInput(Channel.PHONE, KYIV),)))
    clock.forward(hours=1)
    barred = operator_desk.do(Suppress(KYIV))
    as_it_was = row_of(desk.store, added.value.id)
    assert as_it_was["reach"] == "barred"
    desk.do(Undo(added.operation))
    assert json.loads(last_line(desk.store, added.value.id)["before"]) == as_it_was
    # Gone is gone: taking the bar back finds nobody to tell, and whoever comes back meets what is true then.
    operator_desk.do(Undo(barred.operation))
    operator_desk.do(Redo())
    desk.do(Redo())
    assert stored(desk, added.value.id).reach == "barred"
    operator_desk.do(Undo())
    assert stored(desk, added.value.id).reach == "phone"
    assert wrong(desk) == []
    assert check(desk.store) == []


def test_the_journal_keeps_a_lead_that_goes_as_it_was(desk: Desk, operator_desk: Desk, clock: TestClock) -> None:
    """Its version may be newer than that of all its work, where work was undone out of order."""
    desk.do(AddLead(values={"name": "Ada"}))
    first = desk.do(EditLead(lead_id=1, values={"role": "buyer"}))
    second = operator_desk.do(EditLead(lead_id=1, values={"city": "Lviv"}))
    clock.forward(hours=1)
    desk.do(Undo(first.operation))
    operator_desk.do(Undo(second.operation))
    as_it_was = row_of(desk.store, 1)
    desk.do(Undo())
    assert json.loads(last_line(desk.store, 1)["before"]) == as_it_was


def test_the_journal_tells_what_undo_found_and_not_what_it_expected(desk: Desk, operator_desk: Desk) -> None:
    """A bulk edit keeps the score that followed in a line of its own, without a version to tell that others came."""
    replay = Replay(floor_dump(desk.store))
    lead = desk.do(AddLead(values={"name": "Olena"})).value
    hot = desk.do(EditLeads(lead_ids=(lead.id,), values={"temperature": "hot"}))
    operator_desk.do(Qualify(lead.id))
    for command in (Undo(hot.operation), Redo(), Undo(hot.operation)):
        desk.do(command)
        assert difference(replay.catch_up(desk.store), floor_dump(desk.store)) == []
        assert wrong(desk) == []


def test_many_worked_on_since_are_turned_by_statements_not_rows(
    desk: Desk, operator_desk: Desk, statements: Callable[..., Any]
) -> None:
    made = desk.do(Do(lambda work: [lead.id for lead in work.add_many([Lead(name="Olena") for _ in range(3000)])]))
    ids = tuple(made.value)
    desk.do(Do(lambda work: work.add_many([ContactPoint(lead_id=i, channel=Channel.TELEGRAM, value="x") for i in ids])))
    hot = desk.do(EditLeads(lead_ids=ids, values={"temperature": "hot"}))
    desk.do(EditLeads(lead_ids=ids[::2], values={"interest": "headsets"}))
    for command in (Undo(hot.operation), Redo(), Undo(hot.operation)):
        with statements(desk.store) as seen:
            desk.do(command)
        assert len(seen) < 60, seen.texts
    assert [stored(desk, i).temperature for i in ids[:2]] == ["cold", "cold"]
    assert [stored(desk, i).score for i in ids[:2]] == [20, 0]
    assert [line for line in wrong(desk) if line[0] in ids[::2]] == []
    assert check(desk.store) == []


# Whether and when somebody is worked next is decided as a whole


def test_what_was_planned_does_not_come_back_on_a_lead_that_left_work(
    desk: Desk, operator_desk: Desk, lead: Lead
) -> None:
    """No field was written by both: the second try was taken off by the one, the status changed by the other."""
    desk.do(LogCall(lead_id=lead.id, outcome="no_answer"))
    last = desk.do(LogCall(lead_id=lead.id, outcome="no_answer", idle=True))
    desk.do(Disqualify(lead.id, "spam"))
    with pytest.raises(Refused, match="“Disqualified Olena: spam” by Olena Boss"):
        desk.do(Undo(last.operation))
    desk.do(Undo())
    desk.do(Undo())
    assert stored(desk, lead.id).retry_at is not None
    desk.do(Undo())
    operator_desk.do(Disqualify(lead.id, "spam"))
    with pytest.raises(Refused, match="has changed since"):
        desk.do(Redo())
    assert stored(desk, lead.id).retry_at is None


def test_a_task_does_not_come_back_on_a_lead_that_left_work(desk: Desk, operator_desk: Desk, lead: Lead) -> None:
    task = desk.do(AddTask(lead_id=lead.id, kind=TaskKind.MEETING, due_at=START + timedelta(days=1))).value
    done = desk.do(DoneTask(task_id=task.id))
    parked = desk.do(DeferLead(lead_id=lead.id, until=START + timedelta(days=30)))
    with pytest.raises(Refused, match="“Parked Olena” by Olena Boss"):
        desk.do(Undo(done.operation))
    desk.do(Undo(parked.operation))
    desk.do(Undo(done.operation))
    desk.do(Redo())
    desk.do(Undo())
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.MEETING, due_at=START + timedelta(days=2)))
    desk.do(Undo())
    operator_desk.do(Disqualify(lead.id, "spam"))
    with pytest.raises(Refused, match="has changed since"):
        desk.do(Redo())


def test_tasks_are_undone_one_by_one_while_the_lead_is_in_work(desk: Desk, lead: Lead) -> None:
    first = desk.do(AddTask(lead_id=lead.id, kind=TaskKind.MEETING, due_at=START + timedelta(days=1)))
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.MEETING, due_at=START + timedelta(days=2)))
    desk.do(LogCall(lead_id=lead.id, outcome="no_answer"))
    desk.do(Undo(first.operation))
    assert [task.id for task in desk.do(Do(lambda work: work.find(Task, lead_id=lead.id))).value] != [first.value.id]


# Two at once


def wait_for_waiting(store: DbStore) -> None:
    """Until somebody waits for what this transaction holds. At a file nobody can come in between anyway."""
    if not store.is_sqlite:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        for _ in range(100_000):
            with store.reader.connect() as connection:
                if connection.scalar(waiting):
                    return
        raise AssertionError("nobody waits")


def beside(desk: Desk, command: Command[Any]) -> tuple[threading.Thread, list[str]]:
    """A command of somebody else, to be started in the middle of one's own, and what came of it."""
    said: list[str] = []

    def work() -> None:
        try:
            said.append(desk.do(command).words)
        except Refused as refused:
            said.append(refused.words)

    return threading.Thread(target=work), said


@pytest.mark.parametrize("again", [False, True])
def test_an_edit_under_way_is_waited_for(desk: Desk, opened: Opener, clock: TestClock, lead: Lead, again: bool) -> None:
    """Else it would be seen by no check, and written over."""
    first = desk.do(EditLead(lead_id=lead.id, values={"interest": "chairs"}))
    if again:
        desk.do(Undo())
    other, said = beside(sit_down(opened(), clock), Redo() if again else Undo(first.operation))

    def slowly(work: Work) -> None:
        work.change(work.get(Lead, lead.id), interest="headsets")
        other.start()
        wait_for_waiting(desk.store)

    sit_down(desk.store, clock, "anna").do(Do(slowly, "Slow work"))
    other.join(60)
    assert ("has changed since" if again else "“Slow work” by Anna Operator") in said[0]
    assert stored(desk, lead.id).interest == "headsets"
    assert check(desk.store) == []


def test_what_two_undo_at_once_is_undone_once(desk: Desk, opened: Opener, clock: TestClock, lead: Lead) -> None:
    first = desk.do(EditLead(lead_id=lead.id, values={"interest": "chairs"}))
    other, said = beside(sit_down(opened(), clock), Undo(first.operation))

    def slowly(work: Work) -> None:
        Undo(first.operation).handle(work)
        other.start()
        wait_for_waiting(desk.store)

    desk.do(Do(slowly))
    other.join(60)
    assert "undone already" in said[0] or "has just turned" in said[0]
    with desk.store.reader.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM operation ORDER BY id")).scalars().all()
    assert kinds == ["do", "do", "undo"]
