"""A demo of years: blocks of stories made by other processes, laid down by this one, all or nothing."""

from __future__ import annotations

import gc
import marshal
import multiprocessing
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from leaddesk.db.bulk import Bulk, bulk
from leaddesk.db.mapping import mapper
from leaddesk.demo.rows import KINDS, LINKS, SEARCH, Stored, stored
from leaddesk.demo.scale import parted
from leaddesk.processes import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from datetime import datetime
    from random import Random

    from leaddesk.db.store import DbStore
    from leaddesk.demo.blocks import Blocks
    from leaddesk.demo.filling import Made

AHEAD = 2
"""Blocks each process may be ahead: enough to keep it busy, little enough for memory to stay flat."""
_SELDOM = (200_000, 10, 50)
"""Thresholds of the garbage collector: stories hold no cycles."""

_work: tuple[Blocks, int, datetime]


def _start(blocks: Blocks, operation: int, now: datetime) -> None:
    global _work  # noqa: PLW0603 - a process of the pool makes one demo in its life
    _work = blocks, operation, now
    serve(_SELDOM)


def _make(number: int, counts: tuple[int, ...]) -> bytes:
    """The rows of one block; plain values all, which go over the pipe in half the time of objects."""
    blocks, operation, now = _work
    return marshal.dumps(stored(blocks.stories(number, counts), operation, now))


def _made(blocks: Blocks, operation: int, now: datetime, counts: Iterable[tuple[int, ...]]) -> Iterator[Stored]:
    """Every block in its order; a single one is not worth starting processes for."""
    if blocks.scale.blocks == 1:
        yield from (stored(blocks.stories(0, block), operation, now) for block in counts)
        return
    processes = max(1, min(4, os.cpu_count() or 1))
    begin = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=begin, initializer=_start, initargs=(blocks, operation, now))
    waiting: deque[Future[bytes]] = deque()
    orders = enumerate(counts)
    thresholds = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        while True:
            waiting.extend(
                pool.submit(_make, number, block) for number, block in islice(orders, processes * AHEAD - len(waiting))
            )
            if not waiting:
                return
            yield marshal.loads(waiting.popleft().result())  # noqa: S302 - from our own process
    finally:
        gc.set_threshold(*thresholds)
        pool.shutdown(wait=False, cancel_futures=True)


def lay_down(
    store: DbStore, blocks: Blocks, random: Random, made: Made, now: datetime, progress: Callable[[int, int], None]
) -> None:
    """Store every block, then make the indexes, which takes a third as long. Raises `Unavailable`; then nothing was stored."""
    leads = blocks.scale.leads
    left = leads // 3
    with bulk(store) as loader:
        writer = _Writer(loader)
        for rows in _made(blocks, made.operation, now, parted(blocks.scale.counts(random))):
            writer.write(rows)
            made.leads += len(rows["lead"])
            made.calls += len(rows["call"])
            made.tasks += len(rows["task"])
            made.clients += len(rows["client"])
            progress(made.leads, leads + left)
        loader.clients_search()
        loader.nobodys(made.operation)
        loader.finish(lambda done, total: progress(leads + left * done // total, leads + left))


class _Writer:
    """Gives each row the id it has among all blocks."""

    def __init__(self, loader: Bulk) -> None:
        self._loader = loader
        self._before = dict.fromkeys((mapper(kind).table.name for kind in KINDS), 0)

    def write(self, rows: Stored) -> None:
        """One more block, in order of who needs whom."""
        for kind in KINDS:
            m = mapper(kind)
            own = "lead" if m.table.name == "lead_extra" else m.table.name
            shifts = {name: self._before[mapper(other).table.name] for name, other in LINKS.items() if name in m.names}
            self._loader.insert(m.table.name, m.names, rows[m.table.name], {"id": self._before[own], **shifts})
        self._loader.search_texts(rows[SEARCH], self._before["lead"])
        for name in self._before:
            self._before[name] += len(rows[name])
