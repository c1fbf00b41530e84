"""Reports on refusals and parked leads: what is counted, over which rows, and from where.

A report is a table: columns that say what they mean, rows with a key, and a last line over all rows where adding up
makes sense. Days and months are those of the asker's own clock. An operator's report counts their own leads and the
pool's, a team lead's all (PRODUCT 11). Refusals that were taken back are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from leaddesk.workflow.desk import Question
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    Cell = str | int | float | date | None
    """Numbers stay numbers; a percentage is of a hundred, with one digit, and None where there is nothing to divide by."""

WINDOWS = (30, 90, 180, 365)
"""Days after a refusal within which returns of a cohort are counted."""


class CellKind(StrEnum):
    """How a column's cells are shown. A month is text, such as "2026-03"; None in a month's place is "never"."""

    TEXT = "text"
    DAY = "day"
    MONTH = "month"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column: a key that never changes, its heading, and what it counts."""

    key: str
    title: str
    help: str = ""
    kind: CellKind = CellKind.COUNT


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row; `key` is what it is about as stored (a reason's key, a user's id, a day)."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """An answered report. `total` is None where rows do not add up."""

    name: str
    by: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[ReportRow, ...]
    total: tuple[Cell, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report there is, with the ways it can be cut; the first is what it gives unless asked otherwise."""

    name: str
    title: str
    help: str
    ways: dict[str, str]


REPORTS = (
    ReportKind(
        "refusals",
        "Refusals",
        "Why leads refuse, what our letters answer, and what becomes of those who refused.",
        {
            "day": "days, with a column for each reason",
            "reason": "reasons",
            "operator": "who wrote the refusal up",
            "kind": "full refusal, won’t talk now, ignores us",
            "source": "where the leads came from",
            "month": "months",
            "competitor": "whom they chose instead",
            "template": "letter templates and their languages",
            "cohort": "months of refusal, and how soon they came back",
            "cohort-reason": "months of refusal and reasons",
            "cohort-template": "months of refusal and letter templates",
        },
    ),
    ReportKind(
        "deferred",
        "Parked leads",
        "Who comes back when, who came back, and what became of them; parked and refused leads apart.",
        {
            "month": "months of return",
            "reason": "why they were parked or refused",
            "operator": "whose leads they are",
            "source": "where the leads came from",
        },
    ),
)
_BY_NAME = {report.name: report for report in REPORTS}


@dataclass(frozen=True, kw_only=True)
class _ReportQuestion(Question[Report]):
    name: ClassVar[str] = ""
    by: str = ""
    since: date | None = None
    until: date | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        """Raises `Refused` for a way there is not, or days the wrong way round."""
        ways = _BY_NAME[self.name].ways
        if not self.by:
            object.__setattr__(self, "by", next(iter(ways)))
        if self.by not in ways:
            raise Refused(
                f"{_BY_NAME[self.name].title} are not told by “{self.by}” but by {', '.join(ways)}.", field="by"
            )
        if self.since and self.until and self.until < self.since:
            raise Refused(f"From {self.since} to {self.until} there are no days. Turn them round.", field="to")


@dataclass(frozen=True, kw_only=True)
class RefusalsReport(_ReportQuestion):
    """Refusals written up from `since` to `until` (days of the asker, both included), cut `by` one of the ways."""

    name: ClassVar[str] = "refusals"


@dataclass(frozen=True, kw_only=True)
class DeferredReport(_ReportQuestion):
    """Parked and refused leads whose day to come back, or whose return, lies from `since` to `until`."""

    name: ClassVar[str] = "deferred"


_QUESTIONS: dict[str, type[RefusalsReport | DeferredReport]] = {
    "refusals": RefusalsReport,
    "deferred": DeferredReport,
}


def report_question(
    name: str, by: str = "", since: date | None = None, until: date | None = None, language: str = "en"
) -> RefusalsReport | DeferredReport:
    """The question behind a report's name. Raises `Refused` naming the reports, or the ways, there are."""
    if name not in _QUESTIONS:
        raise Refused(f"There is no report “{name}”. There are: {', '.join(_QUESTIONS)}.", field="name")
    return _QUESTIONS[name](by=by, since=since, until=until, language=language)


def percent(part: int, whole: int) -> float | None:
    """Of a hundred, with one digit; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


_COLUMNS = {
    column.key: column
    for column in (
        ReportColumn("refusals", "Refusals", "Refusals written up, but for those taken back."),
        ReportColumn("share", "Share, %", "Of all refusals in this report.", CellKind.PERCENT),
        ReportColumn("stayed", "Stayed", "Gave the reason and stayed after what we answered (“They stayed”)."),
        ReportColumn(
            "letters", "Letters", "Letters of these refusals that left: by the mail server, as a file or otherwise."
        ),
        ReportColumn("answered", "Answered", "Letters that were answered, by mail or told to us."),
        ReportColumn("answer_rate", "Answered, %", "Of the letters that left.", CellKind.PERCENT),
        ReportColumn("bounced", "Bounced", "Letters that came back: the address does not take mail."),
        ReportColumn(
            "returned", "Came back", "Refusals whose lead came back into work: by its day, by hand or by an answer."
        ),
        ReportColumn(
            "return_rate", "Came back, %", "Of the refusals; of the letters where those are counted.", CellKind.PERCENT
        ),
        ReportColumn("refused_again", "Refused again", "Came back, and the next thing that came of it was a refusal."),
        ReportColumn("converted", "Became clients", "Came back and became clients without refusing once more."),
        ReportColumn("conversion_rate", "Became clients, %", "Of those that came back.", CellKind.PERCENT),
        ReportColumn(
            "watched",
            "Watched, days",
            "Whole days since the end of the month: returns that need longer than this have not all happened yet.",
        ),
        *(
            ReportColumn(
                f"within_{days}", f"Within {days} days", f"Came back within {days} days of the refusal, so far."
            )
            for days in WINDOWS
        ),
    )
}
_BREAKDOWN = (
    "refusals", "share", "stayed", "letters", "answered", "returned", "return_rate", "refused_again", "converted",
    "conversion_rate",
)  # fmt: skip
_TEMPLATE = (
    "letters", "answered", "answer_rate", "bounced", "returned", "return_rate", "refused_again", "converted",
    "conversion_rate",
)  # fmt: skip
_WITHIN = tuple(f"within_{days}" for days in WINDOWS)
_COHORT = ("refusals", "watched", *_WITHIN, "returned", "return_rate", "refused_again", "converted", "conversion_rate")
_COHORT_LETTERS = ("letters", "answered", "watched", *_COHORT[2:])

_MONTH = ReportColumn("month", "Month", kind=CellKind.MONTH)
_REASON = ReportColumn("reason", "Reason", kind=CellKind.TEXT)
_LETTER = (
    ReportColumn("template", "Letter", kind=CellKind.TEXT),
    ReportColumn("language", "Language", kind=CellKind.TEXT),
)
_WAYS: dict[str, tuple[tuple[ReportColumn, ...], tuple[str, ...]]] = {
    "reason": ((_REASON,), _BREAKDOWN),
    "operator": ((ReportColumn("operator", "Operator", kind=CellKind.TEXT),), _BREAKDOWN),
    "kind": ((ReportColumn("kind", "How far the “no” goes", kind=CellKind.TEXT),), _BREAKDOWN),
    "source": ((ReportColumn("source", "Source", kind=CellKind.TEXT),), _BREAKDOWN),
    "month": ((_MONTH,), _BREAKDOWN),
    "competitor": (
        (ReportColumn("competitor", "Competitor", kind=CellKind.TEXT),),
        tuple(key for key in _BREAKDOWN if key != "stayed"),
    ),
    "template": (_LETTER, _TEMPLATE),
    "cohort": ((_MONTH,), _COHORT),
    "cohort-reason": ((_MONTH, _REASON), _COHORT),
    "cohort-template": ((_MONTH, *_LETTER), _COHORT_LETTERS),
}
"""By way of cutting the refusals: what a row is about, and what is counted in it."""


@dataclass(slots=True)
class Tally:
    """What is counted of some refusals. `within` goes with `WINDOWS`; `watched` is days, or None."""

    refusals: int = 0
    stayed: int = 0
    letters: int = 0
    answered: int = 0
    bounced: int = 0
    returned: int = 0
    refused_again: int = 0
    converted: int = 0
    within: tuple[int, ...] = (0,) * len(WINDOWS)
    watched: int | None = None

    def take(self, other: Tally) -> None:
        """Count these as well."""
        for name in ("refusals", "stayed", "letters", "answered", "bounced", "returned", "refused_again", "converted"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.within = tuple(mine + theirs for mine, theirs in zip(self.within, other.within, strict=True))

    def cells(self, keys: Sequence[str], whole: int) -> tuple[Cell, ...]:
        """The cells of these columns, among so many refusals in all."""
        base = self.refusals if "refusals" in keys else self.letters
        worked_out: dict[str, Cell] = {
            "share": percent(self.refusals, whole),
            "answer_rate": percent(self.answered, self.letters),
            "return_rate": percent(self.returned, base),
            "conversion_rate": percent(self.converted, self.returned),
            **dict(zip(_WITHIN, self.within, strict=True)),
        }
        return tuple(worked_out[key] if key in worked_out else getattr(self, key) for key in keys)


def breakdown(way: str, found: Iterable[tuple[str, tuple[Cell, ...], Tally]]) -> Report:
    """The table of one way of cutting: rows of (key, what it is about, what was counted), and all of them added up."""
    heads, keys = _WAYS[way]
    rows = list(found)
    total = Tally()
    for _, _, tally in rows:
        total.take(tally)
    made = tuple(ReportRow(key, (*about, *tally.cells(keys, total.refusals))) for key, about, tally in rows)
    blank = (None,) * len(heads)
    columns = (*heads, *(_COLUMNS[key] for key in keys))
    return Report("refusals", way, columns, made, (*blank, *total.cells(keys, total.refusals)))


def refusals_by_day(reasons: Sequence[tuple[str, str]], days: Iterable[tuple[date, dict[str, int], int]]) -> Report:
    """The table a team lead used to fill in by hand: days down, reasons across. `reasons` are keys with titles."""
    columns = (
        ReportColumn("day", "Day", "By your own clock.", CellKind.DAY),
        *(ReportColumn(f"reason.{key}", title, "Refusals for this reason.") for key, title in reasons),
        ReportColumn("total", "Total", "All refusals of the day."),
        _COLUMNS["stayed"],
    )
    rows = []
    sums = [0] * (len(reasons) + 2)
    for day, counts, stayed in days:
        cells = [*(counts.get(key, 0) for key, _ in reasons), sum(counts.values()), stayed]
        sums = [one + other for one, other in zip(sums, cells, strict=True)]
        rows.append(ReportRow(day.isoformat(), (day, *cells)))
    return Report("refusals", "day", columns, tuple(rows), (None, *sums))


@dataclass(slots=True)
class ParkedTally:
    """What is counted of parked leads, first the deferred, then the refused: (deferred, refused)."""

    waiting: list[int]
    returned: list[int]
    converted: list[int]
    refused: list[int]

    @classmethod
    def new(cls) -> ParkedTally:
        """Nothing yet."""
        return cls([0, 0], [0, 0], [0, 0], [0, 0])

    def take(self, other: ParkedTally) -> None:
        """Count these as well."""
        for name in ("waiting", "returned", "converted", "refused"):
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, [one + more for one, more in zip(mine, theirs, strict=True)])

    def cells(self) -> tuple[Cell, ...]:
        """In the order of the columns."""
        groups = (self.waiting, self.returned, self.converted, self.refused)
        rates = (percent(done, back) for done, back in zip(self.converted, self.returned, strict=True))
        return (*(count for group in groups for count in group), *rates)


_PARKED_COLUMNS = (
    ReportColumn("deferred_waiting", "Parked, waiting", "Parked now; counted in the month they are to come back."),
    ReportColumn("refused_waiting", "Refused, waiting", "Refused now; with a day to come back, counted in its month."),
    ReportColumn(
        "deferred_returned", "Parked, came back", "Were parked and came back then, by their day or before it."
    ),
    ReportColumn("refused_returned", "Refused, came back", "Had refused and came back then."),
    ReportColumn("deferred_converted", "Parked → clients", "Of those that came back then, so many became clients."),
    ReportColumn("refused_converted", "Refused → clients", "Of those that came back then, so many became clients."),
    ReportColumn("deferred_refused", "Parked → refused", "Of those that came back then, so many refused."),
    ReportColumn("refused_again", "Refused again", "Of those that came back then, so many refused once more."),
    ReportColumn("deferred_rate", "Parked → clients, %", "Of the parked that came back.", CellKind.PERCENT),
    ReportColumn("refused_rate", "Refused → clients, %", "Of the refused that came back.", CellKind.PERCENT),
)
_PARKED_HEADS = {
    "month": ReportColumn("month", "Month", "By your own clock; “never”: they do not come back.", CellKind.MONTH),
    "reason": ReportColumn("reason", "Why", kind=CellKind.TEXT),
    "operator": ReportColumn("operator", "Whose leads", kind=CellKind.TEXT),
    "source": ReportColumn("source", "Source", kind=CellKind.TEXT),
}


def parked_breakdown(way: str, found: Iterable[tuple[str, Cell, ParkedTally]]) -> Report:
    """The table of parked leads: rows of (key, what it is about, what was counted), and all of them added up."""
    rows = list(found)
    total = ParkedTally.new()
    for _, _, tally in rows:
        total.take(tally)
    made = tuple(ReportRow(key, (about, *tally.cells())) for key, about, tally in rows)
    return Report("deferred", way, (_PARKED_HEADS[way], *_PARKED_COLUMNS), made, (None, *total.cells()))
