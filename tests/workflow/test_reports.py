"""Reports on refusals and parked leads: what is counted, for whom, on which day, and by how many statements."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, column, create_engine, func, select

from leaddesk.db.answers.local_days import as_date, day_number, offsets
from leaddesk.db.mapping import to_ms
from leaddesk.db.store import DbStore
from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.bulk import BringBackLeads
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letters import LetterSaved
from leaddesk.workflow.parking import BringBack, DeferLead, DeferLeads, ReturnDueLeads
from leaddesk.workflow.refusal_stories import Became, RefusalStories
from leaddesk.workflow.refusals import RefuseLead, Stayed
from leaddesk.workflow.replies import SaveReply
from leaddesk.workflow.reports import REPORTS, Report, report_question
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import RefusalKind
from tests.engines import Statements, TestClock
from tests.workflow.making import KYIV, add

Watching = Callable[[DbStore], AbstractContextManager[Statements]]


def report(desk: Desk, name: str, by: str = "", **more: Any) -> Report:
    return desk.read(report_question(name, by, **more))


def lines(found: Report) -> dict[str, dict[str, Any]]:
    """Rows by key, as cells by column, but for nothing and no."""
    keys = [one.key for one in found.columns]
    assert all(len(row.cells) == len(keys) for row in found.rows)
    return {
        row.key: {key: cell for key, cell in zip(keys, row.cells, strict=True) if cell not in (0, None)}
        for row in found.rows
    }


def total(found: Report) -> dict[str, Any]:
    assert found.total is not None
    return {
        key: cell
        for key, cell in zip([c.key for c in found.columns], found.total, strict=True)
        if cell not in (0, None)
    }


def no(desk: Desk, lead: Lead, reason: str = "price", **more: Any) -> int:
    """The lead refuses; gives its letter, 0 for none."""
    letter = desk.do(RefuseLead(lead_id=lead.id, reason=reason, **more)).value.letter
    return letter.id if letter else 0


@pytest.fixture
def floor(desk: Desk, clock: TestClock) -> dict[str, Lead]:
    """Three months of refusals.

    March: Ada (price, letter answered) comes back in April and becomes a client; Bela (price) comes back in April,
    refuses again (competitor) and comes back in May, where he is in work; Cecil (no need) stays away; Dora's refusal
    is taken back, and Emil stays after all.
    """
    people = {
        name: add(desk, f"{name}@klochkivska.example", name=name.title(), language="en")
        for name in "ada bela cecil dora emil".split()
    }
    letter = no(desk, people["ada"])
    desk.do(LetterSaved(letter))
    desk.do(SaveReply(lead_id=people["ada"].id, letter_id=letter, answers={"1": "the price"}))
    clock.forward(days=1)
    desk.do(LetterSaved(no(desk, people["bela"], kind=RefusalKind.NOT_NOW)))
    no(desk, people["cecil"], "no_need", letter="none")
    no(desk, people["dora"], "budget")
    desk.do(Undo())
    desk.do(Stayed(lead_id=people["emil"].id, reason="price"))
    clock.forward(days=39)  # 11 April
    desk.do(BringBack(people["ada"].id))
    desk.do(BringBack(people["bela"].id))
    clock.forward(days=1)
    desk.do(ConvertLead(lead_id=people["ada"].id))
    no(desk, people["bela"], "competitor", competitor=" Acme  Ltd ", letter="none")
    clock.forward(days=30)  # 12 May
    desk.do(BringBack(people["bela"].id))
    return people


def test_the_table_a_team_lead_fills_in_by_hand(desk: Desk, floor: dict[str, Lead]) -> None:
    found = report(desk, "refusals")
    assert [one.key for one in found.columns[:4]] == ["day", "reason.price", "reason.budget", "reason.plans"]
    assert found.columns[1].title == "Too expensive"
    assert lines(found) == {
        "2026-03-02": {"day": date(2026, 3, 2), "reason.price": 1, "total": 1},
        "2026-03-03": {"day": date(2026, 3, 3), "reason.price": 1, "reason.no_need": 1, "total": 2, "stayed": 1},
        "2026-04-12": {"day": date(2026, 4, 12), "reason.competitor": 1, "total": 1},
    }
    assert total(found) == {"reason.price": 2, "reason.no_need": 1, "reason.competitor": 1, "total": 4, "stayed": 1}


def test_what_became_of_each_reason(desk: Desk, floor: dict[str, Lead]) -> None:
    found = report(desk, "refusals", "reason")
    told = lines(found)
    assert told["price"] == {
        "reason": "Too expensive", "refusals": 2, "share": 50.0, "stayed": 1, "letters": 2, "answered": 1,
        "returned": 2, "return_rate": 100.0, "refused_again": 1, "converted": 1, "conversion_rate": 50.0,
    }  # fmt: skip
    assert told["competitor"] == {
        "reason": "Chose a competitor", "refusals": 1, "share": 25.0, "returned": 1, "return_rate": 100.0,
    }  # fmt: skip
    assert told["budget"] == {"reason": "No budget now"}
    assert total(found)["share"] == 100.0


def test_the_other_cuts(desk: Desk, floor: dict[str, Lead]) -> None:
    def cut(by: str, *names: str) -> dict[str, tuple[Any, ...]]:
        return {key: tuple(row.get(n, 0) for n in names) for key, row in lines(report(desk, "refusals", by)).items()}

    assert cut("month", "refusals", "stayed", "letters", "converted") == {
        "2026-03": (3, 1, 2, 1),
        "2026-04": (1, 0, 0, 0),
    }
    assert cut("kind", "kind", "refusals", "stayed") == {
        "full": ("full refusal", 3, 1), "not_now": ("won’t talk now", 1, 0),
    }  # fmt: skip
    assert cut("operator", "operator", "refusals", "stayed") == {str(desk.user.id): ("Olena Boss", 4, 1)}
    assert cut("source", "source", "refusals", "stayed") == {"": ("no source", 4, 1)}
    assert cut("competitor", "competitor", "refusals", "returned") == {"acme ltd": ("Acme Ltd", 1, 1)}
    assert cut("template", "language", "letters", "answered", "answer_rate", "returned", "converted") == {
        "farewell.price.en": ("en", 2, 1, 50.0, 2, 1)
    }
    assert cut("cohort", "refusals", "watched", "within_30", "within_90", "within_365", "returned") == {
        "2026-03": (3, 41, 0, 2, 2, 2), "2026-04": (1, 11, 1, 1, 1, 1),
    }  # fmt: skip
    assert cut("cohort-reason", "reason", "refusals", "within_90") == {
        "2026-03/price": ("Too expensive", 2, 2), "2026-03/no_need": ("No need", 1, 0),
        "2026-04/competitor": ("Chose a competitor", 1, 1),
    }  # fmt: skip
    assert cut("cohort-template", "month", "letters", "within_30", "within_90", "converted") == {
        "2026-03/farewell.price.en": ("2026-03", 2, 0, 2, 1)
    }


def test_days_may_be_narrowed_and_are_told_in_the_language_asked_for(desk: Desk, floor: dict[str, Lead]) -> None:
    april = report(desk, "refusals", since=date(2026, 4, 1), until=date(2026, 4, 12), language="hu")
    assert list(lines(april)) == ["2026-04-12"]
    assert april.columns[1].title not in ("Too expensive", "")
    assert list(lines(report(desk, "refusals", "month", until=date(2026, 3, 31)))) == ["2026-03"]
    assert lines(report(desk, "refusals", until=date(2026, 3, 1))) == {}


def test_an_operator_sees_their_own_leads_and_the_pools(
    desk: Desk, operator_desk: Desk, floor: dict[str, Lead]
) -> None:
    desk.do(AssignLeads(lead_ids=(floor["ada"].id, floor["cecil"].id), owner_id=desk.user.id))
    desk.do(AssignLeads(lead_ids=(floor["bela"].id,), owner_id=operator_desk.user.id))
    assert total(report(operator_desk, "refusals"))["total"] == 2
    assert lines(report(operator_desk, "refusals", "reason"))["price"]["letters"] == 1
    assert set(lines(report(operator_desk, "refusals", "template"))) == {"farewell.price.en"}
    assert total(report(operator_desk, "deferred"))["refused_returned"] == 2
    assert total(report(desk, "deferred"))["refused_returned"] == 3
    assert desk.read(RefusalStories(floor["ada"].id))
    with pytest.raises(Refused):
        operator_desk.read(RefusalStories(floor["ada"].id))


def test_a_refusal_counts_on_the_askers_own_day(desk: Desk, clock: TestClock) -> None:
    clock.moment = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # a quarter to one in the night in Kyiv
    no(desk, add(desk, KYIV))
    clock.moment = datetime(2026, 3, 29, 21, 30, tzinfo=UTC)  # after the clocks went on: half past midnight again
    no(desk, add(desk, name="Another"))
    here = {"Europe/Kyiv": ["2026-03-29", "2026-03-30"], "America/New_York": ["2026-03-28", "2026-03-29"]}
    for zone, days in here.items():
        mine = Desk(desk.store, clock, replace(desk.user, zone=zone))
        assert list(lines(report(mine, "refusals"))) == days
        assert list(lines(report(mine, "refusals", since=date.fromisoformat(days[1])))) == days[1:]


def test_what_was_taken_back_after_its_letter_left_is_not_counted(
    desk: Desk, store: DbStore, floor: dict[str, Lead]
) -> None:
    from sqlalchemy import update

    from leaddesk.db.tables import refusal

    with store.writing() as connection:
        connection.execute(update(refusal).where(refusal.c.reason == "no_need").values(taken_back_at=1))
        connection.commit()
    assert "reason.no_need" not in total(report(desk, "refusals"))
    assert desk.read(RefusalStories(floor["cecil"].id))[0].became is Became.TAKEN_BACK


def test_a_retired_reason_keeps_its_column_while_it_has_refusals(desk: Desk, floor: dict[str, Lead]) -> None:
    from leaddesk.workflow.reasons import RetireReason

    for key in ("no_need", "plans"):
        desk.do(RetireReason(key))
    keys = [one.key for one in report(desk, "refusals").columns]
    assert "reason.no_need" in keys
    assert "reason.plans" not in keys
    assert "no_need" in lines(report(desk, "refusals", "reason"))


# Parked leads


def test_parked_leads_by_the_month_they_come_back(desk: Desk, clock: TestClock) -> None:
    """Of those parked for April: one becomes a client, one refuses, one is parked anew and waits for June."""
    names = ("Ada", "Bela", "Cecil", "Dora", "Emil")
    ada, bela, cecil, dora, emil = (add(desk, name=name) for name in names)
    for lead in (ada, bela, cecil):
        desk.do(DeferLead(lead_id=lead.id, until=clock.now() + timedelta(days=40), why="holidays"))
    desk.do(RefuseLead(lead_id=dora.id, reason="price", until=clock.now() + timedelta(days=40)))
    desk.do(RefuseLead(lead_id=emil.id, reason="do_not_call"))
    waiting = lines(report(desk, "deferred"))
    assert waiting["2026-04"] == {"month": "2026-04", "deferred_waiting": 3, "refused_waiting": 1}
    assert waiting["never"] == {"refused_waiting": 1}
    clock.forward(days=41)
    assert desk.do(ReturnDueLeads(automatic=True)).value == 4
    clock.forward(hours=1)
    desk.do(ConvertLead(lead_id=ada.id))
    desk.do(RefuseLead(lead_id=bela.id, reason="budget"))
    desk.do(DeferLead(lead_id=cecil.id, until=clock.now() + timedelta(days=60), why="holidays"))
    desk.do(ConvertLead(lead_id=dora.id, even_if_known=True))
    told = lines(report(desk, "deferred"))
    assert told["2026-04"] == {
        "month": "2026-04", "deferred_returned": 3, "refused_returned": 1, "deferred_converted": 1,
        "refused_converted": 1, "deferred_refused": 1, "deferred_rate": 33.3, "refused_rate": 100.0,
    }  # fmt: skip
    assert told["2026-06"] == {"month": "2026-06", "deferred_waiting": 1}
    assert told["never"] == {"refused_waiting": 2}
    why = lines(report(desk, "deferred", "reason"))
    assert (why["holidays"]["deferred_returned"], why["holidays"]["deferred_waiting"]) == (3, 1)
    assert (why["Too expensive"]["refused_returned"], why["No budget now"]["refused_waiting"]) == (1, 1)
    assert list(lines(report(desk, "deferred", since=date(2026, 6, 1)))) == ["2026-06"]
    assert set(lines(report(desk, "deferred", "operator"))) == {"the pool"}
    desk.do(Undo())  # Dora's client card
    assert "refused_converted" not in lines(report(desk, "deferred"))["2026-04"]


def test_a_return_that_was_undone_did_not_happen(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    desk.do(DeferLead(lead_id=lead.id, until=clock.now() + timedelta(days=10)))
    clock.forward(days=1)
    desk.do(BringBack(lead.id))
    assert total(report(desk, "deferred"))["deferred_returned"] == 1
    desk.do(Undo())
    assert total(report(desk, "deferred")) == {"deferred_waiting": 1}


def test_many_that_come_back_at_once_are_all_counted(desk: Desk, clock: TestClock) -> None:
    ids = [add(desk, name=f"Lead {number}").id for number in range(12)]
    desk.do(DeferLeads(lead_ids=tuple(ids), until=clock.now() + timedelta(days=1), why="holidays"))
    desk.do(BringBackLeads(lead_ids=tuple(ids[:6])))
    clock.forward(days=2)
    desk.do(ReturnDueLeads(automatic=True))
    desk.do(DeferLead(lead_id=ids[0], until=clock.now() + timedelta(days=1)))
    clock.forward(days=1)
    desk.do(ConvertLead(lead_id=ids[0]))
    assert total(report(desk, "deferred")) == {
        "deferred_returned": 13, "deferred_converted": 1, "deferred_rate": 7.7,
    }  # fmt: skip


# What a report costs, and what it refuses


def test_every_cut_is_a_few_statements_however_much_there_is(
    desk: Desk, store: DbStore, floor: dict[str, Lead], statements: Watching
) -> None:
    sent = {}
    for kind in REPORTS:
        for by in kind.ways:
            with statements(store) as seen:
                found = report(desk, kind.name, by)
            sent[kind.name, by] = len(seen)
            assert found.rows
            assert found.total is not None
            assert len({one.key for one in found.columns}) == len(found.columns) == len(found.total)
    assert {cut: count for cut, count in sent.items() if count > 5} == {}


def test_an_empty_floor_has_empty_reports(desk: Desk) -> None:
    for kind in REPORTS:
        for way in kind.ways:
            found = report(desk, kind.name, way)
            assert all(not row for key, row in lines(found).items() if key not in REASON_KEYS)


REASON_KEYS = {"price", "budget", "plans", "competitor", "no_need", "ignores", "not_now", "do_not_call", "other"}


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("refusal", {}, "There are: refusals, deferred"),
        ("refusals", {"by": "colour"}, "by day, reason, operator"),
        ("refusals", {"since": date(2026, 3, 2), "until": date(2026, 3, 1)}, "Turn them round"),
    ],
)
def test_what_there_is_not_is_refused_naming_what_there_is(name: str, more: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        report_question(name, **more)


# What became of each refusal


def test_each_refusal_of_a_card_says_what_became_of_it(desk: Desk, floor: dict[str, Lead]) -> None:
    (ada,) = desk.read(RefusalStories(floor["ada"].id))
    assert (ada.became, ada.words) == (Became.CONVERTED, "came back 11 Apr 2026, became a client 12 Apr 2026")
    assert [letter.template for letter in ada.letters] == ["farewell.price"]
    assert [reply.answers for reply in ada.answers] == [{"1": "the price"}]
    newer, older = desk.read(RefusalStories(floor["bela"].id))
    assert (newer.reason, newer.words) == ("Chose a competitor", "came back 12 May 2026, in work")
    assert (older.reason, older.words) == ("Too expensive", "came back 11 Apr 2026, refused again")
    assert desk.read(RefusalStories(floor["cecil"].id))[0].words == "refused for good"
    desk.do(DeferLead(lead_id=floor["bela"].id, until=desk.clock.now() + timedelta(days=20)))
    assert desk.read(RefusalStories(floor["bela"].id))[0].words == "came back 12 May 2026, parked until 1 Jun 2026"
    assert desk.read(RefusalStories(floor["emil"].id)) == []


# Days


IN_MEMORY = create_engine("sqlite://")
ZONES = ("Europe/Kyiv", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")


@given(
    st.sampled_from(ZONES),
    st.lists(st.integers(1_420_000_000_000, 2_050_000_000_000), min_size=1, max_size=8),
)
def test_a_local_day_in_sql_is_pythons(name: str, stored: list[int]) -> None:
    zone = ZoneInfo(name)
    with IN_MEMORY.connect() as connection:
        at = func.json_each(json.dumps(stored)).table_valued(column("value", BigInteger))
        found = connection.scalars(select(day_number(at.c.value, zone, min(stored), max(stored)))).all()
    local = [datetime.fromtimestamp(at // 1000, UTC).astimezone(zone) for at in stored]
    assert [as_date(number) for number in found] == [one.date() for one in local]


def test_changes_of_the_clock_are_found_to_the_millisecond() -> None:
    low, high = (to_ms(datetime(2026, month, 1, tzinfo=UTC)) for month in (1, 12))
    spans = offsets(ZoneInfo("Europe/Kyiv"), low, high)
    assert [offset // 3_600_000 for _, offset in spans] == [2, 3, 2]
    assert [end for end, _ in spans[:2]] == [
        to_ms(datetime(2026, 3, 29, 1, tzinfo=UTC)),
        to_ms(datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ]
    assert str(day_number(column("at"), ZoneInfo("UTC"), low, high)).count("CASE") == 0
