"""A lead is parked and comes back when its day has come; two desks write on one card."""

from leaddesk.ui.dialogs.conflict import ConflictDialog
from leaddesk.ui.dialogs.defer import DeferDialog
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.vocabulary import Section, Status
from tests.journeys.day import Day


def test_parked_leads_come_back_by_themselves_when_their_day_has_come(day: Day) -> None:
    first, second = day.add_leads(2)
    page = day.start()
    page.show_lead(first.id)
    day.settle()
    day.press("Ctrl+D")
    dialog = day.dialog(DeferDialog)
    day.press("Enter")
    assert "Say until when" in dialog.when.said.text()
    day.write("in 3 months")
    day.press("Tab")
    dialog.why.setFocus()
    day.write("no budget till summer")
    day.press("Enter")
    day.closed(DeferDialog)
    assert day.beside.read(LeadCard(first.id)).lead.status is Status.DEFERRED
    assert day.lead_id == second.id
    assert page.queue.model.line_of(first.id) == -1

    day.clock.forward(days=93)
    day.window._watch.minute()
    day.settle()
    assert page.queue.model.section_of(first.id) is Section.CAME_BACK
    row = next(row for row in page.queue.page.rows if row.lead_id == first.id)
    assert "no budget till summer" in row.why


def test_a_parked_lead_is_brought_back_from_its_card_and_that_is_undone(day: Day) -> None:
    lead = day.add_leads(1)[0]
    page = day.start()
    page.show_lead(lead.id)
    day.settle()
    day.press("Ctrl+D")
    day.dialog(DeferDialog)
    day.write("in 3 months")
    day.press("Enter")
    day.closed(DeferDialog)
    page.show_lead(lead.id)
    day.settle()
    assert page.lead.banners.parked.isVisible()
    page.lead.banners.parked.button.click()
    day.settle()
    assert day.beside.read(LeadCard(lead.id)).lead.status is Status.IN_PROGRESS
    assert not page.lead.banners.parked.isVisible()
    day.press("Ctrl+Z")
    assert day.beside.read(LeadCard(lead.id)).lead.status is Status.DEFERRED


def test_different_fields_of_two_desks_merge(day: Day) -> None:
    lead = day.add_leads(1)[0]
    page = day.start()
    page.show_lead(lead.id)
    day.settle()
    page.lead.facts.interest.setFocus()
    day.press("F4")
    day.write("40 headsets")
    day.beside.do(EditLead(lead_id=lead.id, values={"budget": "9000"}))
    day.press("Enter")
    stored = day.beside.read(LeadCard(lead.id)).lead
    assert (stored.interest, stored.budget) == ("40 headsets", "9000")
    assert not page.lead.facts.interest.editing


def test_the_same_field_asks_whose_words_stand(day: Day) -> None:
    lead = day.add_leads(1, interest="headsets")[0]
    page = day.start()
    page.show_lead(lead.id)
    day.settle()
    field = page.lead.facts.interest
    for keys, stays in ((("Enter",), "mine"), (("Alt+2", "Enter"), "theirs")):
        before = day.beside.read(LeadCard(lead.id)).lead.interest
        field.setFocus()
        day.press("Enter")
        field.put_text(f"{before}, mine")
        day.beside.do(EditLead(lead_id=lead.id, values={"interest": f"{before}, theirs"}))
        day.press("Enter")
        dialog = day.dialog(ConflictDialog)
        assert list(dialog.mine) == ["interest"]
        day.press(*keys)
        day.closed(ConflictDialog)
        assert day.beside.read(LeadCard(lead.id)).lead.interest == f"{before}, {stays}"
        assert not field.editing


def test_esc_from_the_choice_goes_back_to_the_field_with_the_text_kept(day: Day) -> None:
    lead = day.add_leads(1)[0]
    page = day.start()
    page.show_lead(lead.id)
    day.settle()
    field = page.lead.facts.interest
    field.setFocus()
    day.press("Enter")
    day.write("mine")
    day.beside.do(EditLead(lead_id=lead.id, values={"interest": "theirs"}))
    day.press("Enter")
    day.dialog(ConflictDialog)
    day.press("Esc")
    day.closed(ConflictDialog)
    assert field.editing
    assert field.typed() == "mine"
    assert day.beside.read(LeadCard(lead.id)).lead.interest == "theirs"
