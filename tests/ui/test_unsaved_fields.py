"""Nothing typed into a field of a card is lost: not by a refusal, by leaving, by Esc, nor by closing the window."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.client import ClientCardView
from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.cards.lead import LeadCardView
from leaddesk.ui.shell import Shell
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.leads import EditExtras, EditLead
from tests.ui.cards import Card


@pytest.fixture
def card(shell: Shell, qtbot: QtBot) -> Card:
    return Card(shell, qtbot)


def country(card: Card) -> FieldView:
    return card.view.details.views["country"]


def half_typed(card: Card, text: str = "Atlantis") -> FieldView:
    """The country field with something in it that cannot be saved."""
    card.view.tabs.setCurrentWidget(card.view.details)
    field = country(card)
    field.edit()
    field.put_text(text)
    return field


def said(card: Card) -> list[str]:
    return [toast.words for toast in card.shell.messages.said]


def test_a_save_refused_after_leaving_keeps_the_text_and_offers_the_way_back(card: Card, qtbot: QtBot) -> None:
    first, second = card.add(), card.add(points=(), name="Taras Bondar")
    card.show(first)
    half_typed(card)
    card.show(second)
    toast = card.shell.messages.said[-1]
    assert toast.words.startswith("Country of Olena Hrytsenko is not saved. “Atlantis”")
    assert not country(card).editing
    assert list(card.drafts()) == [f"lead:{first}:field:country"]
    assert toast.action is not None
    assert toast.action[0] == "Go back"
    with qtbot.waitSignal(card.shell.lead_requested) as asked:
        toast.action[1]()
    card.show(asked.args[0])
    field = country(card)
    assert (field.editing, field.typed()) == (True, "Atlantis")
    assert "Atlantis" in field.error.text()
    assert card.view.tabs.currentWidget() is card.view.details
    assert field.editor is not None
    assert field.editor.hasFocus()
    card.until(lambda: not field.visibleRegion().isEmpty())
    field.put_text("Poland")
    card.press(Qt.Key.Key_Return)
    card.settle()
    card.until(lambda: card.shell.lanes.idle() and card.drafts() == {})
    assert card.stored(first).lead.country == "PL"


def test_leaving_again_says_nothing_new(card: Card) -> None:
    first, second = card.add(), card.add(points=(), name="Taras Bondar")
    card.show(first)
    half_typed(card)
    card.show(second)
    before = said(card)
    card.show(first)
    card.show(second)
    assert said(card) == before
    card.show(first)
    assert country(card).typed() == "Atlantis"


def test_leaving_a_refused_field_by_mouse_does_not_hold_the_keyboard(card: Card) -> None:
    card.show(card.add())
    half_typed(card)
    card.view.header.name.setFocus(Qt.FocusReason.MouseFocusReason)
    card.settle()
    assert "Atlantis" in country(card).error.text()
    assert card.view.header.name.hasFocus()
    assert country(card).editing


def test_a_window_closed_with_an_open_field_saves_it_or_shows_it_again(card: Card, shell: Shell, qtbot: QtBot) -> None:
    lead = card.add()
    card.show(lead)
    half_typed(card)
    card.view.facts.interest.edit()
    card.write("40 headsets")
    shell.closing.emit()
    card.settle()
    assert card.stored(lead).lead.interest == "40 headsets"
    assert list(card.drafts()) == [f"lead:{lead}:field:country"]
    shell.typed.clear()
    again = LeadCardView(shell)
    qtbot.addWidget(again)
    again.show()
    again.show_lead(lead)
    qtbot.waitUntil(shell.lanes.idle)
    field = again.details.views["country"]
    assert field.typed() == "Atlantis"
    assert "Atlantis" in field.error.text()


def test_what_is_half_typed_is_on_disk_after_a_short_rest(card: Card) -> None:
    lead = card.add()
    card.show(lead)
    card.view.facts.interest.edit()
    card.write("half a wo")
    card.until(lambda: list(card.drafts()) == [f"lead:{lead}:field:interest"])
    card.write("rd")
    card.press(Qt.Key.Key_Return)
    card.until(lambda: card.shell.lanes.idle() and card.drafts() == {})
    assert card.stored(lead).lead.interest == "half a word"


def test_esc_offers_what_was_typed_back_and_twice_does_no_more(card: Card) -> None:
    lead = card.add(interest="headsets")
    card.show(lead)
    field = card.view.facts.interest
    field.edit()
    card.press(Qt.Key.Key_Escape)
    assert said(card) == []
    field.edit()
    card.write("a long story")
    card.press(Qt.Key.Key_Escape, Qt.Key.Key_Escape)
    card.settle()
    assert card.drafts() == {}
    toast = card.shell.messages.said[-1]
    assert said(card) == ["Interest of Olena Hrytsenko stays as it was"]
    assert toast.action is not None
    toast.action[1]()
    assert field.typed() == "a long story"
    card.press(Qt.Key.Key_Return)
    card.settle()
    assert card.stored(lead).lead.interest == "a long story"


def test_a_clash_noticed_after_leaving_never_touches_the_other_card(card: Card) -> None:
    first, second = card.add(), card.add(points=(), name="Taras Bondar")
    card.show(first)
    card.view.facts.interest.edit()
    card.write("mine")
    card.desk.do(EditLead(lead_id=first, values={"interest": "theirs"}))
    card.show(second)
    assert (card.stored(first).lead.interest, card.stored(second).lead.interest) == ("theirs", "")
    card.show(first)
    assert card.view.facts.interest.typed() == "mine"
    assert "Somebody changed" in card.view.facts.interest.error.text()


def test_an_open_column_of_the_file_stays_with_its_lead(card: Card) -> None:
    first, second = card.add(), card.add(points=(), name="Taras Bondar")
    for lead in (first, second):
        card.desk.do(EditExtras(lead, {"Employees": "40"}))
    card.show(first)
    card.view.details.extras["Employees"].edit()
    card.write("45")
    card.show(second)
    assert not card.view.details.extras["Employees"].editing
    assert card.stored(first).extra.fields == {"Employees": "45"}
    assert card.stored(second).extra.fields == {"Employees": "40"}


def test_a_number_half_corrected_or_half_added_stays_with_its_lead(card: Card) -> None:
    first, second = card.add(), card.add(points=(), name="Taras Bondar")
    card.show(first)
    card.view.points.rows[1].value.edit()
    card.view.points.rows[1].value.put_text("")
    card.view.points.adding.unfold()
    card.write("+38044")
    card.show(second)
    assert card.view.points.adding.edit.text() == ""
    card.show(first)
    row = next(row for row in card.view.points.rows if row.value.editing)
    assert (row.value.typed(), row.point.key) == ("", "+380444906248")
    assert "empty" in row.value.error.text()
    assert card.view.points.adding.edit.isVisible()
    assert card.view.points.adding.edit.text() == "+38044"


def test_a_task_half_planned_stays_with_its_lead(card: Card) -> None:
    first, second = card.add(), card.add(points=(), name="Taras Bondar")
    card.show(first)
    tasks = card.view.tasks
    tasks.title.setText("Send the offer")
    tasks.when.set_text("tomorrow 14:")
    card.until(lambda: list(card.drafts()) == [f"lead:{first}:task"])
    card.show(second)
    assert (tasks.title.text(), tasks.when.text()) == ("", "")
    card.shell.typed.clear()
    card.show(first)
    assert (tasks.title.text(), tasks.when.text()) == ("Send the offer", "tomorrow 14:")
    tasks.when.set_text("tomorrow 14:30")
    tasks.add.click()
    card.until(lambda: card.shell.lanes.idle() and card.drafts() == {})
    assert [task.title for task in card.stored(first).tasks] == ["Send the offer"]
    assert tasks.title.text() == ""


def test_what_is_half_typed_on_a_clients_card_is_there_again(card: Card, shell: Shell, qtbot: QtBot) -> None:
    client = card.desk.do(ConvertLead(lead_id=card.add())).value
    other = card.desk.do(ConvertLead(lead_id=card.add(points=(), name="Taras Bondar"))).value

    def opened(client_id: int) -> ClientCardView:
        view = ClientCardView(shell)
        qtbot.addWidget(view)
        view.show()
        view.show_client(client_id)
        qtbot.waitUntil(shell.lanes.idle)
        return view

    view = opened(client.id)
    view.people.edits["name"].setText("Iryna L")
    view.notes.edit.setPlainText("They want a discou")
    view.details.views["country"].edit()
    view.details.views["country"].put_text("Atlantis")
    view.show_client(other.id)
    qtbot.waitUntil(shell.lanes.idle)
    assert (view.people.edits["name"].text(), view.notes.edit.toPlainText()) == ("", "")
    assert shell.messages.said[-1].words.startswith("Country of Firm is not saved.")
    shell.closing.emit()
    qtbot.waitUntil(shell.lanes.idle)
    shell.typed.clear()
    again = opened(client.id)
    assert again.people.edits["name"].text() == "Iryna L"
    assert again.notes.edit.toPlainText() == "They want a discou"
    field = again.details.views["country"]
    assert field.typed() == "Atlantis"
    assert "Atlantis" in field.error.text()
