"""When to try again: caps, other parts of the lead's own day, daylight saving, closed days, unknown clocks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.cadence import Retry, Tried, next_number, plan_retry
from leaddesk.workflow.calling_hours import DEFAULT_HOURS, Hours, calling_state, parse_hours, part_of_day
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Call, ContactPoint
from leaddesk.workflow.points import EditPoint
from leaddesk.workflow.settings import Settings
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.vocabulary import Channel, PointState, Status
from tests.engines import TestClock
from tests.workflow.making import KYIV, KYIV_TOO, TALLINN, add, call, card, drawable, now_is

ZONE = ("Europe/Kyiv",)
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # ten in Kyiv


def made(*moments: datetime, phone: str = "a") -> list[Call]:
    return [Call(lead_id=1, phone=phone, started_at=moment, outcome="no_answer") for moment in moments]


def plan(
    calls: Sequence[Call],
    now: datetime,
    *,
    zones: tuple[str, ...] = ZONE,
    phones: Sequence[str] = ("a",),
    hours: Hours = DEFAULT_HOURS,
    busy: bool = False,
    **changed: int,
) -> Retry:
    settings = Settings({name.replace("__", "."): value for name, value in changed.items()})
    return plan_retry(Tried(calls, zones), phones, hours, now, settings, busy=busy)


def local(retry: Retry, zone: str = ZONE[0]) -> datetime:
    assert retry.at is not None
    return retry.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def test_each_time_another_part_of_the_day() -> None:
    first = plan(made(MONDAY), MONDAY)
    assert local(first) == datetime(2026, 3, 2, 14, 0)  # noqa: DTZ001 - a wall clock
    second = plan(made(MONDAY, first.at or MONDAY), first.at or MONDAY, cadence__per_phone_day=9)
    assert part_of_day(local(second)) == "evening"
    assert local(second).date() == local(first).date()
    third = plan(made(MONDAY, first.at or MONDAY, second.at or MONDAY), second.at or MONDAY)
    assert local(third) == datetime(2026, 3, 3, 8, 0)  # noqa: DTZ001
    assert (first.attempt, first.of, third.attempt) == (2, 6, 4)


def test_the_cap_of_a_day_moves_on_to_the_next_one() -> None:
    again = plan(made(MONDAY), MONDAY, cadence__per_day=1)
    assert local(again).date() == datetime(2026, 3, 3).date()  # noqa: DTZ001
    assert part_of_day(local(again)) == "afternoon"


def test_the_cap_of_a_number_holds_until_another_number_is_there() -> None:
    twice = made(MONDAY - timedelta(hours=1), MONDAY)
    alone = plan(twice, MONDAY, cadence__per_day=9)
    assert local(alone).date() == datetime(2026, 3, 3).date()  # noqa: DTZ001
    another = plan(twice, MONDAY, phones=("a", "b"), cadence__per_day=9)
    assert local(another).date() == datetime(2026, 3, 2).date()  # noqa: DTZ001


def test_six_in_all_and_no_more() -> None:
    calls = made(*(MONDAY + timedelta(days=n) for n in range(6)))
    over = plan(calls, calls[-1].started_at)
    assert (over.at, over.exhausted) == (None, True)
    assert "6 attempts" in over.why
    assert not plan(calls, calls[-1].started_at, cadence__in_all=7).exhausted


def test_a_busy_number_is_tried_soon_and_not_after_closing() -> None:
    assert plan(made(MONDAY), MONDAY, busy=True).at == MONDAY + timedelta(minutes=20)
    late = MONDAY.replace(hour=17, minute=50)  # ten to eight in Kyiv
    assert local(plan(made(late), late, busy=True)) == datetime(2026, 3, 3, 8, 0)  # noqa: DTZ001


def test_a_closed_sunday_is_passed_over() -> None:
    saturday = datetime(2026, 3, 7, 17, 0, tzinfo=UTC)
    assert local(plan(made(saturday), saturday)) == datetime(2026, 3, 9, 8, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("now", "wall"),
    [
        (datetime(2026, 3, 28, 17, 0, tzinfo=UTC), datetime(2026, 3, 30, 8, 0)),  # noqa: DTZ001
        (datetime(2026, 10, 24, 16, 0, tzinfo=UTC), datetime(2026, 10, 26, 8, 0)),  # noqa: DTZ001
    ],
)
def test_eight_is_eight_on_either_side_of_a_clock_change(now: datetime, wall: datetime) -> None:
    assert local(plan(made(now), now)) == wall


def test_hours_of_one_part_only_are_used_although_it_failed() -> None:
    mornings = parse_hours("Mon-Fri 09:00-11:00")
    again = plan(made(MONDAY), MONDAY, hours=mornings)
    assert local(again) == datetime(2026, 3, 3, 9, 0)  # noqa: DTZ001


def test_without_any_hours_there_is_no_next_time() -> None:
    never = plan(made(MONDAY), MONDAY, hours=Hours((None,) * 7))
    assert (never.at, never.exhausted) == (None, False)
    assert never.why == "no calling hours fit"


def test_an_unknown_clock_is_tried_again_by_day() -> None:
    night = MONDAY.replace(hour=23)
    again = plan(made(night), night, zones=())
    assert again.at is not None
    assert again.at.hour >= 9
    assert again.at > night


zones = st.lists(
    st.sampled_from(["Europe/Kyiv", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York", "Pacific/Apia"]),
    min_size=1,
    max_size=2,
    unique=True,
).map(tuple)


@given(
    zones,
    st.integers(0, 366 * 1440).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m)),
    st.lists(st.integers(1, 60 * 100), max_size=5),
    st.booleans(),
)
def test_every_next_time_is_open_later_and_within_the_caps(
    where: tuple[str, ...], now: datetime, ago: list[int], busy: bool
) -> None:
    calls = made(*sorted(now - timedelta(minutes=m) for m in ago), now)
    retry = plan(calls, now, zones=where, busy=busy)
    if retry.exhausted:
        assert len(calls) >= 6
        return
    if retry.at is None:
        assert not calling_state(where, DEFAULT_HOURS, now).open
        assert calling_state(where, DEFAULT_HOURS, now).opens_at is None
        return
    assert retry.at >= now + timedelta(minutes=20 if busy else 240)
    assert calling_state(where, DEFAULT_HOURS, retry.at).open
    tried = Tried(calls, where)
    day = tried.local(retry.at).date()
    assert tried.on(day) < 3
    assert tried.on(day, "a") < 2


def test_the_number_least_tried_today_comes_next() -> None:
    one, two, dead = (
        ContactPoint(id=n, channel=Channel.PHONE, value=key, key=key, position=n) for n, key in enumerate("abc")
    )
    dead = replace(dead, state=PointState.INVALID)
    day = MONDAY.date()
    points = [one, two, dead]
    assert next_number(points, Tried([], ZONE), frozenset(), day) == one
    assert next_number([one, replace(two, preferred=True)], Tried([], ZONE), frozenset(), day) == replace(
        two, preferred=True
    )
    assert next_number(points, Tried(made(MONDAY), ZONE), frozenset(), day) == two
    assert next_number(points, Tried(made(MONDAY), ZONE), frozenset("b"), day) == one
    assert next_number(points, Tried([], ZONE), frozenset("ab"), day) is None


def test_a_barred_number_does_not_widen_the_cap_of_the_other(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV, KYIV_TOO)
    desk.do(Suppress(KYIV_TOO))
    for _ in range(2):
        call(desk, lead, "busy")
        clock.forward(minutes=20)
    after = now_is(desk, lead)
    assert after.retry_at is not None
    assert after.retry_at.date() > clock.now().date()


def test_numbers_take_turns_and_the_day_ends_at_its_cap(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV, KYIV_TOO)
    dialled = []
    for _ in range(3):
        point = card(desk, lead).dial
        assert point is not None
        dialled.append(point.key)
        call(desk, lead, "busy", contact_id=point.id)
        clock.forward(minutes=20)
    assert dialled == [KYIV, KYIV_TOO, KYIV]
    assert drawable(desk) == []
    clock.forward(hours=24)
    assert drawable(desk) == [lead.id]


def test_a_lead_that_moved_is_tried_by_its_new_clock(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    desk.do(EditPoint(point_id=card(desk, lead).points[0].id, text="+819012345612"))
    call(desk, lead, "no_answer")
    after = now_is(desk, lead)
    assert after.zone_key == "JP|Asia/Tokyo"
    assert after.retry_at is not None
    assert after.retry_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 8
    assert after.status is Status.IN_PROGRESS
    assert TALLINN not in {p.key for p in card(desk, lead).points}
