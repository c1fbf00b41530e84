"""Nothing counted is stale: after random work, done and undone, each figure kept on a row and each told is a fresh count."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from leaddesk.db.check import check
from leaddesk.db.due import drifted
from leaddesk.workflow.cards import ClientIds, ClientRows, LeadIds, LeadRows, Today
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.outbox import OutboxNow
from leaddesk.workflow.parked import ParkedIds
from leaddesk.workflow.parking import DueToReturn
from leaddesk.workflow.refusals import Reasons
from leaddesk.workflow.reports import REPORTS, RefusalsReport, report_question
from tests.properties.recount import TABLES, Recount, expected, raw, told
from tests.properties.test_life_of_a_lead import LifeOfALead

ZONE = "Europe/Kyiv"


def newest(calls: list[dict[str, Any]]) -> set[int | None]:
    """When somebody was last called: by the call written up last, or, on a card merged from two, by the latest."""
    if not calls:
        return {None}
    return {max(calls, key=lambda call: call["id"])["started_at"], max(call["started_at"] for call in calls)}


class CountedFloor(LifeOfALead):
    """The life of a lead, with every figure counted anew: those on rows after each step, those told at the end."""

    def teardown(self) -> None:
        try:
            self.figures_are_fresh()
            assert check(self.store) == []
        finally:
            self.store.close()
            shutil.rmtree(self.path.parent, ignore_errors=True)

    @invariant()
    def counters_of_leads_are_fresh(self) -> None:
        human = {row["key"] for row in self.rows["outcome"].values() if row["human"]}
        for lead in self.rows["lead"].values():
            calls = [call for call in self.rows["call"].values() if call["lead_id"] == lead["id"]]
            assert lead["touches"] == len(calls)
            assert lead["last_call_at"] in newest(calls)
            # A lead that came back begins anew, so that there may be fewer.
            assert 0 <= lead["attempts"] <= self._most_attempts(lead["id"], calls, human)

    def _most_attempts(self, lead_id: int, calls: list[dict[str, Any]], human: set[str]) -> int:
        """Calls that reached nobody since the last talk, as written up or by the clock; of a merged card all there are."""
        if any(row["lead_id"] == lead_id for row in self.rows["redirect"].values()):
            return sum(call["outcome"] not in human for call in calls)
        runs = []
        for order in ("id", "started_at"):
            newest_first = sorted(calls, key=lambda call: (call[order], call["id"]), reverse=True)
            runs.append(sum(1 for _ in takewhile(lambda call: call["outcome"] not in human, newest_first)))
        return max(runs)

    @invariant()
    def counters_of_numbers_are_fresh(self) -> None:
        """Of leads' numbers: a client's are copies that carry what was known of them on the day of the agreement."""
        human = {row["key"] for row in self.rows["outcome"].values() if row["human"]}
        for point in (one for one in self.rows["contact_point"].values() if one["lead_id"] is not None):
            calls = [call for call in self.rows["call"].values() if call["contact_id"] == point["id"]]
            assert point["attempts"] == len(calls)
            assert point["answered"] == sum(call["outcome"] in human for call in calls)
            assert point["last_tried_at"] in newest(calls)

    @invariant()
    def what_is_due_follows_from_tasks_and_leads(self) -> None:
        with self.store.reader.connect() as connection:
            assert drifted(connection) == 0

    def figures_are_fresh(self) -> None:
        rows = raw(self.store, *TABLES)
        for desk in self.desks.values():
            mine = Desk(self.store, self.clock, replace(desk.user, zone=ZONE))
            recount = Recount(rows, mine.user)
            for kind in REPORTS:
                for by in kind.ways:
                    question = report_question(kind.name, by)
                    found = mine.read(question)
                    counts = recount.refusals(by) if isinstance(question, RefusalsReport) else recount.deferred(by)
                    assert told(found) == expected(counts, found), f"{kind.name} by {by} for {mine.user.login}"
            self._counters(mine, recount)

    def _counters(self, desk: Desk, recount: Recount) -> None:
        now = int(self.clock.now().timestamp() * 1000)
        today, me = recount.day(now), desk.user.id
        everybody = desk.user.login == "boss"
        operations = [row for row in recount.rows["operation"] if row["user_id"] == me and not row["undone"]]
        told_of = desk.read(Today())
        calls = [c for c in self.rows["call"].values() if c["user_id"] == me and recount.day(c["started_at"]) >= today]
        human = {row["key"] for row in self.rows["outcome"].values() if row["human"]}
        open_tasks = [t for t in self.rows["task"].values() if t["done_at"] is None and not t["dropped"]]
        assert told_of.calls == len(calls)
        assert told_of.talks == sum(call["outcome"] in human for call in calls)
        assert told_of.converted == sum(
            o["command"] == "ConvertLead" and o["kind"] == "do" and recount.day(o["at"]) >= today for o in operations
        )
        assert told_of.callbacks_due == sum(
            t["promised"] and t["due_at"] <= now and (everybody or t["owner_id"] in (None, me)) for t in open_tasks
        )
        assert (told_of.leads, told_of.clients) == (len(self.rows["lead"]), len(self.rows["client"]))
        letters = [row for row in recount.rows["letter"] if recount.sees(row["lead_id"])]
        assert desk.read(OutboxNow()).counts == Counter(row["state"] for row in letters)
        parked = [row for row in self.rows["lead"].values() if row["status"] in ("deferred", "refused")]
        assert sorted(desk.read(ParkedIds())) == sorted(row["id"] for row in parked if recount.sees(row["id"]))
        due = [row["id"] for row in parked if row["return_at"] is not None and row["return_at"] <= now]
        assert sorted(desk.read(DueToReturn())) == sorted(due)
        standing = [row for row in recount.rows["refusal"] if row["taken_back_at"] is None]
        for reason in desk.read(Reasons(retired=True)):
            assert reason.used == sum(row["reason"] == reason.reason.key for row in standing)
        self._lists(desk, open_tasks)

    def _lists(self, desk: Desk, open_tasks: list[dict[str, Any]]) -> None:
        """What lists show of other tables: the next task of a lead, the number of a client's leads."""
        for lead in desk.read(LeadRows(tuple(desk.read(LeadIds())))):
            coming = [t["due_at"] for t in open_tasks if t["lead_id"] == lead.id]
            coming += [at for at in (self.lead(lead.id)["retry_at"],) if at is not None]
            shown = int(lead.next_at.timestamp() * 1000) if lead.next_at else None
            assert shown == min(coming, default=None)
        for client in desk.read(ClientRows(tuple(desk.read(ClientIds())))):
            assert client.leads == sum(row["client_id"] == client.id for row in self.rows["lead"].values())


def test_every_cached_figure_equals_a_fresh_count() -> None:
    run_state_machine_as_test(
        CountedFloor,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.soak
def test_every_cached_figure_equals_a_fresh_count_however_long() -> None:
    run_state_machine_as_test(
        CountedFloor,
        settings=settings(
            max_examples=300, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
