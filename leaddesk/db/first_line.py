"""Lines to a database by the bare driver, for whoever asks while all that a desk needs has yet to be imported.

A file and a server are asked the same; where they want it said in other words, their line has the words.
"""

from __future__ import annotations

import json
import re
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from leaddesk.db.session import TELL
from leaddesk.db.version import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUSY_MS = 200
"""How long somebody else's lock is waited for."""
LATE_S = 0.3
"""Nobody waits longer for the first page than the desk takes."""
CONNECT_S = 2
"""The least that libpq takes for a patience."""
_NAMED = re.compile(r"(?<![:\w]):(\w+)")


class CannotTellError(Exception):
    """Whatever it is, the desk meets it too, and has words for it."""


class Line(Protocol):
    """A reading transaction of a database of this program's schema."""

    status: str
    """A lead's status, so said that the planner does not drive by it where that would be unwise."""

    def among(self, column: str, name: str) -> str:
        """That the column is one of the values given by that name."""

    def tasks(self, asked: str, here: str, fits: str) -> str:
        """FROM and WHERE: rows of `asked` for which `here` holds, each with its `lead`, if `fits` holds for that."""

    def ask(self, statement: str, **values: Any) -> list[Any]:
        """Rows; named parameters are written as `:name`, and lists may be given for those of `among`."""


@contextmanager
def line_to(target: str | Path) -> Iterator[Line]:
    """A line to a file or a server. `CannotTellError` where it is none of ours, of another schema, busy or slow."""
    with _server(str(target)) if "://" in str(target) else _file(Path(target)) as line:
        yield line


class _File:
    status = "lead.status || ''"

    def __init__(self, execute: Callable[..., Any]) -> None:
        self._execute = execute

    def among(self, column: str, name: str) -> str:
        return f"{column} IN (SELECT value FROM json_each(:{name}))"  # noqa: S608 - our own words

    def tasks(self, asked: str, here: str, fits: str) -> str:
        return f"FROM {asked} JOIN lead ON lead.id = {asked}.lead_id WHERE {here} AND {fits}"

    def ask(self, statement: str, **values: Any) -> list[Any]:
        told = {name: json.dumps(value) if isinstance(value, list) else value for name, value in values.items()}
        found: list[Any] = self._execute(statement, told).fetchall()
        return found


class _Server:
    status = "lead.status"

    def __init__(self, execute: Callable[..., Any]) -> None:
        self._execute = execute
        self._late = monotonic() + LATE_S

    def among(self, column: str, name: str) -> str:
        return f"{column} = ANY(:{name})"

    def tasks(self, asked: str, here: str, fits: str) -> str:
        # As `answers/queue.py` has it: in the order of the tasks, and of each its lead.
        its = f"SELECT lead.id FROM lead WHERE lead.id = {asked}.lead_id AND {fits} OFFSET 0"  # noqa: S608 - our own words
        return f"FROM {asked} JOIN LATERAL ({its}) AS lead ON true WHERE {here}"

    def ask(self, statement: str, **values: Any) -> list[Any]:
        if monotonic() > self._late:
            raise CannotTellError
        found: list[Any] = self._execute(_NAMED.sub(r"%(\1)s", statement), values).fetchall()
        return found


@contextmanager
def _file(path: Path) -> Iterator[Line]:
    if not _is_ours(path):
        raise CannotTellError
    from sqlcipher3 import dbapi2

    # Where there is a log beside the file, closing it again must not be what folds the log into the file.
    uri = f"{path.absolute().as_uri()}?mode={'ro' if _size_of_log(path) else 'rw'}"
    try:
        with closing(dbapi2.connect(uri, uri=True, timeout=BUSY_MS / 1000, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            _same_schema(connection.execute("PRAGMA user_version").fetchone())
            # What takes long is better said once, and whole.
            late = monotonic() + LATE_S
            connection.set_progress_handler(lambda: int(monotonic() > late), 1000)
            connection.execute("BEGIN")
            yield _File(connection.execute)
    except (dbapi2.Error, OSError) as error:
        raise CannotTellError from error


@contextmanager
def _server(url: str) -> Iterator[Line]:
    import psycopg

    told, _, where = url.partition("://")
    if told not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise CannotTellError
    try:
        with closing(
            psycopg.connect(f"postgresql://{where}", autocommit=True, connect_timeout=CONNECT_S)
        ) as connection:
            connection.execute(TELL)
            connection.execute("SELECT set_config('statement_timeout', %s, false)", (str(int(LATE_S * 1000)),))
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            _same_schema(connection.execute("SELECT version FROM leaddesk_schema").fetchone())
            yield _Server(connection.execute)
    except (psycopg.Error, OSError) as error:
        raise CannotTellError from error


def _same_schema(said: Any) -> None:
    if said is None or said[0] != SCHEMA_VERSION:
        raise CannotTellError


def _is_ours(path: Path) -> bool:
    """By the bytes of its header, so that no file that is refused later is opened by SQLite here."""
    try:
        if path.with_name(path.name + "-journal").exists():
            return False
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    application, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    return len(head) == 100 and application == APPLICATION_ID and version == SCHEMA_VERSION


def _size_of_log(path: Path) -> int:
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0
