"""The queue: each section is one indexed seek for its first few, so it costs the same on a million leads.

What may be called follows from the zone keys stored with leads: the few hundred different ones are judged
against the clock once a minute, and the database gets the list of those that are open.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, true

from leaddesk.db.answers.queue_rows import Entry, rows_of
from leaddesk.db.answers.queue_scope import OWNER, Scope, Shape, callable_now, reachable_now, scope_of, workable
from leaddesk.db.due import due
from leaddesk.db.mapping import from_ms, to_ms
from leaddesk.db.places import FOR_A_DAY, PLANNED, PLANNED_CALL, POOL, PROMISED, TO_THE_MINUTE
from leaddesk.db.prepared import given
from leaddesk.db.tables import lead, task
from leaddesk.workflow.queue import Drawable, NothingWhy, Queue, QueuePage, QueueRow, QueueRowOf
from leaddesk.workflow.vocabulary import Reach, Section, Status, TaskKind, Temperature
from leaddesk.workflow.when import say_when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select, Table

    from leaddesk.db.answers.queue_scope import Seek
    from leaddesk.db.answers.reading import Answers, Reading

_HOTTEST_FIRST = [str(t) for t in (Temperature.HOT, Temperature.WARM, Temperature.COLD)]


def _open_task() -> ColumnElement[bool]:
    return task.c.done_at.is_(None) & (task.c.dropped == 0) & task.c.lead_id.is_not(None)


_BY_CALL = task.c.kind == str(TaskKind.CALL)
_AT_PLACE = {
    TO_THE_MINUTE: and_(task.c.promised == 1, _BY_CALL, task.c.exact == 1),
    FOR_A_DAY: and_(task.c.promised == 1, _BY_CALL, task.c.exact == 0),
    PLANNED_CALL: and_(task.c.promised == 0, _BY_CALL),
    PLANNED: and_(task.c.promised == 0, ~_BY_CALL),
    PROMISED: and_(task.c.promised == 1, ~_BY_CALL),
}
"""What stands at each place of the queue, by the tasks themselves."""


@cache
def _tasks_at(place: int) -> Seek:
    """Open tasks of this place due until `until`, the first first."""
    by_call = place in (TO_THE_MINUTE, FOR_A_DAY, PLANNED_CALL)

    def seek(sqlite: bool, shape: Shape, whose: str) -> Select[Any]:
        fits = and_(callable_now(sqlite) if by_call else reachable_now(sqlite, shape), workable(sqlite, shape))
        if whose == "all":
            here = _open_task() & _AT_PLACE[place] & (task.c.due_at <= given("until"))
            if shape.only:
                here &= task.c.lead_id == given("only")
            return _first_of(sqlite, task, here, fits)
        here = (due.c.owner_id == _owner(whose)) & (due.c.place == place) & (due.c.due_at <= given("until"))
        return _first_of(sqlite, due, here, fits)

    return seek


def _owner(whose: str) -> ColumnElement[int]:
    return given("user") if whose == "own" else literal_column(str(POOL))


def _first_of(sqlite: bool, asked: Table, here: ColumnElement[bool], fits: ColumnElement[bool]) -> Select[Any]:
    """Tasks in their order, and of each its lead, if it fits: (lead, due, task, title).

    Told so (`OFFSET 0` in the subquery), a server takes it so, whatever it has counted or not yet counted of the tables:
    it would rather join all leads with all tasks to sort them, believing that next to none fits.
    """
    its: Any = lead
    both = asked.join(lead, lead.c.id == asked.c.lead_id)
    where = and_(here, fits)
    if not sqlite:
        its = select(lead.c.id).where(lead.c.id == asked.c.lead_id, fits).offset(literal_column("0")).lateral("its")
        both, where = asked.join(its, true()), here
    found = select(its.c.id, asked.c.due_at, asked.c.id, _title(asked)).select_from(both).where(where)
    return found.order_by(asked.c.due_at, asked.c.id).limit(given("most"))


def _title(asked: Table) -> ColumnElement[str]:
    """What the task is called, looked up for those alone that are wanted."""
    if asked is task:
        return task.c.title
    its_task = task.alias("its_task")
    return select(its_task.c.title).where(its_task.c.id == asked.c.id).scalar_subquery()


def _callbacks(scope: Scope, limit: int) -> list[Entry]:
    """Those promised to the minute, then those promised for a day."""
    early = scope.reading.settings.number("callback.early_minutes")
    until = to_ms(scope.reading.now + timedelta(minutes=early))
    found: list[Entry] = []
    for place in (TO_THE_MINUTE, FOR_A_DAY):
        rows = _tasks(scope, limit, place, until)
        found += [Entry(row[0], Section.CALLBACK, row[1], row[3]) for row in rows]
        if len({entry.lead_id for entry in found}) >= limit:
            break
    return found


def _due_tasks(scope: Scope, limit: int) -> list[Entry]:
    """Planned ones, and promised ones that need no call; an index seek each, merged.

    Nobody is offered outside calling hours (PRODUCT 1), not even to be written to: till then it waits under "later".
    """
    until = scope.reading.now_ms
    rows = [row for place in (PLANNED_CALL, PLANNED, PROMISED) for row in _tasks(scope, limit, place, until)]
    return [Entry(row[0], Section.TASK, row[1], row[3]) for row in sorted(rows, key=_by_time)]


def _by_time(row: Sequence[Any]) -> tuple[int, int]:
    return row[1], row[2]


def _tasks(scope: Scope, limit: int, place: int, until: int) -> list[Any]:
    """The first tasks of `limit` leads, if there are so many: one lead may have several."""
    seek, most = _tasks_at(place), limit
    while True:
        rows = sorted(scope.rows(seek, until=until, most=most), key=_by_time)
        if len(rows) < most or len({row[0] for row in rows[:most]}) >= limit:
            return rows[:most]
        most *= 4


def _came_back_seek(sqlite: bool, shape: Shape, whose: str) -> Select[Any]:
    return (
        select(lead.c.id, lead.c.came_back_at)
        .where(
            lead.c.came_back_at > 0,
            OWNER.get(whose, true()),
            workable(sqlite, shape),
            reachable_now(sqlite, shape),
        )
        .order_by(lead.c.came_back_at, lead.c.id)
        .limit(given("most"))
    )


def _came_back(scope: Scope, limit: int) -> list[Entry]:
    rows = scope.rows(_came_back_seek, most=limit)
    return [Entry(row[0], Section.CAME_BACK, row[1]) for row in sorted(rows, key=lambda row: (row[1], row[0]))[:limit]]


_FRESH = (lead.c.status == str(Status.NEW)) & lead.c.last_call_at.is_(None)


def _new_seek(sqlite: bool, shape: Shape, whose: str) -> Select[Any]:
    """The best of one warmth."""
    return (
        select(lead.c.id, lead.c.score, lead.c.created_at)
        .where(
            _FRESH,
            lead.c.temperature == given("warmth"),
            workable(sqlite, shape),
            callable_now(sqlite),
            OWNER.get(whose, true()),
        )
        .order_by(lead.c.score.desc(), lead.c.created_at, lead.c.id)
        .limit(given("most"))
    )


def _new(scope: Scope, limit: int) -> list[Entry]:
    """Hot, then warm, then cold."""
    found: list[Entry] = []
    for warmth in _HOTTEST_FIRST:
        rows = scope.rows(_new_seek, warmth=warmth, most=limit)
        rows.sort(key=lambda r: (-r[1], r[2] or 0, r[0]))
        found += [Entry(row[0], Section.NEW) for row in rows]
        if len(found) >= limit:
            break
    return found[:limit]


def _retries_seek(sqlite: bool, shape: Shape, whose: str) -> Select[Any]:
    return (
        select(lead.c.id, lead.c.retry_at)
        .where(
            lead.c.retry_at <= given("now"),
            OWNER.get(whose, true()),
            workable(sqlite, shape),
            callable_now(sqlite),
        )
        .order_by(lead.c.retry_at, lead.c.id)
        .limit(given("most"))
    )


def _retries(scope: Scope, limit: int) -> list[Entry]:
    rows = scope.rows(_retries_seek, most=limit)
    return [Entry(row[0], Section.RETRY, row[1]) for row in sorted(rows, key=lambda row: (row[1], row[0]))[:limit]]


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


def _coming_seek(sqlite: bool, shape: Shape, whose: str) -> Select[Any]:
    """What falls due until `until`: (lead, due, zone, promised call?, title)."""
    promised: ColumnElement[bool]
    if whose == "all":
        asked, here, promised = task, _open_task(), (task.c.promised == 1) & _BY_CALL
    else:
        asked, here, promised = due, due.c.owner_id == _owner(whose), due.c.place <= FOR_A_DAY
    return (
        select(lead.c.id, asked.c.due_at, lead.c.zone_key, promised, _title(asked))
        .select_from(asked.join(lead, lead.c.id == asked.c.lead_id))
        .where(here & (asked.c.due_at <= given("until")), workable(sqlite, shape))
        .order_by(asked.c.due_at)
        .limit(given("most"))
    )


def _closed_seek(sqlite: bool, shape: Shape, whose: str) -> Select[Any]:
    waits = or_(lead.c.retry_at <= given("until"), _FRESH, lead.c.came_back_at.is_not(None))
    return (
        select(lead.c.id, func.coalesce(lead.c.retry_at, given("now")), lead.c.zone_key)
        .where(
            waits,
            OWNER.get(whose, true()),
            lead.c.reach == str(Reach.PHONE),
            workable(sqlite, shape),
            or_(~callable_now(sqlite), lead.c.retry_at > given("now")),
        )
        .limit(given("most"))
    )


def _later(scope: Scope, limit: int, but: set[int]) -> list[Entry]:
    """What falls due or opens within the next 24 hours, the soonest first; unknown zones at the end."""
    until = to_ms(scope.reading.now + timedelta(hours=24))
    rows = scope.rows(_coming_seek, until=until, most=limit * 2)
    found = [(row[1], row[2], row[0], bool(row[3]), row[4]) for row in rows]
    rows = scope.rows(_closed_seek, until=until, most=limit * 2)
    found += [(row[1], row[2], row[0], False, "") for row in rows]
    entries: dict[int, tuple[int, Entry]] = {}
    for due_at, key, lead_id, promised, title in found:
        if lead_id in but:
            continue
        opens = scope.keys.opens_at.get(key)
        at = due_at if key in scope.keys.open or opens is None else max(due_at, to_ms(opens))
        known = key in scope.keys.open or opens is not None
        entry = Entry(lead_id, Section.LATER, at if known else None, title, promised)
        if lead_id not in entries or (at if known else 1 << 60) < entries[lead_id][0]:
            entries[lead_id] = (at if known else 1 << 60, entry)
    return [entry for _, entry in sorted(entries.values(), key=lambda pair: (pair[0], pair[1].lead_id))][:limit]


def queue(reading: Reading, question: Queue) -> QueuePage:
    """The head of the queue with its reasons, and what comes later today."""
    scope = scope_of(reading)
    found = _due(scope, max(question.limit, question.count_at_most))
    entries = found[: question.limit]
    if question.later and len(entries) < question.limit:
        entries += _later(scope, min(30, question.limit - len(entries)), {e.lead_id for e in found})
    return QueuePage(tuple(rows_of(reading, entries)), len(found))


def drawable(reading: Reading, question: Drawable) -> list[int]:
    """What may be drawn now, in order; when nothing else is left, what this user holds already."""
    skip = question.skip[-500:]
    fresh = _due(scope_of(reading, skip, to_draw=True, but_mine=True), question.limit)
    return [e.lead_id for e in fresh or _due(scope_of(reading, skip, to_draw=True), question.limit)]


def row_of(reading: Reading, question: QueueRowOf) -> QueueRow | None:
    """Why one lead is in the queue now."""
    scope = scope_of(reading, only=question.lead_id)
    for section in _SECTIONS:
        for entry in section(scope, 1):
            return rows_of(reading, [entry])[0]
    return None


def nothing_why(reading: Reading, _question: NothingWhy) -> str:
    """What to say when nothing is due: when the next comes, or what to do first."""
    scope = scope_of(reading)
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
