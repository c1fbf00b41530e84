"""One import from its first row to its last word."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from leaddesk.workflow.intake import (
    CHUNK,
    SHOWN_OF_A_KIND,
    Counts,
    ImportResult,
    RejectedRow,
    RowVerdict,
    Verdict,
    plan_columns,
    zone_of,
)
from leaddesk.workflow.intake_matching import Matcher
from leaddesk.workflow.intake_rows import Reading, RowReader
from leaddesk.workflow.intake_writing import Batch, FinishImport, ImportRows
from leaddesk.workflow.settings import SettingsNow
from leaddesk.workflow.undo import Undo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.intake import LeadFile, Options
    from leaddesk.workflow.intake_matching import Chunk, Decision
    from leaddesk.workflow.intake_rows import Draft


@dataclass
class Tally:
    """What became of the rows so far."""

    counts: Counts = field(default_factory=Counts)
    rejects: list[RejectedRow] = field(default_factory=list)
    verdicts: list[RowVerdict] = field(default_factory=list)
    _shown: dict[tuple[Verdict, bool], int] = field(default_factory=dict)

    def take(self, decision: Decision) -> None:
        """Count a row, and keep it for showing while there are few of its kind."""
        draft, verdict = decision.draft, decision.verdict
        self.counts.take(verdict, suspicious=draft.lead.held_back, warnings=len(draft.warnings))
        if verdict is Verdict.BAD and draft.row:
            self.rejects.append(RejectedRow(draft.number, draft.row.cells, draft.row.surplus, decision.why))
        kind = (verdict, bool(draft.warnings))
        self._shown[kind] = self._shown.get(kind, 0) + 1
        if self._shown[kind] <= SHOWN_OF_A_KIND:
            self.verdicts.append(RowVerdict(draft.number, verdict, draft.title, decision.why, tuple(draft.warnings)))


class Run:
    """One run of an import, dry or real."""

    def __init__(
        self,
        desk: Desk,
        file: LeadFile,
        options: Options,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """`options` are checked already."""
        self.desk, self.file, self.options = desk, file, options
        self.progress, self.cancelled = progress, cancelled
        self.plan = plan_columns(file, options.overrides)
        self.started = desk.clock.now()
        reading = Reading(file, options.region, self.started, zone_of(desk), desk.read(SettingsNow()))
        self.reader = RowReader(reading, self.plan)
        headers = {column.field: column.header for column in reversed(self.plan) if column.field}
        self.matcher = Matcher(options.on_duplicate, headers, remember=options.dry_run)
        columns = {c.header: c.field or "" for c in self.plan if not (c.field and c.header in file.own)}
        self.batch = Batch(file.name, columns, options.source, options.owner)
        self.tally = Tally()
        self.was_cancelled = False

    def result(self) -> ImportResult:
        """Run, and say what came of it."""
        total = self.file.total()
        read = 0
        for drafts in self._chunks():
            chunk = self._take(drafts)
            for decision in chunk.decisions:
                self.tally.take(decision)
            read += len(drafts)
            self.progress(read, max(total, read))
            if self.cancelled():
                self.was_cancelled = True
                break
        self._finish()
        self.progress(read, read)
        return ImportResult(
            batch=0 if self.was_cancelled else self.batch.id,
            operation=0 if self.was_cancelled else self.batch.operation,
            counts=self.tally.counts,
            seconds=(self.desk.clock.now() - self.started).total_seconds(),
            columns={column.header: column.field for column in self.plan},
            statuses=self.reader.statuses,
            encoding=self.file.encoding,
            delimiter=self.file.delimiter,
            rejects=tuple(self.tally.rejects),
            verdicts=tuple(sorted(self.tally.verdicts, key=lambda verdict: verdict.number)),
            cancelled=self.was_cancelled,
            dry_run=self.options.dry_run,
        )

    def _chunks(self) -> Iterator[list[Draft]]:
        rows = (self.reader.read(row) for row in self.file.rows() if not row.empty)
        while chunk := list(islice(rows, CHUNK)):
            yield chunk

    def _take(self, drafts: list[Draft]) -> Chunk:
        if self.options.dry_run:
            return self.matcher.decide(self.desk.read, drafts)
        command = ImportRows(self.batch, self.matcher, drafts)
        done = self.desk.do(command)
        self.batch.learn(done.operation, done.value)
        return done.value

    def _finish(self) -> None:
        if not self.batch.operation:
            return
        if self.was_cancelled:
            self.desk.do(Undo(self.batch.operation))
            return
        counts = self.tally.counts
        done = counts.created + counts.updated
        words = f"Imported {self.file.name}: {done:,} lead{'' if done == 1 else 's'}"
        self.desk.do(FinishImport(self.batch, words, counts.as_dict()))
