"""A team lead's word on leads that may not be real, and what other cards tell about a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from leaddesk.workflow.bulk import each_lead, leads_in_words
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import ContactPoint, Lead
from leaddesk.workflow.leads import ConfirmLead, Disqualify
from leaddesk.workflow.parking import ManyDone
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work

SPAM = "spam"
"""The reason of a lead that was none, as it stands on its card."""


@dataclass(frozen=True)
class NamesAtNumbers(Question[dict[str, int]]):
    """Under how many different names each of these numbers (as keys) stands, over leads and clients.

    Numbers that nobody has, and switchboards, which stand under any number of names, are left out. Answered by index;
    what many names mean is `suspicion.many_names`. So are those on fewer cards than `cards`.
    """

    keys: tuple[str, ...]
    cards: int = 1


@dataclass(frozen=True, kw_only=True)
class JudgeLeads(Command[ManyDone]):
    """Say of leads that may not be real that they are, or that they are spam; those it does not suit are left out.

    Real ones enter the queue, until a new sign is seen. Spam is no lead: out of every queue, with its open tasks
    dropped; `bar` also remembers its numbers and addresses, so that they are known when they come again.
    """

    lead_ids: tuple[int, ...]
    real: bool
    bar: bool = False
    role: ClassVar[Role] = Role.TEAM_LEAD

    def handle(self, work: Work) -> ManyDone:
        """Raises `Refused` if it suits none of them."""
        done = each_lead(work, self.lead_ids, ConfirmLead if self.real else lambda lead_id: Disqualify(lead_id, SPAM))
        left_out = {lead_id for lead_id, _ in done.left_out}
        judged = [lead_id for lead_id in self.lead_ids if lead_id not in left_out]
        if self.bar and not self.real:
            _bar(work, judged)
        called = work.get(Lead, judged[0]).title if len(judged) == 1 else leads_in_words(done.done)
        work.words = f"Confirmed {called}" if self.real else f"Spam: {called}"
        return done


def _bar(work: Work, lead_ids: list[int]) -> None:
    from leaddesk.workflow.derived import refresh_many
    from leaddesk.workflow.suppressions import suppress_points

    suppress_points(work, work.find(ContactPoint, lead_id=lead_ids), SPAM)
    refresh_many(work, lead_ids)
