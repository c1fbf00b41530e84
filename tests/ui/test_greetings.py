"""Greetings on the Parked page: proposed in a quiet line, looked through, written when somebody says so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from leaddesk.ui.columns import ColumnMemory
from leaddesk.ui.dialogs.greetings import GreetingsDialog
from leaddesk.ui.dialogs.move_return import MoveDialog
from leaddesk.ui.pages.parked import ParkedPage
from leaddesk.ui.parked_greetings import banner_words
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.greetings import GreetingDue, GreetingsDue
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.mornings import morning_of
from leaddesk.workflow.outbox import Outbox
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, LetterState, Status
from tests.engines import TestClock
from tests.ui.listing import Screen, close_dialogs, on_screen
from tests.workflow.making import now_is


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2026, 12, 28, 9, tzinfo=UTC))


@pytest.fixture
def screen(
    qtbot: QtBot, shell: Shell, desk_here: Desk, clock: TestClock, tmp_path: Path
) -> Iterator[Screen[ParkedPage]]:
    for name, country in (("Gábor", "HU"), ("Mari", "EE"), ("Anna", "DE")):
        point = PointInput(Channel.EMAIL, f"{name.encode('idna').decode()}@{country.lower()}.example.com")
        lead = desk_here.do(AddLead(values={"name": name, "country": country}, points=(point,))).value
        desk_here.do(RefuseLead(lead_id=lead.id, reason="price", greet=True, letter="none"))
    soon = desk_here.do(AddLead(values={"name": "Soon", "country": "HU"})).value
    desk_here.do(DeferLead(lead_id=soon.id, until=clock.now() + timedelta(days=2), why="on leave"))
    memory = ColumnMemory(QSettings(str(tmp_path / "tables.ini"), QSettings.Format.IniFormat))
    yield on_screen(ParkedPage(shell, memory), shell, desk_here, qtbot)
    close_dialogs(shell, qtbot)


def look_through(screen: Screen[ParkedPage]) -> GreetingsDialog:
    screen.page.greetings.button.click()
    dialog = screen.open_dialog(GreetingsDialog)
    screen.settle()
    assert isinstance(dialog, GreetingsDialog)
    return dialog


def test_looked_through_and_written_to_those_ticked(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    page = screen.page
    assert page.greetings.words.text() == "3 greetings could go out for New Year's Day on 1 Jan (DE, EE, HU)."
    dialog = look_through(screen)
    QAbstractItemModelTester(dialog.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert "Újév" in dialog.paper.text()[0]
    assert dialog.write.text() == "Write 3 letters"
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    screen.settle()
    assert (dialog.who.text(), "Estonian" in dialog.address.text()) == ("Mari", True)
    assert "uusaasta" in dialog.paper.text()[1].casefold()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert (dialog.count.text(), dialog.write.text()) == ("2 of 3 ticked", "Write 2 letters")
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    screen.settle()
    assert screen.desk.read(Outbox()) == [], "Enter alone writes nothing"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    assert [(row.lead, row.state) for row in reversed(screen.desk.read(Outbox()))] == [
        ("Gábor", LetterState.DRAFT),
        ("Anna", LetterState.DRAFT),
    ]
    assert page.greetings.isHidden(), "who was left out is not proposed again"
    assert screen.shell.messages.said[-1].words == "2 greetings for New Year's Day written as drafts"
    screen.desk.do(Undo(screen.shell.messages.said[-1].operation))
    assert len(screen.desk.read(GreetingsDue())) == 3
    assert screen.desk.read(Outbox()) == []


def test_not_this_time(screen: Screen[ParkedPage]) -> None:
    look_through(screen).not_now.click()
    screen.settle()
    assert screen.page.greetings.isHidden()
    assert screen.desk.read(Outbox()) == []


def test_nobody_ticked_writes_nothing_and_leaving_declines_nobody(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    dialog = look_through(screen)
    dialog.nobody.click()
    assert not dialog.write.isEnabled()
    dialog.take()
    dialog.all.click()
    assert dialog.write.text() == "Write 3 letters"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    screen.settle()
    assert screen.desk.read(Outbox()) == []
    assert not screen.page.greetings.isHidden()


def test_several_holidays_are_proposed_one_after_the_other() -> None:
    day = date(2026, 12, 25)
    due = [
        GreetingDue(1, "A", "HU", "2026-12-25 Christmas Day", day, "Karácsony", "hu", "a@b.example"),
        GreetingDue(2, "B", "CN", "2027-01-01 New Year's Day", date(2027, 1, 1), "New Year's Day", "en", "b@b.example"),
    ]
    assert banner_words(due) == "1 greeting could go out for Christmas Day on 25 Dec (HU). Then 1 more holiday."
    assert banner_words([]) == ""


# The list


def test_chips_narrow_the_list(screen: Screen[ParkedPage]) -> None:
    filters = screen.page.filters
    filters.week.click()
    screen.settle()
    assert screen.texts("name") == ["Soon"]
    filters.clear()
    filters.status[Status.REFUSED].click()
    screen.settle()
    assert screen.texts("name") == ["Gábor", "Mari", "Anna"]
    filters.reason.choose(["budget"])
    screen.settle()
    assert screen.page.stack.currentWidget() is screen.page.nothing
    screen.page.show_all()
    screen.settle()
    assert len(screen.texts("name")) == 4


def test_who_refused_gets_a_day_and_stays_refused(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    screen.page.table.go_to(screen.row("Mari"))
    screen.settle()
    screen.page.bulk.buttons["Move…"].click()
    dialog = screen.open_dialog(MoveDialog)
    screen.settle()
    assert dialog.who.text() == "Mari"
    dialog.when.edit.setText("1 Sep 2027")
    qtbot.keyClick(dialog.when.edit, Qt.Key.Key_Return)
    screen.settle()
    shown = screen.page.lead.card
    assert shown is not None
    lead = now_is(screen.desk, shown.lead)
    assert lead.status is Status.REFUSED
    assert lead.return_at == morning_of(date(2027, 9, 1), lead.zone_key, screen.shell.settings)


def test_many_move_together_and_a_day_that_is_none_is_said(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    screen.page.table.selectAll()
    screen.page.bulk.buttons["Move…"].click()
    dialog = screen.open_dialog(MoveDialog)
    qtbot.keyClick(dialog.when.edit, Qt.Key.Key_Return)
    assert "Say when" in dialog.when.said.text()
    dialog.when.edit.setText("in 3 months")
    qtbot.keyClick(dialog.when.edit, Qt.Key.Key_Return)
    screen.settle()
    assert screen.shell.messages.said[-1].words == "Moved 4 parked leads"
    assert set(screen.texts("group")) == {"Later"}


def test_greetings_are_no_longer_allowed(screen: Screen[ParkedPage]) -> None:
    screen.page.table.selectAll()
    screen.page.bulk.greet_menu.actions()[1].trigger()
    screen.settle()
    assert screen.page.greetings.isHidden()
    screen.page.bulk.greet_menu.actions()[0].trigger()
    screen.settle()
    assert not screen.page.greetings.isHidden()


def test_the_letters_state_stands_beside_the_lead(screen: Screen[ParkedPage]) -> None:
    assert screen.texts("letter") == ["", "", "", ""]
    look_through(screen).take()
    screen.settle()
    assert sorted(screen.texts("letter")) == ["", "draft", "draft", "draft"]
