"""Which cards become one when many pairs are merged at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from leaddesk.workflow.intake_entities import NotSame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.workflow.entities import Lead
    from leaddesk.workflow.ports import Work

LeftOut = tuple[int, int, str]
ASKED_AT_ONCE = 10_000


def groups_of(
    work: Work, pairs: Sequence[tuple[int, int]], leads: Mapping[int, Lead]
) -> tuple[list[list[int]], list[LeftOut]]:
    """Groups of cards that hang together by these pairs, and the pairs left out, with why.

    Pairs count in the order given, the surest first: one that would bring two people or two clients together by way
    of others is left out.
    """
    apart = _apart(work, sorted(leads))
    members: dict[int, list[int]] = {lead_id: [lead_id] for lead_id in leads}
    left_out: list[LeftOut] = []
    for a, b in pairs:
        mine, theirs = members[a], members[b]
        if mine is theirs:
            continue
        why = _why_two(mine, theirs, apart, leads)
        if why:
            left_out.append((a, b, why))
            continue
        larger, smaller = (mine, theirs) if len(mine) >= len(theirs) else (theirs, mine)
        larger += smaller
        for lead_id in smaller:
            members[lead_id] = larger
    together = {id(group): group for group in members.values() if len(group) > 1}
    return list(together.values()), left_out


def _apart(work: Work, ids: Sequence[int]) -> dict[int, set[int]]:
    apart: dict[int, set[int]] = defaultdict(set)
    for start in range(0, len(ids), ASKED_AT_ONCE):
        for mark in work.find(NotSame, a=ids[start : start + ASKED_AT_ONCE]):
            apart[mark.a].add(mark.b)
            apart[mark.b].add(mark.a)
    return apart


def _why_two(
    mine: Sequence[int], theirs: Sequence[int], apart: Mapping[int, set[int]], leads: Mapping[int, Lead]
) -> str:
    for lead_id in mine:
        for other in apart.get(lead_id, set()).intersection(theirs):
            return f"{leads[lead_id].title} and {leads[other].title} were called two people"
    clients = {leads[i].client_id for i in (*mine, *theirs)} - {None}
    if len(clients) > 1:
        return (
            f"they became two different clients ({', '.join(str(c) for c in sorted(map(int, filter(None, clients))))})"
        )
    return ""
