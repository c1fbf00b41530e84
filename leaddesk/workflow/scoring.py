"""Points from rules people can read: who they are, what they said, what we can reach them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.workflow.vocabulary import Channel, Status, Temperature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.workflow.entities import ContactPoint, Lead


def score_of(lead: Lead, points: Sequence[ContactPoint]) -> tuple[int, list[tuple[str, int]]]:
    """Points in all, never under 0, and the (reason, points) they come from."""
    phones = [p for p in points if p.channel is Channel.PHONE and p.usable]
    rules = (
        ("decides", 20, lead.decides is True),
        ("does not decide", -5, lead.decides is False),
        ("said what is wanted", 20, bool(lead.interest)),
        ("named a budget", 10, bool(lead.budget)),
        ("reachable phone", 10, bool(phones)),
        ("answered before", 10, any(p.answered for p in points)),
        ("e-mail", 5, any(p.channel is Channel.EMAIL and p.usable for p in points)),
        ("company", 5, bool(lead.company)),
        ("hot", 20, lead.temperature is Temperature.HOT),
        ("warm", 10, lead.temperature is Temperature.WARM),
        ("qualified", 10, lead.status is Status.QUALIFIED),
        ("came back", 15, lead.came_back_at is not None),
        ("suspicious", -40, lead.held_back),
    )
    reasons = [(words, points_) for words, points_, holds in rules if holds]
    return max(0, sum(points_ for _, points_ in reasons)), reasons
