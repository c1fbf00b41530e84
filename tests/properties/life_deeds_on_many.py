"""What people do to many leads, to numbers, in the queue, and while time passes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    rule,
)

from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.bulk import BringBackLeads, DisqualifyLeads, EditLeads
from leaddesk.workflow.desk import Command
from leaddesk.workflow.leads import (
    AddNote,
    ConfirmLead,
    SaveDraft,
)
from leaddesk.workflow.merging import MergeCards
from leaddesk.workflow.parking import DeferLeads
from leaddesk.workflow.points import AddPoint, EditPoint, PointInput, RemovePoint
from leaddesk.workflow.queue import ReleaseLeads, TakeNext
from leaddesk.workflow.vocabulary import PointState
from tests.properties.life_deeds import DeedsOnOne
from tests.properties.life_expected import status_of_two
from tests.properties.life_model import (
    lead_ids,
    numbers,
    people,
    points,
    row_ids,
)


class DeedsOnMany(DeedsOnOne):
    """What is done to several leads, to their numbers, and in the queue."""

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
            self.merging = status_of_two([self.lead(i) for i in (keep, lose)], self.rows)
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
