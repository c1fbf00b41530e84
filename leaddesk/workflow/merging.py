"""Two cards that are one person made one card: side by side, field by field, nothing lost, one undo.

The card that goes leads to the kept one for ever (`Redirect`): its number on a note, in a file, in somebody's open
window still finds the person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.merging_doing import Group, cards_of, merge
from leaddesk.workflow.merging_fields import checked_choices
from leaddesk.workflow.merging_groups import groups_of
from leaddesk.workflow.merging_plan import why_not

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.workflow.merging_plan import Card
    from leaddesk.workflow.ports import Work

AT_ONCE = 2_000
"""Cards read together: drivers take some 30,000 values in one statement."""


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One field side by side. `taken` is keep, lose or "" (typed); `value` what the merged card will say.

    `choosable` fields may be given in `MergeCards.fields`; the others follow by rules.
    """

    field: str
    words: str
    keep_value: str
    lose_value: str
    taken: str
    value: str
    clash: bool
    choosable: bool = True


@dataclass(frozen=True, slots=True)
class MergeView:
    """What a merge would do. `moves` counts by kind in words what goes over; `aside` is what becomes extra fields.

    `better` is the card the program would keep; `refused` says why these two may not be merged at all, "" if they may.
    """

    keep: Lead
    lose: Lead
    rows: tuple[MergeRow, ...]
    moves: Mapping[str, int]
    aside: Mapping[str, str]
    warnings: tuple[str, ...]
    better: int
    refused: str = ""


@dataclass(frozen=True)
class MergePreview(Question[MergeView]):
    """Two cards side by side, with what would be taken. Raises `Refused` for a wrong choice or a card not to be seen."""

    keep: int
    lose: int
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge: the kept lead as it is now, the card that is no more, and what moved."""

    lead: Lead
    lose: int
    moved: int
    same_points: int


@dataclass(frozen=True)
class MergeCards(Command[Merged]):
    """Make one card of two. Both must be this user's to see.

    `fields` says of a field whose value stands: "keep", "lose", or the value itself; of the others the kept card's
    stands unless it is empty. Values that do not stand become extra fields of the merged card.
    """

    keep: int
    lose: int
    fields: dict[str, str] = field(default_factory=dict)

    def handle(self, work: Work) -> Merged:
        """Raises `Refused` for a card that is not there or not theirs, one and the same, or two different clients."""
        choices = checked_choices(self.fields)
        leads = {lead_id: work.get(Lead, lead_id) for lead_id in sorted((self.keep, self.lose))}
        keep, lose = leads[self.keep], leads[self.lose]
        no = why_not(keep, lose)
        if no:
            raise Refused(no, field="lose")
        done = merge(work, [Group(keep.id, (lose.id,))], cards_of(work, [keep, lose]), choices)[0]
        work.words = f"Merged {lose.title} (card {lose.id}) into {keep.title}"
        return Merged(work.find(Lead, id=keep.id)[0], lose.id, done.moved, done.same_points)


@dataclass(frozen=True, slots=True)
class MergedMany:
    """What came of a bulk merge: each kept card with those merged into it, and the pairs left out, with why."""

    groups: tuple[tuple[int, tuple[int, ...]], ...]
    left_out: tuple[tuple[int, int, str], ...] = ()

    @property
    def gone(self) -> int:
        """How many cards are no more."""
        return sum(len(lose) for _, lose in self.groups)


@dataclass(frozen=True)
class MergeMany(Command[MergedMany]):
    """Merge many pairs at once, such as all certain ones: one operation, one undo.

    Pairs that hang together become one card; kept is the client's, then the one with most history, then the older.
    Left out and named are pairs somebody called two people, pairs that would join two clients, and those with a card
    that is gone or not this user's to see.
    """

    pairs: tuple[tuple[int, int], ...]

    def handle(self, work: Work) -> MergedMany:
        """Raises `Refused` with the first reason if none of the pairs may be merged."""
        leads, wrong = self._leads(work)
        left_out = [(a, b, wrong.get(a) or wrong[b]) for a, b in self.pairs if a in wrong or b in wrong]
        pairs = [(leads[a].id, leads[b].id) for a, b in self.pairs if a in leads and b in leads]
        by_id = {lead.id: lead for lead in leads.values()}
        together, apart = groups_of(work, pairs, by_id)
        left_out += apart
        if not together:
            raise Refused(left_out[0][2] if left_out else "There is nothing to merge.", field="pairs")
        done: list[tuple[int, tuple[int, ...]]] = []
        some: list[list[int]] = []
        for ids in [*together, []]:
            if some and (not ids or sum(map(len, some)) + len(ids) > AT_ONCE):
                done += self._merge(work, some, by_id)
                some = []
            some.append(ids)
        gone = sum(len(lose) for _, lose in done)
        work.words = f"Merged {gone:,} card{'s' if gone != 1 else ''} into {len(done):,}"
        return MergedMany(tuple(done), tuple(left_out))

    def _leads(self, work: Work) -> tuple[dict[int, Lead], dict[int, str]]:
        leads: dict[int, Lead] = {}
        wrong: dict[int, str] = {}
        for lead_id in sorted({lead_id for pair in self.pairs for lead_id in pair}):
            try:
                leads[lead_id] = work.get(Lead, lead_id)
            except Refused as refused:
                wrong[lead_id] = refused.words
        return leads, wrong

    def _merge(
        self, work: Work, together: list[list[int]], leads: Mapping[int, Lead]
    ) -> list[tuple[int, tuple[int, ...]]]:
        cards = cards_of(work, [leads[i] for ids in together for i in ids])
        groups = []
        for ids in together:
            keep, *lose = sorted(ids, key=lambda i: rank(cards[i]))
            groups.append(Group(keep, tuple(lose)))
        merge(work, groups, cards)
        return [(group.keep, group.lose) for group in groups]


def rank(card: Card) -> tuple[bool, int, bool, float, int]:
    """The first by this of two cards is kept: the client's, then the one with most history, then the older."""
    lead = card.lead
    made = lead.created_at
    return lead.client_id is None, -card.history, made is None, made.timestamp() if made else 0.0, lead.id
