"""A request: from somebody known it goes onto their card, from anybody else it becomes a lead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from leaddesk.workflow.derived import refresh
from leaddesk.workflow.desk import Command
from leaddesk.workflow.duplicates import Matches, keys_of
from leaddesk.workflow.entities import Client, ContactPoint, Lead
from leaddesk.workflow.intake_merging import CameAgain
from leaddesk.workflow.known_people import client_comes_again, come_again
from leaddesk.workflow.points import new_point

if TYPE_CHECKING:
    from leaddesk.workflow.duplicates import Match
    from leaddesk.workflow.leads import AddLead
    from leaddesk.workflow.ports import Work

REQUEST = "a request"
"""What a request is called that names no source."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a request went: its lead (None where only a client's card has the number), and whether it was known."""

    lead: Lead | None
    client: Client | None
    known: bool
    words: str = ""


@dataclass(frozen=True)
class TakeRequest(Command[Taken]):
    """Take a request in. Whoever has the number or the address already never becomes a second lead."""

    request: AddLead

    def handle(self, work: Work) -> Taken:
        """Raises `Refused` as `AddLead` does."""
        asked = self.request
        region = asked.region or asked.values.get("country") or work.settings.text("phones.region")
        points = [new_point(given, region, at) for at, given in enumerate(asked.points)]
        match = _whose(work, points)
        if match is None:
            return Taken(replace(asked, even_if_known=True).handle(work), None, known=False, words=work.words)
        origin = asked.source.strip() or REQUEST
        told = CameAgain(0, _said(asked, points), asked.source.strip()).note(origin)
        work.words = f"{match.title} came again ({match.why}): on {match.kind} {match.id}"
        if match.kind == "client":
            owned = work.get(Client, match.id)
            client_comes_again(work, owned, told, origin)
            return Taken(None, owned, known=True, words=work.words)
        # Whoever's card it is: its owner is to hear of it.
        lead = work.find(Lead, id=match.id)[0]
        there = work.find(ContactPoint, lead_id=lead.id)
        known = {(point.channel, point.key or point.value) for point in there}
        place = max((point.position for point in there), default=-1) + 1
        fresh = [point for point in points if (point.channel, point.key or point.value) not in known]
        for at, point in enumerate(fresh, start=place):
            work.add(replace(point, lead_id=lead.id, position=at))
        lead = come_again(work, refresh(work, lead) if fresh else lead, told, origin)
        client = work.get(Client, lead.client_id) if lead.client_id else None
        return Taken(lead, client, known=True, words=work.words)


def _whose(work: Work, points: list[ContactPoint]) -> Match | None:
    """The oldest lead with one of these, else a client. A switchboard's number is nobody's."""
    keys = keys_of(points)
    own = [match for match in work.ask(Matches(keys)) if not match.shared] if keys else []
    return min(own, key=lambda match: (match.kind != "lead", match.id), default=None)


def _said(asked: AddLead, points: list[ContactPoint]) -> tuple[tuple[str, str], ...]:
    said = [(name.replace("_", " ").capitalize(), str(value)) for name, value in asked.values.items() if value]
    said += [(point.channel.value.capitalize(), point.raw or point.value) for point in points]
    if asked.note.strip():
        said.append(("Note", asked.note.strip()))
    return tuple(said)
