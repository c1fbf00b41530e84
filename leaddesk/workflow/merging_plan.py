"""Two cards and all that hangs on them, made one: pure, so that the dialog shows what the command does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.entities import Call, ContactPoint, Note, Refusal, Row, Stay, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter, Reply
from leaddesk.workflow.merging_fields import KEEP, Taken, extras, kept_aside, merged, put_aside, same, taken_fields
from leaddesk.workflow.merging_standing import DROPPED, attempts_of, left_alone, standing
from leaddesk.workflow.vocabulary import PointState, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from leaddesk.workflow.entities import Lead, LeadExtra
    from leaddesk.workflow.merging_fields import Names

HANGING: tuple[type[Row], ...] = (Call, Note, Task, Refusal, Stay, Letter, Reply)
"""What hangs on a lead and simply goes with it to another card."""


@dataclass(frozen=True, slots=True)
class Card:
    """A lead with all that hangs on it; `hanging` by kind, each in the order of ids.

    `has_extra` says that its extra fields have a row already, be it an empty one.
    """

    lead: Lead
    extra: LeadExtra
    points: tuple[ContactPoint, ...] = ()
    hanging: Mapping[type[Row], tuple[Any, ...]] = field(default_factory=dict)
    has_extra: bool = False

    def of(self, kind: type[Row]) -> tuple[Any, ...]:
        """Rows of one kind."""
        return self.hanging.get(kind, ())

    @property
    def history(self) -> int:
        """How much has happened with it."""
        return self.lead.touches + sum(len(self.of(kind)) for kind in HANGING)

    @property
    def left_alone(self) -> bool:
        """Whether it asked never to be called or written to again."""
        return left_alone(self.lead, self.of(Refusal))


@dataclass(frozen=True, slots=True)
class United:
    """The one card that comes of two, what became of each field, and how many rows moved and fell together."""

    card: Card
    fields: tuple[Taken, ...]
    moved: int
    same_points: int


@dataclass(frozen=True, slots=True)
class Floor:
    """What merging needs to know beside the two cards. `human` are the outcomes that mean a talk."""

    names: Names
    human: frozenset[str]
    now: datetime


def why_not(keep: Lead, lose: Lead) -> str:
    """Why these two may not become one, "" where they may."""
    if keep.id == lose.id:
        return f"{keep.title} is one card already. Name two."
    if keep.client_id is not None and lose.client_id is not None and keep.client_id != lose.client_id:
        return (
            f"{keep.title} and {lose.title} became two different clients ({keep.client_id} and {lose.client_id}), "
            "each with papers of its own. Undo one conversion, or leave them two."
        )
    return ""


def unite(keep: Card, lose: Card, floor: Floor, choices: Mapping[str, Any] | None = None) -> United:
    """One card of two. Raises `Refused` for two that may not."""
    no = why_not(keep.lead, lose.lead)
    if no:
        raise Refused(no, field="lose")
    taken = taken_fields(keep.lead, lose.lead, choices or {})
    points, same_as, aside = united_points(keep, lose)
    hanging = {kind: _joined(kind, keep, lose, same_as) for kind in HANGING}
    alone = keep.left_alone or lose.left_alone
    plan = standing(keep.lead, lose.lead, hanging[Task], floor.now, alone=alone)
    if alone and plan["status"] is Status.REFUSED:
        dropped = {"dropped": True, "result": DROPPED}
        hanging[Task] = tuple(replace(task, **dropped) if task.is_open else task for task in hanging[Task])
    values = {one.field.name: one.value for one in taken} | _together(keep.lead, lose.lead) | plan
    calls = (*keep.of(Call), *lose.of(Call))
    values["attempts"] = attempts_of(keep.lead, lose.lead, calls, floor.human)
    owner = next(one for one in taken if one.field.name == "owner_id")
    values["assigned_at"] = (keep.lead if owner.side == KEEP else lose.lead).assigned_at
    fields = extras(keep.extra, lose.extra, lose.lead)
    for header, value in {**kept_aside(list(taken), keep.lead, lose.lead, floor.names), **aside}.items():
        put_aside(fields, header, value)
    _left_unsaid(fields, keep.lead, lose.lead, values)
    lead = replace(keep.lead, **values)
    card = Card(lead, replace(keep.extra, fields=fields), points, hanging)
    moved = sum(len(lose.of(kind)) for kind in HANGING)
    return United(card, tuple(taken), moved, len(same_as))


def _left_unsaid(fields: dict[str, str], keep: Lead, lose: Lead, values: Mapping[str, Any]) -> None:
    """What the plan of the merged card no longer says of the two."""
    for card, side in ((keep, "before card {} was merged"), (lose, "merged card {}")):
        whose = side.format(lose.id)
        if card.status is not values["status"] and card.status is not Status.NEW:
            put_aside(fields, f"Status ({whose})", card.status.words)
        if card.parked_why and card.parked_why not in (values["parked_why"], values["came_back_why"]):
            put_aside(fields, f"Parked because ({whose})", card.parked_why)


def _together(keep: Lead, lose: Lead) -> dict[str, Any]:
    """Counters added, first and last moments, wishes of either card, what people confirmed of them."""
    confirmed = {sign for card in (keep, lose) if card.suspicion_ok for sign in card.suspicion}
    no_mail = keep.no_mail or lose.no_mail
    values: dict[str, Any] = {
        "touches": keep.touches + lose.touches,
        "tags": tuple(dict.fromkeys((*keep.tags, *lose.tags))),
        "no_call": keep.no_call or lose.no_call,
        "no_mail": no_mail,
        "greet": (keep.greet or lose.greet) and not no_mail,
        "suspicion_ok": keep.suspicion_ok or lose.suspicion_ok,
        "suspicion": tuple(sorted(confirmed)),
    }
    if keep.batch_id is None:
        values |= {"batch_id": lose.batch_id, "batch_row": lose.batch_row}
    for name, pick in (("created_at", min), ("first_assigned_at", min), ("last_call_at", max)):
        moments = [moment for moment in (getattr(keep, name), getattr(lose, name)) if moment is not None]
        values[name] = pick(moments) if moments else None
    return values


def _joined(kind: type[Row], keep: Card, lose: Card, same_as: Mapping[int, int]) -> tuple[Any, ...]:
    moved: list[Any] = []
    client = keep.lead.client_id or lose.lead.client_id
    for row in lose.of(kind):
        values: dict[str, Any] = {"lead_id": keep.lead.id}
        if isinstance(row, Call) and row.contact_id is not None:
            values["contact_id"] = same_as.get(row.contact_id, row.contact_id)
        moved.append(replace(row, **values))
    rows = (*keep.of(kind), *moved)
    if kind is Task and client is not None:
        rows = tuple(replace(t, client_id=client) if t.is_open and t.client_id is None else t for t in rows)
    return tuple(sorted(rows, key=lambda row: row.id))


# Numbers and addresses


def united_points(keep: Card, lose: Card) -> tuple[tuple[ContactPoint, ...], dict[int, int], dict[str, str]]:
    """The points of both, each number once; which of the loser's fell together with which; spellings to keep aside."""
    points = list(keep.points)
    same_as: dict[int, int] = {}
    aside: dict[str, str] = {}
    place = max((p.position for p in points), default=-1) + 1
    preferred = {p.channel for p in points if p.preferred}
    for point in lose.points:
        there = next((i for i, p in enumerate(points) if _same_point(p, point)), None)
        if there is None:
            mark = point.preferred and point.channel not in preferred
            points.append(replace(point, lead_id=keep.lead.id, position=place, preferred=mark))
            place += 1
            continue
        mine = points[there]
        same_as[point.id] = mine.id
        points[there] = _one_point(mine, point, preferred)
        for spelling in _other_spellings(mine, point):
            put_aside(aside, merged(point.channel.value.capitalize(), lose.lead), spelling)
    return tuple(points), same_as, aside


def _same_point(one: ContactPoint, other: ContactPoint) -> bool:
    if one.channel is not other.channel or bool(one.key) is not bool(other.key):
        return False
    return one.key == other.key if one.key else same(one.value, other.value)


def _one_point(mine: ContactPoint, other: ContactPoint, preferred: set[Any]) -> ContactPoint:
    tried = [at for at in (mine.last_tried_at, other.last_tried_at) if at is not None]
    made = [at for at in (mine.created_at, other.created_at) if at is not None]
    labels = dict.fromkeys(filter(None, (mine.label, other.label)))
    state = state_of(mine, other)
    usable = state not in (PointState.INVALID, PointState.WRONG_PERSON)
    return replace(
        mine,
        label=", ".join(labels) if len({label.casefold() for label in labels}) > 1 else next(iter(labels), ""),
        state=state,
        preferred=usable and (mine.preferred or (other.preferred and mine.channel not in preferred)),
        attempts=mine.attempts + other.attempts,
        answered=mine.answered + other.answered,
        last_tried_at=max(tried, default=None),
        created_at=min(made, default=None),
        line_type=mine.line_type or other.line_type,
        zones=mine.zones or other.zones,
    )


def state_of(one: ContactPoint, other: ContactPoint) -> PointState:
    """What is known of a number two cards know: knowledge before none, the later before the earlier.

    Where neither was tried later, a number that reached the person stays usable.
    """
    known = [p for p in (one, other) if p.state is not PointState.UNKNOWN]
    if len(known) < 2 or one.state is other.state:
        return known[0].state if known else PointState.UNKNOWN
    if one.last_tried_at != other.last_tried_at:
        times = [(p.last_tried_at is not None, p.last_tried_at, p.state) for p in (one, other)]
        return max(times, key=lambda t: (t[0], t[1].timestamp() if t[1] else 0.0))[2]
    return min((one, other), key=lambda p: (not p.usable, list(PointState).index(p.state))).state


def _other_spellings(mine: ContactPoint, other: ContactPoint) -> list[str]:
    """How the loser wrote it, where that says something the kept spelling does not."""
    there = {_bare(mine.value), _bare(mine.raw)}
    found = []
    for spelling in (other.value, other.raw):
        if spelling and _bare(spelling) not in there:
            there.add(_bare(spelling))
            found.append(spelling)
    return found


def _bare(spelling: str) -> str:
    return "".join(c for c in spelling.casefold() if c not in " ()-+/" and not c.isspace())


def differing(old: Sequence[Row], new: Sequence[Row]) -> list[tuple[Row, dict[str, Any]]]:
    """Rows that are other than they were, each with its new values."""
    was = {row.id: row for row in old}
    found = []
    for row in new:
        before = was[row.id]
        if before is not row:
            names = (n for n in type(row).__dataclass_fields__ if n not in ("version", "changed_at"))
            values = {n: getattr(row, n) for n in names if getattr(row, n) != getattr(before, n)}
            if values:
                found.append((before, values))
    return found
