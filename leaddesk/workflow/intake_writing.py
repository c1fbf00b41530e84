"""Writing what was decided: one transaction for a chunk of rows, all under the operation of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from leaddesk.workflow.derived import derive, refresh, suppressed_among
from leaddesk.workflow.desk import Command
from leaddesk.workflow.entities import ContactPoint, ImportBatch, Lead, LeadExtra, Note, Refusal, Suppression
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake_people import People
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.workflow.intake_matching import Chunk, Matcher, Update
    from leaddesk.workflow.intake_rows import Draft
    from leaddesk.workflow.ports import Work


@dataclass
class Batch:
    """One import as its chunks share it; `id` and `operation` are 0 until something was written."""

    file: str
    columns: dict[str, str]
    source: str = ""
    owner: str = ""
    id: int = 0
    operation: int = 0
    people: People = field(default_factory=People)

    def learn(self, operation: int, chunk: Chunk) -> None:
        """Take over what a chunk that is committed brought to light."""
        self.operation = operation
        self.id = chunk.batch_id or self.id
        self.people = chunk.people or self.people


@dataclass(frozen=True)
class ImportRows(Command["Chunk"]):
    """Decide on some rows and write them. The first chunk that writes anything makes the batch."""

    batch: Batch
    matcher: Matcher
    drafts: Sequence[Draft]
    role: ClassVar[Role] = Role.TEAM_LEAD

    def in_operation(self) -> int | None:
        """The operation of the first chunk."""
        return self.batch.operation or None

    def arguments(self) -> dict[str, Any]:
        """Not the rows: they are in the journal as what they became."""
        return {"file": self.batch.file, "source": self.batch.source, "owner": self.batch.owner}

    def handle(self, work: Work) -> Chunk:
        """Raises `Refused` where the batch was undone meanwhile."""
        if self.batch.id and not work.find(ImportBatch, id=self.batch.id):
            raise Refused(f"The import of {self.batch.file} was undone while it ran.")
        chunk = self.matcher.decide(work.ask, self.drafts)
        updates = [update for update in chunk.updates.values() if update.touched]
        work.words = f"Importing {self.batch.file} (not finished)"
        if chunk.created or updates:
            batch_id = self.batch.id or self._begin(work)
            people = self._people(work, [*chunk.created, *(update.draft for update in updates)])
            holders = suppress(work, chunk, self.batch.file)
            create(work, chunk.created, people, batch_id)
            for update in updates:
                add_to(work, update, people)
            for lead in work.find(Lead, id=sorted(holders)) if holders else ():
                refresh(work, lead)
            chunk.batch_id, chunk.people = batch_id, people
        return chunk

    def _begin(self, work: Work) -> int:
        row = ImportBatch(
            file=self.batch.file,
            user_id=work.user.id,
            at=work.now,
            operation_id=work.operation_id,
            columns=self.batch.columns,
        )
        return work.put_many([row])[0]

    def _people(self, work: Work, drafts: Sequence[Draft]) -> People:
        """The ids of the owners and sources these rows name. What the person chose goes before what the file says."""
        for draft in drafts:
            draft.owner = self.batch.owner or draft.owner
            draft.source = draft.source or self.batch.source
        people = replace(self.batch.people, owners={**self.batch.people.owners}, sources={**self.batch.people.sources})
        people.learn(work, [d.owner for d in drafts], [d.source for d in drafts])
        return people


@dataclass(frozen=True)
class FinishImport(Command[None]):
    """Say what came of a batch."""

    batch: Batch
    words: str
    counts: dict[str, int]
    role: ClassVar[Role] = Role.TEAM_LEAD

    def in_operation(self) -> int | None:
        """The operation of the batch."""
        return self.batch.operation or None

    def arguments(self) -> dict[str, Any]:
        """The counts; never stored, for the operation has its arguments already."""
        return {"file": self.batch.file, "counts": self.counts}

    def handle(self, work: Work) -> None:
        """Raises `Refused` where the batch was undone meanwhile."""
        rows = work.find(ImportBatch, id=self.batch.id)
        if not rows:
            raise Refused(f"The import of {self.batch.file} was undone while it ran.")
        work.change(rows[0], state="done", counts=self.counts)
        work.rename_operation(self.words)
        work.words = self.words


def suppress(work: Work, chunk: Chunk, file: str) -> set[int]:
    """Suppress what the rows ask for; gives the leads that had such a number or address before."""
    if not chunk.suppress:
        return set()
    keys = sorted({key for _, key in chunk.suppress})
    known = {(s.channel, s.key) for s in work.find(Suppression, key=keys)}
    fresh = {pair: why for pair, why in chunk.suppress.items() if pair not in known}
    if not fresh:
        return set()
    holders = {p.lead_id for p in work.find(ContactPoint, key=[key for _, key in fresh]) if p.lead_id}
    work.put_many(
        [
            Suppression(channel=channel, key=key, why=f"{why} (from {file})", user_id=work.user.id, at=work.now)
            for (channel, key), why in fresh.items()
        ]
    )
    return holders - {update.stored.lead.id for update in chunk.updates.values() if update.touched}


def create(work: Work, drafts: Sequence[Draft], people: People, batch_id: int) -> None:
    """Store new leads with everything that hangs on them, each kind by one statement."""
    ids = work.put_many([_lead(work, draft, people, batch_id) for draft in drafts])
    with_ids = list(zip(ids, drafts, strict=True))
    work.put_many([replace(point, lead_id=lead_id) for lead_id, draft in with_ids for point in draft.points])
    extras = [
        LeadExtra(id=lead_id, fields=draft.fields, original=draft.original)
        for lead_id, draft in with_ids
        if draft.fields or draft.original
    ]
    work.put_many(extras)
    work.put_many([_note(work, lead_id, draft.lead, text) for lead_id, draft in with_ids for text in draft.notes])
    work.put_many(
        [
            Refusal(lead_id=lead_id, user_id=work.user.id, at=work.now, reason="other", words=draft.refusal)
            for lead_id, draft in with_ids
            if draft.refusal
        ]
    )


def _lead(work: Work, draft: Draft, people: People, batch_id: int) -> Lead:
    owner = people.owners.get(draft.owner.casefold())
    return replace(
        draft.lead,
        source_id=people.sources.get(draft.source.casefold()),
        owner_id=owner,
        first_assigned_at=work.now if owner else None,
        assigned_at=work.now if owner else None,
        batch_id=batch_id,
        batch_row=draft.number,
    )


def _note(work: Work, lead_id: int, lead: Lead, text: str) -> Note:
    return Note(lead_id=lead_id, user_id=work.user.id, at=lead.created_at or work.now, text=text)


def add_to(work: Work, update: Update, people: People) -> None:
    """Store what a file adds to a lead."""
    stored, draft = update.stored, update.draft
    lead = stored.lead
    new_points = [point for point in draft.points if not point.id]
    work.put_many([replace(point, lead_id=lead.id) for point in new_points])
    work.put_many([_note(work, lead.id, lead, text) for text in draft.notes[len(stored.notes) :]])
    extra = stored.extra
    if not extra.id:
        if draft.fields or draft.original:
            work.add(LeadExtra(id=lead.id, fields=draft.fields, original=draft.original))
    else:
        work.change(extra, fields=draft.fields, original=draft.original)
    values = {name: getattr(draft.lead, name) for name in Lead.__slots__}
    if draft.owner and not lead.owner_id:
        owner = people.owners[draft.owner.casefold()]
        values |= {"owner_id": owner, "assigned_at": work.now, "first_assigned_at": lead.first_assigned_at or work.now}
    if draft.source and not lead.source_id:
        values["source_id"] = people.sources[draft.source.casefold()]
    values |= derive(draft.lead, draft.points, suppressed_among(work, draft.points))
    work.change(lead, **values)
