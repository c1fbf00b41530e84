"""Where a lead stands that was two cards: which status comes of two, and what is next.

A merge is no move of a lead: nobody qualified, refused or called anybody. So it does not ask `lifecycle.LEGAL`, but
this table of its own: the card that is more alive wins, and what the other one came to stays in the history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leaddesk.workflow.vocabulary import OPEN_STATUSES, PARKED_STATUSES, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from leaddesk.workflow.entities import Call, Lead, Refusal, Task

ALIVE = (
    Status.CONVERTED,
    Status.QUALIFIED,
    Status.IN_PROGRESS,
    Status.NEW,
    Status.DEFERRED,
    Status.REFUSED,
    Status.DISQUALIFIED,
)
"""The first of these that one of the two cards has is the merged card's. Two exceptions: who asked to be left alone
is left alone (`left_alone`), and a new card of somebody called before is not new."""

_WAS = {Status.DEFERRED: "Parked", Status.REFUSED: "Refused"}
DROPPED = "merged with a card of somebody who asked to be left alone"


def left_alone(lead: Lead, refusals: Sequence[Refusal]) -> bool:
    """Whether this is a refused lead that asked never to be called or written to again."""
    standing = [r for r in refusals if r.returned_at is None and r.taken_back_at is None]
    return lead.status is Status.REFUSED and any(r.suppressed for r in standing)


def status_of(one: Status, other: Status, *, alone: bool = False, called: bool = False) -> Status:
    """What comes of two statuses; `alone`: one asked to be left alone, `called`: one of them was called before."""
    statuses = {one, other}
    if Status.CONVERTED in statuses:
        return Status.CONVERTED
    if alone:
        return Status.REFUSED
    best = min(statuses, key=ALIVE.index)
    return Status.IN_PROGRESS if best is Status.NEW and called and len(statuses) > 1 else best


def standing(keep: Lead, lose: Lead, tasks: Sequence[Task], now: datetime, *, alone: bool) -> dict[str, Any]:
    """Status and plan of the merged lead, and by whose clock its day of return was said (`zone_key`).

    `tasks` are those of both. A lead in work always has a next step, so one that was away on the other card and has
    none has come back now.
    """
    cards = (keep, lose)
    called = any(card.last_call_at for card in cards)
    status = status_of(keep.status, lose.status, alone=alone, called=called)
    if status in OPEN_STATUSES:
        return _in_work(cards, status, tasks, now)
    plan: dict[str, Any] = {"status": status, "retry_at": None, "return_at": None, "parked_why": ""}
    plan |= {"came_back_at": None, "came_back_why": "", "zone_key": keep.zone_key}
    if status is Status.CONVERTED:
        clients = [card for card in cards if card.client_id is not None]
        first = min(clients, key=lambda card: card.converted_at or now)
        return {**plan, "client_id": first.client_id, "converted_at": first.converted_at}
    same = [card for card in cards if card.status is status]
    plan["parked_why"] = next((card.parked_why for card in same if card.parked_why), "")
    days = [(card.return_at, card.zone_key) for card in same if card.return_at is not None]
    if days and not alone:
        plan["return_at"], plan["zone_key"] = min(days)
    return plan


def _in_work(cards: tuple[Lead, Lead], status: Status, tasks: Sequence[Task], now: datetime) -> dict[str, Any]:
    working = [card for card in cards if card.status in OPEN_STATUSES]
    returned = [card for card in working if card.came_back_at is not None]
    first = min(returned, key=lambda card: card.came_back_at or now, default=None)
    plan: dict[str, Any] = {
        "status": status,
        "retry_at": min((card.retry_at for card in working if card.retry_at is not None), default=None),
        "return_at": None,
        "parked_why": "",
        "came_back_at": first.came_back_at if first else None,
        "came_back_why": first.came_back_why if first else "",
        "idle_ok": all(card.idle_ok for card in working),
    }
    fresh = status is Status.NEW and not any(card.last_call_at for card in cards)
    planned = any(task.is_open for task in tasks)
    if fresh or planned or plan["retry_at"] or first or plan["idle_ok"]:
        return plan
    away = next((card for card in cards if card.status in PARKED_STATUSES), None)
    if away is None:
        return {**plan, "retry_at": now}
    why = f": {away.parked_why}" if away.parked_why else ""
    return {**plan, "came_back_at": now, "came_back_why": f"{_WAS[away.status]}{why}; merged with a card in work"}


def attempts_of(keep: Lead, lose: Lead, calls: Sequence[Call], human: frozenset[str]) -> int:
    """Unanswered calls since the last talk, whichever card it was on.

    `human` are the keys of the outcomes that mean a talk. Attempts no call is written up for count as well.
    """
    talks = [call.started_at for call in calls if call.outcome in human]
    count = 0
    for card in (keep, lose):
        own = sorted((c for c in calls if c.lead_id == card.id), key=lambda c: (c.started_at, c.id), reverse=True)
        tried = []
        for call in own[: card.attempts]:
            if call.outcome in human:
                break
            tried.append(call)
        last = max(talks, default=None)
        count += card.attempts - len(tried) + sum(last is None or call.started_at > last for call in tried)
    return count
