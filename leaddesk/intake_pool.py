"""Rows read by other processes: phones are parsed beside the one that writes, not before it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from typing import TYPE_CHECKING

from leaddesk.db import packing
from leaddesk.db.packing import pack
from leaddesk.processes import serve
from leaddesk.workflow import intake_ready
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
ALONE = 8_000
"""Rows of a transaction where nobody waits at a window of the same process: fewer commits, and half the pages written of
4,000. Of 16,000 somebody at another window would wait for seconds."""
PIECE = 1_000
"""Rows read at a time: a transaction of more is put together of several pieces."""
SELDOM = (2_000_000, 10, 50)
"""Thresholds of the garbage collector while rows pass through: they hold no cycles, and looking at each of them again
and again takes a fifth of the time. The first is more than a transaction's rows consist of."""
AHEAD = 3
"""Pieces each process may be ahead, beside a transaction's: enough to keep it busy, few enough for memory to stay flat."""

_reader: RowReader


def _start(reader: RowReader) -> None:
    global _reader  # noqa: PLW0603 - a process of the pool reads one file in its life
    _reader = reader
    serve(SELDOM)


def _read(rows: list[SourceRow]) -> bytes:
    """What was read, in bytes: it becomes objects only where it is wanted next, so that little of it stands about."""
    found = read_all(_reader, pack, rows)
    packed = [one.packed for one in found if one.packed is not None]
    return pickle.dumps((intake_ready.sent(found), packing.sent(packed)), pickle.HIGHEST_PROTOCOL)


def _received(rows: list[SourceRow], payload: bytes) -> list[Ready]:
    told, packed = pickle.loads(payload)  # noqa: S301 - of our own making
    return intake_ready.received(told, packing.received(packed), rows)


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
        piece = min(self._chunk, PIECE)
        ahead = self._processes * AHEAD + self._chunk // piece
        waiting: deque[tuple[list[SourceRow], Future[bytes]]] = deque()
        found: list[Ready] = []
        try:
            while True:
                while len(waiting) < ahead and (some := list(islice(rows, piece))):
                    waiting.append((some, pool.submit(_read, some)))
                if waiting:
                    some, future = waiting.popleft()
                    found += _received(some, future.result())
                if found and (len(found) >= self._chunk or not waiting):
                    yield found
                    found = []
                if not waiting:
                    return
        finally:
            gc.set_threshold(*thresholds)
            pool.shutdown(wait=False, cancel_futures=True)
