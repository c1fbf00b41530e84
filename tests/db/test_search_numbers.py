"""Numbers are found by any part, in any spelling, on both engines, and by index."""

import pytest
from sqlalchemy import event

from leaddesk.db.answers.search import terms_of
from leaddesk.db.search import fold, is_number, written
from leaddesk.db.store import DbStore
from leaddesk.workflow.cards import Search
from leaddesk.workflow.clients import ConvertLead, PersonInput, SavePerson
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead, EditExtras
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel

PEOPLE = {
    "kyiv": ("067 123 45 67", "UA"),
    "moscow": ("8 (916) 123-45-68", "RU"),
    "budapest": ("06 30 123 45 69", "HU"),
    "london": ("+44 20 7946 0958", "GB"),
    "tehran": ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "IR"),
    "buenos aires": ("+54 9 11 2345-6789", "AR"),
    "minsk": ("+375 29 491 19 11", "BY"),
    "baku": ("+994 50 212 34 12", "AZ"),
    "warsaw": ("512 345 670", "PL"),
    "office": ("+49 30 23125012 ext. 45", "DE"),
    "nowhere": ("(044) 765-43-21", ""),
}
TYPED = [
    ("067 123", "kyiv"), ("(067)123-45-67", "kyiv"), ("+38067", "kyiv"), ("0038067", "kyiv"), ("00380 67 123", "kyiv"),
    ("+38 (067) 123", "kyiv"), ("380671234567", "kyiv"), ("67 123 45", "kyiv"), ("4569", "budapest"), ("067", "kyiv"),
    ("067.123.45.67", "kyiv"), ("067/1234567", "kyiv"), ("tel:+380671234567", "kyiv"), ("０６７１２３", "kyiv"),
    ("kyiv 067 123-45-67", "kyiv"), ("(067) 123-45-67 kyiv", "kyiv"), ("+380 67 123-45-67 ext. 3", "kyiv"),
    ("8 916", "moscow"), ("+7 916", "moscow"), ("8 (916) 123-45-68", "moscow"), ("007916", "moscow"), ("916 123", "moscow"),
    ("06 30 123 45 69", "budapest"), ("0630123", "budapest"), ("+36 30 123", "budapest"), ("30 123 45 69", "budapest"),
    ("00 44 20 7946", "london"), ("7946 0", "london"), ("020 7946 0958", "london"), ("+44 (0)20 7946", "london"),
    ("0044 (0) 20 7946", "london"), ("011 44 20 7946", "london"), ("8 10 44 20 7946", "london"), ("0958", "london"),
    ("۰۹۱۲", "tehran"), ("0912 345", "tehran"), ("+98912", "tehran"), ("٠٩١٢٣٤٥", "tehran"), ("6789 tehran", "tehran"),
    ("011 15-2345-6789", "buenos aires"), ("15-2345", "buenos aires"), ("+54 9 11", "buenos aires"),
    ("8 029 491", "minsk"), ("+375 29", "minsk"), ("80294911911", "minsk"),
    ("050 212", "baku"), ("0502123412", "baku"),
    ("512 345 670", "warsaw"), ("+48512", "warsaw"), ("0 512 345 670", "warsaw"),
    ("030 23125", "office"), ("030 23125012 ext 45", "office"), ("030 23125012 x45", "office"), ("2312501245", "office"),
    ("044 765", "nowhere"), ("0447654321", "nowhere"), ("+380 44 765 43 21", ""), ("765-43-21", "nowhere"),
    ("068 123", ""), ("0671234568", ""), ("+44 21 7946", ""), ("kyiv 067 123-45-68", ""), ("moscow 067 123-45-67", ""),
]  # fmt: skip


@pytest.fixture
def people(desk: Desk) -> dict[int, str]:
    """One lead for each number, named by where it is."""
    ids = {}
    for name, (number, country) in PEOPLE.items():
        given = (PointInput(Channel.PHONE, number),)
        ids[desk.do(AddLead(values={"name": name, "country": country}, points=given)).value.id] = name
    return ids


def test_a_number_is_found_by_any_part_in_any_spelling(desk: Desk, people: dict[int, str]) -> None:
    wrong = {}
    for typed, name in TYPED:
        found = [people[hit.id] for hit in desk.read(Search(typed))]
        if found != ([name] if name else []):
            wrong[typed] = found
    assert wrong == {}


def test_why_it_was_found_is_the_number(desk: Desk, people: dict[int, str]) -> None:
    assert people
    (hit,) = desk.read(Search("06 30 123"))
    assert hit.why == "+36 30 123 4569"


def test_numbers_of_messengers_extra_columns_and_contact_persons_are_found_too(desk: Desk) -> None:
    whatsapp = PointInput(Channel.WHATSAPP, "+380 (50) 212-34-56")
    lead = desk.do(AddLead(values={"name": "Olena"}, points=(whatsapp,))).value
    desk.do(EditExtras(lead.id, {"Phone 4": "(095) 765-43-21", "Met": "12.05.2026"}))
    for typed in ("050 212", "+38050212", "212-34", "0957654321", "765 43 21", "12.05.2026"):
        assert [hit.id for hit in desk.read(Search(typed))] == [lead.id], typed
    (hit,) = desk.read(Search("095 765"))
    assert hit.why == "Phone 4: (095) 765-43-21"
    client = desk.do(ConvertLead(lead_id=lead.id)).value
    desk.do(SavePerson(client_id=client.id, person=PersonInput(name="Iryna", phone="+380 63 (111) 22-33")))
    for typed in ("063 111", "111 22 33", "+38063"):
        assert [(hit.kind, hit.id) for hit in desk.read(Search(typed))] == [("client", client.id)], typed


def test_digits_of_any_script_are_the_same_digits() -> None:
    assert fold("Блок ۱۲, ３ этаж") == "блок 12, 3 этаж"
    assert is_number("(095) 765-43-21")
    assert not is_number("095 765")
    assert not is_number("room 7654321")


@pytest.mark.parametrize(
    ("value", "raw", "spellings"),
    [
        ("+380 67 123 4567", "0671234567", ["380671234567"]),
        ("+36 30 123 4567", "06 30 123 4567", ["36301234567", "06301234567"]),
        ("+36 30 123 4567", "", ["36301234567", "06301234567"]),
        ("+1 212-555-0101", "(212) 555-0101", ["12125550101"]),
        ("+48 512 345 678", "512345678", ["48512345678"]),
        ("+49 30 23125012 ext. 45", "030/23125012-45", ["493023125012" + "45", "03023125012", "0302312501245"]),
        ("call me", "call me", []),
    ],
)
def test_what_is_part_of_another_spelling_is_stored_once(value: str, raw: str, spellings: list[str]) -> None:
    assert written(value, raw) == spellings


def test_beside_words_only_a_whole_number_is_a_number() -> None:
    assert terms_of("Main Street 12 14") == [["main"], ["street"], ["12"], ["14"]]
    assert terms_of("olena 067 123-45-67") == [["olena"], ["0671234567", "671234567"]]
    assert terms_of("3M 2026") == [["3m"], ["2026"]]


@pytest.mark.parametrize("typed", ["067 123", "8 916 123-45-67", "olena 0671234567", "+44 (0)20 7946"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_numbers_are_found_by_index(desk: Desk, store: DbStore, people: dict[int, str], typed: str) -> None:
    assert people
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        if "search_fts" in statement:
            asked.append((statement, parameters))

    event.listen(store.reader, "before_cursor_execute", note)
    desk.read(Search(typed))
    event.remove(store.reader, "before_cursor_execute", note)
    ((statement, parameters),) = asked
    with store.reader.connect() as connection:
        plan = [line[3] for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any("VIRTUAL TABLE INDEX" in step for step in plan)
    assert not any(step.startswith("SCAN search_doc") for step in plan)
