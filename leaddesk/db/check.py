"""Is the database whole? Everything that can go wrong in storage, looked for and told in words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select, text

from leaddesk.db import due
from leaddesk.db import schema as shape
from leaddesk.db.errors import translated
from leaddesk.db.mapping import TABLES
from leaddesk.db.tables import change, client, contact_point, lead, metadata, search_doc, task
from leaddesk.workflow.errors import Unavailable
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import ColumnElement, Connection, Table

    from leaddesk.db.store import DbStore


def check(
    store: DbStore, schema: shape.Schema = shape.OURS, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> list[str]:
    """Every problem found, in words; [] for a database that is whole. Raises `Unavailable` if none can be looked for.

    Of a million leads it takes minutes, most of them for the pages of the file: `progress` hears of each part looked at.
    """
    parts: list[Callable[[Connection], Iterator[str]]]
    parts = [_references, _cards, *(partial(_told, table) for table in TABLES.values()), _strangers, _due, _search]
    progress(0, len(parts) + 2)
    with translated(), store.reader.connect() as connection:
        problems = list(_file(connection)) if store.is_sqlite else []
        problems += _shape(connection, schema)
        if problems:
            # What hangs together is worth asking only of a database that can be read.
            return problems
        for done, part in enumerate(parts, start=1):
            progress(done, len(parts) + 2)
            problems += part(connection)
    progress(len(parts) + 1, len(parts) + 2)
    if store.is_sqlite:
        problems += _search_index(store)
    progress(len(parts) + 2, len(parts) + 2)
    return problems


def _file(connection: Connection) -> Iterator[str]:
    for word in connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars():
        if word != "ok":
            yield f"The file is damaged: {word}."


def _shape(connection: Connection, schema: shape.Schema) -> Iterator[str]:
    version = shape.version(connection)
    if version != schema.version:
        yield f"The schema is version {version}, this program's {schema.version}."
    yield from shape.differences(connection, schema)
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if revision != schema.revision:
        yield f"The schema is marked as revision {revision}, not {schema.revision}."


def _references(connection: Connection) -> Iterator[str]:
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            other = key.column.table.alias("other")
            lost = table.outerjoin(other, key.parent == other.c.id)
            here = key.parent.is_not(None) & other.c.id.is_(None)
            count = connection.scalar(select(func.count()).select_from(lost).where(here))
            if count:
                yield f"{count} × {table.name}.{key.parent.name} points at a missing {key.column.table.name}."


def _cards(connection: Connection) -> Iterator[str]:
    converted = lead.c.status == Status.CONVERTED.value
    for words, table, where in (
        ("converted, but without a client", lead, converted & lead.c.client_id.is_(None)),
        ("linked to a client, but not converted", lead, ~converted & lead.c.client_id.is_not(None)),
        ("of nobody's card", contact_point, _nobody(contact_point)),
        ("of nobody's card", task, _nobody(task)),
    ):
        count = connection.scalar(select(func.count()).select_from(table).where(where))
        if count:
            yield f"{count} × {table.name}: {words}."


def _nobody(table: Table) -> ColumnElement[bool]:
    return table.c.lead_id.is_(None) & table.c.client_id.is_(None)


def _told(table: Table, connection: Connection) -> Iterator[str]:
    """The journal's last word on a row is that it is there, or that it is gone: so it should be.

    Only lines about rows that are not there, or that tell of an end, are read; the rest is known by the index.
    """
    here = table.alias("here")
    later = change.alias("later")
    missing = (
        select(func.max(change.c.id).label("newest"))
        .where(change.c.tbl == table.name, ~exists().where(here.c.id == change.c.row_id))
        .group_by(change.c.row_id)
        .subquery()
    )
    lost = select(func.count()).select_from(missing.join(change, change.c.id == missing.c.newest))
    newer = (later.c.tbl == change.c.tbl) & (later.c.row_id == change.c.row_id) & (later.c.id > change.c.id)
    left = select(func.count()).where(
        change.c.after.is_(None),
        change.c.tbl == table.name,
        exists().where(here.c.id == change.c.row_id),
        ~exists().where(newer),
    )
    count = connection.scalar(lost.where(change.c.after.is_not(None))) or 0
    count += connection.scalar(left) or 0
    if count:
        yield f"{count} × {table.name}: the journal says otherwise than the table about what is there."


_TOLD_OF = text(
    """WITH RECURSIVE t(name) AS (
        SELECT min(tbl) FROM change
        UNION ALL SELECT (SELECT min(tbl) FROM change WHERE tbl > t.name) FROM t WHERE t.name IS NOT NULL
    ) SELECT name FROM t WHERE name IS NOT NULL"""
)
"""The tables the journal speaks of, by skipping through the index."""


def _strangers(connection: Connection) -> Iterator[str]:
    known = {table.name for table in TABLES.values()}
    for name in connection.scalars(_TOLD_OF):
        if name not in known:
            yield f"The journal speaks of a table {name} that there is not."


def _due(connection: Connection) -> Iterator[str]:
    count = due.drifted(connection)
    if count:
        yield f"{count} × due: not as it follows from the tasks and their leads."


def _search(connection: Connection) -> Iterator[str]:
    for table, of_table in ((lead, search_doc.c.id % 2 == 0), (client, search_doc.c.id % 2 == 1)):
        cards = connection.scalar(select(func.count()).select_from(table)) or 0
        texts = connection.scalar(select(func.count()).select_from(search_doc).where(of_table)) or 0
        if cards != texts:
            yield f"The search knows {texts} of {cards} {table.name}s."


def _search_index(store: DbStore) -> list[str]:
    """FTS5 compares its index with the texts; it counts as a write, so it needs the writer."""
    try:
        with store.writing() as connection:
            connection.execute(text("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)"))
    except Unavailable as error:
        if "damaged" not in error.words:
            raise
        return ["The search index does not fit its texts."]
    return []
