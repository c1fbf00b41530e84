"""The same deed on many leads at once, as one step that can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.derived import refresh_many
from leaddesk.workflow.desk import Command
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import Disqualify, checked
from leaddesk.workflow.parking import ManyDone, bring_back_many
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.workflow.ports import Work

REFRESHED_AT_MOST = 500
"""Up to so many leads the score follows at once; past it each score follows when its card is next touched."""

WHEN_TO_CALL = frozenset({"country", "no_call"})
"""Fields by which it is decided whether and when somebody may be called: what follows from them never waits."""

MANY_MAY = ("temperature", "source_id", "industry", "interest", "country", "language", "no_call", "no_mail", "tags")
"""Fields it makes sense to give many leads the same value of."""


@dataclass(frozen=True, kw_only=True)
class EditLeads(Command[int]):
    """Give many leads the same values: set-based, one undoable step. Gives how many leads there were."""

    lead_ids: tuple[int, ...]
    values: dict[str, Any]

    def handle(self, work: Work) -> int:
        """Raises `Refused` naming the field that does not fit, or for leads that are not this user's."""
        if not self.values:
            raise Refused("Say what to change.", field="values")
        alone = set(self.values) - set(MANY_MAY)
        if alone:
            raise Refused(f"{min(alone)} is each lead’s own. Change it on the card.", field=min(alone))
        values = checked(self.values)
        if work.user.role is Role.OPERATOR:
            for lead_id in self.lead_ids:
                work.get(Lead, lead_id)
        count = work.change_many(Lead, self.lead_ids, **values)
        if not count:
            raise Refused("None of these leads exists any more.", field="lead_ids")
        if len(self.lead_ids) <= REFRESHED_AT_MOST or WHEN_TO_CALL & set(values):
            refresh_many(work, self.lead_ids)
        said = ", ".join(
            f"{name.replace('_id', '').replace('_', ' ')} {_said(value)}" for name, value in values.items()
        )
        work.words = f"{leads_in_words(count)}: {said}"
        return count


@dataclass(frozen=True, kw_only=True)
class DisqualifyLeads(Command[ManyDone]):
    """Say of many leads at once that they are none; those that may not be are left out and named."""

    lead_ids: tuple[int, ...]
    why: str

    def handle(self, work: Work) -> ManyDone:
        """Raises `Refused` without a reason, or if none of them may be disqualified."""
        done = each_lead(work, self.lead_ids, lambda lead_id: Disqualify(lead_id, self.why))
        work.words = f"Disqualified {leads_in_words(done.done)}: {self.why.strip()}"
        return done


@dataclass(frozen=True, kw_only=True)
class BringBackLeads(Command[ManyDone]):
    """Take many parked, refused or disqualified leads back into work; those in work already are left out."""

    lead_ids: tuple[int, ...]

    def handle(self, work: Work) -> ManyDone:
        """Raises `Refused` if none of them is away."""
        done = bring_back_many(work, self.lead_ids)
        work.words = f"Brought back {leads_in_words(done.done)}"
        return done


def leads_in_words(count: int) -> str:
    """The count as people say it."""
    return "1 lead" if count == 1 else f"{count:,} leads"


def each_lead(work: Work, lead_ids: tuple[int, ...], command: Callable[[int], Command[Lead]]) -> ManyDone:
    """Do a command on each lead. Raises `Refused` with the first reason if it suits none of them."""
    done, left_out = 0, []
    for lead_id in lead_ids:
        try:
            command(lead_id).handle(work)
        except Refused as refused:
            left_out.append((lead_id, refused.words))
        else:
            done += 1
    if not done:
        raise Refused(left_out[0][1] if left_out else "No leads were chosen.", field="lead_ids")
    return ManyDone(done, tuple(left_out))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
