"""The report on parked leads.

Those that wait are counted by the lead, refusals that came back by the refusal, and parked leads that came back by the
journal, since a deferral leaves no row of its own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import Text, case, func, literal, literal_column, null, select

from leaddesk.db.answers.local_days import DAY_MS, day_number, month_of, within
from leaddesk.db.figure_indexes import ABOUT, PARKED, RETURNING, WAS_PARKED, holds
from leaddesk.db.tables import app_user, change, lead, operation, refusal, refusal_reason, source
from leaddesk.workflow.entities import RefusalReason
from leaddesk.workflow.reasons import in_language
from leaddesk.workflow.reports import DeferredReport, ParkedTally, Report, parked_breakdown
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import CTE, ColumnElement, TextClause

    from leaddesk.db.answers.reading import Answers, Reading

_DEFERRED, _REFUSED = 0, 1


def deferred_report(reading: Reading, question: DeferredReport) -> Report:
    """Who waits, who came back and what became of them."""
    tallies: defaultdict[Any, ParkedTally] = defaultdict(ParkedTally.new)
    bounds = _bounds(reading) if question.by == "month" else (0, 0)
    titles = _titles(reading, question)
    for status, key, count in reading.rows(_waiting(reading, question, bounds)):
        place = _DEFERRED if status == Status.DEFERRED else _REFUSED
        tallies[_named(question, key, titles)].waiting[place] += count
    for place, back in (
        (_REFUSED, _refused(reading, question, bounds)),
        (_DEFERRED, _parked(reading, question, bounds)),
    ):
        converted = case((back.c.refused == 1, 0), else_=back.c.became)
        sums = select(back.c.key, func.count(), func.sum(converted), func.sum(back.c.refused))
        for key, count, clients, refused in reading.rows(sums.group_by(back.c.key)):
            tally = tallies[_named(question, key, titles)]
            tally.returned[place] += count
            tally.converted[place] += int(clients)
            tally.refused[place] += int(refused)
    if question.by == "month":
        order = sorted(tallies, key=lambda month: month or "never")
        return parked_breakdown("month", [(month or "never", month, tallies[month]) for month in order])
    order = sorted(tallies, key=lambda name: (-sum(map(sum, (tallies[name].waiting, tallies[name].returned))), name))
    return parked_breakdown(question.by, [(name, name, tallies[name]) for name in order])


def _titles(reading: Reading, question: DeferredReport) -> dict[Any, str]:
    """What keys of this cut are called."""
    if question.by == "operator":
        return {None: "the pool", **reading.pairs(select(app_user.c.id, app_user.c.name))}
    if question.by == "source":
        return {None: "no source", **reading.pairs(select(source.c.id, source.c.name))}
    if question.by == "reason":
        return {f"{r.title}": in_language(r, question.language).title for r in reading.all_of(RefusalReason)}
    return {}


def _named(question: DeferredReport, key: Any, titles: dict[Any, str]) -> Any:
    if question.by == "month":
        return None if key is None else month_of(key)
    if question.by == "reason":
        said = " ".join((key or "").split())
        return titles.get(said, said) or "no reason given"
    return titles.get(key, "")


def _bounds(reading: Reading) -> tuple[int, int]:
    """Everything counted lies between the first day there is anything of and the last day somebody comes back."""
    ends = select(
        select(func.min(lead.c.return_at)).where(lead.c.return_at.is_not(None)).scalar_subquery(),
        select(func.min(refusal.c.at)).scalar_subquery(),
        select(operation.c.at).order_by(operation.c.id).limit(1).scalar_subquery(),
        select(func.max(lead.c.return_at)).where(lead.c.return_at.is_not(None)).scalar_subquery(),
    )
    *first, last = reading.connection.execute(ends).one()
    oldest = min((at for at in first if at is not None), default=reading.now_ms)
    return min(oldest, reading.now_ms), max(last or 0, reading.now_ms) + DAY_MS


def _key(
    reading: Reading, question: DeferredReport, bounds: tuple[int, int], at: ColumnElement[Any], why: ColumnElement[Any]
) -> ColumnElement[Any]:
    if question.by == "month":
        return day_number(at, reading.zone, *bounds).label("key")
    return {"operator": lead.c.owner_id, "source": lead.c.source_id, "reason": why}[question.by].label("key")


def _waiting(reading: Reading, question: DeferredReport, bounds: tuple[int, int]) -> Any:
    found = (
        select(lead.c.status, _key(reading, question, bounds, lead.c.return_at, lead.c.parked_why))
        .where(holds(PARKED), reading.visible())
        .where(*within(lead.c.return_at, question.since, question.until, reading.zone))
    )
    if question.by != "reason":
        # What was said is in no index: it is read in the order the leads lie.
        found = found.with_hint(lead, "INDEXED BY ix_lead_parked", "sqlite")
    some = found.subquery()
    return select(some.c.status, some.c.key, func.count()).group_by(some.c.status, some.c.key)


def again_after(row: ColumnElement[Any], lead_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the lead refused once more after the refusal of this id."""
    later = refusal.alias("later")
    there = (later.c.lead_id == lead_id) & (later.c.id > row) & later.c.taken_back_at.is_(None)
    return select(literal(1)).where(there).exists()


def _refused(reading: Reading, question: DeferredReport, bounds: tuple[int, int]) -> CTE:
    """Refusals whose lead came back, with what came of that return."""
    r = refusal.c
    why = func.coalesce(refusal_reason.c.title, r.reason)
    titled = refusal.outerjoin(refusal_reason, refusal_reason.c.key == r.reason) if question.by == "reason" else refusal
    return (
        select(
            _key(reading, question, bounds, r.returned_at, why),
            case((again_after(r.id, r.lead_id), 1), else_=0).label("refused"),
            case((lead.c.converted_at >= r.returned_at, 1), else_=0).label("became"),
        )
        .select_from(titled.outerjoin(lead, lead.c.id == r.lead_id))
        .with_hint(lead, ABOUT, "sqlite")
        .where(r.returned_at.is_not(None), r.taken_back_at.is_(None), reading.visible())
        .where(*within(r.returned_at, question.since, question.until, reading.zone))
        .cte("back")
        .prefix_with("MATERIALIZED")
    )


def _parked(reading: Reading, question: DeferredReport, bounds: tuple[int, int]) -> CTE:
    """Parked leads that came back, by the journal: one line each time, with what came of that time."""
    returns = _returns(reading, question)
    before_next = returns.c.next_at.is_(None)
    again = (
        select(literal(1))
        .where(refusal.c.lead_id == returns.c.lead_id, refusal.c.at > returns.c.at, refusal.c.taken_back_at.is_(None))
        .where(before_next | (refusal.c.at <= returns.c.next_at))
        .exists()
    )
    became = before_next & (lead.c.converted_at >= returns.c.at)
    return (
        select(
            _key(reading, question, bounds, returns.c.at, returns.c.why),
            case((again, 1), else_=0).label("refused"),
            case((became, 1), else_=0).label("became"),
        )
        .select_from(returns.outerjoin(lead, lead.c.id == returns.c.lead_id))
        .with_hint(lead, ABOUT, "sqlite")
        .where(lead.c.id.is_not(None), reading.visible())
        .where(*within(returns.c.at, question.since, question.until, reading.zone))
        .cte("back")
        .prefix_with("MATERIALIZED")
    )


def _returns(reading: Reading, question: DeferredReport) -> CTE:
    """Each time a lead that was parked, and had not refused, came back; what was undone did not happen.

    Both sides are found by indexes that hold nothing else, however long the journal. Where days are asked for, what was
    done before the first operation within them is left out; what came after them still says whether a return was the
    last.
    """
    c, o = change.c, operation.c
    here: list[ColumnElement[bool] | TextClause] = [
        holds(RETURNING),
        holds(WAS_PARKED[reading.connection.dialect.name]),
    ]
    days = within(o.at, question.since, None, reading.zone)
    if days:
        first = select(func.min(o.id)).where(holds(RETURNING), *days).scalar_subquery()
        here.append(c.operation_id >= first)
    return (
        select(
            c.row_id.label("lead_id"),
            o.at,
            (_before(reading, "parked_why") if question.by == "reason" else null()).label("why"),
            func.lead(o.at).over(partition_by=c.row_id, order_by=o.id).label("next_at"),
        )
        .select_from(change.join(operation, o.id == c.operation_id))
        .with_hint(change, "INDEXED BY ix_change_returned", "sqlite")
        .with_hint(operation, "INDEXED BY ix_operation_returning", "sqlite")
        .where(*here)
        .cte("returns")
        .prefix_with("MATERIALIZED")
    )


def _before(reading: Reading, name: str) -> ColumnElement[Any]:
    """A column's value before a change, out of the journal's JSON."""
    if reading.connection.dialect.name == "sqlite":
        return func.json_extract(change.c.before, f"$.{name}")
    return literal_column(f"change.before::json ->> '{name}'", Text)


ANSWERS: Answers = {DeferredReport: deferred_report}
