"""Whom nobody may call or write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.prepared import Prepared, any_of
from leaddesk.db.tables import suppression
from leaddesk.workflow.derived import SuppressedKeys
from leaddesk.workflow.entities import Suppression
from leaddesk.workflow.suppressions import Suppressions

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


_SUPPRESSED = Prepared(lambda sqlite: select(suppression.c.key).where(any_of(sqlite, suppression.c.key, "keys")))


def suppressed_keys(reading: Reading, question: SuppressedKeys) -> frozenset[str]:
    """Which of these are suppressed."""
    if not question.keys:
        return frozenset()
    return frozenset(_SUPPRESSED.scalars(reading.connection, keys=question.keys))


def suppressions(reading: Reading, question: Suppressions) -> list[Suppression]:
    """The newest first."""
    return reading.all_of(Suppression, order=suppression.c.id.desc())[: question.limit]


ANSWERS: Answers = {SuppressedKeys: suppressed_keys, Suppressions: suppressions}
