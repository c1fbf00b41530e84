"""The Parked page by keyboard, over a real file."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from leaddesk.ui.columns import ColumnMemory, Say, return_group
from leaddesk.ui.dialogs.defer import DeferDialog
from leaddesk.ui.dialogs.move_return import MoveDialog
from leaddesk.ui.pages.parked import ParkedPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.vocabulary import Channel, Status
from tests.engines import START, TestClock
from tests.ui.listing import Screen, close_dialogs, on_screen


def add(desk: Desk, name: str, digits: str) -> Lead:
    return desk.do(AddLead(values={"name": name}, points=(PointInput(Channel.PHONE, f"+3805770541{digits}"),))).value


@pytest.fixture
def screen(
    qtbot: QtBot, shell: Shell, desk_here: Desk, clock: TestClock, tmp_path: Path
) -> Iterator[Screen[ParkedPage]]:
    for number, (name, days) in enumerate((("Later", 120), ("Soon", 2), ("Tomorrow", 1), ("Month", 20))):
        lead = add(desk_here, name, f"2{number}")
        desk_here.do(DeferLead(lead_id=lead.id, until=clock.now() + timedelta(days=days), why=f"{name}: on leave"))
    gone = add(desk_here, "Never", "40")
    desk_here.do(RefuseLead(lead_id=gone.id, reason="price", words="Twice the price elsewhere"))
    add(desk_here, "At work", "41")
    memory = ColumnMemory(QSettings(str(tmp_path / "tables.ini"), QSettings.Format.IniFormat))
    yield on_screen(ParkedPage(shell, memory), shell, desk_here, qtbot)
    close_dialogs(shell, qtbot)


def status(screen: Screen[ParkedPage], name: str) -> Status:
    from leaddesk.workflow.cards import LeadIds, LeadRows

    rows = screen.desk.read(LeadRows(tuple(screen.desk.read(LeadIds()))))
    return next(row.status for row in rows if row.name == name)


def test_by_the_day_of_return_with_the_reason(screen: Screen[ParkedPage]) -> None:
    assert screen.texts("name")[:4] == ["Tomorrow", "Soon", "Month", "Later"]
    assert screen.texts("group")[:4] == ["This week", "This week", "This month", "Later"]
    assert screen.texts("why")[:2] == ["Tomorrow: on leave", "Soon: on leave"]
    assert "Never" in screen.texts("name")
    assert screen.page.count.text() == "5 parked leads"


@pytest.mark.parametrize(
    ("days", "group"),
    [
        (None, "Never"),
        (-1, "Overdue"),
        (0, "Overdue"),
        (1, "This week"),
        (6, "This week"),
        (7, "This month"),
        (40, "Later"),
    ],
)
def test_groups_by_the_looking_persons_calendar(days: int | None, group: str) -> None:
    assert START.weekday() == 0
    say = Say(UTC, START)
    assert return_group(None if days is None else START + timedelta(days=days), say) == group


def test_the_last_days_of_a_month_are_this_week(clock: TestClock) -> None:
    monday = datetime(2026, 6, 29, 9, tzinfo=UTC)
    assert return_group(datetime(2026, 7, 2, 9, tzinfo=UTC), Say(UTC, monday)) == "This week"


def test_the_table_begins_right_below_the_chips_and_has_room_for_its_columns(screen: Screen[ParkedPage]) -> None:
    page = screen.page
    page.resize(1364, 800)
    screen.settle()
    for words in ("", "12 greetings could go out for New Year’s Day on 1 Jan (EE, HU)."):
        page.greetings.say(words)
        screen.settle()
        above = page.greetings if words else page.filters
        assert page.stack.y() - above.geometry().bottom() < 16
        assert page.filters.height() < 40
    assert page.table.horizontalScrollBar().maximum() == 0


def test_one_is_brought_back_now_and_leaves_the_list(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    screen.page.table.go_to(screen.row("Soon"))
    qtbot.keyClick(screen.page.table, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    assert status(screen, "Soon") is Status.IN_PROGRESS
    assert "Soon" not in screen.texts("name")
    assert screen.shell.messages.said[-1].words == "Brought back Soon"
    assert screen.shell.messages.said[-1].operation


def test_all_are_brought_back_in_one_step(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    screen.page.table.selectAll()
    assert screen.page.bulk.count.text() == "5 chosen"
    screen.page.bulk.buttons["Bring back now"].click()
    screen.settle()
    assert screen.page.model.rowCount() == 0
    assert screen.page.stack.currentWidget() is screen.page.empty
    assert screen.shell.messages.said[-1].words == "Brought back 5 leads"


def test_another_day_by_words(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    screen.page.table.go_to(screen.row("Tomorrow"))
    screen.settle()
    screen.shell.actions.trigger("defer")
    dialog = screen.open_dialog(MoveDialog)
    screen.settle()
    dialog.when.edit.setText("через 3 месяца")
    qtbot.keyClick(dialog.when.edit, Qt.Key.Key_Return)
    screen.settle()
    row = screen.row("Tomorrow")
    assert screen.texts("group")[row] == "Later"
    assert screen.texts("why")[row] == "Tomorrow: on leave", "the reason stays unless another is written"
    screen.page.activate()
    screen.settle()
    assert screen.texts("name")[:3] == ["Soon", "Month", "Tomorrow"], "in order again when looked at anew"


def test_searching_among_the_parked(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    screen.page.search.setFocus()
    qtbot.keyClicks(screen.page.search, "never")
    qtbot.keyClick(screen.page.search, Qt.Key.Key_Return)
    screen.settle()
    assert screen.texts("name") == ["Never"]
    assert screen.texts("group") == ["Never"]


def test_a_refused_lead_parked_from_its_card_stays_refused(screen: Screen[ParkedPage], qtbot: QtBot) -> None:
    screen.page.table.go_to(screen.row("Never"))
    screen.settle()
    card = screen.page.lead.card
    assert card is not None
    dialog = DeferDialog(screen.shell, card, screen.page.window())
    dialog.open()
    assert not dialog.why.isVisible()
    dialog.when.edit.setText("in 3 months")
    qtbot.keyClick(dialog.when.edit, Qt.Key.Key_Return)
    screen.settle()
    assert status(screen, "Never") is Status.REFUSED
    assert screen.texts("group")[screen.row("Never")] == "Later"
    assert screen.shell.messages.said[-1].words == "Moved Never"
