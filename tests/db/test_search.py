"""The search box, on both engines: any part of anything, phones in any format, and why it matched."""

import pytest

from leaddesk.workflow.cards import Filter, LeadIds, Search
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead, EditExtras, EditLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel


@pytest.fixture
def olena(desk: Desk) -> int:
    """A lead with everything one may look for."""
    points = (
        PointInput(Channel.PHONE, "057 705 41 22"),
        PointInput(Channel.EMAIL, "Olena.H@Klochkivska.example"),
        PointInput(Channel.TELEGRAM, "@olenka_h"),
    )
    values = {"name": "Олена Гриценко", "company": "Klochkivska Trade LLC", "country": "UA", "interest": "headsets"}
    lead = desk.do(AddLead(values=values, points=points)).value
    desk.do(AddLead(values={"name": "Somebody Else", "company": "Other"}))
    desk.do(EditExtras(lead.id, {"Favourite colour": "Deep purple"}))
    return lead.id


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("олена", "Klochkivska Trade LLC"),
        ("ГРИЦ", "Klochkivska Trade LLC"),
        ("гриценко klochk", "+380 57 705 4122"),
        ("vska tra", "Klochkivska Trade LLC"),
        ("705 41 22", "+380 57 705 4122"),
        ("+380577054122", "+380 57 705 4122"),
        ("057-705", "+380 57 705 4122"),
        ("(057) 705", "+380 57 705 4122"),
        ("klochkivska.ex", "Olena.H@klochkivska.example"),
        ("olenka", "@olenka_h"),
        ("purple", "Favourite colour: Deep purple"),
        ("headse", ""),
        ("Ол", "Klochkivska Trade LLC"),
        ("k", "Klochkivska Trade LLC"),
    ],
)
def test_any_part_finds_and_says_where(desk: Desk, olena: int, typed: str, why: str) -> None:
    hits = desk.read(Search(typed))
    assert [(hit.kind, hit.id) for hit in hits] == [("lead", olena)]
    if typed not in ("гриценко klochk", "headse"):
        assert hits[0].why == why


@pytest.mark.parametrize(
    "typed", ["", "  ", "zzz", "705 41 99", "purple headache", '"', "%", "_", "олена'; --", "x" * 500]
)
def test_what_is_nowhere_is_not_found(desk: Desk, olena: int, typed: str) -> None:
    assert olena
    assert desk.read(Search(typed)) == []


def test_the_index_follows_edits_conversion_and_undo(desk: Desk, olena: int) -> None:
    desk.do(EditLead(lead_id=olena, values={"name": "Iryna Koval"}))
    assert desk.read(Search("гриценко")) == []
    assert [hit.id for hit in desk.read(Search("iryna"))] == [olena]
    desk.do(Undo())
    assert [hit.id for hit in desk.read(Search("гриценко"))] == [olena]
    client = desk.do(ConvertLead(lead_id=olena)).value
    assert {(hit.kind, hit.id) for hit in desk.read(Search("klochkivska"))} == {("lead", olena), ("client", client.id)}
    desk.do(Undo())
    assert {hit.kind for hit in desk.read(Search("klochkivska"))} == {"lead"}


def test_an_operator_finds_own_leads_and_the_pools(desk: Desk, operator_desk: Desk, olena: int) -> None:
    assert [hit.id for hit in operator_desk.read(Search("олена"))] == [olena]
    taken = desk.do(AddLead(values={"name": "Олена Інша"}, owner_id=desk.user.id)).value
    assert [hit.id for hit in operator_desk.read(Search("олена"))] == [olena]
    assert {hit.id for hit in desk.read(Search("олена"))} == {olena, taken.id}
    assert list(operator_desk.read(LeadIds(Filter(text="олена")))) == [olena]


def test_names_that_begin_so_come_first(desk: Desk) -> None:
    for name in ("Marianna", "Ann Lee", "Joanna", "Anna"):
        desk.do(AddLead(values={"name": name}))
    assert [hit.title for hit in desk.read(Search("ann"))][:2] == ["Ann Lee", "Anna"]
