"""Holiday greetings: proposed to whoever looks, written when somebody says so, and never by themselves.

Greeted are parked leads that allowed it when they refused, or of whom somebody has said so since. Nothing in the program
writes or queues a greeting but `WriteGreetings` (and a person who writes a single letter by hand).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead, Refusal, Setting
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.festive import Occasion, occasion_of
from leaddesk.workflow.letters import LetterDraft, new_letter
from leaddesk.workflow.outbox import can_send, queued
from leaddesk.workflow.parking import ManyDone
from leaddesk.workflow.vocabulary import PARKED_STATUSES, LetterState

if TYPE_CHECKING:
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.ports import Work

TEMPLATE = "greeting"
PEACE = timedelta(days=60)
"""Nobody gets two greetings within this time, whatever the holidays."""
DECLINED = "greetings.declined"
"""What a person said "not this time" to is kept among the settings, by person and occasion: it is no setting."""


@dataclass(frozen=True, slots=True)
class GreetingDue:
    """Somebody who could be greeted. `occasion` is its key, `holiday` its name in the language of the letter."""

    lead_id: int
    title: str
    country: str
    occasion: str
    day: date
    holiday: str
    language: str
    to_address: str


@dataclass(frozen=True)
class GreetingsDue(Question[list[GreetingDue]]):
    """Parked leads that may be greeted within `letters.greet_days`, by occasion; only these where some are named.

    Each once, for the nearest holiday of its country for which it was neither greeted nor left out. Nobody who wants
    no mail, has no address that may be written to, or was greeted within `PEACE`.
    """

    lead_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Declined(Question[frozenset[int]]):
    """Leads that are not to be greeted for an occasion."""

    occasion: str


@dataclass(frozen=True, slots=True)
class Greeted:
    """What was written, and who was left out with the reason."""

    letters: tuple[Letter, ...]
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class WriteGreetings(Command[Greeted]):
    """Write a greeting to each of these leads: into the outbox, or as drafts where no mail server is set.

    Asked anew whether each may be greeted for this occasion, so that two windows at once write one letter. `but_not`
    are leads that were looked at and left out: they are declined, in the same step.
    """

    lead_ids: tuple[int, ...]
    occasion: str
    send: bool = True
    but_not: tuple[int, ...] = ()

    def handle(self, work: Work) -> Greeted:
        """Raises `Refused` with the first reason if none of them can be greeted."""
        occasion = known_occasion(self.occasion)
        leads = [work.get(Lead, lead_id) for lead_id in sorted(self.lead_ids)]
        due = {one.lead_id: one for one in work.ask(GreetingsDue(self.lead_ids))} if leads else {}
        sends = self.send and can_send(work.settings)
        letters: list[Letter] = []
        left_out: list[tuple[int, str]] = []
        for lead in leads:
            one = due.get(lead.id)
            if one is None or one.occasion != self.occasion:
                left_out.append((lead.id, f"{lead.title}: {_why_not(lead)}"))
                continue
            try:
                letters.append(_write(work, lead, one, sends=sends))
            except Refused as refused:
                left_out.append((lead.id, f"{lead.title}: {refused.words}"))
        if not letters:
            raise Refused(left_out[0][1] if left_out else "Nobody was chosen to be greeted.", field="lead_ids")
        if self.but_not:
            _decline(work, self.but_not, self.occasion)
        count = "1 greeting" if len(letters) == 1 else f"{len(letters):,} greetings"
        work.words = f"{count} for {occasion.name} {'put into the outbox' if sends else 'written as drafts'}"
        return Greeted(tuple(letters), tuple(left_out))


def known_occasion(key: str) -> Occasion:
    """The occasion of a key. Raises `Refused` for words that are none."""
    try:
        return occasion_of(key)
    except ValueError:
        raise Refused(f"“{key}” is no holiday. They look like “2026-12-25 Christmas Day”.", field="occasion") from None


def _write(work: Work, lead: Lead, due: GreetingDue, *, sends: bool) -> Letter:
    drafted = work.ask(LetterDraft(lead.id, template=TEMPLATE, language=due.language, holiday=due.holiday))
    if not drafted.to_address:
        raise Refused(drafted.why_not, field="to")
    letter = replace(new_letter(work, lead, drafted), occasion=due.occasion)
    return work.add(replace(letter, **queued(work, letter)) if sends else letter)


def _why_not(lead: Lead) -> str:
    if lead.status not in PARKED_STATUSES:
        return f"it is {lead.status.words}, not parked"
    if lead.no_mail:
        return "they asked not to be written to"
    if not lead.greet:
        return "they did not ask for greetings"
    return "greeted already, or there is no address or no holiday"


@dataclass(frozen=True, kw_only=True)
class DeclineGreetings(Command[int]):
    """Not this time: these leads are not proposed for this occasion again."""

    lead_ids: tuple[int, ...]
    occasion: str

    def handle(self, work: Work) -> int:
        """Raises `Refused` for an occasion there is not, or leads that are not this user's."""
        occasion = known_occasion(self.occasion)
        _decline(work, self.lead_ids, self.occasion)
        count = "1 lead" if len(self.lead_ids) == 1 else f"{len(self.lead_ids):,} leads"
        work.words = f"No greeting for {occasion.name}: {count}"
        return len(self.lead_ids)


def _decline(work: Work, lead_ids: tuple[int, ...], occasion: str) -> None:
    for lead_id in sorted(lead_ids):
        work.get(Lead, lead_id)
    key = f"{DECLINED}.{work.user.id}.{occasion}"
    kept = work.find(Setting, key=key)
    ids = json.dumps(sorted({*lead_ids, *(json.loads(kept[0].value) if kept else ())}))
    if kept:
        work.change(kept[0], value=ids)
    else:
        work.add(Setting(key=key, value=ids))


@dataclass(frozen=True, kw_only=True)
class AllowGreetings(Command[ManyDone]):
    """These leads may be greeted on holidays, or no longer. Letters already queued are stopped when they are to leave."""

    lead_ids: tuple[int, ...]
    allow: bool = True

    def handle(self, work: Work) -> ManyDone:
        """Raises `Refused` with the first reason if it can be said of none of them."""
        done: list[int] = []
        left_out: list[tuple[int, str]] = []
        for lead_id in sorted(self.lead_ids):
            try:
                lead = work.get(Lead, lead_id)
                if self.allow:
                    _refuse_if_barred(work, lead)
            except Refused as refused:
                left_out.append((lead_id, refused.words))
            else:
                done.append(lead_id)
        if not done:
            raise Refused(left_out[0][1] if left_out else "No leads were chosen.", field="lead_ids")
        work.change_many(Lead, done, greet=self.allow)
        count = "1 lead" if len(done) == 1 else f"{len(done):,} leads"
        work.words = f"{'Holiday greetings' if self.allow else 'No holiday greetings'} for {count}"
        return ManyDone(len(done), tuple(left_out))


def _refuse_if_barred(work: Work, lead: Lead) -> None:
    if lead.no_mail:
        raise Refused(f"{lead.title} asked not to be written to.", field="lead_ids")
    refusals = work.find(Refusal, lead_id=lead.id, taken_back_at=None)
    if refusals and refusals[-1].suppressed:
        raise Refused(f"{lead.title} asked to be left alone.", field="lead_ids")


GREETED_BY = frozenset(LetterState) - {LetterState.WITHDRAWN}
"""A greeting taken out of the outbox before it left does not count against the next holiday, only against its own."""
