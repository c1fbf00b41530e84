"""Opening a database is a protocol: is it ours, not newer than we are, backed up, migrated, verified.

A file that is refused is left exactly as it was, byte for byte and without a file beside it: so the first
look is at the bytes of its header, and SQLite itself is asked only when those cannot tell.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sqlalchemy import exc, func, insert, inspect, select, text

from leaddesk.db import schema as shape
from leaddesk.db.backup import backup_before, driver_of
from leaddesk.db.engines import is_url, making_engine, server_engine
from leaddesk.db.errors import translated
from leaddesk.db.mapping import mapper
from leaddesk.db.store import DbStore
from leaddesk.db.version import APPLICATION_ID
from leaddesk.workflow.errors import Refused, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from leaddesk.workflow.entities import User
    from leaddesk.workflow.ports import Clock

MAGIC = b"SQLite format 3\x00"
LOCK = 0x4C44534B
"""The advisory lock everybody takes who makes or migrates a schema on a server."""


def open_store(target: str | Path, clock: Clock, *, create: bool = True, schema: shape.Schema = shape.OURS) -> DbStore:
    """Open a SQLite file or a PostgreSQL database, making or migrating it first where that is needed.

    Raises `Refused` (not ours, newer than this program, not there and not to be made) or `Unavailable`
    (damaged, locked, unreachable, migration failed); either way nothing was changed.
    """
    target = _file_of(target)
    if is_url(target):
        _prepare_server(str(target), create=create, schema=schema)
    else:
        _prepare_file(Path(target).absolute(), clock, create=create, schema=schema)
    store = DbStore(target)
    try:
        with translated(), store.reader.connect() as connection:
            connection.execute(text("SELECT count(*) FROM app_user"))
    except BaseException:
        store.close()
        raise
    return store


def _file_of(target: str | Path) -> str | Path:
    """`sqlite:///path` names a file as well."""
    if isinstance(target, str) and target.startswith("sqlite") and "://" in target:
        # Windows paths come as sqlite:///C:/…, absolute POSIX ones as sqlite:////….
        return Path(unquote(target.partition("://")[2].partition("?")[0].removeprefix("/")))
    return target


# SQLite


@dataclass(frozen=True, slots=True)
class _Found:
    """What a file says of itself."""

    application: int
    version: int
    empty: bool = False


def _prepare_file(path: Path, clock: Clock, *, create: bool, schema: shape.Schema) -> None:
    found = _look(path)
    if found is None or found.empty:
        if not create:
            raise Refused(f"There is no database at {path}.", field="db")
        _make_file(path, schema)
        found = _look(path)
    if found is None or found.application != APPLICATION_ID:
        raise Refused(
            f"{path.name} is a database of another program, not of LeadDesk. Choose another file.", field="db"
        )
    _not_newer(found.version, schema)
    if found.version < schema.version:
        _migrate_file(path, clock, schema)


def _not_newer(version: int, schema: shape.Schema) -> None:
    if version > schema.version:
        raise Refused(
            f"This database was made by a newer LeadDesk (schema {version}, this program knows {schema.version}). "
            "Update this program; the database was not touched.",
            field="db",
        )


def _look(path: Path) -> _Found | None:
    """What is in the file; None where there is nothing yet. Raises `Refused` if it is no SQLite file at all."""
    try:
        if path.is_dir():
            raise Refused(f"{path} is a folder. Name a file in it.", field="db")
        size = path.stat().st_size if path.exists() else 0
        sidecars = [s for s in ("-wal", "-journal") if _size(path, s)]
        if not size and not sidecars:
            return None
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}.") from error
    if size and not head.startswith(MAGIC):
        raise Unavailable(
            f"{path.name} is not a LeadDesk database: damaged, encrypted, or something else altogether. "
            "Choose another file, or put the last backup in its place."
        )
    found = _Found(int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big"))
    if sidecars or len(head) < 100:
        return _ask(path, sidecars)
    page = int.from_bytes(head[16:18], "big")
    page = 65536 if page == 1 else page
    if head[24:28] == head[92:96] and size < page * int.from_bytes(head[28:32], "big"):
        raise Unavailable(f"{path.name} is cut short: a part of it is missing. Restore the last backup.")
    return _ask(path, sidecars) if found.application == 0 else found


def _size(path: Path, suffix: str) -> int:
    beside = path.with_name(path.name + suffix)
    return beside.stat().st_size if beside.exists() else 0


def _ask(path: Path, sidecars: list[str]) -> _Found:
    """Have SQLite read what the header alone cannot tell: the newest pages may lie in a file beside it.

    Without such a file it reads as from a CD, so that none appears; half a transaction in a rollback journal
    has to be rolled back, as anybody opening the file would.
    """
    from sqlcipher3 import dbapi2

    mode = "mode=rw" if "-journal" in sidecars else "mode=ro" if sidecars else "mode=ro&immutable=1"
    try:
        with closing(dbapi2.connect(f"{path.as_uri()}?{mode}", uri=True, timeout=10)) as connection:
            application, version, tables = (
                connection.execute(statement).fetchone()[0]
                for statement in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
            )
    except dbapi2.Error as error:
        with translated():
            raise exc.OperationalError("opening", None, error) from error
    return _Found(application, version, empty=application == 0 and tables == 0)


def _make_file(path: Path, schema: shape.Schema) -> None:
    """Lay the schema in one transaction; who comes second finds it done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    with translated(), making_engine(path, alone=False).connect() as connection:
        connection.begin()
        if not shape.is_empty(connection):
            return
        # The lock is kept past the commit: to ask for it again for WAL's sake may fail at once when others wait.
        connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
        shape.create(connection, schema)
        connection.commit()
        driver_of(connection).execute("PRAGMA journal_mode = WAL")


def _migrate_file(path: Path, clock: Clock, schema: shape.Schema) -> None:
    engine = making_engine(path, alone=True)
    # Words of their own: whoever has the file open now may be an older program that knows only the older schema.
    try:
        connection = engine.connect()
        connection.begin()
    except exc.OperationalError as error:
        if "locked" not in str(error.orig):
            with translated():
                raise
        raise Unavailable(
            f"{path.name} has to be brought up to date, but another LeadDesk has it open. Close it and try again."
        ) from error
    with connection:
        version = shape.version(connection)
        _not_newer(version, schema)
        if version == schema.version:
            return
        # The lock outlives the transaction, so nobody comes in between.
        connection.rollback()
        saved = backup_before(connection, path, clock, schema.version)
        connection.begin()
        _migrate(connection, schema, f"Nothing was changed; a copy is kept at {saved}.")


def _migrate(connection: Connection, schema: shape.Schema, comfort: str) -> None:
    """Migrate and commit, or roll back whatever it was that failed."""
    from leaddesk.db.migrating import migrate

    try:
        migrate(connection, schema)
        connection.commit()
    except Exception as error:
        connection.rollback()
        why = getattr(error, "orig", None) or error
        raise Unavailable(f"The database could not be brought up to date: {why}. {comfort}") from error


# PostgreSQL


def _prepare_server(url: str, *, create: bool, schema: shape.Schema) -> None:
    if not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        kind = url.partition(":")[0]
        raise Refused(f"LeadDesk works on PostgreSQL or a file of its own, not on “{kind}”.", field="db")
    try:
        engine = server_engine(url)
    except (exc.ArgumentError, ValueError) as error:
        raise Refused(f"The address of the server cannot be read: {error}.", field="db") from error
    try:
        with translated(), engine.connect() as connection:
            if _server_version(connection) != schema.version:
                # Held to the end of the transaction: who comes second finds the work done.
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                _bring_up_server(connection, create=create, schema=schema)
    finally:
        engine.dispose()


def _server_version(connection: Connection) -> int | None:
    """The version in this database's own schema, None where there is none yet."""
    if connection.scalar(text("SELECT to_regclass('leaddesk_schema')")) is None:
        return None
    return shape.version(connection)


def _bring_up_server(connection: Connection, *, create: bool, schema: shape.Schema) -> None:
    version = _server_version(connection)
    if version is not None:
        _not_newer(version, schema)
        if version < schema.version:
            _migrate(connection, schema, "Nothing was changed.")
        return
    if inspect(connection).get_table_names():
        raise Refused("This database holds another program's tables. Give LeadDesk a database of its own.", field="db")
    if not create:
        raise Refused("There is no LeadDesk in this database yet.", field="db")
    shape.create(connection, schema)
    connection.commit()


def first_user(store: DbStore, user: User) -> None:
    """Give an empty floor its first user; nothing happens if somebody came first. Not history: nothing undoes it."""
    m = mapper(type(user))
    stored = m.stored(user)
    del stored["id"]
    with store.writing() as connection:
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        if not connection.scalar(select(func.count()).select_from(m.table)):
            connection.execute(insert(m.table).values(stored))
            connection.commit()
