"""Intake: a file of leads comes in as one batch that can be undone whole.

Rows are read a chunk at a time, outside any transaction; each chunk is then decided and written in one short
transaction of its own (`intake_writing.ImportRows`), all under one operation. So memory does not grow with the file,
nobody waits for the import, and a crash leaves a batch that undo takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.intake_ready import Readers
    from leaddesk.workflow.intake_rows import RowReader

CHUNK = 400
"""Rows of one transaction: some tens of milliseconds, so that an operator's command never waits visibly."""
SHOWN_OF_A_KIND = 500
"""Verdicts and warnings kept for showing, of each kind; the counts are of all rows."""
KEPT_AS_EXTRA = frozenset((
    "salutation", "fax", "score", "changed_at", "tax_number", "registration_number", "campaign",
))  # fmt: skip
"""Fields that headers are known by and a lead has no place for: their columns stay extra fields."""

WHY_LEFT_OUT = "Why it was left out"
"""The column we add to rows left out. Mended and brought in again, they say nothing by it."""
IGNORED = "ignored"
"""The field of that column."""


class TakenElsewhere(Refused):
    """Somebody else is bringing the same file in at this moment: nothing is wrong with it."""


class OnDuplicate(StrEnum):
    """What becomes of a row about somebody known.

    `AGAIN` puts it onto their card: a note with what it says, what the card lacked, and a task for its owner.
    """

    AGAIN = "again"
    SKIP = "skip"
    UPDATE = "update"
    CREATE = "create"


class Verdict(StrEnum):
    """What becomes of a row. `SUPPRESSED` is created, but nobody may call or write to it."""

    CREATE = "create"
    SUPPRESSED = "suppressed"
    AGAIN = "again"
    UPDATE = "update"
    SKIP = "skip"
    DUPLICATE = "duplicate"
    BAD = "bad"


class SourceRow(Protocol):
    """One record of a file, as wide as its columns; `number` is the line a person finds it at.

    `flaws` are words about single cells, by column; `header_again` marks the header of a second table further down.
    """

    @property
    def number(self) -> int: ...  # noqa: D102 - the class says it
    @property
    def cells(self) -> tuple[str, ...]: ...  # noqa: D102 - as above
    @property
    def surplus(self) -> tuple[str, ...]: ...  # noqa: D102 - as above
    @property
    def problem(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def empty(self) -> bool: ...  # noqa: D102 - as above
    @property
    def flaws(self) -> tuple[tuple[int, str], ...]: ...  # noqa: D102 - as above
    @property
    def header_again(self) -> bool: ...  # noqa: D102 - as above


class FileWords(Protocol):
    """What the words of a file's cells mean. Goes to other processes, so that rows can be read there."""

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        ...

    @property
    def width(self) -> int:
        """How many columns the header has in the file, nameless empty ones included."""
        ...

    @property
    def own(self) -> frozenset[str]:
        """Columns of ours, where the file is a list we exported: what they say is not the file's own words."""
        ...

    def times(self, column: int, zone: tzinfo) -> Callable[[str], datetime | None]:
        """What reads the times of this column; times that name no zone are `zone`'s."""
        ...

    def numbers(self, fields: Sequence[str | None]) -> Mapping[int, Callable[[Sequence[str]], str]]:
        """What puts together the numbers of phone columns whose country code, area or extension stand apart."""
        ...

    def meaning(self, kind: str, text: str) -> str | None:
        """Ours for another program's word for a status, an outcome or a temperature; None where it is not known."""
        ...

    def yes_no(self, text: str) -> bool | None:
        """What a tick or a word says; None for neither."""
        ...

    def means_empty(self, text: str) -> bool:
        """Whether the cell says only that nothing is known."""
        ...


class LeadFile(Protocol):
    """A file of rows; `exchange.importing` opens one."""

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        ...

    @property
    def own(self) -> frozenset[str]:
        """Columns of ours, where the file is a list we exported."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers, unique."""
        ...

    @property
    def encoding(self) -> str | None:
        """None for a workbook."""
        ...

    @property
    def delimiter(self) -> str | None:
        """None for a workbook."""
        ...

    def rows(self) -> Iterator[SourceRow]:
        """All rows from the start, each time."""
        ...

    def total(self) -> int:
        """About how many rows there are, for a progress bar."""
        ...

    def fields(self, overrides: Mapping[str, str]) -> dict[str, str | None]:
        """Header → field, None for an extra field. Raises `Refused` for overrides that cannot be."""
        ...

    def words(self, times: Sequence[int]) -> FileWords:
        """What its words mean, apart from the file; `times` are the columns that hold times."""
        ...

    def fingerprint(self) -> str:
        """What tells this file's content from any other's."""
        ...


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a person decides about an import; "" leaves it to the file or the settings.

    `words` says what the file's words mean, by kind (`WORD_KINDS`): word → ours, "" for "nothing of ours".
    `requests` says that each row is a request made now, so that whoever is known has come again even where the row
    tells nothing new. `remember` keeps columns and words for the next file with this header; `profile` names one
    kept before.
    """

    source: str = ""
    region: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    on_duplicate: OnDuplicate = OnDuplicate.AGAIN
    owner: str = ""
    dry_run: bool = False
    requests: bool = False
    remember: bool = True
    profile: str = ""


WORD_KINDS = ("status", "source", "owner", "outcome", "temperature")
"""Columns whose words belong to the other program and are mapped to ours one by one."""


@dataclass(frozen=True, slots=True)
class WordUse:
    """One word of the file: what it comes to here ("" for nothing), in how many rows, and whether it was known.

    `ours` is a status, outcome or temperature key, a source's name or a user's login.
    """

    ours: str
    rows: int
    known: bool = True


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is odd about one cell; `header` is "" where it is about the whole row."""

    header: str
    words: str


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """Where one column goes: to a field, or (None) with its header to the lead's extra fields."""

    header: str
    field: str | None


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What became of one row, why, and what was odd about its cells."""

    number: int
    verdict: Verdict
    title: str
    why: str = ""
    warnings: tuple[str, ...] = ()
    problems: tuple[CellProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row left out, with its cells as they stood in the file."""

    number: int
    cells: tuple[str, ...]
    surplus: tuple[str, ...]
    why: str


class Judged(Protocol):
    """A row as far as it is counted."""

    @property
    def held_back(self) -> bool: ...  # noqa: D102 - the class says it
    @property
    def problems(self) -> Sequence[CellProblem]: ...  # noqa: D102 - as above


@dataclass(slots=True)
class Counts:
    """created + updated + skipped + rejected = rows; the others are numbers among these."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    duplicates: int = 0
    suppressed: int = 0
    suspicious: int = 0
    warnings: int = 0
    came_again: int = 0

    def take(self, verdict: Verdict, row: Judged) -> None:
        """Count one row."""
        self.rows += 1
        self.warnings += bool(row.problems)
        match verdict:
            case Verdict.CREATE | Verdict.SUPPRESSED:
                self.created += 1
                self.suppressed += verdict is Verdict.SUPPRESSED
                self.suspicious += row.held_back
            case Verdict.UPDATE | Verdict.AGAIN:
                self.updated += 1
                self.duplicates += 1
                self.came_again += verdict is Verdict.AGAIN
            case Verdict.SKIP | Verdict.DUPLICATE:
                self.skipped += 1
                self.duplicates += 1
            case Verdict.BAD:
                self.rejected += 1

    def as_dict(self) -> dict[str, int]:
        """For the batch's row and for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What came of an import, or (dry run) would come. `batch` and `operation` are 0 where nothing was written.

    `statuses` maps the file's words to (our status, rows), `words` those of every kind. `seconds` are the clock's.
    `cancelled` leaves what came in till then under `operation`: whoever stopped it undoes it or keeps it. `resumed`
    rows had come in before the import was cut short.
    """

    batch: int
    operation: int
    counts: Counts
    seconds: float
    columns: dict[str, str | None]
    statuses: dict[str, tuple[str, int]]
    encoding: str | None
    delimiter: str | None
    rejects: tuple[RejectedRow, ...]
    verdicts: tuple[RowVerdict, ...]
    words: Mapping[str, Mapping[str, WordUse]] = field(default_factory=dict)
    cancelled: bool = False
    dry_run: bool = False
    resumed: int = 0


def plan_columns(file: LeadFile, overrides: Mapping[str, str]) -> tuple[ColumnPlan, ...]:
    """Where each column goes. Raises `Refused` for overrides that cannot be."""
    fields = file.fields(overrides)
    chosen = {
        header: None if name in KEPT_AS_EXTRA and header not in file.own else name for header, name in fields.items()
    }
    return tuple(ColumnPlan(header, chosen[header]) for header in file.columns)


def run_import(
    desk: Desk,
    file: LeadFile,
    options: Options = Options(),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
    readers: Readers | None = None,
) -> ImportResult:
    """Bring the file in, or only say what would come of it.

    `progress` hears rows done and about how many there are, `cancelled` is asked between chunks: what came in till
    then stays, and the result names the operation that takes it back. An import of the same file that was cut short
    goes on where it stopped. `readers` may read the rows in other processes. Raises `Refused` for options that cannot be, and `Unavailable`, after which the batch
    stays 'running': it goes on when asked again, or its operation is undone.
    """
    from leaddesk.workflow.intake_running import Run

    return Run(desk, file, options, progress, cancelled, readers).result()


def row_reader(desk: Desk, file: LeadFile, options: Options, plan: Sequence[ColumnPlan]) -> RowReader:
    """What reads the file's rows into leads, as an import with these (checked) options does."""
    from leaddesk.workflow.intake_cells import TIMES
    from leaddesk.workflow.intake_rows import Reading, RowReader
    from leaddesk.workflow.settings import SettingsNow

    words = file.words([at for at, column in enumerate(plan) if column.field in TIMES])
    settings = desk.read(SettingsNow())
    return RowReader(Reading(words, options.region, desk.clock.now(), zone_of(desk), settings, options.words), plan)


def checked(desk: Desk, options: Options) -> Options:
    """The options, with the region's two letters. Raises `Refused` for a country or an owner there is not."""
    from dataclasses import replace

    from leaddesk.workflow.countries import country_code
    from leaddesk.workflow.settings import SettingsNow
    from leaddesk.workflow.team import Users, by_login, known_logins

    region = country_code(options.region) if options.region.strip() else desk.read(SettingsNow()).text("phones.region")
    if region is None:
        raise Refused(f"“{options.region}” is not a country I know. Write two letters, such as UA.", field="region")
    owner = options.owner.strip()
    if owner:
        users = desk.read(Users())
        user = by_login(users, owner)
        if user is None:
            raise Refused(f"There is no user “{owner}”. There are: {known_logins(users)}.", field="owner")
        owner = user.login
    return replace(options, region=region, owner=owner)


def zone_of(desk: Desk) -> tzinfo:
    """The zone of times that name none: the user's own where it is set."""
    return ZoneInfo(desk.user.zone) if desk.user.zone else UTC
