"""What people do to one lead at a time, legal and not."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
)

from leaddesk.workflow.calls import LogCall, OutcomePreview
from leaddesk.workflow.clients import ConvertLead, EditClient
from leaddesk.workflow.leads import (
    AddLead,
    Disqualify,
    EditExtras,
    EditLead,
    Qualify,
)
from leaddesk.workflow.outcomes import Said
from leaddesk.workflow.parking import BringBack, DeferLead, ReturnDueLeads
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.suppressions import Suppress, Unsuppress
from leaddesk.workflow.tasks import AddTask, DoneTask, MoveTask
from leaddesk.workflow.vocabulary import Channel, TaskKind
from tests.properties.life_model import (
    ADDRESSES,
    NAMES,
    NO_ANSWER,
    NUMBERS,
    TALKED,
    fields,
    lead_ids,
    minutes,
    people,
    points,
    rarely,
    row_ids,
)
from tests.properties.life_promises import Promises


class DeedsOnOne(Promises):
    """What is done to one lead, its tasks and its client."""

    @initialize(values=fields, given=st.lists(points, max_size=3))
    def somebody_is_there(self, values: dict[str, Any], given: list[PointInput]) -> None:
        # Two who can be worked at once, and one as it comes.
        for number in NUMBERS[:2]:
            self.add_lead("boss", {"name": NAMES[0]}, [PointInput(Channel.PHONE, number)], None, True, False)
        self.add_lead("boss", values, given, "Web", True, False)

    @precondition(lambda self: sum(s != "converted" for s in self.model.status.values()) < 5)
    @rule(
        who=people,
        values=fields,
        given=st.lists(points, max_size=3),
        source=st.sampled_from([None, "Exhibition", "exhibition", "Web"]),
        known=st.booleans(),
        twice=st.booleans(),
    )
    def add_lead(
        self, who: str, values: dict[str, Any], given: list[PointInput], source: str | None, known: bool, twice: bool
    ) -> None:
        command = AddLead(values=values, points=tuple(given), source=source or "", even_if_known=known, note="hi")
        self.do(who, command, twice=twice)

    @rule(who=people, lead=lead_ids, values=fields, base=st.one_of(st.just({}), fields), twice=st.booleans())
    def edit(self, who: str, lead: int, values: dict[str, Any], base: dict[str, Any], twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = None if self.mine(who, lead) and lead in self.model.status else False
        self.do(who, EditLead(lead_id=lead, values=values, base=base), legal=legal, twice=twice)

    @rule(who=people, lead=lead_ids, value=st.sampled_from(["", "blue", "a longer value"]), twice=st.booleans())
    def edit_extras(self, who: str, lead: int, value: str, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = self.mine(who, lead) and lead in self.model.status
        self.do(who, EditExtras(lead, {"Colour": value}), legal=legal, twice=twice)

    @rule(
        who=people,
        lead=lead_ids,
        outcome=st.sampled_from((*NO_ANSWER, *TALKED, *TALKED[:5], "nonsense")),
        ahead=st.one_of(st.none(), minutes),
        channel=st.sampled_from([None, Channel.EMAIL, Channel.TELEGRAM, Channel.PHONE]),
        contact=st.sampled_from([None] * 8 + [0, 1, 2]),
        duration=st.sampled_from([0] * 6 + [60] * 6 + [-1]),
        idle=rarely,
        twice=st.booleans(),
    )
    def call(
        self,
        who: str,
        lead: int,
        outcome: str,
        ahead: int | None,
        channel: Channel | None,
        contact: int | None,
        duration: int,
        idle: bool,
        twice: bool,
    ) -> None:
        lead = self.one_of("lead", lead)
        contact = None if contact is None else self.one_of("contact_point", contact)
        at = None if ahead is None else self.at(ahead)
        wrong = outcome == "nonsense" or duration < 0 or (at is not None and at <= self.clock.now())
        wrong = wrong or (outcome == "callback" and at is None)
        theirs = contact is None or any(
            p["id"] == contact and p["lead_id"] == lead and p["channel"] == "phone"
            for p in self.rows["contact_point"].values()
        )
        command = LogCall(
            lead_id=lead,
            outcome=outcome,
            note="said",
            at=at,
            channel=channel,
            contact_id=contact,
            duration_s=duration,
            idle=idle,
        )
        legal = self.may(who, lead, "work") and not wrong and theirs
        foretold = None
        if legal:
            asked = OutcomePreview(lead, outcome, Said(at, channel), contact)
            foretold = self.desks[who].read(asked)
        done = self.do(who, command, legal=legal, twice=twice)
        if done and foretold:
            assert (done.value.status, done.value.next_action) == (foretold.status, foretold.words)

    @rule(
        who=people,
        lead=lead_ids,
        kind=st.sampled_from(list(TaskKind)),
        ahead=minutes,
        promised=st.booleans(),
        twice=st.booleans(),
    )
    def add_task(self, who: str, lead: int, kind: TaskKind, ahead: int, promised: bool, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = self.may(who, lead, "work") and not (promised and ahead <= 0)
        self.do(
            who, AddTask(lead_id=lead, kind=kind, due_at=self.at(ahead), promised=promised), legal=legal, twice=twice
        )

    @rule(
        who=people,
        task=row_ids,
        ahead=st.one_of(st.none(), minutes),
        idle=rarely,
        twice=st.booleans(),
    )
    def done_task(self, who: str, task: int, ahead: int | None, idle: bool, twice: bool) -> None:
        task = self.one_of("task", task)
        kind, at = (None, None) if ahead is None else (TaskKind.CALL, self.at(ahead))
        legal = None if self.open_task(who, task) else False
        if legal is None and (idle or ahead is not None):
            legal = True
        self.do(who, DoneTask(task_id=task, next_kind=kind, next_at=at, idle=idle), legal=legal, twice=twice)

    def open_task(self, who: str, task: int) -> bool:
        row = self.rows["task"].get(task)
        return bool(row and row["done_at"] is None and not row["dropped"] and self.mine(who, row["lead_id"]))

    @rule(who=people, task=row_ids, ahead=minutes, twice=st.booleans())
    def move_task(self, who: str, task: int, ahead: int, twice: bool) -> None:
        task = self.one_of("task", task)
        legal = self.open_task(who, task) and ahead > 0
        self.do(who, MoveTask(task_id=task, due_at=self.at(ahead)), legal=legal, twice=twice)

    @rule(who=people, lead=lead_ids, twice=st.booleans())
    def qualify(self, who: str, lead: int, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        self.do(who, Qualify(lead), legal=self.may(who, lead, "qualify"), twice=twice)

    @rule(
        who=people,
        lead=lead_ids,
        client=st.one_of(st.none(), st.integers(0, 3)),
        tax=st.sampled_from(["", "32855961", "1"]),
        known=st.booleans(),
        called=st.booleans(),
        twice=st.booleans(),
    )
    def convert(
        self, who: str, lead: int, client: int | None, tax: str, known: bool, called: bool, twice: bool
    ) -> None:
        lead = self.one_of("lead", lead)
        client = None if client is None else self.one_of("client", client)
        call = LogCall(lead_id=lead, outcome="agreed") if called else None
        values = {"tax_number": tax, "country": "UA"} if tax else {}
        command = ConvertLead(lead_id=lead, client_id=client, values=values, even_if_known=known, call=call)
        legal: bool | None = self.may(who, lead, "convert") and tax != "1"
        if client is not None:
            legal = legal and client in self.rows["client"]
        elif not known and legal:
            legal = None
        self.do(who, command, legal=legal, twice=twice)

    @rule(who=people, client=st.integers(0, 3), city=st.sampled_from(["Kyiv", "Lviv", ""]), twice=st.booleans())
    def edit_client(self, who: str, client: int, city: str, twice: bool) -> None:
        client = self.one_of("client", client)
        legal = client in self.rows["client"]
        self.do(who, EditClient(client_id=client, values={"city": city}), legal=legal, twice=twice)

    @rule(
        who=people,
        lead=lead_ids,
        reason=st.sampled_from(["price", "other", "do_not_call", "competitor", "nonsense"]),
        words=st.sampled_from(["", "too much"]),
        ahead=st.one_of(st.none(), minutes),
        never=rarely,
        called=st.booleans(),
        twice=st.booleans(),
    )
    def refuse(
        self,
        who: str,
        lead: int,
        reason: str,
        words: str,
        ahead: int | None,
        never: bool,
        called: bool,
        twice: bool,
    ) -> None:
        lead = self.one_of("lead", lead)
        call = LogCall(lead_id=lead, outcome="refused") if called else None
        until = None if ahead is None else self.at(ahead)
        wrong = reason == "nonsense" or (reason == "other" and not words) or (ahead is not None and ahead <= 0)
        command = RefuseLead(lead_id=lead, reason=reason, words=words, until=until, never_again=never, call=call)
        self.do(who, command, legal=self.may(who, lead, "refuse") and not wrong, twice=twice)

    @rule(who=people, lead=lead_ids, ahead=minutes, twice=st.booleans())
    def defer(self, who: str, lead: int, ahead: int, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = self.may(who, lead, "defer") and ahead > 0
        self.do(who, DeferLead(lead_id=lead, until=self.at(ahead), why="later"), legal=legal, twice=twice)

    @rule(who=people, lead=lead_ids, twice=st.booleans())
    def bring_back(self, who: str, lead: int, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        self.do(who, BringBack(lead), legal=self.may(who, lead, "bring_back"), twice=twice)

    @rule(who=people, lead=lead_ids, why=st.sampled_from(["spam", "spam", ""]), twice=st.booleans())
    def disqualify(self, who: str, lead: int, why: str, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        self.do(who, Disqualify(lead, why), legal=self.may(who, lead, "disqualify") and bool(why), twice=twice)

    @rule(who=people, twice=st.booleans())
    def return_due(self, who: str, twice: bool) -> None:
        self.do(who, ReturnDueLeads(), legal=True, twice=twice)

    @rule(who=people, number=st.sampled_from((*NUMBERS, *ADDRESSES, "nonsense")), twice=st.booleans())
    def suppress(self, who: str, number: str, twice: bool) -> None:
        self.do(who, Suppress(number), legal=number != "nonsense", twice=twice)

    @rule(who=people, number=st.sampled_from((*NUMBERS, *ADDRESSES)), twice=st.booleans())
    def unsuppress(self, who: str, number: str, twice: bool) -> None:
        there = any(row["key"] == number for row in self.rows["suppression"].values())
        self.do(who, Unsuppress(number), legal=there and who == "boss", twice=twice)
