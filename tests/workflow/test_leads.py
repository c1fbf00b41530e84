"""Leads as they are added and edited, by one person and by two."""

from typing import Any

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Conflict, Refused
from leaddesk.workflow.leads import AddLead, AddNote, ConfirmLead, EditExtras, EditLead, SaveDraft
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Channel, PartOfDay, Reach, Status, Temperature
from tests.workflow.making import KYIV, KYIV_TOO, TALLINN, add, card, drawable, email, now_is, phone


def test_a_lead_comes_with_its_numbers_source_and_note(desk: Desk) -> None:
    values = {"name": " Olena Hrytsenko ", "country": "Ukraine", "decides": True, "tags": "vip, fair"}
    points = (phone("057 705 41 22"), email("Olena@Klochkivska.example"))
    lead = desk.do(AddLead(values=values, points=points, source="Exhibition", note=" hi ")).value
    assert (lead.name, lead.country, lead.tags) == ("Olena Hrytsenko", "UA", ("vip", "fair"))
    assert (lead.status, lead.reach, lead.zone_key) == (Status.NEW, Reach.PHONE, "UA|Europe/Kyiv")
    assert lead.score > 0
    shown = card(desk, lead)
    assert [p.key for p in shown.points] == ["+380577054122", "olena@klochkivska.example"]
    assert (shown.source, [n.text for n in shown.notes]) == ("Exhibition", ["hi"])
    desk.do(AddLead(values={"name": "Ada Lovelace"}, source="EXHIBITION"))
    desk.do(Undo())
    desk.do(Undo())
    with pytest.raises(Refused):
        card(desk, lead)


def test_nobody_is_added_for_nothing_or_twice(desk: Desk) -> None:
    with pytest.raises(Refused, match="at least"):
        desk.do(AddLead(values={"city": "Kyiv"}))
    lead = add(desk, KYIV)
    with pytest.raises(Refused, match=f"lead {lead.id}, Olena") as refused:
        desk.do(AddLead(values={"name": "Ada"}, points=(phone("+380 (67) 441-00-98"),)))
    assert "Open that card" in refused.value.words


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"status": "converted"}, "status"),
    ({"country": "Nowhere"}, "country"),
    ({"zone": "Europe/Nowhere"}, "zone"),
    ({"temperature": "boiling"}, "temperature"),
    ({"temperature": ""}, "temperature"),
    ({"temperature": None}, "temperature"),
    ({"preferred_channel": "pigeon"}, "preferred_channel"),
    ({"name": "x" * 20_001}, "name"),
    ({"name": None}, "name"),
    ({"city": 7}, "city"),
    ({"no_call": "maybe"}, "no_call"),
    ({"no_call": None}, "no_call"),
    ({"decides": "perhaps"}, "decides"),
    ({"source_id": "Exhibition"}, "source_id"),
    ({"tags": (1, 2)}, "tags"),
    ({"tags": None}, "tags"),
]


@pytest.mark.parametrize(("values", "field"), WRONG)
def test_what_does_not_fit_is_refused_by_field(desk: Desk, values: dict[str, Any], field: str) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused) as refused:
        desk.do(EditLead(lead_id=lead.id, values=values))
    assert refused.value.field == field
    assert now_is(desk, lead) == lead


def test_a_source_that_is_not_there_is_refused(desk: Desk) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused):
        desk.do(EditLead(lead_id=lead.id, values={"source_id": 999}))
    assert now_is(desk, lead) == lead


def test_what_fits_is_kept_in_its_own_type(desk: Desk) -> None:
    lead = add(desk, KYIV)
    values = {
        "temperature": "HOT",
        "preferred_channel": "telegram",
        "preferred_part": "evening",
        "decides": False,
        "tags": ["a b", " c "],
        "zone": "Europe/Kyiv",
    }
    after = desk.do(EditLead(lead_id=lead.id, values=values)).value
    assert after == now_is(desk, lead)
    assert after.temperature is Temperature.HOT
    assert after.preferred_channel is Channel.TELEGRAM
    assert after.preferred_part is PartOfDay.EVENING
    assert (after.decides, after.tags) == (False, ("a b", "c"))
    cleared = desk.do(EditLead(lead_id=lead.id, values={"preferred_channel": "", "preferred_part": None})).value
    assert (cleared.preferred_channel, cleared.preferred_part) == (None, None)


def test_tags_with_line_breaks_come_back_as_they_were_given(desk: Desk) -> None:
    lead = add(desk, KYIV)
    after = desk.do(EditLead(lead_id=lead.id, values={"tags": ("two\nlines", "", "x")})).value
    assert after.tags == now_is(desk, lead).tags == ("two lines", "x")


def test_two_people_merge_different_fields_and_choose_on_the_same(desk: Desk, operator_desk: Desk) -> None:
    lead = add(desk, KYIV, company="Acme")
    base = {"company": "Acme", "interest": ""}
    operator_desk.do(EditLead(lead_id=lead.id, values={"interest": "headsets"}, base=base))
    desk.do(EditLead(lead_id=lead.id, values={"company": "Acme Ltd"}, base=base))
    with pytest.raises(Conflict) as conflict:
        operator_desk.do(EditLead(lead_id=lead.id, values={"company": "ACME"}, base=base))
    assert conflict.value.clashes == {"company": ("Acme Ltd", "ACME")}
    after = now_is(desk, lead)
    assert (after.company, after.interest) == ("Acme Ltd", "headsets")
    assert conflict.value.version == after.version
    operator_desk.do(EditLead(lead_id=lead.id, values={"company": "Acme Ltd"}, base=base))


def test_saying_the_same_is_no_change(desk: Desk) -> None:
    lead = add(desk, KYIV, company="Acme")
    done = desk.do(EditLead(lead_id=lead.id, values={"company": " Acme "}))
    assert (done.operation, done.can_undo, bool(done.changes)) == (0, False, False)


def test_a_suspicious_lead_waits_until_somebody_confirms_it(desk: Desk) -> None:
    lead = add(desk, KYIV, name="asdfgh")
    assert lead.held_back
    assert drawable(desk) == []
    desk.do(ConfirmLead(lead.id))
    assert drawable(desk) == [lead.id]
    with pytest.raises(Refused, match="held back"):
        desk.do(ConfirmLead(lead.id))
    desk.do(EditLead(lead_id=lead.id, values={"company": "Acme"}))
    assert drawable(desk) == [lead.id]
    desk.do(EditLead(lead_id=lead.id, values={"company": "qwerty"}))
    assert drawable(desk) == []


def test_extra_fields_are_kept_changed_and_removed(desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(EditExtras(lead.id, {"Colour": "blue", "Size": "9"}))
    desk.do(EditExtras(lead.id, {"Colour": ""}))
    assert card(desk, lead).extra.fields == {"Size": "9"}
    desk.do(Undo())
    assert card(desk, lead).extra.fields == {"Colour": "blue", "Size": "9"}
    desk.do(Undo())
    assert card(desk, lead).extra.fields == {}
    desk.do(Redo())
    assert card(desk, lead).extra.fields == {"Colour": "blue", "Size": "9"}


def test_a_note_takes_its_draft_away_and_no_note_is_empty(desk: Desk) -> None:
    lead = add(desk, KYIV)
    desk.do(SaveDraft(f"lead:{lead.id}:note", "half a sen"))
    assert "half a sen" in card(desk, lead).drafts.values()
    with pytest.raises(Refused, match="empty"):
        desk.do(AddNote("  ", lead_id=lead.id))
    desk.do(AddNote(" half a sentence ", lead_id=lead.id))
    assert [n.text for n in card(desk, lead).notes] == ["half a sentence"]
    assert card(desk, lead).drafts == {}


def test_what_was_done_again_by_another_is_not_done_twice(desk: Desk, operator_desk: Desk) -> None:
    lead = add(desk, KYIV)
    operator_desk.do(AddLead(values={"name": "Ada Lovelace"}, points=(phone(TALLINN),), source="Fair"))
    operator_desk.do(Undo())
    desk.do(AddLead(values={"name": "Grace Hopper"}, points=(phone(KYIV_TOO),), source="Fair"))
    with pytest.raises(Refused):
        operator_desk.do(Redo())
    noted = add(desk, TALLINN, name="Ada Lovelace")
    operator_desk.do(AddNote("hi", lead_id=noted.id))
    operator_desk.do(Undo())
    desk.do(Undo())
    with pytest.raises(Refused):
        operator_desk.do(Redo())
    assert now_is(desk, lead) == lead
