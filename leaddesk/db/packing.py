"""New leads as an import brings them: packed where they were read, stored by plain statements of the driver.

Ten thousand rows a second leave no room for an object of each row in the process that writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from leaddesk.db import journal
from leaddesk.db.mapping import mapper, to_ms
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Table

    from leaddesk.db.mapping import Mapper
    from leaddesk.workflow.intake_ready import Packed
    from leaddesk.workflow.intake_rows import Draft

STAMPED = ("source_id", "owner_id", "first_assigned_at", "assigned_at", "batch_id", "batch_row")
"""Fields of a lead that only the process that writes knows."""


def pack(draft: Draft) -> Packed:
    """The rows of a draft as stored: the lead's, its points', its extra fields' (or None)."""
    points = mapper(ContactPoint)
    extra = None
    if draft.fields or draft.original:
        extra = _values(mapper(LeadExtra), LeadExtra(fields=draft.fields, original=draft.original))
    return _values(mapper(Lead), draft.lead), [_values(points, point) for point in draft.points], extra


def _values(m: Mapper[Any], row: Any) -> tuple[Any, ...]:
    return tuple(m.stored(row).values())


def put(
    connection: Connection,
    operation_id: int,
    now: datetime,
    rows: Sequence[tuple[Packed, dict[str, Any]]],
    new_ids: Callable[[Table, int], list[int]],
) -> list[int]:
    """Insert packed leads with their stamps, and journal them; gives their ids."""
    leads, points, extras = mapper(Lead), mapper(ContactPoint), mapper(LeadExtra)
    at = _Places(leads)
    point_lead, point_made = points.names.index("lead_id"), points.names.index("created_at")
    now_ms = to_ms(now)
    ids = new_ids(leads.table, len(rows))
    lead_rows, point_rows, extra_rows = [], [], []
    for lead_id, ((lead, own_points, extra), stamp) in zip(ids, rows, strict=True):
        values = list(lead)
        values[at.id], values[at.version], values[at.changed] = lead_id, operation_id, now_ms
        if values[at.made] is None:
            values[at.made] = now_ms
        for place, name in at.stamped:
            value = stamp[name]
            values[place] = value if value is None or isinstance(value, int) else to_ms(value)
        lead_rows.append(tuple(values))
        for point in own_points:
            values = list(point)
            values[point_lead] = lead_id
            values[point_made] = now_ms
            point_rows.append(values)
        if extra:
            extra_rows.append((lead_id, *extra[1:]))
    point_ids = new_ids(points.table, len(point_rows))
    for point_id, values in zip(point_ids, point_rows, strict=True):
        values[0] = point_id
    _insert(connection, leads, lead_rows)
    _insert(connection, points, [tuple(values) for values in point_rows])
    _insert(connection, extras, extra_rows)
    for m, made in ((leads, ids), (points, point_ids), (extras, [row[0] for row in extra_rows])):
        if made:
            journal.of_inserted(connection, m.table, operation_id, made)
    return ids


class _Places:
    """Where in a packed lead stands what is filled in at last."""

    def __init__(self, leads: Mapper[Lead]) -> None:
        names = leads.names
        self.id, self.version = names.index("id"), names.index("version")
        self.changed, self.made = names.index("changed_at"), names.index("created_at")
        self.stamped = tuple((names.index(name), name) for name in STAMPED)


def _insert(connection: Connection, m: Mapper[Any], rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(insert(m.table), [dict(zip(m.names, row, strict=True)) for row in rows])
        return
    marks = ", ".join("?" * len(m.names))
    statement = f"INSERT INTO {m.table.name} ({', '.join(m.names)}) VALUES ({marks})"  # noqa: S608 - our own names
    connection.exec_driver_sql(statement, list(rows))
