"""The floor: the least the bare driver must do for each action. Times in milliseconds."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2

from leaddesk.db.engines import PRAGMAS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def timed(action: Callable[[int], object], runs: int) -> dict[str, float]:
    """Median and 95th percentile of `runs` runs after two to warm up; the run's number is handed over."""
    for number in (-2, -1):
        action(number)
    spent = []
    for number in range(runs):
        started = time.perf_counter()
        action(number)
        spent.append((time.perf_counter() - started) * 1000)
    spent.sort()
    return {"p50_ms": round(statistics.median(spent), 2), "p95_ms": round(spent[int(len(spent) * 0.95) - 1], 2)}


class Floor:
    """One bare connection with the pragmas of the real one."""

    def __init__(self, file: Path) -> None:
        self.connection = dbapi2.connect(str(file), isolation_level=None)
        for name, value in PRAGMAS:
            self.connection.execute(f"PRAGMA {name} = {value}")

    def rows(self, statement: str, *values: Any) -> list[Any]:
        return self.connection.execute(statement, values).fetchall()

    def open_card(self, lead_id: int) -> None:
        self.rows("SELECT * FROM lead WHERE id = ?", lead_id)
        self.rows("SELECT * FROM contact_point WHERE lead_id = ?", lead_id)
        self.rows("SELECT * FROM call WHERE lead_id = ? ORDER BY started_at DESC LIMIT 50", lead_id)
        self.rows("SELECT * FROM task WHERE lead_id = ?", lead_id)

    def log_call(self, lead_id: int) -> None:
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        run(
            "INSERT INTO call (lead_id, started_at, outcome, phone) VALUES (?, ?, 'no_answer', '')",
            (lead_id, int(time.time() * 1000)),
        )
        run("UPDATE lead SET attempts = attempts + 1, touches = touches + 1 WHERE id = ?", (lead_id,))
        run("COMMIT")

    def search(self, words: str) -> None:
        trigrams = " AND ".join(f'"{words[i : i + 3]}"' for i in range(len(words) - 2))
        self.rows(
            "SELECT d.id FROM search_fts f JOIN search_doc d ON d.id = f.rowid "
            "WHERE search_fts MATCH ? AND instr(d.text, ?) LIMIT 20",
            trigrams,
            words,
        )

    def page(self, ids: list[int]) -> None:
        marks = ",".join("?" * len(ids))
        self.rows(f"SELECT * FROM lead WHERE id IN ({marks})", *ids)

    def all_ids(self) -> None:
        self.rows("SELECT id FROM lead ORDER BY changed_at DESC, id DESC")

    def queue(self, now: int) -> None:
        self.rows(
            "SELECT lead_id, due_at FROM task WHERE done_at IS NULL AND dropped = 0 AND promised = 1 AND due_at <= ? "
            "ORDER BY due_at LIMIT 100",
            now,
        )
        self.rows("SELECT id FROM lead WHERE retry_at <= ? ORDER BY retry_at LIMIT 100", now)
