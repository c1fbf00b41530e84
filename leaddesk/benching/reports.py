"""Every report there is, cut every way, of ninety days and of all time."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from leaddesk.benching.action import Action, Measured, taking_turns
from leaddesk.benching.budgets import Kind
from leaddesk.workflow.reports import REPORTS, report_question

if TYPE_CHECKING:
    from datetime import date

    from leaddesk.benching.action import Round
    from leaddesk.benching.driver import Row
    from leaddesk.benching.ground import Ground
    from leaddesk.workflow.desk import Question
    from leaddesk.workflow.reports import Report

DAYS = 90
_DAY = "r.at / 86400000"
_REFUSALS = {
    "day": f"{_DAY}, r.reason",
    "reason": "r.reason",
    "operator": "r.user_id",
    "kind": "r.kind",
    "source": "l.source_id",
    "month": _DAY,
    "competitor": "r.competitor",
    "cohort": _DAY,
    "cohort-reason": f"{_DAY}, r.reason",
    "template": "t.template, t.language",
    "cohort-template": f"{_DAY}, t.template, t.language",
}
_PARKED = {
    "month": ("l.return_at / 86400000", "r.returned_at / 86400000"),
    "reason": ("l.parked_why", "r.reason"),
    "operator": ("l.owner_id", "l.owner_id"),
    "source": ("l.source_id", "l.source_id"),
}
_COUNTED = (
    "count(*), sum(CASE WHEN r.returned_at IS NULL THEN 0 ELSE 1 END), "
    "sum(CASE WHEN l.converted_at >= r.returned_at THEN 1 ELSE 0 END)"
)


def _keys(names: str) -> str:
    return ", ".join(str(place + 1) for place in range(names.count(",") + 1))


def refusals(ground: Ground, way: str, since: int, until: int) -> list[Row]:
    """Refusals of a span, grouped and counted in one pass, and their letters where the cut shows any."""
    key = _REFUSALS[way]
    letters = "JOIN letter t ON t.refusal_id = r.id" if "t." in key else ""
    # The days with their reasons show nothing that only a lead knows.
    plain = way == "day"
    counted = "count(*)" if plain else _COUNTED
    joined = "" if plain else "JOIN lead l ON l.id = r.lead_id"
    return ground.bare.rows(
        f"SELECT {key}, {counted} FROM refusal r {joined} {letters} "
        f"WHERE r.taken_back_at IS NULL AND r.at >= ? AND r.at < ? GROUP BY {_keys(key)}",
        since,
        until,
    )


def deferred(ground: Ground, way: str, since: int, until: int) -> list[Row]:
    """Leads that wait, and refusals that came back, each grouped and counted in one pass."""
    waiting, back = _PARKED[way]
    found = ground.bare.rows(
        f"SELECT l.status, {waiting}, count(*) FROM lead l WHERE l.status IN ('deferred', 'refused') "
        "AND l.return_at >= ? AND l.return_at < ? GROUP BY 1, 2",
        since,
        until,
    )
    return found + ground.bare.rows(
        f"SELECT {back}, {_COUNTED} FROM refusal r JOIN lead l ON l.id = r.lead_id "
        "WHERE r.returned_at >= ? AND r.returned_at < ? AND r.taken_back_at IS NULL GROUP BY 1",
        since,
        until,
    )


LIMITS = {"refusals": refusals, "deferred": deferred}
"""How the bare driver counts a report, by the report's name."""
WAYS: dict[str, Container[str]] = {"refusals": _REFUSALS, "deferred": _PARKED}
"""The ways of cutting it that know how."""


def _ms(day: date) -> int:
    return int(datetime.combine(day, time(0), UTC).timestamp() * 1000)


def _report(name: str, way: str, key: str, days: int | None, ground: Ground) -> Round:
    """Of all time there is no first and no last day."""
    today = ground.clock.now().date()
    since = today - timedelta(days=days - 1) if days else None
    question = report_question(name, way, since, today if days else None)
    start, end = (_ms(since), _ms(today + timedelta(days=1))) if since else (0, 1 << 62)
    count = LIMITS.get(name)
    if count is None or way not in WAYS[name]:
        return taking_turns(key, lambda _n: ground.desk.read(question), _same_statements(ground, question))
    return taking_turns(key, lambda _n: ground.desk.read(question), lambda _n: count(ground, way, start, end))


def _same_statements(ground: Ground, question: Question[Report]) -> Callable[[int], object]:
    """For a report nobody has written a least way for: its own statements, by the bare driver."""
    with ground.counter.listening() as heard:
        ground.desk.read(question)
    asked = [one for one in heard if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    return lambda _number: [ground.bare.again(*one) for one in asked]


def _actions() -> tuple[Action, ...]:
    found = []
    for report in REPORTS:
        for way in report.ways:
            for days, kind, span in ((DAYS, Kind.REPORT_90, "90 days"), (None, Kind.REPORT_ALL, "all time")):
                key = f"report_{report.name}_{way}_{days or 'all'}".replace("-", "_")
                title = f"Report: {report.title.lower()} by {way}, {span}"
                figure = Measured(key, title, kind)
                found.append(Action((figure,), partial(_report, report.name, way, key, days), cold=way == "month"))
    return tuple(found)


ACTIONS = _actions()
