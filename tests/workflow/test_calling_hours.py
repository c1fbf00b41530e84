from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaddesk.workflow.calling_hours import (
    DEFAULT_HOURS,
    DEFAULT_SETTINGS,
    Hours,
    HoursSettings,
    calling_state,
    hours_for,
    hours_of,
    open_zone_keys,
    parse_hours,
    parse_zone_key,
    part_of_day,
    say_hours,
    zone_key,
)
from leaddesk.workflow.errors import Refused

SUNDAY_NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)
CHANGES = [  # days on which clocks change somewhere, and one on which a country skipped a day
    datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC),
    datetime(2026, 10, 4, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC),
]  # fmt: skip
minute_moments = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-4 * 1440, 4 * 1440)
)
spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1])
weeks = st.one_of(
    st.just(DEFAULT_HOURS),
    st.just(hours_of(range(7), 0, 1440)),
    st.builds(lambda days: Hours(tuple(days)), st.lists(st.one_of(st.none(), spans), min_size=7, max_size=7)),
)


def within_hours(zone: str, hours: Hours, moment: datetime) -> bool:
    """The rule itself: what the wall clock shows against that weekday's hours."""
    local = moment.astimezone(ZoneInfo(zone))
    span = hours.weekly[local.weekday()]
    return span is not None and span[0] <= local.hour * 60 + local.minute < span[1]


def all_open(zones: Sequence[str], hours: Hours, moment: datetime) -> bool:
    return all(within_hours(zone, hours, moment) for zone in zones)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True), weeks, minute_moments)
def test_open_is_what_every_wall_clock_says_and_the_change_comes_when_told(
    zones: Sequence[str], hours: Hours, now: datetime
) -> None:
    state = calling_state(zones, hours, now)
    assert state.known
    assert state.open == all_open(zones, hours, now)
    minute = timedelta(minutes=1)
    if state.opens_at is not None:
        assert not state.open
        assert state.opens_at > now
        assert all_open(zones, hours, state.opens_at)
        assert not all_open(zones, hours, state.opens_at - minute)
    if state.closes_at is not None:
        assert state.open
        assert not all_open(zones, hours, state.closes_at)
        assert all_open(zones, hours, state.closes_at - minute)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True), weeks, minute_moments)
def test_the_next_opening_is_the_first_one_a_slow_search_finds(
    zones: Sequence[str], hours: Hours, now: datetime
) -> None:
    state = calling_state(zones, hours, now)
    step = timedelta(minutes=15)  # offsets and generated hours differ, so the search walks to 15 minutes and then back
    seen = next(
        (now + step * n for n in range(1, 3 * 96) if all_open(zones, hours, now + step * n)),
        None,
    )
    if state.open or seen is None:
        assert state.open == all_open(zones, hours, now)
        return
    while all_open(zones, hours, seen - timedelta(minutes=1)):
        seen -= timedelta(minutes=1)
    assert state.opens_at is not None
    assert state.opens_at <= seen
    assert all_open(zones, hours, state.opens_at)


@pytest.mark.parametrize(
    ("zones", "hours_later", "words"),
    [
        (("Europe/Kyiv",), 0, "11:00 there · opens tomorrow 08:00"),
        (("Europe/Kyiv",), 24, "11:00 there · open till 20:00"),
        (("America/Chicago",), 28.7, "07:42 there · opens 08:00"),
        (("Asia/Kathmandu",), 24, "14:45 there · open till 20:00"),
        (("America/New_York", "America/Los_Angeles"), 28, "05:00–08:00 there · opens 08:00"),
        (("America/New_York", "America/Los_Angeles"), 36, "13:00–16:00 there · open till 20:00"),
        (("Europe/Kyiv",), -22, "13:00 there · open till 20:00"),
        (("Europe/Kyiv",), -12, "23:00 there · opens Mon 08:00"),
        ((), 0, "time zone unknown: ask where they are"),
    ],
)
def test_the_words_say_their_time_and_what_comes(zones: Sequence[str], hours_later: float, words: str) -> None:
    assert calling_state(zones, DEFAULT_HOURS, SUNDAY_NINE + timedelta(hours=hours_later)).words == words


def test_an_unknown_zone_is_not_open() -> None:
    state = calling_state((), DEFAULT_HOURS, SUNDAY_NINE)
    assert (state.open, state.known, state.opens_at) == (False, False, None)


def test_zones_whose_hours_never_meet_say_so() -> None:
    narrow = hours_of(range(5), 9 * 60, 12 * 60)
    state = calling_state(("America/Los_Angeles", "Europe/Kyiv"), narrow, SUNDAY_NINE)
    assert (state.open, state.known, state.opens_at) == (False, True, None)
    assert state.words == "01:00–11:00 there · their hours never overlap: ask where they are"


def test_a_week_without_hours_never_opens() -> None:
    state = calling_state(("Europe/Kyiv",), Hours((None,) * 7), SUNDAY_NINE)
    assert state.opens_at is None
    assert state.words == "11:00 there · no calling hours"


def test_hours_that_never_end_are_said_so() -> None:
    state = calling_state(("Europe/Kyiv",), hours_of(range(7), 0, 1440), SUNDAY_NINE)
    assert (state.open, state.closes_at, state.words) == (True, None, "11:00 there · open at all hours")


def test_the_hour_skipped_in_spring_opens_at_the_change() -> None:
    """Clocks in Kyiv jump from 03:00 to 04:00 on 29 March 2026, 01:00 UTC: hours from 03:30 begin with the jump."""
    early = hours_of(range(7), 3 * 60 + 30, 12 * 60)
    state = calling_state(("Europe/Kyiv",), early, datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
    assert state.opens_at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_the_hour_repeated_in_autumn_closes_again() -> None:
    """In New York 01:30 comes twice on 1 November 2026: hours till 01:30 end twice."""
    late = hours_of(range(7), 0, 90)
    first_end = calling_state(("America/New_York",), late, datetime(2026, 11, 1, 5, 0, tzinfo=UTC))
    assert first_end.closes_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    between = calling_state(("America/New_York",), late, datetime(2026, 11, 1, 5, 45, tzinfo=UTC))
    assert between.opens_at == datetime(2026, 11, 1, 6, 0, tzinfo=UTC)


def test_hours_of_a_country_are_chosen_by_the_key() -> None:
    floor = HoursSettings(DEFAULT_HOURS, {"UA": hours_of(range(5), 9 * 60, 18 * 60)})
    assert hours_for("ua", floor) == floor.by_country["UA"]
    assert hours_for(None, floor) == hours_for("HU", floor) == DEFAULT_HOURS
    monday_eight = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    keys = ["UA|Europe/Kyiv", "|Europe/Kyiv", "UA|", "|"]
    state = open_zone_keys(keys, floor, monday_eight)
    assert state.open == {"|Europe/Kyiv"}
    assert state.opens_at == {"UA|Europe/Kyiv": monday_eight + timedelta(minutes=30), "UA|": None, "|": None}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from(ZONES), max_size=3), max_size=8), minute_moments)
def test_open_keys_agree_with_the_state_of_each(zone_lists: list[list[str]], now: datetime) -> None:
    keys = {zone_key("", zones): zones for zones in zone_lists}
    answer = open_zone_keys(keys, DEFAULT_SETTINGS, now)
    for key in keys:
        state = calling_state(parse_zone_key(key)[1], DEFAULT_HOURS, now)
        assert (key in answer.open) == state.open
        assert answer.opens_at.get(key) == state.opens_at


def test_zone_keys_read_back() -> None:
    assert zone_key("us", ["America/New_York", "America/Chicago"]) == "US|America/Chicago,America/New_York"
    assert parse_zone_key("US|America/Chicago,America/New_York") == ("US", ("America/Chicago", "America/New_York"))
    assert zone_key(None, []) == "|"
    assert parse_zone_key("|") == ("", ())


@given(weeks)
def test_hours_read_back_as_they_are_said(hours: Hours) -> None:
    assert parse_hours(say_hours(hours)) == hours


def test_hours_are_read_in_plain_words() -> None:
    assert parse_hours("mon-sat 8:00-20:00") == DEFAULT_HOURS
    assert say_hours(DEFAULT_HOURS) == "Mon-Sat 08:00-20:00"
    assert parse_hours("Sat-Sun 10:00-12:00").weekly[5:] == ((600, 720), (600, 720))


@pytest.mark.parametrize(
    "text", ["always", "Mon 9-18", "Mon 18:00-09:00", "Mon 09:75-10:00", "Xyz 09:00-10:00", "Mon 09:00-25:00"]
)
def test_hours_that_cannot_be_read_are_refused_in_words(text: str) -> None:
    with pytest.raises(Refused, match="hours"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("moment", "part"),
    [
        (time(0), "morning"),
        (time(11, 59), "morning"),
        (time(12), "afternoon"),
        (time(16, 59), "afternoon"),
        (time(17), "evening"),
    ],
)
def test_the_day_has_three_parts(moment: time, part: str) -> None:
    assert part_of_day(datetime.combine(datetime(2026, 11, 22, tzinfo=UTC), moment)) == part
