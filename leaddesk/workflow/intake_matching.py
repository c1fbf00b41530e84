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
    from leaddesk.workflow.intake import Counts
    from leaddesk.workflow.intake_people import People
    from leaddesk.workflow.intake_ready import Ready
    from leaddesk.workflow.intake_rows import Key, RowReader

Ask = Callable[[Question[Any]], Any]

SHARED = "shared"
"""The kind that stands for no card: its keys are switchboards', on too many cards to say who is whom."""
REMEMBERED_WHOLE = 30_000
"""Rows a dry run keeps whole, to say of a later row about the same person whether it says anything new."""
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
    row: Ready | None = None
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

    row: Ready
    verdict: Verdict
    why: str = ""


@dataclass(slots=True)
class Chunk:
    """What is to be written for some rows; `row` (the batch's) and `people` are known once it is."""

    decisions: list[Decision] = field(default_factory=list)
    created: list[Ready] = field(default_factory=list)
    updates: dict[int, Update] = field(default_factory=dict)
    clients: dict[int, list[CameAgain]] = field(default_factory=dict)
    suppress: dict[Key, str] = field(default_factory=dict)
    row: ImportBatch | None = None
    people: People | None = None

    def counted(self, before: Counts) -> Counts:
        """The counts of the rows before with those of this chunk."""
        counts = replace(before)
        for decision in self.decisions:
            counts.take(decision.verdict, decision.row)
        return counts


@dataclass
class Matcher:
    """Decides chunk by chunk. With `remember` it keeps what it saw, as nothing is stored between the chunks."""

    mode: OnDuplicate
    field_headers: dict[str, str]
    reader: RowReader
    remember: bool = False
    requests: bool = False
    _rows: dict[tuple[object, ...], Known | Ready] = field(default_factory=dict)
    _updates: dict[int, Update] = field(default_factory=dict)
    _barred: set[str] = field(default_factory=set)
    _shared: frozenset[Key] = frozenset()

    def decide(self, ask: Ask, rows: Sequence[Ready], batch_id: int = 0) -> Chunk:
        """Decide on every row. `batch_id` is what the file came in by so far."""
        if not self.remember:
            self._rows, self._updates = {}, {}
        chunk = Chunk(updates=self._updates)
        good = [row for row in rows if not row.bad]
        keys = tuple(dict.fromkeys(key for row in good for key in row.keys))
        external = tuple(dict.fromkeys(row.external for row in good if row.external))
        told = (row.name for row in good if not row.keys and not row.external)
        names = tuple(name for name in dict.fromkeys(told) if name)
        cards = ask(KnownCards(keys, external, names))
        self._shared = frozenset(key for card in cards if card.kind == SHARED for key in card.keys)
        known = _by_key(card for card in cards if card.kind != SHARED)
        if self.mode in ADDING:
            wanted = {card.id for card in known.values() if card.kind == "lead"} - set(self._updates)
            for stored in ask(StoredLeads(tuple(sorted(wanted)))) if wanted else ():
                self._updates[stored.lead.id] = Update(stored, _as_draft(stored))
        for row in rows:
            chunk.decisions.append(self._decide(row, known, chunk, batch_id))
        self._bar(ask, chunk)
        return chunk

    def _decide(self, row: Ready, known: dict[Any, Known], chunk: Chunk, batch_id: int) -> Decision:
        if row.bad:
            return Decision(row, Verdict.BAD, row.bad)
        found = self._find(row, known)
        if found is None:
            return self._create(row, chunk, "")
        card, why = found
        if self.mode is OnDuplicate.CREATE:
            return self._create(row, chunk, f"created all the same; {why} is on {card.words}")
        why = f"{why} is on {card.words}"
        if self.mode is OnDuplicate.SKIP:
            return Decision(row, Verdict.DUPLICATE, why)
        if card.kind == "client":
            return self._onto_client(row, card, chunk, why)
        return self._onto_lead(row, card, batch_id, why)

    def _onto_lead(self, row: Ready, card: Known, batch_id: int, why: str) -> Decision:
        update = self._updates[card.id] if card.kind == "lead" else None
        target = update.draft if update else card.row and card.row.whole(self.reader)
        if not target:
            return Decision(row, Verdict.SKIP, why)
        came = self.mode is OnDuplicate.AGAIN and bool(update) and not (batch_id and card.batch == batch_id)
        draft = row.whole(self.reader)
        news = news_of(target, draft, self.field_headers)
        if not (news or (came and self.requests)):
            return Decision(row, Verdict.SKIP, f"{why}; nothing new in this row")
        merge(target, draft, self.field_headers, note=not came)
        if not update:
            target.settle()
        else:
            update.touched = True
            if came:
                update.again.append(CameAgain(draft.number, tuple(news.items()), draft.source))
        wider = replace(card, keys=card.keys | set(row.keys))
        for key in row.keys:
            self._rows.setdefault(key, wider)
        return Decision(row, Verdict.AGAIN if came else Verdict.UPDATE, why)

    def _onto_client(self, row: Ready, card: Known, chunk: Chunk, why: str) -> Decision:
        """A client's card is not changed by a file; its owner hears that they came again."""
        if self.mode is not OnDuplicate.AGAIN:
            return Decision(row, Verdict.SKIP, f"{why}; a client’s card is not changed by a file")
        draft = row.whole(self.reader)
        said = tuple(said_by(draft, self.field_headers).items())
        lines = [f"{header}: {text}" for header, text in said]
        if not self.requests and lines and all(any(line in note for note in card.notes) for line in lines):
            return Decision(row, Verdict.SKIP, f"{why}; nothing new in this row")
        chunk.clients.setdefault(card.id, []).append(CameAgain(draft.number, said, draft.source))
        return Decision(row, Verdict.AGAIN, why)

    def _create(self, row: Ready, chunk: Chunk, why: str) -> Decision:
        chunk.created.append(row)
        # Of most rows no card is ever wanted: while they need not be kept whole, they stand for themselves.
        keep = self._rows.setdefault
        card = self._card(row) if self.remember else row
        for key in row.keys:
            keep(key, card)
        if row.external:
            keep(row.external, card)
        if row.same:
            keep(row.same, card)
        return Decision(row, Verdict.CREATE, why)

    def _card(self, row: Ready) -> Known:
        whole = not self.remember or len(self._rows) < REMEMBERED_WHOLE
        merging = row if self.mode in ADDING and whole else None
        return Known("row", row.number, row.title, "", frozenset(row.keys), row.external, row.same, merging)

    def _remembered(self, key: tuple[object, ...]) -> Known | None:
        """The card of a row of this file."""
        found = self._rows.get(key)
        return found if found is None or isinstance(found, Known) else self._card(found)

    def _find(self, row: Ready, known: dict[Any, Known]) -> tuple[Known, str] | None:
        """The card of this row's person and what they share: a number or an address, or else the foreign id.

        The same id with other numbers and addresses is another program's, and another person.
        """
        keys = [key for key in row.keys if key not in self._shared] if self._shared else row.keys
        for key in keys:
            card = known.get(key) or self._remembered(key)
            if card:
                return card, key[1]
        if row.external:
            card = known.get(row.external) or self._remembered(row.external)
            if card and not (keys and card.keys):
                return card, f"{row.external[0]} {row.external[1]}"
        elif row.same:
            card = known.get(row.same) or self._remembered(row.same)
            if card:
                return card, "the very same row"
        return None

    def _bar(self, ask: Ask, chunk: Chunk) -> None:
        """Find the numbers and addresses of new leads that nobody may call or write to, those of this file included."""
        keys = tuple(dict.fromkeys(key for row in chunk.created for _, key in row.keys))
        suppressed = set(ask(SuppressedKeys(keys))) if keys else set()
        for row in chunk.created:
            if row.barred:
                chunk.suppress |= dict.fromkeys(sorted(row.barred), "suppressed where the list was exported")
            no_call, no_mail = row.asked
            if no_call or no_mail:
                _suppress(chunk, row.all_keys, no_call, no_mail)
        for update in chunk.updates.values():
            if update.touched:
                _suppress(chunk, update.draft.keys, update.draft.lead.no_call, update.draft.lead.no_mail)
        suppressed.update(key for _, key in chunk.suppress)
        if self.remember:
            self._barred.update(suppressed)
            suppressed = self._barred
        barred = {id(row) for row in chunk.created if self._is_barred(row, suppressed)}
        for decision in chunk.decisions if barred else ():
            if decision.verdict is Verdict.CREATE and id(decision.row) in barred:
                decision.verdict = Verdict.SUPPRESSED
                decision.why = decision.why or "nobody may call or write to them"

    def _is_barred(self, row: Ready, suppressed: set[str]) -> bool:
        mine = suppressed.intersection(key for _, key in row.all_keys) if suppressed else ()
        if mine:
            row.whole(self.reader).settle(mine)
        return bool(mine) or any(row.asked)


def _suppress(chunk: Chunk, keys: Iterable[Key], no_call: bool, no_mail: bool) -> None:
    for channel, key in keys if no_call or no_mail else ():
        if no_call and channel is Channel.PHONE:
            chunk.suppress[channel, key] = "asked not to be called"
        if no_mail and channel is Channel.EMAIL:
            chunk.suppress[channel, key] = "asked not to get mail"


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
