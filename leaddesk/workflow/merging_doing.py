"""Merging written down: cards read together however many, one card made of each group, the others gone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.derived import derive, suppressed_among
from leaddesk.workflow.entities import ContactPoint, ImportBatch, Lead, LeadExtra, Outcome, Row, Source
from leaddesk.workflow.intake_entities import NotSame, Redirect
from leaddesk.workflow.merging_fields import Names
from leaddesk.workflow.merging_plan import HANGING, Card, Floor, differing, unite
from leaddesk.workflow.mornings import moved_along
from leaddesk.workflow.team import Users

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leaddesk.workflow.merging_plan import United
    from leaddesk.workflow.ports import Work


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that are one person: the one kept, and those that go, in the order they are taken in."""

    keep: int
    lose: tuple[int, ...]


def cards_of(work: Work, leads: Sequence[Lead]) -> dict[int, Card]:
    """These leads with all that hangs on them, by few statements however many they are."""
    ids = [lead.id for lead in leads]
    hanging: dict[int, dict[type[Row], list[Any]]] = defaultdict(lambda: defaultdict(list))
    kinds: tuple[type[Row], ...] = (ContactPoint, *HANGING)
    for kind in kinds:
        for row in work.find(kind, lead_id=ids):
            hanging[getattr(row, "lead_id")][kind].append(row)  # noqa: B009 - all of these kinds have one
    extra = {row.id: row for row in work.find(LeadExtra, id=ids)}
    return {
        lead.id: Card(
            lead,
            extra.get(lead.id, LeadExtra(id=lead.id)),
            tuple(sorted(hanging[lead.id][ContactPoint], key=lambda point: (point.position, point.id))),
            {kind: tuple(hanging[lead.id][kind]) for kind in HANGING},
            lead.id in extra,
        )
        for lead in leads
    }


def floor_of(work: Work, leads: Iterable[Lead]) -> Floor:
    """What the ids on these cards are called, and what a talk is."""
    leads = list(leads)
    sources = sorted({lead.source_id for lead in leads if lead.source_id is not None})
    batches = sorted({lead.batch_id for lead in leads if lead.batch_id is not None})
    names = Names(
        {row.id: row.name for row in work.find(Source, id=sources)} if sources else {},
        {user.id: user.name for user in work.ask(Users())},
        {row.id: row.file for row in work.find(ImportBatch, id=batches)} if batches else {},
    )
    return Floor(names, frozenset(one.key for one in work.find(Outcome, human=True)), work.now)


def merge(
    work: Work, groups: Sequence[Group], cards: Mapping[int, Card], choices: Mapping[str, Any] | None = None
) -> list[United]:
    """Make one card of each group; gives what came of the last two of each. Raises `Refused` for two that may not.

    `cards` are all of the groups' (`cards_of`); `choices` are for a single pair.
    """
    floor = floor_of(work, (cards[i].lead for group in groups for i in (group.keep, *group.lose)))
    united = [_united(group, cards, floor, choices) for group in groups]
    gone = {lead_id: group.keep for group in groups for lead_id in group.lose}
    suppressed = suppressed_among(work, [point for one in united for point in one.card.points])
    for group, one in zip(groups, united, strict=True):
        _write(work, [cards[i] for i in (group.keep, *group.lose)], one.card, suppressed)
    _lead_on(work, gone)
    _keep_apart(work, gone)
    for lead_id, keep in gone.items():
        lead = cards[lead_id].lead
        work.remove(lead)
        work.add(Redirect(id=lead.id, lead_id=keep, name=lead.title, user_id=work.user.id or None, at=work.now))
    work.move_drafts(gone)
    return united


def _united(group: Group, cards: Mapping[int, Card], floor: Floor, choices: Mapping[str, Any] | None) -> United:
    done = unite(cards[group.keep], cards[group.lose[0]], floor, choices)
    moved, same = done.moved, done.same_points
    for lead_id in group.lose[1:]:
        done = unite(done.card, cards[lead_id], floor)
        moved, same = moved + done.moved, same + done.same_points
    return replace(done, moved=moved, same_points=same)


def _write(work: Work, old: Sequence[Card], new: Card, suppressed: frozenset[str]) -> None:
    for kind in HANGING:
        for row, values in differing([row for card in old for row in card.of(kind)], new.of(kind)):
            work.change(row, **values)
    before = [point for card in old for point in card.points]
    for point, values in differing(before, new.points):
        work.change(point, **values)
    stays = {point.id for point in new.points}
    for point in before:
        if point.id not in stays:
            work.remove(point)
    for card in old[1:]:
        if card.has_extra:
            work.remove(card.extra)
    if new.extra != old[0].extra:
        if old[0].has_extra:
            work.change(old[0].extra, fields=new.extra.fields)
        else:
            work.add(new.extra)
    values = derive(new.lead, new.points, suppressed)
    values["return_at"] = moved_along(new.lead, values["zone_key"], work.settings)
    lead = replace(new.lead, **values)
    names = (n for n in Lead.__dataclass_fields__ if n not in ("id", "version", "changed_at"))
    work.change(old[0].lead, **{n: getattr(lead, n) for n in names})


def _lead_on(work: Work, gone: Mapping[int, int]) -> None:
    """Cards that led to one of these lead straight to where it leads now."""
    for redirect in work.find(Redirect, lead_id=sorted(gone)):
        work.change(redirect, lead_id=gone[redirect.lead_id])


def _keep_apart(work: Work, gone: Mapping[int, int]) -> None:
    """Whom somebody called another person than one of these is another person than the merged card."""
    ids = sorted(gone)
    known: dict[tuple[int, int], NotSame] = {}
    marks = {mark.id: mark for mark in (*work.find(NotSame, a=ids), *work.find(NotSame, b=ids))}
    if not marks:
        return
    keeps = sorted(set(gone.values()))
    for mark in (*work.find(NotSame, a=keeps), *work.find(NotSame, b=keeps)):
        if mark.id not in marks:
            known[mark.a, mark.b] = mark
    for mark in marks.values():
        a, b = sorted((gone.get(mark.a, mark.a), gone.get(mark.b, mark.b)))
        if a == b or (a, b) in known:
            work.remove(mark)
        else:
            known[a, b] = work.change(mark, a=a, b=b)
