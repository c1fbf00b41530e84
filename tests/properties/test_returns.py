"""Four hundred days with three hundred parked leads around the world, and a program that is often closed.

Each returns exactly once: on its day, in its own morning, or at the first moment after at which the program was open.
What is expected is worked out here anew, from the day people chose and the clock on the lead's wall.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.leads import AddLead, EditLead
from leaddesk.workflow.mornings import NOWHERE, morning_of
from leaddesk.workflow.parking import BringBack, DeferLead, DeferLeads, DueToReturn, MoveReturn, ReturnDueLeads
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.settings import Settings
from leaddesk.workflow.team import AddUser, ChangeUser
from leaddesk.workflow.vocabulary import Status
from tests.engines import START, TestClock
from tests.workflow.making import card, now_is

MANY = 300
DAYS = 400
ZONES = (
    "", "Africa/Cairo", "Africa/Casablanca", "America/Los_Angeles", "America/New_York", "America/Santiago",
    "America/Sao_Paulo", "America/St_Johns", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran", "Asia/Tokyo",
    "Asia/Yangon", "Australia/Eucla", "Australia/Lord_Howe", "Europe/Kyiv", "Europe/London", "Europe/Tallinn",
    "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Marquesas",
    "Pacific/Pago_Pago",
)  # fmt: skip
"""Half and quarter hours, both halves of the year, both sides of the date line, half-hour summer time, and nowhere."""


def morning(day: date, zone: str) -> datetime:
    """Eight by the wall clock, on Monday for a Sunday; nine UTC for who lives nowhere."""
    if day.weekday() == 6:
        day += timedelta(days=1)
    hour, clock = (8, ZoneInfo(zone)) if zone else (9, UTC)
    return datetime.combine(day, time(hour), clock).astimezone(UTC)


@dataclass
class World:
    """The floor, and what it should be doing."""

    desk: Desk
    clock: TestClock
    random: Random
    leads: dict[int, Lead] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, date] = field(default_factory=dict)
    back: dict[int, datetime] = field(default_factory=dict)
    by_hand: set[int] = field(default_factory=set)
    owners: list[int] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)

    def fill(self) -> None:
        for n in range(6):
            self.owners.append(self.desk.do(AddUser(login=f"user{n}")).value.id)
        for n in range(MANY):
            zone = ZONES[n % len(ZONES)]
            owner = self.random.choice([None, *self.owners])
            lead = self.desk.do(AddLead(values={"name": f"Lead {n}", "zone": zone}, owner_id=owner)).value
            self.leads[lead.id], self.zones[lead.id] = lead, zone
            day = self.some_day(zone)
            until = morning_of(day, lead.zone_key, Settings())
            if self.random.random() < 0.2:
                until = datetime.combine(day, time(), ZoneInfo(zone or "UTC")).astimezone(UTC)
            if n % 2:
                self.desk.do(RefuseLead(lead_id=lead.id, reason="price", letter="none", until=until))
            else:
                self.desk.do(DeferLead(lead_id=lead.id, until=until, why="on leave"))
            self.waiting[lead.id] = day

    def some_day(self, zone: str) -> date:
        today = self.clock.now().astimezone(ZoneInfo(zone or "UTC")).date()
        return today + timedelta(days=self.random.randint(1, max(2, (START.date() - today).days + DAYS - 15)))

    def step(self) -> None:
        before = self.clock.now()
        if self.random.random() < 0.03:
            self.clock.forward(hours=self.random.uniform(20, 20 * 24))
        else:
            self.clock.forward(minutes=self.random.uniform(7, 14 * 60))
        self.clock.moment = self.clock.moment.replace(microsecond=0)
        self.come_back(before)
        if self.random.random() < 0.25:
            self.meddle()

    def come_back(self, before: datetime) -> None:
        now = self.clock.now()
        expected = {i for i, day in self.waiting.items() if morning(day, self.zones[i]) <= now}
        assert set(self.desk.read(DueToReturn())) == expected
        assert self.desk.do(ReturnDueLeads(automatic=True)).value == len(expected)
        for i in expected:
            assert i not in self.back
            assert before < morning(self.waiting.pop(i), self.zones[i]) <= now
            self.back[i] = now

    def meddle(self) -> None:
        """Somebody moves a day, learns where a lead lives, brings one back or leaves the floor."""
        if not self.waiting:
            return
        some = self.random.sample(sorted(self.waiting), min(len(self.waiting), self.random.randint(1, 4)))
        deed = self.random.choice(("move", "move", "zone", "back", "leave"))
        if deed == "move" and len(some) == 1:
            day = self.some_day(self.zones[some[0]])
            until = morning_of(day, now_is(self.desk, self.leads[some[0]]).zone_key, Settings())
            self.desk.do(MoveReturn(lead_ids=tuple(some), until=until))
            self.waiting[some[0]] = day
        elif deed == "move":
            day = self.some_day("Pacific/Kiritimati") + timedelta(days=1)
            self.desk.do(MoveReturn(lead_ids=tuple(some), until=morning_of(day, NOWHERE, Settings())))
            # On a Sunday nobody is there: the day that is meant is the Monday.
            self.waiting.update(dict.fromkeys(some, day + timedelta(days=day.weekday() == 6)))
        elif deed == "zone":
            self.edit_zone(some[0])
        elif deed == "back":
            self.desk.do(BringBack(some[0]))
            del self.waiting[some[0]]
            self.by_hand.add(some[0])
        elif len(self.gone) < 4:
            leaver = next(i for i in self.owners if i not in self.gone)
            self.desk.do(ChangeUser(leaver, {"state": "left"}))
            self.gone.add(leaver)

    def edit_zone(self, lead_id: int) -> None:
        zone = self.random.choice(ZONES[1:])
        day = self.waiting[lead_id] + timedelta(days=self.waiting[lead_id].weekday() == 6)
        if morning(day, zone) > self.clock.now():
            self.desk.do(EditLead(lead_id=lead_id, values={"zone": zone}))
            self.zones[lead_id], self.waiting[lead_id] = zone, day


@pytest.mark.parametrize("seed", [1, 2])
def test_each_returns_exactly_once_on_its_day_in_its_morning(
    desk: Desk, clock: TestClock, engine_name: str, seed: int
) -> None:
    if engine_name != "sqlite" and seed > 1:
        pytest.skip("one run of the 400 days is enough on a server")
    world = World(desk, clock, Random(seed))
    world.fill()
    end = START + timedelta(days=DAYS + 5)
    steps = 0
    while clock.now() < end:
        world.step()
        steps += 1
    assert steps > 200
    assert world.waiting == {}
    assert world.back.keys() | world.by_hand == world.leads.keys()
    assert len(world.back) > MANY * 0.6
    for lead_id, lead in world.leads.items():
        shown = card(desk, lead)
        after = shown.lead
        assert (after.status, after.return_at) == (Status.IN_PROGRESS, None)
        assert after.owner_id not in world.gone or lead_id not in world.back or _left_later(world, after)
        if lead_id in world.back:
            assert after.came_back_at == world.back[lead_id]
        assert all(r.returned_at == after.came_back_at for r in shown.refusals)


def _left_later(world: World, lead: Lead) -> bool:
    """Whoever left after the lead was back still stands on it, till a team lead hands it over."""
    return "no longer works here" not in lead.came_back_why


def test_many_parked_together_come_back_in_as_many_mornings_as_there_are_zones(desk: Desk, clock: TestClock) -> None:
    leads = {zone: desk.do(AddLead(values={"name": f"In {zone}", "zone": zone})).value for zone in ZONES if zone}
    day = START.date() + timedelta(days=27)
    until = morning_of(day, NOWHERE, Settings())
    desk.do(DeferLeads(lead_ids=tuple(lead.id for lead in leads.values()), until=until, why="after the summer time"))
    meant = day + timedelta(days=day.weekday() == 6)
    back: dict[str, datetime] = {}
    clock.moment = morning(meant, "Pacific/Kiritimati") - timedelta(minutes=1)
    assert desk.do(ReturnDueLeads()).value == 0
    while len(back) < len(leads):
        clock.forward(minutes=30)
        if desk.do(ReturnDueLeads()).value:
            for zone, lead in leads.items():
                if zone not in back and now_is(desk, lead).status is Status.IN_PROGRESS:
                    back[zone] = clock.now()
        assert clock.now() < START + timedelta(days=40)
    for zone, moment in back.items():
        local = moment.astimezone(ZoneInfo(zone))
        assert (local.date(), local.hour) == (meant, 8), zone
