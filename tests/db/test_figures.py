"""Every figure that is counted by index is what counting row by row gives; and what is asked at a key reads by index."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, insert

from leaddesk.db.figure_indexes import PARKED, RETURNING, WAS_PARKED
from leaddesk.db.letter_tables import letter
from leaddesk.db.store import DbStore
from leaddesk.db.tables import change, lead, operation, refusal, source, stay, task
from leaddesk.workflow.cards import Today
from leaddesk.workflow.desk import Desk, Question
from leaddesk.workflow.outbox import OutboxNow
from leaddesk.workflow.parked import ParkedIds
from leaddesk.workflow.parking import DueToReturn, Parked
from leaddesk.workflow.refusals import Reasons
from leaddesk.workflow.reports import REPORTS, RefusalsReport, report_question
from leaddesk.workflow.tasks import OpenTasks
from leaddesk.workflow.vocabulary import OPEN_STATUSES, LetterState, Status
from tests.engines import START
from tests.properties.recount import TABLES, Recount, expected, raw, told

NOW = int(START.timestamp() * 1000)
DAY = 86_400_000
LEADS = 60
ZONES = ("Europe/Kyiv", "America/New_York")


def years(random: Random) -> int:
    """An instant of the last three years, every fourth of them at the edge of a day."""
    at = NOW - random.randrange(3 * 365 * DAY)
    return at - at % DAY + random.choice((-2, -3)) * DAY // 24 if random.random() < 0.25 else at


def leads(random: Random) -> Iterator[dict[str, Any]]:
    for number in range(1, LEADS + 1):
        status = random.choice(list(Status))
        parked = status in (Status.DEFERRED, Status.REFUSED)
        yield {
            "id": number,
            "name": f"Lead {number}",
            "status": str(status),
            "owner_id": random.choice((None, 1, 2)),
            "source_id": random.choice((None, 1, 2)),
            "converted_at": years(random) if status is Status.CONVERTED or random.random() < 0.1 else None,
            "return_at": years(random) + 400 * DAY if parked and random.random() < 0.8 else None,
            "parked_why": random.choice(("", "Too expensive", "asks  in spring")) if parked else "",
        }


def refusals(random: Random) -> Iterator[dict[str, Any]]:
    for number in range(1, 241):
        at = years(random)
        yield {
            "id": number,
            "lead_id": random.randint(1, LEADS),
            "user_id": random.choice((None, 1, 2)),
            "at": at,
            "kind": random.choice(("full", "not_now")),
            "reason": random.choice(("price", "budget", "no_need", "old one")),
            "competitor": random.choice(("", "", "Acme  Ltd", "acme ltd")),
            "returned_at": at + random.randrange(1, 400) * DAY if random.random() < 0.5 else None,
            "taken_back_at": at + 1 if random.random() < 0.1 else None,
        }


def letters(random: Random) -> Iterator[dict[str, Any]]:
    for number in range(1, 161):
        yield {
            "lead_id": random.randint(1, LEADS),
            "refusal_id": random.randint(1, 240) if random.random() < 0.8 else None,
            "template": random.choice(("farewell.price", "farewell.budget")),
            "language": random.choice(("en", "uk")),
            "state": str(random.choice(list(LetterState))),
            "answered_at": NOW if random.random() < 0.3 else None,
            "bounced_at": NOW if random.random() < 0.1 else None,
            "created_at": NOW - number,
        }


def journal(random: Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Operations in the order of time, those that bring leads back among others, some of them undone."""
    commands = ("ReturnDueLeads", "BringBack", "BringBackLeads", "TakeIn", "ConvertLead", "LogCall", "EditLead")
    times = sorted(years(random) for _ in range(200))
    operations = [
        {
            "id": number,
            "at": at,
            "user_id": random.choice((None, 1, 2)),
            "command": random.choice(commands),
            "kind": random.choice(("do", "do", "do", "undo")),
            "undone": int(random.random() < 0.1),
        }
        for number, at in enumerate(times, start=1)
    ]
    changes = []
    for one in operations:
        for lead_id in random.sample(range(1, LEADS + 3), random.choice((1, 1, 5))):
            before = {"status": random.choice(("deferred", "deferred", "refused", "new")), "parked_why": "holidays"}
            kind = random.choice(("update", "update", "update", "new", "gone", "task"))
            changes.append(
                {
                    "operation_id": one["id"],
                    "tbl": "task" if kind == "task" else "lead",
                    "row_id": lead_id,
                    "cols": "status,parked_why" if kind in ("update", "task") else "*",
                    "before": None if kind == "new" else json.dumps(before),
                    "after": None if kind == "gone" else json.dumps({"status": "new", "parked_why": ""}),
                }
            )
    return operations, changes


@pytest.fixture(params=[1, 2])
def filled(request: pytest.FixtureRequest, store: DbStore) -> DbStore:
    """Three years of everything reports count, made up at random."""
    random = Random(request.param)
    operations, changes = journal(random)
    tasks = [
        {
            "lead_id": random.randint(1, LEADS),
            "owner_id": random.choice((None, 1, 2)),
            "kind": "call",
            "due_at": NOW + random.randint(-5, 5) * DAY,
            "promised": random.randint(0, 1),
            "done_at": random.choice((None, None, NOW)),
            "dropped": int(random.random() < 0.2),
        }
        for _ in range(80)
    ]
    stays = [
        {
            "lead_id": random.randint(1, LEADS),
            "user_id": random.choice((1, 2)),
            "at": years(random),
            "reason": random.choice(("price", "not_now", "old one")),
        }
        for _ in range(60)
    ]
    sources = [{"id": number, "name": name} for number, name in ((1, "Web"), (2, "Exhibition"))]
    with store.writing() as connection:
        for table, rows in (
            (source, sources), (lead, leads(random)), (refusal, refusals(random)), (letter, letters(random)),
            (stay, stays), (operation, operations), (change, changes), (task, tasks),
        ):  # fmt: skip
            connection.execute(insert(table), list(rows))
        connection.commit()
    return store


def desks(store: DbStore, desk: Desk, operator_desk: Desk) -> Iterator[Desk]:
    for one, zone in zip((desk, operator_desk), ZONES, strict=True):
        yield Desk(store, one.clock, replace(one.user, zone=zone))


@pytest.mark.parametrize(
    ("since", "until"),
    [(None, None), (date(2025, 12, 2), date(2026, 3, 2)), (date(2025, 3, 30), None), (None, date(2025, 10, 26))],
)
def test_every_cut_of_every_report_is_what_counting_row_by_row_gives(
    filled: DbStore, desk: Desk, operator_desk: Desk, since: date | None, until: date | None
) -> None:
    rows = raw(filled, *TABLES)
    for one in desks(filled, desk, operator_desk):
        recount = Recount(rows, one.user, since, until)
        for kind in REPORTS:
            for by in kind.ways:
                question = report_question(kind.name, by, since, until)
                found = one.read(question)
                counts = recount.refusals(by) if isinstance(question, RefusalsReport) else recount.deferred(by)
                assert told(found) or kind.name == "deferred"
                assert told(found) == expected(counts, found), f"{kind.name} by {by} for {one.user.login}"


def test_counters_beside_the_reports(filled: DbStore, desk: Desk, operator_desk: Desk) -> None:
    rows = raw(filled, *TABLES, "task", "client")
    of = {row["id"]: row for row in rows["lead"]}
    standing = [row for row in rows["refusal"] if row["taken_back_at"] is None]
    for one in desks(filled, desk, operator_desk):
        recount, me = Recount(rows, one.user), one.user.id
        mine = recount.sees if one.user.login == "anna" else bool
        today = one.read(Today())
        due = [t for t in rows["task"] if t["done_at"] is None and not t["dropped"] and t["due_at"] <= NOW]
        owners = (None, me) if one.user.login == "anna" else (None, 1, 2)
        assert today.callbacks_due == sum(t["promised"] and t["owner_id"] in owners for t in due)
        done = [o for o in rows["operation"] if o["user_id"] == me and o["kind"] == "do" and not o["undone"]]
        midnight = recount.day(NOW)
        assert today.converted == sum(o["command"] == "ConvertLead" and recount.day(o["at"]) == midnight for o in done)
        assert (today.leads, today.clients) == (LEADS, 0)
        parked = [row for row in of.values() if row["status"] in ("deferred", "refused")]
        by_day = sorted(parked, key=lambda row: (row["return_at"] is None, row["return_at"] or 0, row["id"]))
        assert [row.id for row in one.read(Parked())] == [row["id"] for row in by_day if mine(row["id"])]
        assert list(one.read(ParkedIds())) == [row["id"] for row in by_day if mine(row["id"])]
        down = sorted(parked, key=lambda row: (row["return_at"] is None, -(row["return_at"] or 0), -row["id"]))
        assert list(one.read(ParkedIds(descending=True))) == [row["id"] for row in down if mine(row["id"])]
        assert one.read(DueToReturn()) == [row["id"] for row in by_day if row["return_at"] and row["return_at"] <= NOW]
        box = one.read(OutboxNow())
        seen = [row for row in rows["letter"] if mine(row["lead_id"])]
        assert box.counts == {s: n for s in LetterState if (n := sum(row["state"] == s for row in seen))}
        assert box.answered == sum(row["answered_at"] is not None for row in seen)
    for row in desk.read(Reasons(retired=True)):
        said = [one for one in standing if one["reason"] == row.reason.key]
        back = [one for one in said if one["returned_at"] is not None]
        clients = [one for one in back if of[one["lead_id"]]["status"] == "converted"]
        assert (row.used, row.returned, row.converted) == (len(said), len(back), len(clients))
        assert row.share == round(100 * len(said) / len(standing))
    assert [r.share for r in desk.read(Reasons(outcomes=False))] == [r.share for r in desk.read(Reasons())]


# By index

INTERACTIVE: dict[str, Question[Any]] = {
    "counters of the day": Today(),
    "reasons in a form": Reasons(outcomes=False),
    "leads whose day has come": DueToReturn(),
    "parked leads on the command line": Parked(),
    "what stands in the outbox": OutboxNow(),
    "open tasks": OpenTasks(),
}
GROWING = r"(lead|call|task|operation|change|contact_point|refusal|letter|stay|note)"
SMALL = (
    "lead USING COVERING INDEX|refusal USING (COVERING )?INDEX ix_refusal_reason|stay USING COVERING INDEX ix_stay_reason"
    "|letter USING COVERING INDEX ix_letter_counted|task USING INDEX ix_task_due"
)
SCANS = {
    # But for an index that holds what is counted and nothing else: leads, reasons given, letters by state, open tasks.
    "sqlite": re.compile(rf"SCAN (?!{SMALL}){GROWING}\b"),
    "postgresql": re.compile(rf"Seq Scan on {GROWING}\b"),
}


@pytest.fixture
def plans(store: DbStore, engine_name: str) -> Iterator[list[str]]:
    """The lines of the plans of all that is asked; a server with few rows is told to do as with many."""
    lines: list[str] = []
    explain = "EXPLAIN QUERY PLAN " if engine_name == "sqlite" else "EXPLAIN "

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            if engine_name == "postgresql":
                cursor.execute("SET enable_seqscan = off")
            cursor.execute(explain + statement, parameters)
            lines.extend(str(row[-1]) for row in cursor.fetchall())

    event.listen(store.reader, "before_cursor_execute", note)
    yield lines
    event.remove(store.reader, "before_cursor_execute", note)


@pytest.mark.parametrize("what", INTERACTIVE)
def test_no_table_is_read_whole_behind_a_figure_on_screen(
    desk: Desk, operator_desk: Desk, plans: list[str], engine_name: str, what: str
) -> None:
    for one in (desk, operator_desk):
        one.read(INTERACTIVE[what])
    assert plans
    assert [line for line in plans if SCANS[engine_name].search(line)] == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_reports_read_no_leads_row_and_no_more_of_the_journal_than_returns(desk: Desk, plans: list[str]) -> None:
    """But for what free text they tell: why somebody was parked is in no index."""
    for kind in REPORTS:
        for by in kind.ways:
            if (kind.name, by) != ("deferred", "reason"):
                desk.read(report_question(kind.name, by))
                desk.read(report_question(kind.name, by, date(2026, 1, 1), date(2026, 3, 1)))
    of_leads = {line for line in plans if re.search(r"(SCAN|SEARCH) (lead|operation|change|letter)\b", line)}
    assert of_leads
    narrow = re.compile(r"COVERING INDEX|ix_change_returned|ix_operation_returning|ix_letter_of_refusal|ix_lead_parked")
    assert [line for line in of_leads if not narrow.search(line) and line != "SCAN operation"] == []


def test_conditions_are_those_of_the_indexes() -> None:
    """Parked, and back from it, mean in SQL what they mean in the workflow."""
    from leaddesk.workflow.vocabulary import PARKED_STATUSES

    assert sorted(re.findall(r"'(\w+)'", PARKED)) == sorted(str(status) for status in PARKED_STATUSES)
    assert not {str(status) for status in OPEN_STATUSES} & set(re.findall(r"'(\w+)'", PARKED))
    assert all("'deferred'" in words for words in WAS_PARKED.values())
    assert set(re.findall(r"'(\w+)'", RETURNING)) - {"do"} == {
        "ReturnDueLeads", "BringBack", "BringBackLeads", "TakeIn", "ConvertLead",
    }  # fmt: skip
