import csv
import re
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.phones import parse_phone
from leaddesk.workflow.suspicion import Suspicion, in_words, many_names, rules, suspicions, weight_of
from leaddesk.workflow.vocabulary import HELD_FROM
from tests.shared_data import shared
from tests.workflow.real_names import REAL_NAMES


def keys(
    name: str = "", company: str = "", phone: str = "", email: str = "", region: str | None = "US"
) -> tuple[str, ...]:
    phones = [parse_phone(phone, region)] if phone else []
    emails = [parse_email(email)] if email else []
    return tuple(sign.key for sign in suspicions(name, company, phones, emails))


@pytest.mark.parametrize("culture", REAL_NAMES)
def test_real_names_are_left_in_peace(culture: str) -> None:
    names = REAL_NAMES[culture].split(", ")
    assert [name for name in names if keys(name)] == []


def test_the_names_looked_at_are_many_and_of_many_cultures() -> None:
    assert len(REAL_NAMES) >= 20
    assert sum(len(names.split(", ")) for names in REAL_NAMES.values()) >= 300


@pytest.mark.parametrize(
    "name",
    ["asdf", "Asdf Asdf", "qwerty", "QWERTY", "йцукен", "фыва", "ghjk", "test test", "Test", "тест", "x", "A B", "asdasd",
     "qweqwe", "zxcvbnm", "poiuy", "sdfgdfg", "aaa", "Xxxx", "12345", "???", "Win now http://x.example", "hgfd", "олдж",
     "Ivan Asdfgh", "no name", "фывафыва", "Bcdfgh", "Qwertyuiop", "qwertz", "Azerty", "qsdfgh", "фівап", "йцукенгшщзхї",
     "wxcv", "yxcv", "شسیبل", "ضصثقف", "لبیسش", "ασδφ", "ςερτυ", "asdfghjklıə", "qazwsx", "Sdfkjhsdkjfh", "askdjfhgksdjfha",
     "неизвестно", "Тест Тест", "Teszt", "ناشناس"],
)  # fmt: skip
def test_mashed_and_placeholder_names_are_marked(name: str) -> None:
    assert len(keys(name)) == 1


REAL_COMPANIES = """IBM, HSBC, BNP Paribas, QVC, 3M, Ab, Test Equity Ltd, Wert GmbH, Qwest, Asda, AAA, AAA Plumbing, XXX Lutz, OÜ,
ООО, ООО «Ромашка», ООО Вектор, ЗАО Тест-Прибор, ТОВ Смит, Oyj, Nokia Oyj, KPMG, PwC, DHL, BMW, MVV, E.ON, H&M, C&A, 3 Suisses,
O2, 1&1, LVMH, SNCF, RWE, ČSOB, ČKD, ÖBB, SBB CFF FFS, PKN Orlen, MKB Bank, OTP, MOL Nyrt., Bt., Kft., Zrt., SOCAR, ASC,
شرکت نفت, ایران خودرو, SIA, UAB, JSC, LLC, A, Q8, 7-Eleven, TTTech, Brrr!, Zzap, Hrvatska pošta, Krka d.d., BBDO, YKK, KKR"""


def test_real_companies_are_left_in_peace() -> None:
    companies = REAL_COMPANIES.replace("\n", " ").split(", ")
    assert [company for company in ("", *companies) if keys(company=company)] == []


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
        ("660-485-0224", "US"), ("+1 650 253 0000", None), ("+380 50 777 77 78", None), ("+36 20 222 3334", None),
        ("+44 1234 960123", None), ("020 3496 0123", "GB"), ("+1 212 555 0201", None), ("+49 30 231250", None),
    ],
)  # fmt: skip
def test_numbers_with_a_few_repeats_and_those_beside_fiction_are_left_in_peace(phone: str, region: str | None) -> None:
    assert keys(phone=phone, region=region) == ()


def kept_for_fiction() -> list[tuple[str, str]]:
    """Each range of the list with numbers out of it. 496 0xxx is drama in the cities alone: 01234 960… is Bedford."""
    with shared("phones/fictitious_ranges.csv").open(encoding="utf-8", newline="") as file:
        patterns = [row["e164_regex"].strip("^$") for row in csv.DictReader(file)]
    cities = ["113", "114", "115", "116", "117", "118", "121", "131", "141", "151", "161"]
    found = []
    for pattern in patterns:
        if pattern == r"\+44\d{3}4960\d{3}":
            found += [(pattern, f"+44{city}4960{end}") for city in cities for end in ("000", "123", "987")]
        else:
            numbers = (exrex_like(pattern, seed) for seed in range(25))
            found += [(pattern, number) for number in dict.fromkeys(numbers)]
    return found


def exrex_like(pattern: str, seed: int) -> str:
    """A number that the pattern matches; the seed chooses among them."""
    random = Random(seed)
    text = re.sub(r"\(([^()]*)\)", lambda found: random.choice(found.group(1).split("|")), pattern.replace("\\+", "+"))
    text = re.sub(r"\[(\d)-(\d)\]", lambda found: str(random.randint(int(found.group(1)), int(found.group(2)))), text)
    text = re.sub(r"\\d\{(\d)\}", lambda found: r"\d" * int(found.group(1)), text)
    number = re.sub(r"\\d", lambda _found: str(random.randint(0, 9)), text)
    assert re.fullmatch(pattern, number)
    return number


def test_every_range_kept_for_fiction_is_marked_and_holds_nobody_back_alone() -> None:
    numbers = kept_for_fiction()
    assert len({pattern for pattern, _ in numbers}) == 13
    assert len(numbers) > 150
    for pattern, number in numbers:
        signs = {sign.key: sign for sign in suspicions("", "", [parse_phone(number)], [])}
        assert "fictitious_phone" in signs or "test_phone" in signs, (pattern, number)
        assert "invalid_phone" not in signs
        if "test_phone" not in signs:
            assert weight_of(signs.values()) < HELD_FROM


def test_who_keeps_a_number_for_fiction_is_said() -> None:
    (sign,) = suspicions("", "", [parse_phone("020 7946 0958", "GB")], [])
    assert sign.words == "phone +44 20 7946 0958 is of a range kept for stage and screen (Ofcom, London)"


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


@pytest.mark.parametrize("company", ["asdf", "qwerty ltd", "Test", "aaa", "ыыыы"])
def test_companies_of_keys_hit_at_random_are_noticed(company: str) -> None:
    assert keys(company=company) == ("mashed_company",)


WEAK = ("short_name", "fictitious_phone", "invalid_phone", "no_person", "many_names")


def test_one_weak_sign_holds_nobody_back_and_two_may() -> None:
    weights = {key: rule.weight for key, rule in rules().items()}
    assert {key for key, weight in weights.items() if weight < HELD_FROM} == set(WEAK)
    held = {pair for pair in combinations(WEAK, 2) if weights[pair[0]] + weights[pair[1]] >= HELD_FROM}
    assert ("short_name", "fictitious_phone") in held
    assert ("fictitious_phone", "no_person") not in held
    assert ("invalid_phone", "no_person") in held


def test_weights_add_up_to_a_hundred_at_most_and_each_kind_counts_once() -> None:
    two = [parse_phone(number) for number in ("+12125550101", "+12125550102")]
    assert [sign.weight for sign in suspicions("", "", two, [])] == [35]
    everything = suspicions("asdfgh", "qwerty", [parse_phone("123456789", "US")], [parse_email("asdf@mailinator.com")])
    assert weight_of(everything) == 100
    assert len({sign.key for sign in everything}) == len(everything) == 5


def test_a_company_and_a_number_alone_are_incomplete() -> None:
    number, email = [parse_phone("+380444925512")], [parse_email("office@acme.example")]
    (sign,) = suspicions("", "Acme", number, [])
    assert (sign.key, sign.weight, sign.words) == (
        "no_person", 10, "a company and a number without a person: incomplete",
    )  # fmt: skip
    assert suspicions("Anna", "Acme", number, []) == suspicions("", "Acme", number, email) == ()
    assert suspicions("", "Acme", [], []) == suspicions("", "", number, []) == ()


@pytest.mark.parametrize(("count", "marked"), [(0, False), (1, False), (3, False), (4, True), (19, True)])
def test_a_number_under_many_names_is_marked(count: int, marked: bool) -> None:
    assert (many_names(count) is not None) == marked


def test_all_signs_are_said_with_their_weights() -> None:
    signs = [Suspicion("a", "this", 35), Suspicion("b", "that", 40)]
    assert in_words(signs) == "Suspicious 75 %: this (35); that (40)"
    assert in_words([]) == ""


def test_every_rule_has_words_and_a_weight_of_a_hundred() -> None:
    for key, rule in rules().items():
        assert re.fullmatch("[a-z_]+", key)
        assert 0 < rule.weight <= 100
        assert rule.sign("this", "so").words
        assert "{" not in rule.sign("this", "so").words


def test_typed_names_of_a_large_file_of_people_are_left_in_peace() -> None:
    """Australian first and last names with typing errors in them."""
    names: set[str] = set()
    for number in (1, 2, 3):
        with shared(f"duplicates/febrl_dataset{number}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                names |= {row["given_name"].strip(), row["surname"].strip()}
    assert len(names) > 4_000
    assert {name for name in names if keys(name)} <= {"h o", "mcgjrk", "mctjrk"}
