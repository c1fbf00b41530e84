import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.phones import parse_phone
from leaddesk.workflow.suspicion import suspicions
from tests.shared_data import shared


def keys(
    name: str = "", company: str = "", phone: str = "", email: str = "", region: str | None = "US"
) -> tuple[str, ...]:
    phones = [parse_phone(phone, region)] if phone else []
    emails = [parse_email(email)] if email else []
    return tuple(sign.key for sign in suspicions(name, company, phones, emails))


@pytest.mark.parametrize(
    "name",
    ["Szczęsny", "Nguyen", "Ng", "Schwartz", "Krk", "Bhrgv", "Wert", "Trew", "Wertheim", "John Smith III", "J. Li", "李",
     "Olena Hrytsenko", "Мкртчян", "Xi", "Tester", "Ö. Åkerlind", "Hrdlička", "Lynch", "Schmidt", "Bob", "Anna-Maria O'Neil",
     "Pyotr Krvsky", "Na", "محمد", "김", "Bar Refaeli", "Test Andersson", "Эльдар", "Прохор", "Ошо", "Şəbnəm", "Rəşad Əliyev"],
)  # fmt: skip
def test_real_names_are_left_in_peace(name: str) -> None:
    assert keys(name) == ()


@pytest.mark.parametrize(
    "name",
    ["asdf", "Asdf Asdf", "qwerty", "QWERTY", "йцукен", "фыва", "ghjk", "test test", "Test", "тест", "x", "A B", "asdasd",
     "qweqwe", "zxcvbnm", "poiuy", "sdfgdfg", "aaa", "Xxxx", "12345", "???", "Win now http://x.example", "hgfd", "олдж",
     "Ivan Asdfgh", "no name", "фывафыва", "Bcdfgh"],
)  # fmt: skip
def test_mashed_and_placeholder_names_are_marked(name: str) -> None:
    assert len(keys(name)) == 1


@pytest.mark.parametrize(
    "company", ["IBM", "HSBC", "BNP Paribas", "QVC", "3M", "Ab", "Test Equity Ltd", "Wert GmbH", ""]
)
def test_real_companies_are_left_in_peace(company: str) -> None:
    assert keys(company=company) == ()


@pytest.mark.parametrize("company", ["test", "asdf ltd", "qwerty", "Тест"])
def test_made_up_companies_are_marked(company: str) -> None:
    assert keys(company=company) == ("mashed_company",)


@pytest.mark.parametrize(
    ("phone", "region"),
    [
        ("123456789", "US"), ("0000000", "US"), ("5555555555", "US"), ("1234567890", "US"), ("9876543210", "US"),
        ("0501234567", "UA"), ("+380 50 000 00 00", None), ("123123123", "HU"), ("1212121212", "US"), ("111111111", None),
    ],
)  # fmt: skip
def test_test_numbers_are_marked(phone: str, region: str | None) -> None:
    assert "test_phone" in keys(phone=phone, region=region)


@pytest.mark.parametrize(
    ("phone", "region"),
    [
        ("660-485-0224", "US"), ("+1 212 555 0101", None), ("+1 650 253 0000", None), ("+380 50 777 77 78", None),
        ("+44 1632 960123", None), ("07700 900123", "GB"), ("020 7946 0555", "GB"), ("+36 20 222 3334", None),
        ("0491 570 156", "AU"),
    ],
)  # fmt: skip
def test_numbers_with_a_few_repeats_and_those_kept_for_fiction_are_left_in_peace(
    phone: str, region: str | None
) -> None:
    assert keys(phone=phone, region=region) == ()


def test_a_number_that_cannot_exist_is_marked_unless_another_can() -> None:
    assert keys(phone="+1 113 456 7820") == ("invalid_phone",)
    bad, good = parse_phone("+1 113 456 7820"), parse_phone("+1 650 253 0001")
    assert suspicions("", "", [bad, good], []) == ()
    assert suspicions("", "", [parse_phone("044 234 17 78")], []) == ()


def test_throwaway_and_made_up_mail_is_marked() -> None:
    assert keys(email="joe@mailinator.com") == ("throwaway_email",)
    assert keys(email="asdf@example.com") == ("mashed_email",)
    assert keys(email="test@test.com") == ("mashed_email",)
    assert keys(email="test@example.com") == ()


def test_the_words_say_what_was_seen() -> None:
    (sign,) = suspicions("", "", [parse_phone("+1 650 555 5555")], [])
    assert sign.words == "phone +1 650-555-5555 repeats one digit"


def test_hardly_any_real_lead_is_held_back() -> None:
    with shared("leads/zoho_leads.csv").open(encoding="utf-8-sig", newline="") as file:
        leads = list(csv.DictReader(file))
    marked = [
        (lead, found)
        for lead in leads
        if (
            found := suspicions(
                lead["Last Name"], lead["Company"], [parse_phone(lead["Mobile"], "US")], [parse_email(lead["Email"])]
            )
        )
    ]
    assert len(leads) == 3900
    assert len(marked) < len(leads) * 0.002, marked


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=30), st.text(max_size=30))
def test_nothing_typed_makes_it_stumble(name: str, company: str, phone: str, email: str) -> None:
    assert all(
        sign.key and sign.words for sign in suspicions(name, company, [parse_phone(phone, "UA")], [parse_email(email)])
    )


@pytest.mark.parametrize("company", ["ООО «Ромашка»", "AAA Plumbing", "ООО Вектор", "XXX Lutz", "ЗАО Тест-Прибор"])
def test_companies_with_three_equal_letters_are_left_in_peace(company: str) -> None:
    assert keys(company=company) == ()


@pytest.mark.parametrize("company", ["asdf", "qwerty ltd", "Test", "aaa", "ыыыы"])
def test_companies_of_keys_hit_at_random_are_noticed(company: str) -> None:
    assert keys(company=company) == ("mashed_company",)
