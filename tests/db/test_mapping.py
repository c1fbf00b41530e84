"""Whatever an entity holds comes back as it was, on both engines, and is stored the same."""

import types
import typing
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text

from leaddesk.db.ids import among, among_texts
from leaddesk.db.mapping import TABLES, from_ms, mapper, to_ms
from leaddesk.db.store import DbStore
from leaddesk.db.tables import draft, lead, operation
from leaddesk.workflow import entities
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead, LeadExtra, Note, Row
from leaddesk.workflow.ports import Work
from leaddesk.workflow.undo import Undo
from tests.db.commands import Do
from tests.engines import START

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
LINES = st.text(st.characters(codec="utf-8", exclude_characters="\x00\n"), min_size=1, max_size=10)
MOMENTS = st.integers(to_ms(datetime(1970, 1, 1, tzinfo=UTC)), to_ms(datetime(2200, 1, 1, tzinfo=UTC))).map(from_ms)


def values_for(hint: Any) -> st.SearchStrategy[Any]:
    """Anything a field of this type may hold."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return st.one_of([st.none() if part is type(None) else values_for(part) for part in typing.get_args(hint)])
    if origin is tuple:
        return st.lists(LINES, max_size=3).map(tuple)
    if origin is dict:
        inner = st.integers(0, 10**9) if typing.get_args(hint)[1] is int else TEXTS
        return st.dictionaries(TEXTS, inner, max_size=3)
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    simple: dict[type[Any], st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(-(2**31), 2**31 - 1),
        str: TEXTS,
        datetime: MOMENTS,
        Decimal: st.decimals(allow_nan=False, allow_infinity=False, places=2),
    }
    return simple[hint]


def some(kind: type[Row]) -> st.SearchStrategy[Row]:
    """Any entity of a kind that hangs on no other row."""
    names = {**vars(entities), "datetime": datetime, "Decimal": Decimal}
    hints = typing.get_type_hints(kind, localns=names)
    table = TABLES[kind]
    fields = {name: values_for(hint) for name, hint in hints.items() if name != "id"}
    for key in (key for key in table.foreign_keys if key.parent.name != "id"):
        fields[key.parent.name] = st.just(1) if not key.parent.nullable else st.none()
    return st.builds(kind, id=st.just(1), **{name: plan for name, plan in fields.items() if name in table.c})


@pytest.mark.parametrize("kind", tuple(TABLES), ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_comes_back(store: DbStore, kind: type[Row], data: st.DataObject) -> None:
    row = data.draw(some(kind))
    m = mapper(kind)
    stored = m.stored(row)
    with store.writer.connect() as connection:
        connection.begin()
        defer = "PRAGMA defer_foreign_keys = ON" if store.is_sqlite else "SET CONSTRAINTS ALL DEFERRED"
        connection.execute(text(defer))
        connection.execute(delete(m.table))
        connection.execute(insert(m.table).values(stored))
        back = connection.execute(select(*m.columns)).one()
        assert m.entity(back) == row
        assert m.stored(m.entity(back)) == stored == dict(zip(m.names, back, strict=True))
        connection.rollback()


def test_every_column_has_a_field_and_every_field_a_column() -> None:
    for kind in tuple(TABLES):
        assert set(mapper(kind).names) == set(TABLES[kind].c.keys()), kind


NASTY = [
    "\x00",
    "a\x00b",
    "\ud800",
    "x\udfffy",
    "\ufffe",
    "\u202e",
    "'; DROP TABLE lead; --",
    "%s :x ?",
    "\\u0000",
    "é",
]


def test_text_no_engine_can_keep_becomes_text_both_can(desk: Desk) -> None:
    def add(work: Work) -> list[Lead]:
        leads = [work.add(Lead(name=nasty, tags=(nasty,), company=nasty)) for nasty in NASTY]
        for one in leads:
            work.add(LeadExtra(id=one.id, fields={one.name: "x" + NASTY[one.id - 1]}))
            work.add(Note(lead_id=one.id, at=START, text=NASTY[one.id - 1]))
            work.save_draft(f"lead:{one.id}", NASTY[one.id - 1])
        work.words = "".join(NASTY)
        return leads

    added = desk.do(Do(add)).value
    read = desk.do(Do(lambda work: (work.find(Lead), work.find(Lead, name=NASTY[2])))).value
    assert read == (added, [added[2]])
    assert [one.name for one in added][:4] == ["␀", "a␀b", "?", "x?y"]
    assert [one.name for one in added][4:] == NASTY[4:], "whatever can be kept is kept"
    desk.do(Do(lambda work: work.change(work.get(Lead, 1), name="\x00\ud800", city="")))
    desk.do(Undo())
    assert desk.do(Do(lambda work: work.find(Lead))).value == added
    with desk.store.reader.connect() as connection:
        assert len(connection.execute(select(draft)).all()) == len(NASTY)
        words = connection.scalar(select(operation.c.words).order_by(operation.c.id).limit(1))
        assert words is not None
        assert "␀" in words


def test_any_number_of_ids_fits_one_statement(desk: Desk, store: DbStore) -> None:
    desk.do(Do(lambda work: work.add_many([Lead(name=f"Lead {n}") for n in range(300)])))
    with store.reader.connect() as connection:
        many = [*range(-50_000, 0), 7, 299, 300, 301, 2**53]
        found = select(lead.c.id).where(among(connection, lead.c.id, many)).order_by(lead.c.id)
        assert connection.scalars(found).all() == [7, 299, 300]
        assert connection.scalars(select(lead.c.id).where(among(connection, lead.c.id, []))).all() == []
        names = ["Lead 3", "Lead \"x'", "", *(f"nobody {n}" for n in range(50_000))]
        assert connection.scalars(select(lead.c.name).where(among_texts(connection, lead.c.name, names))).all() == [
            "Lead 3"
        ]
