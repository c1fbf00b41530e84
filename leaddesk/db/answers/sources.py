"""Sources by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.db.tables import source
from leaddesk.workflow.entities import Source
from leaddesk.workflow.sources import SourceByName, Sources

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


def sources(reading: Reading, _question: Sources) -> list[Source]:
    """All, by name."""
    return sorted(reading.all_of(Source), key=lambda s: s.name.casefold())


def by_name(reading: Reading, question: SourceByName) -> Source | None:
    """The one of this name, whatever its case; an exact one first. Sources are few, so they are compared here."""
    wanted = question.name.strip()
    exact = reading.all_of(Source, source.c.name == wanted)
    if exact:
        return exact[0]
    return next((s for s in reading.all_of(Source) if s.name.casefold() == wanted.casefold()), None)


ANSWERS: Answers = {Sources: sources, SourceByName: by_name}
