"""Copies of a live database, by SQLite's own backup: a plain file copy would tear a page being written."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc

from leaddesk.db.errors import translated
from leaddesk.db.post import COPY
from leaddesk.db.version import APPLICATION_ID
from leaddesk.workflow.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from leaddesk.db.store import DbStore
    from leaddesk.workflow.ports import Clock

KEPT_DAYS = 14
PAGES = 2000
"""Copied at a time (8 MB), so that the interpreter gets its turn in between."""

_COUNTED = ("app_user", "lead", "client", "contact_point", "call", "operation", "change")


@dataclass(frozen=True, slots=True)
class BackupDone:
    """A verified copy and its size in bytes."""

    file: Path
    bytes: int


def backup(store: DbStore, to: Path | None, clock: Clock) -> BackupDone:
    """Copy the database as it is at this moment, while others go on writing; verified before it gets its name.

    `to` is a file, a folder, or None for the `backups` folder beside the database. Raises `Refused` on a
    server, or where `to` is somebody else's file, and `Unavailable` when the copy cannot be written.
    """
    live = _file_of(store)
    name = f"{live.stem}-{_stamp(clock.now())}.db"
    to = folder_of(live) / name if to is None else to.absolute()
    if to.is_dir():
        to /= name
    if to.exists():
        _only_a_copy(to, live)
    with translated(), store.reader.connect() as connection:
        return _copy(driver_of(connection), to)


def backup_if_due(store: DbStore, clock: Clock) -> BackupDone | None:
    """Make the first copy of the day (UTC) and let go of all but the last fourteen; None when it is there already.

    On a server it does nothing: its keeper backs it up.
    """
    if store.path is None:
        return None
    folder, stem = folder_of(store.path), store.path.stem
    today = folder / f"{stem}-daily-{clock.now():%Y%m%d}.db"
    if today.exists():
        return None
    with translated(), store.reader.connect() as connection:
        done = _copy(driver_of(connection), today)
    for old in sorted(folder.glob(f"{_literal(stem)}-daily-????????.db"))[:-KEPT_DAYS]:
        old.unlink(missing_ok=True)
    return done


def backup_before(connection: Connection, live: Path, clock: Clock, version: int) -> Path:
    """The copy made before migrating to `version`, on the connection that is alone with the file."""
    with translated():
        return _copy(
            driver_of(connection), folder_of(live) / f"{live.stem}-{_stamp(clock.now())}-before-v{version}.db"
        ).file


def folder_of(live: Path) -> Path:
    """Where the copies of a database are kept."""
    return live.parent / "backups"


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z"


def _literal(stem: str) -> str:
    """A file name as a pattern that fits only itself."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in stem)


def _file_of(store: DbStore) -> Path:
    if store.path is None:
        raise Refused("This database lives on a PostgreSQL server. Back it up there: pg_dump --format=custom.")
    return store.path


def _only_a_copy(to: Path, live: Path) -> None:
    """Only a LeadDesk copy may be overwritten: a slip of the pen must not cost somebody a spreadsheet."""
    if to.samefile(live):
        raise Refused(f"{to} is the database itself. Name another file for its copy.", field="file")
    with to.open("rb") as file:
        head = file.read(72)
    if head and int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise Refused(f"{to} is there already and no LeadDesk database. Name another file.", field="file")


def driver_of(connection: Connection) -> Any:
    """The driver's own connection, for what SQLAlchemy has no words for."""
    return connection.connection.dbapi_connection


def _copy(live: Any, to: Path) -> BackupDone:
    """Copy within one reading transaction of `live`, verify, and only then give the copy its name.

    A writing transaction would not do: SQLite's backup waits for its end, for ever if it is one's own.
    """
    from sqlcipher3 import dbapi2

    part = to.with_name(f".{to.name}.{os.getpid()}.part")
    with _disk_errors(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            live.execute("BEGIN")
            wanted = _counts(live)
            with closing(dbapi2.connect(str(part), isolation_level=None)) as copy:
                copy.execute("PRAGMA synchronous = OFF")
                live.backup(copy, pages=PAGES)
                # A copy is one file, complete in itself.
                copy.execute("PRAGMA journal_mode = DELETE")
                _mark_as_copy(copy)
                problems = [row[0] for row in copy.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
                if problems or _counts(copy) != wanted:
                    raise Unavailable(
                        f"The copy is not what it should be ({', '.join(problems) or 'rows are missing'})."
                    )
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            size = part.stat().st_size
            part.replace(to)
        finally:
            live.rollback()
            part.unlink(missing_ok=True)
    return BackupDone(to, size)


def _mark_as_copy(copy: Any) -> None:
    """Whoever works in a copy later must know that letters waiting in it may have left from the original since."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'outbox'").fetchone():
        copy.execute("INSERT OR REPLACE INTO outbox (name) VALUES (?)", (COPY,))


def _counts(connection: Any) -> list[int]:
    return [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _COUNTED]  # noqa: S608 - ours


@contextmanager
def _disk_errors(to: Path) -> Iterator[None]:
    from sqlcipher3 import dbapi2

    try:
        yield
    except OSError as error:
        raise Unavailable(f"The copy {to} cannot be written: {error.strerror}.") from error
    except dbapi2.Error as error:
        raise exc.OperationalError("backup", None, error) from error
