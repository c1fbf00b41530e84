import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaddesk.workflow.phones import national_digits, parse_phone, phone_digits, phone_key, split_phones
from tests.shared_data import shared

LINE_TYPES = {
    "FIXED_LINE": "fixed",
    "MOBILE": "mobile",
    "FIXED_LINE_OR_MOBILE": "fixed_or_mobile",
    "TOLL_FREE": "toll_free",
    "PREMIUM_RATE": "premium",
    "SHARED_COST": "shared_cost",
    "VOIP": "voip",
    "PERSONAL_NUMBER": "personal",
    "PAGER": "pager",
    "UAN": "uan",
    "VOICEMAIL": "voicemail",
    "UNKNOWN": "unknown",
    "": "unknown",
}


def rows(name: str) -> list[dict[str, str]]:
    with shared(f"phones/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_cases_of_the_number_library_are_looked_at() -> None:
    assert len(rows("libphonenumber_parse_cases")) == 272
    assert len(rows("libphonenumber_example_numbers")) == 1_129
    assert len(rows("libphonenumber_invalid_examples")) == 245


def test_every_example_number_is_read_typed_and_shown_as_its_library_shows_it() -> None:
    wrong = [
        (row, phone)
        for row in rows("libphonenumber_example_numbers")
        for phone in [parse_phone(row["e164"])]
        if (phone.e164, phone.display, phone.national, phone.valid, phone.line_type)
        != (
            row["e164"],
            row["international"],
            row["national"],
            row["is_valid"] == "1",
            LINE_TYPES[row["number_type"]],
        )
    ]
    assert wrong == []


def test_every_example_number_is_placed_where_it_belongs() -> None:
    """A number that several regions share (+1 800 …) is placed in the first of them."""
    regions = {row["region"]: row["country_code"] for row in rows("libphonenumber_example_numbers")}
    shared_code = {code for code in regions.values() if list(regions.values()).count(code) > 1}
    for row in rows("libphonenumber_example_numbers"):
        region = parse_phone(row["e164"]).region
        if row["region"] == "001" or row["country_code"] not in shared_code:
            assert region == (None if row["region"] == "001" else row["region"])
        else:
            assert region is not None
            assert regions[region] == row["country_code"]


def test_every_example_number_is_read_as_it_is_written_at_home() -> None:
    examples = [row for row in rows("libphonenumber_example_numbers") if row["region"] != "001"]
    wrong = [row for row in examples if parse_phone(row["national"], row["region"]).e164 != row["e164"]]
    assert len(examples) > 1_000
    assert wrong == []


def test_the_digits_dialled_at_home_hold_every_example_number_as_it_is_written_there() -> None:
    """Without asking the number tables: what the search looks through is written for a million numbers at once."""
    wrong = [
        (row["national"], found)
        for row in rows("libphonenumber_example_numbers")
        for found in [national_digits(row["international"])]
        if "".join(filter(str.isdecimal, row["national"])) not in (found or row["e164"])
    ]
    belarusian_services = [("8 801 123 4567", "808011234567"), ("8 902 123 4567", "809021234567")]
    assert wrong == belarusian_services


@pytest.mark.parametrize(
    ("international", "national"),
    [
        ("+380 67 123 4567", "0671234567"),
        ("+36 30 123 4567", "06301234567"),
        ("+7 916 123-45-67", "89161234567"),
        ("+375 29 123-45-67", "80291234567"),
        ("+54 9 11 2345-6789", "0111523456789"),
        ("+44 20 7946 0958 ext. 12", "02079460958"),
        ("+48 512 345 678", ""),
        ("+1 212-555-0101", ""),
        ("nobody knows", ""),
        ("", ""),
    ],
)
def test_the_digits_dialled_at_home_follow_from_the_international_spelling(international: str, national: str) -> None:
    assert national_digits(international) == national


def test_a_number_shows_its_extension_at_home_too_and_one_not_read_stays_as_typed() -> None:
    assert parse_phone("+44 20 7946 0958 ext 12").national == "020 7946 0958 x12"
    assert parse_phone("067 123 45 67", "UA").national == "067 123 4567"
    assert parse_phone("call me").national == "call me"


def test_every_invalid_example_is_called_invalid() -> None:
    wrong = [
        (row, phone)
        for row in rows("libphonenumber_invalid_examples")
        for phone in [parse_phone(row["e164_form"])]
        if (phone.e164, phone.possible, phone.valid) != (row["e164_form"], row["is_possible"] == "1", False)
    ]
    assert wrong == []


def test_every_parse_case_gives_the_expected_values() -> None:
    wrong = []
    for row in rows("libphonenumber_parse_cases"):
        phone = parse_phone(row["input"], row["default_region"] or None)
        got = (phone.e164, phone.extension, phone.possible, phone.valid, phone.line_type, phone.region)
        expected = (
            row["e164"] or None,
            row["extension"],
            row["is_possible"] == "1",
            row["is_valid"] == "1",
            LINE_TYPES[row["number_type"]],
            None if row["region"] in {"", "001"} else row["region"],
        )
        if got != expected:
            wrong.append((row, phone))
    assert wrong == []


def test_every_area_code_of_north_america_lies_in_one_region() -> None:
    """What is remembered of an area code must hold for each of its numbers."""
    import phonenumbers

    for area in range(200, 1000):
        for number in (f"+1{area}{rest}" for rest in ("2345678", "6442109", "9870123")):
            phone = parse_phone(number)
            assert not phone.valid or phone.region == phonenumbers.region_code_for_number(phonenumbers.parse(number))


def test_no_single_number_of_the_parse_cases_is_split() -> None:
    inputs = [row["input"] for row in rows("libphonenumber_parse_cases")]
    assert [text for text in inputs if len(split_phones(text)) != 1] == []


@pytest.mark.parametrize(
    ("text", "region", "zone"),
    [
        ("+1 212 555 0101", None, "America/New_York"),
        ("07700 900123", "GB", "Europe/London"),
        ("+44 1632 960123", None, "Europe/London"),
        ("(02) 5550 1234", "AU", "Australia/Sydney"),
    ],
)
def test_numbers_kept_for_fiction_have_a_clock_though_some_count_as_invalid(
    text: str, region: str | None, zone: str
) -> None:
    phone = parse_phone(text, region)
    assert phone.possible
    assert zone in phone.zones


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("380501234567", "US", "+380501234567"),
        ("00380501234567", None, "+380501234567"),
        ("8 916 123-45-67", "RU", "+79161234567"),
        ("660-485-0224", "us", "+16604850224"),
        ("моб. 050 123 45 67", "UA", "+380501234567"),
    ],
)
def test_people_write_numbers_as_they_like(text: str, region: str | None, e164: str) -> None:
    phone = parse_phone(text, region)
    assert (phone.e164, phone.valid) == (e164, True)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("+380 50 123 45 67, 050 765 43 21", ("+380 50 123 45 67", "050 765 43 21")),
        ("+1 650 253 0000 / +1 212 555 0101", ("+1 650 253 0000", "+1 212 555 0101")),
        ("044 123-45-67/68", ("044 123-45-67/68",)),
        ("0501234567 0671234567", ("0501234567", "0671234567")),
        ("+380501234567;+380671234567 ; 0441234567", ("+380501234567", "+380671234567", "0441234567")),
        ("+36 1 234 5678 +36 20 234 5678", ("+36 1 234 5678", "+36 20 234 5678")),
        ("(050)1234567 или (067)7654321", ("(050)1234567", "(067)7654321")),
        ("650-253-0000\n650-253-0001", ("650-253-0000", "650-253-0001")),
        ("050 123 45 67, доб. 12, 067 123 45 67", ("050 123 45 67, доб. 12", "067 123 45 67")),
        ("tel:+64-3-331-6005;ext=1235", ("tel:+64-3-331-6005;ext=1235",)),
        ("0501234567, 0501234567", ("0501234567",)),
        ("call me", ("call me",)),
        ("  ", ()),
    ],
)
def test_a_cell_gives_each_of_its_numbers_once(cell: str, numbers: tuple[str, ...]) -> None:
    assert split_phones(cell) == numbers


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("050 123", "+380501234567"),
        ("020 7946 0958", "+442079460958"),
        ("8 (916) 123-45-67", "+79161234567"),
        ("+7 916 123", "+79161234567"),
        ("0038050", "+380501234567"),
        ("(660) 485", "+16604850224"),
        ("۰۵۰۱۲۳", "+380501234567"),
    ],
)
def test_a_number_typed_in_any_format_is_found_inside_the_stored_one(typed: str, stored: str) -> None:
    assert phone_digits(typed) in stored


def test_spellings_of_one_number_share_a_key_and_its_extension_does_not_part_them() -> None:
    spellings = ["+380 50 123 45 67", "0501234567", "(050) 123-45-67 ext. 5", "380501234567"]
    assert {phone_key(text, "UA") for text in spellings} == {"+380501234567"}


@pytest.mark.parametrize("text", ["", "no phone", "12", "+", "101"])
def test_too_little_to_match_by_has_no_key(text: str) -> None:
    assert phone_key(text, "UA") is None


def test_a_number_of_unknown_country_is_matched_by_its_digits() -> None:
    assert phone_key("(044) 234-56-78", None) == phone_key("044 2345678", None) == "442345678"


@settings(max_examples=300)
@given(
    st.one_of(st.text(max_size=60), st.text(alphabet="0123456789+-() ;,/xtel:доб.#*", max_size=60)),
    st.sampled_from([None, "US", "ua", "ZZ", "", "Nowhere"]),
)
def test_nothing_typed_makes_it_stumble(text: str, region: str | None) -> None:
    phone = parse_phone(text, region)
    assert phone.raw == text
    assert phone.e164 is None or phone.e164.startswith("+")
    assert not (phone.valid and phone.e164 is None)
    assert all(piece in text for piece in split_phones(text))
    key = phone_key(text, region)
    assert key is None or key.lstrip("+").isdecimal()
