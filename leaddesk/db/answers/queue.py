"""The queue: each section is one indexed seek for its first few, so it costs the same on a million leads.

What may be called follows from the zone keys stored with leads: the few hundred different ones are judged
against the clock once a minute, and the database gets the list of those that are open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal_column, or_, select, text

from leaddesk.db.answers.queue_rows import Entry, rows_of
from leaddesk.db.ids import among_texts
from leaddesk.db.mapping import from_ms, to_ms
from leaddesk.db.tables import lead, lease, task
from leaddesk.workflow.calling_hours import OpenKeys, open_zone_keys
from leaddesk.workflow.queue import Drawable, NothingWhy, Queue, QueuePage, QueueRow, QueueRowOf
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import HELD_FROM, OPEN_STATUSES, Reach, Role, Section, Status, TaskKind, Temperature
from leaddesk.workflow.when import say_when

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading

_OPEN = [str(s) for s in OPEN_STATUSES]
_HOTTEST_FIRST = [str(t) for t in (Temperature.HOT, Temperature.WARM, Temperature.COLD)]
_ZONE_KEYS = text(
    """WITH RECURSIVE z(k) AS (
        SELECT min(zone_key) FROM lead
        UNION ALL SELECT (SELECT min(zone_key) FROM lead WHERE zone_key > z.k) FROM z WHERE z.k IS NOT NULL
    ) SELECT k FROM z WHERE k IS NOT NULL"""
)
"""The distinct zone keys by skipping through the index, not by reading it."""


@dataclass(slots=True)
class Scope:
    """What the sections share: who asks, what is open, whom to leave out."""

    reading: Reading
    keys: OpenKeys
    skip: tuple[int, ...] = ()
    to_draw: bool = False
    but_mine: bool = False
    only: int = 0
    _workable: ColumnElement[bool] | None = None
    _callable: ColumnElement[bool] | None = None

    def workable(self) -> ColumnElement[bool]:
        """In work, not barred, not suspicious, this user's to see, held by nobody else."""
        if self._workable is None:
            self._workable = self._made_workable()
        return self._workable

    def _made_workable(self) -> ColumnElement[bool]:
        c = lead.c
        parts = [
            # An expression, so that no planner drives by status: half the file is in work, each section's few are not.
            c.status.concat("").in_(_OPEN),
            c.reach != str(Reach.BARRED),
            or_(c.spam < literal_column(str(HELD_FROM)), c.suspicion_ok == 1),
            self.reading.visible(),
            ~exists().where(self._held()),
        ]
        if self.only:
            parts.append(c.id == self.only)
        if self.skip:
            parts.append(c.id.not_in(self.skip))
        return and_(*parts)

    def _held(self) -> ColumnElement[bool]:
        """Somebody else's lease that runs; when drawing, one's own as well: each draw brings another lead."""
        running = (lease.c.lead_id == lead.c.id) & (lease.c.until > self.reading.now_ms)
        return running if self.but_mine else running & (lease.c.user_id != self.reading.user.id)

    def callable_now(self) -> ColumnElement[bool]:
        """A phone to dial, and open in all candidate zones."""
        if not self.keys.open:
            return false()
        if self._callable is None:
            open_now = among_texts(self.reading.connection, lead.c.zone_key, sorted(self.keys.open))
            self._callable = and_(lead.c.reach == str(Reach.PHONE), open_now)
        return self._callable

    def reachable_now(self) -> ColumnElement[bool]:
        """May be called, or has no phone at all, so that nobody is rung up; drawn are only those to call."""
        if self.to_draw:
            return self.callable_now()
        return or_(self.callable_now(), lead.c.reach == str(Reach.NONE))


def zone_keys(reading: Reading) -> OpenKeys:
    """Which of the zone keys in use are open now."""
    found = [key for key in reading.connection.scalars(_ZONE_KEYS) if key]
    return open_zone_keys(found, hours_in(reading.settings), reading.now)


def _scope(reading: Reading, skip: tuple[int, ...] = (), *, to_draw: bool = False, but_mine: bool = False) -> Scope:
    return Scope(reading, zone_keys(reading), skip, to_draw, but_mine)


def _open_task() -> ColumnElement[bool]:
    return task.c.done_at.is_(None) & (task.c.dropped == 0) & task.c.lead_id.is_not(None)


_BY_CALL = task.c.kind == str(TaskKind.CALL)


def _callbacks(scope: Scope, limit: int) -> list[Entry]:
    """Those promised to the minute, then those promised for a day."""
    early = scope.reading.settings.number("callback.early_minutes")
    until = to_ms(scope.reading.now + timedelta(minutes=early))
    found: list[Entry] = []
    for exact in (1, 0):
        due = _open_task() & (task.c.promised == 1) & (task.c.due_at <= until) & _BY_CALL & (task.c.exact == exact)
        rows = _tasks(scope, and_(due, scope.workable(), scope.callable_now()), limit)
        found += [Entry(row[0], Section.CALLBACK, row[1], row[3]) for row in rows]
        if len({entry.lead_id for entry in found}) >= limit:
            break
    return found


def _due_tasks(scope: Scope, limit: int) -> list[Entry]:
    """Planned ones, and promised ones that need no call; an index seek each, merged.

    Nobody is offered outside calling hours (PRODUCT 1), not even to be written to: till then it waits under "later".
    """
    due = _open_task() & (task.c.due_at <= scope.reading.now_ms) & scope.workable()
    rows = _tasks(scope, and_(task.c.promised == 0, due, _BY_CALL, scope.callable_now()), limit)
    rows += _tasks(scope, and_(task.c.promised == 0, due, ~_BY_CALL, scope.reachable_now()), limit)
    rows += _tasks(scope, and_(task.c.promised == 1, due, ~_BY_CALL, scope.reachable_now()), limit)
    return [Entry(row[0], Section.TASK, row[1], row[3]) for row in sorted(rows, key=lambda row: (row[1], row[2]))]


def _tasks(scope: Scope, where: ColumnElement[bool], limit: int) -> list[Any]:
    """The first tasks of `limit` leads, if there are so many: one lead may have several."""
    statement = (
        select(lead.c.id, task.c.due_at, task.c.id, task.c.title)
        .select_from(task.join(lead, lead.c.id == task.c.lead_id))
        .where(where)
        .order_by(task.c.due_at, task.c.id)
    )
    most = limit
    while True:
        rows = scope.reading.rows(statement.limit(most))
        if len(rows) < most or len({row[0] for row in rows}) >= limit:
            return list(rows)
        most *= 4


def _came_back(scope: Scope, limit: int) -> list[Entry]:
    statement = (
        select(lead.c.id, lead.c.came_back_at)
        .where(
            lead.c.came_back_at > 0,
            scope.workable(),
            scope.reachable_now(),
        )
        .order_by(lead.c.came_back_at, lead.c.id)
        .limit(limit)
    )
    return [Entry(row[0], Section.CAME_BACK, row[1]) for row in scope.reading.rows(statement)]


_FRESH = (lead.c.status == str(Status.NEW)) & lead.c.last_call_at.is_(None)


def _new(scope: Scope, limit: int) -> list[Entry]:
    """Hot, then warm, then cold; an operator's own and the pool's are two seeks each, merged."""
    found: list[Entry] = []
    reading = scope.reading
    own = reading.user.role is Role.OPERATOR
    owners: list[ColumnElement[bool] | None] = (
        [lead.c.owner_id == reading.user.id, lead.c.owner_id.is_(None)] if own else [None]
    )
    for warmth in _HOTTEST_FIRST:
        rows: list[Any] = []
        for owner in owners:
            statement = select(lead.c.id, lead.c.score, lead.c.created_at).where(
                _FRESH, lead.c.temperature == warmth, scope.workable(), scope.callable_now()
            )
            if owner is not None:
                statement = statement.where(owner)
            order = (lead.c.score.desc(), lead.c.created_at, lead.c.id)
            rows += reading.rows(statement.order_by(*order).limit(limit))
        rows.sort(key=lambda r: (-r[1], r[2] or 0, r[0]))
        found += [Entry(row[0], Section.NEW) for row in rows]
        if len(found) >= limit:
            break
    return found[:limit]


def _retries(scope: Scope, limit: int) -> list[Entry]:
    statement = (
        select(lead.c.id, lead.c.retry_at)
        .where(lead.c.retry_at <= scope.reading.now_ms, scope.workable(), scope.callable_now())
        .order_by(lead.c.retry_at, lead.c.id)
        .limit(limit)
    )
    return [Entry(row[0], Section.RETRY, row[1]) for row in scope.reading.rows(statement)]


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


def _later(scope: Scope, limit: int, but: set[int]) -> list[Entry]:
    """What falls due or opens within the next 24 hours, the soonest first; unknown zones at the end."""
    now, until = scope.reading.now_ms, to_ms(scope.reading.now + timedelta(hours=24))
    coming = _open_task() & (task.c.due_at <= until)
    statement = (
        select(lead.c.id, task.c.due_at, lead.c.zone_key, (task.c.promised == 1) & _BY_CALL, task.c.title)
        .select_from(task.join(lead, lead.c.id == task.c.lead_id))
        .where(coming, scope.workable())
        .order_by(task.c.due_at)
        .limit(limit * 2)
    )
    found = [(row[1], row[2], row[0], bool(row[3]), row[4]) for row in scope.reading.rows(statement)]
    waits = or_(lead.c.retry_at <= until, _FRESH, lead.c.came_back_at.is_not(None))
    closed = select(lead.c.id, func.coalesce(lead.c.retry_at, now), lead.c.zone_key).where(
        waits, lead.c.reach == str(Reach.PHONE), scope.workable(), or_(~scope.callable_now(), lead.c.retry_at > now)
    )
    found += [(row[1], row[2], row[0], False, "") for row in scope.reading.rows(closed.limit(limit * 2))]
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
    scope = Scope(reading, zone_keys(reading), only=question.lead_id)
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
