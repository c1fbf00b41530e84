"""What other programs' words mean, and when their dates are."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.exchange.dates import DateOrder, Numbers, learn_date_order, learn_numbers, parse_when
from leaddesk.exchange.importing import Words
from leaddesk.exchange.tables import open_table
from leaddesk.exchange.values import (
    LONGEST_BLANK,
    means_empty,
    parse_outcome,
    parse_status,
    parse_temperature,
    parse_yes_no,
)
from leaddesk.exchange.words import dictionary, plain
from leaddesk.workflow.outcomes import DEFAULT_OUTCOMES
from leaddesk.workflow.vocabulary import Status, Temperature
from tests.shared_data import shared


def test_statuses_of_a_real_export_are_all_understood() -> None:
    table = open_table(shared("leads/zoho_leads.csv"))
    at = table.columns.index("Lead Status")
    assert {word: parse_status(word) for word in {row.cells[at] for row in table.rows()}} == {
        "Not Contacted": "new",
        "Contacted": "in_progress",
        "Attempted to Contact": "in_progress",
        "Pre Qualified": "qualified",
        "Contact in Future": "deferred",
        "Lost Lead": "refused",
        "Junk Lead": "disqualified",
    }


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("NEW", "new"),
        ("Open - Not Contacted", "new"),
        ("Working - Contacted", "in_progress"),
        ("in_process", "in_progress"),
        ("Closed - Converted", "converted"),
        ("Closed - Not Converted", "refused"),
        ("Recycled", "deferred"),
        ("Dead", "refused"),
        ("В работе", "in_progress"),
        ("Отказ", "refused"),
        ("Некачественный лид", "disqualified"),
        ("Відкладено", "deferred"),
        ("Elutasítva", "refused"),
        ("Töös", "in_progress"),
        ("Müştəri", "converted"),
        ("رد شده", "refused"),
        ("Perdu", "refused"),
        ("Gewonnen", "converted"),
        ("Contact in Future", "deferred"),
        ("Lost Lead", "refused"),
        ("Junk Lead", "disqualified"),
        ("Not Contacted", "new"),
        ("OPEN_DEAL", "new"),
        ("CONNECTED", "in_progress"),
        ("UNQUALIFIED", "disqualified"),
        ("BAD_TIMING", "deferred"),
        ("salesqualifiedlead", "qualified"),
        ("Неразобранное", "new"),
        ("Закрыто и не реализовано", "refused"),
        ("Успешно реализовано", "converted"),
        ("Качественный лид", "qualified"),
        ("Proposition", "in_progress"),
        ("Won", "converted"),
        ("Wygrany", "converted"),
        ("跟进中", "in_progress"),
        ("失注", "refused"),
        ("", None),
        ("Select", None),
        ("something else", None),
    ],
)
def test_statuses(word: str, status: str | None) -> None:
    assert parse_status(word) == status


@pytest.mark.parametrize("name", ["statuses", "temperatures", "answers", "months"])
def test_no_word_of_a_dictionary_means_two_things(name: str) -> None:
    meanings = {key: {plain(word) or word for word in words} for key, words in dictionary(name).items()}
    meanings.pop("empty", None)
    counted = Counter(word for words in meanings.values() for word in words)
    assert [word for word, times in counted.items() if times > 1] == []


def test_dictionaries_speak_of_our_own_words() -> None:
    assert set(dictionary("statuses")) == {str(status) for status in Status}
    assert set(dictionary("temperatures")) == {str(temperature) for temperature in Temperature}
    assert set(dictionary("outcomes")) == {outcome.key for outcome in DEFAULT_OUTCOMES}


@pytest.mark.parametrize("name", ["statuses", "temperatures", "outcomes"])
def test_no_word_means_two_things(name: str) -> None:
    meant: dict[str, set[str]] = {}
    for key, words in dictionary(name).items():
        for word in words:
            meant.setdefault(plain(word) or word, set()).add(key)
    assert {word: keys for word, keys in meant.items() if len(keys) > 1} == {}


@pytest.mark.parametrize(
    ("word", "temperature"),
    [("Hot", "hot"), ("тёплый", "warm"), ("ТЕПЛЫЙ", "warm"), ("hideg", "cold"), ("🔥", "hot"), ("5", None), ("", None)],
)
def test_temperatures(word: str, temperature: str | None) -> None:
    assert parse_temperature(word) == temperature


@pytest.mark.parametrize("word", ["Yes", "1", "TRUE", "да", "так", "igen", "jah", "bəli", "بله", "oui", "✓", "+", "x"])
def test_yes(word: str) -> None:
    assert parse_yes_no(word) is True


@pytest.mark.parametrize("word", ["No", "0", "false", "нет", "ні", "nem", "ei", "xeyr", "خیر", "nein", "☐", "-"])
def test_no(word: str) -> None:
    assert parse_yes_no(word) is False


@pytest.mark.parametrize("word", ["", " ", "maybe", "2", "Select"])
def test_neither_yes_nor_no(word: str) -> None:
    assert parse_yes_no(word) is None


def test_a_dialers_codes_and_names_for_outcomes() -> None:
    """Codes of a call in progress, of a transfer or of a program's error say nothing of the person: they stay words."""
    known: dict[str, str | None] = {}
    for line in shared("calls/vicidial_call_statuses.txt").read_text(encoding="utf-8").splitlines():
        code, name = line.split(" - ")[:2] if " - " in line else (line.split()[0], "")
        known[code] = parse_outcome(code)
        assert parse_outcome(name) in {known[code], None}, line
    assert {code: key for code, key in known.items() if key} == {
        "NA": "no_answer", "N": "no_answer", "CPDNA": "no_answer", "CPDSI": "no_answer", "CPDSNC": "no_answer",
        "CPDSR": "no_answer", "CPDSUK": "no_answer", "NANQUE": "no_answer", "B": "busy", "AB": "busy",
        "CPDB": "busy", "CPDATB": "busy", "A": "voicemail", "AA": "voicemail", "AM": "voicemail", "AL": "voicemail",
        "PM": "voicemail", "QVMAIL": "voicemail", "SVYVM": "voicemail", "CALLBK": "callback", "CBHOLD": "callback",
        "SALE": "agreed", "NP": "not_now", "SVYHU": "not_now", "NI": "refused", "DEC": "refused",
        "DC": "wrong_number", "ADC": "wrong_number", "AFAX": "wrong_number", "CPDINV": "wrong_number",
        "CPDSV": "wrong_number", "DNC": "do_not_call", "DNCL": "do_not_call", "DNCC": "do_not_call",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("No answer", "no_answer"),
        ("NO_ANSWER", "no_answer"),
        ("No response/Busy", "no_answer"),
        ("Left Voicemail", "voicemail"),
        ("Left live message", "not_now"),
        ("Call Back Later", "callback"),
        ("Requested more info", "interested"),
        ("Invalid number", "wrong_number"),
        ("Not interested", "refused"),
        ("Do Not Call", "do_not_call"),
        ("Недозвон", "no_answer"),
        ("Перезвонить", "callback"),
        ("Передзвонити", "callback"),
        ("Nem vette fel", "no_answer"),
        ("Vale number", "wrong_number"),
        ("Zəng etməyin", "do_not_call"),
        ("مشغول", "busy"),
        ("Anrufbeantworter", "voicemail"),
        ("Connected", None),
        ("N/A", None),
        ("", None),
        ("something else", None),
    ],
)
def test_outcomes(word: str, outcome: str | None) -> None:
    assert parse_outcome(word) == outcome


def test_placeholders_are_empty_and_names_are_not() -> None:
    empty = ["", "  ", "Select", "-", "--", "N/A", "null", "None", "(blank)", "не указано", "Nincs megadva"]
    assert [word for word in empty if not means_empty(word)] == []
    full = ["Bob", "0", "No", "Selected", "Null Island Ltd", "+380"]
    assert [word for word in full if means_empty(word)] == []


def test_a_placeholder_is_known_however_far_from_the_edges_of_its_cell() -> None:
    words = Words("list.csv", 1, frozenset())
    longest = max(dictionary("answers")["empty"], key=len)
    assert len(longest) == LONGEST_BLANK
    for word in (longest, longest.upper(), "-", ""):
        assert words.means_empty(word.center(3 * LONGEST_BLANK))
    assert not words.means_empty("Not a word of it is said anywhere")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("15 Apr, 2021 00:03:00", "2021-04-15T00:03:00"),
        ("2026-01-02", "2026-01-02T00:00:00"),
        ("2010-10-14T12:00:00.000Z", "2010-10-14T12:00:00"),
        ("2026-01-02 03:04+02:00", "2026-01-02T01:04:00"),
        ("2009-07-14T22:14:45+0800", "2009-07-14T14:14:45"),
        ("07/15/2009 02:14:45+0800", "2009-07-14T18:14:45"),
        ("31.12.2026", "2026-12-31T00:00:00"),
        ("01.02.2026 14:30", "2026-02-01T14:30:00"),
        ("12/31/2026", "2026-12-31T00:00:00"),
        ("31/12/2026", "2026-12-31T00:00:00"),
        ("05/05/2026", "2026-05-05T00:00:00"),
        ("12/31/2026 2:05 PM", "2026-12-31T14:05:00"),
        ("4/15/2021, 12:03 AM", "2021-04-15T00:03:00"),
        ("5 мая 2024 г.", "2024-05-05T00:00:00"),
        ("2021. május 5.", "2021-05-05T00:00:00"),
        ("5 de enero de 2024", "2024-01-05T00:00:00"),
        ("15. März 2024", "2024-03-15T00:00:00"),
        ("Mon, 5 Jan 2026 10:00:00 +0300", "2026-01-05T07:00:00"),
        ("Sunday, January 5, 2025", "2025-01-05T00:00:00"),
        ("20260102", "2026-01-02T00:00:00"),
        ("2021-04-15T00:03:00+03", "2021-04-14T21:03:00"),
        ("2021-04-15T00:03:00+03:00[Europe/Kyiv]", "2021-04-14T21:03:00"),
        ("2021-04-15 00:03 UTC+3", "2021-04-14T21:03:00"),
        ("Thu Apr 15 2021 00:03:00 GMT+0300 (Moscow Standard Time)", "2021-04-14T21:03:00"),
        ("1403/02/05", "2024-04-24T00:00:00"),
        ("۱۴۰۳/۰۲/۰۵ ۱۴:۳۰", "2024-04-24T14:30:00"),
        ("5 اردیبهشت 1403", "2024-04-24T00:00:00"),
        ("15/04/2564", "2021-04-15T00:00:00"),
        ("15 เมษายน 2564", "2021-04-15T00:00:00"),
        ("3 กุมภาพันธ์ 2567", "2024-02-03T00:00:00"),
        ("2024年5月3日 14:05", "2024-05-03T14:05:00"),
        ("2024년 5월 3일", "2024-05-03T00:00:00"),
        ("3 października 2024", "2024-10-03T00:00:00"),
        ("15. února 2024", "2024-02-15T00:00:00"),
        ("12 août 2024", "2024-08-12T00:00:00"),
        ("5 de março de 2024", "2024-03-05T00:00:00"),
        ("1 Αυγούστου 2024", "2024-08-01T00:00:00"),
        ("7. heinäkuuta 2024", "2024-07-07T00:00:00"),
        ("5 تشرين الثاني 2024", "2024-11-05T00:00:00"),
        ("3 أغسطس 2024", "2024-08-03T00:00:00"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    assert parse_when(text) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "01/02/2026", "32.01.2026", "2026-13-01", "May 2024", "380577054122", "2009-07/14", "25:00",
     "2010-10-14T12:00:00.000Z-0300", "2026-01-01T10:00-99:99", "1403/13/05", "1403/12/31", "1303", "45000", "45000.5",
     "2700-01-01", "13/13/2026", "x" * 500],
)  # fmt: skip
def test_what_is_no_sure_moment(text: str) -> None:
    assert parse_when(text) is None


def test_the_whole_column_decides_what_one_cell_cannot() -> None:
    assert learn_date_order(["01/02/2026", "", "13/02/2026 10:00"]) is DateOrder.DAY_FIRST
    assert learn_date_order(["01/02/2026", "02/13/2026"]) is DateOrder.MONTH_FIRST
    assert learn_date_order(["01/02/2026", "2026-02-13"]) is None
    assert learn_date_order(["13/02/2026", "02/13/2026"]) is None
    assert parse_when("01/02/2026", DateOrder.DAY_FIRST) == datetime(2026, 2, 1, tzinfo=UTC)
    assert parse_when("01/02/2026", DateOrder.MONTH_FIRST) == datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "numbers", "moment"),
    [
        (["44301.002083333", "44302", ""], Numbers.DAYS_FROM_1900, "2021-04-15T00:03:00"),
        (["1618444980", "1618444999"], Numbers.SECONDS, "2021-04-15T00:03:00"),
        (["1618444980000"], Numbers.MILLISECONDS, "2021-04-15T00:03:00"),
        (["20210415", "20210416"], None, "2021-04-15T00:00:00"),
    ],
)
def test_numbers_are_times_where_the_column_says_what_they_count(
    cells: list[str], numbers: Numbers | None, moment: str
) -> None:
    assert learn_numbers(cells) is numbers
    assert parse_when(cells[0], numbers=numbers) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_numbers_that_say_nothing() -> None:
    assert learn_numbers(["44301", "1618444980"]) is None
    assert learn_numbers(["44301", "soon", "later"]) is None
    assert learn_numbers(["", "5"]) is None
    assert learn_numbers([]) is None


def test_days_from_1904_and_the_clock_of_who_filled_them_in() -> None:
    kyiv = timezone(timedelta(hours=3))
    assert parse_when("42839.5", numbers=Numbers.DAYS_FROM_1904) == datetime(2021, 4, 15, 12, tzinfo=UTC)
    assert parse_when("44301.5", zone=kyiv, numbers=Numbers.DAYS_FROM_1900) == datetime(2021, 4, 15, 9, tzinfo=UTC)
    assert parse_when("99999999999", numbers=Numbers.DAYS_FROM_1900) is None


def test_a_time_without_zone_is_in_the_zone_given() -> None:
    kyiv = timezone(timedelta(hours=3))
    assert parse_when("2026-07-01 12:00", zone=kyiv) == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert parse_when("2026-07-01 12:00Z", zone=kyiv) == datetime(2026, 7, 1, 12, tzinfo=UTC)


@given(st.dates(min_value=date(1901, 1, 1), max_value=date(2199, 12, 31)))
def test_any_day_written_in_any_order_is_that_day(day: date) -> None:
    wanted = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%d %b %Y", "%B %d, %Y"):
        assert parse_when(day.strftime(form)) == wanted
    assert parse_when(day.strftime("%d/%m/%Y"), DateOrder.DAY_FIRST) == wanted
    assert parse_when(day.strftime("%m-%d-%Y"), DateOrder.MONTH_FIRST) == wanted


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert parse_status(text) in {None, *Status}
    assert parse_temperature(text) in {None, *Temperature}
    assert parse_outcome(text) in {None, *(outcome.key for outcome in DEFAULT_OUTCOMES)}
    assert parse_yes_no(text) in {None, True, False}
    assert isinstance(means_empty(text), bool)
    moment = parse_when(text)
    assert moment is None or moment.tzinfo is UTC
