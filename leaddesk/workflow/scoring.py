"""Points from rules people can read: who they are, what they said, what we can reach them by."""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from leaddesk.workflow.vocabulary import Channel, Status, Temperature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.workflow.entities import ContactPoint, Lead


_answered = attrgetter("answered")


def score_of(lead: Lead, points: Sequence[ContactPoint]) -> tuple[int, list[tuple[str, int]]]:
    """Points in all, never under 0, and the (reason, points) they come from."""
    usable = {p.channel for p in points if p.usable}
    total, reasons = _points_for(
        lead.decides,
        bool(lead.interest),
        bool(lead.budget),
        Channel.PHONE in usable,
        any(map(_answered, points)),
        Channel.EMAIL in usable,
        bool(lead.company),
        lead.temperature,
        lead.status is Status.QUALIFIED,
        lead.came_back_at is not None,
        lead.held_back,
    )
    return total, list(reasons)


@lru_cache(maxsize=4096)
def _points_for(
    decides: bool | None,
    interest: bool,
    budget: bool,
    phone: bool,
    answered: bool,
    email: bool,
    company: bool,
    temperature: Temperature,
    qualified: bool,
    came_back: bool,
    held_back: bool,
) -> tuple[int, tuple[tuple[str, int], ...]]:
    rules = (
        ("decides", 20, decides is True),
        ("does not decide", -5, decides is False),
        ("said what is wanted", 20, interest),
        ("named a budget", 10, budget),
        ("reachable phone", 10, phone),
        ("answered before", 10, answered),
        ("e-mail", 5, email),
        ("company", 5, company),
        ("hot", 20, temperature is Temperature.HOT),
        ("warm", 10, temperature is Temperature.WARM),
        ("qualified", 10, qualified),
        ("came back", 15, came_back),
        ("suspicious", -40, held_back),
    )
    reasons = tuple((words, points_) for words, points_, holds in rules if holds)
    return max(0, sum(points_ for _, points_ in reasons)), reasons
