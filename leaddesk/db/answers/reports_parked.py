"""The report on parked leads.

Those that wait are counted by the lead, refusals that came back by the refusal, and parked leads that came back by the
journal, since a deferral leaves no row of its own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import Text, case, func, literal, literal_column, select

from leaddesk.db.answers.local_days import DAY_MS, day_number, month_of, within
from leaddesk.db.tables import app_user, change, lead, operation, refusal, refusal_reason, source
from leaddesk.workflow.entities import RefusalReason
from leaddesk.workflow.reasons import in_language
from leaddesk.workflow.reports import DeferredReport, ParkedTally, Report, parked_breakdown
from leaddesk.workflow.vocabulary import PARKED_STATUSES, Status

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import ColumnElement, Subquery

    from leaddesk.db.answers.reading import Answers, Reading

_RETURNING = ("ReturnDueLeads", "BringBack", "BringBackLeads", "TakeIn", "ConvertLead")
"""Commands by which a parked lead comes back: by its day, by hand, by an answer, and as a client at once."""
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
        sums = select(back.c.key, func.count(), func.sum(back.c.converted), func.sum(back.c.refused))
        for key, count, converted, refused in reading.rows(sums.group_by(back.c.key)):
            tally = tallies[_named(question, key, titles)]
            tally.returned[place] += count
            tally.converted[place] += int(converted)
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
        .where(lead.c.status.in_([str(s) for s in PARKED_STATUSES]), reading.visible())
        .where(*within(lead.c.return_at, question.since, question.until, reading.zone))
        .subquery()
    )
    return select(found.c.status, found.c.key, func.count()).group_by(found.c.status, found.c.key)


def again_after(row: ColumnElement[Any], lead_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the lead refused once more after the refusal of this id."""
    later = refusal.alias("later")
    there = (later.c.lead_id == lead_id) & (later.c.id > row) & later.c.taken_back_at.is_(None)
    return select(literal(1)).where(there).exists()


def _refused(reading: Reading, question: DeferredReport, bounds: tuple[int, int]) -> Subquery:
    """Refusals whose lead came back, with what came of that return."""
    r = refusal.c
    again = again_after(r.id, r.lead_id)
    became = lead.c.converted_at.is_not(None) & (lead.c.converted_at >= r.returned_at)
    why = func.coalesce(refusal_reason.c.title, r.reason)
    return (
        select(
            _key(reading, question, bounds, r.returned_at, why),
            case((again, 1), else_=0).label("refused"),
            case((became & ~again, 1), else_=0).label("converted"),
        )
        .select_from(
            refusal.join(lead, lead.c.id == r.lead_id).outerjoin(refusal_reason, refusal_reason.c.key == r.reason)
        )
        .where(r.returned_at.is_not(None), r.taken_back_at.is_(None), reading.visible())
        .where(*within(r.returned_at, question.since, question.until, reading.zone))
        .subquery("back")
    )


def _parked(reading: Reading, question: DeferredReport, bounds: tuple[int, int]) -> Subquery:
    """Parked leads that came back, by the journal: one line each time, with what came of that time."""
    returns = _returns(reading)
    before_next = returns.c.next_at.is_(None)
    again = (
        select(literal(1))
        .where(refusal.c.lead_id == returns.c.lead_id, refusal.c.at > returns.c.at, refusal.c.taken_back_at.is_(None))
        .where(before_next | (refusal.c.at <= returns.c.next_at))
        .exists()
    )
    became = before_next & lead.c.converted_at.is_not(None) & (lead.c.converted_at >= returns.c.at)
    return (
        select(
            _key(reading, question, bounds, returns.c.at, returns.c.why),
            case((again, 1), else_=0).label("refused"),
            case((became & ~again, 1), else_=0).label("converted"),
        )
        .select_from(returns.join(lead, lead.c.id == returns.c.lead_id))
        .where(reading.visible(), *within(returns.c.at, question.since, question.until, reading.zone))
        .subquery("back")
    )


def _returns(reading: Reading) -> Subquery:
    """Each time a lead that was parked, and had not refused, came back; what was undone did not happen.

    Few operations bring leads back and most changes are of leads, so the operations are found first: materialized, and
    with an expression in the place of `tbl`, or SQLite would read every change of a lead by that column's index.
    """
    c, o = change.c, operation.c
    back = (
        select(o.id, o.at)
        .where(o.command.in_(_RETURNING), o.kind == "do", o.undone == 0)
        .cte("bringing_back")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(
            c.row_id.label("lead_id"),
            back.c.at,
            _before(reading, "parked_why").label("why"),
            func.lead(back.c.at).over(partition_by=c.row_id, order_by=back.c.id).label("next_at"),
        )
        .select_from(back.join(change, c.operation_id == back.c.id))
        .where(c.operation_id.in_(select(back.c.id)), c.tbl.concat("") == "lead", c.cols.like("%status%"))
        .where(_before(reading, "status") == str(Status.DEFERRED))
        .subquery("returns")
    )


def _before(reading: Reading, name: str) -> ColumnElement[Any]:
    """A column's value before a change, out of the journal's JSON."""
    if reading.connection.dialect.name == "sqlite":
        return func.json_extract(change.c.before, f"$.{name}")
    return literal_column(f"change.before::json ->> '{name}'", Text)


ANSWERS: Answers = {DeferredReport: deferred_report}
