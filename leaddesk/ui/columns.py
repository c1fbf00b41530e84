"""What the tables show: columns are declared here once; menus, headers, painting and memory follow from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from leaddesk.workflow.cards import ClientRow, LeadRow
from leaddesk.workflow.vocabulary import PARKED_STATUSES, Status, Temperature
from leaddesk.workflow.when import say_when

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

R = TypeVar("R")

START, END = "start", "end"
"""Sides by reading direction, so that right-to-left languages mirror."""

MARKS = {Temperature.HOT: "▲", Temperature.WARM: "◆", Temperature.COLD: "●"}
"""Temperature has a shape beside its colour and word."""

STATUS_KINDS = {
    Status.NEW: "accent",
    Status.IN_PROGRESS: "chip",
    Status.QUALIFIED: "ok",
    Status.CONVERTED: "ok",
    Status.REFUSED: "hot",
    Status.DEFERRED: "warm",
    Status.DISQUALIFIED: "chip",
}
"""The colour family of a status chip; the word on it says the same."""


@dataclass(frozen=True, slots=True)
class Say:
    """How times are said: in the zone of whoever looks, seen from now."""

    zone: tzinfo
    now: datetime

    def when(self, moment: datetime | None) -> str:
        """The moment in words, "" for none. In another year nobody looks for the minute, and it would not fit."""
        if moment is None:
            return ""
        there, here = moment.astimezone(self.zone), self.now.astimezone(self.zone)
        return say_when(there, here, exact=None if there.year == here.year else False)

    def day(self, moment: datetime | None) -> str:
        """The day alone, "" for none."""
        if moment is None:
            return ""
        return say_when(moment.astimezone(self.zone), self.now.astimezone(self.zone), exact=False)

    def late(self, moment: datetime | None) -> str:
        """How late it is in words, "" if it is not."""
        if moment is None or moment >= self.now:
            return ""
        minutes = int((self.now - moment).total_seconds()) // 60
        if minutes < 60:
            return f"{minutes} min late" if minutes else ""
        return f"{minutes // 60} h late" if minutes < 48 * 60 else f"{minutes // 1440} d late"


def nothing(_row: Any, _say: Say) -> str:
    """A column's second line where it has none."""
    return ""


def no_chip(_row: Any, _say: Say) -> str:
    """A column that is no chip."""
    return ""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column. `text` is its first line, `sub` a muted second one.

    `chip` gives the colour family in which `text` is painted as a chip, "" for plain text; `badge` a small grey
    chip after the text; `alarm` says the second line (else the first) is painted as late. `sort` is the key the
    question sorts by, "" if it cannot; `width` is in pixels at 100 % and 10 pt.
    """

    key: str
    title: str
    text: Callable[[R, Say], str]
    sort: str = ""
    align: str = START
    width: int = 120
    sub: Callable[[R, Say], str] = nothing
    chip: Callable[[R, Say], str] = no_chip
    badge: Callable[[R, Say], str] = nothing
    alarm: Callable[[R, Say], bool] = lambda _row, _say: False
    bold: bool = False
    shown: bool = True
    down: bool = False
    """Whether the first click on the header sorts downwards (newest, hottest first)."""


def _name(row: LeadRow, _say: Say) -> str:
    return row.name or row.company or f"Lead #{row.id}"


def _next(row: LeadRow, say: Say) -> str:
    if row.status in PARKED_STATUSES:
        return f"back {say.day(row.return_at)}" if row.return_at else "stays away"
    if row.next_at is None and row.status is Status.NEW:
        return "first call"
    return say.when(row.next_at)


def _next_sub(row: LeadRow, say: Say) -> str:
    if row.status in PARKED_STATUSES:
        return row.parked_why
    return say.late(row.next_at)


def _badge(row: LeadRow, _say: Say) -> str:
    if row.suspicious:
        return "suspicious"
    return "incomplete" if row.incomplete else ""


def _is_open(row: LeadRow) -> bool:
    return row.status in (Status.NEW, Status.IN_PROGRESS, Status.QUALIFIED)


LEADS: tuple[Column[LeadRow], ...] = (
    Column(
        "name",
        "Lead",
        _name,
        sort="name",
        width=200,
        sub=lambda r, _s: r.company if r.name else "",
        badge=_badge,
        bold=True,
    ),
    Column(
        "temperature",
        "Readiness",
        lambda r, _s: f"{MARKS[r.temperature]} {r.temperature.value}",
        sort="temperature",
        width=82,
        chip=lambda r, _s: r.temperature.value,
    ),
    Column(
        "status",
        "Status",
        lambda r, _s: r.status.words,
        sort="status",
        width=104,
        chip=lambda r, _s: STATUS_KINDS[r.status],
    ),
    Column(
        "next",
        "Next step",
        _next,
        sort="next",
        width=140,
        sub=_next_sub,
        alarm=lambda r, s: _is_open(r) and bool(s.late(r.next_at)),
    ),
    Column("phone", "Phone", lambda r, _s: r.phone, width=228, sub=lambda r, _s: r.email),
    Column("score", "Score", lambda r, _s: str(r.score), sort="score", align=END, width=64, down=True),
    Column("owner", "Owner", lambda r, _s: r.owner or "pool", sort="owner", width=120, sub=lambda r, _s: r.source),
    Column("source", "Source", lambda r, _s: r.source, sort="source", width=130, shown=False),
    Column("company", "Company", lambda r, _s: r.company, sort="company", width=170, shown=False),
    Column("email", "E-mail", lambda r, _s: r.email, width=190, shown=False),
    Column("place", "Place", lambda r, _s: r.city, sort="country", width=120, sub=lambda r, _s: r.country, shown=False),
    Column("last_call", "Last call", lambda r, s: s.when(r.last_call_at), sort="last_call", down=True, shown=False),
    Column("touches", "Touches", lambda r, _s: str(r.touches), sort="touches", align=END, width=76, shown=False),
    Column("attempts", "Tries", lambda r, _s: str(r.attempts), sort="attempts", align=END, width=64, shown=False),
    Column("tags", "Tags", lambda r, _s: ", ".join(r.tags), width=130, shown=False),
    Column("created", "Came", lambda r, s: s.when(r.created_at), sort="created", width=130, down=True, shown=False),
    Column("changed", "Changed", lambda r, s: s.when(r.changed_at), sort="changed", width=130, down=True, shown=False),
)


CLIENTS: tuple[Column[ClientRow], ...] = (
    Column(
        "title",
        "Client",
        lambda r, _s: r.title,
        sort="title",
        width=230,
        sub=lambda r, _s: r.name if r.name != r.title else "",
        bold=True,
    ),
    Column("phone", "Phone", lambda r, _s: r.phone, width=212, sub=lambda r, _s: r.email),
    Column("country", "Country", lambda r, _s: r.country, sort="country", width=76),
    Column("tax", "Tax number", lambda r, _s: r.tax_number or "—", sort="tax_number", width=130),
    Column("owner", "Owner", lambda r, _s: r.owner or "nobody", sort="owner", width=130),
    Column("leads", "Leads", lambda r, _s: str(r.leads), align=END, width=64),
    Column("created", "Client since", lambda r, s: s.day(r.created_at), sort="created", width=120, down=True),
    Column("name", "Person", lambda r, _s: r.name, sort="name", width=160, shown=False),
    Column("company", "Company", lambda r, _s: r.company, sort="title", width=170, shown=False),
    Column("email", "E-mail", lambda r, _s: r.email, width=190, shown=False),
    Column("changed", "Changed", lambda r, s: s.when(r.changed_at), sort="changed", width=130, down=True, shown=False),
)


def return_group(return_at: datetime | None, say: Say) -> str:
    """Which part of the Parked page a lead is in, by the day it comes back."""
    if return_at is None:
        return "Never"
    if return_at <= say.now:
        return "Overdue"
    today, day = say.now.astimezone(say.zone).date(), return_at.astimezone(say.zone).date()
    if day <= today + timedelta(days=6 - today.weekday()):
        return "This week"
    return "This month" if (day.year, day.month) == (today.year, today.month) else "Later"


GROUP_KINDS = {"Overdue": "hot", "This week": "warm", "This month": "accent", "Later": "chip", "Never": "chip"}


@dataclass(slots=True)
class Layout:
    """How somebody likes a table: keys of the columns shown, in order, and widths in pixels."""

    shown: list[str]
    widths: dict[str, int] = field(default_factory=dict)


def usual(columns: tuple[Column[Any], ...]) -> Layout:
    """The layout before anybody changed it."""
    return Layout([c.key for c in columns if c.shown], {c.key: c.width for c in columns})


class ColumnMemory:
    """Keeps each table's layout in the user's own settings, by the table's name."""

    def __init__(self, settings: QSettings) -> None:
        """`settings` is the user's; tests give a file of their own."""
        self._settings = settings

    def load(self, table: str, columns: tuple[Column[Any], ...]) -> Layout:
        """What was kept, without columns there no longer are; the usual layout if nothing sensible was."""
        layout = usual(columns)
        try:
            kept = json.loads(str(self._settings.value(f"tables/{table}", "")))
            shown = [key for key in kept["shown"] if key in layout.widths]
            widths = {key: int(kept["widths"][key]) for key in layout.widths if key in kept["widths"]}
        except (ValueError, KeyError, TypeError):
            return layout
        return Layout(shown or layout.shown, layout.widths | {k: w for k, w in widths.items() if 24 <= w <= 2000})

    def save(self, table: str, layout: Layout) -> None:
        """Keep a layout."""
        kept = {"shown": layout.shown, "widths": layout.widths}
        self._settings.setValue(f"tables/{table}", json.dumps(kept, sort_keys=True))

    def sizes(self, table: str) -> list[int]:
        """How the table shares its page with the card, in pixels; empty for "as usual"."""
        try:
            sizes = [int(size) for size in json.loads(str(self._settings.value(f"sizes/{table}", "")))]
        except (ValueError, TypeError):
            return []
        return sizes if len(sizes) == 2 and min(sizes) >= 0 and max(sizes) > 0 else []

    def save_sizes(self, table: str, sizes: list[int]) -> None:
        """Keep how they share."""
        self._settings.setValue(f"sizes/{table}", json.dumps(sizes))


def users_memory() -> ColumnMemory:
    """The memory of whoever is signed in to this machine."""
    from PySide6.QtCore import QSettings

    return ColumnMemory(QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "LeadDesk", "tables"))
