"""New leads as an import brings them: packed where they were read, stored by plain statements of the driver.

Ten thousand rows a second leave no room for an object of each row in the process that writes.
"""

from __future__ import annotations

from functools import cache
from itertools import chain, islice
from json.encoder import encode_basestring as _quoted
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from leaddesk.db import journal, search
from leaddesk.db.mapping import mapper, storable, to_ms
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra, Note
from leaddesk.workflow.intake_columns import by_columns, by_rows
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Table

    from leaddesk.db.mapping import Mapper
    from leaddesk.workflow.intake_ready import Packed
    from leaddesk.workflow.intake_rows import Draft

READ_OF_POINTS = ("channel", "value", "key", "raw", "label", "state", "preferred", "position", "line_type", "zones")
"""Fields of a number or an address that a file tells; the others are counted later."""
STAMPED = ("source_id", "owner_id", "first_assigned_at", "assigned_at", "batch_id", "batch_row")
"""Fields of a lead that only the process that writes knows."""


def pack(draft: Draft) -> Packed:
    """The rows of a draft as stored: the lead's, its points', its extra fields' (or None), and its search text."""
    extra = None
    if draft.fields or draft.original:
        extra = 0, _said(draft.fields), _said(draft.original)
    lead = _lead(draft)
    points_said = [(point.channel.value, point.value, point.raw) for point in draft.points]
    words = search.text_of([lead[at] for at in _places().searched], points_said, (draft.fields, draft.original))
    made = None if draft.lead.created_at is None else to_ms(draft.lead.created_at)
    notes = [(made, storable(text)) for text in draft.notes]
    return lead, [_point(point) for point in draft.points], extra, storable(words), notes


def sent(rows: Sequence[Packed]) -> tuple[Any, ...]:
    """Packed rows as they travel to another process."""
    if not rows:
        return ()
    leads, points, extras, words, notes = zip(*rows, strict=True)
    return (
        by_columns(leads),
        list(map(len, points)),
        by_columns(list(chain.from_iterable(points))),
        extras,
        words,
        notes,
    )


def received(columns: tuple[Any, ...]) -> Iterable[Packed]:
    """The packed rows again."""
    if not columns:
        return ()
    leads, counts, points, extras, words, notes = columns
    some = by_rows(points)
    return zip(by_rows(leads), [list(islice(some, count)) for count in counts], extras, words, notes, strict=True)


def _said(cells: dict[str, str]) -> str:
    """As `Mapper` packs cells by their headers."""
    if not cells:
        return ""
    said = [f"{_quoted(storable(header))}: {_quoted(storable(cell))}" for header, cell in cells.items()]
    return f"{{{', '.join(said)}}}"


def _point(point: ContactPoint) -> tuple[Any, ...]:
    """As `Mapper.stored`, for a number or an address nobody has tried yet."""
    places = _places()
    values = list(places.no_point)
    for place, name, packer in places.of_point:
        values[place] = packer(getattr(point, name))
    return tuple(values)


def _values(m: Mapper[Any], row: Any) -> tuple[Any, ...]:
    return tuple(m.stored(row).values())


def _lead(draft: Draft) -> tuple[Any, ...]:
    """As `Mapper.stored`; most fields of a new lead are empty, and those are packed once for all."""
    places = _places()
    values = list(places.nothing)
    given = draft.given or {name: getattr(draft.lead, name) for name in places.of}
    for name, value in given.items():
        if value is not None:
            values[places.of[name]] = places.packers[name](value)
    return tuple(values)


def put(
    connection: Connection,
    operation_id: int,
    now: datetime,
    user_id: int,
    rows: Sequence[tuple[Draft | Packed, dict[str, Any]]],
    new_ids: Callable[[Table, int], list[int]],
) -> list[int]:
    """Insert packed leads with their stamps, and journal them; gives their ids."""
    leads, points, extras, notes = (mapper(kind) for kind in (Lead, ContactPoint, LeadExtra, Note))
    at, now_ms = _places(), to_ms(now)
    ids = new_ids(leads.table, len(rows))
    lines: dict[Mapper[Any], list[list[Any]]] = {leads: [], points: [], extras: [], notes: []}
    docs = []
    for lead_id, (given, stamp) in zip(ids, rows, strict=True):
        lead, own_points, extra, words, own_notes = given if isinstance(given, tuple) else pack(given)
        lines[leads].append(at.stamped(lead, lead_id, operation_id, now_ms, stamp))
        for point in own_points:
            line = list(point)
            line[at.lead_of_point], line[at.point_made] = lead_id, now_ms
            lines[points].append(line)
        if extra:
            lines[extras].append([lead_id, *extra[1:]])
        for made, said in own_notes:
            lines[notes].append([0, lead_id, None, user_id or None, now_ms if made is None else made, said])
        docs.append((lead_id, words))
    for m in (points, notes):
        for number, line in zip(new_ids(m.table, len(lines[m])), lines[m], strict=True):
            line[0] = number
    for m, some in lines.items():
        _insert(connection, m, some)
        if some:
            journal.of_inserted(connection, m.table, operation_id, [line[0] for line in some])
    search.learn(connection, docs)
    return ids


@cache
def _places() -> _Places:
    return _Places()


class _Places:
    """Where in a packed row stands what, and what stands there in an empty lead. The id is first everywhere."""

    def __init__(self) -> None:
        leads, points = mapper(Lead), mapper(ContactPoint)
        names = leads.names
        self.of = {name: at for at, name in enumerate(names)}
        self.nothing = _values(leads, Lead())
        self.packers = leads.packers
        self.searched = [names.index(name) for name in search.LEAD_COLUMNS]
        self.no_point = _values(points, ContactPoint(channel=Channel.PHONE, value=""))
        self.of_point = [(points.names.index(name), name, points.packers[name]) for name in READ_OF_POINTS]
        self.lead_of_point, self.point_made = points.names.index("lead_id"), points.names.index("created_at")
        self._version, self._changed, self._made = map(names.index, ("version", "changed_at", "created_at"))
        self._stamps = tuple((names.index(name), name) for name in STAMPED)

    def stamped(self, lead: Packed, lead_id: int, operation_id: int, now_ms: int, stamp: dict[str, Any]) -> list[Any]:
        """A lead's row with what only the process that writes knows."""
        line = list(lead)
        line[0], line[self._version], line[self._changed] = lead_id, operation_id, now_ms
        if line[self._made] is None:
            line[self._made] = now_ms
        for place, name in self._stamps:
            value = stamp[name]
            line[place] = value if value is None or isinstance(value, int) else to_ms(value)
        return line


def _insert(connection: Connection, m: Mapper[Any], rows: Sequence[list[Any]]) -> None:
    """Insert by one statement. What all rows share stands in it: binding a value costs as much as an index."""
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(insert(m.table), [dict(zip(m.names, row, strict=True)) for row in rows])
        return
    columns = list(zip(*rows, strict=True))
    told = [None, *(_literal(column[0]) if column.count(column[0]) == len(column) else None for column in columns[1:])]
    marks = ", ".join("?" if said is None else said for said in told)
    statement = f"INSERT INTO {m.table.name} ({', '.join(m.names)}) VALUES ({marks})"  # noqa: S608 - our own names
    differing = [column for column, said in zip(columns, told, strict=True) if said is None]
    connection.exec_driver_sql(statement, list(zip(*differing, strict=True)))


def _literal(value: Any) -> str | None:
    """A value that all rows share, as it may stand in the statement; None for a text that might be read as more."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    return f"'{value}'" if not value or (value.isascii() and value.isalnum()) else None
