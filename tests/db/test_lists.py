"""Lists on both engines: every order of every selection is what sorting by hand gives, for whoever asks."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from leaddesk.db.answers import list_orders, lists
from leaddesk.db.id_lists import sorted_ids
from leaddesk.db.store import DbStore
from leaddesk.db.tables import client, import_batch, lead, search_doc, source
from leaddesk.workflow.cards import ClientIds, Filter, LeadIds, LeadRows, Search
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.vocabulary import Status, Temperature
from tests.engines import START

COUNT = 400
NOW = int(START.timestamp() * 1000)
WARMTH = {"hot": 0, "warm": 1, "cold": 2}
SORTS: dict[str, Callable[[Any], Any]] = {
    "name": lambda row: row.name,
    "company": lambda row: row.company,
    "status": lambda row: row.status,
    "temperature": lambda row: WARMTH[row.temperature],
    "score": lambda row: row.score,
    "source": lambda row: row.source_id or 0,
    "owner": lambda row: row.owner_id or 0,
    "country": lambda row: row.country,
    "city": lambda row: row.city,
    "last_call": lambda row: row.last_call_at or 0,
    "next": lambda row: row.retry_at or 0,
    "return": lambda row: row.return_at or 0,
    "attempts": lambda row: row.attempts,
    "touches": lambda row: row.touches,
    "created": lambda row: row.created_at,
    "changed": lambda row: row.changed_at,
    "id": lambda row: row.id,
}
FILTERS: dict[str, tuple[Filter, Callable[[Any], bool]]] = {
    "all": (Filter(), lambda _row: True),
    "new or in progress": (
        Filter(statuses=(Status.NEW, Status.IN_PROGRESS)),
        lambda row: row.status in ("new", "in_progress"),
    ),
    "mine": (Filter(owner_id=2), lambda row: row.owner_id == 2),
    "pool": (Filter(owner_id=0), lambda row: row.owner_id is None),
    "another's": (Filter(owner_id=1), lambda row: row.owner_id == 1),
    "source": (Filter(source_id=2), lambda row: row.source_id == 2),
    "one import": (Filter(batch_id=1), lambda row: row.batch_id == 1),
    "hot and good": (
        Filter(temperatures=(Temperature.HOT,), min_score=50),
        lambda row: row.temperature == "hot" and row.score >= 50,
    ),
    "tag": (Filter(tag="fair"), lambda row: "fair" in row.tags),
    "days": (
        Filter(created_from=START - timedelta(days=20), created_to=START - timedelta(days=10)),
        lambda row: NOW - 20 * 86_400_000 <= row.created_at < NOW - 10 * 86_400_000,
    ),
    "incomplete": (Filter(incomplete=True), lambda row: not row.name or row.reach == "none"),
    "suspicious": (
        Filter(suspicious=True),
        lambda row: row.spam >= 50 and not row.suspicion_ok and row.status != "disqualified",
    ),
    "text": (Filter(text="smi"), lambda row: "smi" in row.name.lower()),
    "two letters": (
        Filter(text="an", statuses=(Status.NEW,)),
        lambda row: row.name.lower().startswith("an") and row.status == "new",
    ),
    "nobody": (Filter(source_id=1, tag="no such"), lambda _row: False),
}


def somebody(dice: random.Random, lead_id: int) -> dict[str, Any]:
    """A lead that is like others in most things, so that ids decide among equals."""
    return {
        "id": lead_id,
        "name": dice.choice(("", "Ann Smith", "ann Smithers", "Bo", "Zoé", "Іван", f"Ann {lead_id % 9}")),
        "company": dice.choice(("", "Acme", "Zet", "Фірма")),
        "status": dice.choice([str(status) for status in Status if status != Status.CONVERTED]),
        "temperature": dice.choice(("hot", "warm", "cold")),
        "score": dice.randrange(101),
        "source_id": dice.choice((None, 1, 2)),
        "owner_id": dice.choice((None, 1, 2)),
        "country": dice.choice(("", "UA", "DE", "GB")),
        "city": dice.choice(("", "Kyiv", "Bonn")),
        "last_call_at": dice.choice((None, NOW - dice.randrange(10**9))),
        "retry_at": dice.choice((None, NOW + dice.randrange(10**9))),
        "return_at": dice.choice((None, NOW + dice.randrange(10**10))),
        "attempts": dice.randrange(6),
        "touches": dice.randrange(9),
        "created_at": NOW - dice.randrange(40) * 86_400_000,
        "changed_at": NOW - dice.randrange(10**9),
        "batch_id": dice.choice((None, 1)),
        "reach": dice.choice(("phone", "mail", "none")),
        "spam": dice.choice((0, 49, 50, 90)),
        "suspicion_ok": dice.choice((0, 1)),
        "tags": dice.choice(("", "fair", "vip\nfairground", "expo")),
    }


@pytest.fixture
def floor(desk: Desk, store: DbStore) -> Desk:
    dice = random.Random(5)
    people = [somebody(dice, 1 + number * 3) for number in range(COUNT)]
    with store.writing() as connection:
        connection.execute(insert(source), [{"id": 1, "name": "Fair"}, {"id": 2, "name": "Site"}])
        connection.execute(insert(import_batch), [{"id": 1, "at": NOW}])
        connection.execute(insert(lead), people)
        connection.execute(insert(client), [{"id": 7, "name": "Ann Smith", "company": "Zet", "changed_at": NOW}])
        docs = [{"id": 2 * row["id"], "text": row["name"].lower() + " \x1f acme"} for row in people]
        connection.execute(insert(search_doc), [*docs, {"id": 15, "text": "ann smith zet"}])
        if store.is_sqlite:
            connection.exec_driver_sql("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
        connection.commit()
    return desk


def may_see(desk: Desk, row: Any) -> bool:
    return desk.user.login == "boss" or row.owner_id in (None, desk.user.id)


def by(key: Callable[[Any], Any], row: Any) -> tuple[Any, int]:
    return key(row), row.id


def seen_by(desk: Desk, store: DbStore) -> list[int]:
    with store.reader.connect() as connection:
        return [row.id for row in connection.execute(select(lead).order_by(lead.c.id)) if may_see(desk, row)]


def wrong_answers(store: DbStore, *desks: Desk) -> list[tuple[Any, ...]]:
    """Every order of every selection that is not what sorting by hand gives, and every first screen that is not its head."""
    with store.reader.connect() as connection:
        rows = connection.execute(select(lead)).all()
    wrong: list[tuple[Any, ...]] = []
    for named, (wanted, fits) in FILTERS.items():
        for who in desks:
            seen = [row for row in rows if fits(row) and may_see(who, row)]
            for sort in SORTS if named in ("all", "new or in progress", "mine") else ("name", "changed", "score"):
                for down in (True, False):
                    expected = [row.id for row in sorted(seen, key=partial(by, SORTS[sort]), reverse=down)]
                    question = LeadIds(wanted, sort, down)
                    if list(who.read(question)) != expected:
                        wrong.append((named, who.user.login, sort, down))
                    if list(who.read(replace(question, limit=20))) != expected[:20]:
                        wrong.append((named, who.user.login, sort, down, "first"))
    return wrong


def test_every_order_of_every_selection_is_what_sorting_by_hand_gives(
    floor: Desk, operator_desk: Desk, store: DbStore
) -> None:
    assert wrong_answers(store, floor, operator_desk) == []
    with store.reader.connect() as connection:
        rows = connection.execute(select(lead)).all()
    assert [named for named, (_, fits) in FILTERS.items() if not any(map(fits, rows))] == ["nobody"]


def test_instants_at_the_ends_of_the_calendar_are_in_their_places(
    floor: Desk, operator_desk: Desk, store: DbStore
) -> None:
    ends = {"created_at": -62_135_596_800_000, "retry_at": 253_402_300_799_999}
    with store.writing() as connection:
        connection.execute(update(lead).where(lead.c.id.in_((4, 7))).values(ends))
        connection.commit()
    with store.reader.connect() as connection:
        by_hand = sorted_ids(connection, lead.c.retry_at, (), (), down=False, around=NOW)
    assert (by_hand is None) != store.is_sqlite, "a server has no room for that beside the id, and sorts itself"
    assert wrong_answers(store, floor, operator_desk) == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_many_leads_are_picked_out_of_the_order_of_all(
    floor: Desk, operator_desk: Desk, store: DbStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (lists, list_orders):
        monkeypatch.setattr(module, "LOOKED_UP", 5)
    assert wrong_answers(store, floor, operator_desk) == []


def test_a_list_by_a_word_leaves_nobody_out(floor: Desk, operator_desk: Desk, store: DbStore) -> None:
    """The search box ranks some hundred; a list has them all, and an operator's only theirs."""
    every = seen_by(floor, store)
    assert list(floor.read(LeadIds(Filter(text="acme"), "id", descending=False))) == every
    mine = seen_by(operator_desk, store)
    assert list(operator_desk.read(LeadIds(Filter(text="acme"), "id", descending=False))) == mine
    assert list(floor.read(ClientIds("ann smi"))) == [7]
    assert list(floor.read(ClientIds("an"))) == [7]


@pytest.mark.parametrize("typed", ["acme", "ann smi", "an", "a", "ann 4"])
def test_an_operator_finds_what_they_may_see_however_much_there_is(
    floor: Desk, operator_desk: Desk, store: DbStore, typed: str
) -> None:
    found = [hit.id for hit in operator_desk.read(Search(typed, limit=COUNT)) if hit.kind == "lead"]
    seen = set(seen_by(operator_desk, store))
    expected = {hit.id for hit in floor.read(Search(typed, limit=COUNT)) if hit.kind == "lead"} & seen
    assert set(found) >= expected > set()
    assert set(found) <= seen


def test_rows_come_in_the_order_of_the_ids_without_those_not_to_be_seen(
    floor: Desk, operator_desk: Desk, store: DbStore
) -> None:
    ids = tuple(floor.read(LeadIds(sort="score")))
    assert [row.id for row in floor.read(LeadRows((*ids, 99_999)))] == list(ids)
    seen = set(seen_by(operator_desk, store))
    assert [row.id for row in operator_desk.read(LeadRows(ids))] == [i for i in ids if i in seen]
