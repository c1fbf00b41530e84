"""Two cards side by side, as merging would make them one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from leaddesk.db.intake_tables import not_same
from leaddesk.db.mapping import mapper
from leaddesk.db.tables import app_user, contact_point, import_batch, lease, outcome, source
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.merging import MergePreview, MergeRow, MergeView, rank
from leaddesk.workflow.merging_fields import Names, Taken, checked_choices, in_words
from leaddesk.workflow.merging_plan import HANGING, Card, Floor, unite, why_not
from leaddesk.workflow.vocabulary import LetterState, Role, Status

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading
    from leaddesk.workflow.merging_plan import United

_KINDS = {
    "call": "calls",
    "note": "notes",
    "task": "tasks",
    "refusal": "refusals",
    "stay": "stays",
    "letter": "letters",
}


def card_of(reading: Reading, lead_id: int) -> Card:
    """A lead with all that hangs on it. Raises `Refused` if it is gone or not this user's to see."""
    lead = reading.lead(lead_id)
    if lead is None:
        raise Refused(f"There is no lead {lead_id}.", field="lead_id")
    if reading.user.role is Role.OPERATOR and lead.owner_id not in (None, reading.user.id):
        raise Refused(f"{lead.title} belongs to somebody else. Ask your team lead to merge them.", field="lead_id")
    points = reading.all_of(ContactPoint, contact_point.c.lead_id == lead.id, order=contact_point.c.position)
    hanging: dict[type[Any], tuple[Any, ...]] = {
        kind: tuple(reading.all_of(kind, mapper(kind).table.c.lead_id == lead.id)) for kind in HANGING
    }
    return Card(lead, reading.one_of(LeadExtra, lead.id) or LeadExtra(id=lead.id), tuple(points), hanging)


def preview(reading: Reading, question: MergePreview) -> MergeView:
    """What the command would do, by the same rules."""
    keep, lose = card_of(reading, question.keep), card_of(reading, question.lose)
    choices = checked_choices(question.fields)
    better = min((keep, lose), key=rank).lead.id
    refused = why_not(keep.lead, lose.lead)
    if refused:
        return MergeView(keep.lead, lose.lead, (), {}, {}, (), better, refused)
    names = Names(
        reading.pairs(select(source.c.id, source.c.name)),
        reading.pairs(select(app_user.c.id, app_user.c.name)),
        reading.pairs(select(import_batch.c.id, import_batch.c.file)),
    )
    human = frozenset(reading.connection.scalars(select(outcome.c.key).where(outcome.c.human == 1)))
    united = unite(keep, lose, Floor(names, human, reading.now), choices)
    rows = [_row(one, names) for one in united.fields]
    rows += _followed(keep.lead, lose.lead, united.card.lead)
    known = {*keep.extra.fields.items(), *lose.extra.fields.items()}
    aside = {header: value for header, value in united.card.extra.fields.items() if (header, value) not in known}
    return MergeView(
        keep.lead,
        lose.lead,
        tuple(row for row in rows if row.keep_value or row.lose_value or row.value),
        _moves(lose, united),
        aside,
        tuple(_warnings(reading, keep, lose, united)),
        better,
    )


def _row(one: Taken, names: Names) -> MergeRow:
    mine, theirs, value = (in_words(one.field.name, v, names) for v in (one.keep, one.lose, one.value))
    return MergeRow(one.field.name, one.field.words, mine, theirs, one.side, value, one.clash)


def _followed(keep: Lead, lose: Lead, card: Lead) -> list[MergeRow]:
    """Fields nobody chooses: they follow from both."""
    texts = [
        ("status", "Status", *(lead.status.words for lead in (keep, lose, card))),
        ("tags", "Tags", *(", ".join(lead.tags) for lead in (keep, lose, card))),
        ("no_call", "No calls", *("yes" if lead.no_call else "" for lead in (keep, lose, card))),
        ("no_mail", "No letters", *("yes" if lead.no_mail else "" for lead in (keep, lose, card))),
    ]
    return [
        MergeRow(name, words, mine, theirs, "lose" if value == theirs != mine else "keep", value, False, False)
        for name, words, mine, theirs, value in texts
    ]


def _moves(lose: Card, united: United) -> dict[str, int]:
    counts = {"numbers and addresses": len(lose.points) - united.same_points, "the same on both": united.same_points}
    for kind in HANGING:
        name = _KINDS.get(mapper(kind).table.name, "answers")
        counts[name] = counts.get(name, 0) + len(lose.of(kind))
    counts["extra fields"] = len(lose.extra.fields)
    return {words: count for words, count in counts.items() if count}


def _warnings(reading: Reading, keep: Card, lose: Card, united: United) -> list[str]:
    a, b = sorted((keep.lead.id, lose.lead.id))
    marked = select(app_user.c.name).select_from(not_same.outerjoin(app_user, app_user.c.id == not_same.c.user_id))
    said = [
        f"{name or 'Somebody'} looked at these two and called them two people."
        for name in reading.connection.scalars(marked.where(not_same.c.a == a, not_same.c.b == b))
    ]
    owners = {keep.lead.owner_id, lose.lead.owner_id}
    if None not in owners and len(owners) > 1:
        said.append("They are with two different owners; the kept card’s stays.")
    card = united.card
    dropped = sum(t.is_open for t in (*keep.of(Task), *lose.of(Task))) - sum(t.is_open for t in card.of(Task))
    if dropped:
        said.append(
            f"One of them asked to be left alone: {dropped} open task{'s' if dropped > 1 else ''} will be dropped."
        )
    going = [one for one in (*keep.of(Letter), *lose.of(Letter)) if one.state is LetterState.QUEUED]
    if going and card.lead.status is not Status.REFUSED and any(one.refusal_id for one in going):
        said.append("A farewell letter is in the outbox, and the merged lead is in work: take it out if it is wrong.")
    held = select(app_user.c.name).select_from(lease.join(app_user, app_user.c.id == lease.c.user_id))
    where = (or_(lease.c.lead_id == a, lease.c.lead_id == b), lease.c.until > reading.now_ms)
    others = reading.connection.scalars(held.where(*where, lease.c.user_id != reading.user.id).distinct())
    return said + [f"{name} has one of them open to call at this moment." for name in others]


ANSWERS: Answers = {MergePreview: preview}
