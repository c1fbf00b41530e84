"""The queue: each section is one indexed seek for its first few, so it costs the same on a million leads.

What may be called follows from the zone keys stored with leads: the few hundred different ones are judged
against the clock once a minute, and the database gets the list of those that are open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, or_, select, text, true

from leaddesk.db.answers.queue_rows import Entry, rows_of
from leaddesk.db.mapping import from_ms, to_ms
from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.tables import lead, lease, task
from leaddesk.workflow.calling_hours import OpenKeys, open_zone_keys
from leaddesk.workflow.queue import Drawable, NothingWhy, Queue, QueuePage, QueueRow, QueueRowOf
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import HELD_FROM, OPEN_STATUSES, Reach, Role, Section, Status, TaskKind, Temperature
from leaddesk.workflow.when import say_when

if TYPE_CHECKING:
    from sqlalchemy import Select

    from leaddesk.db.answers.reading import Answers, Reading

_OPEN = [str(s) for s in OPEN_STATUSES]
_HOTTEST_FIRST = [str(t) for t in (Temperature.HOT, Temperature.WARM, Temperature.COLD)]
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


@dataclass(frozen=True, slots=True)
class Scope:
    """What the sections share: who asks, what is open, whom to leave out."""

    reading: Reading
    keys: OpenKeys
    shape: Shape
    values: dict[str, Any]

    def rows(self, built: Prepared, **more: Any) -> list[tuple[Any, ...]]:
        """What a section's statement finds for this scope."""
        return built.rows(self.reading.connection, **self.values, **more)


def _scope(
    reading: Reading, skip: tuple[int, ...] = (), *, to_draw: bool = False, but_mine: bool = False, only: int = 0
) -> Scope:
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


def _workable(sqlite: bool, shape: Shape) -> ColumnElement[bool]:
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


def _callable_now(sqlite: bool) -> ColumnElement[bool]:
    """A phone to dial, and open in all candidate zones."""
    return and_(lead.c.reach == str(Reach.PHONE), any_of(sqlite, lead.c.zone_key, "open"))


def _reachable_now(sqlite: bool, shape: Shape) -> ColumnElement[bool]:
    """May be called, or has no phone at all, so that nobody is rung up; drawn are only those to call."""
    if shape.to_draw:
        return _callable_now(sqlite)
    return or_(_callable_now(sqlite), lead.c.reach == str(Reach.NONE))


def _open_task() -> ColumnElement[bool]:
    return task.c.done_at.is_(None) & (task.c.dropped == 0) & task.c.lead_id.is_not(None)


_BY_CALL = task.c.kind == str(TaskKind.CALL)


@cache
def _tasks_asked(shape: Shape, *, promised: int, by_call: bool) -> Prepared:
    """Open tasks due until `until`, the first first; promised calls to the minute and for a day apart (`exact`)."""

    def build(sqlite: bool) -> Select[Any]:
        due = _open_task() & (task.c.due_at <= given("until")) & (task.c.promised == promised)
        if by_call:
            due &= _BY_CALL
            due = due & (task.c.exact == given("exact")) if promised else due
            fits = _callable_now(sqlite)
        else:
            due &= ~_BY_CALL
            fits = _reachable_now(sqlite, shape)
        if shape.only:
            due &= task.c.lead_id == given("only")
        return (
            _with_leads(sqlite, due, and_(fits, _workable(sqlite, shape)))
            .order_by(task.c.due_at, task.c.id)
            .limit(given("most"))
        )

    return Prepared(build)


def _with_leads(sqlite: bool, due: ColumnElement[bool], fits: ColumnElement[bool]) -> Select[Any]:
    """Tasks in their order, and of each its lead, if it fits.

    Told so (`OFFSET 0` in the subquery), a server takes it so, whatever it has counted or not yet counted of the tables:
    it would rather join all leads with all tasks to sort them, believing that next to none fits.
    """
    if sqlite:
        both = task.join(lead, lead.c.id == task.c.lead_id)
        return select(lead.c.id, task.c.due_at, task.c.id, task.c.title).select_from(both).where(due, fits)
    its = select(lead.c.id).where(lead.c.id == task.c.lead_id, fits).offset(literal_column("0")).lateral("its")
    return select(its.c.id, task.c.due_at, task.c.id, task.c.title).select_from(task.join(its, true())).where(due)


def _callbacks(scope: Scope, limit: int) -> list[Entry]:
    """Those promised to the minute, then those promised for a day."""
    early = scope.reading.settings.number("callback.early_minutes")
    until = to_ms(scope.reading.now + timedelta(minutes=early))
    found: list[Entry] = []
    for exact in (1, 0):
        rows = _tasks(scope, limit, promised=1, by_call=True, until=until, exact=exact)
        found += [Entry(row[0], Section.CALLBACK, row[1], row[3]) for row in rows]
        if len({entry.lead_id for entry in found}) >= limit:
            break
    return found


def _due_tasks(scope: Scope, limit: int) -> list[Entry]:
    """Planned ones, and promised ones that need no call; an index seek each, merged.

    Nobody is offered outside calling hours (PRODUCT 1), not even to be written to: till then it waits under "later".
    """
    until = scope.reading.now_ms
    rows = _tasks(scope, limit, promised=0, by_call=True, until=until)
    rows += _tasks(scope, limit, promised=0, by_call=False, until=until)
    rows += _tasks(scope, limit, promised=1, by_call=False, until=until)
    return [Entry(row[0], Section.TASK, row[1], row[3]) for row in sorted(rows, key=lambda row: (row[1], row[2]))]


def _tasks(scope: Scope, limit: int, *, promised: int, by_call: bool, **values: int) -> list[Any]:
    """The first tasks of `limit` leads, if there are so many: one lead may have several."""
    asked = _tasks_asked(scope.shape, promised=promised, by_call=by_call)
    most = limit
    while True:
        rows = scope.rows(asked, **values, most=most)
        if len(rows) < most or len({row[0] for row in rows}) >= limit:
            return list(rows)
        most *= 4


@cache
def _came_back_asked(shape: Shape) -> Prepared:
    return Prepared(
        lambda sqlite: (
            select(lead.c.id, lead.c.came_back_at)
            .where(lead.c.came_back_at > 0, _workable(sqlite, shape), _reachable_now(sqlite, shape))
            .order_by(lead.c.came_back_at, lead.c.id)
            .limit(given("most"))
        )
    )


def _came_back(scope: Scope, limit: int) -> list[Entry]:
    rows = scope.rows(_came_back_asked(scope.shape), most=limit)
    return [Entry(row[0], Section.CAME_BACK, row[1]) for row in rows]


_FRESH = (lead.c.status == str(Status.NEW)) & lead.c.last_call_at.is_(None)


@cache
def _new_asked(shape: Shape, whose: str) -> Prepared:
    """The best of one warmth; of "own", of the "pool", or of "all"."""
    owners = {"own": lead.c.owner_id == given("user"), "pool": lead.c.owner_id.is_(None)}
    owner = owners.get(whose, true())
    return Prepared(
        lambda sqlite: (
            select(lead.c.id, lead.c.score, lead.c.created_at)
            .where(
                _FRESH, lead.c.temperature == given("warmth"), _workable(sqlite, shape), _callable_now(sqlite), owner
            )
            .order_by(lead.c.score.desc(), lead.c.created_at, lead.c.id)
            .limit(given("most"))
        )
    )


def _new(scope: Scope, limit: int) -> list[Entry]:
    """Hot, then warm, then cold; an operator's own and the pool's are two seeks each, merged."""
    found: list[Entry] = []
    for warmth in _HOTTEST_FIRST:
        rows: list[Any] = []
        for whose in ("own", "pool") if scope.shape.operator else ("all",):
            rows += scope.rows(_new_asked(scope.shape, whose), warmth=warmth, most=limit)
        rows.sort(key=lambda r: (-r[1], r[2] or 0, r[0]))
        found += [Entry(row[0], Section.NEW) for row in rows]
        if len(found) >= limit:
            break
    return found[:limit]


@cache
def _retries_asked(shape: Shape) -> Prepared:
    return Prepared(
        lambda sqlite: (
            select(lead.c.id, lead.c.retry_at)
            .where(lead.c.retry_at <= given("now"), _workable(sqlite, shape), _callable_now(sqlite))
            .order_by(lead.c.retry_at, lead.c.id)
            .limit(given("most"))
        )
    )


def _retries(scope: Scope, limit: int) -> list[Entry]:
    rows = scope.rows(_retries_asked(scope.shape), most=limit)
    return [Entry(row[0], Section.RETRY, row[1]) for row in rows]


_SECTIONS = (_callbacks, _came_back, _due_tasks, _new, _retries)


def _due(scope: Scope, limit: int) -> list[Entry]:
    """Every lead once, under the first section it is due in."""
    seen: dict[int, Entry] = {}
    for section in _SECTIONS:
        for entry in section(scope, limit):
            seen.setdefault(entry.lead_id, entry)
        if len(seen) >= limit:
            break
    return list(seen.values())[:limit]


@cache
def _coming_asked(shape: Shape) -> Prepared:
    return Prepared(
        lambda sqlite: (
            select(lead.c.id, task.c.due_at, lead.c.zone_key, (task.c.promised == 1) & _BY_CALL, task.c.title)
            .select_from(task.join(lead, lead.c.id == task.c.lead_id))
            .where(_open_task() & (task.c.due_at <= given("until")), _workable(sqlite, shape))
            .order_by(task.c.due_at)
            .limit(given("most"))
        )
    )


@cache
def _closed_asked(shape: Shape) -> Prepared:
    waits = or_(lead.c.retry_at <= given("until"), _FRESH, lead.c.came_back_at.is_not(None))
    return Prepared(
        lambda sqlite: (
            select(lead.c.id, func.coalesce(lead.c.retry_at, given("now")), lead.c.zone_key)
            .where(
                waits,
                lead.c.reach == str(Reach.PHONE),
                _workable(sqlite, shape),
                or_(~_callable_now(sqlite), lead.c.retry_at > given("now")),
            )
            .limit(given("most"))
        )
    )


def _later(scope: Scope, limit: int, but: set[int]) -> list[Entry]:
    """What falls due or opens within the next 24 hours, the soonest first; unknown zones at the end."""
    until = to_ms(scope.reading.now + timedelta(hours=24))
    rows = scope.rows(_coming_asked(scope.shape), until=until, most=limit * 2)
    found = [(row[1], row[2], row[0], bool(row[3]), row[4]) for row in rows]
    rows = scope.rows(_closed_asked(scope.shape), until=until, most=limit * 2)
    found += [(row[1], row[2], row[0], False, "") for row in rows]
    entries: dict[int, tuple[int, Entry]] = {}
    for due, key, lead_id, promised, title in found:
        if lead_id in but:
            continue
        opens = scope.keys.opens_at.get(key)
        at = due if key in scope.keys.open or opens is None else max(due, to_ms(opens))
        known = key in scope.keys.open or opens is not None
        entry = Entry(lead_id, Section.LATER, at if known else None, title, promised)
        if lead_id not in entries or (at if known else 1 << 60) < entries[lead_id][0]:
            entries[lead_id] = (at if known else 1 << 60, entry)
    return [entry for _, entry in sorted(entries.values(), key=lambda pair: (pair[0], pair[1].lead_id))][:limit]


def queue(reading: Reading, question: Queue) -> QueuePage:
    """The head of the queue with its reasons, and what comes later today."""
    scope = _scope(reading)
    due = _due(scope, max(question.limit, question.count_at_most))
    entries = due[: question.limit]
    if question.later and len(entries) < question.limit:
        entries += _later(scope, min(30, question.limit - len(entries)), {e.lead_id for e in due})
    return QueuePage(tuple(rows_of(reading, entries)), len(due))


def drawable(reading: Reading, question: Drawable) -> list[int]:
    """What may be drawn now, in order; when nothing else is left, what this user holds already."""
    skip = question.skip[-500:]
    fresh = _due(_scope(reading, skip, to_draw=True, but_mine=True), question.limit)
    return [e.lead_id for e in fresh or _due(_scope(reading, skip, to_draw=True), question.limit)]


def row_of(reading: Reading, question: QueueRowOf) -> QueueRow | None:
    """Why one lead is in the queue now."""
    scope = _scope(reading, only=question.lead_id)
    for section in _SECTIONS:
        for entry in section(scope, 1):
            return rows_of(reading, [entry])[0]
    return None


def nothing_why(reading: Reading, _question: NothingWhy) -> str:
    """What to say when nothing is due: when the next comes, or what to do first."""
    scope = _scope(reading)
    if _due(scope, 1):
        return "Nobody may be called now. What is due needs no call: open it in the queue."
    later = _later(scope, 1, set())
    if later and later[0].due is not None:
        opens, now = (m.astimezone(reading.zone).replace(tzinfo=None) for m in (from_ms(later[0].due), reading.now))
        return f"Nobody may be called now. The next lead comes {say_when(max(opens, now), now)}."
    if later:
        return "Nothing is callable: the time zone of what is left is unknown. Open a card and say where they are."
    if not reading.connection.scalar(select(lead.c.id).limit(1)):
        return "There are no leads yet. Import a list, add a lead, or try the demo."
    return (
        "Nothing is due now: every lead is parked, closed, held by somebody else, waiting for its time, "
        "or has no number that may be called."
    )


ANSWERS: Answers = {Queue: queue, Drawable: drawable, QueueRowOf: row_of, NothingWhy: nothing_why}
