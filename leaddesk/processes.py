"""Processes of a pool: they work for the one that writes, give way to it, and end with it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading

KINDNESS = 10
"""How far behind the one that writes these stand in line for a processor: its rows are what everything waits for."""


def serve(thresholds: tuple[int, int, int]) -> None:
    """To be called first in each of them, with thresholds for its garbage collector.

    Ctrl+C is the writer's to hear: it ends between two chunks, and these with it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.nice(KINDNESS)
    gc.set_threshold(*thresholds)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """One that was killed tells nobody: these would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
