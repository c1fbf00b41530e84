"""Imports that were cut short, rows they left out, and files understood once for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.intake_tables import import_profile, import_reject
from leaddesk.db.rejects import cells_of
from leaddesk.db.tables import import_batch
from leaddesk.workflow.entities import ImportBatch
from leaddesk.workflow.intake import RejectedRow
from leaddesk.workflow.intake_entities import ImportProfile
from leaddesk.workflow.intake_profiles import ProfileOf, Profiles, signature
from leaddesk.workflow.intake_resume import Rejected, Unfinished
from leaddesk.workflow.watched_folder import BroughtIn

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


def unfinished(reading: Reading, question: Unfinished) -> ImportBatch | None:
    """The newest batch of this content, unless that one came to its end."""
    c = import_batch.c
    same = (c.fingerprint == question.fingerprint) & (c.fingerprint != "")
    newest = select(c.id).where(same).order_by(c.id.desc()).limit(1).scalar_subquery()
    found = reading.all_of(ImportBatch, (c.id == newest) & (c.state != "done"))
    return found[0] if found else None


def brought_in(reading: Reading, question: BroughtIn) -> ImportBatch | None:
    """The newest batch of this content, if that one came to its end. There are few batches, and no index is worth it."""
    c = import_batch.c
    found = reading.all_of(ImportBatch, (c.fingerprint == question.fingerprint) & (c.fingerprint != ""), order=c.id)
    return found[-1] if found and found[-1].state == "done" else None


def rejected(reading: Reading, question: Rejected) -> list[RejectedRow]:
    """By the primary key."""
    c = import_reject.c
    lines = select(c.row, c.cells, c.surplus, c.why).where(c.batch_id == question.batch_id).order_by(c.row)
    return [
        RejectedRow(number, cells_of(cells), cells_of(surplus), why)
        for number, cells, surplus, why in reading.rows(lines)
    ]


def profile_of(reading: Reading, question: ProfileOf) -> ImportProfile | None:
    """The named one, else what was remembered of this header."""
    c = import_profile.c
    header = signature(question.columns)
    here = c.name == question.name if question.name else (c.header == header) & (c.name == "")
    found = reading.all_of(ImportProfile, here)
    return found[-1] if found else None


def profiles(reading: Reading, _question: Profiles) -> list[ImportProfile]:
    """Those with a name."""
    c = import_profile.c
    return reading.all_of(ImportProfile, c.name != "", order=c.name)


ANSWERS: Answers = {
    BroughtIn: brought_in,
    Unfinished: unfinished,
    Rejected: rejected,
    ProfileOf: profile_of,
    Profiles: profiles,
}
