"""What a lead's row says that follows from the rest: reach, zones, suspicion, score.

Kept on the row so that the queue can ask the database by index; worked out here and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.calling_hours import zone_key
from leaddesk.workflow.desk import Question
from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.entities import ContactPoint, Lead
from leaddesk.workflow.name_keys import name_key
from leaddesk.workflow.phones import parse_phone
from leaddesk.workflow.scoring import score_of
from leaddesk.workflow.suspicion import suspicions, weight_of
from leaddesk.workflow.vocabulary import Channel, Reach
from leaddesk.workflow.zones import candidate_zones

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from leaddesk.workflow.phones import Phone
    from leaddesk.workflow.ports import Work
    from leaddesk.workflow.suspicion import Suspicion

SUPPRESSIBLE = (Channel.PHONE, Channel.EMAIL)
DERIVED = frozenset({"reach", "zone_key", "suspicion", "spam", "name_key", "score"})
"""Fields of a lead that nobody writes. (`suspicion_ok` is a person's word, though a new sign takes it back.)"""
READ_AT_ONCE = 5_000
"""Leads whose numbers are read by one statement: drivers take some 30,000 values in one."""


@dataclass(frozen=True)
class SuppressedKeys(Question[frozenset[str]]):
    """Which of these numbers and addresses (as keys) nobody may call or write to."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class ToDeriveAnew(Question[list[int]]):
    """Leads whose derived fields may not follow from the rest, now that an operation was turned back or done again.

    What the operation kept of a row is as old as the operation: since then somebody may have worked on the lead or
    its numbers, or barred one of them; and a suppression it brings back may meet leads that are newer.
    """

    target_id: int
    by: int


def reach_of(usable: Sequence[str], suppressed: Collection[str], *, no_call: bool) -> Reach:
    """Whether somebody with these usable phones (their keys) can be called."""
    free = [key for key in usable if key not in suppressed]
    if no_call or (usable and not free):
        return Reach.BARRED
    return Reach.PHONE if free else Reach.NONE


def derive(
    lead: Lead, points: Sequence[ContactPoint], suppressed: Collection[str], *, as_known: bool = False
) -> dict[str, Any]:
    """The derived fields of a lead with these contact points, in whatever order they are given: that of the card counts.

    `as_known`: neither names nor numbers were touched, so that what they tell of the person need not be read anew.
    """
    if len(points) > 1:
        points = sorted(points, key=_place)
    phones = [p for p in points if p.channel is Channel.PHONE]
    usable = [p for p in phones if p.usable]
    parsed = [] if as_known and lead.country else [_parsed(p, lead) for p in phones]
    country = lead.country or next((p.region for p in parsed if p.region), None) or ""
    zones = candidate_zones(
        [p.zones for p in usable if p.zones], lead.country or None, lead.region, lead.city, lead.zone or None
    )
    values: dict[str, Any] = {
        "reach": reach_of([p.key for p in usable], suppressed, no_call=lead.no_call),
        "zone_key": zone_key(country, zones),
    }
    if as_known:
        return {**values, "score": score_of(lead, points)[0]}
    signs = _suspicions(lead, points, parsed)
    keys = tuple([sign.key for sign in signs])
    values |= {
        "suspicion": keys,
        "spam": weight_of(signs),
        "name_key": name_key(lead.name, lead.company),
        "suspicion_ok": lead.suspicion_ok and set(keys) <= set(lead.suspicion),
    }
    same = (lead.suspicion, lead.suspicion_ok, lead.spam) == (keys, values["suspicion_ok"], values["spam"])
    values["score"] = score_of(lead if same else replace(lead, **values), points)[0]
    return values


def suspicions_of(lead: Lead, points: Sequence[ContactPoint]) -> tuple[Suspicion, ...]:
    """Every sign that this lead may not be real, with its words."""
    return _suspicions(lead, points, [_parsed(p, lead) for p in points if p.channel is Channel.PHONE])


def _suspicions(lead: Lead, points: Sequence[ContactPoint], phones: Sequence[Phone]) -> tuple[Suspicion, ...]:
    emails = [parse_email(p.value) for p in points if p.channel is Channel.EMAIL]
    return suspicions(lead.name, lead.company, phones, emails)


_place = attrgetter("position", "id")


def _parsed(point: ContactPoint, lead: Lead) -> Phone:
    return parse_phone(point.key) if point.key else parse_phone(point.raw or point.value, lead.country or None)


def suppressed_among(work: Work, points: Sequence[ContactPoint]) -> frozenset[str]:
    """The keys among these that are suppressed."""
    keys = tuple(p.key for p in points if p.channel in SUPPRESSIBLE and p.key)
    return work.ask(SuppressedKeys(keys)) if keys else frozenset()


@dataclass(frozen=True, slots=True)
class Reached:
    """By what a lead is reached: its numbers and addresses, and the keys among them that nobody may call or write to."""

    points: tuple[ContactPoint, ...]
    barred: frozenset[str]


def reached(work: Work, lead: Lead) -> Reached:
    """By what a lead is reached, as stored."""
    points = work.find(ContactPoint, lead_id=lead.id)
    return Reached(tuple(points), suppressed_among(work, points))


def refresh(work: Work, lead: Lead, *, as_known: bool = False, by: Reached | None = None) -> Lead:
    """Bring a stored lead's derived fields up to date; the morning a parked one comes back is that of its zone.

    `as_known` as in `derive`; `by` where it was read already in this transaction, and is as it was.
    """
    from leaddesk.workflow.mornings import moved_along

    if by is None:
        by = reached(work, lead)
    values = derive(lead, by.points, by.barred, as_known=as_known)
    return work.change(lead, **values, return_at=moved_along(lead, values["zone_key"], work.settings))


def refresh_many(work: Work, lead_ids: Sequence[int]) -> None:
    """Bring many leads' derived fields up to date, by one statement for all that come to the same values."""
    from leaddesk.workflow.mornings import moved_along

    same: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for start in range(0, len(lead_ids), READ_AT_ONCE):
        some = lead_ids[start : start + READ_AT_ONCE]
        points = work.find(ContactPoint, lead_id=some)
        suppressed = suppressed_among(work, points)
        of_lead: dict[int | None, list[ContactPoint]] = defaultdict(list)
        for point in points:
            of_lead[point.lead_id].append(point)
        for lead in work.find(Lead, id=some):
            values = derive(lead, of_lead[lead.id], suppressed)
            values["return_at"] = moved_along(lead, values["zone_key"], work.settings)
            differing = tuple((name, value) for name, value in values.items() if getattr(lead, name) != value)
            if differing:
                same[differing].append(lead.id)
    for differing, ids in same.items():
        work.change_many(Lead, ids, **dict(differing))
