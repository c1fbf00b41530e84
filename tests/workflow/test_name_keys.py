"""Names people write in many ways, and names with a slip."""

import pytest

from leaddesk.workflow.name_keys import keys_near, name_key, plain

SAME = [
    ("Тарас Бойко", "Boyko Taras"),
    ("Jürgen Müller-Lang", "jurgen mueller lang".replace("ue", "u")),
    ("Philippa Wood", "Filipa Vod"),
    ("O'Brien Sean", "O’Brien, Sean"),
    ("Łukasz Ørsted", "lukasz orsted"),
    ("Παπαδόπουλος", "Papadopoulos"),
    ("Anna  Anna Kovács", "KOVACS ANNA"),
]

SLIPS = [
    ("Olena Hrytsenko", "Olena Hrytsemko"),
    ("Olena Hrytsenko", "Lena Hrytsenko"),
    ("Olena Hrytsenko", "Olnea Hrytsenko"),
    ("Jon Smith", "Jon Smiht"),
    ("Jon Smith", "Jon Smit"),
    ("Jon Smith", "Jon Snith"),
    ("Jon Smith", "Ajon Smith"),
    ("Тарас Шевченко", "Тарас Шевчинко"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_in_many_spellings_has_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("meant", "typed"), SLIPS)
def test_a_slip_leads_to_a_key_nearby(meant: str, typed: str) -> None:
    assert name_key(meant) in keys_near(typed)
    assert keys_near(typed)[0] == name_key(typed)


def test_different_names_have_different_keys() -> None:
    assert (
        len({name_key(name) for name in ("Jon Smith", "Jon Brown", "Eva Smith", "田中 太郎", "田中 花子", "Acme")}) == 6
    )


def test_the_company_stands_in_only_where_nobody_is_named() -> None:
    assert name_key("", "Acme Trade") == name_key("Acme Trade")
    assert name_key("Jon Smith", "Acme Trade") == name_key("Jon Smith")
    assert name_key("", "") == name_key("42", "!") == ""
    assert keys_near("") == ()


def test_a_page_in_a_cell_makes_no_more_keys_than_are_asked_for() -> None:
    page = "Lorem ipsum dolor sit amet " * 2000
    assert len(keys_near(page)) <= 800
    assert len(name_key("x" * 100_000)) <= 40


def test_latin_letters_are_taken_without_accents() -> None:
    assert plain("Łódź, Ærø, Straße, Щербань, Ξένη") == "lodz, aero, strasse, shcherban, xeni"
