"""One import from its first row to its last word."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from leaddesk.workflow.intake import (
    SHOWN_OF_A_KIND,
    WORD_KINDS,
    CellProblem,
    Counts,
    ImportResult,
    RejectedRow,
    RowVerdict,
    Verdict,
    WordUse,
    checked,
    plan_columns,
    row_reader,
)
from leaddesk.workflow.intake_matching import Matcher
from leaddesk.workflow.intake_people import known_words
from leaddesk.workflow.intake_profiles import RememberFile, understood
from leaddesk.workflow.intake_ready import Here
from leaddesk.workflow.intake_resume import Rejected, kept_options, unfinished, with_kept
from leaddesk.workflow.intake_writing import DONE, STOPPED, Batch, FinishImport, ImportRows, rejected
from leaddesk.workflow.judging import NamesAtNumbers
from leaddesk.workflow.suspicion import many_names
from leaddesk.workflow.vocabulary import Channel, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.intake import LeadFile, Options
    from leaddesk.workflow.intake_matching import Chunk, Decision
    from leaddesk.workflow.intake_ready import Readers, Ready


@dataclass
class Tally:
    """What there is to show of the rows so far."""

    rejects: list[RejectedRow] = field(default_factory=list)
    verdicts: list[RowVerdict] = field(default_factory=list)
    words: dict[str, dict[str, list[int | str | None]]] = field(default_factory=lambda: {k: {} for k in WORD_KINDS})
    _shown: dict[tuple[Verdict, bool], int] = field(default_factory=dict)

    def take(self, decision: Decision) -> None:
        """Keep a row for showing while there are few of its kind."""
        row, verdict = decision.row, decision.verdict
        for kind, word, ours in row.said:
            uses = self.words[kind].setdefault(word, [ours, 0])
            uses[1] = int(uses[1] or 0) + 1
        kind_of_row = (verdict, bool(row.problems or row.signs))
        self._shown[kind_of_row] = self._shown.get(kind_of_row, 0) + 1
        if self._shown[kind_of_row] <= SHOWN_OF_A_KIND:
            odds = (*row.problems, *row.signs)
            told = tuple(f"{odd.header}: {odd.words}" if odd.header else odd.words for odd in odds)
            self.verdicts.append(RowVerdict(row.number, verdict, row.title, decision.why, told, odds))


class Run:
    """One run of an import, dry or real."""

    def __init__(
        self,
        desk: Desk,
        file: LeadFile,
        options: Options,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        readers: Readers | None = None,
    ) -> None:
        """Raises `Refused` for options that cannot be."""
        self.desk, self.file, self.given = desk, file, options
        self.progress, self.cancelled, self.readers = progress, cancelled, readers or Here()
        self.before = None if options.dry_run else unfinished(desk, file)
        options = with_kept(options, self.before) if self.before else understood(desk, file, options)
        self.options = options = checked(desk, options)
        self.plan = plan_columns(file, options.overrides)
        self.started = desk.clock.now()
        self.reader = row_reader(desk, file, options, self.plan)
        headers = {column.field: column.header for column in reversed(self.plan) if column.field}
        self.matcher = Matcher(options.on_duplicate, headers, self.reader, options.dry_run, options.requests)
        columns = {c.header: c.field or "" for c in self.plan if not (c.field and c.header in file.own)}
        self.batch = Batch(file.name, columns, options.source, options.owner)
        if not options.dry_run:
            self.batch.fingerprint, self.batch.options = file.fingerprint(), kept_options(options)
        if self.before:
            self.batch.row, self.batch.counts = self.before, Counts(**self.before.counts)
        self.tally = Tally()
        self.was_cancelled = False

    def result(self) -> ImportResult:
        """Run, and say what came of it."""
        total = self.file.total()
        resumed = read = self.before.rows_done if self.before else 0
        for rows in self._chunks(resumed):
            chunk = self._take(rows)
            for decision in chunk.decisions:
                self.tally.take(decision)
            read += len(rows)
            self.progress(read, max(total, read))
            if self.cancelled():
                self.was_cancelled = True
                break
        self._finish()
        self.progress(read, read)
        words = self._words()
        return ImportResult(
            batch=self.batch.id,
            operation=self.batch.operation,
            counts=self.batch.counts,
            seconds=(self.desk.clock.now() - self.started).total_seconds(),
            columns={column.header: column.field for column in self.plan},
            statuses={word: (_status(use.ours), use.rows) for word, use in words["status"].items()},
            words=words,
            encoding=self.file.encoding,
            delimiter=self.file.delimiter,
            rejects=self._rejects(),
            verdicts=tuple(sorted(self.tally.verdicts, key=lambda verdict: verdict.number)),
            cancelled=self.was_cancelled,
            dry_run=self.options.dry_run,
            resumed=resumed,
        )

    def _rejects(self) -> tuple[RejectedRow, ...]:
        kept: list[RejectedRow] = self.desk.read(Rejected(self.batch.id)) if self.batch.id else self.tally.rejects
        return tuple(kept)

    def _chunks(self, passed: int) -> Iterator[list[Ready]]:
        filled = (row for row in self.file.rows() if not row.empty)
        return self.readers.read(self.reader, islice(filled, passed, None))

    def _take(self, rows: list[Ready]) -> Chunk:
        if self.options.dry_run:
            chunk = self.matcher.decide(self.desk.read, rows)
            self._look_for_many_names(rows)
            self.tally.rejects += [rejected(one) for one in chunk.decisions if one.verdict is Verdict.BAD]
        else:
            chunk = self.desk.do(ImportRows(self.batch, self.matcher, rows)).value
        self.batch.learn(chunk, len(rows))
        return chunk

    def _look_for_many_names(self, rows: list[Ready]) -> None:
        """Say where a number of the file stands on cards of several people already."""
        keys = tuple(dict.fromkeys(key for row in rows for channel, key in row.keys if channel is Channel.PHONE))
        counts = self.desk.read(NamesAtNumbers(keys)) if keys else {}
        for row in rows if counts else ():
            for _, key in row.keys:
                sign = many_names(counts.get(key, 0) + 1, key) if key in counts else None
                if sign:
                    row.signs.append(CellProblem("", sign.words))

    def _finish(self) -> None:
        if not self.batch.operation:
            return
        counts = self.batch.counts
        done = counts.created + counts.updated
        part = "part of " if self.was_cancelled else ""
        words = f"Imported {part}{self.file.name}: {done:,} lead{'' if done == 1 else 's'}"
        self.desk.do(FinishImport(self.batch, words, STOPPED if self.was_cancelled else DONE))
        if self.options.remember and not self.was_cancelled:
            self._remember()

    def _remember(self) -> None:
        """What a person put right is known next time; what the file says by itself need not be."""
        given = self.given
        if given.overrides or any(given.words.values()):
            columns = {column.header: column.field or "" for column in self.plan}
            self.desk.do(RememberFile(columns, self.options.words, kept_options(self.options)))

    def _words(self) -> dict[str, dict[str, WordUse]]:
        known = known_words(self.desk)
        found: dict[str, dict[str, WordUse]] = {}
        for kind, words in self.tally.words.items():
            found[kind] = {}
            for word, (ours, rows) in words.items():
                sure = ours is not None if kind not in known else str(ours).casefold() in known[kind]
                found[kind][word] = WordUse(str(ours or ""), int(rows or 0), sure)
        return found


def _status(ours: str) -> str:
    """A file that calls a lead converted names no client card: somebody looks at it."""
    return str(Status.IN_PROGRESS) if ours == Status.CONVERTED else ours or str(Status.NEW)
