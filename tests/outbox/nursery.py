"""A process that makes senders: imports everything once, then forks one for each line it is told on stdin.

A line is "FILE SHIFT STATEMENT": the database, how many seconds later it is for this sender, and the number of the SQL
statement before which it kills itself (0: it lives). Answers with the sender's process id, and with "ended" once it has.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from leaddesk.db.opening import open_store
from leaddesk.db.store import DbStore
from leaddesk.exchange.posting import Postman
from leaddesk.exchange.smtp import SmtpServer
from tests.engines import START, TestClock, sit_down
from tests.outbox.posting import Keyring


def kill_at(store: DbStore, statement: int) -> None:
    count = 0

    def before(*_about: Any) -> None:
        nonlocal count
        count += 1
        if count == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in {store.writer, store.reader}:
        event.listen(engine, "before_cursor_execute", before)


def send(target: str, shift: int, statement: int) -> None:
    clock = TestClock(START + timedelta(seconds=shift))
    store = open_store(target if "://" in target else Path(target), clock, create=False)
    if statement:
        kill_at(store, statement)
    desk = sit_down(store, clock)
    Postman(desk, lambda how: SmtpServer(how, clock, patience_s=5), Keyring()).round()
    store.close()


def tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    for line in sys.stdin:
        target, shift, statement = line.rstrip("\n").split("\t")
        child = os.fork()
        if not child:
            send(target, int(shift), int(statement))
            os._exit(0)
        tell(str(child))
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
