"""Suppression: numbers and addresses nobody may call or write to, whatever lead they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from leaddesk.workflow.derived import SUPPRESSIBLE, refresh
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import ContactPoint, Lead, Suppression
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Channel, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from leaddesk.workflow.ports import Work


@dataclass(frozen=True)
class Suppressions(Question[list[Suppression]]):
    """All suppressed numbers and addresses, newest first."""

    limit: int = 1000


def key_of(work: Work, value: str) -> tuple[Channel, str]:
    """Channel and key of what somebody typed. Raises `Refused` if it is neither a number nor an address."""
    from leaddesk.workflow.emails import parse_email
    from leaddesk.workflow.phones import parse_phone

    if "@" in value:
        email = parse_email(value)
        if email.key:
            return Channel.EMAIL, email.key
    phone = parse_phone(value, work.settings.text("phones.region") or None)
    if phone.e164:
        return Channel.PHONE, phone.e164
    raise Refused(f"“{value}” is neither a phone number (with its +country code) nor an e-mail address.", field="value")


def suppress_points(work: Work, points: Sequence[ContactPoint], why: str) -> None:
    """Suppress these numbers and addresses; the ones suppressed already stay as they are.

    Other leads that have them follow at once; the caller refreshes the points' own lead, which it holds.
    """
    own = {p.lead_id for p in points if p.lead_id}
    for channel in SUPPRESSIBLE:
        keys = {p.key or p.value for p in points if p.channel is channel}
        known = {s.key for s in work.find(Suppression, channel=channel, key=sorted(keys))} if keys else set()
        for key in sorted(keys - known):
            work.add(Suppression(channel=channel, key=key, why=why, user_id=work.user.id, at=work.now))
            refresh_holders(work, channel, key, but=own)


def refresh_holders(work: Work, channel: Channel, key: str, but: Collection[int] = ()) -> int:
    """Bring every lead with this number or address up to date; gives how many there were."""
    ids = {p.lead_id for p in work.find(ContactPoint, channel=channel, key=key) if p.lead_id} - set(but)
    for lead in work.find(Lead, id=sorted(ids)) if ids else ():
        refresh(work, lead)
    return len(ids)


@dataclass(frozen=True)
class Suppress(Command[Suppression]):
    """Never call this number, or never write to this address, again. Asking twice changes nothing."""

    value: str
    why: str = ""

    def handle(self, work: Work) -> Suppression:
        """Raises `Refused` if it is neither a number nor an address."""
        channel, key = key_of(work, self.value)
        known = work.find(Suppression, channel=channel, key=key)
        if known:
            work.words = f"{key} is suppressed already"
            return known[0]
        row = work.add(Suppression(channel=channel, key=key, why=self.why, user_id=work.user.id, at=work.now))
        refresh_holders(work, channel, key)
        work.words = f"Suppressed {key}"
        return row


@dataclass(frozen=True)
class Unsuppress(Command[Suppression]):
    """Allow a number or address again; a team lead's decision."""

    value: str
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> Suppression:
        """Raises `Refused` if it is not suppressed."""
        channel, key = key_of(work, self.value)
        known = work.find(Suppression, channel=channel, key=key)
        if not known:
            raise Refused(f"{key} is not suppressed.", field="value")
        work.remove(known[0])
        refresh_holders(work, channel, key)
        work.words = f"No longer suppressed: {key}"
        return known[0]
