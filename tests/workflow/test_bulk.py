"""The same deed on many leads at once, on both engines."""

from dataclasses import dataclass

import pytest

from leaddesk.workflow.bulk import REFRESHED_AT_MOST, BringBackLeads, DisqualifyLeads, EditLeads
from leaddesk.workflow.cards import LeadIds, LeadRow, LeadRows
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import ContactPoint, Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.ports import Work
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, Reach, Status, Temperature
from tests.db.commands import Do
from tests.workflow.making import KYIV, drawable, now_is


@dataclass(frozen=True)
class Fill(Command[tuple[int, ...]]):
    """Leads of some owner."""

    count: int
    owner_id: int | None = None

    def handle(self, work: Work) -> tuple[int, ...]:
        work.words = "filled"
        leads = [Lead(name=f"Person {n}", owner_id=self.owner_id) for n in range(self.count)]
        return tuple(lead.id for lead in work.add_many(leads))


def rows(desk: Desk) -> list[LeadRow]:
    return desk.read(LeadRows(tuple(desk.read(LeadIds(sort="id", descending=False)))))


def test_more_than_are_refreshed_still_get_the_field_and_undo_takes_it_back(desk: Desk) -> None:
    ids = desk.do(Fill(600)).value
    done = desk.do(EditLeads(lead_ids=ids, values={"temperature": "warm"}))
    assert (done.value, done.words) == (600, "600 leads: temperature warm")
    assert {r.temperature for r in rows(desk)} == {Temperature.WARM}
    desk.do(Undo())
    assert {r.temperature for r in rows(desk)} == {Temperature.COLD}


def test_a_value_that_cannot_be_changes_nothing(desk: Desk) -> None:
    ids = desk.do(Fill(2)).value
    with pytest.raises(Refused, match="temperature"):
        desk.do(EditLeads(lead_ids=ids, values={"temperature": "boiling"}))
    with pytest.raises(Refused, match="None of these leads"):
        desk.do(EditLeads(lead_ids=(900, 901), values={"tags": "a, b"}))
    assert {r.temperature for r in rows(desk)} == {Temperature.COLD}


def test_an_operator_edits_no_one_elses(desk: Desk, operator_desk: Desk) -> None:
    others = desk.do(Fill(1, owner_id=desk.user.id)).value
    own = desk.do(Fill(1, owner_id=operator_desk.user.id)).value
    with pytest.raises(Refused):
        operator_desk.do(EditLeads(lead_ids=(*own, *others), values={"temperature": "hot"}))
    assert {r.temperature for r in rows(desk)} == {Temperature.COLD}
    assert operator_desk.do(EditLeads(lead_ids=own, values={"temperature": "hot"})).value == 1


def test_those_a_deed_does_not_suit_are_left_out_and_named(desk: Desk) -> None:
    ids = desk.do(Fill(3)).value
    desk.do(DisqualifyLeads(lead_ids=ids[:1], why="spam"))
    done = desk.do(DisqualifyLeads(lead_ids=ids, why="competitor")).value
    assert done.done == 2
    assert [lead_id for lead_id, _why in done.left_out] == [ids[0]]
    assert "disqualified" in done.left_out[0][1]
    back = desk.do(BringBackLeads(lead_ids=ids))
    assert (back.value.done, back.words) == (3, "Brought back 3 leads")
    assert {r.status for r in rows(desk)} == {Status.IN_PROGRESS}
    with pytest.raises(Refused, match="in work already"):
        desk.do(BringBackLeads(lead_ids=ids))
    desk.do(Undo())
    assert {r.status for r in rows(desk)} == {Status.DISQUALIFIED}


def test_nobody_chosen_is_said(desk: Desk) -> None:
    with pytest.raises(Refused, match="No leads were chosen"):
        desk.do(DisqualifyLeads(lead_ids=(), why="spam"))


def test_nobody_of_many_is_called_against_the_wish_or_by_another_countrys_clock(desk: Desk) -> None:
    """Past the number of leads whose score follows at once, what decides on calling follows all the same."""
    many = range(REFRESHED_AT_MOST + 1)
    added = desk.do(Do(lambda work: work.add_many([Lead(name=f"Person {n}") for n in many]))).value
    numbers = [ContactPoint(lead_id=lead.id, channel=Channel.PHONE, value=KYIV, key=KYIV) for lead in added]
    desk.do(Do(lambda work: work.add_many(numbers)))
    ids = tuple(lead.id for lead in added)
    desk.do(EditLeads(lead_ids=ids, values={"country": "UA"}))
    assert {now_is(desk, lead).zone_key[:2] for lead in (added[0], added[-1])} == {"UA"}
    assert drawable(desk) != []
    desk.do(EditLeads(lead_ids=ids, values={"no_call": True}))
    assert {now_is(desk, lead).reach for lead in (added[0], added[-1])} == {Reach.BARRED}
    assert drawable(desk) == []
    desk.do(Undo())
    assert drawable(desk) != []
