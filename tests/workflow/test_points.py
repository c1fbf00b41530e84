"""Numbers and addresses on a card."""

import pytest

from leaddesk.workflow.cards import ClientCard
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.points import AddPoint, EditPoint, RemovePoint
from leaddesk.workflow.vocabulary import PointState, Reach
from tests.workflow.making import KYIV, KYIV_OFFICE, KYIV_TOO, TALLINN, add, call, card, email, now_is, phone


def test_a_number_is_read_by_the_leads_country_and_refused_twice(desk: Desk) -> None:
    lead = add(desk, country="UA")
    assert now_is(desk, lead).reach is Reach.NONE
    point = desk.do(AddPoint(phone("067 441 00 98"), lead_id=lead.id)).value
    assert (point.key, point.raw) == (KYIV, "067 441 00 98")
    assert now_is(desk, lead).reach is Reach.PHONE
    with pytest.raises(Refused, match="on the card already"):
        desk.do(AddPoint(phone(KYIV), lead_id=lead.id))


@pytest.mark.parametrize("words", ["", "  "])
def test_an_empty_number_is_refused(desk: Desk, words: str) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused):
        desk.do(AddPoint(phone(words), lead_id=lead.id))
    with pytest.raises(Refused):
        desk.do(EditPoint(point_id=card(desk, lead).points[0].id, text=words))


def test_a_number_belongs_to_somebody(desk: Desk) -> None:
    with pytest.raises(Refused, match="lead or a client"):
        desk.do(AddPoint(phone(KYIV)))


def test_what_cannot_be_read_is_kept_and_marked(desk: Desk) -> None:
    lead = add(desk)
    point = desk.do(AddPoint(phone("ask for Ihor"), lead_id=lead.id)).value
    assert (point.value, point.state) == ("ask for Ihor", PointState.INVALID)
    assert now_is(desk, lead).reach is Reach.NONE


def test_preferred_is_one_of_each_channel_and_saying_it_twice_changes_nothing(desk: Desk) -> None:
    lead = add(desk, KYIV, KYIV_TOO, "olena@klochkivska.example")
    first, second, mail = card(desk, lead).points
    for point in (first, mail, second, second):
        desk.do(EditPoint(point_id=point.id, preferred=True))
    assert [p.preferred for p in card(desk, lead).points] == [False, True, True]
    assert card(desk, lead).dial == card(desk, lead).points[1]


def test_preferring_a_number_of_one_client_leaves_others_alone(desk: Desk) -> None:
    clients = []
    for number in (KYIV, TALLINN):
        lead = add(desk, number)
        clients.append(desk.do(ConvertLead(lead_id=lead.id)).value)
        point = desk.read(ClientCard(clients[-1].id)).points[0]
        desk.do(EditPoint(point_id=point.id, preferred=True))
    assert [desk.read(ClientCard(c.id)).points[0].preferred for c in clients] == [True, True]


def test_a_number_in_use_is_marked_not_removed(desk: Desk) -> None:
    lead = add(desk, KYIV, KYIV_TOO)
    first, second = card(desk, lead).points
    call(desk, lead, "no_answer", contact_id=first.id)
    with pytest.raises(Refused, match="mark it invalid"):
        desk.do(RemovePoint(first.id))
    desk.do(RemovePoint(second.id))
    desk.do(EditPoint(point_id=first.id, state=PointState.INVALID))
    assert now_is(desk, lead).reach is Reach.NONE
    assert [p.id for p in card(desk, lead).points] == [first.id]


def test_a_corrected_number_moves_the_clock(desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(EditPoint(point_id=card(desk, lead).points[0].id, text=TALLINN, label="mobile"))
    [point] = card(desk, lead).points
    assert (point.key, point.label) == (TALLINN, "mobile")
    assert now_is(desk, lead).zone_key == "EE|Europe/Tallinn"


def test_one_more_address_is_found_by_its_normal_form(desk: Desk) -> None:
    lead = add(desk, KYIV_OFFICE)
    point = desk.do(AddPoint(email("Olena@Klochkivska.Example"), lead_id=lead.id)).value
    assert point.key == "olena@klochkivska.example"


def test_a_number_given_in_an_edit_corrects_the_first_or_is_added(desk: Desk) -> None:
    lead = add(desk, KYIV)
    first = card(desk, lead).points[0].id
    desk.do(EditLead(lead_id=lead.id, values={}, points=(phone(KYIV_TOO), email("o@firm.example"))))
    points = card(desk, lead).points
    assert [(p.id == first, p.key) for p in points] == [(True, KYIV_TOO), (False, "o@firm.example")]
    with pytest.raises(Refused, match="Write the number"):
        desk.do(EditLead(lead_id=lead.id, values={"name": "Other"}, points=(phone(" "),)))
    assert now_is(desk, lead).name != "Other"
