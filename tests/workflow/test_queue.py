"""Who next, in which order, why, and who is left out."""

from datetime import timedelta

from leaddesk.db.store import DbStore
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.parking import BringBack, DeferLead
from leaddesk.workflow.points import AddPoint
from leaddesk.workflow.queue import Drawable, Hold, NothingWhy, Queue, TakeNext
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.vocabulary import Section, TaskKind
from tests.engines import TestClock, watching
from tests.workflow.making import KYIV, KYIV_OFFICE, KYIV_TOO, TALLINN, add, call, drawable, due, phone

QUEUE_AT_MOST = 22
DRAW_AT_MOST = 40
"""Statements, however many leads there are."""


def test_the_order_of_the_floor(desk: Desk, clock: TestClock) -> None:
    numbers = iter(f"+38044537{n:04}" for n in range(200, 220))
    retry, cold, late, warm, hot, task, back, callback, exact = (add(desk, next(numbers)) for _ in range(9))
    desk.do(EditLead(lead_id=warm.id, values={"temperature": "warm"}))
    desk.do(EditLead(lead_id=hot.id, values={"temperature": "hot"}))
    desk.do(EditLead(lead_id=late.id, values={"interest": "headsets"}))
    call(desk, retry, "no_answer")
    desk.do(DeferLead(lead_id=back.id, until=clock.now() + timedelta(days=9)))
    soon = clock.now() + timedelta(hours=1)
    desk.do(AddTask(lead_id=callback.id, kind=TaskKind.CALL, due_at=clock.now() + timedelta(minutes=1), promised=True))
    call(desk, exact, "callback", at=soon)
    call(desk, task, "interested")
    clock.forward(hours=7)
    desk.do(BringBack(back.id))
    assert due(desk) == [
        (exact.id, Section.CALLBACK),
        (callback.id, Section.CALLBACK),
        (back.id, Section.CAME_BACK),
        (task.id, Section.TASK),
        (hot.id, Section.NEW),
        (warm.id, Section.NEW),
        (late.id, Section.NEW),
        (cold.id, Section.NEW),
        (retry.id, Section.RETRY),
    ]


def test_every_row_says_why(desk: Desk, clock: TestClock) -> None:
    lead, other = add(desk, KYIV), add(desk, TALLINN, name="Ada Lovelace")
    call(desk, lead, "no_answer")
    call(desk, lead, "callback", at=clock.now() + timedelta(hours=1), note="ask for the price list")
    call(desk, other, "no_answer")
    clock.forward(hours=5)
    rows = desk.read(Queue()).rows
    assert rows[0].why == "Callback promised today 12:00 their time. ask for the price list"
    assert rows[0].late
    assert rows[0].when.endswith("4 h late")
    assert rows[1].why == "Attempt 2 of 6. Mornings failed"


def test_what_needs_no_call_waits_by_night_in_sight_and_comes_up_by_day(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    at = clock.now() + timedelta(hours=10)
    call(desk, lead, "no_answer")
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.PRICE_LIST, due_at=at, promised=True))
    clock.forward(hours=10)
    assert due(desk) == []
    [row] = desk.read(Queue()).rows
    assert (row.lead_id, row.section) == (lead.id, Section.LATER)
    assert "Price list" in row.why
    clock.forward(hours=14)
    assert due(desk) == [(lead.id, Section.TASK)]


def test_who_has_no_phone_is_written_to_at_any_hour_but_never_drawn(desk: Desk, clock: TestClock) -> None:
    lead = add(desk)
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.LETTER, due_at=clock.now()))
    clock.forward(hours=10)
    assert due(desk) == [(lead.id, Section.TASK)]
    assert drawable(desk) == []
    assert "needs no call" in desk.read(NothingWhy())


def test_a_lead_with_many_tasks_does_not_hide_another(desk: Desk, clock: TestClock) -> None:
    busy, other, new = add(desk, KYIV), add(desk, KYIV_TOO), add(desk, KYIV_OFFICE)
    for lead in (busy, busy, busy, other):
        desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=clock.now()))
    assert drawable(desk, 2) == [busy.id, other.id]
    assert drawable(desk) == [busy.id, other.id, new.id]


def test_closed_hours_keep_out_and_say_when_they_open(desk: Desk, clock: TestClock) -> None:
    add(desk, KYIV)
    clock.forward(hours=10)
    [row] = desk.read(Queue()).rows
    assert (row.section, row.callable_now) == (Section.LATER, False)
    assert "opens tomorrow 08:00" in row.why
    assert "The next lead comes tomorrow" in desk.read(NothingWhy())
    assert desk.do(TakeNext()).value.row is None


def test_open_in_one_of_two_clocks_is_not_open(desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(AddPoint(phone("+12125550142"), lead_id=lead.id))
    assert drawable(desk) == []


def test_an_unknown_clock_is_asked_for(desk: Desk) -> None:
    lead = add(desk, "+80047829136")
    assert lead.zone_key.endswith("|")
    assert drawable(desk) == []
    assert "time zone" in desk.read(NothingWhy())
    desk.do(EditLead(lead_id=lead.id, values={"zone": "Europe/Kyiv"}))
    assert drawable(desk) == [lead.id]


def test_next_brings_each_lead_once_then_what_is_held_then_words(desk: Desk, operator_desk: Desk) -> None:
    one, other = add(desk, KYIV), add(desk, TALLINN, name="Ada Lovelace")
    assert desk.read(NothingWhy())
    first = desk.do(TakeNext()).value.row
    second = desk.do(TakeNext()).value.row
    assert first is not None
    assert second is not None
    assert [first.lead_id, second.lead_id] == [one.id, other.id]
    assert desk.read(Drawable(9)) == [one.id, other.id]
    nobody = operator_desk.do(TakeNext()).value
    assert nobody.row is None
    assert nobody.why
    left = desk.do(TakeNext(leaving=one.id)).value.row
    assert left is not None
    assert left.lead_id == other.id
    taken = operator_desk.do(TakeNext()).value.row
    assert taken is not None
    assert taken.lead_id == one.id
    assert desk.read(LeadCard(one.id)).held_by == "Anna Operator"
    assert not desk.do(Hold(one.id)).value


def test_the_queue_and_a_draw_cost_a_bounded_number_of_statements(
    desk: Desk, store: DbStore, operator_desk: Desk, clock: TestClock
) -> None:
    for n in range(30):
        add(desk, f"+38044537{n:04}", temperature=("hot", "warm", "cold")[n % 3])
    call(desk, add(desk, TALLINN), "no_answer")
    clock.forward(hours=5)
    with watching(store) as sent:
        assert len(operator_desk.read(Queue()).rows) >= 30
    assert len(sent) <= QUEUE_AT_MOST, "\n".join(sent.texts)
    with watching(store) as sent:
        assert operator_desk.do(TakeNext()).value.row
    assert len(sent) <= DRAW_AT_MOST, "\n".join(sent.texts)
