"""Opening a card with a long history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.benching import limits
from leaddesk.benching.action import Action, Measured, taking_turns
from leaddesk.benching.budgets import Kind
from leaddesk.workflow.cards import CardMatches, LeadCard

if TYPE_CHECKING:
    from leaddesk.benching.action import Round
    from leaddesk.benching.driver import Bare
    from leaddesk.benching.ground import Ground

CARDS = 100
CALLS, NOTES, TASKS = 120, 50, 30
"""What a long history is made of: 200 events."""
DAY_MS = 86_400_000


def _open_card(ground: Ground) -> Round | None:
    leads = ground.some_leads(CARDS, "id NOT IN (SELECT id FROM redirect)")
    if not leads:
        return None
    lengthen(ground.bare, leads, ground.desk.user.id, ground.now_ms)
    return taking_turns(
        "open_card",
        lambda number: ground.desk.read(LeadCard(leads[number % len(leads)], matches=False)),
        lambda number: limits.card(ground.bare, leads[number % len(leads)], ground.desk.user.id),
        lambda card, parts: (
            (len(card.points), len(card.tasks), len(card.notes), card.lead.name)
            == (len(parts["points"]), len(parts["tasks"]), len(parts["notes"]), parts["lead"][0][1])
        ),
    )


def lengthen(bare: Bare, leads: list[int], user_id: int, now_ms: int) -> None:
    """Give these leads a long history: calls to nobody, notes, tasks done."""
    calls, notes, tasks = [], [], []
    for lead_id in leads:
        calls += [(lead_id, user_id, now_ms - n * DAY_MS, "no_answer", "+380577054121", n) for n in range(1, CALLS + 1)]
        notes += [
            (lead_id, user_id, now_ms - n * DAY_MS, f"Said on day {n} that they think about it") for n in range(NOTES)
        ]
        tasks += [
            (lead_id, user_id, "offer", f"Offer {n}", now_ms - n * DAY_MS, now_ms - n * DAY_MS) for n in range(TASKS)
        ]
    bare.begin(writing=True)
    bare.many(
        "INSERT INTO call (lead_id, user_id, started_at, outcome, phone, attempt) VALUES (?, ?, ?, ?, ?, ?)", calls
    )
    bare.many("INSERT INTO note (lead_id, user_id, at, text) VALUES (?, ?, ?, ?)", notes)
    bare.many("INSERT INTO task (lead_id, owner_id, kind, title, due_at, done_at) VALUES (?, ?, ?, ?, ?, ?)", tasks)
    bare.commit()


def _matches(ground: Ground) -> Round | None:
    """Looked for once the card is shown."""
    leads = ground.some_leads(CARDS * 4, "id NOT IN (SELECT id FROM redirect)")
    if not leads:
        return None
    return taking_turns(
        "card_matches",
        lambda number: ground.desk.read(CardMatches(leads[number % len(leads)])),
        lambda number: limits.card_matches(ground.bare, leads[number % len(leads)]),
    )


ACTIONS = (
    Action((Measured("open_card", "Open a card with 200 events", Kind.INTERACTIVE),), _open_card),
    Action((Measured("card_matches", "Who else may be the person on a card", Kind.INTERACTIVE),), _matches),
)
