"""One row of a file → one lead with its numbers, its extra fields and its original cells. Pure: nothing is asked.

Nothing is dropped: a column without a field goes to the extra fields, and a cell that is stored otherwise than it
stood in the file is kept as it stood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.derived import derive
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.intake import CellProblem
from leaddesk.workflow.intake_cells import AS_THEY_STAND, reader_of
from leaddesk.workflow.names import full_name, split_name
from leaddesk.workflow.own_list import own_reader, turn_of
from leaddesk.workflow.parking import SOMETIME_DAYS, morning_of
from leaddesk.workflow.vocabulary import Channel, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime, tzinfo

    from leaddesk.workflow.entities import ContactPoint
    from leaddesk.workflow.intake import ColumnPlan, FileWords, SourceRow
    from leaddesk.workflow.settings import Settings

Key = tuple[Channel, str]
_NOBODY = Lead()


class _Told(Lead):
    """A lead that is asked what its row tells and then forgotten.

    What it tells stands in its dictionary, all else is said once for all: a `Lead` of sixty fields takes ten times as
    long to make.
    """


for _field in fields(Lead):
    setattr(_Told, _field.name, getattr(_NOBODY, _field.name))
_TOLD_BY = tuple(sorted(AS_THEY_STAND - {"external_id"}))


@dataclass(slots=True)
class Draft:
    """A lead as read from a row, before it is known whether it is new. `bad` says why it cannot be one.

    `said` are words of the other program, as (kind, word, ours or None); `outcome` is how their last call ended.
    `given` are the lead's fields that are not empty, as long as nothing was added to what the row says.
    """

    row: SourceRow | None
    lead: Lead
    points: list[ContactPoint] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    original: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    owner: str = ""
    source: str = ""
    refusal: str = ""
    refusal_reason: str = ""
    refused_at: datetime | None = None
    barred: set[Key] = field(default_factory=set)
    outcome: str = ""
    said: list[tuple[str, str, str | None]] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    given: dict[str, Any] | None = None
    bad: str = ""
    suppressed: bool = False

    @property
    def number(self) -> int:
        """The line a person finds the row at."""
        return self.row.number if self.row else 0

    @property
    def keys(self) -> list[Key]:
        """What the lead is known by."""
        return [(p.channel, p.key) for p in self.points if p.key and p.channel in (Channel.PHONE, Channel.EMAIL)]

    @property
    def external(self) -> tuple[str, str] | None:
        """The id in another program: (the column's header, the id)."""
        return (self.lead.external_system, self.lead.external_id) if self.lead.external_id else None

    @property
    def same(self) -> tuple[object, ...] | None:
        """What tells a row with neither number, address nor id: everything it says. None for the others."""
        return None if self.keys or self.external else sameness(self.lead, self.fields, self.original)

    @property
    def title(self) -> str:
        """The best thing to call the row by."""
        point = self.points[0].value if self.points else ""
        return self.lead.name or self.lead.company or point or self.lead.external_id

    @property
    def warnings(self) -> list[str]:
        """What was odd, in words that name the column."""
        return [f"{odd.header}: {odd.words}" if odd.header else odd.words for odd in self.problems]

    def settle(self, suppressed: Collection[str] = ()) -> None:
        """Bring the derived fields up to date."""
        self.lead = replace(self.lead, **derive(self.lead, self.points, suppressed))
        self.given = None


def _told(values: dict[str, Any]) -> Lead:
    lead = object.__new__(_Told)
    lead.__dict__.update(values)
    return lead


def sameness(lead: Lead, fields: dict[str, str], original: dict[str, str]) -> tuple[object, ...]:
    """All that a row without number, address and id says: only the very same row says it again."""
    texts = (getattr(lead, name) for name in _TOLD_BY)
    return (*texts, frozenset(fields.items()), frozenset(original.items()))


@dataclass(frozen=True)
class Reading:
    """What cells are read with: the file's words, the region of bare numbers, the moment of the import.

    `words` say what a person decided about the file's words, by kind; they go before what is generally known.
    """

    file: FileWords
    region: str
    now: datetime
    zone: tzinfo
    settings: Settings
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Cells:
    """What has been read of the row at hand."""

    reading: Reading
    draft: Draft
    values: dict[str, Any] = field(default_factory=dict)
    middle_name: str = ""

    def warn(self, header: str, words: str) -> None:
        """Say something about the cell of this column."""
        self.draft.problems.append(CellProblem(header, words))

    def says_nothing(self, kind: str, text: str) -> bool:
        """Whether a word of another program is none, as “N/A”; “NA” is how a call ended where somebody says so."""
        file = self.reading.file
        return file.means_empty(text) and text not in self.reading.words.get(kind, {}) and not file.meaning(kind, text)

    def ours(self, kind: str, text: str) -> str | None:
        """Ours for a word of the file: as decided, else as generally known. None where neither says."""
        ours = self.reading.words.get(kind, {}).get(text)
        if ours is None:
            ours = self.reading.file.meaning(kind, text)
        self.draft.said.append((kind, text, ours))
        return ours or None

    def named(self, kind: str, text: str) -> str:
        """The name here of somebody or something the file names; "" for nobody."""
        ours = self.reading.words.get(kind, {}).get(text, text)
        self.draft.said.append((kind, text, ours))
        return ours

    @property
    def region(self) -> str:
        """Where numbers without a country code belong."""
        return self.values.get("country") or self.reading.region


CellReader = Callable[[Cells, str, str], None]
"""Reads one cell that is not blank, given its header, into the row."""


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, reading: Reading, plan: Sequence[ColumnPlan]) -> None:
        self.reading = reading
        self._plan = tuple(plan)
        self._headers = tuple(column.header for column in plan)
        columns = [(at, c.header, self._reader(c, at) if c.field else None) for at, c in enumerate(plan)]
        self._columns = sorted(columns, key=lambda column: turn_of(plan[column[0]].field or ""))
        self._numbers = reading.file.numbers([c.field for c in plan])
        self._own = reading.file.own & {column.header for column in plan if column.field}
        self._mornings: dict[str, datetime] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Goes to another process as what it was made of."""
        return RowReader, (self.reading, self._plan)

    def _reader(self, column: ColumnPlan, at: int) -> CellReader:
        """In our own lists a cell is taken at its word."""
        own = own_reader(column.header) if column.field == column.header in self.reading.file.own else None
        return own or reader_of(self.reading, column.field or "", at)

    def read(self, row: SourceRow, *, whole: bool = True) -> Draft:
        """Read a row; one that says nothing of anybody is `bad`.

        Without `whole` what follows from the row stands in `given` alone, not on the lead: a draft to be packed.
        """
        draft = Draft(row, _NOBODY)
        cells = Cells(self.reading, draft)
        self._read_cells(row, cells)
        self._keep_surplus(row, draft)
        if row.problem:
            cells.warn("", row.problem)
        self._name(cells)
        if not draft.problems:
            for header in self._own:
                draft.original.pop(header, None)
        draft.lead = Lead(**cells.values) if whole else _told(cells.values)
        self._judge(draft, row)
        if not draft.bad:
            derived = derive(draft.lead, draft.points, ())
            if draft.lead.status is Status.DEFERRED and draft.lead.return_at is None:
                derived["return_at"] = self._morning(derived["zone_key"])
            draft.given = {**cells.values, **derived}
            if whole:
                draft.lead = Lead(**draft.given)
        return draft

    def _read_cells(self, row: SourceRow, cells: Cells) -> None:
        texts, extra, original = row.cells, cells.draft.fields, cells.draft.original
        flaws = dict(row.flaws) if row.flaws else {}
        for at, header, reader in self._columns:
            text = texts[at]
            if not text or text.isspace():
                continue
            if at in flaws:
                cells.warn(header, flaws[at])
                extra[header] = text
            elif reader is None:
                extra[header] = text
            elif at in self._numbers:
                reader(cells, header, self._numbers[at](texts) or text)
                original[header] = text
            else:
                reader(cells, header, text)

    def _name(self, cells: Cells) -> None:
        """The whole name of its parts; or its parts, the whole kept beside."""
        values = cells.values
        if not values.get("name"):
            values["name"] = full_name(values.get("first_name", ""), cells.middle_name, values.get("last_name", ""))
        elif not (values.get("first_name") or values.get("last_name") or self.reading.file.own):
            first, _, last = split_name(values["name"], cells.region, values.get("language", ""))
            if last:
                values |= {"first_name": first, "last_name": last}

    def _judge(self, draft: Draft, row: SourceRow) -> None:
        lead, texts = draft.lead, row.cells
        if row.header_again or texts == self._headers:
            draft.bad = "This row is the header once more."
        elif not (lead.name or lead.company or lead.external_id or draft.points):
            draft.bad = "Nothing in this row says who it is: no name, company, phone, e-mail or id."

    def _keep_surplus(self, row: SourceRow, draft: Draft) -> None:
        for at, text in enumerate(row.surplus, start=self.reading.file.width + 1):
            if text and not text.isspace():
                name = f"Column {at}"
                while name in self._headers:
                    name += " (surplus)"
                draft.fields[name] = text

    def _morning(self, zone_key: str) -> datetime:
        """A lead parked by the file comes back in the morning of its own clock, some time from now."""
        if zone_key not in self._mornings:
            day = self.reading.now.date() + timedelta(days=SOMETIME_DAYS)
            self._mornings[zone_key] = morning_of(day, zone_key, self.reading.settings)
        return self._mornings[zone_key]
