"""The words of time of six languages, read and said."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example as also
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.when import (
    add_months,
    parse_moment,
    say_ahead,
    say_day,
    say_day_and_distance,
    say_distance,
    say_short_day,
    say_when,
)
from leaddesk.workflow.when_words import LANGUAGES, month_names, plain, raw_words, weekday_names, words

NOW = datetime(2026, 11, 25, 13, 5, 40, tzinfo=ZoneInfo("Europe/Kyiv"))  # a Wednesday
TODAY = NOW.date()

READ = {
    "en": {
        "in three months": "2027-02-25", "in half a year": "2027-05-25", "2 weeks": "2026-12-09", "in September": "2027-09-01",
        "September 2027": "2027-09-01", "tomorrow morning": "2026-11-26 09:00", "this evening": "2026-11-25 18:00",
        "tomorrow at 5 in the afternoon": "2026-11-26 17:00", "Sep 1 2 pm": "2027-09-01 14:00", "2 pm": "2026-11-25 14:00",
        "Sep 1, 2027": "2027-09-01", "2027/9/1": "2027-09-01", "by 1 Sep": "2027-09-01", "1 Sep 2027 (in 9 months)": "2027-09-01",
        "10 o'clock": "2026-11-26 10:00", "noon": "2026-11-26 12:00",
    },
    "ru": {
        "через три месяца": "2027-02-25", "через месяц": "2026-12-25", "через полгода": "2027-05-25", "3 мес": "2027-02-25",
        "1 сентября": "2027-09-01", "1-го сентября": "2027-09-01", "до 1 сент.": "2027-09-01", "к сентябрю": "2027-09-01",
        "в мае": "2027-05-01", "сентябрь 2027 г.": "2027-09-01", "01.09.2027 г.": "2027-09-01", "через 3 дня": "2026-11-28",
        "2 часа дня": "2026-11-25 14:00", "завтра утром": "2026-11-26 09:00", "завтра в 7 вечера": "2026-11-26 19:00",
        "в следующую пятницу": "2026-11-27", "Пятница, 27 ноября, 11:00": "2026-11-27 11:00", "в след. году": "2027-11-25",
    },
    "hu": {
        "3 hónap múlva": "2027-02-25", "három hónap múlva": "2027-02-25", "egy hét múlva": "2026-12-02",
        "hét nap múlva": "2026-12-02", "fél óra múlva": "2026-11-25 13:35", "fél év múlva": "2027-05-25",
        "2 óra múlva": "2026-11-25 15:05", "szept. 1.": "2027-09-01", "szeptember 1": "2027-09-01",
        "szeptember 1-jén": "2027-09-01", "szeptember 1-ig": "2027-09-01", "2027. szeptember 1.": "2027-09-01",
        "2027. 09. 01.": "2027-09-01", "2027.09.01.": "2027-09-01", "2027. 09. 01. 10:30": "2027-09-01 10:30",
        "szeptember elsején": "2027-09-01", "szeptemberben": "2027-09-01", "holnap 10-kor": "2026-11-26 10:00",
        "10 órakor": "2026-11-26 10:00", "holnap délután 3-kor": "2026-11-26 15:00", "holnap du. 3": "2026-11-26 15:00",
        "holnap reggel": "2026-11-26 09:00", "jövő héten": "2026-11-30", "jövőre": "2027-11-25", "jövő pénteken": "2026-11-27",
        "kedden 9:00": "2026-12-01 09:00", "01.09.2027": "2027-09-01", "11.30": "2026-11-30",
    },
    "et": {
        "3 kuu pärast": "2027-02-25", "kolme kuu pärast": "2027-02-25", "nädala pärast": "2026-12-02",
        "kahe nädala pärast": "2026-12-09", "poole tunni pärast": "2026-11-25 13:35", "poole aasta pärast": "2027-05-25",
        "1. september": "2027-09-01", "1. septembril": "2027-09-01", "1.sept 2027": "2027-09-01", "septembris": "2027-09-01",
        "homme kell 10": "2026-11-26 10:00", "homme hommikul": "2026-11-26 09:00", "esmaspäeval kell 14.00": "",
        "järgmisel nädalal": "2026-11-30", "kuni 1. septembrini": "2027-09-01", "reedel": "2026-11-27", "ülehomme": "2026-11-27",
        "homme õhtul kell 7": "2026-11-26 19:00", "01.09": "2027-09-01",
    },
    "az": {
        "3 ay sonra": "2027-02-25", "üç ay sonra": "2027-02-25", "uc aydan sonra": "2027-02-25", "1 sentyabr": "2027-09-01",
        "sentyabrın 1-i": "2027-09-01", "1 sentyabrda": "2027-09-01", "sentyabrın 1-dək": "2027-09-01", "İyunda": "2027-06-01",
        "1 sentyabra qədər": "2027-09-01", "yarım saat sonra": "2026-11-25 13:35", "yarım il sonra": "2027-05-25",
        "sabah saat 10-da": "2026-11-26 10:00", "sabah səhər": "2026-11-26 09:00", "bazar ertəsi": "2026-11-30",
        "çərşənbə axşamı 10:00": "2026-12-01 10:00", "cümə günü": "2026-11-27", "gələn həftə": "2026-11-30",
        "gələn cümə": "2026-11-27", "bu gün 17:00": "2026-11-25 17:00", "axşam 7": "2026-11-25 19:00", "on iki gün sonra": "2026-12-07",
    },
    "fa": {
        "۳ ماه دیگر": "2027-02-25", "سه ماه دیگر": "2027-02-25", "3 ماه بعد": "2027-02-25", "نیم ساعت دیگر": "2026-11-25 13:35",
        "یک هفته دیگر": "2026-12-02", "هفته آینده": "2026-11-28", "۱ سپتامبر": "2027-09-01", "اول سپتامبر ۲۰۲۷": "2027-09-01",
        "١ سپتامبر": "2027-09-01", "۱۰ شهریور": "2027-09-01", "10 شهریور 1406": "2027-09-01", "۱۴۰۶/۶/۱۰": "2027-09-01",
        "۱۴۰۶-۰۶-۱۰": "2027-09-01", "۱ فروردین": "2027-03-21", "در سپتامبر": "2027-09-01", "مهر": "2027-09-23",
        "فردا ساعت ۱۰": "2026-11-26 10:00", "ساعت ۱۰ فردا": "2026-11-26 10:00", "فردا صبح": "2026-11-26 09:00",
        "ساعت ۲ بعد از ظهر": "2026-11-25 14:00", "سه‌شنبه ۱۴:۳۰": "2026-12-01 14:30", "سه شنبه": "2026-12-01",
        "سه‌شنبهٔ آینده": "2026-12-01", "پس‌فردا": "2026-11-27", "۲۰۲۷-۰۹-۰۱": "2027-09-01", "تا ۱ سپتامبر": "2027-09-01",
    },
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in READ.items() for text in texts])
def test_what_operators_type_is_read_in_their_language(language: str, text: str) -> None:
    expected = READ[language][text]
    if not expected:
        with pytest.raises(Refused):
            parse_moment(text, NOW, language=language)
        return
    moment = parse_moment(text, NOW, language=language)
    pattern = "%Y-%m-%d %H:%M" if moment.exact else "%Y-%m-%d"
    assert f"{moment.local:{pattern}}" == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 hónap múlva", "2027-02-25"),
        ("через 3 месяца", "2027-02-25"),
        ("in 3 months", "2027-02-25"),
        ("۳ ماه دیگر", "2027-02-25"),
        ("1. septembril", "2027-09-01"),
    ],
)
@pytest.mark.parametrize("screen", LANGUAGES)
def test_words_of_another_language_are_read_as_well(text: str, day: str, screen: str) -> None:
    assert f"{parse_moment(text, NOW, language=screen).local:%Y-%m-%d}" == day


def test_the_language_of_the_screen_goes_first() -> None:
    assert parse_moment("sabah", NOW, language="az").local.date() == TODAY + timedelta(days=1)
    assert parse_moment("p", NOW, language="hu").local.weekday() == 4
    assert parse_moment("p", NOW, language="et").local.weekday() == 6
    with pytest.raises(Refused):
        parse_moment("p", NOW, language="ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_time_is_refused_in_the_language_with_examples_that_are_read(language: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_moment("%%%", NOW, language=language)
    assert "14:30" in refused.value.words.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    with pytest.raises(Refused, match="1/9/2027"):
        parse_moment("1/9/2027", NOW, language=language)
    for example in raw_words(language)["examples"].replace(" или ", ", ").replace(" or ", ", ").split(", "):
        for part in example.replace(" vagy ", "|").replace(" või ", "|").replace(" və ya ", "|").split("|"):
            for piece in part.replace(" یا ", "،").split("،"):
                parse_moment(piece.strip(" “”„«»"), NOW, language=language)


def test_a_hungarian_day_and_month_that_may_be_two_days_are_refused() -> None:
    with pytest.raises(Refused, match="két napot"):
        parse_moment("01.09.", NOW, language="hu")


DAYS = st.dates(TODAY + timedelta(days=1), date(2100, 1, 1))


@given(DAYS, st.sampled_from(LANGUAGES))
def test_a_day_that_is_said_reads_back(day: date, language: str) -> None:
    for said in (say_day(day, language), say_day_and_distance(day, TODAY, language)):
        moment = parse_moment(said, NOW, language=language)
        assert (moment.local.date(), moment.exact) == (day, False), said
    if day <= add_months(TODAY, 12) - timedelta(days=1):
        assert parse_moment(say_short_day(day, language), NOW, language=language).local.date() == day


@given(st.datetimes(datetime(2026, 11, 25, 13, 6), datetime(2030, 1, 1)), st.sampled_from(LANGUAGES))  # noqa: DTZ001
def test_a_time_that_is_said_reads_back(local: datetime, language: str) -> None:
    minute, now = local.replace(second=0, microsecond=0), NOW.replace(tzinfo=None)
    said = say_when(minute, now, exact=True, language=language)
    assert parse_moment(said, now, language=language).local == minute, said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("unit", "most"), [("days", 40), ("weeks", 30), ("months", 25), ("years", 12)])
def test_a_span_that_is_said_reads_back(language: str, unit: str, most: int) -> None:
    for count in range(1, most):
        meant = parse_moment(f"in {count} {unit}", NOW).local
        assert parse_moment(say_ahead(count, unit, language), NOW, language=language).local == meant


LONGEST = {"week": 7, "month": 31, "year": 366}
"""Days of a unit at most; today, tomorrow and days are exact."""


@given(DAYS)
@also(TODAY + timedelta(days=60))
def test_a_distance_is_rounded_down_to_a_whole_unit(day: date) -> None:
    said = say_distance(day, TODAY)
    there = parse_moment(said, NOW).local.date()
    longest = next((days for unit, days in LONGEST.items() if unit in said), 1)
    assert timedelta(0) <= day - there < timedelta(days=longest)


@pytest.mark.parametrize(
    ("language", "said", "this_year"),
    [
        ("en", "1 Sep 2027 (in 9 months)", "Fri 27 Nov 11:00"),
        ("ru", "1 сент. 2027 г. (через 9 месяцев)", "пт, 27 нояб. 11:00"),
        ("hu", "2027. szept. 1. (9 hónap múlva)", "nov. 27., péntek 11:00"),
        ("et", "1. sept 2027 (9 kuu pärast)", "R, 27. nov 11:00"),
        ("az", "1 sentyabr 2027 (9 ay sonra)", "27 noyabr, cümə 11:00"),
        ("fa", "۱ سپتامبر ۲۰۲۷ (۹ ماه دیگر)", "جمعه ۲۷ نوامبر ۱۱:۰۰"),
    ],
)
def test_days_are_said_as_the_language_says_them(language: str, said: str, this_year: str) -> None:
    assert say_day_and_distance(date(2027, 9, 1), TODAY, language) == said
    assert say_when(datetime(2026, 11, 27, 11, tzinfo=NOW.tzinfo), NOW, language=language) == this_year


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_a_month_and_a_weekday_is_its_own(language: str) -> None:
    known = words(language)
    raw = raw_words(language)
    for width in ("wide", "abbreviated"):
        assert [known.months[plain(name)] for name in month_names(language, width)] == list(range(1, 13))
        for number, name in enumerate(weekday_names(language, width)):
            assert known.weekdays.get(plain(name), number) == number
    assert set(known.weekdays.values()) == set(range(7))
    for number, names in enumerate(raw["months"], 1):
        assert {known.months[plain(name + end)] for name in names for end in raw["month_endings"]} == {number}
    for unit, names in raw["units"].items():
        assert {known.units[plain(name)] for name in names} == {unit}


@given(st.text(max_size=30), st.sampled_from(LANGUAGES))
def test_nothing_typed_makes_any_language_stumble(text: str, language: str) -> None:
    with suppress(Refused):
        assert parse_moment(text, NOW, language=language).local.tzinfo is not None
