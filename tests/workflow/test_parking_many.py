"""Ten thousand due leads, two windows at once, owners who left, another day for many."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leaddesk.db.store import DbStore
from leaddesk.workflow.absence import SetAway
from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.bulk import BringBackLeads
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import ContactPoint, Lead, Refusal
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead, EditLead
from leaddesk.workflow.mornings import each_morning, morning_of, own_morning
from leaddesk.workflow.parking import BringBack, DeferLead, DeferLeads, DueToReturn, MoveReturn, ReturnDueLeads
from leaddesk.workflow.points import AddPoint, PointInput
from leaddesk.workflow.ports import Work
from leaddesk.workflow.refusals import RefuseLead, RefuseLeads, Wish
from leaddesk.workflow.settings import ChangeSetting, Settings
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.team import ChangeUser
from leaddesk.workflow.undo import Journal, NotTurned, Undo
from leaddesk.workflow.vocabulary import Channel, Reach, Section, Status, TaskKind
from tests.engines import START, Opener, Statements, TestClock, sit_down
from tests.workflow.making import KYIV, KYIV_TOO, TALLINN, add, card, due, now_is, open_tasks

Watching = Callable[[DbStore], AbstractContextManager[Statements]]
DAY = START.date() + timedelta(days=30)


@dataclass(frozen=True)
class Park(Command[int]):
    """So many parked leads, every other one refused, due after a day."""

    many: int
    different: int = 5

    def handle(self, work: Work) -> int:
        leads = work.add_many(
            [
                Lead(
                    name=f"Lead {n}",
                    status=Status.REFUSED if n % 2 else Status.DEFERRED,
                    parked_why=f"why {n % self.different}",
                    return_at=work.now + timedelta(days=1),
                    reach=Reach.PHONE,
                    zone_key="UA|Europe/Kyiv",
                    created_at=work.now,
                )
                for n in range(self.many)
            ]
        )
        work.add_many(
            [
                ContactPoint(lead_id=one.id, channel=Channel.PHONE, value=KYIV, key=KYIV, zones=("Europe/Kyiv",))
                for one in leads
            ]
        )
        work.add_many(
            [Refusal(lead_id=one.id, at=work.now, reason="price") for one in leads if one.status is Status.REFUSED]
        )
        return len(leads)


def test_a_closed_week_is_made_up_for_by_a_few_statements(
    desk: Desk, store: DbStore, clock: TestClock, statements: Watching
) -> None:
    desk.do(Park(2_000))
    clock.forward(days=9)
    with statements(store) as seen:
        done = desk.do(ReturnDueLeads(automatic=True))
    assert done.value == 2_000
    assert len(seen) < 120, "not some for each lead"
    assert desk.read(DueToReturn()) == []
    desk.do(Undo(done.operation))
    assert len(desk.read(DueToReturn())) == 2_000
    assert desk.do(ReturnDueLeads()).value == 2_000


def test_many_are_brought_back_by_hand_in_one_step(
    desk: Desk, store: DbStore, clock: TestClock, statements: Watching
) -> None:
    desk.do(Park(300))
    clock.forward(days=2)
    ids = tuple(desk.read(DueToReturn()))
    with statements(store) as seen:
        assert desk.do(BringBackLeads(lead_ids=ids)).value.done == 300
    assert len(seen) < 300 + 120, "one to lock each, no more"
    desk.do(Undo())
    assert tuple(desk.read(DueToReturn())) == ids


def test_two_windows_that_bring_back_at_once_share_the_leads(opened: Opener, clock: TestClock) -> None:
    stores = (opened(), opened())
    desks = [sit_down(stores[0], clock), sit_down(stores[1], clock, "anna")]
    desks[0].do(Park(400))
    clock.forward(days=2)
    both, counts = threading.Barrier(2), []

    def bring_back(desk: Desk) -> None:
        both.wait(30)
        counts.append(desk.do(ReturnDueLeads(automatic=True)).value)

    threads = [threading.Thread(target=bring_back, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(counts) == 400, counts
    assert desks[0].read(DueToReturn()) == []


def test_whoever_left_leaves_returning_leads_to_the_pool(desk: Desk, operator_desk: Desk, clock: TestClock) -> None:
    anna = operator_desk.user
    lead, away = add(desk, KYIV), add(desk, TALLINN, name="Ada")
    desk.do(AssignLeads(lead_ids=(lead.id,), owner_id=anna.id))
    desk.do(AssignLeads(lead_ids=(away.id,), owner_id=desk.user.id))
    for one in (lead, away):
        desk.do(DeferLead(lead_id=one.id, until=clock.now() + timedelta(days=2), why="on leave"))
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.LETTER, title="Write", due_at=clock.now() + timedelta(days=9)))
    desk.do(ChangeUser(anna.id, {"state": "left"}))
    clock.forward(days=3)
    desk.do(SetAway(desk.user.id, clock.now() + timedelta(days=7)))
    assert desk.do(ReturnDueLeads()).value == 2
    back, stays = now_is(desk, lead), now_is(desk, away)
    assert (back.owner_id, back.assigned_at) == (None, None)
    assert back.first_assigned_at is not None
    assert back.came_back_why == (
        "Parked: on leave; 3 days ago; Anna Operator no longer works here, so it is in the pool"
    )
    assert [task.owner_id for task in open_tasks(desk, lead)] == [None]
    assert stays.owner_id == desk.user.id
    assert stays.came_back_why == "Parked: on leave; 3 days ago; Olena Boss is away till Thu 12 Mar"
    desk.do(Undo(desk.read(Journal())[0].id))
    assert now_is(desk, lead).owner_id == anna.id


def test_a_lead_brought_back_by_hand_goes_to_the_pool_as_well(desk: Desk, operator_desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(AssignLeads(lead_ids=(lead.id,), owner_id=operator_desk.user.id))
    desk.do(DeferLead(lead_id=lead.id, until=START + timedelta(days=2)))
    desk.do(ChangeUser(operator_desk.user.id, {"state": "left"}))
    assert desk.do(BringBack(lead.id)).value.owner_id is None


def test_since_when_it_was_parked_is_said_however_the_card_was_edited(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    desk.do(DeferLead(lead_id=lead.id, until=clock.now() + timedelta(days=10), why="on leave"))
    clock.forward(days=8)
    desk.do(EditLead(lead_id=lead.id, values={"company": "Nordwind"}))
    clock.forward(days=2)
    desk.do(ReturnDueLeads())
    assert now_is(desk, lead).came_back_why == "Parked: on leave; 10 days ago"


# Another day


def test_a_refused_lead_that_gets_a_day_stays_refused(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    desk.do(RefuseLead(lead_id=lead.id, reason="price"))
    until = morning_of(DAY, lead.zone_key, Settings())
    assert desk.do(MoveReturn(lead_ids=(lead.id,), until=until)).words == f"Moved {lead.title}"
    moved = now_is(desk, lead)
    assert (moved.status, moved.return_at, moved.parked_why) == (Status.REFUSED, until, "Too expensive")
    assert [r.return_at for r in card(desk, lead).refusals] == [until]
    clock.forward(days=31)
    desk.do(ReturnDueLeads())
    assert now_is(desk, lead).status is Status.IN_PROGRESS
    assert due(desk) == [(lead.id, Section.CAME_BACK)]


def test_many_move_to_one_day_each_in_its_own_morning(desk: Desk) -> None:
    kyiv, tallinn, new_york = add(desk, KYIV), add(desk, TALLINN, name="A"), add(desk, "+12125550123", name="B")
    desk.do(DeferLeads(lead_ids=(kyiv.id, new_york.id), until=START + timedelta(days=3), why="later"))
    desk.do(RefuseLead(lead_id=tallinn.id, reason="price"))
    at_work = add(desk, KYIV_TOO, name="At work")
    ids = (kyiv.id, tallinn.id, new_york.id, at_work.id)
    done = desk.do(MoveReturn(lead_ids=ids, until=morning_of(DAY, "|", Settings())))
    assert done.words == "Moved 3 parked leads"
    assert done.value.left_out == ((at_work.id, "At work is new, not parked."),)
    for lead in (kyiv, tallinn, new_york):
        back = now_is(desk, lead).return_at
        assert back is not None
        there = back.astimezone(ZoneInfo(lead.zone_key.partition("|")[2]))
        assert (there.date(), there.hour, there.minute) == (DAY, 8, 0)
    desk.do(Undo())
    assert now_is(desk, tallinn).return_at is None


def test_leads_refused_or_parked_together_have_each_its_own_morning(desk: Desk) -> None:
    kyiv, new_york = add(desk, KYIV), add(desk, "+12125550123", name="B")
    day = morning_of(DAY, "|", Settings())
    desk.do(RefuseLeads(lead_ids=(kyiv.id, new_york.id), wish=Wish(reason="price", until=day)))
    mornings = [now_is(desk, lead).return_at for lead in (kyiv, new_york)]
    assert mornings == [morning_of(DAY, lead.zone_key, Settings()) for lead in (kyiv, new_york)]


def test_what_cannot_be_moved_is_said(desk: Desk, clock: TestClock) -> None:
    never, at_work = add(desk, KYIV), add(desk, TALLINN, name="At work")
    desk.do(RefuseLead(lead_id=never.id, reason="price", never_again=True))
    with pytest.raises(Refused, match="left alone"):
        desk.do(MoveReturn(lead_ids=(never.id,), until=START + timedelta(days=3)))
    with pytest.raises(Refused, match="not parked"):
        desk.do(MoveReturn(lead_ids=(at_work.id,), until=START + timedelta(days=3)))
    desk.do(DeferLead(lead_id=at_work.id, until=START + timedelta(days=3)))
    with pytest.raises(Refused, match="is over") as refused:
        desk.do(MoveReturn(lead_ids=(at_work.id,), until=START))
    assert refused.value.field == "until"


def test_nobody_moves_what_belongs_to_somebody_else(desk: Desk, operator_desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(AssignLeads(lead_ids=(lead.id,), owner_id=desk.user.id))
    desk.do(DeferLead(lead_id=lead.id, until=START + timedelta(days=3)))
    with pytest.raises(Refused, match="belongs to somebody else"):
        operator_desk.do(MoveReturn(lead_ids=(lead.id,), until=START + timedelta(days=5)))


# Mornings


def test_a_bare_date_is_the_morning_of_that_day(desk: Desk) -> None:
    lead = add(desk, KYIV)
    for midnight in (
        datetime(2026, 4, 1, tzinfo=UTC),
        datetime(2026, 4, 1, tzinfo=ZoneInfo("Europe/Kyiv")).astimezone(UTC),
    ):
        assert own_morning(midnight, lead.zone_key, Settings()) == datetime(2026, 4, 1, 5, tzinfo=UTC)
        desk.do(DeferLead(lead_id=lead.id, until=midnight))
        assert now_is(desk, lead).return_at == datetime(2026, 4, 1, 5, tzinfo=UTC)
    exact = datetime(2026, 4, 1, 11, 30, tzinfo=UTC)
    assert own_morning(exact, lead.zone_key, Settings()) == each_morning(exact, lead.zone_key, Settings()) == exact


def test_without_a_zone_the_floors_own_country_says_what_morning_is(desk: Desk) -> None:
    assert morning_of(DAY, "|", Settings({"phones.region": "NZ"})).astimezone(ZoneInfo("Pacific/Auckland")).hour == 9
    sunday = datetime(2026, 3, 8, tzinfo=UTC).date()
    assert morning_of(sunday, "|", Settings()) == datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.mark.parametrize("way", ["country", "zone", "number"])
def test_the_morning_moves_with_the_zone(desk: Desk, way: str) -> None:
    lead = add(desk, name="Nobody knows where")
    desk.do(DeferLead(lead_id=lead.id, until=morning_of(DAY, lead.zone_key, Settings())))
    if way == "number":
        desk.do(AddPoint(PointInput(Channel.PHONE, "+81312345678"), lead_id=lead.id))
    else:
        value = "JP" if way == "country" else "Asia/Tokyo"
        desk.do(EditLead(lead_id=lead.id, values={way: value}))
    back = now_is(desk, lead).return_at
    assert back is not None
    there = back.astimezone(ZoneInfo("Asia/Tokyo"))
    assert (there.date(), there.hour) == (DAY, 8)
    desk.do(Undo())
    assert now_is(desk, lead).return_at == morning_of(DAY, "|", Settings())


def test_an_hour_chosen_by_their_clock_stays_that_hour(desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(DeferLead(lead_id=lead.id, until=datetime(2026, 4, 1, 11, 30, tzinfo=UTC)))
    desk.do(EditLead(lead_id=lead.id, values={"zone": "Asia/Kathmandu"}))
    back = now_is(desk, lead).return_at
    assert back is not None
    assert f"{back.astimezone(ZoneInfo('Asia/Kathmandu')):%d %H:%M}" == "01 14:30"


def test_a_return_keeps_an_older_edit_of_the_zone_from_being_undone(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    desk.do(DeferLead(lead_id=lead.id, until=morning_of(DAY, lead.zone_key, Settings())))
    edited = desk.do(EditLead(lead_id=lead.id, values={"zone": "Asia/Tokyo"}))
    clock.forward(days=60)
    desk.do(ReturnDueLeads())
    with pytest.raises(NotTurned, match="came after"):
        desk.do(Undo(edited.operation))
    assert now_is(desk, lead).status is Status.IN_PROGRESS


def test_calls_that_reach_nobody_park_until_a_morning(desk: Desk, clock: TestClock) -> None:
    desk.do(ChangeSetting("cadence.in_all", "1"))
    lead = desk.do(AddLead(values={"name": "Quiet"}, points=(PointInput(Channel.PHONE, KYIV),))).value
    clock.forward(hours=5, minutes=13)
    desk.do(LogCall(lead_id=lead.id, outcome="no_answer"))
    parked = now_is(desk, lead)
    assert parked.status is Status.DEFERRED
    assert parked.return_at is not None
    assert f"{parked.return_at.astimezone(ZoneInfo('Europe/Kyiv')):%H:%M}" == "08:00"
