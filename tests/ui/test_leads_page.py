"""The Leads page by keyboard, over a real file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from leaddesk.ui.bulk_bar_dialogs import NoLeadDialog, ParkDialog
from leaddesk.ui.columns import LEADS, ColumnMemory, Layout
from leaddesk.ui.dialogs.assign import AssignDialog
from leaddesk.ui.dialogs.choose_columns import ChooseColumnsDialog
from leaddesk.ui.dialogs.convert import ConvertDialog
from leaddesk.ui.dialogs.defer import DeferDialog
from leaddesk.ui.dialogs.refuse import RefuseDialog
from leaddesk.ui.dialogs.refuse_many import RefuseManyDialog
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.bulk import EditLeads
from leaddesk.workflow.cards import Filter, LeadIds, LeadRows
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead, EditLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.ports import Work
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, Status, Temperature
from tests.ui.listing import Screen, close_dialogs, on_screen

NAMES = ("Olena Hrytsenko", "Gábor Kovács", "Marta Nowak", "Rəşad Əliyev", "Ivan Petrenko")


@dataclass(frozen=True)
class Fill(Command[int]):
    """Many leads at once."""

    count: int

    def handle(self, work: Work) -> int:
        work.words = "filled"
        leads = [
            Lead(name=f"Person {n:03}", company=f"Company {n % 7}", created_at=work.now) for n in range(self.count)
        ]
        return len(work.add_many(leads))


@pytest.fixture
def memory(tmp_path: Path) -> ColumnMemory:
    return ColumnMemory(QSettings(str(tmp_path / "tables.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def screen(qtbot: QtBot, shell: Shell, desk_here: Desk, memory: ColumnMemory) -> Iterator[Screen[LeadsPage]]:
    for number, name in enumerate(NAMES):
        point = PointInput(Channel.PHONE, f"+3805770541{number:02}")
        desk_here.do(AddLead(values={"name": name, "company": f"Firm {number}"}, points=(point,), source="Fair"))
    yield on_screen(LeadsPage(shell, memory), shell, desk_here, qtbot)
    close_dialogs(shell, qtbot)


def test_all_leads_are_listed_and_the_first_ones_card_is_beside_them(screen: Screen[LeadsPage]) -> None:
    assert sorted(screen.texts("name")) == sorted(NAMES)
    assert screen.page.count.text() == "5 leads"
    assert screen.page.table.currentIndex().row() == 0
    assert screen.page.shown_id == screen.page.model.id_at(0)


def test_typing_narrows_and_esc_widens_again(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    screen.page.table.setFocus()
    qtbot.keyClicks(screen.page.table, "n")
    qtbot.keyClicks(screen.page.search, "owak")
    qtbot.keyClick(screen.page.search, Qt.Key.Key_Return)
    screen.settle()
    assert screen.texts("name") == ["Marta Nowak"]
    assert screen.page.table.hasFocus()
    screen.page.search.setFocus()
    qtbot.keyClick(screen.page.search, Qt.Key.Key_Escape)
    screen.settle()
    assert len(screen.texts("name")) == len(NAMES)


def test_nothing_fits_offers_to_show_all(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    screen.page.filters.suspicious.click()
    screen.settle()
    assert screen.page.stack.currentWidget() is screen.page.nothing
    screen.page.nothing.buttons[0].click()
    screen.settle()
    assert screen.page.stack.currentWidget() is screen.page.table
    assert not screen.page.is_narrowed()


def test_chips_make_the_filter(screen: Screen[LeadsPage]) -> None:
    chips = screen.page.filters
    chips.status.choose([Status.NEW, Status.DEFERRED])
    chips.temperature.choose([Temperature.HOT])
    chips.owner.choose([0])
    chips.created.choose([6])
    chips.tag.setText(" fair ")
    chips.incomplete.click()
    assert chips.filter() == Filter(
        statuses=(Status.NEW, Status.DEFERRED),
        owner_id=0,
        temperatures=(Temperature.HOT,),
        tag="fair",
        created_from=datetime(2026, 2, 24, tzinfo=screen.shell.zone()).astimezone(UTC),
        incomplete=True,
    )
    assert chips.status.text() == "Status: new, deferred"
    assert chips.owner.accessibleName() == "Owner: pool"
    chips.none.click()
    assert chips.filter() == Filter()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu on the offscreen platform
def test_a_chip_is_set_by_keyboard_and_its_menu_stays_for_more(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    chip = screen.page.filters.status
    steps = [Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Escape]
    seen: list[tuple[bool, str]] = []

    def press() -> None:
        key = steps.pop(0)
        qtbot.keyClick(chip.menu(), key)
        seen.append((chip.menu().isVisible(), chip.text()))
        if steps:
            QTimer.singleShot(0, press)

    QTimer.singleShot(0, press)
    chip.setFocus()
    chip.showMenu()
    qtbot.waitUntil(lambda: not steps)
    assert seen[1] == (True, "Status: new")
    assert seen[3] == (True, "Status: new, in progress")
    assert not seen[4][0]
    assert chip.isChecked()
    screen.settle()
    assert len(screen.texts("name")) == len(NAMES), "all of them are new"
    chip.choose([])
    assert not chip.isChecked()


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("1 Feb", "10 Feb", (1, 11)),
        ("2026-02-01", "", (1, None)),
        ("1 Nov", "", (-91, None)),
        ("x", "10 Feb", (None, 11)),
    ],
)
def test_two_days_in_words(
    screen: Screen[LeadsPage], since: str, until: str, days: tuple[int | None, int | None]
) -> None:
    chips = screen.page.filters
    chips.created.choose(["between"])
    chips.since.setText(since)
    chips.until.setText(until)
    february = date(2026, 1, 31).toordinal()

    def midnight(day: int | None) -> datetime | None:
        if day is None:
            return None
        local = datetime.combine(date.fromordinal(february + day), time(0), screen.shell.zone())
        return local.astimezone(UTC)

    assert (chips.filter().created_from, chips.filter().created_to) == tuple(midnight(day) for day in days)
    assert bool(chips.since.property("wrong")) == (since == "x")


def test_next_and_previous_keep_the_place_when_the_lead_leaves_the_list(
    screen: Screen[LeadsPage], qtbot: QtBot
) -> None:
    page = screen.page
    page.filters.status.choose([Status.NEW])
    screen.settle()
    page.table.go_to(1)
    screen.settle()
    shown, following = page.shown_id, page.model.id_at(2)
    page.bulk.disqualify()
    dialog = screen.open_dialog(NoLeadDialog)
    dialog.why.setText("spam")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    screen.settle()
    assert page.model.row_of(shown) == -1
    assert page.shown_id == shown, "the card stays until the person moves on"
    page.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    qtbot.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    assert page.shown_id == following
    assert page.table.chosen_ids() == (following,)
    qtbot.keyClick(page.table, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    assert page.shown_id == page.model.id_at(0)
    assert page.table.chosen_ids() == (page.shown_id,), "Ctrl held down changes nothing about who is chosen"


def test_the_first_click_on_readiness_brings_the_hottest_up(screen: Screen[LeadsPage]) -> None:
    for lead_id, warmth in zip(screen.desk.read(LeadIds()), ("warm", "hot", "cold", "warm", "hot"), strict=True):
        screen.shell.lanes.do(screen.page, EditLead(lead_id=lead_id, values={"temperature": warmth}))
    screen.settle()
    place = next(place for place, column in enumerate(LEADS) if column.key == "temperature")
    screen.page.table.horizontalHeader().sectionClicked.emit(place)
    screen.settle()
    assert screen.texts("temperature") == ["▲ hot", "▲ hot", "◆ warm", "◆ warm", "● cold"]


def test_an_edit_elsewhere_shows_at_once_and_moves_nobody(screen: Screen[LeadsPage]) -> None:
    row = screen.row("Marta Nowak")
    screen.page.table.go_to(row)
    lead_id = screen.page.model.id_at(row)
    screen.shell.lanes.do(screen.page, EditLead(lead_id=lead_id, values={"name": "Marta Zielińska"}))
    screen.settle()
    assert screen.page.model.index(row, 0).data() == "Marta Zielińska"
    assert screen.page.table.currentIndex().row() == row


def test_a_new_lead_appears_and_the_place_is_kept(screen: Screen[LeadsPage]) -> None:
    screen.page.table.go_to(2)
    current = screen.page.table.current_id()
    screen.shell.lanes.do(screen.page, AddLead(values={"name": "Newcomer"}))
    screen.settle()
    assert "Newcomer" in screen.texts("name")
    assert screen.page.table.current_id() == current


def test_everybody_is_given_to_somebody_by_keyboard_and_undone(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    page = screen.page
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.bulk.isVisible()
    assert page.bulk.count.text() == "5 chosen"
    screen.shell.actions.trigger("assign")
    dialog = screen.open_dialog(AssignDialog)
    qtbot.waitUntil(lambda: dialog.give.isEnabled() and dialog.load.text().startswith("Moves: 5 leads"))
    qtbot.keyClicks(dialog.line, "anna")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    screen.settle()
    rows = screen.desk.read(LeadRows(tuple(screen.desk.read(LeadIds()))))
    assert {row.owner for row in rows} == {"Anna Operator"}
    assert page.table.chosen_count() == 5, "they stay chosen"
    screen.shell.lanes.do(page, Undo())
    screen.settle()
    assert {row.owner for row in screen.desk.read(LeadRows(tuple(screen.desk.read(LeadIds()))))} == {""}


def test_everybody_is_parked_by_words(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    screen.page.table.selectAll()
    screen.shell.actions.trigger("defer")
    dialog = screen.open_dialog(ParkDialog)
    qtbot.keyClick(dialog.when.edit, Qt.Key.Key_Return)
    assert "until when" in dialog.when.problem
    qtbot.keyClicks(dialog.when.edit, "in 3 months")
    dialog.why.setText("No budget until summer")
    qtbot.keyClick(dialog.why, Qt.Key.Key_Return)
    screen.settle()
    rows = screen.desk.read(LeadRows(tuple(screen.desk.read(LeadIds()))))
    assert {(r.status, r.parked_why) for r in rows} == {(Status.DEFERRED, "No budget until summer")}
    assert {r.return_at.date().isoformat() for r in rows if r.return_at} == {"2026-06-02"}


@pytest.mark.parametrize("by_key", [True, False])
def test_the_chosen_refuse_in_one_undoable_step(screen: Screen[LeadsPage], qtbot: QtBot, by_key: bool) -> None:
    screen.page.table.selectAll()
    screen.shell.actions.trigger("refuse") if by_key else screen.page.bulk.refuse()
    dialog = screen.open_dialog(RefuseManyDialog)
    screen.settle()
    qtbot.keyClick(dialog, Qt.Key.Key_5)
    screen.settle()
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    rows = screen.desk.read(LeadRows(tuple(screen.desk.read(LeadIds()))))
    assert {(r.status, r.parked_why) for r in rows} == {(Status.REFUSED, "No need")}
    assert screen.shell.messages.said[-1].words == "Refused: 5 leads"
    screen.desk.do(Undo())
    assert {r.status for r in screen.desk.read(LeadRows(tuple(screen.desk.read(LeadIds()))))} == {Status.NEW}


def test_a_refused_deed_stays_with_what_was_typed(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    page = screen.page
    page.table.go_to(0)
    page.bulk.disqualify()
    dialog = screen.open_dialog(NoLeadDialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert "Say why" in dialog.wrong.text()
    dialog.why.setText("Spam")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    screen.settle()
    page.bulk.disqualify()
    dialog = screen.open_dialog(NoLeadDialog)
    dialog.why.setText("Spam again")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    screen.settle()
    assert dialog.isVisible()
    assert "disqualified" in dialog.wrong.text()
    assert dialog.why.text() == "Spam again"


def test_readiness_of_many_in_one_undoable_step(screen: Screen[LeadsPage]) -> None:
    before = dict.fromkeys(screen.desk.read(LeadIds()))
    scores = {r.id: r.score for r in screen.desk.read(LeadRows(tuple(before)))}
    screen.page.table.selectAll()
    screen.page.bulk.set_temperature(Temperature.HOT)
    screen.settle()
    rows = screen.desk.read(LeadRows(tuple(before)))
    assert {r.temperature for r in rows} == {Temperature.HOT}
    assert all(r.score == scores[r.id] + 20 for r in rows), "few enough for the score to follow"
    assert screen.shell.messages.said[-1].words == "5 leads: temperature hot"
    screen.desk.do(Undo())
    assert {r.temperature for r in screen.desk.read(LeadRows(tuple(before)))} == {Temperature.COLD}


def test_a_field_of_ones_own_cannot_be_given_to_many(screen: Screen[LeadsPage]) -> None:
    with pytest.raises(Refused, match="each lead’s own"):
        screen.desk.do(EditLeads(lead_ids=(1, 2), values={"name": "Everybody"}))


@pytest.mark.parametrize(
    ("action", "kind"), [("convert", ConvertDialog), ("refuse", RefuseDialog), ("defer", DeferDialog)]
)
def test_the_cards_actions_work_from_the_list(screen: Screen[LeadsPage], action: str, kind: type[QDialog]) -> None:
    screen.page.table.go_to(1)
    screen.settle()
    screen.shell.actions.trigger(action)
    assert screen.open_dialog(kind)


def test_what_is_about_one_lead_asks_for_one(screen: Screen[LeadsPage]) -> None:
    screen.page.table.selectAll()
    for action in ("convert", "dial"):
        screen.shell.actions.trigger(action)
        assert screen.shell.messages.said[-1].words.startswith("Choose one lead")


def test_calling_goes_to_my_day_with_the_lead(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    screen.page.table.go_to(1)
    with qtbot.waitSignal(screen.shell.lead_requested) as asked:
        screen.shell.actions.trigger("dial")
    assert asked.args == [screen.page.model.id_at(1)]


def test_enter_goes_into_the_card(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    page = screen.page
    page.table.setFocus()
    page.table.go_to(2)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.card is focus or page.card.isAncestorOf(focus)
    assert page.shown_id == page.model.id_at(2)
    page.table.selectAll()
    page.card.setFocus()
    assert page.current_ids() == (page.shown_id,), "in the card a command is about that lead alone"


def test_columns_are_chosen_and_remembered(screen: Screen[LeadsPage], qtbot: QtBot, memory: ColumnMemory) -> None:
    page = screen.page
    page.choose_columns()
    dialog: ChooseColumnsDialog = screen.open_dialog(ChooseColumnsDialog)
    assert dialog.list.item(0).text() == "Lead"
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    dialog.list.setCurrentRow(1)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    dialog.list.setCurrentRow(2)
    qtbot.keyClick(dialog, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    dialog.accept()
    shown = page.table.layout_now().shown
    assert shown[0] == "name"
    assert "temperature" not in shown
    assert shown[1] == "status"
    page.table.setColumnWidth(0, 333)
    qtbot.waitUntil(lambda: memory.load("leads", LEADS).widths["name"] == 333)
    again = LeadsPage(screen.shell, memory)
    qtbot.addWidget(again)
    assert again.table.layout_now() == page.table.layout_now()
    page.table.lay_usual()
    assert "temperature" in page.table.layout_now().shown


def test_changes_made_while_away_are_made_up_for(screen: Screen[LeadsPage]) -> None:
    page = screen.page
    page.hide()
    screen.shell.lanes.do(page, Fill(300))
    screen.settle()
    assert page.model.rowCount() == len(NAMES)
    page.show()
    page.activate()
    screen.settle()
    assert page.model.rowCount() == len(NAMES) + 300
    assert page.count.text() == "305 leads"


def test_widths_that_make_no_sense_are_not_taken(memory: ColumnMemory) -> None:
    usual = memory.load("leads", LEADS)
    memory.save("leads", Layout(["status", "gone", "name"], {"status": 5, "name": 300}))
    kept = memory.load("leads", LEADS)
    assert kept.shown == ["status", "name"]
    assert kept.widths["name"] == 300
    assert kept.widths["status"] == usual.widths["status"]
