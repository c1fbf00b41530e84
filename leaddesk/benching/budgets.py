"""What an action may take, as issue 5 puts it: for a person who waits, and beside the bare driver."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What sort of waiting an action is."""

    INTERACTIVE = "interactive"
    FIRST_ROWS = "first rows"
    ONE_CLICK = "whole table, one click"
    WHOLE_TABLE = "whole table"
    REPORT_90 = "report of 90 days"
    REPORT_ALL = "report of all time"
    FIRST_PAINT = "first paint"
    FIRST_LEADS = "first leads"
    IN_BULK = "in bulk"


UNFELT_MS = 0.5
"""Below it a ratio is not held: a statement of 0.02 ms beside the transaction it is read in tells nothing of the work."""
UNFELT_ON_SERVER_MS = 2.0
"""The same where each word of a transaction is a way to a server and back: its BEGIN, each statement, its end. Bare is one
way; on a line of a quarter of a millisecond five of them are what a glance at a card may take."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds an action must keep; None is no bound. `ratio` is our p50 by the bare one's, `unfelt_ms` and above."""

    p95_ms: float | None = None
    ratio: float | None = None
    unfelt_ms: float = UNFELT_MS

    def broken(self, p50_ms: float, p95_ms: float, ratio: float) -> list[str]:
        """In words, which bounds are broken."""
        words = []
        if self.p95_ms is not None and p95_ms > self.p95_ms:
            words.append(f"p95 {p95_ms:,.1f} ms, {self.p95_ms:,.0f} ms allowed")
        if self.ratio is not None and ratio > self.ratio and p50_ms >= self.unfelt_ms:
            words.append(f"{ratio:.2f} × the bare limit, {self.ratio:g} × allowed")
        return words


Budgets = dict[Kind, Budget]

BUDGETS: Mapping[Kind, Budget] = {
    Kind.INTERACTIVE: Budget(p95_ms=50, ratio=3),
    Kind.FIRST_ROWS: Budget(p95_ms=150),
    Kind.ONE_CLICK: Budget(p95_ms=1000),
    Kind.WHOLE_TABLE: Budget(p95_ms=3000),
    Kind.REPORT_90: Budget(p95_ms=1000),
    Kind.REPORT_ALL: Budget(p95_ms=3000),
    Kind.FIRST_PAINT: Budget(ratio=1.5),
    Kind.FIRST_LEADS: Budget(ratio=3),
    Kind.IN_BULK: Budget(),
}
_ON_SERVER = {kind: replace(budget, unfelt_ms=UNFELT_ON_SERVER_MS) for kind, budget in BUDGETS.items()}


def budgets_for(*, sqlite: bool) -> Mapping[Kind, Budget]:
    """What may be spent on a file, or on a server."""
    return BUDGETS if sqlite else _ON_SERVER


WINDOW_MB = 350
"""The window's resident memory with a million leads open, in MiB."""
