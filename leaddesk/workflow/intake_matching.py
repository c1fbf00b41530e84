"""Is the person of a row known? By number, address, or the id of the program the file comes from.

The same decisions are taken for a dry run and for the real one: what differs is only who answers the questions and
whether anything is written afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.derived import SuppressedKeys
from leaddesk.workflow.desk import Question
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra
from leaddesk.workflow.intake import OnDuplicate, Verdict
from leaddesk.workflow.intake_merging import CameAgain, merge, news_of, said_by
from leaddesk.workflow.intake_rows import Draft
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leaddesk.workflow.entities import ImportBatch
    from leaddesk.workflow.intake_people import People
    from leaddesk.workflow.intake_rows import Key

Ask = Callable[[Question[Any]], Any]

ADDING = (OnDuplicate.AGAIN, OnDuplicate.UPDATE)
"""What puts a row onto the card of a person known."""


@dataclass(frozen=True, slots=True)
class Known:
    """A card that shares something with rows of a file. `kind` is lead, client, or row (of this very chunk).

    `batch` is the import a lead came by; `notes` are a client's.
    """

    kind: str
    id: int
    title: str
    about: str
    keys: frozenset[Key]
    external: tuple[str, str] | None = None
    same: tuple[object, ...] | None = None
    draft: Draft | None = None
    batch: int = 0
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The card as a person would look for it."""
        about = f" ({self.about})" if self.about else ""
        return f"{self.kind} {self.id}{', ' if self.title else ''}{self.title}{about}"


@dataclass(frozen=True)
class KnownCards(Question[list[Known]]):
    """Leads and clients with any of these numbers, addresses, or (leads only) external ids; each with all its keys.

    `names` are of people with none of these; leads of such a name come with all their row said.
    """

    keys: tuple[tuple[Channel, str], ...]
    external: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredLead:
    """A lead with all that a file could add to."""

    lead: Lead
    points: tuple[ContactPoint, ...]
    extra: LeadExtra
    notes: tuple[str, ...]


@dataclass(frozen=True)
class StoredLeads(Question[list[StoredLead]]):
    """These leads, whole."""

    ids: tuple[int, ...]


@dataclass(slots=True)
class Update:
    """What a file adds to a lead that is stored; `again` is what rows said by which the person came again."""

    stored: StoredLead
    draft: Draft
    touched: bool = False
    again: list[CameAgain] = field(default_factory=list)


@dataclass(slots=True)
class Decision:
    """What becomes of a row."""

    draft: Draft
    verdict: Verdict
    why: str = ""


@dataclass(slots=True)
class Chunk:
    """What is to be written for some rows; `row` (the batch's) and `people` are known once it is."""

    decisions: list[Decision] = field(default_factory=list)
    created: list[Draft] = field(default_factory=list)
    updates: dict[int, Update] = field(default_factory=dict)
    clients: dict[int, list[CameAgain]] = field(default_factory=dict)
    suppress: dict[Key, str] = field(default_factory=dict)
    row: ImportBatch | None = None
    people: People | None = None


@dataclass
class Matcher:
    """Decides chunk by chunk. With `remember` it keeps what it saw, as nothing is stored between the chunks."""

    mode: OnDuplicate
    field_headers: dict[str, str]
    remember: bool = False
    requests: bool = False
    _rows: dict[tuple[object, ...], Known] = field(default_factory=dict)
    _updates: dict[int, Update] = field(default_factory=dict)
    _barred: set[str] = field(default_factory=set)

    def decide(self, ask: Ask, drafts: Sequence[Draft], batch_id: int = 0) -> Chunk:
        """Decide on every row and bring its derived fields up to date. `batch_id` is what the file came in by so far."""
        if not self.remember:
            self._rows, self._updates = {}, {}
        chunk = Chunk(updates=self._updates)
        good = [draft for draft in drafts if not draft.bad]
        keys = tuple(dict.fromkeys(key for draft in good for key in draft.keys))
        external = tuple(dict.fromkeys(draft.external for draft in good if draft.external))
        told = (d.lead.name or d.lead.company for d in good if not d.keys and not d.external)
        names = tuple(name for name in dict.fromkeys(told) if name)
        known = _by_key(ask(KnownCards(keys, external, names)))
        if self.mode in ADDING:
            wanted = {card.id for card in known.values() if card.kind == "lead"} - set(self._updates)
            for stored in ask(StoredLeads(tuple(sorted(wanted)))) if wanted else ():
                self._updates[stored.lead.id] = Update(stored, _as_draft(stored))
        for draft in drafts:
            chunk.decisions.append(self._decide(draft, known, chunk, batch_id))
        self._bar(ask, chunk)
        return chunk

    def _decide(self, draft: Draft, known: dict[Any, Known], chunk: Chunk, batch_id: int) -> Decision:
        if draft.bad:
            return Decision(draft, Verdict.BAD, draft.bad)
        found = self._find(draft, known)
        if found is None:
            return self._create(draft, chunk, "")
        card, why = found
        if self.mode is OnDuplicate.CREATE:
            return self._create(draft, chunk, f"created all the same; {why} is on {card.words}")
        why = f"{why} is on {card.words}"
        if self.mode is OnDuplicate.SKIP:
            return Decision(draft, Verdict.DUPLICATE, why)
        if card.kind == "client":
            return self._onto_client(draft, card, chunk, why)
        update = self._updates[card.id] if card.kind == "lead" else None
        target = update.draft if update else card.draft
        if target is None:
            return Decision(draft, Verdict.SKIP, why)
        this_file = update is None or bool(batch_id and card.batch == batch_id)
        came = self.mode is OnDuplicate.AGAIN and not this_file
        news = news_of(target, draft, self.field_headers)
        if not (news or (came and self.requests)):
            return Decision(draft, Verdict.SKIP, f"{why}; nothing new in this row")
        merge(target, draft, self.field_headers, note=not came)
        if update:
            update.touched = True
            if came:
                update.again.append(CameAgain(draft.number, tuple(news.items()), draft.source))
        else:
            target.settle()
        self._remember(replace(card, keys=card.keys | set(draft.keys)), draft.keys)
        return Decision(draft, Verdict.AGAIN if came else Verdict.UPDATE, why)

    def _onto_client(self, draft: Draft, card: Known, chunk: Chunk, why: str) -> Decision:
        """A client's card is not changed by a file; its owner hears that they came again."""
        if self.mode is not OnDuplicate.AGAIN:
            return Decision(draft, Verdict.SKIP, f"{why}; a client’s card is not changed by a file")
        said = tuple(said_by(draft, self.field_headers).items())
        lines = [f"{header}: {text}" for header, text in said]
        if not self.requests and lines and all(any(line in note for note in card.notes) for line in lines):
            return Decision(draft, Verdict.SKIP, f"{why}; nothing new in this row")
        chunk.clients.setdefault(card.id, []).append(CameAgain(draft.number, said, draft.source))
        return Decision(draft, Verdict.AGAIN, why)

    def _create(self, draft: Draft, chunk: Chunk, why: str) -> Decision:
        chunk.created.append(draft)
        keys = draft.keys
        merging = draft if self.mode in ADDING else None
        card = Known("row", draft.number, draft.title, "", frozenset(keys), draft.external, draft.same, merging)
        self._remember(card, [*keys, *(told for told in (draft.external, draft.same) if told)])
        return Decision(draft, Verdict.CREATE, why)

    def _remember(self, card: Known, keys: Iterable[tuple[object, ...]]) -> None:
        for key in keys:
            self._rows.setdefault(key, card)

    def _find(self, draft: Draft, known: dict[Any, Known]) -> tuple[Known, str] | None:
        """The card of this row's person and what they share: a number or an address, or else the foreign id.

        The same id with other numbers and addresses is another program's, and another person.
        """
        keys = draft.keys
        for key in keys:
            card = known.get(key) or self._rows.get(key)
            if card:
                return card, key[1]
        if draft.external:
            card = known.get(draft.external) or self._rows.get(draft.external)
            if card and not (keys and card.keys):
                return card, f"{draft.external[0]} {draft.external[1]}"
        elif draft.same:
            card = known.get(draft.same) or self._rows.get(draft.same)
            if card:
                return card, "the very same row"
        return None

    def _bar(self, ask: Ask, chunk: Chunk) -> None:
        """Find the numbers and addresses of new leads that nobody may call or write to, those of this file included."""
        keys = tuple(dict.fromkeys(key for draft in chunk.created for _, key in draft.keys))
        suppressed = set(ask(SuppressedKeys(keys))) if keys else set()
        drafts = [*chunk.created, *(update.draft for update in chunk.updates.values() if update.touched)]
        for draft in drafts:
            for channel, key in draft.keys:
                if (draft.lead.no_call and channel is Channel.PHONE) or (
                    draft.lead.no_mail and channel is Channel.EMAIL
                ):
                    chunk.suppress[channel, key] = (
                        "asked not to be called" if channel is Channel.PHONE else "asked not to get mail"
                    )
        suppressed.update(key for _, key in chunk.suppress)
        if self.remember:
            self._barred.update(suppressed)
            suppressed = self._barred
        barred = {id(draft) for draft in chunk.created if self._is_barred(draft, suppressed)}
        for decision in chunk.decisions:
            if decision.verdict is Verdict.CREATE and id(decision.draft) in barred:
                decision.verdict = Verdict.SUPPRESSED
                decision.why = decision.why or "nobody may call or write to them"

    @staticmethod
    def _is_barred(draft: Draft, suppressed: set[str]) -> bool:
        mine = suppressed.intersection(key for _, key in draft.keys)
        if mine:
            draft.settle(mine)
        draft.suppressed = bool(mine) or draft.lead.no_call or draft.lead.no_mail
        return draft.suppressed


def _by_key(cards: Iterable[Known]) -> dict[Any, Known]:
    """Card by each of its keys and by its external id. A lead goes before a client, an older card before a newer."""
    found: dict[Any, Known] = {}
    for card in sorted(cards, key=lambda card: (card.kind != "lead", card.id)):
        for key in card.keys:
            found.setdefault(key, card)
        if card.external:
            found.setdefault(card.external, card)
        if card.same:
            found.setdefault(card.same, card)
    return found


def _as_draft(stored: StoredLead) -> Draft:
    return Draft(
        None,
        stored.lead,
        list(stored.points),
        dict(stored.extra.fields),
        dict(stored.extra.original),
        list(stored.notes),
    )
