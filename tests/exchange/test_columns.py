"""Columns are understood by header, by a header nearly known, and by what stands in them."""

import csv
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaddesk.exchange.columns import ENOUGH, ColumnGuess, understand
from leaddesk.exchange.headers import FIELDS, SEVERAL, map_headers
from leaddesk.exchange.known_layouts import column_titles, recognise
from leaddesk.exchange.tables import open_table
from leaddesk.workflow.errors import Refused
from tests.shared_data import shared

PEOPLE = ["John Smith", "Mary Jones", "Peter Brown", "Anna Kay"]
EMAILS = ["john@a.com", "m@b.org", "pb@c.net", "kay@d.io"]
PHONES = ["+44 20 7946 0018", "+44 20 7946 0019", "+44 161 496 0018", "(650) 253-0000"]


def one(header: str, cells: list[str], *others: str) -> ColumnGuess:
    """The guess for the first column; `others` are headers beside it, over blank cells."""
    return understand([header, *others], [[cell, *("" for _ in others)] for cell in cells])[0]


def by_values(*columns: list[str]) -> list[str | None]:
    names = [f"Column {at}" for at in range(1, len(columns) + 1)]
    return [guess.field for guess in understand(names, list(zip(*columns, strict=True)), headed=False)]


def vicidial(name: str, delimiter: str) -> list[list[str]]:
    with shared(f"import_samples/vicidial/{name}").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize(
    ("header", "field", "how"),
    [
        ("Телефон", "phone", "header “Телефон”"),
        ("Phone nuber", "phone", "looks like “Phone number”"),
        ("Compnay name", "company", "looks like “Company name”"),
        ("Your phone number*", "phone", "header “Your phone number*”"),
        ("What is your e-mail address?", "email", "header “What is your e-mail address?”"),
        ("Телефон клиента (для связи)", "phone", "header “Телефон клиента (для связи)”"),
        ("What is your name?", "name", "header “What is your name?”"),
        ("Имя покупателя", "name", "header “Имя покупателя”"),
        ("contactEmail", "email", "header “contactEmail”"),
        ("Status, Lead", "status", "header “Status, Lead”"),
    ],
)
def test_by_header(header: str, field: str, how: str) -> None:
    guess = one(header, [])
    assert (guess.field, guess.how) == (field, how)
    assert guess.confidence >= ENOUGH


@pytest.mark.parametrize(
    "header",
    [
        "Contract",
        "Religion",
        "Nome utente",
        "User name",
        "Nae",
        "Mai",
        "Номер клиента",
        "Votes",
        "Assistant's phone",
        "",
    ],
)
def test_a_header_that_is_something_else_stays_extra(header: str) -> None:
    guess = one(header, [])
    assert (guess.field, guess.how) == (None, "left as an extra field")


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Phone", EMAILS, "email"),
        ("Name", EMAILS, "email"),
        ("E-mail", PHONES, "phone"),
        ("Address", EMAILS, "email"),
        ("Company", ["12.05.2024", "13.05.2024", "14.05.2024"], None),
        ("Email", ["yes", "no", "yes"], None),
        ("Mobile", ["iPhone 12", "Pixel 7", "iPhone 15"], None),
        ("Title", ["Mr", "Mrs", "Dr."], "salutation"),
        ("Title", ["Director", "Buyer", "Mr"], "role"),
        ("Country Code", ["1", "44", "61"], "phone_code"),
        ("Country Code", ["US", "GB", "AU"], "country"),
        ("Do not call", ["2024-01-01", "2024-01-02", "2024-01-03"], "do_not_call"),  # never doubted
        ("Phone", ["n/a", "-", ""], "phone"),
    ],
)
def test_values_may_speak_against_a_header(header: str, cells: list[str], field: str | None) -> None:
    assert one(header, cells).field == field


def test_why_values_were_believed() -> None:
    guess = one("Contacto web", [*EMAILS, "p@q.de", "x@y.hu", "o@u.fr", "z@k.pl", "w@v.lt", "none of it"])
    assert (guess.field, guess.how) == ("email", "9 of 10 values are e-mail addresses")
    assert one("Phone", EMAILS).how == "4 of 4 values are e-mail addresses, whatever its header says"


@pytest.mark.parametrize(
    ("header", "cells", "offer"),
    [
        ("Ansprechende", PEOPLE, "name"),
        ("Wo", ["Germany", "France", "Italy"], "country"),
        ("Wann", ["2024-01-01", "2024-01-02", "2024-01-03"], "created_at"),
        ("Zeile", ["6502530000", "6502530001", "6502530007"], "external_id"),
        ("Gegend", ["10115", "80331", "10117", "20095"], "postal_code"),
        ("Hotline", ["+49 30 901820"] * 6, "phone"),
    ],
)
def test_an_unsure_guess_is_offered_not_taken(header: str, cells: list[str], offer: str) -> None:
    guess = one(header, cells)
    assert (guess.field, guess.offer) == (None, offer)
    assert guess.confidence < ENOUGH
    assert guess.how.startswith("left as an extra field; ")


def test_a_column_of_flags_is_said_to_be_one() -> None:
    guess = one("Haken", ["ja", "nein", "ja"])
    assert (guess.field, guess.how) == (None, "left as an extra field; 3 of 3 values are yes or no")


def test_a_field_is_given_once_and_phones_as_often_as_there_are() -> None:
    guesses = understand(["City", "Town", "Phone", "Tel", "Nummern"], [["", "", "", "", number] for number in PHONES])
    assert [guess.field for guess in guesses] == ["city", None, "phone", "phone_2", "phone_3"]


def test_what_a_person_said_comes_first() -> None:
    guesses = understand(["Phone", "Nick"], [["1", "2"]], {"Phone": "extra", "Nick": "name"})
    assert guesses == (ColumnGuess("Phone", None, 1.0, "you said so"), ColumnGuess("Nick", "name", 1.0, "you said so"))
    with pytest.raises(Refused, match="There is no column"):
        understand(["Phone"], [], {"Fon": "phone"})


@pytest.mark.parametrize(
    "path",
    [
        "leads/zoho_leads.csv",
        "leads/x_education_leads.csv",
        "import_samples/crm_exports/suitecrm8_leads_export_ragged.csv",
        "import_samples/crm_exports/salesforce_leads_copado_training.csv",
        "import_samples/roundcube/gmail.csv",
        "import_samples/roundcube/all.csv",
        "import_samples/roundcube/tb_plain.csv",
        "import_samples/encodings/bitrix24_lead_template_ru_utf8.csv",
        "import_samples/salesforce_dataloader/upsertAccountCsvTemplate.csv",
        "duplicates/febrl_dataset1.csv",
    ],
)
def test_real_exports_are_understood_as_their_headers_say(path: str) -> None:
    """All their fields have plain headers: neither slips nor values may add a wrong one, or doubt a right one."""
    table = open_table(shared(path))
    guesses = understand(table.columns, [row.cells for row in islice(table.rows(), 200)])
    assert {guess.header: guess.field for guess in guesses} == map_headers(table.columns)


def test_a_list_without_header_is_recognised_by_its_values() -> None:
    companies = ["Acme Ltd", "Jones Bakery", "Brown GmbH", "Kay"]
    assert by_values(PEOPLE, EMAILS, PHONES, companies, ["1", "2", "3", "4"]) == [
        "name", "email", "phone", "company", "external_id",
    ]  # fmt: skip
    assert by_values(["Олена", "Іван", "Марія"], ["Коваль", "Шевчук", "Бондар"], ["0501234567", "0671234569", "0631234561"]) == [
        "first_name", "last_name", "phone",
    ]  # fmt: skip
    assert by_values(["red", "green", "blue"], ["5", "7", "5"]) == [None, None]
    rows = list(zip(PEOPLE, EMAILS, ["x", "x", "y", "z"], PHONES, PHONES, strict=True))
    assert column_titles(rows) == ("Name", "E-mail", "Column 3", "Phone", "Phone 2")
    assert column_titles([]) == ()


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [
        ("testMULTI_VICIDIAL_lead_file.csv", ","),
        ("test_VICIDIAL_lead_file.txt", "|"),
        ("UTF8_lead_file.txt", "|"),
    ],
)
def test_a_dialers_lead_files_are_recognised(name: str, delimiter: str) -> None:
    rows = vicidial(name, delimiter)
    titles = column_titles(rows)
    assert titles[3:9] == ("Phone code", "Phone", "Title", "First name", "Middle initial", "Last name")
    fields = [guess.field for guess in understand(titles, rows, headed=False)]
    assert fields[:9] == [
        "external_id", None, None, "phone_code", "phone", "salutation", "first_name", "middle_name", "last_name",
    ]  # fmt: skip
    assert [fields[at] for at in (9, 12, 13, 15, 16, 19, 20, 22)] == [
        "address", "city", "region", "postal_code", "country", "other_phone", "email", "note",
    ]  # fmt: skip
    assert {titles[at] for at, field in enumerate(fields) if field is None} <= {
        "Source id", "List id", "Address 2", "Address 3", "Province", "Gender", "Date of birth", "Security phrase",
        "Rank", "Owner (agent or territory)", "Entry date", "More phones",
    }  # fmt: skip


def test_other_lists_have_no_known_layout() -> None:
    assert recognise([PEOPLE, EMAILS]) is None
    assert recognise([[str(at) for at in range(30)]]) is None
    assert recognise([]) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(max_size=20) | st.sampled_from(["Phone", "Name", "E-mail", "Имя", "City"]), max_size=6, unique=True
    ),
    st.lists(st.lists(st.text(max_size=12), max_size=7), max_size=5),
    st.booleans(),
)
def test_any_table_is_understood_without_failing(columns: list[str], rows: list[list[str]], headed: bool) -> None:
    guesses = understand(columns, rows, headed=headed)
    assert [guess.header for guess in guesses] == columns
    assert all(guess.field is None or guess.field in FIELDS for guess in guesses)
    assert all(0 <= guess.confidence <= 1 for guess in guesses)
    once = [guess.field for guess in guesses if guess.field and guess.field not in SEVERAL]
    assert len(once) == len(set(once))


def test_the_sample_may_be_narrower_than_the_header(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("Name,Phone\nAnna\n", encoding="utf-8")
    table = open_table(path)
    assert [guess.field for guess in understand(table.columns, [["Anna"]])] == ["name", "phone"]
