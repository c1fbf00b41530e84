"""Where a hit of the search matched, when its title does not show it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.prepared import Prepared, any_of
from leaddesk.db.search import fold, is_number, written
from leaddesk.db.tables import contact_point, lead_extra

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.db.answers.reading import Reading
    from leaddesk.workflow.cards import Hit


def _points_of(owner: str) -> Prepared:
    column = contact_point.c[owner]
    told = (column, contact_point.c.channel, contact_point.c.value, contact_point.c.raw)
    return Prepared(
        lambda sqlite: (
            select(*told)
            .where(any_of(sqlite, column, "ids"))
            .order_by(column, contact_point.c.position, contact_point.c.id)
        )
    )


_POINTS = {"lead": _points_of("lead_id"), "client": _points_of("client_id")}
_EXTRAS = Prepared(
    lambda sqlite: select(lead_extra.c.id, lead_extra.c.fields, lead_extra.c.original).where(
        any_of(sqlite, lead_extra.c.id, "ids")
    )
)


def with_reasons(reading: Reading, hits: Sequence[Hit], wanted: str, numbers: Sequence[str]) -> list[Hit]:
    """Say which number, address or extra field it was. Two or three statements, however many hits."""
    unclear = [hit for hit in hits if wanted not in fold(f"{hit.title} {hit.why}")]
    found: dict[tuple[str, int], str] = {}
    for kind, statement in _POINTS.items():
        ids = [hit.id for hit in unclear if hit.kind == kind]
        for card, channel, value, raw in statement.rows(reading.connection, ids=ids) if ids else ():
            numeric = channel == "phone" or is_number(value)
            if wanted in fold(value) or (numeric and _is_in(numbers, value, raw)):
                found.setdefault((kind, card), value)
    found |= _extras_with(reading, [h for h in unclear if (h.kind, h.id) not in found], wanted, numbers)
    return [replace(hit, why=found.get((hit.kind, hit.id), hit.why)) for hit in hits]


def _extras_with(
    reading: Reading, hits: Sequence[Hit], wanted: str, numbers: Sequence[str]
) -> dict[tuple[str, int], str]:
    """The column of an imported file that says it, with its value."""
    ids = [hit.id for hit in hits if hit.kind == "lead"]
    kept: dict[int, dict[str, str]] = defaultdict(dict)
    for card, *both in _EXTRAS.rows(reading.connection, ids=ids) if ids else ():
        for stored in filter(None, both):
            kept[card].update(json.loads(stored))
    found: dict[tuple[str, int], str] = {}
    for card, columns in kept.items():
        for header, value in columns.items():
            if wanted in fold(value) or (is_number(value) and _is_in(numbers, value)):
                found.setdefault(("lead", card), f"{header}: {value}")
    return found


def _is_in(numbers: Sequence[str], value: str, raw: str = "") -> bool:
    return any(number in spelling for number in numbers for spelling in written(value, raw))
