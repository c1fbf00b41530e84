"""From an older schema to this one, in the transaction of a given connection. Imports Alembic: only when behind."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

from leaddesk.db import due
from leaddesk.db import schema as shape

if TYPE_CHECKING:
    from sqlalchemy import Connection

HERE = Path(__file__).parent / "migrations"


class NotAsExpected(Exception):
    """The migrated database is not what it should be; the caller rolls back."""


def migrate(connection: Connection, schema: shape.Schema) -> None:
    """Run every revision missing, write the version down and verify, all before anything is committed.

    Raises `NotAsExpected`, or whatever a revision raises. On SQLite foreign keys must be off, since a table
    is changed there by making it anew, and dropping the old one would empty what hangs on it.
    """
    config = Config(stdout=io.StringIO())
    # Options pass through configparser, for which a % begins an interpolation; newlines alone part the paths,
    # because folders have blanks, colons and semicolons in their names.
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    locations = "\n".join(str(path) for path in schema.revisions)
    config.set_main_option("version_locations", locations.replace("%", "%%"))
    config.attributes["connection"] = connection
    due.let_go(connection)
    command.upgrade(config, schema.revision)
    due.lay(connection)
    shape.mark(connection, schema.version)
    problems = shape.differences(connection, schema)
    if connection.dialect.name == "sqlite":
        problems += [f"{row[0]} points at a missing {row[2]}." for row in _lost(connection)]
        problems += [str(word) for word in connection.exec_driver_sql("PRAGMA quick_check").scalars() if word != "ok"]
    if problems:
        raise NotAsExpected(" ".join(problems[:5]))


def _lost(connection: Connection) -> list[tuple[str, int, str, int]]:
    return [tuple(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
