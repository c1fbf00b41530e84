"""Filling a database that holds no leads yet with millions of rows: all or nothing, and as fast as the engine can.

The indexes are taken away first and made again from the database's own definitions, each by one sort; so are a
server's references. All is one transaction. On a file it needs no second copy of what it writes: the file grows, and
what is cut off is put back to its old length.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text, update

from leaddesk.db import due, search
from leaddesk.db.backup import driver_of
from leaddesk.db.engines import PRAGMAS
from leaddesk.db.errors import translated
from leaddesk.db.tables import client, metadata, operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from leaddesk.db.store import DbStore

    Lines = list[tuple[Any, ...]]

FTS_HASH_BYTES = 256 << 20
"""Memory for the search index while it is fed: it is written in a few large pieces and not in thousands."""
CACHE_KIB = 512 << 10
SERVER_SORT_MEMORY = "512MB"
"""What a server may take to sort the rows of one index."""


@contextmanager
def bulk(store: DbStore) -> Iterator[Bulk]:
    """A database ready to be filled; commits at the end, or leaves everything as it was. Raises `Unavailable`."""
    opened = _on_file(store) if store.path is not None else _on_server(store)
    with opened as loader:
        yield loader


class Bulk(ABC):
    """Takes rows as stored, table by table, in the order of their ids."""

    connection: Connection
    indexes: Sequence[tuple[str, str]]
    """Name and definition of every index taken away."""

    @abstractmethod
    def insert(self, table: str, names: Sequence[str], rows: Lines, added: Mapping[str, int]) -> None:
        """Store rows. What `added` says is added to the ids in its columns: they are counted from 1 in each block."""

    @abstractmethod
    def run(self, statement: str) -> None:
        """Carry out one statement of our own."""

    def search_texts(self, rows: Lines, added: int) -> None:
        """Store the leads' search texts, as (lead's id, text)."""
        self.insert("search_doc", ("id", "text"), [(i * 2, words) for i, words in rows], {"id": added * 2})

    def clients_search(self) -> None:
        """Make the clients' search texts out of what is stored by now."""
        ids = self.connection.scalars(select(client.c.id).order_by(client.c.id)).all()
        search.refresh(self.connection, (), ids)

    def nobodys(self, operation_id: int) -> None:
        """The operation the rows were made by is nobody's to undo: they are not in the journal one by one."""
        here = operation.c.id == operation_id
        self.connection.execute(update(operation).where(here).values(user_id=None, command="FoundFloor"))

    def finish(self, progress: Callable[[int, int], None]) -> None:
        """Make the indexes and whatever else was left for the end; `progress` is told of each."""
        steps = self.steps()
        for done, step in enumerate(steps):
            progress(done, len(steps))
            self.run(step)
        progress(len(steps), len(steps))

    @abstractmethod
    def steps(self) -> list[str]:
        """The statements of the end."""


# SQLite


class _FileBulk(Bulk):
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        found = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid"
        )
        self.indexes = [(str(name), str(sql)) for name, sql in found]
        for name in due.triggers("sqlite"):
            self.run(f"DROP TRIGGER {name}")
        for name, _ in self.indexes:
            self.run(f"DROP INDEX {name}")
        for name, value in (("automerge", 0), ("hashsize", FTS_HASH_BYTES)):
            self.run(f"INSERT INTO search_fts(search_fts, rank) VALUES ('{name}', {value})")  # noqa: S608 - our own names

    def insert(self, table: str, names: Sequence[str], rows: Lines, added: Mapping[str, int]) -> None:
        if rows:
            marks = ", ".join(f"? + {added[name]:d}" if name in added else "?" for name in names)
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names
            self.connection.exec_driver_sql(statement, rows)

    def search_texts(self, rows: Lines, added: int) -> None:
        super().search_texts(rows, added)
        self.insert("search_fts", ("rowid", "text"), [(i * 2, words) for i, words in rows], {"rowid": added * 2})

    def run(self, statement: str) -> None:
        self.connection.exec_driver_sql(statement)

    def steps(self) -> list[str]:
        return [
            due.FILL,
            *(sql for _, sql in self.indexes),
            *due.triggers("sqlite").values(),
            "INSERT INTO search_fts(search_fts) VALUES ('optimize')",
            "DELETE FROM search_fts_config WHERE k IN ('automerge', 'hashsize')",
        ]


@contextmanager
def _on_file(store: DbStore) -> Iterator[Bulk]:
    """A connection of its own, alone with the file: the store's are let go of, and come again when asked for."""
    assert store.path is not None  # noqa: S101 - the caller has looked
    store.close()
    with translated(), store.writer.connect() as connection:
        driver = driver_of(connection)
        try:
            # Foreign keys are told by whoever makes the rows; `check` proves them. A sort may spill and use threads
            # only where temporary tables are files.
            for name, value in (
                ("locking_mode", "EXCLUSIVE"),
                ("journal_mode", "TRUNCATE"),
                ("foreign_keys", "OFF"),
                ("temp_store", "FILE"),
                ("cache_size", f"-{CACHE_KIB}"),
                ("threads", "4"),
            ):
                driver.execute(f"PRAGMA {name} = {value}").fetchall()
            connection.begin()
            yield _FileBulk(connection)
            connection.commit()
        finally:
            connection.rollback()
            driver.execute("PRAGMA locking_mode = NORMAL").fetchall()
            for name, value in PRAGMAS:
                driver.execute(f"PRAGMA {name} = {value}").fetchall()
            connection.invalidate()


# PostgreSQL


class _ServerBulk(Bulk):
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._cursor = driver_of(connection).cursor()
        self._tables = {due.due.name}
        self._fresh: set[str] = set()
        self.run(f"SET LOCAL maintenance_work_mem = '{SERVER_SORT_MEMORY}'")
        ours = {"tables": list(metadata.tables)}
        found = connection.execute(
            text(
                "SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
                "JOIN pg_class t ON t.oid = x.indrelid LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid "
                "WHERE t.relname = ANY(:tables) AND t.relnamespace = current_schema()::regnamespace AND c.oid IS NULL "
                "ORDER BY x.indexrelid"
            ),
            ours,
        )
        self.indexes = [(str(name), str(sql)) for name, sql in found]
        self._references = [
            (str(table), str(name), str(sql))
            for table, name, sql in connection.execute(
                text(
                    "SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
                    "JOIN pg_class t ON t.oid = c.conrelid WHERE c.contype = 'f' AND t.relname = ANY(:tables) "
                    "AND t.relnamespace = current_schema()::regnamespace ORDER BY c.oid"
                ),
                ours,
            )
        ]
        for table in ("task", "lead"):
            self.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, name, _ in self._references:
            self.run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in self.indexes:
            self.run(f"DROP INDEX {name}")

    def insert(self, table: str, names: Sequence[str], rows: Lines, added: Mapping[str, int]) -> None:
        moved = [(names.index(name), base) for name, base in added.items()]
        with self._cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN{self._how(table)}") as copy:
            for row in rows:
                line = list(row)
                for place, base in moved:
                    if line[place] is not None:
                        line[place] += base
                copy.write_row(line)

    def _how(self, table: str) -> str:
        """Rows of a table that was empty are marked as seen by everybody at once.

        Until they are, the server looks each row up to see whether it may be read off an index alone: a list of a
        million takes three times as long, for hours.
        """
        if table not in self._tables:
            self._tables.add(table)
            if not self.connection.exec_driver_sql(f"SELECT EXISTS (SELECT 1 FROM {table})").scalar_one():  # noqa: S608 - our own names
                # Only of a table emptied in this very transaction can nobody else have seen less.
                self.run(f"TRUNCATE {table}")
                self._fresh.add(table)
        return " WITH (FREEZE)" if table in self._fresh else ""

    def run(self, statement: str) -> None:
        self.connection.exec_driver_sql(statement)

    def steps(self) -> list[str]:
        numbered = sorted(name for name in self._tables if metadata.tables[name].c.id.autoincrement is True)
        return [
            *(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 1) FROM {name}))"  # noqa: S608 - our own names
                for name in numbered
            ),
            due.FILL,
            *(sql for _, sql in self.indexes),
            *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in ("task", "lead")),
            *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {sql}" for table, name, sql in self._references),
            *(f"ANALYZE {name}" for name in sorted(self._tables)),
        ]


@contextmanager
def _on_server(store: DbStore) -> Iterator[Bulk]:
    with store.writing() as connection:
        yield _ServerBulk(connection)
        connection.commit()
