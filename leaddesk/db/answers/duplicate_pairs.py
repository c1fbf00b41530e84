"""Pairs the last search for duplicates found that still hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, true

from leaddesk.db.intake_tables import duplicate_pair, duplicate_search, not_same, redirect
from leaddesk.db.mapping import from_ms
from leaddesk.db.pairs import THOUSANDTHS
from leaddesk.db.tables import lead
from leaddesk.workflow.duplicates import FoundPairs, Pair, PairsFound
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause

    from leaddesk.db.answers.reading import Answers, Reading


def found_pairs(reading: Reading, question: FoundPairs) -> PairsFound:
    """The best pairs first, both leads still there and this user's to see, and nobody has called them two people."""
    search = reading.connection.execute(select(duplicate_search)).mappings().first()
    if search is None:
        return PairsFound()
    p = duplicate_pair.c
    holding = [p.score >= round(question.min_score * THOUSANDTHS), _not_apart()]
    if question.certain_only:
        holding.append(p.certain == 1)
    # To look each lead up for the sake of a number takes longer than all the rest: those merged since are few.
    counted = [*holding, *(_there(reading) if reading.user.role is Role.OPERATOR else _not_merged())]
    total, certain = reading.connection.execute(
        select(func.count(), func.coalesce(func.sum(p.certain), 0)).where(*counted)
    ).one()
    holding += _there(reading)
    best = select(p.a, p.b, p.score, p.why, p.certain).where(*holding).order_by(p.score.desc(), p.a.desc(), p.b.desc())
    pairs = tuple(
        Pair(a, b, score / THOUSANDTHS, tuple(json.loads(why)), bool(sure))
        for a, b, score, why, sure in reading.rows(best.limit(question.limit))
    )
    return PairsFound(pairs, total, int(certain), search["leads"], from_ms(search["at"]), search["seconds"])


def _not_apart() -> ColumnElement[bool]:
    """Nobody has called them two people."""
    p, n = duplicate_pair.c, not_same.c
    return ~select(n.id).where(n.a == p.a, n.b == p.b).exists()


def _not_merged() -> list[ColumnElement[bool]]:
    p = duplicate_pair.c
    return [side.not_in(select(redirect.c.id)) for side in (p.a, p.b)]


def _there(reading: Reading) -> list[ColumnElement[bool]]:
    """Both leads are there: neither was merged, nor brought in by an import undone since."""
    p = duplicate_pair.c
    sides = ((lead.alias("one"), p.a), (lead.alias("other"), p.b))
    return [select(one.c.id).where(one.c.id == side, _mine(reading, one)).exists() for one, side in sides]


def _mine(reading: Reading, one: FromClause) -> ColumnElement[bool]:
    """As `Reading.visible`, of a lead under another name."""
    if reading.user.role is Role.OPERATOR:
        return or_(one.c.owner_id == reading.user.id, one.c.owner_id.is_(None))
    return true()


ANSWERS: Answers = {FoundPairs: found_pairs}
