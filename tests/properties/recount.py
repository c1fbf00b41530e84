"""Every figure of the reports counted once more, row by row, from raw rows: slow, plain, and by nobody's index."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from leaddesk.db.store import DbStore
from leaddesk.workflow.entities import User
from leaddesk.workflow.reports import Report
from leaddesk.workflow.vocabulary import Role

RETURNING = {"ReturnDueLeads", "BringBack", "BringBackLeads", "TakeIn", "ConvertLead"}
LEFT = {"sent", "saved", "sending", "uncertain"}
DAY_MS = 86_400_000
Row = dict[str, Any]
Counts = dict[str, int]


def raw(store: DbStore, *tables: str) -> dict[str, list[Row]]:
    """Whole tables, as stored."""
    with store.reader.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY id")).mappings()]  # noqa: S608
            for name in tables
        }


@dataclass
class Recount:
    """A floor's rows, as one user sees them, between two days of theirs."""

    rows: dict[str, list[Row]]
    user: User
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        self.leads = {row["id"]: row for row in self.rows["lead"]}
        self.kinds = {row["key"]: row["kind"] for row in self.rows["refusal_reason"]}
        self.titles = {row["key"]: row["title"] for row in self.rows["refusal_reason"]}

    def sees(self, lead_id: int) -> bool:
        lead = self.leads.get(lead_id)
        everybody = self.user.role is not Role.OPERATOR
        return lead is not None and (everybody or lead["owner_id"] in (None, self.user.id))

    def day(self, at: int) -> date:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(self.user.zone)).date()

    def within(self, at: int | None) -> bool:
        if at is None:
            return self.since is None and self.until is None
        return (self.since is None or self.day(at) >= self.since) and (self.until is None or self.day(at) <= self.until)

    # Refusals

    def refusals(self, by: str) -> dict[str, Counts]:
        """What the report on refusals counts, by the keys of its rows; the cut by days as `day/reason`."""
        found: defaultdict[str, Counts] = defaultdict(lambda: defaultdict(int))
        for one in self.rows["refusal"]:
            if one["taken_back_at"] is not None or not self.sees(one["lead_id"]) or not self.within(one["at"]):
                continue
            self._count(found, by, one, self.became(one))
        if by in _STAYED:
            for stay in self.rows["stay"]:
                if self.sees(stay["lead_id"]) and self.within(stay["at"]):
                    said = {**stay, "kind": self.kinds.get(stay["reason"], "full"), "competitor": ""}
                    found[self.key(by, said)]["stayed"] += 1
        found.pop("", None) if by == "competitor" else None
        return {key: {name: count for name, count in counts.items() if count} for key, counts in found.items()}

    def _count(self, found: dict[str, Counts], by: str, one: Row, became: Counts) -> None:
        letters = [row for row in self.rows["letter"] if row["refusal_id"] == one["id"]]
        letters = [row for row in letters if row["state"] in LEFT or row["bounced_at"] is not None]
        if by not in ("template", "cohort-template"):
            counts = found[self.key(by, one)]
            counts["refusals"] += 1
            counts[f"reason.{one['reason']}"] += 1
            for name, count in became.items():
                counts[name] += count
        for letter in letters:
            key = self.key(by, {**one, "letter": f"{letter['template']}.{letter['language']}"})
            if by in ("template", "cohort-template"):
                for name, count in became.items():
                    found[key][name] += count
            found[key]["letters"] += 1
            found[key]["answered"] += letter["answered_at"] is not None
            found[key]["bounced"] += letter["bounced_at"] is not None

    def became(self, one: Row) -> Counts:
        back = one["returned_at"]
        if back is None:
            return {}
        later = [r for r in self.rows["refusal"] if r["lead_id"] == one["lead_id"] and r["id"] > one["id"]]
        again = any(r["taken_back_at"] is None for r in later)
        client = self.leads[one["lead_id"]]["converted_at"]
        return {
            "returned": 1,
            "refused_again": int(again),
            "converted": int(not again and client is not None and client >= back),
            **{f"within_{days}": int(back - one["at"] <= days * DAY_MS) for days in (30, 90, 180, 365)},
        }

    def key(self, by: str, one: Row) -> str:
        day = self.day(one["at"])
        parts: dict[str, Callable[[], str]] = {
            "day": lambda: f"{day}",
            "reason": lambda: str(one["reason"]),
            "operator": lambda: str(one["user_id"] or ""),
            "kind": lambda: str(one["kind"]),
            "source": lambda: str(self.leads[one["lead_id"]]["source_id"] or ""),
            "month": lambda: f"{day:%Y-%m}",
            "competitor": lambda: " ".join(one["competitor"].split()).casefold(),
            "template": lambda: one.get("letter", ""),
            "cohort": lambda: f"{day:%Y-%m}",
            "cohort-reason": lambda: f"{day:%Y-%m}/{one['reason']}",
            "cohort-template": lambda: f"{day:%Y-%m}/{one.get('letter', '')}",
        }
        return parts[by]()

    # Parked leads

    def deferred(self, by: str) -> dict[str, Counts]:
        """What the report on parked leads counts, by the keys of its rows."""
        found: defaultdict[str, Counts] = defaultdict(lambda: defaultdict(int))
        for lead in self.leads.values():
            if lead["status"] in ("deferred", "refused") and self.sees(lead["id"]) and self.within(lead["return_at"]):
                key = self.parked_key(by, lead, lead["return_at"], lead["parked_why"])
                found[key][f"{lead['status']}_waiting"] += 1
        for one in self.rows["refusal"]:
            back = one["returned_at"]
            if (
                back is None
                or one["taken_back_at"] is not None
                or not self.sees(one["lead_id"])
                or not self.within(back)
            ):
                continue
            why = self.titles.get(one["reason"], one["reason"])
            counts, became = found[self.parked_key(by, self.leads[one["lead_id"]], back, why)], self.became(one)
            counts["refused_returned"] += 1
            counts["refused_again"] += became["refused_again"]
            counts["refused_converted"] += became["converted"]
        for lead_id, at, next_at, why in self.returns():
            if self.sees(lead_id) and self.within(at):
                counts = found[self.parked_key(by, self.leads[lead_id], at, why)]
                again = any(
                    r["lead_id"] == lead_id and at < r["at"] <= (next_at or r["at"]) and r["taken_back_at"] is None
                    for r in self.rows["refusal"]
                )
                client = self.leads[lead_id]["converted_at"]
                counts["deferred_returned"] += 1
                counts["deferred_refused"] += again
                counts["deferred_converted"] += not again and next_at is None and client is not None and client >= at
        return {key: {name: count for name, count in counts.items() if count} for key, counts in found.items()}

    def parked_key(self, by: str, lead: Row, at: int | None, why: str | None) -> str:
        people = {None: "the pool", **{row["id"]: row["name"] for row in self.rows["app_user"]}}
        sources = {None: "no source", **{row["id"]: row["name"] for row in self.rows["source"]}}
        month = "never" if at is None else f"{self.day(at):%Y-%m}"
        said = " ".join((why or "").split()) or "no reason given"
        return {
            "month": month,
            "reason": said,
            "operator": people[lead["owner_id"]],
            "source": sources[lead["source_id"]],
        }[by]

    def returns(self) -> Iterable[tuple[int, int, int | None, str]]:
        """Each return of a parked lead: whose, when, when the next one was, and why it was parked."""
        done = {
            row["id"]: row["at"]
            for row in self.rows["operation"]
            if row["command"] in RETURNING and row["kind"] == "do" and not row["undone"]
        }
        back: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for line in sorted(self.rows["change"], key=lambda row: row["operation_id"]):
            before = json.loads(line["before"] or "{}")
            told = line["tbl"] == "lead" and line["cols"] != "*" and before.get("status") == "deferred"
            if told and line["operation_id"] in done:
                back[line["row_id"]].append((done[line["operation_id"]], before.get("parked_why", "")))
        for lead_id, times in back.items():
            for place, (at, why) in enumerate(times):
                yield lead_id, at, times[place + 1][0] if place + 1 < len(times) else None, why


TABLES = "lead refusal stay letter refusal_reason operation change app_user source".split()
_STAYED = {"day", "reason", "operator", "kind", "source", "month"}
_RATES = {"share", "answer_rate", "return_rate", "conversion_rate", "deferred_rate", "refused_rate", "watched"}


def told(found: Report) -> dict[str, Counts]:
    """What a report says, in the shape of a recount: counts by the keys of rows, without what is nothing."""
    lines = {}
    for row in found.rows:
        cells = {
            column.key: cell
            for column, cell in zip(found.columns, row.cells, strict=True)
            if isinstance(cell, int) and cell and column.key not in _RATES
        }
        if cells:
            lines[row.key] = cells
    return lines


def expected(counts: dict[str, Counts], found: Report) -> dict[str, Counts]:
    """Of a recount, what a report with these columns shows."""
    names = {("refusals" if one.key == "total" else one.key): one.key for one in found.columns}
    kept = {key: {names[name]: count for name, count in v.items() if name in names} for key, v in counts.items()}
    return {key: v for key, v in kept.items() if v}
