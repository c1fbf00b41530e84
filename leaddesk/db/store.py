"""The database as the door sees it: transactions for commands, answers for questions."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from leaddesk.db.answers import ANSWERS, Reading
from leaddesk.db.engines import ALONE, ALONE_FTS_BYTES, is_url, server_engine, sqlite_engine
from leaddesk.db.errors import translated
from leaddesk.db.pairs import keep_pairs
from leaddesk.db.stopping import stoppable
from leaddesk.db.work import DbWork

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from leaddesk.workflow.desk import Command, Question
    from leaddesk.workflow.duplicates import Pair
    from leaddesk.workflow.entities import User

Answer = TypeVar("Answer")


class DbStore:
    """One open database. Writes take turns within the process; reads run beside them, in any thread."""

    def __init__(self, target: str | Path) -> None:
        """`target` is a SQLite file or a PostgreSQL URL; nothing is opened until it is used."""
        self.target = str(target)
        if is_url(target):
            self.path = None
            self.writer = server_engine(str(target))
            self.reader = server_engine(str(target), writer=False)
        else:
            self.path = Path(target).absolute()
            self.writer = sqlite_engine(self.path, writer=True)
            self.reader = sqlite_engine(self.path, writer=False)
        self._turn = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file on this machine."""
        return self.path is not None

    @contextmanager
    def work(self, user: User, now: datetime, command: Command[Any]) -> Iterator[DbWork]:
        """Begin a transaction for one command; rolls back unless it was committed."""
        with self.writing() as connection:
            yield DbWork(self, connection, user, now, command)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that may write, begun; rolled back unless committed. Driver errors are translated."""
        with self._turn_taken(), translated(), self.writer.connect() as connection:
            connection.begin()
            yield connection

    @contextmanager
    def _turn_taken(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._turn:
            yield

    def read(self, question: Question[Answer], user: User, now: datetime) -> Answer:
        """Answer a question from a consistent state of the data. `PatienceLost` once nobody waits for the answer."""
        # Ended by a commit: psycopg forgets after each rollback whatever it had the server prepare.
        with translated(), self.reader.connect() as connection, connection.begin(), stoppable(connection):
            return self.answer(Reading(connection, user, now), question)

    def answer(self, reading: Reading, question: Question[Answer]) -> Answer:
        """Answer inside the transaction of this reading. `KeyError` for a question nobody answers."""
        answer: Answer = ANSWERS[type(question)](reading, question)
        return answer

    def reading(self, connection: Connection, user: User, now: datetime) -> Reading:
        """One reading for several questions; what it has read of the settings it does not read again."""
        return Reading(connection, user, now)

    def make_room(self) -> None:
        """Take memory for a long import: for a process that does nothing else. A server has its own.

        A chunk is then on the disk for certain with the next checkpoint, the last at the latest when the file is closed: a
        power cut may take chunks with it, which come again when the import goes on, but never leaves half of one.
        """
        if self.is_sqlite:
            with self.writer.connect() as connection:
                driver: Any = connection.connection.driver_connection
                for name, value in ALONE:
                    driver.execute(f"PRAGMA {name} = {value}")
                driver.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('hashsize', ?)", (ALONE_FTS_BYTES,))
                # This connection goes by it until it is closed; the file need not, should this process be killed.
                driver.execute("DELETE FROM search_fts_config WHERE k = 'hashsize'")

    def settle(self) -> None:
        """After `make_room`: see that all which was committed is on the disk before anybody is told so."""
        if self.is_sqlite:
            with self.writer.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def keep_pairs(self, pairs: Sequence[Pair], leads: int, now: datetime, seconds: int) -> None:
        """Keep what a search for duplicates found, in place of the last."""
        with self.writing() as connection:
            keep_pairs(connection, pairs, leads, now, seconds)
            connection.commit()

    def close(self) -> None:
        """Let go of every connection."""
        self.writer.dispose()
        self.reader.dispose()
