"""Statements nobody waits for any more are stopped where they are."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc

from leaddesk.workflow.patience import Patience, PatienceLost, current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

STEPS = 200_000
"""SQLite looks so often, in steps of its machine, whether anybody waits still: some milliseconds of work."""


@contextmanager
def stoppable(connection: Connection) -> Iterator[None]:
    """Answer within the block only as long as this thread's patience lasts; raises `PatienceLost` after that."""
    patience = current()
    if patience is None:
        yield
        return
    stop_here()
    driver: Any = connection.connection.driver_connection
    guard = _looking(driver, patience) if connection.dialect.name == "sqlite" else _cancelling(driver, patience)
    try:
        with guard:
            yield
    except exc.DBAPIError as error:
        if patience.is_lost:
            raise PatienceLost from error
        raise


def stop_here() -> None:
    """Between statements. Raises `PatienceLost`."""
    patience = current()
    if patience is not None and patience.is_lost:
        raise PatienceLost


@contextmanager
def _looking(driver: Any, patience: Patience) -> Iterator[None]:
    """SQLite asks us; `interrupt()` alone would miss what starts right after it."""
    driver.set_progress_handler(lambda: patience.is_lost, STEPS)
    try:
        with patience.stopping(driver.interrupt):
            yield
    finally:
        driver.set_progress_handler(None, STEPS)


@contextmanager
def _cancelling(driver: Any, patience: Patience) -> Iterator[None]:
    """A server is asked over a line of its own, which takes time: whoever lost patience does not wait for that."""
    asked: list[threading.Thread] = []

    def stop() -> None:
        asked.append(threading.Thread(target=driver.cancel_safe, name="cancel", daemon=True))
        asked[-1].start()

    try:
        with patience.stopping(stop):
            yield
    finally:
        for thread in asked:
            # It must not hit the next statement of this connection.
            thread.join()
