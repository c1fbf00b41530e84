"""Somebody known comes again: onto their card, to their owner, never a second lead."""

from datetime import timedelta
from pathlib import Path

import pytest

from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Client, ContactPoint, Lead, Note, Task
from leaddesk.workflow.leads import AddLead, EditLead
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.requests import TakeRequest
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, Status, Temperature
from tests.workflow.intake_files import bring, everything, stored

FIRST = "Name,Company,Phone,Interest\nAda Byron,Engines,660-485-0224,looms\n"
AGAIN = "Name,Company,Phone,Interest,Message\nA. Byron,Engines,+1 (660) 485-0224,pumps,Call me please\n"


def lead_of(desk: Desk) -> Lead:
    return stored(desk, Lead)[0]


def test_the_row_goes_onto_the_card_and_its_owner_hears(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    bring(desk, tmp_path, FIRST, owner=desk.user.login)
    before = everything(store)
    dry = bring(desk, tmp_path, AGAIN, "again", source="Web form", dry_run=True)
    result = bring(desk, tmp_path, AGAIN, "again", source="Web form")
    assert dry.counts == result.counts
    assert (result.counts.came_again, result.counts.updated, result.counts.created) == (1, 1, 0)
    assert result.verdicts[0].verdict == "again"
    lead = lead_of(desk)
    assert (lead.temperature, lead.came_back_at is not None) == (Temperature.WARM, True)
    assert lead.interest == "looms"
    note = stored(desk, Note)[0].text
    assert note.startswith("Came again: Web form\n")
    assert {"Name: A. Byron", "Interest: pumps"} < set(note.splitlines())
    assert "Call me please" in note
    task = stored(desk, Task)[0]
    assert (task.title, task.lead_id, task.owner_id) == ("Came again: Web form", lead.id, desk.user.id)
    assert check(store) == []
    desk.do(Undo())
    assert everything(store) == before


def test_the_same_list_again_is_no_news(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    bring(desk, tmp_path, FIRST)
    bring(desk, tmp_path, AGAIN, "again")
    before = everything(store)
    for text in (FIRST, AGAIN):
        result = bring(desk, tmp_path, text, "again")
        assert (result.counts.skipped, result.counts.came_again) == (1, 0)
    assert everything(store) == before


def test_a_third_request_about_something_else_is_told_as_well(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FIRST)
    for interest in ("pumps", "valves", "gears"):
        text = f"Phone,Interest\n660-485-0224,{interest}\n"
        assert bring(desk, tmp_path, text, "again").counts.came_again == 1
    assert lead_of(desk).temperature is Temperature.HOT
    assert [note.text.splitlines()[-1] for note in stored(desk, Note)] == [
        "Interest: pumps", "Interest: valves", "Interest: gears",
    ]  # fmt: skip
    assert len(stored(desk, Task)) == 1


def test_a_request_is_news_even_where_it_says_nothing_new(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FIRST)
    result = bring(desk, tmp_path, FIRST, "again", requests=True)
    assert result.counts.came_again == 1
    assert len(stored(desk, Lead)) == 1


def test_a_parked_lead_comes_back_into_work(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FIRST)
    lead = lead_of(desk)
    desk.do(DeferLead(lead_id=lead.id, until=desk.clock.now() + timedelta(days=300), why="next year"))
    bring(desk, tmp_path, AGAIN, "again", source="Fair")
    lead = lead_of(desk)
    assert (lead.status, lead.came_back_why, lead.return_at) == (Status.IN_PROGRESS, "came again: Fair", None)


def test_the_suppressed_stay_suppressed(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FIRST)
    desk.do(Suppress("+16604850224", why="asked"))
    before = lead_of(desk)
    result = bring(desk, tmp_path, AGAIN, "again")
    assert result.counts.created == 0
    lead = lead_of(desk)
    assert (lead.reach, lead.temperature, lead.came_back_at) == ("barred", before.temperature, None)
    assert stored(desk, Task) == []
    assert len(stored(desk, Note)) == 1


def test_who_became_a_client_is_the_clients_owners(desk: Desk, operator_desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FIRST, owner=desk.user.login)
    lead = lead_of(desk)
    desk.do(ConvertLead(lead_id=lead.id, values={"owner_id": operator_desk.user.id}))
    result = bring(desk, tmp_path, AGAIN, "again")
    assert result.counts.came_again == 1
    client = stored(desk, Client)[0]
    task = stored(desk, Task)[0]
    assert (task.client_id, task.owner_id) == (client.id, operator_desk.user.id)
    assert "pumps" in stored(desk, Note)[0].text
    assert len(stored(desk, Lead)) == 1
    assert bring(desk, tmp_path, AGAIN, "again").counts.skipped == 1


def test_twice_in_one_file_is_one_lead_and_no_task(desk: Desk, tmp_path: Path) -> None:
    rows = "".join(f"Person {n},,{n:03}\n" for n in range(500))
    text = f"Name,Phone,Size\nAda,660-485-0224,1\n{rows}Ada Byron,660-485-0224,2\n"
    result = bring(desk, tmp_path, text, "again")
    assert (result.counts.created, result.counts.updated, result.counts.came_again) == (501, 1, 0)
    assert stored(desk, Task) == []
    assert [n.text for n in stored(desk, Note)] == ["Size: 2"]


@pytest.mark.parametrize("mode", ["skip", "create"])
def test_other_ways_are_there_for_who_wants_them(desk: Desk, tmp_path: Path, mode: str) -> None:
    bring(desk, tmp_path, FIRST)
    result = bring(desk, tmp_path, AGAIN, mode)
    assert (result.counts.created, len(stored(desk, Task))) == (int(mode == "create"), 0)


def test_an_address_in_another_spelling_is_the_same(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, "Name,Email\nAda,ada.byron@gmail.com\n")
    lead = lead_of(desk)
    desk.do(EditLead(lead_id=lead.id, values={"temperature": "hot"}))
    result = bring(desk, tmp_path, "Name,Email,Notes\nAda,AdaByron+shop@googlemail.com,hello\n", "again")
    assert (result.counts.came_again, len(stored(desk, Lead))) == (1, 1)
    assert lead_of(desk).temperature is Temperature.HOT


def test_a_switchboard_glues_nobody_together(desk: Desk, tmp_path: Path) -> None:
    rows = "".join(f"Person {n},Firm,660-485-0224,p{n}@x.org\n" for n in range(25))
    bring(desk, tmp_path, f"Name,Company,Phone,Email\n{rows}", "create")
    again = "Name,Phone,Email\nSomebody New,660-485-0224,\nAnother New,660-485-0224,\nPerson 3,660-485-0224,p3@x.org\n"
    result = bring(desk, tmp_path, again, "again")
    assert (result.counts.created, result.counts.skipped) == (2, 1)
    assert len(stored(desk, Lead)) == 27


def test_an_address_nobody_has_is_nobodys(desk: Desk, tmp_path: Path) -> None:
    rows = "".join(f"Person {n},660-485-02{n},test@test.com\n" for n in range(30, 40))
    assert bring(desk, tmp_path, f"Name,Phone,Email\n{rows}", "again").counts.created == 10
    assert bring(desk, tmp_path, f"Name,Phone,Email\n{rows}", "again").counts.skipped == 10
    alone = "Name,Email\nPerson,test@test.com\n"
    assert bring(desk, tmp_path, alone, "again").counts.created == 0


# Requests one by one


def asked(name: str, phone: str, interest: str) -> TakeRequest:
    point = PointInput(Channel.PHONE, phone)
    return TakeRequest(AddLead(values={"name": name, "interest": interest}, points=(point,), source="Web form"))


def test_a_request_becomes_a_lead_once(desk: Desk, operator_desk: Desk, store: DbStore) -> None:
    first = desk.do(asked("Ada Byron", "+1 660-485-0224", "looms")).value
    assert (first.known, first.lead is not None) == (False, True)
    before = everything(store)
    done = operator_desk.do(asked("Ada B", "+16604850224", "pumps"))
    assert done.value.known
    assert done.words == "Ada Byron came again (the same phone): on lead 1"
    assert [lead.temperature for lead in stored(desk, Lead)] == [Temperature.WARM]
    assert "Interest: pumps" in stored(desk, Note)[0].text
    assert [task.title for task in stored(desk, Task)] == ["Came again: Web form"]
    operator_desk.do(Undo())
    assert everything(store) == before


def test_a_request_brings_what_the_card_lacks(desk: Desk) -> None:
    desk.do(asked("Ada Byron", "+1 660-485-0224", "looms"))
    points = (PointInput(Channel.PHONE, "+16604850224"), PointInput(Channel.EMAIL, "ada@x.org"))
    desk.do(TakeRequest(AddLead(values={"name": "Ada"}, points=points)))
    assert {p.key for p in stored(desk, ContactPoint)} == {"+16604850224", "ada@x.org"}
    assert check(desk.store) == []


def test_a_switchboard_is_nobody(desk: Desk) -> None:
    for n in range(22):
        desk.do(
            AddLead(values={"name": f"P{n}"}, points=(PointInput(Channel.PHONE, "+16604850224"),), even_if_known=True)
        )
    assert not desk.do(asked("Somebody New", "+1 660-485-0224", "looms")).value.known
    assert len(stored(desk, Lead)) == 23
