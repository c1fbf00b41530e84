"""The queue against a slow second opinion in plain Python: who is due, who may be drawn, and in which order."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from leaddesk.db.mapping import mapper, to_ms
from leaddesk.db.store import DbStore
from leaddesk.workflow.calling_hours import zone_key
from leaddesk.workflow.entities import Lead, Task
from leaddesk.workflow.queue import Drawable, Queue, QueueRowOf
from leaddesk.workflow.vocabulary import OPEN_STATUSES, Reach, Section, Status, TaskKind, Temperature
from tests.engines import TestClock, sit_down
from tests.properties.floor import fast_store, fresh_file

PLACES = (
    ("UA", ("Europe/Kyiv",)),
    ("DE", ("Europe/Berlin",)),
    ("IN", ("Asia/Kolkata",)),
    ("NP", ("Asia/Kathmandu",)),
    ("AU", ("Australia/Lord_Howe",)),
    ("AU", ("Australia/Adelaide", "Australia/Sydney")),
    ("US", ("America/New_York", "America/Los_Angeles")),
    ("US", ("America/Phoenix",)),
    ("RU", ("Asia/Kamchatka", "Europe/Kaliningrad")),
    ("KI", ("Pacific/Kiritimati",)),
    ("AZ", ("Asia/Baku",)),
    ("IR", ("Asia/Tehran",)),
    ("GB", ("Europe/London",)),
    ("", ("Europe/Tallinn",)),
    ("EE", ()),
    ("", ()),
)
"""Whole, half and quarter hours, both hemispheres, zones that never share an hour, and no zone at all."""

MOMENTS = (
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),  # Europe springs forward
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),  # and back
    datetime(2026, 3, 8, 15, 0, tzinfo=UTC),  # the USA, a Sunday
    datetime(2026, 11, 1, 16, 0, tzinfo=UTC),
    datetime(2026, 4, 4, 15, 30, tzinfo=UTC),  # Lord Howe, by half an hour
    datetime(2026, 7, 4, 18, 0, tzinfo=UTC),
    datetime(2026, 1, 5, 5, 59, tzinfo=UTC),
    datetime(2026, 1, 5, 6, 0, tzinfo=UTC),
)
WARMTH = {Temperature.HOT: 0, Temperature.WARM: 1, Temperature.COLD: 2}
ME, OTHER = 2, 1

moments = st.one_of(
    st.sampled_from(MOMENTS),
    st.integers(0, 366 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m)),
)
spans = st.one_of(st.none(), st.integers(-3 * 1440, 2 * 1440))
due_in = st.one_of(st.just(0), st.integers(-1440, 1440))


@dataclass(frozen=True)
class One:
    """A lead to be, times as minutes from now."""

    place: tuple[str, tuple[str, ...]]
    status: Status = Status.NEW
    warmth: Temperature = Temperature.COLD
    score: int = 0
    reach: Reach = Reach.PHONE
    odd: bool = False
    confirmed: bool = False
    owner: int | None = None
    called: bool = False
    retry: int | None = None
    back: int | None = None
    held: tuple[int, int] | None = None
    tasks: tuple[tuple[TaskKind, int, bool, bool, bool], ...] = field(default=())


tasks = st.tuples(
    st.sampled_from([TaskKind.CALL, TaskKind.CALL, TaskKind.OFFER]), due_in, st.booleans(), st.booleans(), st.booleans()
)
ones = st.builds(
    One,
    place=st.sampled_from(PLACES),
    status=st.sampled_from([*OPEN_STATUSES, *OPEN_STATUSES, *Status]),
    warmth=st.sampled_from(list(Temperature)),
    score=st.integers(0, 3),
    reach=st.sampled_from([Reach.PHONE, Reach.PHONE, Reach.PHONE, Reach.NONE, Reach.BARRED]),
    odd=st.booleans(),
    confirmed=st.booleans(),
    owner=st.sampled_from([None, ME, OTHER]),
    called=st.booleans(),
    retry=spans,
    back=spans,
    held=st.one_of(st.none(), st.tuples(st.sampled_from([ME, OTHER]), st.sampled_from([-1, 0, 5]))),
    tasks=st.lists(tasks, max_size=3).map(tuple),
)


def rows_of(many: list[One], now: datetime) -> tuple[list[Lead], list[Task], list[dict[str, int]]]:
    leads, jobs, leases = [], [], []
    for number, one in enumerate(many, 1):
        at = [None if m is None else now + timedelta(minutes=m) for m in (one.retry, one.back)]
        leads.append(
            Lead(
                id=number,
                name=f"Lead {number}",
                status=one.status,
                temperature=one.warmth,
                score=one.score,
                reach=one.reach,
                zone_key=zone_key(*one.place),
                suspicion=("mashed_name",) if one.odd else (),
                suspicion_ok=one.confirmed,
                owner_id=one.owner,
                last_call_at=now - timedelta(days=1) if one.called else None,
                retry_at=at[0],
                came_back_at=at[1],
                created_at=now - timedelta(minutes=number % 3),
            )
        )
        for kind, minutes, promised, exact, is_open in one.tasks:
            jobs.append(
                Task(
                    id=len(jobs) + 1,
                    lead_id=number,
                    kind=kind,
                    title="do",
                    due_at=now + timedelta(minutes=minutes),
                    promised=promised,
                    exact=exact,
                    done_at=None if is_open else now,
                )
            )
        if one.held:
            until = to_ms(now + timedelta(minutes=one.held[1]))
            leases.append({"lead": number, "user": one.held[0], "until": until})
    return leads, jobs, leases


def fill(store: DbStore, leads: list[Lead], jobs: list[Task], leases: list[dict[str, int]]) -> None:
    with store.writing() as connection:
        for kind, rows in ((Lead, leads), (Task, jobs)):
            if rows:
                connection.execute(insert(mapper(kind).table), [mapper(kind).stored(row) for row in rows])
        for row in leases:
            statement = 'INSERT INTO lease (lead_id, user_id, taken_at, "until") VALUES (:lead, :user, 0, :until)'
            connection.execute(text(statement), row)
        connection.commit()


# The second opinion


def may_call(zones: tuple[str, ...], now: datetime) -> bool:
    """Monday to Saturday from eight to eight on every clock the lead may have."""
    walls = [now.astimezone(ZoneInfo(zone)) for zone in zones]
    return bool(walls) and all(wall.weekday() < 6 and 8 <= wall.hour < 20 for wall in walls)


Place = tuple[int, tuple[object, ...]]


def places_of(
    lead: Lead, jobs: list[Task], zones: tuple[str, ...], now: datetime, *, to_draw: bool = False
) -> list[Place]:
    """Every section the lead is due in, with its place there."""
    callable_now = lead.reach is Reach.PHONE and may_call(zones, now)
    found: list[Place] = []
    for job in jobs:
        if job.lead_id != lead.id or job.done_at or job.due_at > now:
            continue
        if not callable_now and (job.kind is TaskKind.CALL or lead.reach is not Reach.NONE or to_draw):
            continue
        callback = job.kind is TaskKind.CALL and job.promised
        rank = (not job.exact, job.due_at, job.id) if callback else (job.due_at, job.id)
        found.append((0 if callback else 2, rank))
    if lead.came_back_at and (callable_now or (lead.reach is Reach.NONE and not to_draw)):
        found.append((1, (lead.came_back_at, lead.id)))
    if lead.status is Status.NEW and lead.last_call_at is None and callable_now:
        found.append((3, (WARMTH[lead.temperature], -lead.score, lead.created_at, lead.id)))
    if lead.retry_at and lead.retry_at <= now and callable_now:
        found.append((4, (lead.retry_at, lead.id)))
    return found


def expected(
    leads: list[Lead],
    jobs: list[Task],
    leases: list[dict[str, int]],
    now: datetime,
    *,
    operator: bool,
    but: set[int],
    to_draw: bool = False,
) -> list[tuple[int, int]]:
    """Lead and section of everybody due, in order; not those held by one of `but`."""
    held = {row["lead"]: row["user"] for row in leases if row["until"] > to_ms(now)}
    found = []
    for lead in leads:
        hidden = operator and lead.owner_id not in (None, ME)
        if lead.status not in OPEN_STATUSES or lead.reach is Reach.BARRED or lead.held_back or hidden:
            continue
        if held.get(lead.id) in but:
            continue
        _, _, names = lead.zone_key.partition("|")
        places = places_of(lead, jobs, tuple(filter(None, names.split(","))), now, to_draw=to_draw)
        if places:
            section, rank = min(places)
            found.append((section, rank, lead.id))
    return [(lead_id, section) for section, _, lead_id in sorted(found)]


ORDER = list(Section)


def check_queue(many: list[One], now: datetime, limit: int, who: str) -> None:
    path = fresh_file()
    store = fast_store(path)
    try:
        rows = rows_of(many, now)
        fill(store, *rows)
        desk = sit_down(store, TestClock(now), who)
        me = desk.user.id
        assert me == (ME if who == "anna" else OTHER)
        others = {ME, OTHER} - {me}
        wanted = expected(*rows, now, operator=who == "anna", but=others)
        page = desk.read(Queue(limit=limit))
        due = [(r.lead_id, ORDER.index(r.section)) for r in page.rows if r.section is not Section.LATER]
        assert due == wanted[:limit]
        assert page.total == len(wanted)
        assert all(r.why for r in page.rows)
        later = {r.lead_id for r in page.rows} - {i for i, _ in due}
        assert len(page.rows) == len(due) + len(later)
        # Who waits for later is in work, not barred, and nobody else's.
        assert later <= {lead.id for lead in rows[0] if lead.status in OPEN_STATUSES and not lead.held_back}
        fresh = expected(*rows, now, operator=who == "anna", but={ME, OTHER}, to_draw=True)
        mine = expected(*rows, now, operator=who == "anna", but=others, to_draw=True)
        assert desk.read(Drawable(limit)) == [i for i, _ in fresh or mine][:limit]
        for lead_id, section in wanted[:3]:
            row = desk.read(QueueRowOf(lead_id))
            assert row is not None
            assert ORDER.index(row.section) == section
    finally:
        store.close()
        shutil.rmtree(path.parent, ignore_errors=True)


desks = st.sampled_from(["boss", "anna"])


@settings(max_examples=120, deadline=None)
@given(st.lists(ones, max_size=14), moments, st.sampled_from([1, 2, 3, 5, 50]), desks)
def test_the_queue_is_who_may_be_called_in_the_order_of_the_floor(
    many: list[One], now: datetime, limit: int, who: str
) -> None:
    check_queue(many, now, limit, who)


@pytest.mark.soak
@settings(max_examples=4000, deadline=None)
@given(st.lists(ones, max_size=40), moments, st.sampled_from([1, 2, 3, 5, 50]), desks)
def test_the_queue_is_who_may_be_called_over_many_days(many: list[One], now: datetime, limit: int, who: str) -> None:
    check_queue(many, now, limit, who)
