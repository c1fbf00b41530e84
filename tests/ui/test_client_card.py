"""The client's card: fields in place, people, and the leads it came from."""

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.client import ClientCardView
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import ClientCard, ClientCardData
from leaddesk.workflow.clients import ConvertLead, EditClient
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead, AddNote
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel


@pytest.fixture
def client(desk_here: Desk) -> ClientCardData:
    points = (PointInput(Channel.PHONE, "+380444906231"),)
    values = {"name": "Olena Hrytsenko", "company": "Firm", "country": "UA"}
    lead = desk_here.do(AddLead(values=values, points=points)).value
    desk_here.do(AddNote("On the lead", lead_id=lead.id))
    made = desk_here.do(ConvertLead(lead_id=lead.id)).value
    return desk_here.read(ClientCard(made.id))


@pytest.fixture
def view(shell: Shell, qtbot: QtBot, client: ClientCardData) -> ClientCardView:
    made = ClientCardView(shell)
    qtbot.addWidget(made)
    made.resize(620, 800)
    made.show()
    made.show_client(client.client.id)
    qtbot.waitUntil(shell.lanes.idle)
    return made


@pytest.fixture
def settle(view: ClientCardView, shell: Shell, qtbot: QtBot) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: shell.lanes.idle() and not view._again.isActive())


def fill(view: ClientCardView, key: str, text: str, settle: Callable[[], None]) -> Any:
    field = view.details.views[key]
    field.edit()
    field.put_text(text)
    field.commit()
    settle()
    return field


def test_fields_are_checked_by_their_country_in_place(
    view: ClientCardView, client: ClientCardData, settle: Callable[[], None], desk_here: Desk
) -> None:
    before = view.card.completeness.percent
    field = fill(view, "tax_number", "1234567", settle)
    assert field.error.isVisible()
    assert field.typed() == "1234567"
    field = fill(view, "tax_number", "32855961", settle)
    assert not field.editing
    assert desk_here.read(ClientCard(client.client.id)).client.tax_number == "32855961"
    assert view.card.completeness.percent > before


def test_the_lead_it_came_from_is_one_click_away(
    view: ClientCardView, client: ClientCardData, shell: Shell, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(shell.lead_requested) as asked:
        view.leads.acted.emit(view.leads.lines.line(0))
    assert asked.args == [client.leads[0].id]


def test_histories_are_apart_and_together_on_demand(view: ClientCardView, settle: Callable[[], None]) -> None:
    def told() -> str:
        model = view.timeline.lines
        return " ".join(model.line(i).words for i in range(model.rowCount()))

    assert "On the lead" not in told()
    view.together.setChecked(True)
    settle()
    assert "On the lead" in told()


def test_people_are_added_changed_and_removed(
    view: ClientCardView, client: ClientCardData, settle: Callable[[], None], desk_here: Desk
) -> None:
    def names() -> list[str]:
        return [person.name for person in desk_here.read(ClientCard(client.client.id)).people]

    view.people.save()
    settle()
    assert "name" in view.people.error.text()
    view.people.edits["name"].setText("Taras Bondar")
    view.people.save()
    settle()
    assert names() == ["Olena Hrytsenko", "Taras Bondar"]
    view.people._edit(view.people.view.lines.line(1))
    view.people.edits["name"].setText("Taras B.")
    view.people.save()
    settle()
    assert names() == ["Olena Hrytsenko", "Taras B."]
    view.people._edit(view.people.view.lines.line(1))
    view.people._remove()
    settle()
    assert names() == ["Olena Hrytsenko"]


def test_others_edits_show_and_what_is_open_stays(
    view: ClientCardView, client: ClientCardData, settle: Callable[[], None], shell: Shell
) -> None:
    view.details.views["contract"].edit()
    view.details.views["contract"].put_text("half a wo")
    shell.lanes.do(shell, EditClient(client_id=client.client.id, values={"city": "Kharkiv"}))
    settle()
    assert view.details.views["city"].label.text() == "Kharkiv"
    assert view.details.views["contract"].typed() == "half a wo"


def test_a_client_that_is_gone_says_so(view: ClientCardView, settle: Callable[[], None]) -> None:
    view.show_client(999)
    settle()
    assert view.empty.isVisible()
    assert view.client_id is None
