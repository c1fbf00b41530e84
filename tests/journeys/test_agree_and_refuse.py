"""A lead becomes a client, another refuses, each in the call in which it was said."""

from pathlib import Path

import pytest

from leaddesk.ui.dialogs.convert import ConvertDialog
from leaddesk.ui.dialogs.refuse import RefuseDialog
from leaddesk.workflow.cards import ClientCard, LeadCard, Today
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.entities import User
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.vocabulary import LetterState, Status
from tests.journeys.day import Day


@pytest.fixture
def letters(day: Day, tmp_path: Path) -> list[tuple[str, Path]]:
    """Letters written to files, in place of the mail format's own code."""
    written: list[tuple[str, Path]] = []

    def save(letter: Letter, _sender: User, path: Path) -> None:
        written.append((letter.body, path))

    day.shell.save_letter = save
    day.shell.choose_file = lambda name: tmp_path / name
    return written


def test_agreed_makes_a_client_in_the_same_step_as_the_call(day: Day) -> None:
    day.add_leads(2)
    day.start()
    day.press("F2", "F5")
    lead = day.lead_id
    day.clock.forward(seconds=95)
    day.press("6", "Enter")
    dialog = day.dialog(ConvertDialog)
    day.write("ТОВ Фірма")
    assert dialog.edits["legal_name"].text() == "ТОВ Фірма"
    day.press("Tab", "Tab", "Tab")
    day.write("1234567")
    day.wait(lambda: dialog.checks["tax_number"].property("look") == "error")
    day.press("Ctrl+Enter")
    assert dialog.isVisible()
    assert dialog.edits["tax_number"].property("wrong")
    dialog.edits["tax_number"].selectAll()
    day.write("32855961")
    day.wait(lambda: dialog.checks["tax_number"].property("look") == "known")
    day.press("Ctrl+Enter")
    day.closed(ConvertDialog)

    assert day.lead_id != lead
    card = day.beside.read(LeadCard(lead))
    assert card.lead.status is Status.CONVERTED
    assert day.beside.read(Today()).calls == 1
    client = day.beside.read(ClientCard(card.lead.client_id or 0))
    assert (client.client.legal_name, client.client.tax_number) == ("ТОВ Фірма", "32855961")
    assert [one.id for one in client.leads] == [lead]
    assert [person.name for person in client.people] == [card.lead.name]

    day.press("Ctrl+Z")
    card = day.beside.read(LeadCard(lead))
    assert (card.lead.status, card.lead.touches, card.lead.client_id) == (Status.NEW, 0, None)


def test_a_known_client_is_offered_first(day: Day) -> None:
    first, second = day.add_leads(2)
    made = day.beside.do(ConvertLead(lead_id=first.id)).value
    from leaddesk.workflow.points import AddPoint, PointInput
    from leaddesk.workflow.vocabulary import Channel

    day.beside.do(AddPoint(PointInput(Channel.EMAIL, "person0@firm0.example"), lead_id=second.id))
    page = day.start()
    page.show_lead(second.id)
    day.settle()
    day.press("6", "Enter")
    dialog = day.dialog(ConvertDialog)
    day.wait(lambda: dialog.attached() is not None)
    day.press("Ctrl+Enter")
    day.closed(ConvertDialog)
    assert [one.id for one in day.beside.read(ClientCard(made.id)).leads] == [first.id, second.id]


def test_refused_with_a_letter_saved_to_a_file(day: Day, letters: list[tuple[str, Path]]) -> None:
    day.add_leads(2, interest="40 headsets")
    day.start()
    day.press("F2")
    lead = day.lead_id
    day.press("8", "Enter")
    dialog = day.dialog(RefuseDialog)
    day.press("1")
    assert "smaller plan" in dialog.form.hint.text()
    assert "40 headsets" in dialog.letter.body.toPlainText()
    dialog.form.words.setFocus()
    day.write("12 percent off at Plantron")
    day.press("Esc")
    day.closed(RefuseDialog)
    assert day.beside.read(LeadCard(lead)).lead.status is Status.NEW

    day.press("Enter")
    dialog = day.dialog(RefuseDialog)
    day.wait(lambda: dialog.reason == "price")
    assert dialog.form.words.toPlainText() == "12 percent off at Plantron"
    day.press("D")
    day.write("in 6 months")
    day.settle()
    day.press("Ctrl+Enter")
    day.closed(RefuseDialog)

    card = day.beside.read(LeadCard(lead))
    assert card.lead.status is Status.REFUSED
    assert [(r.reason, r.words) for r in card.refusals] == [("price", "12 percent off at Plantron")]
    assert card.lead.return_at is not None
    assert card.lead.return_at.date().isoformat() == "2026-09-02"
    assert day.beside.read(Today()).calls == 1
    assert [letter.state for letter in card.letters] == [LetterState.SAVED]
    assert [path.suffix for _body, path in letters] == [".eml"]
    assert "40 headsets" in letters[0][0]
    assert card.drafts == {}
    assert day.lead_id != lead


def test_an_edited_letter_is_the_one_that_is_kept_and_another_reason_does_not_undo_it(
    day: Day, letters: list[tuple[str, Path]]
) -> None:
    day.add_leads(1)
    day.start()
    day.press("F2", "8", "Enter")
    lead = day.lead_id
    dialog = day.dialog(RefuseDialog)
    day.press("1")
    dialog.letter.body.setPlainText("My own words.")
    day.press("4")
    day.settle()
    assert dialog.letter.body.toPlainText() == "My own words."
    day.press("Ctrl+Enter")
    day.closed(RefuseDialog)
    assert [letter.body for letter in day.beside.read(LeadCard(lead)).letters] == ["My own words."]
    assert letters[0][0] == "My own words."


def test_something_else_needs_words_and_a_past_day_is_refused_in_place(day: Day) -> None:
    day.add_leads(1)
    day.start()
    day.press("F2", "8", "Enter")
    lead = day.lead_id
    dialog = day.dialog(RefuseDialog)
    day.press("Ctrl+Enter")
    assert "Choose why" in dialog.form.error.text()
    day.press("9", "Ctrl+Enter")
    assert "words" in dialog.form.error.text()
    assert dialog.isVisible()
    dialog.form.words.setPlainText("the director moved")
    dialog.form.when.set_text("yesterday")
    day.press("Ctrl+Enter")
    assert "past" in dialog.form.when.said.text()
    assert day.beside.read(LeadCard(lead)).lead.status is Status.NEW
    dialog.form.never.setChecked(True)
    dialog.without.click()
    day.closed(RefuseDialog)
    card = day.beside.read(LeadCard(lead))
    assert card.lead.status is Status.REFUSED
    assert card.suppressed == {point.key for point in card.points}
