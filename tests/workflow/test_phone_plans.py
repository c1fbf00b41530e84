"""What is read without the library's general ways is what the library reads."""

import csv
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from leaddesk.workflow.phone_plans import read_plainly
from leaddesk.workflow.phones import parse_phone, read_by_library
from tests.shared_data import shared


def rows(name: str) -> list[dict[str, str]]:
    with shared(f"phones/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def regions() -> list[str]:
    from phonenumbers import SUPPORTED_REGIONS

    return sorted(SUPPORTED_REGIONS)


@cache
def codes() -> list[int]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return sorted(COUNTRY_CODE_TO_REGION_CODE)


@cache
def examples() -> dict[str, list[tuple[str, str, str]]]:
    """By region, numbers of each type as they are written abroad, at home, and in digits."""
    from phonenumbers import PhoneNumberFormat, example_number_for_type, format_number

    ways = (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for region in regions():
        numbers = [n for n in (example_number_for_type(region, kind) for kind in range(11)) if n]
        abroad, home, digits = ([format_number(number, way) for number in numbers] for way in ways)
        found[region] = list(zip(abroad, home, digits, strict=True))
    return found


def alike(text: str, region: str | None) -> bool:
    return parse_phone(text, region) == read_by_library(text, region)


def test_every_known_number_is_read_alike() -> None:
    for row in rows("libphonenumber_example_numbers"):
        for text in filter(None, (row.get(name) for name in ("e164", "international", "national"))):
            assert alike(text, row["region"] if row["region"] != "001" else None), row


def test_every_parse_case_and_every_invalid_number_is_read_alike() -> None:
    said = [
        value
        for name in ("libphonenumber_parse_cases", "libphonenumber_invalid_examples")
        for row in rows(name)
        for value in row.values()
    ]
    for text in set(said):
        assert all(alike(text, region) for region in (None, "US", "NZ", "DE", "UA", "HU", "IT", "AR")), text


def test_most_valid_numbers_in_digits_need_no_library() -> None:
    plain = [read_plainly(digits, None) is not None for some in examples().values() for _, _, digits in some]
    assert sum(plain) > 0.9 * len(plain)


DIGITS = st.text(alphabet="0123456789", min_size=4, max_size=13)
SIGNS = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(" .-()/ #x")), max_size=4)


@settings(max_examples=700)
@given(st.sampled_from(["", "+", "00", "0", "8", "011"]), st.data(), DIGITS, SIGNS)
def test_any_digits_are_read_alike(before: str, data: st.DataObject, digits: str, signs: list[tuple[int, str]]) -> None:
    region = data.draw(st.none() | st.sampled_from(regions()))
    code = str(data.draw(st.sampled_from(codes()))) if before in ("+", "00", "011") else ""
    text = f"{before}{code}{digits}"
    for at, sign in signs:
        text = text[:at] + sign + text[at:]
    assert alike(text, region)


@settings(max_examples=700)
@given(st.data(), st.lists(st.tuples(st.integers(0, 16), st.sampled_from("0123456789")), max_size=3))
def test_numbers_much_like_real_ones_are_read_alike(data: st.DataObject, changed: list[tuple[int, str]]) -> None:
    region = data.draw(st.sampled_from(regions()))
    text = data.draw(st.sampled_from(examples()[region] or [("", "", "")]).flatmap(st.sampled_from))
    for at, digit in changed:
        if text[at : at + 1].isdecimal():
            text = text[:at] + digit + text[at + 1 :]
    assert alike(text, data.draw(st.sampled_from([region, None, "US", "DE"])))
