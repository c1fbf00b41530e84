"""Each refusal of a lead with its letters, the answers to them, and what became of it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Question
from leaddesk.workflow.vocabulary import Status
from leaddesk.workflow.when import say_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from leaddesk.workflow.entities import Lead, Refusal
    from leaddesk.workflow.letter_entities import Letter, Reply


class Became(StrEnum):
    """What became of a refusal."""

    TAKEN_BACK = "taken_back"
    WAITING = "waiting"
    FOR_GOOD = "for_good"
    IN_WORK = "in_work"
    REFUSED_AGAIN = "refused_again"
    PARKED_AGAIN = "parked_again"
    CONVERTED = "converted"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True, slots=True)
class RefusalStory:
    """A refusal and all that followed. `letters` are in the order written; `words` are in English."""

    refusal: Refusal
    reason: str
    letters: tuple[Letter, ...]
    answers: tuple[Reply, ...]
    became: Became
    words: str


@dataclass(frozen=True)
class RefusalStories(Question[list[RefusalStory]]):
    """The refusals of one lead, newest first. Raises `Refused` if it is not there, or not this user's to see."""

    lead_id: int
    language: str = "en"


def stories_of(
    lead: Lead,
    refusals: Sequence[Refusal],
    letters: Sequence[Letter],
    replies: Sequence[Reply],
    titles: dict[str, str],
    zone: tzinfo,
) -> list[RefusalStory]:
    """Newest first; all rows given are of this lead, by id."""
    stories = []
    later = False
    for refusal in sorted(refusals, key=lambda one: one.id, reverse=True):
        became = what_became(lead, refusal, later=later)
        later = later or became is not Became.TAKEN_BACK
        mine = tuple(letter for letter in letters if letter.refusal_id == refusal.id)
        ids = {letter.id for letter in mine}
        answers = tuple(reply for reply in replies if reply.refusal_id == refusal.id or reply.letter_id in ids)
        words = say_became(became, lead, refusal, zone)
        stories.append(RefusalStory(refusal, titles.get(refusal.reason, refusal.reason), mine, answers, became, words))
    return stories


def what_became(lead: Lead, refusal: Refusal, *, later: bool) -> Became:
    """By the lead as it stands; `later` says that it refused once more since."""
    if refusal.taken_back_at is not None:
        return Became.TAKEN_BACK
    if later:
        return Became.REFUSED_AGAIN
    if lead.status is Status.REFUSED:
        return Became.WAITING if lead.return_at else Became.FOR_GOOD
    return {
        Status.CONVERTED: Became.CONVERTED,
        Status.DEFERRED: Became.PARKED_AGAIN,
        Status.DISQUALIFIED: Became.DISQUALIFIED,
    }.get(lead.status, Became.IN_WORK)


def say_became(became: Became, lead: Lead, refusal: Refusal, zone: tzinfo) -> str:
    """In one line: "came back 3 Mar 2026, became a client 5 Mar 2026"."""

    def day(moment: datetime | None) -> str:
        return f" {say_day(moment.astimezone(zone).date())}" if moment else ""

    back = f"came back{day(refusal.returned_at)}, " if refusal.returned_at else ""
    then = {
        Became.TAKEN_BACK: f"taken back{day(refusal.taken_back_at)}",
        Became.WAITING: f"comes back{day(lead.return_at)}",
        Became.FOR_GOOD: "refused for good",
        Became.IN_WORK: "in work",
        Became.REFUSED_AGAIN: "refused again",
        Became.PARKED_AGAIN: f"parked until{day(lead.return_at)}" if lead.return_at else "parked",
        Became.CONVERTED: f"became a client{day(lead.converted_at)}",
        Became.DISQUALIFIED: "disqualified",
    }[became]
    return then if became is Became.TAKEN_BACK else back + then
