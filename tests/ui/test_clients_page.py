"""The Clients page by keyboard, over a real file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from leaddesk.ui.columns import ColumnMemory
from leaddesk.ui.pages.clients import ClientsPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.clients import ConvertLead, EditClient
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel
from tests.ui.listing import Screen, close_dialogs, on_screen


@pytest.fixture
def memory(tmp_path: Path) -> ColumnMemory:
    return ColumnMemory(QSettings(str(tmp_path / "tables.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def screen(qtbot: QtBot, shell: Shell, desk_here: Desk, memory: ColumnMemory) -> Iterator[Screen[ClientsPage]]:
    for number, company in enumerate(("Nordic Print", "Klochkivska Trade", "Tamm & Pojad")):
        point = PointInput(Channel.PHONE, f"+3805770541{number:02}")
        lead = desk_here.do(AddLead(values={"name": f"Person {number}", "company": company}, points=(point,))).value
        desk_here.do(ConvertLead(lead_id=lead.id))
    yield on_screen(ClientsPage(shell, memory), shell, desk_here, qtbot)
    close_dialogs(shell, qtbot)


def test_clients_with_the_leads_they_came_from(screen: Screen[ClientsPage]) -> None:
    assert sorted(screen.texts("title")) == ["Klochkivska Trade", "Nordic Print", "Tamm & Pojad"]
    assert screen.texts("leads") == ["1", "1", "1"]
    assert screen.page.count.text() == "3 clients"


def test_enter_goes_into_the_card_and_back_to_the_lead(screen: Screen[ClientsPage], qtbot: QtBot) -> None:
    page = screen.page
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    screen.settle()
    assert page.card.card is not None
    assert page.card.card.client.id == page.table.current_id()
    lead_id = page.card.card.leads[0].id
    with qtbot.waitSignal(screen.shell.lead_requested) as asked:
        page.card.tabs.setCurrentWidget(page.card.leads)
        page.card.leads.setCurrentIndex(page.card.leads.model().index(0, 0))
        qtbot.keyClick(page.card.leads, Qt.Key.Key_Return)
    assert asked.args == [lead_id]


def test_a_client_asked_for_from_a_lead_is_shown_in_the_list(
    shell: Shell, desk_here: Desk, memory: ColumnMemory, screen: Screen[ClientsPage]
) -> None:
    wanted = screen.page.model.id_at(2)
    screen.page.show_client(wanted)
    screen.settle()
    assert screen.page.table.current_id() == wanted
    assert screen.page.shown_id == wanted


def test_a_page_asked_for_a_client_before_its_list_is_there(
    qtbot: QtBot, shell: Shell, memory: ColumnMemory, screen: Screen[ClientsPage]
) -> None:
    wanted = screen.page.model.id_at(2)
    page = ClientsPage(shell, memory)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    page.show_client(wanted)
    qtbot.waitUntil(lambda: shell.lanes.idle() and not page.model.fetching and not page.is_resting)
    assert page.table.current_id() == wanted


def test_an_edit_shows_in_the_list(screen: Screen[ClientsPage]) -> None:
    client_id = screen.page.model.id_at(1)
    screen.shell.lanes.do(screen.page, EditClient(client_id=client_id, values={"company": "Renamed AS"}))
    screen.settle()
    assert screen.texts("title")[1] == "Renamed AS"


def test_searching_among_clients(screen: Screen[ClientsPage], qtbot: QtBot) -> None:
    screen.page.search.setFocus()
    qtbot.keyClicks(screen.page.search, "tamm")
    qtbot.keyClick(screen.page.search, Qt.Key.Key_Return)
    screen.settle()
    assert screen.texts("title") == ["Tamm & Pojad"]


def test_where_clients_come_from(qtbot: QtBot, shell: Shell, memory: ColumnMemory) -> None:
    page = ClientsPage(shell, memory)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    qtbot.waitUntil(shell.lanes.idle)
    assert page.stack.currentWidget() is page.empty
    with qtbot.waitSignal(shell.next_requested):
        page.empty.buttons[0].click()
