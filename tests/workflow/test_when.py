from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.when import add_months, parse_moment, say_when

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 25, 13, 5, 40, tzinfo=KYIV)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "expected", "exact"),
    [
        ("14:30", "2026-11-25 14:30", True),
        ("09:00", "2026-11-26 09:00", True),
        ("at 2 pm", "2026-11-25 14:00", True),
        ("12:15 am", "2026-11-26 00:15", True),
        ("at 17", "2026-11-25 17:00", True),
        ("в 17", "2026-11-25 17:00", True),
        ("tomorrow 14:30", "2026-11-26 14:30", True),
        ("14:30 tomorrow", "2026-11-26 14:30", True),
        ("today 17", "2026-11-25 17:00", True),
        ("today", "2026-11-25 00:00", False),
        ("Tomorrow", "2026-11-26 00:00", False),
        ("day after tomorrow", "2026-11-27 00:00", False),
        ("mon 10:00", "2026-11-30 10:00", True),
        ("Monday", "2026-11-30 00:00", False),
        ("next monday at 9:00", "2026-11-30 09:00", True),
        ("wed 17:00", "2026-11-25 17:00", True),
        ("wed 10:00", "2026-12-02 10:00", True),
        ("wed", "2026-12-02 00:00", False),
        ("in 2 h", "2026-11-25 15:05", True),
        ("+2h", "2026-11-25 15:05", True),
        ("in an hour", "2026-11-25 14:05", True),
        ("in half an hour", "2026-11-25 13:35", True),
        ("+45 min", "2026-11-25 13:50", True),
        ("+3d", "2026-11-28 00:00", False),
        ("in 3 days 10:00", "2026-11-28 10:00", True),
        ("in 3 months", "2027-02-25 00:00", False),
        ("in 2 weeks", "2026-12-09 00:00", False),
        ("next week", "2026-11-30 00:00", False),
        ("next month", "2026-12-25 00:00", False),
        ("1 Sep", "2027-09-01 00:00", False),
        ("Sep 1", "2027-09-01 00:00", False),
        ("1st of September", "2027-09-01 00:00", False),
        ("25 Nov", "2026-11-25 00:00", False),
        ("1 Dec 10:00", "2026-12-01 10:00", True),
        ("1 Dec 10", "2026-12-01 10:00", True),
        ("1 Sep 2027", "2027-09-01 00:00", False),
        ("1 September 2027, 9:30", "2027-09-01 09:30", True),
        ("29 feb", "2028-02-29 00:00", False),
        ("01.09.2027", "2027-09-01 00:00", False),
        ("1.9.27 18:00", "2027-09-01 18:00", True),
        ("01.09", "2027-09-01 00:00", False),
        ("31/12/2026", "2026-12-31 00:00", False),
        ("12/31/2026", "2026-12-31 00:00", False),
        ("2027-09-01", "2027-09-01 00:00", False),
        ("2027-09-01 10:00", "2027-09-01 10:00", True),
        ("2027-09-01T10:00:00Z", "2027-09-01 13:00", True),
        ("2027-01-01T10:00:00+05:30", "2027-01-01 06:30", True),
        ("завтра 14:30", "2026-11-26 14:30", True),
        ("завтра в 14:30", "2026-11-26 14:30", True),
        ("послезавтра", "2026-11-27 00:00", False),
        ("через 3 месяца", "2027-02-25 00:00", False),
        ("через неделю", "2026-12-02 00:00", False),
        ("через 2 ч", "2026-11-25 15:05", True),
        ("через полчаса", "2026-11-25 13:35", True),
        ("пн 10:00", "2026-11-30 10:00", True),
        ("в пятницу в 11", "2026-11-27 11:00", True),
        ("1 сен", "2027-09-01 00:00", False),
        ("1 сентября 2027 г.", "2027-09-01 00:00", False),
        ("3 мая", "2027-05-03 00:00", False),
        ("на следующей неделе", "2026-11-30 00:00", False),
    ],
)
def test_what_operators_type_is_read(text: str, expected: str, exact: bool) -> None:
    moment = parse_moment(text, NOW)
    assert (f"{moment.local:%Y-%m-%d %H:%M}", moment.exact) == (expected, exact)
    assert moment.local.tzinfo is KYIV


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "tomorrow 9:75", "31 feb", "30.02.2027", "17", "in 5", "+", "in 999999 years", "13 pm",
             "in 2 h 10:00", "2027-13-01", "99.99", "в", "0 Sep"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Refused, match="tomorrow 14:30"):
        parse_moment(text, NOW)


def test_the_examples_are_in_the_language_asked_for() -> None:
    with pytest.raises(Refused, match="через 3 месяца"):
        parse_moment("скоро", NOW, language="ru")


def test_a_day_that_may_be_two_is_refused() -> None:
    with pytest.raises(Refused, match="either of two days"):
        parse_moment("1/9/2027", NOW)


def test_a_naive_now_gives_a_naive_time() -> None:
    assert parse_moment("tomorrow 10:00", NOW.replace(tzinfo=None)).local == datetime(2026, 11, 26, 10)  # noqa: DTZ001


def test_hours_pass_through_a_change_of_clocks() -> None:
    before = datetime(2026, 3, 29, 2, 30, tzinfo=KYIV)
    assert f"{parse_moment('in 2 h', before).local:%H:%M}" == "05:30"
    assert f"{parse_moment('03:30', before).local:%H:%M}" == "04:30"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_months_keep_the_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("local", "said"),
    [
        (datetime(2026, 11, 25, 14, 30, tzinfo=KYIV), "today 14:30"),
        (datetime(2026, 11, 26, 11, 0, tzinfo=KYIV), "tomorrow 11:00"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=KYIV), "yesterday 09:00"),
        (datetime(2026, 11, 27, 11, 0, tzinfo=KYIV), "Fri 27 Nov 11:00"),
        (datetime(2026, 11, 27, tzinfo=KYIV), "Fri 27 Nov"),
        (datetime(2027, 9, 1, tzinfo=KYIV), "1 Sep 2027"),
        (datetime(2027, 9, 1, 9, 15, tzinfo=KYIV), "1 Sep 2027 09:15"),
    ],
)
def test_times_are_said_in_words(local: datetime, said: str) -> None:
    assert say_when(local, NOW) == said


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_said_reads_back(local: datetime) -> None:
    now = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)
    minute = local.replace(second=0, microsecond=0)
    said = say_when(minute, now, exact=True)
    if minute > now:
        assert parse_moment(said, now).local == minute


@given(st.one_of(st.text(max_size=30), st.text(alphabet="0123456789.:/-+ inhdmoчерз", max_size=16)))
def test_nothing_typed_makes_it_stumble(text: str) -> None:
    with suppress(Refused):
        moment = parse_moment(text, NOW)
        assert moment.local.tzinfo is not None
