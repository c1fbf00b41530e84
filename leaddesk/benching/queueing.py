"""“Who next?”: drawing a lead, and the list of the queue with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leaddesk.benching.action import Action, Measured, taking_turns
from leaddesk.benching.budgets import Kind
from leaddesk.benching.measuring import Side
from leaddesk.db.places import FOR_A_DAY, PLANNED, PLANNED_CALL, POOL, PROMISED, TO_THE_MINUTE
from leaddesk.workflow.calling_hours import open_zone_keys
from leaddesk.workflow.queue import Queue, ReleaseLeads, TakeNext
from leaddesk.workflow.settings import SettingsNow, hours_in
from leaddesk.workflow.vocabulary import HELD_FROM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leaddesk.benching.action import Round
    from leaddesk.benching.driver import Row
    from leaddesk.benching.ground import Ground
    from leaddesk.benching.measuring import Watch

ON_SCREEN, COUNTED = 100, 1000
"""Rows of the queue shown, and how far it is counted."""


@dataclass(frozen=True, slots=True)
class Head:
    """The bare driver's way to the queue's first few: a seek for each section, in their order.

    Which zones are open is worked out once a minute and not at each draw, so it is given.
    """

    ground: Ground
    open_zones: Any
    early_ms: int

    @classmethod
    def of(cls, ground: Ground) -> Head:
        """With the zones that are open at the moment of the ground's clock."""
        settings = ground.operator.read(SettingsNow())
        keys = [key for (key,) in ground.bare.rows("SELECT DISTINCT zone_key FROM lead") if key]
        found = open_zone_keys(keys, hours_in(settings), ground.clock.now()).open
        early = timedelta(minutes=settings.number("callback.early_minutes"))
        return cls(ground, ground.bare.these(sorted(found)), int(early.total_seconds() * 1000))

    def first(self, count: int, *, but_mine: bool = False) -> list[Row]:
        """The first leads as (id, section), each once. `but_mine` leaves out those drawn by oneself as well."""
        seen: dict[int, str] = {}
        for section, rows in self._sections(count, but_mine=but_mine):
            for row in rows:
                seen.setdefault(row[0], section)
            if len(seen) >= count:
                break
        return list(seen.items())[:count]

    def _sections(self, count: int, *, but_mine: bool) -> Iterator[tuple[str, list[Row]]]:
        ask, now, me = self.ground.bare.rows, self.ground.now_ms, self.ground.operator.user.id
        held = "" if but_mine else "AND h.user_id <> ? "
        workable = (
            "l.status || '' IN ('new', 'in_progress', 'qualified') AND l.reach <> 'barred' "
            f"AND (l.spam < {HELD_FROM} OR l.suspicion_ok = 1) "
            f"AND NOT EXISTS (SELECT 1 FROM lease h WHERE h.lead_id = l.id AND h.until > ? {held})"
        )
        mine = [now] if but_mine else [now, me]
        may_call = f"l.reach = 'phone' AND {self.ground.bare.among('l.zone_key')}"
        reachable = f"(({may_call}) OR l.reach = 'none')"

        def both(seek: str, *values: Any, nobody: str = "IS NULL") -> list[Row]:
            """One's own and the pool's in one statement; `{}` is whose."""
            own, pool = seek.format("= ?"), seek.format(nobody)
            given = (*values, *mine, self.open_zones)
            statement = f"SELECT * FROM ({own}) AS own UNION ALL SELECT * FROM ({pool}) AS pool"
            return sorted(ask(statement, me, *given, *given), key=lambda row: (row[1] or 0, row[0]))

        def tasks(place: int, until: int, fits: str) -> list[Row]:
            seek = (
                "SELECT l.id, t.due_at, (SELECT title FROM task WHERE task.id = t.id) AS title "
                f"FROM due t JOIN lead l ON l.id = t.lead_id WHERE t.owner_id {{}} AND t.place = {place} "
                f"AND t.due_at <= ? AND {workable} AND {fits} ORDER BY t.due_at, t.id LIMIT {count}"
            )
            return both(seek, until, nobody=f"= {POOL}")

        for place in (TO_THE_MINUTE, FOR_A_DAY):
            yield "callback", tasks(place, now + self.early_ms, may_call)
        back = (
            f"SELECT l.id, l.came_back_at FROM lead l WHERE l.owner_id {{}} AND l.came_back_at > 0 AND {workable} "
            f"AND {reachable} ORDER BY l.came_back_at, l.id LIMIT {count}"
        )
        yield "came back", both(back)
        for place, fits in ((PLANNED_CALL, may_call), (PLANNED, reachable), (PROMISED, reachable)):
            yield "task", tasks(place, now, fits)
        for warmth in ("hot", "warm", "cold"):
            fresh = (
                "SELECT l.id, -l.score AS worth FROM lead l WHERE l.owner_id {} AND l.status = 'new' "
                f"AND l.last_call_at IS NULL AND l.temperature = '{warmth}' AND {workable} AND {may_call} "
                f"ORDER BY l.score DESC, l.created_at, l.id LIMIT {count}"
            )
            yield "new", both(fresh)
        retry = (
            f"SELECT l.id, l.retry_at FROM lead l WHERE l.owner_id {{}} AND l.retry_at <= ? AND {workable} "
            f"AND {may_call} ORDER BY l.retry_at, l.id LIMIT {count}"
        )
        yield "retry", both(retry, now)


TAKE = (
    "INSERT INTO lease (lead_id, user_id, taken_at, until) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (lead_id) DO UPDATE SET user_id = excluded.user_id, taken_at = excluded.taken_at, "
    "until = excluded.until WHERE lease.user_id = excluded.user_id OR lease.until <= excluded.taken_at"
)
TOLD = (
    "SELECT l.*, s.name, c.part, c.note, o.human FROM lead l LEFT JOIN source s ON s.id = l.source_id "
    "LEFT JOIN call c ON c.lead_id = l.id LEFT JOIN outcome o ON o.key = c.outcome WHERE {} ORDER BY c.started_at DESC"
)


def _next(ground: Ground) -> Round:
    head = Head.of(ground)
    bare, me = ground.bare, ground.operator.user.id

    def draw() -> int:
        bare.begin(writing=True)
        found = head.first(1, but_mine=True)
        for lead_id, _section in found:
            bare.run(TAKE, lead_id, me, ground.now_ms, ground.now_ms + 900_000)
            bare.rows(TOLD.format("l.id = ?"), lead_id)
        bare.commit()
        return found[0][0] if found else 0

    def round_(number: int, watch: Watch) -> None:
        drawn = [0, 0]
        for side in (Side.OURS, Side.BARE) if number % 2 else (Side.BARE, Side.OURS):
            if side is Side.OURS:
                row = watch.time("next", side, lambda: ground.operator.do(TakeNext())).value.row
                drawn[0] = row.lead_id if row else 0
            else:
                drawn[1] = watch.time("next", side, draw)
            ground.operator.do(ReleaseLeads())
        if watch.dry:
            watch.compare("next", same=drawn[0] == drawn[1])

    return round_


def _queue(ground: Ground) -> Round:
    head = Head.of(ground)
    bare = ground.bare

    def least(_number: int) -> list[Row]:
        found = head.first(COUNTED)
        bare.rows(TOLD.format(bare.among("l.id")), bare.these(lead_id for lead_id, _ in found[:ON_SCREEN]))
        return found

    return taking_turns(
        "queue",
        lambda _number: ground.operator.read(Queue(ON_SCREEN, later=False, count_at_most=COUNTED)),
        least,
        lambda page, found: page.total == len(found),
    )


ACTIONS = (
    Action((Measured("next", "Draw the next lead", Kind.INTERACTIVE),), _next),
    Action((Measured("queue", "The queue with its reasons", Kind.FIRST_ROWS),), _queue),
)
