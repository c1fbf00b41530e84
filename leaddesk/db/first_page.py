"""The head of the queue, read by the bare driver while all that a desk needs has yet to be imported.

The rows are those the full answer (`answers/queue.py`) gives a moment later, word for word: a test holds both against
each other. So this says only what it can say for certain and at once. For anything else there is no first page, and
the window waits for its desk: an older or newer schema, a file that is none of ours or has half a transaction beside it,
a server that does not answer, a person nobody knows, a queue in which nobody is due now.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from leaddesk.db.first_line import CannotTellError, line_to
from leaddesk.db.places import FOR_A_DAY, PLANNED, PLANNED_CALL, POOL, PROMISED, TO_THE_MINUTE
from leaddesk.workflow.calling_hours import open_zone_keys
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.queue_words import Place, QueueRow, Told, Words
from leaddesk.workflow.settings import BY_KEY, Settings, hours_in
from leaddesk.workflow.vocabulary import (
    HELD_FROM,
    OPEN_STATUSES,
    Reach,
    Role,
    Section,
    Status,
    TaskKind,
    Temperature,
    UserState,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from leaddesk.db.first_line import Line

ROWS = 20
"""More than a screen shows."""
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


class Member(NamedTuple):
    """Somebody of the floor, as far as it takes to know who sits down."""

    id: int
    login: str
    role: Role
    state: UserState
    zone: str


class FirstPage(NamedTuple):
    """The first rows of the queue of one user."""

    user_id: int
    rows: tuple[QueueRow, ...]


class _Lead(NamedTuple):
    """What the queue shows of a lead. The fields are the columns of `_LEADS`."""

    id: int
    name: str
    company: str
    external_id: str
    city: str
    zone_key: str
    status: Status
    temperature: Temperature
    score: int
    reach: Reach
    attempts: int
    came_back_why: str
    created_at: datetime | None
    source: str
    last_call_at: int | None

    @property
    def title(self) -> str:
        """As `Lead.title`."""
        return self.name or self.company or (f"Lead {self.external_id}" if self.external_id else f"Lead #{self.id}")


_ZONE_KEYS = """WITH RECURSIVE z(k) AS (
    SELECT min(zone_key) FROM lead
    UNION ALL SELECT (SELECT min(zone_key) FROM lead WHERE zone_key > z.k) FROM z WHERE z.k IS NOT NULL
) SELECT k FROM z WHERE k <> ''"""
_MINE = "(:all OR lead.owner_id = :me OR lead.owner_id IS NULL)"
_HELD = "SELECT 1 FROM lease WHERE lease.lead_id = lead.id AND lease.until > :now AND lease.user_id <> :me"
_WORKABLE = f"""{{0}} IN ({", ".join(f"'{status}'" for status in OPEN_STATUSES)})
    AND lead.reach <> '{Reach.BARRED}' AND (lead.spam < {HELD_FROM} OR lead.suspicion_ok = 1)
    AND {_MINE} AND NOT EXISTS ({_HELD})"""
_FIRST = "ORDER BY {0}, {1} LIMIT :most"
_BY_CALL = f"task.kind = '{TaskKind.CALL}'"
_PLACES = {
    TO_THE_MINUTE: (f"task.promised = 1 AND {_BY_CALL} AND task.exact = 1", True),
    FOR_A_DAY: (f"task.promised = 1 AND {_BY_CALL} AND task.exact = 0", True),
    PLANNED_CALL: (f"task.promised = 0 AND {_BY_CALL}", True),
    PLANNED: (f"task.promised = 0 AND NOT {_BY_CALL}", False),
    PROMISED: (f"task.promised = 1 AND NOT {_BY_CALL}", False),
}
"""By place in the queue: what a task there is, and whether its lead must be one to call."""
_LEADS = """SELECT lead.id, lead.name, lead.company, lead.external_id, lead.city, lead.zone_key, lead.status,
    lead.temperature, lead.score, lead.reach, lead.attempts, lead.came_back_why, lead.created_at,
    coalesce(source.name, ''), lead.last_call_at
    FROM lead LEFT JOIN source ON source.id = lead.source_id WHERE {0}"""
_CALLS = """SELECT call.lead_id, call.part, call.note, outcome.human
    FROM call LEFT JOIN outcome ON outcome.key = call.outcome WHERE {0}
    ORDER BY call.lead_id, call.started_at DESC"""


def read(
    target: str | Path, choose: Callable[[Sequence[Member]], Member], now: datetime, most: int = ROWS
) -> FirstPage | None:
    """The first rows of the queue as it stands at `now`, some `most`; None where the desk has to say it.

    `choose` says who of the floor sits down, and may raise `Refused`.
    """
    try:
        with line_to(target) as line:
            return _page(line, choose, now, most)
    except (CannotTellError, Refused, ValueError, KeyError):
        # Whatever it is, the desk meets it too, and has words for it.
        return None


def _page(line: Line, choose: Callable[[Sequence[Member]], Member], now: datetime, most: int) -> FirstPage | None:
    people = line.ask("SELECT id, login, role, state, zone FROM app_user")
    me = choose([Member(row[0], row[1], Role(row[2]), UserState(row[3]), row[4]) for row in people])
    said = line.ask("SELECT key, value FROM setting")
    settings = Settings({key: json.loads(value) for key, value in said if key in BY_KEY})
    keys = open_zone_keys([row[0] for row in line.ask(_ZONE_KEYS)], hours_in(settings), now)
    early = now + timedelta(minutes=settings.number("callback.early_minutes"))
    own = me.role is Role.OPERATOR
    given = {
        "me": me.id,
        "all": not own,
        "now": _ms(now),
        "early": _ms(early),
        "open": sorted(keys.open),
        "most": most,
    }
    places = _places(_Seeks(line, given, own), most)
    if not places:
        return None
    clock = ZoneInfo(me.zone) if me.zone else now.astimezone().tzinfo or UTC
    return FirstPage(me.id, tuple(_rows(line, places, settings, now, clock)))


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _at(ms: int | None) -> datetime | None:
    return None if ms is None else _EPOCH + ms * _MILLISECOND


class _Seeks(NamedTuple):
    """What is asked of the database for one user: of one's own leads and of the pool's, or of everybody's at once."""

    line: Line
    given: dict[str, Any]
    own: bool

    def fits(self, *, to_call: bool) -> str:
        """What must hold for a lead: one to call, or as well one without a phone."""
        here = f"lead.reach = '{Reach.PHONE}' AND {self.line.among('lead.zone_key', 'open')}"
        here = f"({here})" if to_call else f"(({here}) OR lead.reach = '{Reach.NONE}')"
        return f"{_WORKABLE.format(self.line.status)} AND {here}"

    def asked(self, statement: str, **more: Any) -> list[Any]:
        return self.line.ask(statement, **self.given, **more)

    def tasks(self, place: int, until: int) -> list[Any]:
        which, to_call = _PLACES[place]
        fits = self.fits(to_call=to_call)
        if not self.own:
            here = f"task.done_at IS NULL AND task.dropped = 0 AND task.due_at <= :until AND {which}"
            statement = f"""SELECT lead.id, task.due_at, task.title, task.id {self.line.tasks("task", here, fits)}
                {_FIRST.format("task.due_at", "task.id")}"""
            return self.asked(statement, until=until)
        found = []
        for whose in (":me", str(POOL)):
            here = f"due.owner_id = {whose} AND due.place = {place} AND due.due_at <= :until"
            statement = f"""SELECT lead.id, due.due_at, (SELECT title FROM task WHERE task.id = due.id), due.id
                {self.line.tasks("due", here, fits)} {_FIRST.format("due.due_at", "due.id")}"""
            found += self.asked(statement, until=until)
        return found

    def leads(self, columns: str, here: str, order: str, *, to_call: bool, **more: Any) -> list[Any]:
        owners = ("lead.owner_id = :me", "lead.owner_id IS NULL") if self.own else ("1 = 1",)
        fits = self.fits(to_call=to_call)
        return [
            row
            for owner in owners
            for row in self.asked(
                f"SELECT lead.id, {columns} FROM lead WHERE {here} AND {owner} AND {fits} ORDER BY {order} LIMIT :most",
                **more,
            )
        ]

    def by_moment(self, moment: str, here: str, *, to_call: bool) -> list[Any]:
        """Leads by a moment of theirs."""
        return self.leads(f"{moment}, '', lead.id", f"{moment} {here}", f"{moment}, lead.id", to_call=to_call)

    def fresh(self, warmth: Temperature) -> list[Any]:
        here = f"lead.status = '{Status.NEW}' AND lead.last_call_at IS NULL AND lead.temperature = '{warmth}'"
        order = "lead.score DESC, lead.created_at, lead.id"
        return self.leads("lead.score, lead.created_at", here, order, to_call=True)

    def sections(self) -> Iterable[list[tuple[int, Place]]]:
        """Each section's first ones in their order; more than were wanted of each, where two seeks were merged."""
        for place in (TO_THE_MINUTE, FOR_A_DAY):
            yield _due(Section.CALLBACK, self.tasks(place, self.given["early"]))
        yield _due(Section.CAME_BACK, self.by_moment("lead.came_back_at", "> 0", to_call=False))
        planned = (PLANNED_CALL, PLANNED, PROMISED)
        yield _due(Section.TASK, [row for place in planned for row in self.tasks(place, self.given["now"])])
        for warmth in (Temperature.HOT, Temperature.WARM, Temperature.COLD):
            rows = self.fresh(warmth)
            rows.sort(key=lambda row: (-row[1], row[2] or 0, row[0]))
            yield [(row[0], Place(Section.NEW)) for row in rows]
        yield _due(Section.RETRY, self.by_moment("lead.retry_at", "<= :now", to_call=True))


def _due(section: Section, rows: Iterable[Any]) -> list[tuple[int, Place]]:
    return [(row[0], Place(section, _at(row[1]), row[2])) for row in sorted(rows, key=lambda row: (row[1], row[3]))]


def _places(seeks: _Seeks, most: int) -> dict[int, Place]:
    """Every lead once, under the first section it is due in, in the queue's order; as many as are certain."""
    found: dict[int, Place] = {}
    for entries in seeks.sections():
        for lead_id, place in entries[:most]:
            found.setdefault(lead_id, place)
        if len(entries) >= most:
            # There may be more of these than were asked for: what comes after them is not known.
            break
    return found


def _rows(line: Line, places: dict[int, Place], settings: Settings, now: datetime, clock: Any) -> Iterable[QueueRow]:
    leads = {row[0]: _lead(row) for row in line.ask(_LEADS.format(line.among("lead.id", "ids")), ids=list(places))}
    called = [lead.id for lead in leads.values() if lead.last_call_at]
    calls: dict[int, list[Told]] = {}
    for lead_id, part, note, human in line.ask(_CALLS.format(line.among("call.lead_id", "ids")), ids=called):
        calls.setdefault(lead_id, []).append(Told(part or "", note, bool(human)))
    words = Words(settings, now, clock)
    for lead_id, place in places.items():
        lead = leads[lead_id]
        yield words.row(place, lead, calls.get(lead_id, ()), lead.source)


def _lead(row: Sequence[Any]) -> _Lead:
    plain = _Lead(*row)
    return plain._replace(
        status=Status(plain.status),
        temperature=Temperature(plain.temperature),
        reach=Reach(plain.reach),
        created_at=_at(row[12]),
    )
