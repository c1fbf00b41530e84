"""Leads whose derived fields have to be looked at again."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, or_, select

from leaddesk.db.ids import chunks
from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.tables import change, contact_point, lead, operation, suppression
from leaddesk.workflow.derived import ToDeriveAnew, reach_of
from leaddesk.workflow.vocabulary import Channel, PointState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from leaddesk.db.answers.reading import Answers, Reading

DERIVED_FROM = ("lead", "contact_point")
"""Tables whose rows belong to one lead; suppressions, which reach any number of them, are looked at beside."""


_C, _O = change.c, operation.c
_TURNED = (_C.operation_id == given("by")) & _C.tbl.in_(DERIVED_FROM) & _C.lead_id.is_not(None)
_ABOUT_REACH = {
    "lead": ("reach", "no_call"),
    "contact_point": ("lead_id", "channel", "key", "state"),
}
"""By table the columns a lead's reach follows from, and itself: a turn of others leaves it as right as it was."""


def _wrote(table: str, names: Sequence[str]) -> ColumnElement[bool]:
    return and_(_C.tbl == table, or_(_C.cols == "*", *(_C.cols.contains(name, autoescape=True) for name in names)))


_STANDS = and_(_O.kind == "do", _O.undone == 0)
_TURNS_OLDER = and_(_O.kind != "do", _O.target_id < given("target"))
_LEADS_PHONE = contact_point.c.lead_id.is_not(None) & (contact_point.c.channel == str(Channel.PHONE))

_THERE = change.alias("there")
_TURNED_THERE = (_THERE.c.operation_id == given("by")) & _THERE.c.tbl.in_(DERIVED_FROM) & _THERE.c.lead_id.is_not(None)
_WORKED_ON = Prepared(
    lambda _: (
        select(lead.c.id)
        .join(change, _C.lead_id == lead.c.id)
        .join(operation, _O.id == _C.operation_id)
        # An expression, so that no planner drives by the table's name: that would read all that ever happened to leads.
        .where(
            _C.lead_id.in_(select(_THERE.c.lead_id).where(_TURNED_THERE)),
            _C.tbl.concat("").in_(DERIVED_FROM),
            _C.operation_id > given("target"),
            or_(_STANDS, _TURNS_OLDER),
        )
        .distinct()
    )
)
"""Leads worked on after the target, or whose earlier work was turned since. What was undone again left no trace."""
_BARRED = _C.tbl == "suppression"
_REACH_TURNED = Prepared(
    lambda _: (
        select(_C.lead_id, case((_BARRED, _C.before)), case((_BARRED, _C.after)))
        .where(_C.operation_id == given("by"))
        .where(or_(_BARRED, and_(_C.lead_id.is_not(None), or_(*(_wrote(*part) for part in _ABOUT_REACH.items())))))
        .distinct()
    )
)
"""Leads whose reach may be another now, each once; and suppressions as they were and are."""
_HAVE = Prepared(
    lambda sqlite: select(contact_point.c.lead_id).where(any_of(sqlite, contact_point.c.key, "keys"), _LEADS_PHONE)
)
_PHONES = Prepared(
    lambda sqlite: select(
        contact_point.c.lead_id,
        contact_point.c.key,
        exists().where((suppression.c.key == contact_point.c.key) & (suppression.c.key != "")),
    ).where(
        any_of(sqlite, contact_point.c.lead_id, "ids"),
        _LEADS_PHONE,
        contact_point.c.state.not_in([str(PointState.INVALID), str(PointState.WRONG_PERSON)]),
    )
)
_REACH = Prepared(
    lambda sqlite: select(lead.c.id, lead.c.no_call, lead.c.reach).where(any_of(sqlite, lead.c.id, "ids"))
)


def to_derive_anew(reading: Reading, question: ToDeriveAnew) -> list[int]:
    """Those turned that others worked on since, and those whose reach is not what it should be."""
    connection = reading.connection
    found = set(_WORKED_ON.scalars(connection, by=question.by, target=question.target_id))
    turned = _REACH_TURNED.rows(connection, by=question.by)
    ids = {lead_id for lead_id, *_ in turned if lead_id is not None}
    keys = {json.loads(text)["key"] for _, *both in turned for text in both if text and '"key"' in text}
    if keys:
        ids.update(_HAVE.scalars(connection, keys=sorted(keys)))
    for some in chunks(sorted(ids - found), 20_000):
        found.update(_misjudged(reading, some))
    return sorted(found)


def _misjudged(reading: Reading, ids: Sequence[int]) -> list[int]:
    phones: dict[int, list[str]] = defaultdict(list)
    barred = set()
    for lead_id, key, suppressed in _PHONES.rows(reading.connection, ids=ids):
        phones[lead_id].append(key)
        if suppressed:
            barred.add(key)
    rows = _REACH.rows(reading.connection, ids=ids)
    return [i for i, no_call, reach in rows if reach != reach_of(phones[i], barred, no_call=bool(no_call))]


ANSWERS: Answers = {ToDeriveAnew: to_derive_anew}
