"""What a file looks like before it is brought in: where each column goes, and what is odd about its first cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake import (
    ColumnPlan,
    LeadFile,
    OnDuplicate,
    Options,
    RejectedRow,
    RowVerdict,
    SourceRow,
    Verdict,
    plan_columns,
    run_import,
)

if TYPE_CHECKING:
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import ImportBatch
    from leaddesk.workflow.intake_ready import Readers

PREVIEWED = 40
"""Rows shown before anything is decided."""
EXTRA = "extra"
"""What `Options.overrides` call a column kept as an extra field. No column is ever dropped."""
EXTRA_WORDS = "extra field, kept on the card"

REMEMBERED, SAID = "remembered", "said"
"""How a column was told by a person: the last time, or now."""

FIELD_WORDS = {
    "name": "name",
    "decides": "decides (yes or no)",
    "email": "e-mail",
    "email_2": "second e-mail",
    "phone_2": "second phone",
    "phone_3": "third phone",
    "zone": "time zone",
    "temperature": "readiness",
    "created_at": "day it came",
    "external_id": "id in the other program",
    "do_not_call": "do not call",
    "do_not_mail": "do not mail",
}
"""Fields whose words differ from their key."""


def field_words(field: str | None) -> str:
    """A field as people say it."""
    return EXTRA_WORDS if field is None else FIELD_WORDS.get(field, field.replace("_", " "))


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What a person says about a file's form; None leaves it to the reader."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What the reader made of a file's form, and what a person should know before going on.

    What is None (and a workbook without other sheets) is nothing that could be read otherwise.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    headed: bool | None = None
    notes: tuple[str, ...] = ()


class ImportDoor(Protocol):
    """The files of the world, as far as the wizard needs them; whoever starts the program gives it."""

    @property
    def fields(self) -> Sequence[str]:
        """The fields a column may go to."""
        ...

    def open(self, path: Path, how: HowToRead | None = None) -> LeadFile:
        """Open a file. Raises `Refused` for what is no table."""
        ...

    def paste(self, text: str, how: HowToRead | None = None) -> LeadFile:
        """Open what was copied in a spreadsheet. Raises `Refused` for what is no table."""
        ...

    def form(self, file: LeadFile) -> Form:
        """How this file was read."""
        ...

    def told(self, file: LeadFile) -> Mapping[str, Told]:
        """Header → what the column was taken for, and why."""
        ...

    def readers(self) -> Readers:
        """Who reads the rows while others are written."""
        ...

    def rejects_path(self, path: Path) -> Path:
        """Where the rows left out go: a name that is not taken yet."""
        ...

    def write_rejects(self, path: Path, columns: Sequence[str], rejects: Sequence[RejectedRow]) -> int:
        """Write the rows left out, with reasons; gives how many."""
        ...


@dataclass(slots=True)
class Choices:
    """What a person has decided so far, shared by the wizard's steps."""

    overrides: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    region: str = ""
    source: str = ""
    owner: str = ""
    on_duplicate: OnDuplicate = OnDuplicate.AGAIN
    requests: bool = False

    def options(self, *, dry_run: bool = False) -> Options:
        """As the import takes them."""
        return Options(
            source=self.source.strip(),
            region=self.region.strip(),
            overrides=dict(self.overrides),
            words={kind: dict(words) for kind, words in self.words.items()},
            on_duplicate=self.on_duplicate,
            owner=self.owner,
            requests=self.requests,
            dry_run=dry_run,
        )

    def forget_file(self) -> None:
        """Another file: what was decided about its columns and words is void, whose leads they become is not."""
        self.overrides, self.words, self.region = {}, {}, ""

    def remember(self, kept: Remembered) -> None:
        """Begin with what was decided about such a file before."""
        self.overrides = {**kept.overrides, **self.overrides}
        self.words = {kind: dict(words) for kind, words in kept.words.items()}


@dataclass(frozen=True, slots=True)
class Remembered:
    """What somebody put right about files with one header: its columns, and the words of another program."""

    overrides: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it stands, and what is odd about it: by column, or about the `whole`. `bad` ones would be left out."""

    number: int
    cells: tuple[str, ...]
    problems: Mapping[int, str]
    whole: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Where a column goes, how sure that is (0 to 1), and how it was told.

    `offer` is a field it may be, where that is too unsure to take it for one.
    """

    field: str | None
    confidence: float
    how: str
    offer: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A file opened, with its first rows read the way they would be brought in.

    `path` is where the file is; pasted rows have none, and the path is where they would be. `remembered` is what was
    decided about files with this header before, `unfinished` an import of this very file that was cut short.
    """

    path: Path
    file: LeadFile
    form: Form
    plan: tuple[ColumnPlan, ...]
    told: Mapping[str, Told]
    rows: tuple[PreviewRow, ...]
    total: int
    region: str
    remembered: Remembered | None = None
    unfinished: ImportBatch | None = None

    @property
    def odd_phones(self) -> bool:
        """Whether most numbers of the first rows are none as they stand."""
        places = phone_places(self.plan)
        given = [(row, at) for row in self.rows for at in places if row.cells[at].strip()]
        return 2 * sum(at in row.problems for row, at in given) > len(given)

    @property
    def country_column(self) -> str:
        """The column that says whose a row's numbers are, "" where there is none."""
        return next((column.header for column in self.plan if column.field == "country"), "")


class _FirstRows:
    """A file that ends after some rows; all else is the file's own."""

    def __init__(self, file: LeadFile, count: int) -> None:
        self._file, self._count = file, count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def rows(self) -> Iterator[SourceRow]:
        """The first that say anything."""
        return islice((row for row in self._file.rows() if not row.empty), self._count)

    def total(self) -> int:
        """No more than these."""
        return self._count


def read_preview(
    desk: Desk, door: ImportDoor, path: Path, file: LeadFile, options: Options, *, first_look: bool
) -> Preview:
    """Read the first rows of a file. For a lane. Raises `Refused` for columns or a country that cannot be.

    At the first look at a file begins what was decided about such files before, and the country its numbers tell.
    """
    from leaddesk.workflow.intake_resume import unfinished
    from leaddesk.workflow.settings import SettingsNow

    remembered = _remembered(desk, file) if first_look else None
    if remembered is not None:
        options = replace(options, overrides={**remembered.overrides, **options.overrides}, words=remembered.words)
    plan = plan_columns(file, options.overrides)
    if first_look and not options.region:
        settled = desk.read(SettingsNow()).text("phones.region")
        options = replace(options, region=settled or _region_of(file, plan))
    # The first rows go through the very rules of the import: what is marked here is what would be said there.
    first = cast("LeadFile", _FirstRows(file, PREVIEWED))
    result = run_import(desk, first, replace(options, dry_run=True, remember=False))
    verdicts = {verdict.number: verdict for verdict in result.verdicts}
    rows = tuple(preview_row(row, file.columns, verdicts.get(row.number)) for row in first.rows())
    told = _told(door.told(file), options.overrides, remembered, plan)
    cut_short = unfinished(desk, file) if first_look else None
    form = door.form(file)
    return Preview(path, file, form, plan, told, rows, file.total(), options.region, remembered, cut_short)


def _remembered(desk: Desk, file: LeadFile) -> Remembered | None:
    """What was decided about files with this header, if it still can be."""
    from leaddesk.workflow.intake_profiles import ProfileOf

    profile = desk.read(ProfileOf(columns=file.columns))
    if profile is None:
        return None
    overrides = {header: name or EXTRA for header, name in profile.columns.items() if header in file.columns}
    try:
        plan_columns(file, overrides)
    except Refused:
        return None
    return Remembered(overrides, profile.words)


def _told(
    guessed: Mapping[str, Told],
    overrides: Mapping[str, str],
    remembered: Remembered | None,
    plan: Sequence[ColumnPlan],
) -> dict[str, Told]:
    found = {}
    for column in plan:
        guess = guessed.get(column.header)
        if remembered is not None and column.header in remembered.overrides:
            found[column.header] = Told(column.field, 1.0, REMEMBERED)
        elif column.header in overrides:
            found[column.header] = Told(column.field, 1.0, SAID)
        elif guess is not None:
            found[column.header] = replace(guess, field=column.field)
    return found


def phone_places(plan: Sequence[ColumnPlan]) -> list[int]:
    """Positions of the columns numbers stand in."""
    return [at for at, column in enumerate(plan) if column.field and "phone" in column.field]


def _region_of(file: LeadFile, plan: Sequence[ColumnPlan]) -> str:
    """The country the numbers tell of themselves, "" if they do not."""
    from leaddesk.workflow.regions import guess_region

    places = phone_places(plan)
    rows = islice(file.rows(), PREVIEWED)
    return guess_region(row.cells[at] for row in rows for at in places if at < len(row.cells))


def preview_row(row: SourceRow, headers: Sequence[str], verdict: RowVerdict | None) -> PreviewRow:
    """A row with what its verdict says about its cells, and about the whole of it."""
    bad = verdict is not None and verdict.verdict is Verdict.BAD
    whole = [verdict.why] if verdict is not None and bad else []
    found: dict[int, list[str]] = {}
    for problem in verdict.problems if verdict is not None else ():
        if problem.header in headers:
            found.setdefault(headers.index(problem.header), []).append(problem.words)
        else:
            whole.append(problem.words)
    problems = {at: "\n".join(words) for at, words in found.items() if at < len(row.cells)}
    return PreviewRow(row.number, row.cells, problems, "\n".join(whole), bad)
