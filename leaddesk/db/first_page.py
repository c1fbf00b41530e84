"""The head of the queue, read by the bare driver while all that a desk needs has yet to be imported.

The rows are those the full answer (`answers/queue.py`) gives a moment later, word for word: a test holds both against
each other. So this says only what it can say for certain and at once. For anything else there is no first page, and
the window waits for its desk: a server, an older or newer schema, a file that is none of ours or has half a transaction
beside it, a person nobody knows, a queue in which nobody is due now.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from leaddesk.db.places import FOR_A_DAY, PLANNED, PLANNED_CALL, POOL, PROMISED, TO_THE_MINUTE
from leaddesk.db.version import APPLICATION_ID, SCHEMA_VERSION
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

ROWS = 20
"""More than a screen shows."""
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
BUSY_MS = 200
"""How long somebody else's lock is waited for."""
LATE_S = 0.3
"""Nobody waits longer for the first page than the desk takes."""


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
_WORKABLE = f"""lead.status || '' IN ({", ".join(f"'{status}'" for status in OPEN_STATUSES)})
    AND lead.reach <> '{Reach.BARRED}' AND (lead.spam < {HELD_FROM} OR lead.suspicion_ok = 1)
    AND (:all OR lead.owner_id = :me OR lead.owner_id IS NULL)
    AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.lead_id = lead.id AND lease.until > :now AND lease.user_id <> :me)"""
_CALLABLE = f"lead.reach = '{Reach.PHONE}' AND lead.zone_key IN (SELECT value FROM json_each(:open))"
_REACHABLE = f"({_CALLABLE} OR lead.reach = '{Reach.NONE}')"
_FIRST = "ORDER BY {0}, {1} LIMIT :most"
_OPEN_TASKS = f"""SELECT lead.id, task.due_at, task.title, task.id FROM task JOIN lead ON lead.id = task.lead_id
    WHERE task.done_at IS NULL AND task.dropped = 0 AND task.due_at <= :until AND {{}} AND {_WORKABLE} AND {{}}
    {_FIRST.format("task.due_at", "task.id")}"""
"""Open tasks of everybody; `due` knows them by whose they are."""
_TASKS_OF = f"""SELECT lead.id, due.due_at, (SELECT title FROM task WHERE task.id = due.id), due.id
    FROM due JOIN lead ON lead.id = due.lead_id
    WHERE due.owner_id = {{}} AND due.place = {{}} AND due.due_at <= :until AND {_WORKABLE} AND {{}}
    {_FIRST.format("due.due_at", "due.id")}"""
_BY_CALL = f"task.kind = '{TaskKind.CALL}'"
_PLACES = {
    TO_THE_MINUTE: (f"task.promised = 1 AND {_BY_CALL} AND task.exact = 1", _CALLABLE),
    FOR_A_DAY: (f"task.promised = 1 AND {_BY_CALL} AND task.exact = 0", _CALLABLE),
    PLANNED_CALL: (f"task.promised = 0 AND {_BY_CALL}", _CALLABLE),
    PLANNED: (f"task.promised = 0 AND NOT {_BY_CALL}", _REACHABLE),
    PROMISED: (f"task.promised = 1 AND NOT {_BY_CALL}", _REACHABLE),
}
"""By place in the queue: what a task there is, and how its lead is reached."""
_CAME_BACK = f"""SELECT lead.id, lead.came_back_at, '', lead.id FROM lead
    WHERE lead.came_back_at > 0 AND {{}} AND {_WORKABLE} AND {_REACHABLE} {_FIRST.format("lead.came_back_at", "lead.id")}"""
_RETRIES = f"""SELECT lead.id, lead.retry_at, '', lead.id FROM lead
    WHERE lead.retry_at <= :now AND {{}} AND {_WORKABLE} AND {_CALLABLE} {_FIRST.format("lead.retry_at", "lead.id")}"""
_FRESH = f"""SELECT lead.id, lead.score, lead.created_at FROM lead
    WHERE lead.status = '{Status.NEW}' AND lead.last_call_at IS NULL AND lead.temperature = :warmth
    AND {{}} AND {_WORKABLE} AND {_CALLABLE} ORDER BY lead.score DESC, lead.created_at, lead.id LIMIT :most"""
_LEADS = """SELECT lead.id, lead.name, lead.company, lead.external_id, lead.city, lead.zone_key, lead.status,
    lead.temperature, lead.score, lead.reach, lead.attempts, lead.came_back_why, lead.created_at,
    coalesce(source.name, ''), lead.last_call_at
    FROM lead LEFT JOIN source ON source.id = lead.source_id WHERE lead.id IN (SELECT value FROM json_each(?))"""
_CALLS = """SELECT call.lead_id, call.part, call.note, outcome.human
    FROM call LEFT JOIN outcome ON outcome.key = call.outcome WHERE call.lead_id IN (SELECT value FROM json_each(?))
    ORDER BY call.lead_id, call.started_at DESC"""


def read(
    target: str | Path, choose: Callable[[Sequence[Member]], Member], now: datetime, most: int = ROWS
) -> FirstPage | None:
    """The first rows of the queue as it stands at `now`, some `most`; None where the desk has to say it.

    `choose` says who of the floor sits down, and may raise `Refused`.
    """
    path = Path(target)
    if "://" in str(target) or not _is_ours(path):
        return None
    from sqlcipher3 import dbapi2

    try:
        # Where there is a log beside the file, closing it again must not be what folds the log into the file.
        uri = f"{path.absolute().as_uri()}?mode={'ro' if _size_of_log(path) else 'rw'}"
        with closing(dbapi2.connect(uri, uri=True, timeout=BUSY_MS / 1000, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                return None
            # What takes long is better said once, and whole.
            late = monotonic() + LATE_S
            connection.set_progress_handler(lambda: int(monotonic() > late), 1000)
            connection.execute("BEGIN")
            return _page(connection, choose, now, most)
    except (dbapi2.Error, Refused, OSError, ValueError, KeyError):
        # Whatever it is, the desk meets it too, and has words for it.
        return None


def _is_ours(path: Path) -> bool:
    """By the bytes of its header, so that no file that is refused later is opened by SQLite here."""
    try:
        if path.with_name(path.name + "-journal").exists():
            return False
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    application, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    return len(head) == 100 and application == APPLICATION_ID and version == SCHEMA_VERSION


def _size_of_log(path: Path) -> int:
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0


def _page(connection: Any, choose: Callable[[Sequence[Member]], Member], now: datetime, most: int) -> FirstPage | None:
    people = connection.execute("SELECT id, login, role, state, zone FROM app_user").fetchall()
    me = choose([Member(row[0], row[1], Role(row[2]), UserState(row[3]), row[4]) for row in people])
    said = connection.execute("SELECT key, value FROM setting").fetchall()
    settings = Settings({key: json.loads(value) for key, value in said if key in BY_KEY})
    keys = open_zone_keys([row[0] for row in connection.execute(_ZONE_KEYS)], hours_in(settings), now)
    early = now + timedelta(minutes=settings.number("callback.early_minutes"))
    given = {
        "me": me.id,
        "all": int(me.role is not Role.OPERATOR),
        "now": _ms(now),
        "early": _ms(early),
        "open": json.dumps(sorted(keys.open)),
        "most": most,
    }
    places = _places(connection, given, own=me.role is Role.OPERATOR)
    if not places:
        return None
    clock = ZoneInfo(me.zone) if me.zone else now.astimezone().tzinfo or UTC
    return FirstPage(me.id, tuple(_rows(connection, places, settings, now, clock)))


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _at(ms: int | None) -> datetime | None:
    return None if ms is None else _EPOCH + ms * _MILLISECOND


class _Seeks(NamedTuple):
    """What is asked of the database for one user: of one's own leads and of the pool's, or of everybody's at once."""

    connection: Any
    given: dict[str, Any]
    own: bool

    def asked(self, statement: str, **more: Any) -> list[Any]:
        rows: list[Any] = self.connection.execute(statement, {**self.given, **more}).fetchall()
        return rows

    def tasks(self, place: int, until: int) -> list[Any]:
        which, reached = _PLACES[place]
        if not self.own:
            return self.asked(_OPEN_TASKS.format(which, reached), until=until)
        return [
            row for whose in (":me", POOL) for row in self.asked(_TASKS_OF.format(whose, place, reached), until=until)
        ]

    def leads(self, statement: str, **more: Any) -> list[Any]:
        owners = ("lead.owner_id = :me", "lead.owner_id IS NULL") if self.own else ("1",)
        return [row for owner in owners for row in self.asked(statement.format(owner), **more)]

    def sections(self) -> Iterable[list[tuple[int, Place]]]:
        """Each section's first ones in their order; more than were wanted of each, where two seeks were merged."""
        for place in (TO_THE_MINUTE, FOR_A_DAY):
            yield _due(Section.CALLBACK, self.tasks(place, self.given["early"]))
        yield _due(Section.CAME_BACK, self.leads(_CAME_BACK))
        planned = (PLANNED_CALL, PLANNED, PROMISED)
        yield _due(Section.TASK, [row for place in planned for row in self.tasks(place, self.given["now"])])
        for warmth in (Temperature.HOT, Temperature.WARM, Temperature.COLD):
            rows = self.leads(_FRESH, warmth=str(warmth))
            rows.sort(key=lambda row: (-row[1], row[2] or 0, row[0]))
            yield [(row[0], Place(Section.NEW)) for row in rows]
        yield _due(Section.RETRY, self.leads(_RETRIES))


def _due(section: Section, rows: Iterable[Any]) -> list[tuple[int, Place]]:
    return [(row[0], Place(section, _at(row[1]), row[2])) for row in sorted(rows, key=lambda row: (row[1], row[3]))]


def _places(connection: Any, given: dict[str, Any], *, own: bool) -> dict[int, Place]:
    """Every lead once, under the first section it is due in, in the queue's order; as many as are certain."""
    most = given["most"]
    found: dict[int, Place] = {}
    for entries in _Seeks(connection, given, own).sections():
        for lead_id, place in entries[:most]:
            found.setdefault(lead_id, place)
        if len(entries) >= most:
            # There may be more of these than were asked for: what comes after them is not known.
            break
    return found


def _rows(
    connection: Any, places: dict[int, Place], settings: Settings, now: datetime, clock: Any
) -> Iterable[QueueRow]:
    leads = {row[0]: _lead(row) for row in connection.execute(_LEADS, (json.dumps(list(places)),))}
    called = json.dumps([lead.id for lead in leads.values() if lead.last_call_at])
    calls: dict[int, list[Told]] = {}
    for lead_id, part, note, human in connection.execute(_CALLS, (called,)):
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
