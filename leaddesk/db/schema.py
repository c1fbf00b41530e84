"""Making and checking the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from leaddesk.db.engines import APPLICATION_ID
from leaddesk.db.search import FTS
from leaddesk.db.tables import SCHEMA_VERSION, metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def create(connection: Connection) -> None:
    """Lay the schema into an empty database."""
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        connection.execute(text(FTS))
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    else:
        connection.execute(text("CREATE TABLE leaddesk_schema (version integer NOT NULL)"))
        connection.execute(text("INSERT INTO leaddesk_schema VALUES (:v)"), {"v": SCHEMA_VERSION})


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been laid into this database yet."""
    return not inspect(connection).get_table_names()
