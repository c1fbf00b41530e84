"""Making and checking the schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from leaddesk.db import due, figure_indexes
from leaddesk.db.mapping import mapper
from leaddesk.db.search import FTS
from leaddesk.db.version import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from leaddesk.workflow.entities import Row

SEARCH = "search_fts"
VERSIONS = Path(__file__).parent / "migrations" / "versions"


@dataclass(frozen=True, slots=True)
class Schema:
    """The shape a database should have, and the revisions that lead to it from any older one.

    Revision "0003" of Alembic makes version 3: one number to compare, and no Alembic needed to compare it.
    """

    version: int = SCHEMA_VERSION
    metadata: MetaData = field(default=figure_indexes.metadata)
    revisions: tuple[Path, ...] = (VERSIONS,)

    @property
    def revision(self) -> str:
        """The name Alembic knows this version by."""
        return f"{self.version:04d}"


OURS = Schema()


def create(connection: Connection, schema: Schema = OURS) -> None:
    """Lay the schema and what every floor starts with into an empty database."""
    schema.metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        connection.execute(text(FTS))
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    else:
        connection.execute(text("CREATE TABLE leaddesk_schema (version integer NOT NULL)"))
        connection.execute(text("INSERT INTO leaddesk_schema VALUES (0)"))
        _index_search(connection)
    if due.due.name in schema.metadata.tables:
        due.keep(connection)
    mark(connection, schema.version)
    # As Alembic would write it; importing Alembic for it would cost half a second.
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": schema.revision})
    seed(connection)


def _index_search(connection: Connection) -> None:
    """Let a server that has `pg_trgm` find any part of a text by index; the others scan, with the same answers."""
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            connection.execute(text("CREATE INDEX ix_search_doc_text ON search_doc USING gin (text gin_trgm_ops)"))
    except DBAPIError:
        return


def mark(connection: Connection, version: int) -> None:
    """Write down which version this database has, as part of the transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {version:d}")
    else:
        connection.execute(text("UPDATE leaddesk_schema SET version = :version"), {"version": version})


def version(connection: Connection) -> int:
    """The version this database has."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    return int(connection.scalar(text("SELECT version FROM leaddesk_schema")) or 0)


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been laid into this database yet."""
    return not inspect(connection).get_table_names()


def defaults() -> tuple[Row, ...]:
    """What a new database starts with: how calls may end, and why people say no."""
    from leaddesk.workflow.outcomes import DEFAULT_OUTCOMES
    from leaddesk.workflow.reasons import DEFAULT_REASONS

    return (*DEFAULT_OUTCOMES, *DEFAULT_REASONS)


def seed(connection: Connection) -> None:
    """Write the defaults. They are the ground a floor starts on, so no journal and no undo."""
    for row in defaults():
        m = mapper(type(row))
        stored = m.stored(row)
        del stored["id"]
        connection.execute(insert(m.table).values(stored))


def differences(connection: Connection, schema: Schema = OURS) -> list[str]:
    """How the database differs from the shape it should have, in words; [] when it does not."""
    found = inspect(connection)
    names = set(found.get_table_names())
    wanted = [*schema.metadata.sorted_tables]
    problems = [f"The table {table.name} is missing." for table in wanted if table.name not in names]
    # FTS5 is a virtual table: reflection lists it among the others on SQLite only.
    if connection.dialect.name == "sqlite" and SEARCH not in names:
        problems.append(f"The table {SEARCH} is missing.")
    for table in (table for table in wanted if table.name in names):
        have = {column["name"] for column in found.get_columns(table.name)}
        should = set(table.c.keys())
        problems += [f"The column {table.name}.{name} is missing." for name in sorted(should - have)]
        problems += [f"The column {table.name}.{name} is unknown." for name in sorted(have - should)]
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        if connection.dialect.name == "sqlite":
            indexes |= figure_indexes.ON_SERVER
        missing = {str(index.name) for index in table.indexes} - indexes
        problems += [f"The index {name} is missing." for name in sorted(missing)]
    if due.due.name in schema.metadata.tables:
        problems += [f"The trigger {name} is missing." for name in due.missing(connection)]
    return problems
