"""How complete a card is, and what is missing, weighted by where the lead stands.

A cold lead needs a person and a number; one about to buy needs who decides, the budget and an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaddesk.workflow.vocabulary import Channel, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.workflow.entities import Client, ClientPerson, ContactPoint, Lead


@dataclass(frozen=True, slots=True)
class Completeness:
    """`percent` 0-100; `missing` names the empty fields, the weightiest first."""

    percent: int
    missing: tuple[str, ...]

    @property
    def words(self) -> str:
        """What to ask for next."""
        return f"missing: {', '.join(self.missing[:3])}" if self.missing else "complete"


def _weigh(parts: Sequence[tuple[str, int, bool]]) -> Completeness:
    whole = sum(weight for _, weight, _ in parts)
    have = sum(weight for _, weight, there in parts if there)
    missing = sorted(((w, n) for n, w, there in parts if not there), key=lambda pair: -pair[0])
    return Completeness(round(100 * have / whole), tuple(name for _, name in missing))


def lead_completeness(lead: Lead, points: Sequence[ContactPoint]) -> Completeness:
    """A lead is a real person with contact data: the name and a phone weigh most."""
    late = lead.status in (Status.QUALIFIED, Status.CONVERTED)
    phone = any(p.channel is Channel.PHONE and p.usable for p in points)
    email = any(p.channel is Channel.EMAIL and p.usable for p in points)
    return _weigh(
        (
            ("name", 20, bool(lead.name)),
            ("phone", 20, phone),
            ("interest", 12, bool(lead.interest)),
            ("company", 10, bool(lead.company)),
            ("e-mail", 10, email),
            ("time zone", 8, not lead.zone_key.endswith("|")),
            ("source", 5, lead.source_id is not None),
            ("role", 5, bool(lead.role)),
            ("who decides", 14 if late else 6, lead.decides is not None),
            ("budget", 12 if late else 4, bool(lead.budget)),
        )
    )


def is_incomplete(lead: Lead, points: Sequence[ContactPoint]) -> bool:
    """“Company and switchboard number” alone is an incomplete lead (PRODUCT, words)."""
    return not lead.name or not any(p.channel is Channel.PHONE and p.usable for p in points)


def client_completeness(client: Client, people: Sequence[ClientPerson], points: Sequence[ContactPoint]) -> Completeness:
    """A client needs what a contract and an invoice need."""
    return _weigh(
        (
            ("legal name", 20, bool(client.legal_name)),
            ("tax number", 20, bool(client.tax_number)),
            ("legal address", 15, bool(client.legal_address)),
            ("contact person", 12, bool(people) or bool(client.name)),
            ("phone or e-mail", 10, any(p.usable for p in points)),
            ("contract", 10, bool(client.contract)),
            ("registration number", 6, bool(client.registration_number)),
            ("postal address", 4, bool(client.postal_address)),
            ("country", 3, bool(client.country)),
        )
    )
