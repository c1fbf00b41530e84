"""Rows read by other processes: phones are parsed beside the one that writes, not before it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from typing import TYPE_CHECKING

from leaddesk.db.packing import pack
from leaddesk.workflow.intake import CHUNK
from leaddesk.workflow.intake_ready import Here, read_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from leaddesk.workflow.intake import SourceRow
    from leaddesk.workflow.intake_ready import Ready
    from leaddesk.workflow.intake_rows import RowReader

FEWEST = 4_000
"""Rows that are worth starting processes for: each takes half a second to come up."""
MOST_PROCESSES = 4
ALONE = 2_000
"""Rows of a transaction where nobody waits at a window of the same process: fewer commits, each a write to the disk."""
SELDOM = (200_000, 10, 50)
"""Thresholds of the garbage collector while rows pass through: they hold no cycles, and looking at each of them again
and again takes a fifth of the time."""
AHEAD = 3
"""Chunks each process may be ahead: enough to keep it busy, little enough for memory to stay flat."""

_reader: RowReader


def _start(reader: RowReader) -> None:
    """Ctrl+C is the writer's to hear: it ends between two chunks, and these processes with it."""
    global _reader  # noqa: PLW0603 - a process of the pool reads one file in its life
    _reader = reader
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*SELDOM)


def _read(rows: list[SourceRow]) -> list[Ready]:
    return read_all(_reader, pack, rows)


class Pool:
    """Reads in as many processes as there are processors, once there are rows enough."""

    def __init__(self, processes: int = 0, chunk: int = CHUNK) -> None:
        """`processes` 0 means as many as fit this machine; `chunk` rows make a transaction."""
        self._chunk = chunk
        self._processes = processes or max(1, min(MOST_PROCESSES, os.cpu_count() or 1))

    def read(self, reader: RowReader, rows: Iterable[SourceRow]) -> Iterator[list[Ready]]:
        """The rows, read, a chunk at a time and in their order."""
        rows = iter(rows)
        first = list(islice(rows, FEWEST))
        if len(first) < FEWEST:
            yield from Here(self._chunk).read(reader, first)
            return
        rows = chain(first, rows)
        # A process begun by fork would share the window's threads and the database's locks.
        begin = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self._processes, mp_context=begin, initializer=_start, initargs=(reader,))
        thresholds = gc.get_threshold()
        gc.set_threshold(*SELDOM)
        waiting: deque[tuple[list[SourceRow], Future[list[Ready]]]] = deque()
        try:
            while True:
                while len(waiting) < self._processes * AHEAD and (chunk := list(islice(rows, self._chunk))):
                    waiting.append((chunk, pool.submit(_read, chunk)))
                if not waiting:
                    return
                chunk, future = waiting.popleft()
                found = future.result()
                for row, one in zip(chunk, found, strict=True):
                    one.row = row
                yield found
        finally:
            gc.set_threshold(*thresholds)
            pool.shutdown(wait=False, cancel_futures=True)
