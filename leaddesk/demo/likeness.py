"""What follows from the rest of a lead's row, as `workflow.derived` works it out, for a million alike at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.calling_hours import zone_key
from leaddesk.workflow.derived import derive
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.name_keys import name_key
from leaddesk.workflow.scoring import score_of
from leaddesk.workflow.suspicion import FICTITIOUS, fictitious, rules
from leaddesk.workflow.vocabulary import Channel, Reach
from leaddesk.workflow.zones import candidate_zones

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from leaddesk.workflow.entities import ContactPoint


def derived(
    lead: dict[str, Any], points: Sequence[ContactPoint], suppressed: Collection[str], *, suspicious: bool
) -> dict[str, Any]:
    """The derived fields. Made-up people bear no sign of a joker unless they were made to, so none is looked for.

    Only their numbers may be of those kept for fiction, which is said and holds nobody back.
    """
    if suspicious:
        return derive(Lead(**lead), points, suppressed)
    usable = [p for p in points if p.channel is Channel.PHONE and p.usable]
    open_ones = [p for p in usable if p.key not in suppressed]
    reach = Reach.PHONE if open_ones else Reach.BARRED if usable else Reach.NONE
    values: dict[str, Any] = {
        "reach": reach,
        "zone_key": zone_key_of(lead, points),
        "name_key": name_key(lead["name"], lead["company"]),
    }
    if any(p.channel is Channel.PHONE and fictitious(p.key) for p in points):
        values |= {"suspicion": (FICTITIOUS,), "spam": rules()[FICTITIOUS].weight}
    return {**values, "score": score_of(Lead(**{**lead, **values}), points)[0]}


def zone_key_of(lead: dict[str, Any], points: Sequence[ContactPoint]) -> str:
    """The clocks the person may live by."""
    zones = tuple(p.zones for p in points if p.channel is Channel.PHONE and p.usable and p.zones)
    return _zone_key(lead["country"], lead["region"], lead["city"], zones)


@lru_cache(maxsize=4096)
def _zone_key(country: str, region: str, city: str, zones: tuple[tuple[str, ...], ...]) -> str:
    return zone_key(country, candidate_zones(zones, country or None, region, city, None))
