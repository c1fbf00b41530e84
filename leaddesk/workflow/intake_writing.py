"""Writing what was decided: one transaction for a chunk of rows, all under the operation of the first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from leaddesk.workflow.derived import derive, refresh, suppressed_among
from leaddesk.workflow.desk import Command
from leaddesk.workflow.entities import (
    Call,
    Client,
    ContactPoint,
    ImportBatch,
    Lead,
    LeadExtra,
    Note,
    Refusal,
    RefusalReason,
    Suppression,
)
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake import Counts, RejectedRow, TakenElsewhere, Verdict
from leaddesk.workflow.intake_people import People
from leaddesk.workflow.known_people import client_comes_again, come_again
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.workflow.intake_matching import Chunk, Decision, Matcher, Update
    from leaddesk.workflow.intake_ready import Ready
    from leaddesk.workflow.intake_rows import Draft
    from leaddesk.workflow.ports import Work

RUNNING, DONE, STOPPED = "running", "done", "stopped"
"""States of a batch: `STOPPED` was left half-way on purpose, `RUNNING` goes on or was cut short."""


@dataclass
class Batch:
    """One import as its chunks share it; `row` is None until something was written.

    `passed` rows had nothing to write before that. `options` are kept with the batch, so that an import which was cut
    short goes on as it was begun.
    """

    file: str
    columns: dict[str, str]
    source: str = ""
    owner: str = ""
    fingerprint: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    row: ImportBatch | None = None
    passed: int = 0
    counts: Counts = field(default_factory=Counts)
    people: People = field(default_factory=People)

    @property
    def id(self) -> int:
        """0 until something was written."""
        return self.row.id if self.row else 0

    @property
    def operation(self) -> int:
        """What undo takes back; 0 until something was written."""
        return self.row.operation_id if self.row else 0

    @property
    def origin(self) -> str:
        """What people who come by it came by."""
        return self.source or self.file

    def learn(self, chunk: Chunk, rows: int) -> None:
        """Take over what a chunk that is committed brought to light."""
        self.counts = chunk.counted(self.counts) if chunk.row is None else Counts(**chunk.row.counts)
        self.row = chunk.row or self.row
        self.people = chunk.people or self.people
        self.passed += 0 if self.row else rows


@dataclass(frozen=True)
class ImportRows(Command["Chunk"]):
    """Decide on some rows and write them. The first chunk that writes anything makes the batch."""

    batch: Batch
    matcher: Matcher
    rows: Sequence[Ready]
    role: ClassVar[Role] = Role.TEAM_LEAD

    def in_operation(self) -> int | None:
        """The operation of the first chunk."""
        return self.batch.operation or None

    def arguments(self) -> dict[str, Any]:
        """Not the rows: they are in the journal as what they became."""
        return {"file": self.batch.file, "source": self.batch.source, "owner": self.batch.owner}

    def handle(self, work: Work) -> Chunk:
        """Raises `Refused` where the batch was undone meanwhile."""
        self._look_after(work)
        chunk = self.matcher.decide(work.ask, self.rows, self.batch.id)
        rejects = [decision for decision in chunk.decisions if decision.verdict is Verdict.BAD]
        updates = [update for update in chunk.updates.values() if update.touched]
        work.words = f"Importing {self.batch.file} (not finished)"
        if self.batch.id or chunk.created or updates or chunk.clients or rejects:
            there = self.batch.row or self._begin(work)
            people = self._people(work, chunk.created, [update.draft for update in updates])
            holders = suppress(work, chunk, self.batch.file)
            create(work, chunk.created, people, there.id)
            for update in updates:
                add_to(work, update, people, self.batch.origin)
            for client_id, came in chunk.clients.items():
                client = work.get(Client, client_id)
                for again in came:
                    client_comes_again(work, client, again.note(self.batch.origin), again.source or self.batch.origin)
            for lead in work.find(Lead, id=sorted(holders)) if holders else ():
                refresh(work, lead)
            work.keep_rejects(there.id, [rejected(decision) for decision in rejects])
            counts = chunk.counted(self.batch.counts).as_dict()
            chunk.row = work.change(there, state=RUNNING, rows_done=there.rows_done + len(self.rows), counts=counts)
            chunk.people = people
        return chunk

    def _look_after(self, work: Work) -> None:
        """Nobody has undone the batch or gone on with it meanwhile."""
        there = self.batch.row
        if there is None:
            return
        now = work.find(ImportBatch, id=there.id)
        if not now:
            raise Refused(f"The import of {self.batch.file} was undone while it ran.")
        if now[0].rows_done != there.rows_done or now[0].state == DONE:
            raise TakenElsewhere(f"{self.batch.file} is being brought in by somebody else at this moment.")

    def _begin(self, work: Work) -> ImportBatch:
        return work.add(
            ImportBatch(
                file=self.batch.file,
                user_id=work.user.id,
                at=work.now,
                operation_id=work.operation_id,
                columns=self.batch.columns,
                fingerprint=self.batch.fingerprint,
                options=self.batch.options,
                rows_done=self.batch.passed,
            )
        )

    def _people(self, work: Work, rows: Sequence[Ready], drafts: Sequence[Draft]) -> People:
        """The ids of the owners and sources these rows name. What the person chose goes before what the file says."""
        for draft in (*drafts, *(row.draft for row in rows if row.draft)):
            draft.owner = self.batch.owner or draft.owner
            draft.source = draft.source or self.batch.source
        for row in rows:
            owner, source = (row.draft.owner, row.draft.source) if row.draft else row.wishes
            row.wishes = (self.batch.owner or owner, source or self.batch.source)
        people = replace(self.batch.people, owners={**self.batch.people.owners}, sources={**self.batch.people.sources})
        wishes = dict.fromkeys((*(row.wishes for row in rows), *((draft.owner, draft.source) for draft in drafts)))
        people.learn(work, [owner for owner, _ in wishes], [source for _, source in wishes])
        return people


@dataclass(frozen=True)
class FinishImport(Command[None]):
    """Say what came of a batch."""

    batch: Batch
    words: str
    state: str = DONE
    role: ClassVar[Role] = Role.TEAM_LEAD

    def in_operation(self) -> int | None:
        """The operation of the batch."""
        return self.batch.operation or None

    def arguments(self) -> dict[str, Any]:
        """The counts; never stored, for the operation has its arguments already."""
        return {"file": self.batch.file, "state": self.state}

    def handle(self, work: Work) -> None:
        """Raises `Refused` where the batch was undone meanwhile."""
        rows = work.find(ImportBatch, id=self.batch.id)
        if not rows:
            raise Refused(f"The import of {self.batch.file} was undone while it ran.")
        work.change(rows[0], state=self.state)
        work.rename_operation(self.words)
        work.words = self.words


def rejected(decision: Decision) -> RejectedRow:
    """A row left out, as it is kept."""
    row = decision.row.row
    return RejectedRow(decision.row.number, row.cells if row else (), row.surplus if row else (), decision.why)


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


def create(work: Work, rows: Sequence[Ready], people: People, batch_id: int) -> None:
    """Store new leads with everything that hangs on them, each kind by one statement.

    How the last call of the other program ended is a call that nobody here made.
    """
    stamps = {wishes: _stamp(work, wishes, people, batch_id) for wishes in dict.fromkeys(row.wishes for row in rows)}
    ids = work.put_leads([(row.content, {**stamps[row.wishes], "batch_row": row.number}) for row in rows])
    with_ids = list(zip(ids, rows, strict=True))
    work.put_many(
        [
            Call(lead_id=i, phone=r.call[1], started_at=r.call[2] or work.now, outcome=r.call[0], note="From the file")
            for i, r in with_ids
            if r.call
        ]
    )
    refused = [(lead_id, row) for lead_id, row in with_ids if row.refusal or row.refused[0]]
    if refused:
        known = {reason.key for reason in work.find(RefusalReason)}
        work.put_many([_refusal(work, lead_id, row, known) for lead_id, row in refused])


def _refusal(work: Work, lead_id: int, row: Ready, known: Collection[str]) -> Refusal:
    """A reason that is not known here stands in the words."""
    reason, at = row.refused
    reason, words = reason or "other", row.refusal
    if reason not in known:
        reason, words = "other", ": ".join(filter(None, (reason, words)))
    return Refusal(lead_id=lead_id, user_id=work.user.id, at=at or work.now, reason=reason, words=words)


def _stamp(work: Work, wishes: tuple[str, str], people: People, batch_id: int) -> dict[str, Any]:
    """What the rows of new leads with these wishes say of this import."""
    owner = people.owners.get(wishes[0].casefold())
    return {
        "source_id": people.sources.get(wishes[1].casefold()),
        "owner_id": owner,
        "first_assigned_at": work.now if owner else None,
        "assigned_at": work.now if owner else None,
        "batch_id": batch_id,
    }


def _note(work: Work, lead_id: int, lead: Lead, text: str) -> Note:
    return Note(lead_id=lead_id, user_id=work.user.id, at=lead.created_at or work.now, text=text)


def add_to(work: Work, update: Update, people: People, origin: str) -> None:
    """Store what a file adds to a lead, and that the person came again."""
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
    lead = work.change(lead, **values)
    for again in update.again:
        lead = come_again(work, lead, again.note(origin), again.source or origin)
