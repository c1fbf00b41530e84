"""Times merging many certain pairs at once, and taking it back.

    python benchmarks/merging.py [--pairs 1000] [--db postgresql://…]

Made-up people with a phone, an e-mail, an extra field, calls, a note and a task each; every pair shares the phone.
Answers with one JSON object: seconds of the merge, its undo and its redo, and statements per pair.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import event

from leaddesk.bootstrap import open_desk
from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import Call, ContactPoint, Lead, LeadExtra, Note, Task
from leaddesk.workflow.merging import MergeMany
from leaddesk.workflow.ports import Work
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Channel, Status


class Fill(Command[tuple[tuple[int, int], ...]]):
    """So many pairs of cards."""

    def __init__(self, count: int) -> None:
        """`count` pairs."""
        self.__dict__["count"] = count

    def arguments(self) -> dict[str, Any]:
        """Nothing of interest."""
        return {}

    def handle(self, work: Work) -> tuple[tuple[int, int], ...]:
        """Gives the pairs of ids."""
        work.words = "a floor of pairs"
        count: int = self.__dict__["count"]
        people = [
            Lead(
                name=f"Olena {i % count}", company=f"Trade {i}", status=Status.IN_PROGRESS, retry_at=work.now, touches=2
            )
            for i in range(2 * count)
        ]
        ids = work.put_many(people)
        rows: dict[type[Any], list[Any]] = {ContactPoint: [], Call: [], Note: [], Task: [], LeadExtra: []}
        for number, lead_id in enumerate(ids):
            phone = f"+38067{4_000_000 + number % count:07d}"
            mail = f"olena{number}@trade.example"
            rows[ContactPoint] += [
                ContactPoint(lead_id=lead_id, channel=Channel.PHONE, value=phone, key=phone, raw=phone),
                ContactPoint(lead_id=lead_id, channel=Channel.EMAIL, value=mail, key=mail, raw=mail, position=1),
            ]
            for back in range(2):
                at = work.now - timedelta(days=back)
                rows[Call].append(Call(lead_id=lead_id, outcome="no_answer", started_at=at, phone=phone))
            rows[Note].append(Note(lead_id=lead_id, at=work.now, text=f"note {number}"))
            rows[Task].append(Task(lead_id=lead_id, title="Offer", due_at=work.now))
            rows[LeadExtra].append(LeadExtra(id=lead_id, fields={"Colour": f"shade {number}"}))
        for many in rows.values():
            work.put_many(many)
        return tuple((ids[i], ids[count + i]) for i in range(count))


def seconds(desk: Desk, command: Command[Any]) -> tuple[Any, float]:
    """Carry a command out; gives what came of it and how long it took."""
    started = perf_counter()
    done = desk.do(command)
    return done.value, round(perf_counter() - started, 2)


def main() -> None:
    """As said above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--db", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        desk = open_desk(options.db or Path(folder) / "leads.db")
        store = desk.store
        assert isinstance(store, DbStore)
        pairs, _ = seconds(desk, Fill(options.pairs))
        statements = 0

        def count(*_: Any) -> None:
            nonlocal statements
            statements += 1

        event.listen(store.writer, "before_cursor_execute", count)
        merged, merging = seconds(desk, MergeMany(pairs))
        sent = statements
        _, undoing = seconds(desk, Undo())
        _, redoing = seconds(desk, Redo())
        print(
            json.dumps(
                {
                    "pairs": options.pairs,
                    "merged": merged.gone,
                    "merge_s": merging,
                    "undo_s": undoing,
                    "redo_s": redoing,
                    "statements_per_pair": round(sent / options.pairs, 1),
                }
            )
        )
        store.close()


if __name__ == "__main__":
    main()
