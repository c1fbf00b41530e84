"""A shift of ten calls: two keys for each one nobody answers."""

from leaddesk.workflow.cards import LeadCard, Today
from leaddesk.workflow.vocabulary import Status, TaskKind, Temperature
from tests.journeys.day import Day


def test_ten_calls_two_keys_for_each_unanswered_one(day: Day) -> None:
    day.add_leads(12)
    day.start()
    day.press("F2")
    seen = [day.lead_id]
    for outcome in "1231231":
        before = day.pressed
        day.press(outcome, "Enter")
        assert day.pressed - before == 2
        seen.append(day.lead_id)
    assert len(set(seen)) == len(seen)

    callback = day.lead_id
    day.press("F5")
    assert day.dialled == [f"tel:{day.page.lead.card.dial.key}"]
    day.clock.forward(minutes=2)
    day.press("4")
    day.write("tomorrow 14:30")
    day.press("Enter")

    interested = day.lead_id
    assert interested != callback
    day.press("F5")
    day.page.call.note.setFocus()
    day.write("Wants 5 of them")
    day.press("Esc", "5", "Enter")

    other = day.lead_id
    day.press("7", "Tab", "Tab", "Down", "Enter")

    counts = day.beside.read(Today())
    assert (counts.calls, counts.talks) == (10, 3)
    card = day.beside.read(LeadCard(callback))
    promised = [t for t in card.tasks if t.promised]
    assert [(t.due_at.isoformat(), t.exact) for t in promised] == [("2026-03-03T12:30:00+00:00", True)]
    card = day.beside.read(LeadCard(interested))
    assert (card.lead.status, card.lead.temperature) == (Status.QUALIFIED, Temperature.HOT)
    assert card.timeline[0].text == "Wants 5 of them"
    card = day.beside.read(LeadCard(other))
    assert [t.kind for t in card.tasks if t.is_open] == [TaskKind.LETTER]


def test_ctrl_enter_takes_from_within_the_note_and_undo_takes_it_back(day: Day) -> None:
    day.add_leads(2)
    day.start()
    day.press("F2")
    lead = day.lead_id
    day.press("1")
    day.page.call.note.setFocus()
    day.write("rang 10 times, 2 numbers")
    day.press("Ctrl+Enter")
    assert day.lead_id != lead
    assert [row.text for row in day.beside.read(LeadCard(lead)).timeline if row.kind == "call"] == [
        "rang 10 times, 2 numbers"
    ]
    day.press("Ctrl+Z")
    assert day.beside.read(LeadCard(lead)).lead.touches == 0


def test_a_callback_without_its_time_asks_for_it_and_esc_thinks_again(day: Day) -> None:
    day.add_leads(2)
    day.start()
    day.press("F2")
    lead = day.lead_id
    day.press("4", "Enter")
    assert day.lead_id == lead
    assert "Say when" in day.page.call.then.when.said.text()
    day.write("yesterday 10:00")
    day.press("Enter")
    assert "past" in day.page.call.then.when.said.text()
    assert day.beside.read(Today()).calls == 0
    day.press("Esc", "1", "Enter")
    assert day.lead_id != lead
    assert day.beside.read(Today()).calls == 1


def test_passing_leads_over_goes_round_and_begins_again(day: Day) -> None:
    leads = {lead.id for lead in day.add_leads(3)}
    day.start()
    seen = []
    for _ in range(3):
        day.press("F2")
        seen.append(day.lead_id)
    assert set(seen) == leads
    day.press("F2")
    assert day.lead_id in leads


def test_a_note_half_typed_is_there_when_the_lead_is_on_the_screen_again(day: Day) -> None:
    first, second = (lead.id for lead in day.add_leads(2))
    page = day.start()
    page.show_lead(first)
    day.settle()
    page.call.note.setFocus()
    day.write("Half a sent")
    page.show_lead(second)
    day.settle()
    assert page.call.note.toPlainText() == ""
    page.show_lead(first)
    day.settle()
    assert page.call.note.toPlainText() == "Half a sent"
    assert day.beside.read(LeadCard(first)).drafts == {f"lead:{first}:call": "Half a sent"}
