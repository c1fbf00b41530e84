"""The bare driver: one connection with the pragmas of the real one, and nothing between it and the statements.

Statements are written once, with `?` for values; PostgreSQL's driver gets its own signs.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leaddesk.db.engines import PRAGMAS, WRITER_CACHE_KB, is_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leaddesk.db.store import DbStore

COPIED_FROM = 5
"""Rows from which on PostgreSQL's COPY is quicker than inserting them."""

Row = tuple[Any, ...]


@lru_cache(maxsize=4096)
def _for_psycopg(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


class Bare:
    """One bare connection; a transaction only where one is begun."""

    def __init__(self, target: str | Path) -> None:
        """`target` as `DbStore` takes it; the file or the database must be there."""
        self.target = target
        self.sqlite = not is_url(target)
        self._connection: Any = None
        self.open()

    def open(self) -> None:
        """Connect, also again after `close`."""
        if self._connection is not None:
            return
        if self.sqlite:
            from sqlcipher3 import dbapi2

            self._connection = dbapi2.connect(
                str(self.target), timeout=15, isolation_level=None, cached_statements=256, check_same_thread=False
            )
            for name, value in PRAGMAS:
                self._connection.execute(f"PRAGMA {name} = {value}")
            self._connection.execute(f"PRAGMA cache_size = {-WRITER_CACHE_KB}")
        else:
            import psycopg

            address = "postgresql://" + str(self.target).split("://", 1)[1]
            self._connection = psycopg.connect(address, autocommit=True)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def rows(self, statement: str, *values: Any) -> list[Row]:
        """Every row of a statement."""
        found: list[Row] = self.run(statement, *values).fetchall()
        return found

    def run(self, statement: str, *values: Any) -> Any:
        """Run one statement; gives the driver's cursor."""
        return self._connection.execute(statement if self.sqlite else _for_psycopg(statement), values)

    def again(self, statement: str, values: Any) -> list[Row]:
        """Run a statement as a `Counter` heard it: with its values in it, or beside it in the driver's own form."""
        cursor = self._connection.execute(statement) if values is None else self._connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for many rows of values."""
        if self.sqlite:
            self._connection.executemany(statement, rows)
        else:
            with self._connection.cursor() as cursor:
                cursor.executemany(_for_psycopg(statement), rows)

    def insert(self, table: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Store rows the quickest way the driver has for so many."""
        if self.sqlite or len(rows) < COPIED_FROM:
            marks = ", ".join("?" * len(names))
            self.many(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
            return
        with self._connection.cursor().copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def begin(self, *, writing: bool = False) -> None:
        """Begin a transaction, of SQLite at once as a writer if it is to write."""
        self.run("BEGIN IMMEDIATE" if writing and self.sqlite else "BEGIN")

    def commit(self) -> None:
        """Make it last."""
        self.run("COMMIT")

    def rollback(self) -> None:
        """As if nothing had been."""
        self.run("ROLLBACK")

    def among(self, field: str) -> str:
        """SQL for "`field` is one of", for one value made by `these`."""
        return f"{field} IN (SELECT value FROM json_each(?))" if self.sqlite else f"{field} = ANY(?)"

    def these(self, values: Iterable[Any]) -> Any:
        """Many values as one, for `among`."""
        return json.dumps(list(values)) if self.sqlite else list(values)

    def backup_to(self, path: Path) -> None:
        """SQLite's own backup into a new file, and a look whether the copy is whole."""
        from sqlcipher3 import dbapi2

        copy = dbapi2.connect(str(path), isolation_level=None)
        try:
            copy.execute("PRAGMA synchronous = OFF")
            self._connection.backup(copy, pages=2000)
            copy.execute("PRAGMA quick_check(5)").fetchall()
        finally:
            copy.close()


def open_anew(store: DbStore) -> None:
    """Have the store's connections made again at their next use, with nothing of their page cache left."""
    store.writer.dispose()
    store.reader.dispose()


def can_drop(target: str | Path) -> bool:
    """Whether the system can be told to forget a file's pages, and this is a file."""
    import os

    return hasattr(os, "posix_fadvise") and not is_url(target)


def drop_from_cache(target: str | Path) -> None:
    """Have the system forget the file's pages, where it can be told so."""
    import os

    advise = getattr(os, "posix_fadvise", None)
    if advise is None or is_url(target):
        return
    for suffix in ("", "-wal"):
        file = Path(f"{target}{suffix}")
        if file.exists():
            with file.open("rb+") as opened:
                # Pages not yet written cannot be dropped.
                os.fsync(opened.fileno())
                advise(opened.fileno(), 0, 0, getattr(os, "POSIX_FADV_DONTNEED", 4))
