"""New leads as an import brings them: packed where they were read, stored by plain statements of the driver.

Ten thousand rows a second leave no room for an object of each row in the process that writes.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import accumulate, chain, groupby, islice, repeat
from json.encoder import encode_basestring as _quoted
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert

from leaddesk.db import journal, search
from leaddesk.db.mapping import mapper, storable, to_ms
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra, Note
from leaddesk.workflow.intake_columns import Columns, by_columns, by_rows, joined, picked
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
_read_of = attrgetter(*READ_OF_POINTS)
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


class Piece(NamedTuple):
    """Packed drafts by columns: so they travel, and so they are stored, for most columns say the same in every row."""

    leads: Columns
    counts: list[int]
    """How many of the points are each lead's."""
    points: Columns
    extras: list[tuple[int, str, str] | None]
    words: list[str]
    notes: list[list[tuple[int | None, str]]]

    def rows(self) -> list[Packed]:
        """The drafts as `pack` made them."""
        some = by_rows(self.points)
        own = [list(islice(some, count)) for count in self.counts]
        return list(zip(by_rows(self.leads), own, self.extras, self.words, self.notes, strict=True))

    def some(self, at: Sequence[int]) -> Piece:
        """Some of the drafts, each once and in their order."""
        if len(at) == len(self.counts):
            return self
        begins = list(accumulate(self.counts, initial=0))
        points = [point for i in at for point in range(begins[i], begins[i + 1])]
        return Piece(
            picked(self.leads, at),
            [self.counts[i] for i in at],
            picked(self.points, points),
            [self.extras[i] for i in at],
            [self.words[i] for i in at],
            [self.notes[i] for i in at],
        )


def sent(rows: Sequence[Packed]) -> Piece | None:
    """Packed rows as they travel to another process."""
    if not rows:
        return None
    leads, points, extras, words, notes = zip(*rows, strict=True)
    counts = list(map(len, points))
    return Piece(
        by_columns(leads), counts, by_columns(list(chain.from_iterable(points))), list(extras), list(words), list(notes)
    )


def received(piece: Piece | None) -> Iterable[Packed]:
    """The packed rows again, each as its place among them: what is in them is looked at where they are stored."""
    return zip(repeat(piece), range(len(piece.counts))) if piece else ()


def _said(cells: dict[str, str]) -> str:
    """As `Mapper` packs cells by their headers."""
    if not cells:
        return ""
    return f"{{{', '.join([_headed(header) + _quoted(storable(cell)) for header, cell in cells.items()])}}}"


@lru_cache(maxsize=1024)
def _headed(header: str) -> str:
    return f"{_quoted(storable(header))}: "


def _point(point: ContactPoint) -> tuple[Any, ...]:
    """As `Mapper.stored`, for a number or an address nobody has tried yet."""
    places = _places()
    values = list(places.no_point)
    for (place, packer), value in zip(places.of_point, _read_of(point), strict=True):
        if value:
            values[place] = packer(value)
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
    now_ms = to_ms(now)
    ids = new_ids(leads.table, len(rows))
    parts = _pieces([given for given, _ in rows])
    counts = chain.from_iterable(part.counts for part in parts)
    holders = list(chain.from_iterable(map(repeat, ids, counts)))
    stamps = {name: [stamp[name] for _, stamp in rows] for name in STAMPED}
    stamps |= {"id": ids, "version": [operation_id], "changed_at": [now_ms]}
    own_points = [part.points for part in parts if part.points.rows]
    kept = [
        (i, *extra[1:]) for i, extra in zip(ids, chain.from_iterable(p.extras for p in parts), strict=True) if extra
    ]
    said = [
        (0, lead_id, None, user_id or None, now_ms if made is None else made, text)
        for lead_id, own in zip(ids, chain.from_iterable(part.notes for part in parts), strict=True)
        for made, text in own
    ]
    _put(connection, operation_id, leads, _stamped(leads, joined([part.leads for part in parts]), stamps, now_ms))
    if own_points:
        stamps = {"id": new_ids(points.table, len(holders)), "lead_id": holders}
        _put(connection, operation_id, points, _stamped(points, joined(own_points), stamps, now_ms))
    if kept:
        _put(connection, operation_id, extras, by_columns(kept))
    if said:
        stamps = {"id": new_ids(notes.table, len(said))}
        _put(connection, operation_id, notes, _stamped(notes, by_columns(said), stamps, now_ms))
    search.learn(connection, list(zip(ids, chain.from_iterable(part.words for part in parts), strict=True)))
    return ids


def _pieces(given: Sequence[Draft | Packed]) -> list[Piece]:
    """Drafts and packed rows by the pieces they came in. Where some are drafts still, all make one piece anew."""
    places = [one for one in given if isinstance(one, tuple)]
    if len(places) == len(given):
        runs = [list(run) for _, run in groupby(places, key=lambda place: id(place[0]))]
        return [run[0][0].some([at for _, at in run]) for run in runs]
    found: dict[int, list[Packed]] = {}
    packed: list[Packed] = []
    for one in given:
        if isinstance(one, tuple):
            piece, at = one
            packed.append((found.get(id(piece)) or found.setdefault(id(piece), piece.rows()))[at])
        else:
            packed.append(pack(one))
    piece = sent(packed)
    return [piece] if piece else []


def _stamped(m: Mapper[Any], rows: Columns, stamps: dict[str, list[Any]], now_ms: int) -> Columns:
    """The rows with what only the process that writes knows; a stamp of one value is for all of them."""
    values, same = list(rows.values), list(rows.same)
    for name, told in stamps.items():
        at = m.names.index(name)
        first = told[0]
        same[at] = told.count(first) == len(told)
        values[at] = _instant(first) if same[at] else list(map(_instant, told))
    if "created_at" in m.names:
        at = m.names.index("created_at")
        made = values[at]
        values[at] = (now_ms if made is None else made) if same[at] else [now_ms if v is None else v for v in made]
    return Columns(rows.rows, values, same)


def _instant(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else to_ms(value)


def _put(connection: Connection, operation_id: int, m: Mapper[Any], rows: Columns) -> None:
    """Insert and journal them."""
    told = _insert(connection, m, rows)
    ids = [rows.values[0]] if rows.same[0] else rows.values[0]
    journal.of_inserted(connection, m.table, operation_id, ids, told)


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
        self.of_point = [(points.names.index(name), points.packers[name]) for name in READ_OF_POINTS]


def _insert(connection: Connection, m: Mapper[Any], rows: Columns) -> list[str]:
    """Insert by one statement; gives the columns that are not empty in all of these rows.

    What all rows share stands in the statement: binding a value costs as much as an index.
    """
    columns = list(zip(m.names, rows.values, rows.same, strict=True))
    empty = _empty(m.table)
    told = [name for name, value, is_same in columns if not (is_same and value == empty[name])]
    if connection.dialect.name != "sqlite":
        connection.execute(insert(m.table), [dict(zip(m.names, row, strict=True)) for row in by_rows(rows)])
        return told
    written = {name: said for name, value, is_same in columns if is_same and (said := _literal(value)) is not None}
    marks = ", ".join(written.get(name, "?") for name in m.names)
    statement = f"INSERT INTO {m.table.name} ({', '.join(m.names)}) VALUES ({marks})"  # noqa: S608 - our own names
    differing = [(value, is_same) for name, value, is_same in columns if name not in written]
    bound = [repeat(value, rows.rows) if is_same else value for value, is_same in differing]
    connection.exec_driver_sql(statement, list(zip(*bound, strict=True)) if bound else [()] * rows.rows)
    return told


@cache
def _empty(table: Table) -> dict[str, Any]:
    return {column.name: journal.empty_value(column) for column in table.c}


def _literal(value: Any) -> str | None:
    """A value that all rows share, as it may stand in the statement; None for a text that might be read as more."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    return f"'{value}'" if not value or (value.isascii() and value.isalnum()) else None
