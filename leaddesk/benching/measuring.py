"""Timing: ours and the bare driver's run by run, so that whatever else the machine does slows both alike."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from leaddesk.benching.counting import Counter

T = TypeVar("T")


class Side(StrEnum):
    """Whose time it is."""

    OURS = "ours"
    BARE = "bare"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all are not above (nearest rank). 0 of nothing."""
    if not values:
        return 0.0
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)
    return ordered[min(max(rank, 1), len(ordered)) - 1]


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle. 0 of nothing."""
    ordered, middle = sorted(values), len(values) // 2
    if not ordered:
        return 0.0
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


@dataclass(slots=True)
class Times:
    """What was measured of one action, in milliseconds; `cpu` is this process's own time alone."""

    wall: dict[Side, list[float]] = field(default_factory=lambda: {side: [] for side in Side})
    cpu: dict[Side, list[float]] = field(default_factory=lambda: {side: [] for side in Side})
    cold: dict[Side, list[float]] = field(default_factory=lambda: {side: [] for side in Side})
    same: bool | None = None
    statements: int | None = None


class Watch:
    """Handed to a round, which has it time its parts by the action's key."""

    def __init__(self) -> None:
        """Warm, and counting for real."""
        self.times: dict[str, Times] = {}
        self.chill: Callable[[], None] | None = None
        self.counter: Counter | None = None
        self.dry = False

    def of(self, key: str) -> Times:
        """What is known of one action."""
        return self.times.setdefault(key, Times())

    def time(self, key: str, side: Side, act: Callable[[], T]) -> T:
        """Run and time; kept as cold where the caches were dropped before, and not at all in a dry run."""
        if self.counter is not None and side is Side.OURS:
            with self.counter.listening() as heard:
                answer = act()
            self.of(key).statements = len(heard)
            return answer
        if self.chill is not None:
            self.chill()
        busy, begun = time.process_time_ns(), time.perf_counter_ns()
        answer = act()
        spent, worked = time.perf_counter_ns() - begun, time.process_time_ns() - busy
        if not self.dry:
            kept = self.of(key)
            if self.chill is not None:
                kept.cold[side].append(spent / 1e6)
            else:
                kept.wall[side].append(spent / 1e6)
                kept.cpu[side].append(worked / 1e6)
        return answer

    def compare(self, key: str, *, same: bool) -> None:
        """Remember whether both gave the same answer; one difference is enough."""
        known = self.of(key)
        known.same = same and known.same is not False


@contextmanager
def no_garbage() -> Iterator[None]:
    """The collector runs before, not during: as in the window, where it has its own moments."""
    gc.collect(1)
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
