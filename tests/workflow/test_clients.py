"""Becoming a client: known ones first, fields checked by country, everything carried over, and back again."""

from datetime import timedelta

import pytest

from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.cards import ClientCard
from leaddesk.workflow.clients import ConvertLead, EditClient, PersonInput, RemovePerson, SavePerson
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Conflict, Refused
from leaddesk.workflow.leads import AddNote, EditLead
from leaddesk.workflow.tasks import OpenTasks
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Status
from tests.engines import TestClock
from tests.workflow.making import KYIV, TALLINN, add, call, drawable, now_is, open_tasks

EDRPOU = "32855961"


def test_a_lead_and_its_client_find_each_other_with_all_it_had(
    desk: Desk, operator_desk: Desk, clock: TestClock
) -> None:
    lead = add(desk, KYIV, "olena@klochkivska.example", company="Klochkivska Trade", role="buyer", city="Kharkiv")
    call(desk, lead, "interested")
    tasks = [t.id for t in open_tasks(desk, lead)]
    clock.forward(minutes=1)
    client = desk.do(
        ConvertLead(
            lead_id=lead.id,
            values={"legal_name": "TOV Klochkivska", "tax_number": EDRPOU, "owner_id": operator_desk.user.id},
            call=LogCall(lead_id=lead.id, outcome="agreed", duration_s=60),
        )
    ).value
    shown = desk.read(ClientCard(client.id))
    assert [one.id for one in shown.leads] == [lead.id]
    assert (client.country, client.city, client.tax_key) == ("UA", "Kharkiv", f"UA{EDRPOU}")
    assert [p.key for p in shown.points] == [KYIV, "olena@klochkivska.example"]
    assert [(p.name, p.role) for p in shown.people] == [("Olena Hrytsenko", "buyer")]
    assert sorted(t.id for t in shown.tasks if t.is_open) == tasks
    assert {t.owner_id for t in shown.tasks if t.is_open} == {operator_desk.user.id}
    after = now_is(desk, lead)
    assert (after.status, after.client_id, after.touches) == (Status.CONVERTED, client.id, 2)
    assert after.converted_at == clock.now()
    assert drawable(desk) == []
    assert len(desk.read(ClientCard(client.id, with_leads=True)).timeline) > len(shown.timeline)
    desk.do(Undo())
    assert (now_is(desk, lead).touches, now_is(desk, lead).converted_at) == (1, None)
    assert [t.id for t in open_tasks(desk, lead)] == tasks
    with pytest.raises(Refused):
        desk.read(ClientCard(client.id))
    desk.do(Redo())
    assert desk.read(ClientCard(client.id)).points == shown.points


def test_known_clients_are_named_first_and_may_be_joined(desk: Desk) -> None:
    first = add(desk, KYIV)
    client = desk.do(ConvertLead(lead_id=first.id, values={"tax_number": EDRPOU})).value
    by_phone, by_tax = add(desk, KYIV, TALLINN), add(desk, name="Ada Lovelace", country="UA")
    with pytest.raises(Refused, match=f"client {client.id}.*same phone") as refused:
        desk.do(ConvertLead(lead_id=by_phone.id))
    assert refused.value.field == "client"
    with pytest.raises(Refused, match="same tax number"):
        desk.do(ConvertLead(lead_id=by_tax.id, values={"tax_number": EDRPOU}))
    joined = desk.do(ConvertLead(lead_id=by_phone.id, client_id=client.id)).value
    assert joined.id == client.id
    shown = desk.read(ClientCard(client.id))
    assert [one.id for one in shown.leads] == [first.id, by_phone.id]
    assert [p.key for p in shown.points] == [KYIV, TALLINN]
    desk.do(Undo())
    assert [p.key for p in desk.read(ClientCard(client.id)).points] == [KYIV]
    another = desk.do(ConvertLead(lead_id=by_phone.id, even_if_known=True)).value
    assert another.id != client.id


def test_undo_names_what_stands_on_the_client(desk: Desk) -> None:
    lead, bare = add(desk, KYIV), add(desk, name="Ada Lovelace")
    made = desk.do(ConvertLead(lead_id=lead.id))
    desk.do(AddNote("signed", client_id=made.value.id))
    with pytest.raises(Refused, match="Note on Olena"):
        desk.do(Undo(made.operation))
    desk.do(Undo())
    desk.do(ConvertLead(lead_id=bare.id, client_id=made.value.id))
    with pytest.raises(Refused, match="Ada Lovelace converted"):
        desk.do(Undo(made.operation))
    desk.do(Undo())
    desk.do(Undo(made.operation))
    assert now_is(desk, lead).status is Status.NEW


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"tax_number": "32855962"}, "tax_number"),
        ({"country": "Nowhere"}, "country"),
        ({"colour": "blue"}, "colour"),
        ({"name": None}, "name"),
        ({"owner_id": "anna"}, "owner_id"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(desk: Desk, values: dict[str, object], field: str) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused) as refused:
        desk.do(ConvertLead(lead_id=lead.id, values=values))
    assert refused.value.field == field
    assert now_is(desk, lead).status is Status.NEW


def test_the_call_written_up_is_this_leads(desk: Desk) -> None:
    lead, other = add(desk, KYIV), add(desk, TALLINN)
    with pytest.raises(Refused):
        desk.do(ConvertLead(lead_id=lead.id, call=LogCall(lead_id=other.id, outcome="agreed")))
    assert now_is(desk, other).touches == 0


def test_a_client_is_not_converted_refused_or_called_again(desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(ConvertLead(lead_id=lead.id))
    with pytest.raises(Refused, match="become a client"):
        desk.do(ConvertLead(lead_id=lead.id))
    with pytest.raises(Refused, match="become a client"):
        call(desk, lead, "no_answer")
    assert desk.read(OpenTasks()) == []


def test_two_people_at_one_client_card(desk: Desk, operator_desk: Desk) -> None:
    client = desk.do(ConvertLead(lead_id=add(desk, KYIV).id)).value
    base = {"city": "", "contract": ""}
    operator_desk.do(EditClient(client_id=client.id, values={"contract": "12/26"}, base=base))
    desk.do(EditClient(client_id=client.id, values={"city": "Kyiv"}, base=base))
    with pytest.raises(Conflict) as conflict:
        operator_desk.do(EditClient(client_id=client.id, values={"city": "Lviv"}, base=base))
    assert conflict.value.clashes == {"city": ("Kyiv", "Lviv")}
    shown = desk.read(ClientCard(client.id)).client
    assert (shown.city, shown.contract) == ("Kyiv", "12/26")


def test_contact_persons_come_change_and_go(desk: Desk) -> None:
    client = desk.do(ConvertLead(lead_id=add(desk, KYIV).id)).value
    person = desk.do(SavePerson(client_id=client.id, person=PersonInput(" Ihor ", phone="1"))).value
    desk.do(SavePerson(client_id=client.id, person=PersonInput("Ihor", role="accounts"), person_id=person.id))
    assert [(p.name, p.role) for p in desk.read(ClientCard(client.id)).people][1:] == [("Ihor", "accounts")]
    with pytest.raises(Refused, match="name"):
        desk.do(SavePerson(client_id=client.id, person=PersonInput(" ")))
    desk.do(RemovePerson(person.id))
    assert len(desk.read(ClientCard(client.id)).people) == 1
    desk.do(Undo())
    assert len(desk.read(ClientCard(client.id)).people) == 2


def test_an_edit_of_the_lead_does_not_stand_in_the_way_of_undo(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    made = desk.do(ConvertLead(lead_id=lead.id))
    clock.forward(minutes=1)
    desk.do(EditLead(lead_id=lead.id, values={"website": "example.com"}))
    desk.do(Undo(made.operation))
    after = now_is(desk, lead)
    assert (after.status, after.client_id, after.website) == (Status.NEW, None, "example.com")
    assert after.changed_at == clock.now()
    assert timedelta(0) < clock.now() - made.value.created_at if made.value.created_at else False
