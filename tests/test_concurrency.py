"""Two real processes at one database: nobody is offered a lead that somebody else has."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leaddesk.db.store import DbStore
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import ContactPoint, Lead
from leaddesk.workflow.ports import Work
from leaddesk.workflow.queue import Hold, Queue, ReleaseLeads, TakeNext
from leaddesk.workflow.vocabulary import Channel, Reach
from tests.engines import START, TestClock, sit_down
from tests.workflow.making import KYIV, TALLINN, add, call

MANY = 200
PATIENCE_S = 120

spawning = multiprocessing.get_context("spawn")


class Fill(Command[int]):
    """Leads that may be called now."""

    def handle(self, work: Work) -> int:
        leads = [
            Lead(name=f"Lead {n}", reach=Reach.PHONE, zone_key="UA|Europe/Kyiv", created_at=work.now)
            for n in range(MANY)
        ]
        stored = work.add_many(leads)
        work.add_many(
            [
                ContactPoint(lead_id=lead.id, channel=Channel.PHONE, value=KYIV, key=KYIV, zones=("Europe/Kyiv",))
                for lead in stored
            ]
        )
        work.words = "Filled"
        return len(stored)

    def arguments(self) -> dict[str, Any]:
        return {}


def draw_all(target: str | Path, login: str, both: Any, drawn: Any) -> None:
    """One operator: draw until nothing is left, and call every fifth."""
    store = DbStore(target)
    desk = sit_down(store, TestClock(), login)
    both.wait(PATIENCE_S)
    found = []
    while True:
        row = desk.do(TakeNext(skip=tuple(found))).value.row
        if row is None or row.lead_id in found:
            break
        found.append(row.lead_id)
        if len(found) == 1:
            # Nobody runs ahead to the end while the other has not begun.
            both.wait(PATIENCE_S)
        if len(found) % 5 == 0:
            desk.do(LogCall(lead_id=row.lead_id, outcome="no_answer"))
    store.close()
    drawn.put((login, found))


def draw_and_die(target: str | Path, login: str, drawn: Any) -> None:
    """Draw one lead and be gone without a word."""
    store = DbStore(target)
    row = sit_down(store, TestClock(), login).do(TakeNext()).value.row
    drawn.put(row.lead_id if row else None)
    drawn.close()
    drawn.join_thread()
    os._exit(9)


@pytest.fixture
def people(target: str | Path) -> Iterator[list[Any]]:
    """The processes started, ended whatever happens."""
    started: list[Any] = []
    yield started
    for process in started:
        if process.is_alive():
            process.kill()
        process.join()


def test_two_operators_drawing_at_once_never_get_the_same_lead(
    target: str | Path, desk: Desk, people: list[Any]
) -> None:
    assert desk.do(Fill()).value == MANY
    both, drawn = spawning.Barrier(2), spawning.Queue()
    for login in ("boss", "anna"):
        process = spawning.Process(target=draw_all, args=(target, login, both, drawn), daemon=True)
        process.start()
        people.append(process)
    found = dict(drawn.get(timeout=PATIENCE_S) for _ in people)
    together = found["boss"] + found["anna"]
    assert len(together) == len(set(together)) == MANY
    assert found["boss"]
    assert found["anna"]
    for process in people:
        process.join(PATIENCE_S)
        assert process.exitcode == 0


def test_a_killed_process_holds_its_lead_for_the_hold_time_only(
    target: str | Path, desk: Desk, clock: TestClock, people: list[Any]
) -> None:
    first, second = add(desk, KYIV, temperature="hot"), add(desk, TALLINN, name="Ada Lovelace")
    drawn = spawning.Queue()
    process = spawning.Process(target=draw_and_die, args=(target, "anna", drawn), daemon=True)
    process.start()
    people.append(process)
    assert drawn.get(timeout=PATIENCE_S) == first.id
    process.join(PATIENCE_S)
    assert process.exitcode == 9
    assert desk.read(LeadCard(first.id)).held_by == "Anna Operator"
    assert [r.lead_id for r in desk.read(Queue()).rows] == [second.id]
    assert not desk.do(Hold(first.id)).value
    row = desk.do(TakeNext()).value.row
    assert row is not None
    assert row.lead_id == second.id
    clock.forward(minutes=15)
    assert desk.read(LeadCard(first.id)).held_by == ""
    row = desk.do(TakeNext(leaving=second.id)).value.row
    assert row is not None
    assert row.lead_id == first.id


def test_a_lease_ends_with_the_call_with_leaving_and_with_the_shift(
    desk: Desk, operator_desk: Desk, clock: TestClock
) -> None:
    one, other = add(desk, KYIV), add(desk, TALLINN, name="Ada Lovelace")
    taken = operator_desk.do(TakeNext()).value
    assert taken.row is not None
    assert (taken.row.lead_id, taken.until) == (one.id, START + timedelta(minutes=15))
    clock.forward(minutes=10)
    assert operator_desk.do(Hold(one.id)).value
    clock.forward(minutes=10)
    assert not desk.do(Hold(one.id)).value
    call(operator_desk, one, "callback", at=clock.now() + timedelta(minutes=1))
    assert desk.do(Hold(one.id)).value
    desk.do(ReleaseLeads())
    assert operator_desk.do(Hold(other.id)).value
    operator_desk.do(ReleaseLeads())
    assert desk.read(LeadCard(other.id)).held_by == ""
