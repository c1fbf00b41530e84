"""Random work on the floor, legal and not, by two people, done and undone, against a plain model of statuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RULE_MARKER,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from leaddesk.db.mapping import mapper
from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.bulk import BringBackLeads, DisqualifyLeads, EditLeads
from leaddesk.workflow.calls import LogCall, OutcomePreview
from leaddesk.workflow.clients import ConvertLead, EditClient
from leaddesk.workflow.derived import derive
from leaddesk.workflow.desk import Command, Desk, Done
from leaddesk.workflow.entities import ContactPoint, Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import (
    AddLead,
    AddNote,
    ConfirmLead,
    Disqualify,
    EditExtras,
    EditLead,
    Qualify,
    SaveDraft,
)
from leaddesk.workflow.merging import MergeCards
from leaddesk.workflow.outcomes import Said
from leaddesk.workflow.parking import BringBack, DeferLead, DeferLeads, ReturnDueLeads
from leaddesk.workflow.points import AddPoint, EditPoint, PointInput, RemovePoint
from leaddesk.workflow.queue import Drawable, Queue, ReleaseLeads, TakeNext
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.suppressions import Suppress, Unsuppress
from leaddesk.workflow.tasks import AddTask, DoneTask, MoveTask
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import HELD_FROM, Channel, PointState, Section, TaskKind
from tests.engines import TestClock, sit_down
from tests.properties.floor import (
    Dump,
    Replay,
    check_integrity,
    check_keys,
    check_search,
    difference,
    dump,
    fast_store,
    fresh_file,
    journal_size,
    reach_of,
)

LEGAL = {
    "qualify": {"new", "in_progress", "deferred"},
    "convert": {"new", "in_progress", "qualified", "deferred"},
    "refuse": {"new", "in_progress", "qualified", "deferred"},
    "defer": {"new", "in_progress", "qualified", "refused", "deferred"},
    "bring_back": {"refused", "deferred", "disqualified"},
    "disqualify": {"new", "in_progress", "qualified", "refused", "deferred"},
    "work": {"new", "in_progress", "qualified", "deferred"},
}
"""PRODUCT's life of a lead once more, written down without looking at the program's own table."""

OPEN = {"new", "in_progress", "qualified"}
NUMBERS = ("+380577054122", "+380674410098", "+380501234512", "+37253498812", "+36301234512", "+380445370112")
ADDRESSES = ("olena@klochkivska.example", "info@acme.example", "ada@lovelace.example")
NAMES = ("Olena Hrytsenko", "Ada Lovelace", "Мария Кузнецова", "asdfgh", "")
NO_ANSWER = ("no_answer", "busy", "voicemail")
TALKED = ("callback", "interested", "agreed", "not_now", "refused", "wrong_number", "do_not_call")

minutes = st.sampled_from([5, 60, 60 * 30, 60 * 24 * 9, 60 * 24 * 40] * 2 + [0, -600])
rarely = st.sampled_from([False, False, False, True])
NOT_THERE = 99
lead_ids = st.sampled_from([0, 0, 0, 1, 1, 2, 2, 3, 4, NOT_THERE])
row_ids = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, NOT_THERE])
people = st.sampled_from(["boss", "boss", "anna"])
numbers = st.sampled_from(NUMBERS)
points = st.one_of(
    st.builds(PointInput, st.just(Channel.PHONE), numbers),
    st.builds(PointInput, st.just(Channel.PHONE), st.sampled_from(["12", "not a number"])),
    st.builds(PointInput, st.just(Channel.EMAIL), st.sampled_from(ADDRESSES)),
    st.builds(PointInput, st.just(Channel.TELEGRAM), st.just("@olena")),
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(NAMES),
        "company": st.sampled_from(["Acme", "Klochkivska Trade", ""]),
        "interest": st.sampled_from(["headsets", ""]),
        "decides": st.sampled_from([True, False, None]),
        "temperature": st.sampled_from(["cold", "warm", "hot", ""]),
        "no_call": st.booleans(),
        "country": st.sampled_from(["UA", "Estonia", "", "Nowhere"]),
        "tags": st.sampled_from([(), ("vip",), ("vip", "fair")]),
        "idle_ok": st.booleans(),
    },
)


@dataclass
class Floor:
    """What the model knows: statuses, and what each operation did to them."""

    status: dict[int, str] = field(default_factory=dict)
    owner: dict[int, int | None] = field(default_factory=dict)
    moved: dict[int, dict[int, tuple[Any, Any]]] = field(default_factory=dict)

    def now(self) -> dict[int, Any]:
        return {i: (status, self.owner[i]) for i, status in self.status.items()}

    def go(self, changes: dict[int, tuple[Any, Any]], *, back: bool) -> None:
        for lead_id, pair in changes.items():
            state = pair[0] if back else pair[1]
            old = pair[1] if back else pair[0]
            if state is None:
                del self.status[lead_id], self.owner[lead_id]
                continue
            # An operation turned back late leaves alone what others changed since.
            if old is None or state[0] != old[0]:
                self.status[lead_id] = state[0]
            if old is None or state[1] != old[1]:
                self.owner[lead_id] = state[1]


class LifeOfALead(RuleBasedStateMachine):
    """Two people at one file."""

    def __init__(self) -> None:
        super().__init__()
        # Half a minute past, so that no time is midnight by chance: that means a day, and its morning may be to come.
        self.clock = TestClock(datetime(2026, 3, 26, 9, 0, 30, tzinfo=UTC))
        self.path = fresh_file()
        self.store = fast_store(self.path)
        self.desks = {login: sit_down(self.store, self.clock, login) for login in ("boss", "anna")}
        self.model = Floor()
        self.replay = Replay(dump(self.store))
        self.rows: Dump = dump(self.store)
        self.acting = ""
        self.steps = 0
        self.returning: dict[int, int | None] = {}
        self.merging = ""

    def teardown(self) -> None:
        check_integrity(self.store)
        self.store.close()
        shutil.rmtree(self.path.parent, ignore_errors=True)

    # Doing

    def do(
        self, who: str, command: Command[Any], *, legal: bool | None = None, twice: bool = False
    ) -> Done[Any] | None:
        """Carry out a command; `legal` None: the model has no opinion. A refused one must have written nothing."""
        desk = self.desks[who]
        before, size, knew = self.rows, journal_size(self.store), self.model.now()
        self.acting = who
        self.returning = {i: row["return_at"] for i, row in before["lead"].items()}
        try:
            done = desk.do(command)
        except Refused as error:
            self.refused(error.words, before, size, legal=legal)
            return None
        assert legal is not False, f"{command} should have been refused: {done.words}"
        self.rows = dump(self.store)
        if not done.operation:
            assert difference(before, self.rows) == []
            return done
        assert done.words
        if twice and done.can_undo:
            self.back_and_forth(desk, before, done)
        self._expect(command)
        if not isinstance(command, Undo | Redo):
            now = self.model.now()
            self.model.moved[done.operation] = {
                i: (knew.get(i), now.get(i)) for i in knew.keys() | now.keys() if knew.get(i) != now.get(i)
            }
        return done

    def refused(self, words: str, before: Dump, size: tuple[int, int], *, legal: bool | None) -> None:
        assert words
        assert not legal, f"refused: {words}"
        self.rows = dump(self.store)
        assert difference(before, self.rows) == []
        assert journal_size(self.store) == size

    def back_and_forth(self, desk: Desk, before: Dump, done: Done[Any]) -> None:
        """What was just done is undone and done again, to the byte."""
        after = self.rows
        undone = desk.do(Undo())
        assert undone.value.id == done.operation
        assert difference(before, dump(self.store)) == []
        self.replay.catch_up(self.store)
        check_search(self.store)
        desk.do(Redo())
        self.rows = dump(self.store)
        differs = difference(after, self.rows)
        assert not differs, differs

    def _expect(self, command: Command[Any]) -> None:
        """The model's own reckoning of what a granted command does to statuses and owners."""
        rule_of = _EXPECTED.get(type(command))
        if rule_of is not None:
            rule_of(self, command)

    def lead(self, lead_id: int) -> dict[str, Any]:
        return self.rows["lead"][lead_id]

    def one_of(self, table: str, number: int) -> int:
        """A row of those there are, the newest first, what is open before what is done; or one that is not there."""
        ids = sorted(self.rows[table], reverse=True)
        if table == "task":
            ids.sort(key=lambda i: self.rows[table][i]["done_at"] is not None or bool(self.rows[table][i]["dropped"]))
        return ids[number % len(ids)] if ids and number != NOT_THERE else 999

    def mine(self, who: str, lead_id: int) -> bool:
        return who == "boss" or self.model.owner.get(lead_id) in (None, self.desks[who].user.id)

    def may(self, who: str, lead_id: int, deed: str) -> bool:
        return self.mine(who, lead_id) and self.model.status.get(lead_id) in LEGAL[deed]

    def at(self, ahead: int) -> datetime:
        return self.clock.now() + timedelta(minutes=ahead)

    # The commands

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

    @rule(
        who=people,
        leads=st.lists(lead_ids, min_size=1, max_size=4, unique=True),
        to=st.sampled_from([None, "boss", "anna"]),
        note=st.sampled_from(["", "please"]),
        twice=st.booleans(),
    )
    def assign(self, who: str, leads: list[int], to: str | None, note: str, twice: bool) -> None:
        leads = list(dict.fromkeys(self.one_of("lead", i) for i in leads))
        owner = self.desks[to].user.id if to else None
        there = [i for i in leads if i in self.model.status]
        legal = bool(there)
        if who == "anna":
            legal = to != "boss" and len(there) == len(leads) and all(self.mine(who, i) for i in leads)
        self.do(who, AssignLeads(lead_ids=tuple(leads), owner_id=owner, note=note), legal=legal, twice=twice)

    @rule(
        who=people,
        leads=st.lists(lead_ids, min_size=1, max_size=4, unique=True),
        values=st.fixed_dictionaries(
            {}, optional={"temperature": st.sampled_from(["hot", "cold"]), "no_call": st.booleans()}
        ),
        twice=st.booleans(),
    )
    def edit_many(self, who: str, leads: list[int], values: dict[str, Any], twice: bool) -> None:
        leads = list(dict.fromkeys(self.one_of("lead", i) for i in leads))
        self.do(who, EditLeads(lead_ids=tuple(leads), values=values), twice=twice)

    @rule(
        who=people,
        leads=st.lists(lead_ids, min_size=1, max_size=4, unique=True),
        what=st.sampled_from(["defer", "disqualify", "bring_back"]),
        twice=st.booleans(),
    )
    def move_many(self, who: str, leads: list[int], what: str, twice: bool) -> None:
        leads = list(dict.fromkeys(self.one_of("lead", i) for i in leads))
        ids = tuple(leads)
        commands: dict[str, Command[Any]] = {
            "defer": DeferLeads(lead_ids=ids, until=self.at(600)),
            "disqualify": DisqualifyLeads(lead_ids=ids, why="spam"),
            "bring_back": BringBackLeads(lead_ids=ids),
        }
        movable = [i for i in leads if self.may(who, i, what)]
        legal = bool(movable)
        if what == "defer":
            legal = legal and all(i in self.model.status and self.mine(who, i) for i in leads)
        self.do(who, commands[what], legal=legal, twice=twice)

    @rule(who=people, lead=lead_ids, words=st.sampled_from(["asked for a price", " "]), twice=st.booleans())
    def note(self, who: str, lead: int, words: str, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = self.mine(who, lead) and lead in self.model.status and bool(words.strip())
        self.do(who, AddNote(words, lead_id=lead), legal=legal, twice=twice)

    @rule(who=people, lead=lead_ids, given=points, twice=st.booleans())
    def add_point(self, who: str, lead: int, given: PointInput, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = None if self.mine(who, lead) and lead in self.model.status else False
        self.do(who, AddPoint(given, lead_id=lead), legal=legal, twice=twice)

    @rule(
        who=people,
        point=row_ids,
        words=st.one_of(st.none(), numbers, st.just("")),
        state=st.one_of(st.none(), st.sampled_from(list(PointState))),
        preferred=st.one_of(st.none(), st.booleans()),
        twice=st.booleans(),
    )
    def edit_point(
        self,
        who: str,
        point: int,
        words: str | None,
        state: PointState | None,
        preferred: bool | None,
        twice: bool,
    ) -> None:
        point = self.one_of("contact_point", point)
        row = self.rows["contact_point"].get(point)
        legal = bool(row and (row["lead_id"] is None or self.mine(who, row["lead_id"])) and words != "")
        command = EditPoint(point_id=point, text=words, state=state, preferred=preferred)
        if self.do(who, command, legal=legal, twice=twice) and preferred:
            assert self.rows["contact_point"][point]["preferred"]
            where = ("lead_id", "client_id", "channel")
            for other in self.rows["contact_point"].values():
                same = all(other[k] == self.rows["contact_point"][point][k] for k in where)
                assert not (same and other["preferred"]) or other["id"] == point

    @rule(who=people, point=row_ids, twice=st.booleans())
    def remove_point(self, who: str, point: int, twice: bool) -> None:
        point = self.one_of("contact_point", point)
        row = self.rows["contact_point"].get(point)
        called = any(c["contact_id"] == point for c in self.rows["call"].values())
        legal = bool(row and (row["lead_id"] is None or self.mine(who, row["lead_id"])) and not called)
        self.do(who, RemovePoint(point), legal=legal, twice=twice)

    @rule(who=people, lead=lead_ids, twice=st.booleans())
    def confirm(self, who: str, lead: int, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = self.mine(who, lead) and lead in self.model.status
        if legal:
            judge = self.desks[who].user.role.covers(ConfirmLead.role)
            legal = judge and bool(self.lead(lead)["suspicion"]) and not self.lead(lead)["suspicion_ok"]
        self.do(who, ConfirmLead(lead), legal=legal, twice=twice)

    @rule(
        who=people,
        keep=lead_ids,
        lose=lead_ids,
        fields=st.sampled_from([{}, {}, {"name": "lose"}, {"company": "Other", "decides": "yes"}, {"shoe": "keep"}]),
        twice=st.booleans(),
    )
    def merge(self, who: str, keep: int, lose: int, fields: dict[str, str], twice: bool) -> None:
        keep, lose = self.one_of("lead", keep), self.one_of("lead", lose)
        there = all(i in self.model.status and self.mine(who, i) for i in (keep, lose))
        legal = there and keep != lose and "shoe" not in fields
        if legal:
            clients = {self.lead(i)["client_id"] for i in (keep, lose)} - {None}
            legal = len(clients) < 2
            self.merging = _status_of_two([self.lead(i) for i in (keep, lose)], self.rows)
        self.do(who, MergeCards(keep, lose, fields), legal=legal, twice=twice)

    @rule(who=people)
    def take_next(self, who: str) -> None:
        held = self.leases()
        drawn = self.do(who, TakeNext(), legal=True)
        assert drawn is not None
        if drawn.value.row is None:
            assert drawn.value.why
            return
        lead_id = drawn.value.row.lead_id
        holder = held.get(lead_id)
        assert holder is None or holder == self.desks[who].user.id
        self.offered(who, [lead_id])

    @rule(who=people)
    def release(self, who: str) -> None:
        self.do(who, ReleaseLeads(), legal=True)
        assert self.desks[who].user.id not in self.leases().values()

    @rule(who=people, words=st.sampled_from(["", "half a sen"]))
    def type_something(self, who: str, words: str) -> None:
        self.do(who, SaveDraft("lead:1:note", words), legal=True)

    @rule(ahead=st.sampled_from([1, 30, 240, 60 * 9, 60 * 24, 60 * 24 * 7, 60 * 24 * 31]))
    def time_passes(self, ahead: int) -> None:
        self.clock.forward(minutes=ahead)

    @rule(who=people, which=st.one_of(st.none(), st.none(), st.integers(0, 12)))
    def undo(self, who: str, which: int | None) -> None:
        number = None if which is None else max(1, journal_size(self.store)[0] - which)
        self._turn(who, Undo(number), back=True)

    @rule(who=people)
    def redo(self, who: str) -> None:
        self._turn(who, Redo(), back=False)

    def _turn(self, who: str, command: Command[Any], *, back: bool) -> None:
        done = self.do(who, command)
        if done is not None:
            self.model.go(self.model.moved[done.value.id], back=back)

    @rule(data=st.data())
    def a_busy_hour(self, data: st.DataObject) -> None:
        """Hypothesis leaves out most rules of each run to go deep with few; here all of them meet."""
        for _ in range(8):
            deed = data.draw(st.sampled_from(DEEDS))
            if all(condition(self) for condition in deed.preconditions):
                deed.function(self, **{name: data.draw(kind) for name, kind in deed.arguments.items()})
            for holds in (
                self.statuses_are_the_models,
                self.nobody_is_forgotten,
                self.reach_is_true,
                self.what_follows_is_true,
            ):
                holds()

    # What must always hold

    def leases(self) -> dict[int, int]:
        now = int(self.clock.now().timestamp() * 1000)
        with self.store.reader.connect() as connection:
            rows = connection.execute(text("SELECT lead_id, user_id FROM lease WHERE until > :now"), {"now": now}).all()
        return dict(rows)

    def offered(self, who: str, ids: list[int]) -> None:
        """Nobody who must not be offered is among these."""
        held = self.leases()
        me = self.desks[who].user.id
        for lead_id in ids:
            lead = self.lead(lead_id)
            assert lead["status"] in OPEN
            assert reach_of(lead, self.rows) != "barred"
            assert lead["spam"] < HELD_FROM or lead["suspicion_ok"]
            assert held.get(lead_id) in (None, me)
            assert self.mine(who, lead_id)

    @invariant()
    def statuses_are_the_models(self) -> None:
        stored = {i: (row["status"], row["owner_id"]) for i, row in self.rows["lead"].items()}
        assert stored == self.model.now()

    @invariant()
    def clients_and_leads_find_each_other(self) -> None:
        for lead in self.rows["lead"].values():
            assert (lead["status"] == "converted") == (lead["client_id"] is not None)
            assert lead["client_id"] is None or lead["client_id"] in self.rows["client"]
        linked = {lead["client_id"] for lead in self.rows["lead"].values()}
        assert set(self.rows["client"]) <= linked

    @invariant()
    def nobody_is_forgotten(self) -> None:
        waiting = {t["lead_id"] for t in self.rows["task"].values() if t["done_at"] is None and not t["dropped"]}
        for lead in self.rows["lead"].values():
            if lead["status"] in OPEN:
                fresh = lead["status"] == "new" and lead["last_call_at"] is None
                step = fresh or lead["retry_at"] or lead["came_back_at"] or lead["idle_ok"] or lead["id"] in waiting
                assert step, f"lead {lead['id']} has no next step"
                assert lead["return_at"] is None
            else:
                assert lead["retry_at"] is None
                assert lead["came_back_at"] is None
            if lead["status"] in ("refused", "disqualified"):
                assert lead["id"] not in waiting

    @invariant()
    def reach_is_true(self) -> None:
        for lead in self.rows["lead"].values():
            assert lead["reach"] == reach_of(lead, self.rows)

    @invariant()
    def what_follows_is_true(self) -> None:
        """Of leads in work; of others the score may wait until they are in work again."""
        m, p = mapper(Lead), mapper(ContactPoint)
        never = {row["key"] for row in self.rows["suppression"].values()}
        for row in self.rows["lead"].values():
            lead = m.entity([row[name] for name in m.names])
            points = [
                p.entity([point[name] for name in p.names])
                for point in self.rows["contact_point"].values()
                if point["lead_id"] == lead.id
            ]
            for name, value in derive(lead, points, never).items():
                assert getattr(lead, name) == value or (name == "score" and lead.status not in OPEN), name

    @invariant()
    def the_queue_is_clean(self) -> None:
        # Building the statements costs more than all else here, so that each step looks at one desk's.
        self.steps += 1
        who = ("boss", "anna")[self.steps % 2]
        desk = self.desks[who]
        if self.steps % 5 == 0:
            self.offered(who, desk.read(Drawable(100)))
            return
        page = desk.read(Queue(limit=100))
        due = [row.lead_id for row in page.rows if row.section is not Section.LATER]
        assert len(due) == len(set(due)) == page.total
        self.offered(who, [row.lead_id for row in page.rows])

    @invariant()
    def the_journal_is_complete(self) -> None:
        assert difference(self.replay.catch_up(self.store), self.rows) == []

    @invariant()
    def the_index_agrees(self) -> None:
        check_search(self.store)
        check_keys(self.store)


DEEDS = [
    deed
    for name, method in vars(LifeOfALead).items()
    if name != "a_busy_hour" and (deed := getattr(method, RULE_MARKER, None)) is not None
]


def _to(status: str) -> Callable[[LifeOfALead, Any], None]:
    def move(machine: LifeOfALead, command: Any) -> None:
        machine.model.status[command.lead_id] = status

    return move


def _added(machine: LifeOfALead, _command: AddLead) -> None:
    for lead_id in machine.rows["lead"].keys() - machine.model.status.keys():
        machine.model.status[lead_id], machine.model.owner[lead_id] = "new", None


def _called(machine: LifeOfALead, command: LogCall) -> None:
    old = machine.model.status[command.lead_id]
    work = old if old == "qualified" else "in_progress"
    status = {"interested": "qualified", "agreed": "qualified", "do_not_call": "refused"}.get(command.outcome, work)
    if command.outcome in NO_ANSWER and machine.lead(command.lead_id)["attempts"] >= 6:
        status = "deferred"
    machine.model.status[command.lead_id] = status
    _takes(machine, command)


def _takes(machine: LifeOfALead, command: LogCall) -> None:
    """Who writes up a call of nobody's lead has it from then on."""
    if machine.model.owner[command.lead_id] is None:
        machine.model.owner[command.lead_id] = machine.lead(command.lead_id)["owner_id"]
        assert machine.model.owner[command.lead_id] is not None


def _closed(status: str) -> Callable[[LifeOfALead, Any], None]:
    def close(machine: LifeOfALead, command: ConvertLead | RefuseLead) -> None:
        machine.model.status[command.lead_id] = status
        if command.call:
            _takes(machine, command.call)

    return close


def _assigned(machine: LifeOfALead, command: AssignLeads) -> None:
    for lead_id in command.lead_ids:
        if lead_id in machine.model.status:
            machine.model.owner[lead_id] = command.owner_id


def _status_of_two(leads: list[dict[str, Any]], rows: Dump) -> str:
    """What two cards come to: the more alive wins, but who asked to be left alone is left alone."""
    statuses = {lead["status"] for lead in leads}
    refused = {lead["id"] for lead in leads if lead["status"] == "refused"}
    standing = [r for r in rows["refusal"].values() if r["returned_at"] is None and r["taken_back_at"] is None]
    if "converted" not in statuses and any(r["suppressed"] and r["lead_id"] in refused for r in standing):
        return "refused"
    order = ("converted", "qualified", "in_progress", "new", "deferred", "refused", "disqualified")
    best = next(status for status in order if status in statuses)
    called = any(lead["last_call_at"] is not None for lead in leads)
    return "in_progress" if best == "new" and called and len(statuses) > 1 else best


def _merged(machine: LifeOfALead, command: MergeCards) -> None:
    model = machine.model
    model.status[command.keep] = machine.merging
    del model.status[command.lose]
    theirs = model.owner.pop(command.lose)
    model.owner[command.keep] = model.owner[command.keep] or theirs


def _returned(machine: LifeOfALead, _command: ReturnDueLeads) -> None:
    """Those whose day has come, as they stood before, are back in work; all others stay."""
    now = int(machine.clock.now().timestamp() * 1000)
    for lead_id, status in machine.model.status.items():
        due = machine.returning.get(lead_id)
        if status in ("deferred", "refused") and due is not None and due <= now:
            machine.model.status[lead_id] = "in_progress"


def _many(deed: str, status: str) -> Callable[[LifeOfALead, Any], None]:
    def move(machine: LifeOfALead, command: Any) -> None:
        for lead_id in command.lead_ids:
            old = machine.model.status.get(lead_id)
            if old in LEGAL[deed] and machine.mine(machine.acting, lead_id):
                machine.model.status[lead_id] = status

    return move


_EXPECTED: dict[type[Any], Callable[[LifeOfALead, Any], None]] = {
    AddLead: _added,
    LogCall: _called,
    Qualify: _to("qualified"),
    ConvertLead: _closed("converted"),
    RefuseLead: _closed("refused"),
    DeferLead: _to("deferred"),
    DeferLeads: _many("defer", "deferred"),
    DisqualifyLeads: _many("disqualify", "disqualified"),
    BringBackLeads: _many("bring_back", "in_progress"),
    BringBack: _to("in_progress"),
    Disqualify: _to("disqualified"),
    ReturnDueLeads: _returned,
    AssignLeads: _assigned,
    MergeCards: _merged,
}

MODEST = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False
)
LONG = settings(MODEST, max_examples=1500, stateful_step_count=60)


def test_random_work_keeps_every_promise() -> None:
    run_state_machine_as_test(LifeOfALead, settings=MODEST)


@pytest.mark.soak
def test_random_work_for_long_keeps_every_promise() -> None:
    run_state_machine_as_test(LifeOfALead, settings=LONG)
