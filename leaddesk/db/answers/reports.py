"""Reports on refusals, counted by the database; parked leads are in `reports_parked.py`.

`_facts` is one line per refusal with what became of it; everything else groups it, alone or joined with its letters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import case, func, literal, select

from leaddesk.db.answers import reports_parked
from leaddesk.db.answers.letters import own_templates
from leaddesk.db.answers.local_days import DAY_MS, as_date, day_number, month_of, start_of, within
from leaddesk.db.answers.reports_parked import again_after
from leaddesk.db.figure_indexes import ABOUT
from leaddesk.db.letter_tables import letter, reply
from leaddesk.db.tables import app_user, lead, refusal, refusal_reason, source, stay
from leaddesk.workflow.entities import Lead, Refusal, RefusalReason
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter, Reply
from leaddesk.workflow.letter_files import letter_title
from leaddesk.workflow.reasons import in_language
from leaddesk.workflow.refusal_stories import RefusalStories, RefusalStory, stories_of
from leaddesk.workflow.reports import WINDOWS, RefusalsReport, Report, Tally, breakdown, refusals_by_day
from leaddesk.workflow.vocabulary import LetterState, RefusalKind, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from sqlalchemy import CTE, ColumnElement

    from leaddesk.db.answers.reading import Answers, Reading

_LEFT_STATES = [str(s) for s in (LetterState.SENT, LetterState.SAVED, LetterState.SENDING, LetterState.UNCERTAIN)]
_LEFT = letter.c.state.in_(_LEFT_STATES) | letter.c.bounced_at.is_not(None)
Ends = tuple[int, int]
"""Two instants, as stored."""
_KEYS: dict[str, str] = {
    "reason": "reason",
    "operator": "user_id",
    "kind": "kind",
    "source": "source_id",
    "competitor": "competitor",
    "month": "day",
    "cohort": "day",
    "cohort-reason": "day",
    "cohort-template": "day",
    "template": "reason",
}
"""By which column of the facts refusals are grouped."""


def refusals_report(reading: Reading, question: RefusalsReport) -> Report:
    """The report cut as asked."""
    if question.by == "day":
        return _by_day(reading, question)
    if question.by in ("template", "cohort-template"):
        return _by_template(reading, question)
    if question.by in ("cohort", "cohort-reason"):
        return _by_cohort(reading, question)
    return _by_key(reading, question)


def _facts(reading: Reading, question: RefusalsReport, ends: Ends, *names: str, became: bool = True) -> CTE:
    """One line per refusal: its id, the columns named and what became of it, worked out once however often it is summed.

    A return that ended in another refusal made no client: the last return did.
    """
    r = refusal.c
    columns: dict[str, ColumnElement[Any]] = {
        "reason": r.reason,
        "kind": r.kind,
        "user_id": r.user_id,
        "competitor": r.competitor,
        "source_id": lead.c.source_id,
    }
    taken = [columns[name] if name != "day" else day_number(r.at, reading.zone, *ends).label("day") for name in names]
    if became:
        again = again_after(r.id, r.lead_id)
        client = lead.c.converted_at >= r.returned_at
        taken += [
            (r.returned_at - r.at).label("waited"),
            case((r.returned_at.is_(None), 0), else_=1).label("returned"),
            case((r.returned_at.is_(None), 0), (again, 1), else_=0).label("again"),
            case((r.returned_at.is_(None), 0), (client, 1), else_=0).label("became"),
        ]
    need_leads = became or "source_id" in names or _narrow(reading)
    return (
        select(r.id, *taken)
        .select_from(refusal.outerjoin(lead, lead.c.id == r.lead_id) if need_leads else refusal)
        .with_hint(lead, ABOUT, "sqlite")
        .with_hint(refusal, _way(question), "sqlite")
        .where(
            r.taken_back_at.is_(None), reading.visible(), *within(r.at, question.since, question.until, reading.zone)
        )
        .cte("facts")
        .prefix_with("MATERIALIZED")
    )


def _way(question: RefusalsReport) -> str:
    """Refusals of some days by their day, all of them in the order they lie; SQLite would take any index it sees."""
    return "INDEXED BY ix_refusal_at" if question.since or question.until else "NOT INDEXED"


def _bounds(reading: Reading, question: RefusalsReport) -> Ends:
    """The instants between which everything counted lies; found by the indexes where the question does not say."""
    if _KEYS.get(question.by, "day") != "day":
        return 0, 0
    if question.since and question.until:
        return start_of(question.since, reading.zone), start_of(question.until, reading.zone) + 2 * DAY_MS
    ends = select(
        select(func.min(refusal.c.at)).scalar_subquery(),
        select(func.min(stay.c.at)).scalar_subquery(),
    )
    oldest = [at for at in reading.connection.execute(ends).one() if at is not None]
    return min(oldest, default=reading.now_ms), reading.now_ms + DAY_MS


def _by_day(reading: Reading, question: RefusalsReport) -> Report:
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    # The plainest of the cuts is the one most asked for: it needs nothing of what became of the refusals.
    low, high = _bounds(reading, question)
    days = (
        select(day_number(refusal.c.at, reading.zone, low, high).label("day"), refusal.c.reason)
        .select_from(_seen(reading, refusal))
        .with_hint(lead, ABOUT, "sqlite")
        .with_hint(refusal, _way(question), "sqlite")
        .where(refusal.c.taken_back_at.is_(None), *within(refusal.c.at, question.since, question.until, reading.zone))
        .where(reading.visible())
        .subquery()
    )
    for day, reason, count in reading.rows(
        select(days.c.day, days.c.reason, func.count()).group_by(days.c.day, days.c.reason)
    ):
        counts[day][reason] = count
    stayed: dict[int, int] = reading.pairs(_stays(reading, question, day_number(stay.c.at, reading.zone, low, high)))
    used = {reason for row in counts.values() for reason in row}
    titles = [(r.key, r.title) for r in _reasons(reading, question.language) if not r.retired or r.key in used]
    titles += [(key, key) for key in sorted(used - {key for key, _ in titles})]
    return refusals_by_day(
        titles, [(as_date(day), counts.get(day, {}), stayed.get(day, 0)) for day in sorted({*counts, *stayed})]
    )


def _narrow(reading: Reading) -> bool:
    return reading.user.role is Role.OPERATOR


def _seen(reading: Reading, table: Any) -> Any:
    """The table, joined with its leads only for those who may not see all of them."""
    return table.outerjoin(lead, lead.c.id == table.c.lead_id) if _narrow(reading) else table


def _stays(reading: Reading, question: RefusalsReport, key: ColumnElement[Any]) -> Any:
    """How many stayed, by a key of the stay, its lead or its reason."""
    stays = _seen(reading, stay) if question.by != "source" else stay.outerjoin(lead, lead.c.id == stay.c.lead_id)
    if question.by == "kind":
        stays = stays.outerjoin(refusal_reason, refusal_reason.c.key == stay.c.reason)
    inner = (
        select(key.label("key"))
        .select_from(stays)
        .with_hint(lead, ABOUT, "sqlite")
        .where(reading.visible(), *within(stay.c.at, question.since, question.until, reading.zone))
        .subquery()
    )
    return select(inner.c.key, func.count()).group_by(inner.c.key)


def _by_key(reading: Reading, question: RefusalsReport) -> Report:
    """Reasons, operators, kinds, sources, months, competitors: counted by one column, then named."""
    ends = _bounds(reading, question)
    facts = _facts(reading, question, ends, _KEYS[question.by])
    key = facts.c[_KEYS[question.by]]
    tallies: defaultdict[Any, Tally] = defaultdict(Tally)
    named = _naming(question.by)
    counted = select(key, func.count(), func.sum(facts.c.returned), func.sum(facts.c.again), _became(facts)).group_by(
        key
    )
    spelt: dict[Any, Counter[str]] = defaultdict(Counter)
    for value, count, returned, again, converted in reading.rows(counted):
        spelt[named(value)][str(value)] += count
        tallies[named(value)].take(
            Tally(refusals=count, returned=int(returned), refused_again=int(again), converted=int(converted))
        )
    plain = _facts(reading, question, ends, _KEYS[question.by], became=False)
    key = plain.c[_KEYS[question.by]]
    letters = (
        select(key, func.count(), func.count(letter.c.answered_at), func.count(letter.c.bounced_at))
        .select_from(plain.join(letter, plain.c.id == letter.c.refusal_id))
        .where(_LEFT)
        .group_by(key)
    )
    for value, left, answered, bounced in reading.rows(letters):
        tallies[named(value)].take(Tally(letters=left, answered=answered, bounced=bounced))
    if question.by != "competitor":
        by_stay = {
            "reason": stay.c.reason,
            "operator": stay.c.user_id,
            "kind": func.coalesce(refusal_reason.c.kind, str(RefusalKind.FULL)),
            "source": lead.c.source_id,
        }
        stay_key = by_stay.get(question.by)
        if stay_key is None:
            stay_key = day_number(stay.c.at, reading.zone, *ends)
        for value, count in reading.rows(_stays(reading, question, stay_key)):
            tallies[named(value)].take(Tally(stayed=count))
    tallies.pop(_NOBODY, None)
    return breakdown(question.by, _titled(reading, question, tallies, spelt))


_NOBODY = object()
"""The key of what a cut leaves out: refusals that name no competitor."""


def _naming(way: str) -> Callable[[Any], Any]:
    """One key for values that mean the same: days of a month, spellings of a competitor."""
    if way == "month":
        return month_of
    if way == "competitor":
        return lambda said: " ".join(said.split()).casefold() or _NOBODY
    return lambda value: value


def _titled(
    reading: Reading, question: RefusalsReport, tallies: dict[Any, Tally], spelt: dict[Any, Counter[str]]
) -> Iterable[tuple[str, tuple[str | None, ...], Tally]]:
    """Rows in the order people look for: reasons by their keys, months in time, the others by how many."""
    way = question.by
    if way == "month":
        return [(key, (key,), tallies[key]) for key in sorted(tallies)]
    if way == "reason":
        known = _reasons(reading, question.language)
        rows = [(r.key, (r.title,), tallies.get(r.key, Tally())) for r in known if not r.retired or r.key in tallies]
        strange = sorted(set(tallies) - {r.key for r in known})
        return [*rows, *((key, (key,), tallies[key]) for key in strange)]
    ordered = sorted(tallies, key=lambda key: (-tallies[key].refusals, str(key)))
    if way == "kind":
        return [(key, (RefusalKind(key).words,), tallies[key]) for key in ordered]
    if way == "competitor":
        return [(key, (" ".join(spelt[key].most_common(1)[0][0].split()),), tallies[key]) for key in ordered]
    names = names_of(reading, way)
    return [(str(key or ""), (names.get(key, ""),), tallies[key]) for key in ordered]


def names_of(reading: Reading, way: str) -> dict[int | None, str]:
    """What people or sources are called, by id; and nobody."""
    table, nobody = (app_user, "LeadDesk") if way == "operator" else (source, "no source")
    return {None: nobody, **reading.pairs(select(table.c.id, table.c.name))}


def _reasons(reading: Reading, language: str) -> list[RefusalReason]:
    found = sorted(reading.all_of(RefusalReason), key=lambda r: (r.retired, r.digit or 10, r.id))
    return [in_language(reason, language) for reason in found]


def _became(facts: CTE) -> ColumnElement[Any]:
    return func.sum(case((facts.c.again == 1, 0), else_=facts.c.became))


def _sums(facts: CTE) -> list[ColumnElement[Any]]:
    """What is counted of a cohort, in the order `_cohort` reads it."""
    soon = [func.sum(case((facts.c.waited <= days * DAY_MS, 1), else_=0)) for days in WINDOWS]
    return [func.sum(facts.c.returned), func.sum(facts.c.again), _became(facts), *soon]


def _cohort(sums: Iterable[Any], **more: int) -> Tally:
    returned, again, converted, *soon = (int(found or 0) for found in sums)
    return Tally(returned=returned, refused_again=again, converted=converted, within=tuple(soon), **more)


def _watched(reading: Reading, month: str) -> int:
    """Whole days since the month ended, by the asker's clock."""
    year, number = int(month[:4]), int(month[5:])
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC).date()
    return max(0, (reading.now.astimezone(reading.zone).date() - after).days)


def _by_cohort(reading: Reading, question: RefusalsReport) -> Report:
    with_reason = question.by == "cohort-reason"
    facts = _facts(reading, question, _bounds(reading, question), "day", *(["reason"] if with_reason else []))
    second: ColumnElement[Any] = facts.c.reason if with_reason else literal("").label("reason")
    keys = [facts.c.day, facts.c.reason] if with_reason else [facts.c.day]
    statement = select(facts.c.day, second, func.count(), *_sums(facts)).group_by(*keys)
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for day, reason, count, *sums in reading.rows(statement):
        tallies[month_of(day), reason].take(_cohort(sums, refusals=count))
    reasons = _reasons(reading, question.language) if with_reason else []
    titles = {r.key: r.title for r in reasons}
    places = {r.key: place for place, r in enumerate(reasons)}
    rows = []
    for month, reason in sorted(tallies, key=lambda key: (key[0], places.get(key[1], len(places)), key[1])):
        tally = tallies[month, reason]
        tally.watched = _watched(reading, month)
        about = (month, titles.get(reason, reason)) if with_reason else (month,)
        rows.append((f"{month}/{reason}" if with_reason else month, about, tally))
    return breakdown(question.by, rows)


def _by_template(reading: Reading, question: RefusalsReport) -> Report:
    """Letters that left, by what they were written from and in which language; in cohorts of their refusals if asked."""
    cohort = question.by == "cohort-template"
    facts = _facts(reading, question, _bounds(reading, question), *(["day"] if cohort else []))
    day: list[ColumnElement[Any]] = [facts.c.day] if cohort else []
    statement = (
        select(
            letter.c.template,
            letter.c.language,
            func.count(),
            func.count(letter.c.answered_at),
            func.count(letter.c.bounced_at),
            *_sums(facts),
            *day,
        )
        .select_from(facts.join(letter, facts.c.id == letter.c.refusal_id))
        .where(_LEFT)
        .group_by(letter.c.template, letter.c.language, *day)
    )
    tallies: defaultdict[tuple[str, str, str], Tally] = defaultdict(Tally)
    for template, language, left, answered, bounced, *sums in reading.rows(statement):
        month = month_of(sums.pop()) if cohort else ""
        tallies[month, template, language].take(_cohort(sums, letters=left, answered=answered, bounced=bounced))
    own = own_templates(reading)
    rows = []
    for month, template, language in sorted(tallies):
        tally = tallies[month, template, language]
        tally.watched = _watched(reading, month) if cohort else None
        mine = own.get((template, language))
        title = (mine.title if mine else "") or letter_title(template, question.language)
        key = f"{template}.{language}"
        about = (month, title, language) if cohort else (title, language)
        rows.append((f"{month}/{key}" if cohort else key, about, tally))
    return breakdown(question.by, rows)


def refusal_stories(reading: Reading, question: RefusalStories) -> list[RefusalStory]:
    """What became of each refusal of a lead, newest first."""
    found = reading.one_of(Lead, question.lead_id)
    if found is None or (_narrow(reading) and found.owner_id not in (None, reading.user.id)):
        raise Refused(f"There is no lead {question.lead_id} of yours.", field="lead_id")
    return stories_of(
        found,
        reading.all_of(Refusal, refusal.c.lead_id == found.id),
        reading.all_of(Letter, letter.c.lead_id == found.id),
        reading.all_of(Reply, reply.c.lead_id == found.id, order=reply.c.at),
        {r.key: r.title for r in _reasons(reading, question.language)},
        reading.zone,
    )


ANSWERS: Answers = {
    RefusalsReport: refusals_report,
    RefusalStories: refusal_stories,
    **reports_parked.ANSWERS,
}
