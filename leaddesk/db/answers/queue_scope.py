"""Who asks for the queue, what is open now, and what of a lead must hold for it to stand there at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, text, union_all

from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.tables import lead, lease
from leaddesk.workflow.calling_hours import OpenKeys, open_zone_keys
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import HELD_FROM, OPEN_STATUSES, Reach, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Executable, Select

    from leaddesk.db.answers.reading import Reading

    Seek = Callable[[bool, "Shape", str], Select[Any]]
    """Makes a section's statement: for SQLite or a server, of this shape, among whose leads."""

_OPEN = [str(s) for s in OPEN_STATUSES]
_ZONE_KEYS = Prepared(
    lambda _: text("""WITH RECURSIVE z(k) AS (
        SELECT min(zone_key) FROM lead
        UNION ALL SELECT (SELECT min(zone_key) FROM lead WHERE zone_key > z.k) FROM z WHERE z.k IS NOT NULL
    ) SELECT k FROM z WHERE k IS NOT NULL""")
)
"""The distinct zone keys by skipping through the index, not by reading it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the statements of a queue are built: for each shape they are built once."""

    operator: bool
    """Only one's own leads and the pool, not everybody's."""
    to_draw: bool = False
    but_mine: bool = False
    only: bool = False
    skipping: bool = False

    @property
    def whose(self) -> tuple[str, ...]:
        """Whose leads are looked at, one seek each: one's own and the pool's, or everybody's at once."""
        return ("own", "pool") if self.operator and not self.only else ("all",)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the sections share: who asks, what is open, whom to leave out."""

    reading: Reading
    keys: OpenKeys
    shape: Shape
    values: dict[str, Any]

    def rows(self, seek: Seek, **more: Any) -> list[tuple[Any, ...]]:
        """What a section's seeks find for this scope, one after the other."""
        return _seeks(seek, self.shape).rows(self.reading.connection, **self.values, **more)


@cache
def _seeks(seek: Seek, shape: Shape) -> Prepared:
    """The seek among one's own leads and that in the pool as one statement, or that among everybody's."""

    def build(sqlite: bool) -> Executable:
        found = [seek(sqlite, shape, whose) for whose in shape.whose]
        return found[0] if len(found) == 1 else union_all(*(select(one.subquery()) for one in found))

    return Prepared(build)


def scope_of(
    reading: Reading, skip: tuple[int, ...] = (), *, to_draw: bool = False, but_mine: bool = False, only: int = 0
) -> Scope:
    """What this user's queue is asked for: to look at, to draw from (`but_mine` without what they hold), or of one lead."""
    keys = zone_keys(reading)
    shape = Shape(reading.user.role is Role.OPERATOR, to_draw, but_mine, bool(only), bool(skip))
    values: dict[str, Any] = {"user": reading.user.id, "now": reading.now_ms, "open": sorted(keys.open)}
    if only:
        values["only"] = only
    if skip:
        values["skip"] = skip
    return Scope(reading, keys, shape, values)


def zone_keys(reading: Reading) -> OpenKeys:
    """Which of the zone keys in use are open now."""
    found = [key for key in _ZONE_KEYS.scalars(reading.connection) if key]
    return open_zone_keys(found, hours_in(reading.settings), reading.now)


OWNER = {"own": lead.c.owner_id == given("user"), "pool": lead.c.owner_id.is_(None)}


def workable(sqlite: bool, shape: Shape) -> ColumnElement[bool]:
    """In work, not barred, not suspicious, this user's to see, held by nobody else."""
    c = lead.c
    # Somebody else's lease that runs; when drawing, one's own as well: each draw brings another lead.
    held = (lease.c.lead_id == c.id) & (lease.c.until > given("now"))
    if not shape.but_mine:
        held &= lease.c.user_id != given("user")
    # An expression, so that no planner drives by it: half the file is in work, each section's few are not. A server knows
    # how many they are, if it may look at the status itself.
    parts = [
        (c.status.concat("") if sqlite else c.status).in_(_OPEN),
        c.reach != str(Reach.BARRED),
        or_(c.spam < literal_column(str(HELD_FROM)), c.suspicion_ok == 1),
        ~exists().where(held),
    ]
    if shape.operator:
        # The same for the owner: else all that is theirs is collected, to find the few that are due among it.
        parts.append((c.owner_id + literal_column("0") == given("user")) | c.owner_id.is_(None))
    if shape.only:
        parts.append(c.id == given("only"))
    if shape.skipping:
        parts.append(~any_of(sqlite, c.id, "skip"))
    return and_(*parts)


def callable_now(sqlite: bool) -> ColumnElement[bool]:
    """A phone to dial, and open in all candidate zones."""
    return and_(lead.c.reach == str(Reach.PHONE), any_of(sqlite, lead.c.zone_key, "open"))


def reachable_now(sqlite: bool, shape: Shape) -> ColumnElement[bool]:
    """May be called, or has no phone at all, so that nobody is rung up; drawn are only those to call."""
    if shape.to_draw:
        return callable_now(sqlite)
    return or_(callable_now(sqlite), lead.c.reach == str(Reach.NONE))
