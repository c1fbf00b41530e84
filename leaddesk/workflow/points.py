"""Phones, addresses and messengers on a card: adding, correcting, marking, removing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from leaddesk.workflow.derived import refresh
from leaddesk.workflow.desk import Command
from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.entities import Client, ContactPoint, Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.phones import parse_phone
from leaddesk.workflow.vocabulary import Channel, PointState

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work


@dataclass(frozen=True, slots=True)
class PointInput:
    """A number or address as somebody gave it."""

    channel: Channel
    text: str
    label: str = ""


def new_point(given: PointInput, region: str | None, position: int = 0) -> ContactPoint:
    """Read a number or address into a row that belongs to nobody yet.

    What cannot be read is kept as typed and marked invalid: no data is ever dropped.
    """
    raw = given.text.strip()
    if given.channel is Channel.PHONE:
        phone = parse_phone(raw, region or None)
        return ContactPoint(
            channel=Channel.PHONE,
            value=phone.display if phone.e164 else raw,
            key=phone.e164 or "",
            raw=raw,
            label=given.label,
            state=PointState.UNKNOWN if phone.valid else PointState.INVALID,
            position=position,
            line_type=phone.line_type,
            zones=phone.zones,
        )
    if given.channel is Channel.EMAIL:
        email = parse_email(raw)
        return ContactPoint(
            channel=Channel.EMAIL,
            value=email.address or raw,
            key=email.key,
            raw=raw,
            label=given.label,
            state=PointState.UNKNOWN if email.valid else PointState.INVALID,
            position=position,
        )
    return ContactPoint(
        channel=given.channel, value=raw, key=raw.casefold(), raw=raw, label=given.label, position=position
    )


def _region(work: Work, lead: Lead | None) -> str:
    return (lead.country if lead else "") or work.settings.text("phones.region")


def put_point(work: Work, lead: Lead, given: PointInput) -> None:
    """Have this number or address on the card: the first of its channel is corrected, a new one added.

    Raises `Refused` if it is empty.
    """
    if not given.text.strip():
        raise Refused("Write the number or address first.", field=given.channel)
    there = [p for p in work.find(ContactPoint, lead_id=lead.id) if p.channel is given.channel]
    read = new_point(given, _region(work, lead), max((p.position for p in there), default=-1) + 1)
    if any((p.key, p.value) == (read.key, read.value) for p in there):
        return
    if there:
        work.change(there[0], **{n: getattr(read, n) for n in ("value", "key", "raw", "state", "line_type", "zones")})
    else:
        work.add(replace(read, lead_id=lead.id))


@dataclass(frozen=True)
class AddPoint(Command[ContactPoint]):
    """One more phone, address or messenger on a lead's or a client's card."""

    given: PointInput
    lead_id: int | None = None
    client_id: int | None = None

    def handle(self, work: Work) -> ContactPoint:
        """Raises `Refused` if it is empty or on the card already."""
        if not self.given.text.strip():
            raise Refused("Write the number or address first.", field="text")
        lead = work.get(Lead, self.lead_id) if self.lead_id else None
        client = work.get(Client, self.client_id) if self.client_id else None
        if lead is None and client is None:
            raise Refused("A number or address belongs to a lead or a client. Name one.", field="lead_id")
        there = work.find(ContactPoint, lead_id=self.lead_id, client_id=self.client_id)
        point = new_point(self.given, _region(work, lead), max((p.position for p in there), default=-1) + 1)
        if any(p.channel is point.channel and p.key == point.key and p.value == point.value for p in there):
            raise Refused(f"{point.value} is on the card already.", field="text")
        added = work.add(replace(point, lead_id=self.lead_id, client_id=self.client_id))
        card = lead or client
        work.words = f"{point.value} added to {card.title if card else 'the card'}"
        if lead:
            refresh(work, lead)
        return added


@dataclass(frozen=True, kw_only=True)
class EditPoint(Command[ContactPoint]):
    """Correct a number or address, mark what is known of it, or make it the preferred one. None: as it was."""

    point_id: int
    text: str | None = None
    label: str | None = None
    state: PointState | None = None
    preferred: bool | None = None

    def handle(self, work: Work) -> ContactPoint:
        """Raises `Refused` if it is gone, or empty."""
        point = work.get(ContactPoint, self.point_id)
        lead = work.get(Lead, point.lead_id) if point.lead_id else None
        values: dict[str, object] = {}
        if self.text is not None:
            if not self.text.strip():
                raise Refused("The number is empty. Write it, or remove it.", field="text")
            read = new_point(PointInput(point.channel, self.text), _region(work, lead))
            values = {n: getattr(read, n) for n in ("value", "key", "raw", "state", "line_type", "zones")}
        given = {"label": self.label, "state": self.state, "preferred": self.preferred}
        values |= {name: value for name, value in given.items() if value is not None}
        if self.preferred:
            card = {"lead_id": point.lead_id, "client_id": point.client_id}
            for other in work.find(ContactPoint, **card, channel=point.channel, preferred=True):
                if other.id != point.id:
                    work.change(other, preferred=False)
        changed = work.change(point, **values)
        work.words = f"{changed.value}: {changed.state.words}" if self.state else f"Edited {changed.value}"
        if lead:
            refresh(work, lead)
        return changed


@dataclass(frozen=True)
class RemovePoint(Command[None]):
    """Take a number or address off the card; calls made to it stay in the history."""

    point_id: int

    def handle(self, work: Work) -> None:
        """Raises `Refused` if it is gone, or calls were made to it: then mark it invalid instead."""
        from leaddesk.workflow.entities import Call

        point = work.get(ContactPoint, self.point_id)
        if work.find(Call, lead_id=point.lead_id, client_id=point.client_id, contact_id=point.id):
            raise Refused(f"{point.value} has been called; mark it invalid instead of removing it.", field="text")
        work.remove(point)
        work.words = f"Removed {point.value}"
        if point.lead_id:
            refresh(work, work.get(Lead, point.lead_id))
