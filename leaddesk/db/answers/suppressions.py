"""Whom nobody may call or write to."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from leaddesk.db.ids import among, among_texts, chunks
from leaddesk.db.tables import change, contact_point, lead, suppression
from leaddesk.workflow.derived import MisjudgedReach, SuppressedKeys, reach_of
from leaddesk.workflow.entities import Suppression
from leaddesk.workflow.suppressions import Suppressions
from leaddesk.workflow.vocabulary import Channel, PointState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from leaddesk.db.answers.reading import Answers, Reading


def suppressed_keys(reading: Reading, question: SuppressedKeys) -> frozenset[str]:
    """Which of these are suppressed."""
    if not question.keys:
        return frozenset()
    here = among_texts(reading.connection, suppression.c.key, question.keys)
    return frozenset(reading.connection.scalars(select(suppression.c.key).where(here)))


def suppressions(reading: Reading, question: Suppressions) -> list[Suppression]:
    """The newest first."""
    return reading.all_of(Suppression, order=suppression.c.id.desc())[: question.limit]


def misjudged_reach(reading: Reading, question: MisjudgedReach) -> list[int]:
    """Among the leads whose reach the operation may have changed, and those with a number it freed or barred."""
    c = change.c
    here = c.operation_id == question.operation_id
    about_reach = (c.tbl == "contact_point") | ((c.tbl == "lead") & (c.cols.contains("reach") | (c.cols == "*")))
    ids = set(reading.connection.scalars(select(c.lead_id).where(here, c.lead_id.is_not(None), about_reach)))
    keys = _keys_of(reading, here)
    if keys:
        same = among_texts(reading.connection, contact_point.c.key, sorted(keys))
        ids.update(reading.connection.scalars(select(contact_point.c.lead_id).where(same, _LEADS_PHONE)))
    return [i for some in chunks(sorted(ids), 20_000) for i in _misjudged(reading, some)]


_LEADS_PHONE = contact_point.c.lead_id.is_not(None) & (contact_point.c.channel == str(Channel.PHONE))


def _keys_of(reading: Reading, here: ColumnElement[bool]) -> set[str]:
    lines = reading.rows(select(change.c.before, change.c.after).where(here, change.c.tbl == "suppression"))
    return {json.loads(text)["key"] for line in lines for text in line if text and '"key"' in text}


def _misjudged(reading: Reading, ids: Sequence[int]) -> list[int]:
    p = contact_point.c
    dead = [str(PointState.INVALID), str(PointState.WRONG_PERSON)]
    phones: dict[int, list[str]] = defaultdict(list)
    barred = set()
    never = exists().where((suppression.c.key == p.key) & (suppression.c.key != ""))
    where = (among(reading.connection, p.lead_id, ids), _LEADS_PHONE, p.state.not_in(dead))
    for lead_id, key, suppressed in reading.rows(select(p.lead_id, p.key, never).where(*where)):
        phones[lead_id].append(key)
        if suppressed:
            barred.add(key)
    rows = reading.rows(
        select(lead.c.id, lead.c.no_call, lead.c.reach).where(among(reading.connection, lead.c.id, ids))
    )
    return [i for i, no_call, reach in rows if reach != reach_of(phones[i], barred, no_call=bool(no_call))]


ANSWERS: Answers = {SuppressedKeys: suppressed_keys, Suppressions: suppressions, MisjudgedReach: misjudged_reach}
