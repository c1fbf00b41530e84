"""Who answers which question: one module per feature, each with its own table of answers."""

from __future__ import annotations

from leaddesk.db.answers import (
    assignment,
    calls,
    cards,
    derived,
    duplicate_pairs,
    duplicate_reading,
    duplicates,
    export,
    greetings,
    intake,
    intake_batches,
    journal,
    judging,
    letters,
    list_rows,
    lists,
    lookalikes,
    merging,
    outbox,
    parked,
    parking,
    queue,
    refusals,
    reports,
    search,
    settings,
    sources,
    suppressions,
    team,
    today,
    watching,
)
from leaddesk.db.answers.reading import Answers, Reading

_ROOMS = (
    assignment,
    calls,
    cards,
    derived,
    duplicate_pairs,
    duplicate_reading,
    duplicates,
    export,
    greetings,
    intake,
    intake_batches,
    journal,
    judging,
    letters,
    list_rows,
    lists,
    lookalikes,
    merging,
    outbox,
    parked,
    parking,
    queue,
    refusals,
    reports,
    search,
    settings,
    sources,
    suppressions,
    team,
    today,
    watching,
)
ANSWERS: Answers = {}
for _room in _ROOMS:
    ANSWERS.update(_room.ANSWERS)

__all__ = ["ANSWERS", "Reading"]
