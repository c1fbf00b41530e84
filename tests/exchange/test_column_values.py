"""Phones put together from parts, and which columns the parts stand in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.exchange.column_values import PartColumns, join_phone, phone_parts
from leaddesk.workflow.phones import parse_phone


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        (("1", "", "7275551213", ""), "+1 7275551213"),
        (("1.0", "", "7275551213.0", ""), "+1 7275551213"),
        (("+44", "", "020 7946 0018", ""), "+44 020 7946 0018"),
        (("380", "44", "537 02 22", ""), "+380 44 537 02 22"),
        (("(7)", "495", "1234567", "12"), "+7 495 1234567 ext. 12"),
        (("1", "", "+44 20 7946 0018", ""), "+44 20 7946 0018"),
        (("44", "", "447911123456", ""), "+447911123456"),
        (("1", "", "17275551213", ""), "+1 17275551213"),  # a 1 before is no harm there
        (("", "044", "537-02-22", ""), "044 537-02-22"),
        (("", "", "537-02-22", "7"), "537-02-22 ext. 7"),
        (("DE", "", "030 901820", ""), "+49 030 901820"),
        (("0044", "", "2079460018", ""), "+44 2079460018"),
        (("1", "727", "", "9"), ""),
        (("1", "727", "7275551213", "0"), "+1 7275551213"),
    ],
)
def test_parts_are_joined(parts: tuple[str, str, str, str], joined: str) -> None:
    assert join_phone(*parts) == joined


@pytest.mark.parametrize(
    ("parts", "e164"),
    [
        (("44", "", "020 7946 0018"), "+442079460018"),
        (("49", "030", "901820"), "+4930901820"),
        (("61", "", "0291234567"), "+61291234567"),
        (("39", "06", "6982"), "+39066982"),
    ],
)
def test_a_trunk_zero_between_code_and_number_does_no_harm(parts: tuple[str, str, str], e164: str) -> None:
    assert parse_phone(join_phone(*parts), "US").e164 == e164


@given(st.text(max_size=12), st.text(max_size=6), st.text(max_size=16), st.text(max_size=6))
def test_any_parts_can_be_joined_and_no_digit_of_the_number_is_lost(
    code: str, area: str, number: str, ext: str
) -> None:
    joined = join_phone(code, area, number, ext)
    digits = [sign for sign in number.strip().removesuffix(".0") if sign.isdigit()]
    rest = iter(joined)
    assert all(digit in rest for digit in digits)


def test_a_part_belongs_to_the_nearest_phone_on_its_side() -> None:
    fields = ["name", "phone_code", "phone_area", "phone", "phone_extension", "email", "phone_code", "mobile_phone"]
    assert phone_parts(fields) == {3: PartColumns(1, 2, 4), 7: PartColumns(code=6)}
    assert phone_parts(["phone", None, "phone_code"]) == {0: PartColumns(code=2)}
    assert phone_parts(["phone_extension", "phone"]) == {1: PartColumns(extension=0)}
    assert phone_parts(["phone_code", "name"]) == {}
