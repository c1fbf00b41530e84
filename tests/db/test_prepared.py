"""Statements built once say the same as those built at each call, on both engines."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Connection, Select, exc, insert, select

from leaddesk.db.errors import translated
from leaddesk.db.prepared import Prepared, any_of, given, said
from leaddesk.db.store import DbStore
from leaddesk.db.tables import source
from leaddesk.workflow.errors import Refused
from tests.engines import Statements

ADD = Prepared(lambda _: insert(source), ["name", "kind"])
NAMED = Prepared(lambda sqlite: select(source.c.id, source.c.name).where(any_of(sqlite, source.c.name, "names")))
NUMBERED = Prepared(
    lambda sqlite: select(source.c.name).where(any_of(sqlite, source.c.id, "ids"), source.c.kind.in_(["fair", "list"]))
)


@pytest.fixture
def connection(store: DbStore) -> Iterator[Connection]:
    with store.writing() as connection:
        ADD.each(connection, [{"name": name, "kind": "fair"} for name in ("Ярмарка", "O'Neill %s", "plain")])
        yield connection


def test_values_come_by_name_and_many_as_a_list_or_a_tuple(connection: Connection) -> None:
    found = dict(NAMED.rows(connection, names=["plain", "Ярмарка", "nobody"]))
    assert sorted(found.values()) == ["plain", "Ярмарка"]
    assert sorted(NUMBERED.scalars(connection, ids=tuple(found))) == ["plain", "Ярмарка"]
    assert NUMBERED.rows(connection, ids=[]) == []


def test_text_takes_values_by_name_too(connection: Connection) -> None:
    asked = "SELECT name FROM source WHERE name LIKE '%Neill%' AND kind = :kind"
    assert said(asked) is said(asked)
    assert said(asked).scalar(connection, kind="fair") == "O'Neill %s"
    assert said(asked).first(connection, kind="list") is None
    assert said("UPDATE source SET kind = :kind").run(connection, kind="list") == 3


def test_a_value_that_is_missing_is_a_bug_found_at_once(connection: Connection) -> None:
    with pytest.raises((KeyError, exc.ProgrammingError)):
        NAMED.rows(connection)


def test_what_the_driver_refuses_is_translated_like_everything_else(connection: Connection) -> None:
    with pytest.raises(Refused, match="the same thing"), translated():
        ADD.run(connection, name="plain", kind="fair")


def test_a_reading_sees_one_state_from_its_first_statement_on(store: DbStore) -> None:
    count = Prepared(lambda _: select(source.c.name).where(source.c.name == given("name")))
    with store.reader.connect() as reading:
        if not store.is_sqlite:
            reading.execution_options(isolation_level="REPEATABLE READ")
        assert count.scalar(reading, name="late") is None
        with store.writing() as writing:
            ADD.run(writing, name="late", kind="fair")
            writing.commit()
        assert count.scalar(reading, name="late") is None
        reading.rollback()
        assert count.scalar(reading, name="late") == "late"


def test_whoever_counts_statements_counts_these(
    store: DbStore, statements: Callable[[DbStore], AbstractContextManager[Statements]]
) -> None:
    with statements(store) as seen, store.reader.connect() as connection:
        assert NAMED.rows(connection, names=["plain"]) == []
    assert [text.split()[0] for text in seen.texts] == ["SELECT"]


def test_it_is_built_once_for_an_engine(store: DbStore) -> None:
    built: list[bool] = []

    def build(sqlite: bool) -> Select[tuple[str]]:
        built.append(sqlite)
        return select(source.c.name)

    asked = Prepared(build)
    with store.reader.connect() as connection:
        asked.rows(connection)
        asked.rows(connection)
    assert built == [store.is_sqlite]
