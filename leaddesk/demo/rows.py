"""Stories as the rows a database stores, for a demo too large to go through commands.

Ids are counted from 1 in each block; whoever stores them adds what came before. A row's version is the operation
the demo was made by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leaddesk.db.mapping import mapper, storable, to_ms
from leaddesk.db.search import LEAD_COLUMNS, text_of
from leaddesk.workflow.entities import (
    Call,
    Client,
    ClientPerson,
    ContactPoint,
    Lead,
    LeadExtra,
    Note,
    Refusal,
    Suppression,
    Task,
)
from leaddesk.workflow.letter_entities import Letter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from leaddesk.demo.floor import Story
    from leaddesk.workflow.entities import Row

KINDS: tuple[type[Row], ...] = (
    Client, ClientPerson, Lead, LeadExtra, ContactPoint, Call, Task, Note, Refusal, Letter, Suppression,
)  # fmt: skip
"""What is stored, in order of who needs whom."""
LINKS = {
    "lead_id": Lead,
    "client_id": Client,
    "contact_id": ContactPoint,
    "refusal_id": Refusal,
}
"""Columns that hold an id of another kind of row of the same block."""
Stored = dict[str, list[tuple[Any, ...]]]
"""Rows by table, each as the tuple of its mapper's columns; and under "search" the leads' texts as (id, text)."""
SEARCH = "search"


def stored(stories: Iterable[Story], operation: int, now: datetime) -> Stored:
    """The rows of one block."""
    block = _Block(operation, to_ms(now))
    for story in stories:
        block.add(story)
    return block.rows


class _Block:
    """Collects rows and counts ids."""

    def __init__(self, operation: int, now_ms: int) -> None:
        self.rows: Stored = {str(mapper(kind).table.name): [] for kind in KINDS}
        self.rows[SEARCH] = []
        self._stamps = {"version": operation, "changed_at": now_ms, "created_at": now_ms}

    def add(self, story: Story) -> None:
        client = None
        if story.client:
            client = self._put(story.client)
            for person in story.people:
                self._put(person, client_id=client)
        lead = self._lead(story, client)
        first = self._points(story, lead, None)
        if client:
            self._points(story, None, client)
        self._calls(story, lead, first)
        for task in story.tasks:
            self._put(task, lead_id=lead)
        for task in story.client_tasks:
            self._put(task, client_id=client)
        for note in story.notes:
            self._put(note, lead_id=lead)
        refusal = self._put(story.refusal, lead_id=lead) if story.refusal else None
        if story.letter:
            self._put(story.letter, lead_id=lead, refusal_id=refusal)
        for suppression in story.suppressions:
            self._put(suppression)

    def _put(self, row: Row, **links: int | None) -> int:
        """One row, stamped as `Work` stamps it; gives its id within the block."""
        m = mapper(type(row))
        rows = self.rows[m.table.name]
        values = m.stored(row)
        values["id"] = row.id or len(rows) + 1
        values.update(links)
        for name, stamp in self._stamps.items():
            if name in values and (name == "version" or values[name] is None):
                values[name] = stamp
        rows.append(tuple(values.values()))
        return len(rows)

    def _lead(self, story: Story, client: int | None) -> int:
        lead = self._put(Lead(**story.lead), client_id=client)
        if story.extra:
            self._put(LeadExtra(id=lead, fields=story.extra))
        told = [story.lead.get(name, "") for name in LEAD_COLUMNS]
        words = text_of(told, [(p.channel, p.value, p.raw) for p in story.points], (story.extra,))
        self.rows[SEARCH].append((lead, storable(words)))
        return lead

    def _points(self, story: Story, lead: int | None, client: int | None) -> int:
        first = len(self.rows["contact_point"])
        for point in story.points:
            if lead or point.usable:
                self._put(point, lead_id=lead, client_id=client)
        return first + 1

    def _calls(self, story: Story, lead: int, first: int) -> None:
        """Ten million: laid down column by column, without a row in between."""
        calls, tasks = self.rows["call"], self.rows["task"]
        for place, phone, user, started, seconds, outcome, said, attempt, part in story.calls:
            number = len(calls) + 1
            calls.append(
                (number, lead, None, first + place, phone, user, started, seconds, outcome, said, attempt, str(part))
            )
        owner, operation = story.lead.get("owner_id"), self._stamps["version"]
        for kind, title, promised, made, due, done, result in story.past:
            flag = int(promised)
            number = len(tasks) + 1
            tasks.append(
                (number, lead, None, owner, str(kind), title, due, flag, flag, done, 0, result, owner, made, operation)
            )
