"""Leads whose derived fields have to be looked at again."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select

from leaddesk.db.ids import among, among_texts, chunks
from leaddesk.db.tables import change, contact_point, lead, operation, suppression
from leaddesk.workflow.derived import ToDeriveAnew, reach_of
from leaddesk.workflow.vocabulary import Channel, PointState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

    from leaddesk.db.answers.reading import Answers, Reading

DERIVED_FROM = ("lead", "contact_point")
"""Tables whose rows belong to one lead; suppressions, which reach any number of them, are looked at beside."""


def to_derive_anew(reading: Reading, question: ToDeriveAnew) -> list[int]:
    """Those turned that others worked on since, and those whose reach is not what it should be."""
    c = change.c
    here = (c.operation_id == question.by) & c.tbl.in_(DERIVED_FROM) & c.lead_id.is_not(None)
    found = set(reading.connection.scalars(_worked_on(question, select(c.lead_id).where(here))))
    about_reach = (c.tbl == "contact_point") | (c.cols == "*") | c.cols.contains("reach") | c.cols.contains("no_call")
    ids = set(reading.connection.scalars(select(c.lead_id).where(here, about_reach).distinct()))
    keys = _keys_of(reading, question.by)
    if keys:
        same = among_texts(reading.connection, contact_point.c.key, sorted(keys))
        ids.update(reading.connection.scalars(select(contact_point.c.lead_id).where(same, _LEADS_PHONE)))
    for some in chunks(sorted(ids - found), 20_000):
        found.update(_misjudged(reading, some))
    return sorted(found)


def _worked_on(question: ToDeriveAnew, turned: Select[*tuple[int]]) -> Select[*tuple[int]]:
    """Leads worked on after the target, or whose earlier work was turned since. What was undone again left no trace."""
    c, o = change.c, operation.c
    stands = and_(o.kind == "do", o.undone == 0)
    turns_older = and_(o.kind != "do", o.target_id < question.target_id)
    return (
        select(lead.c.id)
        .join(change, c.lead_id == lead.c.id)
        .join(operation, o.id == c.operation_id)
        # An expression, so that no planner drives by the table's name: that would read all that ever happened to leads.
        .where(c.lead_id.in_(turned), c.tbl.concat("").in_(DERIVED_FROM), c.operation_id > question.target_id)
        .where(or_(stands, turns_older))
        .distinct()
    )


_LEADS_PHONE = contact_point.c.lead_id.is_not(None) & (contact_point.c.channel == str(Channel.PHONE))


def _keys_of(reading: Reading, by: int) -> set[str]:
    here = (change.c.operation_id == by) & (change.c.tbl == "suppression")
    lines = reading.rows(select(change.c.before, change.c.after).where(here))
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


ANSWERS: Answers = {ToDeriveAnew: to_derive_anew}
