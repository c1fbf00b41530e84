"""Who answers which question: one module per feature, each with its own table of answers."""

from __future__ import annotations

from leaddesk.db.answers import journal, settings
from leaddesk.db.answers.reading import Answers, Reading

ANSWERS: Answers = {}
for _room in (settings, journal):
    ANSWERS.update(_room.ANSWERS)

__all__ = ["ANSWERS", "Reading"]
