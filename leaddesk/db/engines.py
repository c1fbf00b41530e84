"""Connections: which driver, which pragmas, who begins a transaction how.

SQLite comes with the `sqlcipher3` wheel (a current SQLite with FTS5 trigram on every platform; without a
key it reads and writes plain SQLite files). One connection writes, others only read.
"""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, exc
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.pool import NullPool, QueuePool

from leaddesk.db.session import TELL

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, FromClause

PRAGMAS = (
    # Readers never wait for the writer, nor the writer for readers.
    ("journal_mode", "WAL"),
    # What was committed survives a power cut, not only a crash of the program: people's pay depends on it.
    ("synchronous", "FULL"),
    # SQLite leaves them off for the sake of old programs.
    ("foreign_keys", "ON"),
    # Another window's command takes milliseconds; an import's chunk tens of them.
    ("busy_timeout", "15000"),
    ("temp_store", "MEMORY"),
    # A crafted file may not run functions from its schema, and a broken page is noticed when read.
    ("trusted_schema", "OFF"),
    ("cell_size_check", "ON"),
)


class HintedCompiler(SQLiteCompiler):
    """Writes down what `Select.with_hint` says of a table, such as `INDEXED BY`; SQLAlchemy's own leaves it out."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002 (SQLAlchemy's own signature)
        """The hint as it was given."""
        return text


WRITER_CACHE_KB = 32 * 1024
"""Pages of the connection that writes: six indexes are kept warm while importing."""
ALONE_CACHE_KB = 256 * 1024
ALONE = (("cache_size", -ALONE_CACHE_KB), ("synchronous", "NORMAL"), ("wal_autocheckpoint", 64_000))
"""The same while nothing but an import runs in this process, without a window: 250 MB of log before pages go to their
place. Numbers and names come in no order, so every chunk writes to pages all over their indexes: the more of them that
share one way to the disk, the better."""
ALONE_FTS_BYTES = 32 << 20
"""Memory for the search index of a chunk's rows meanwhile: it then grows by one piece a chunk, not by one a megabyte, and
there are fewer pieces to be merged again and again."""
READER_CACHE_KB = 16 * 1024
"""Pages of each that reads. What is not in them is in the system's cache, a few microseconds farther away."""
READERS = 4
"""Reading connections that are kept; all of them and the writer together hold some 100 MB of pages at the most."""


def is_url(target: str | Path) -> bool:
    """Whether this names a server rather than a file."""
    return isinstance(target, str) and "://" in target


def sqlite_engine(path: Path, *, writer: bool) -> Engine:
    """An engine on one SQLite file. The writer begins IMMEDIATE, so it never fails half-way for a lock."""
    from sqlcipher3 import dbapi2

    def connect() -> Any:
        connection = dbapi2.connect(
            str(path), timeout=15, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for name, value in PRAGMAS:
            connection.execute(f"PRAGMA {name} = {value}")
        connection.execute(f"PRAGMA cache_size = {-(WRITER_CACHE_KB if writer else READER_CACHE_KB)}")
        if not writer:
            connection.execute("PRAGMA query_only = ON")
        return connection

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=1 if writer else READERS,
        max_overflow=0 if writer else 8,
        pool_reset_on_return="rollback",
        # One reader after the other has the same connection and its warm pages, rather than each of four in turn.
        pool_use_lifo=True,
    )
    engine.dialect.statement_compiler = HintedCompiler
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    def on_begin(connection: Connection) -> None:
        # By the driver itself: SQLAlchemy takes as long for it as for three questions.
        driver: Any = connection.connection.driver_connection
        driver.execute(begin)

    event.listen(engine, "begin", on_begin)
    return engine


def making_engine(path: Path, *, alone: bool, patience_s: float = 10) -> Engine:
    """An engine for making a file, or, `alone` with it from the first statement to the last, for migrating it.

    Foreign keys are off, for SQLite changes a table by dropping the old one; the migration checks them itself.
    """
    from sqlcipher3 import dbapi2

    def connect() -> Any:
        connection = dbapi2.connect(str(path), timeout=patience_s, isolation_level=None)
        connection.execute("PRAGMA trusted_schema = OFF")
        if alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        return connection

    engine = create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN EXCLUSIVE"))
    return engine


RESTED_S = 60
"""A connection that lay idle for so long may have been forgotten by something on the way: it is asked before it is used."""

STATEMENTS_KEPT = 400
"""Statements a connection has the server keep prepared; all that a window asks in a day fit in."""


def server_engine(url: str, *, writer: bool = True) -> Engine:
    """An engine on a PostgreSQL server; `postgresql://` is taken to mean the psycopg driver.

    The reader's transactions see one state from their first statement on, as SQLite's do, and change nothing. A window at
    work holds two or three connections; more are opened while several things are asked at once.
    """
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    engine = create_engine(
        url,
        pool_size=1 if writer else 2,
        max_overflow=6,
        pool_use_lifo=True,
        isolation_level="READ COMMITTED" if writer else "REPEATABLE READ",
        # A second use has a statement prepared: what is asked once is not worth it, what is asked twice is asked all day.
        connect_args={"prepare_threshold": 1, "keepalives_idle": 60, "keepalives_interval": 10, "keepalives_count": 3},
    )

    def connected(driver: Any, _record: Any) -> None:
        driver.prepared_max = STATEMENTS_KEPT
        driver.execute(TELL, prepare=False)
        driver.commit()
        driver.read_only = not writer

    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", lambda driver, record, _: _still_there(engine, driver, record.info))
    event.listen(engine, "checkin", lambda _, record: record.info.update(rested=monotonic()))
    return engine


def _still_there(engine: Engine, driver: Any, known: dict[Any, Any]) -> None:
    """Look whether the server has hung up. It says so on the line: that is looked at without a word to the server."""
    idle_s = monotonic() - known.get("rested", monotonic())
    try:
        # Twice: the first may read no more than the server's good-bye.
        driver.pgconn.consume_input()
        driver.pgconn.consume_input()
        if idle_s > RESTED_S:
            engine.dialect.do_ping(driver)
    except engine.dialect.loaded_dbapi.Error as error:
        # The pool opens another in its place.
        raise exc.DisconnectionError(str(error)) from error
