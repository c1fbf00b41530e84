"""What a search asks the database for, and that it asks for no more than it needs, with the same answers on both engines."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from leaddesk.db.answers.search import NEWEST, RANKED, WALKED, is_rich
from leaddesk.db.store import DbStore
from leaddesk.workflow.cards import Filter, LeadIds, Search
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
CARDS = (
    ("Olena Hrytsenko", "Klochkivska Trade"), ("olga Petrenko", "OLVIA Trading"), ("Petro Olenych", "Kolo LLC"), ("", "Olympus"),
    ("OLEH", "Trade & Co"), ("Ann Lee", "Annex"), ("Joanna", "Hannah Annual"), ("Ola Åkesson", "Ölund"),
)  # fmt: skip


@pytest.fixture
def people(desk: Desk) -> Desk:
    """Names and companies that begin alike, and one client."""
    for name, company in CARDS:
        lead = desk.do(AddLead(values={"name": name, "company": company})).value
        if company == "Olympus":
            desk.do(ConvertLead(lead_id=lead.id))
    return desk


@contextmanager
def asked(store: DbStore) -> Iterator[list[tuple[str, Any]]]:
    """What is said to the database, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        found.append((statement, values))

    event.listen(store.reader, "before_cursor_execute", note)
    yield found
    event.remove(store.reader, "before_cursor_execute", note)


def plan_of(store: DbStore, statement: str, values: Any) -> list[str]:
    with store.reader.connect() as connection:
        return [line[3] for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


@pytest.mark.parametrize("typed", ["o", "ol", "O"])
def test_one_or_two_letters_are_one_statement(people: Desk, operator_desk: Desk, store: DbStore, typed: str) -> None:
    for who in (people, operator_desk):
        with asked(store) as statements:
            hits = who.read(Search(typed))
        assert len(statements) == 1
        assert [hit.title for hit in hits][:3] == ["Ola Åkesson", "OLEH", "Olena Hrytsenko"]


@ON_SQLITE
def test_they_are_read_in_order_and_by_index_alone(people: Desk, operator_desk: Desk, store: DbStore) -> None:
    for who in (people, operator_desk):
        with asked(store) as statements:
            who.read(Search("ol"))
        plan = plan_of(store, *statements[0])
        assert sum("USING INDEX ix_lead_name (name>? AND name<?)" in step for step in plan) == 3
        assert sum("USING INDEX ix_client_company (company>? AND company<?)" in step for step in plan) == 3
        assert not [step for step in plan if "TEMP B-TREE" in step or re.match(r"SCAN (lead|client)\b", step)]


@ON_SQLITE
@pytest.mark.parametrize("typed", ["o", "ole", "olen", "olen klo", "a b", "067 123"])
def test_no_statement_is_planned_anew_for_a_limit_given_from_outside(people: Desk, store: DbStore, typed: str) -> None:
    with asked(store) as statements:
        people.read(Search(typed))
    assert statements
    assert not [statement for statement, _ in statements if "LIMIT ?" in statement]


@ON_SQLITE
@pytest.mark.parametrize(("typed", "proven"), [("ole", True), ("ole rad", True), ("olen", False), ("ole trade", False)])
def test_three_letters_are_proven_by_the_index_alone(people: Desk, store: DbStore, typed: str, proven: bool) -> None:
    for question in (Search(typed), LeadIds(Filter(text=typed))):
        with asked(store) as statements:
            assert people.read(question)
        (search,) = [(said, values) for said, values in statements if "search_fts MATCH" in said]
        plan = plan_of(store, *search)
        assert any("VIRTUAL TABLE INDEX" in step for step in plan)
        assert any("search_doc" in step for step in plan) != proven
        assert not [step for step in plan if step.startswith("SCAN search_doc")]


@ON_SQLITE
def test_whose_a_hit_is_is_read_off_a_narrow_index(people: Desk, operator_desk: Desk, store: DbStore) -> None:
    assert people
    with asked(store) as statements:
        assert operator_desk.read(Search("olen"))
    (search,) = [(said, values) for said, values in statements if "search_fts MATCH" in said]
    plan = plan_of(store, *search)
    assert any("lead USING COVERING INDEX ix_lead_about (id=?)" in step for step in plan)
    assert not [step for step in plan if "TEMP B-TREE" in step]


@pytest.mark.parametrize(
    "typed", ["ole", "ann", "olen", "ole tra", "tra", "trad", "tra co", "nna hann", "ole zz", "xyz", "ол", "ade", 'a"b', "%ol"]
)  # fmt: skip
def test_found_is_what_contains_every_part(people: Desk, typed: str) -> None:
    texts = {n: f"{name} {company}".casefold() for n, (name, company) in enumerate(CARDS, start=1)}
    wanted = {n for n, text in texts.items() if all(part in text for part in typed.split())}
    assert {hit.id for hit in people.read(Search(typed)) if hit.kind == "lead"} == wanted
    assert set(people.read(LeadIds(Filter(text=typed)))) == wanted


def test_by_one_letter_leads_and_clients_come_in_order_of_names(people: Desk) -> None:
    told = [(hit.kind, hit.title, hit.why, hit.status) for hit in people.read(Search("o"))]
    assert [title for _, title, _, _ in told] == [
        "Ola Åkesson", "OLEH", "Olena Hrytsenko", "olga Petrenko", "Olympus", "Olympus",
    ]  # fmt: skip
    assert told[2][2] == "Klochkivska Trade"
    assert {(kind, status) for kind, title, _, status in told if title == "Olympus"} == {
        ("lead", "converted"), ("client", "client"),
    }  # fmt: skip


def test_each_way_to_be_called_so_has_its_place(desk: Desk) -> None:
    """Many leads with such a name leave room for the client with such a company."""
    for number in range(30):
        desk.do(AddLead(values={"name": f"Ab {number:02}"}))
    lead = desk.do(AddLead(values={"name": "Zoe", "company": "Aa Trade"})).value
    desk.do(ConvertLead(lead_id=lead.id))
    hits = desk.read(Search("a"))
    assert len(hits) == 20
    assert [(hit.kind, hit.title) for hit in hits][:2] == [("client", "Aa Trade"), ("lead", "Ab 00")]


def test_an_operator_sees_by_one_letter_what_by_three(desk: Desk, operator_desk: Desk, people: Desk) -> None:
    hidden = people.do(AddLead(values={"name": "Oleksa Hidden"}, owner_id=desk.user.id)).value
    for typed in ("o", "ol", "ole"):
        assert hidden.id in [hit.id for hit in desk.read(Search(typed))]
        assert hidden.id not in [hit.id for hit in operator_desk.read(Search(typed))]
        assert operator_desk.read(Search(typed))


# On a server

ON_SERVER = pytest.mark.parametrize("engine_name", ["postgresql"])
SPREAD = """
    INSERT INTO lead (id, name, status, owner_id)
    SELECT n * 100, 'Name ' || n, 'new', CASE WHEN n % 7 < 3 THEN 2 WHEN n % 7 < 6 THEN 1 END FROM generate_series(1, 9000) n;
    INSERT INTO search_doc (id, text)
    SELECT n * 200, 'name ' || n || CASE WHEN n % 12 = 0 THEN ' rich' ELSE '' END || CASE WHEN n % 600 = 0 THEN ' rare' ELSE '' END
        || CASE WHEN n % 5 < 4 THEN ' everybody' ELSE '' END
    FROM generate_series(1, 9000) n;
    ANALYZE;
"""
"""Cards with numbers up to 900,000: by them a server's millions are reckoned."""


@pytest.fixture
def spread(desk: Desk, operator_desk: Desk, store: DbStore) -> Desk:
    assert (desk.user.id, operator_desk.user.id) == (1, 2)
    with store.writing() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(SPREAD)
        connection.commit()
    return desk


@ON_SERVER
@pytest.mark.parametrize(
    ("typed", "every", "how"), [("everybody", 1, "head"), ("rich", 12, "walk"), ("rare", 600, "index"), ("name", 1, "head")]
)  # fmt: skip
def test_a_server_walks_for_rich_words_and_seeks_for_rare_ones(
    spread: Desk, operator_desk: Desk, store: DbStore, typed: str, every: int, how: str
) -> None:
    def has(n: int) -> bool:
        return n % 5 < 4 if typed == "everybody" else n % every == 0

    for who in (spread, operator_desk):
        seen = [n for n in range(9000, 0, -1) if has(n) and (who is spread or not 3 <= n % 7 < 6)]
        with asked(store) as statements:
            hits = who.read(Search(typed, limit=RANKED))
        assert {hit.id for hit in hits} == {n * 100 for n in seen[:RANKED]}
        searched = [(said, values) for said, values in statements if "search_doc" in said]
        assert len(searched) == (1 if how == "head" else 2)
        assert any("MATERIALIZED" in said for said, _ in searched) == (how == "index")
        assert any("enable_seqscan" in said for said, _ in statements)


@ON_SERVER
def test_a_server_looks_up_who_owns_a_hit_one_by_one_and_stops_when_there_are_enough(
    spread: Desk, operator_desk: Desk, store: DbStore
) -> None:
    for who in (spread, operator_desk):
        for typed in ("everybody", "rich", "rare"):
            with asked(store) as statements:
                who.read(Search(typed))
            for said, values in (one for one in statements if "search_doc" in one[0]):
                with store.reader.connect() as connection:
                    driver: Any = connection.connection.driver_connection
                    plan = "\n".join(line for (line,) in driver.execute(f"EXPLAIN {said}", values))
                assert "hashed SubPlan" not in plan
                if "MATERIALIZED" not in said:
                    assert "Index Scan Backward using pk_search_doc" in plan
                    assert "Sort" not in plan


@pytest.mark.parametrize(
    ("seen", "hits", "cards", "walks"),
    [
        (0, 0, 1_000_000, False),  # nobody has it
        (3, 3, 1_000_000, False),  # three thousand of a million: sought
        (5, 5, 1_000_000, False),
        (7, 7, 1_000_000, True),  # seven thousand: forty-three thousand walked past
        (15, 15, 100_000, False),  # of fewer cards the index names fewer
        (0, 70, 1_000_000, True),  # few of the newest may be seen, and to seek all of them is dear
        (0, 10, 1_000_000, False),  # too far to walk
    ],
)
def test_how_rich_a_word_has_to_be(seen: int, hits: int, cards: int, walks: bool) -> None:
    assert is_rich(seen, hits, cards) == walks
    assert NEWEST < WALKED
