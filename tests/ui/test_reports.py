"""Reports in the window: every choice asks, the table says what the command line says, and it leaves as file or copy."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.exchange.tables import open_table
from leaddesk.ui.dialogs.report import PERIODS, ReportDialog, days_of
from leaddesk.ui.dialogs.report_model import TOTAL
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.shell import Shell
from leaddesk.window import give_doors, save_table
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.parking import BringBack, DeferLead
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.reports import REPORTS, report_question
from leaddesk.workflow.vocabulary import Role
from tests.engines import TestClock
from tests.ui.listing import close_dialogs
from tests.ui.test_narrow import seen
from tests.workflow.making import add


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2026, 10, 5, 9, tzinfo=UTC))


@pytest.fixture
def floor(desk_here: Desk, clock: TestClock) -> Desk:
    """Price and a competitor refuse, price comes back; somebody is parked; two months go by; price refuses anew."""
    reasons = ("price", "competitor")
    leads = [add(desk_here, f"{reason}@klochkivska.example", name=reason.title()) for reason in reasons]
    for lead, reason in zip(leads, reasons, strict=True):
        desk_here.do(RefuseLead(lead_id=lead.id, reason=reason, letter="none"))
    parked = add(desk_here, "parked@klochkivska.example", name="Parked")
    desk_here.do(DeferLead(lead_id=parked.id, until=clock.now() + timedelta(days=200), why="on leave"))
    desk_here.do(BringBack(leads[0].id))
    clock.forward(days=60)
    desk_here.do(RefuseLead(lead_id=leads[0].id, reason="price", letter="none"))
    return desk_here


@pytest.fixture
def dialog(qtbot: QtBot, shell: Shell, floor: Desk) -> Iterator[ReportDialog]:
    behind = QWidget()
    qtbot.addWidget(behind)
    behind.resize(1280, 800)
    made = ReportDialog(shell, behind)
    QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    with qtbot.waitExposed(made):
        made.open()
    qtbot.waitUntil(shell.lanes.idle)
    yield made
    close_dialogs(shell, qtbot)


def choose(dialog: ReportDialog, qtbot: QtBot, *, kind: str = "", way: str = "", period: str = "") -> None:
    for box, key in ((dialog.kind, kind), (dialog.way, way), (dialog.period, period)):
        if key:
            assert box.findData(key) >= 0, key
            box.setCurrentIndex(box.findData(key))
    qtbot.waitUntil(dialog._shell.lanes.idle)


def line(dialog: ReportDialog, row: int) -> dict[str, str]:
    model = dialog.model
    return {c.key: str(model.index(row, at).data()) for at, c in enumerate(model.report.columns)}


def test_it_opens_at_the_refusals_of_the_last_month(dialog: ReportDialog) -> None:
    assert dialog.stack.currentWidget() is dialog.table
    assert [line(dialog, row)["day"] for row in range(dialog.model.rowCount())] == ["2026-12-04", TOTAL]
    assert (line(dialog, 1)["reason.price"], line(dialog, 1)["total"]) == ("1", "1")
    assert dialog.said.text() == "1 row"


def test_numbers_stand_under_each_other_and_percents_have_a_digit(dialog: ReportDialog, qtbot: QtBot) -> None:
    choose(dialog, qtbot, way="reason", period="all")
    model = dialog.model
    told = line(dialog, 0)
    assert (told["reason"], told["refusals"], told["share"], told["return_rate"]) == (
        "Too expensive",
        "2",
        "66.7",
        "50.0",
    )
    assert told["conversion_rate"] == "0.0"
    last = model.rowCount() - 1
    assert (line(dialog, last)["reason"], line(dialog, last)["refusals"]) == (TOTAL, "3")
    assert model.index(last, 0).data(Qt.ItemDataRole.FontRole).bold()
    assert model.index(0, 0).data(Qt.ItemDataRole.FontRole) is None
    sides = [model.index(0, at).data(Qt.ItemDataRole.TextAlignmentRole) for at in (0, 1)]
    assert [bool(side & Qt.AlignmentFlag.AlignRight) for side in sides] == [False, True]
    tip = model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == "Refusals written up, but for those taken back."


@pytest.mark.parametrize("kind", REPORTS, ids=lambda kind: kind.name)
def test_every_report_is_offered_in_every_cut(dialog: ReportDialog, qtbot: QtBot, kind: object) -> None:
    choose(dialog, qtbot, kind=kind.name)
    assert [dialog.way.itemData(at) for at in range(dialog.way.count())] == list(kind.ways)
    for way, words in kind.ways.items():
        choose(dialog, qtbot, way=way, period="all")
        assert dialog.way.currentText() == f"By {words}"
        assert dialog.model.report == dialog._shell.lanes.desk.read(report_question(kind.name, way))
        assert dialog.wrong.text() == ""


def test_of_two_answers_the_one_asked_for_last_is_shown(dialog: ReportDialog, qtbot: QtBot) -> None:
    dialog.way.setCurrentIndex(dialog.way.findData("month"))
    dialog.way.setCurrentIndex(dialog.way.findData("kind"))
    assert not dialog.export.isEnabled(), "what is not shown yet is not written either"
    qtbot.waitUntil(dialog._shell.lanes.idle)
    assert dialog.model.report.by == "kind"
    assert dialog.export.isEnabled()


def test_operators_are_told_whose_figures_they_see(shell: Shell, qtbot: QtBot) -> None:
    lead, operator = ReportDialog(shell), replace(shell.user, role=Role.OPERATOR)
    shell.know_user(operator)
    own = ReportDialog(shell)
    for made in (lead, own):
        qtbot.addWidget(made)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.waitUntil(shell.lanes.idle)
    assert "Your own leads" not in lead.about.text()
    assert own.about.text().endswith("Your own leads and the pool’s.")


def test_nothing_to_count_is_said_in_words(dialog: ReportDialog, qtbot: QtBot, clock: TestClock) -> None:
    clock.forward(days=400)
    choose(dialog, qtbot, period="90")
    assert dialog.stack.currentWidget() is dialog.empty
    assert dialog.empty.title.text() == "Nothing to count in these days"
    assert not dialog.copy_out.isEnabled()
    assert not dialog.export.isEnabled()


def test_parked_leads_are_shown_on_all_days_until_asked_otherwise(dialog: ReportDialog, qtbot: QtBot) -> None:
    choose(dialog, qtbot, kind="deferred")
    assert dialog.period.currentData() == "all"
    assert [line(dialog, row)["month"] for row in range(dialog.model.rowCount())] == [
        "2026-10", "2027-04", "never", TOTAL,
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_rows_leave_as_a_file(dialog: ReportDialog, qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    choose(dialog, qtbot, way="reason", period="all")
    file, proposed = tmp_path / f"Звіт за рік{suffix}", []
    dialog._shell.save_table = save_table
    dialog._shell.choose_file = lambda name: proposed.append(name) or file
    dialog.export.click()
    qtbot.waitUntil(dialog._shell.lanes.idle)
    assert proposed == ["refusals-reason.xlsx"]
    count = len(dialog.model.report.rows)
    assert dialog.said.text() == f"{count} rows in {file.name}"
    table = open_table(file)
    assert list(table.columns) == [column.title for column in dialog.model.report.columns]
    read = [row.cells for row in table.rows()]
    assert len(read) == count, "a sum is no row"
    assert (read[0][:2], float(read[0][2])) == (("Too expensive", "2"), 66.7)


def test_what_cannot_be_written_says_what_to_change(dialog: ReportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    dialog.export.click()
    assert "leaddesk report refusals --by day --out FILE" in dialog.wrong.text()
    dialog._shell.save_table = save_table
    dialog._shell.choose_file = lambda _name: tmp_path / "report.doc"
    dialog.export.click()
    qtbot.waitUntil(dialog._shell.lanes.idle)
    assert "I cannot write “.doc” files" in dialog.wrong.text()
    assert list(tmp_path.glob("*.doc")) == []


def test_the_table_is_copied_with_its_headings(dialog: ReportDialog, qtbot: QtBot) -> None:
    choose(dialog, qtbot, way="reason", period="all")
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [row.split("\t") for row in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:3] == ["Reason", "Refusals", "Share, %"]
    assert lines[1][:3] == ["Too expensive", "2", "66.7"]
    assert lines[-1][:3] == [TOTAL, "3", "100.0"]
    assert len(lines) == dialog.model.rowCount() + 1
    dialog.table.selectRow(1)
    dialog.copy_out.click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2
    assert dialog.said.text() == "Copied 1 line"


def test_everything_is_reached_by_keyboard(dialog: ReportDialog, qtbot: QtBot) -> None:
    assert dialog.focusWidget() is dialog.kind
    reached = [dialog.kind]
    for _ in range(6):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        reached.append(dialog.focusWidget())
    wanted = [dialog.kind, dialog.way, dialog.period, dialog.table, dialog.copy_out, dialog.export, dialog.shut]
    assert reached == wanted
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("30", (date(2026, 2, 1), date(2026, 3, 2))),
        ("90", (date(2025, 12, 3), date(2026, 3, 2))),
        ("year", (date(2026, 1, 1), date(2026, 12, 31))),
        ("all", (None, None)),
    ],
)
def test_days_of_a_period(period: str, days: tuple[date | None, date | None]) -> None:
    assert period in PERIODS
    assert days_of(period, date(2026, 3, 2)) == days


def test_the_window_opens_it_from_the_parked_page(window: MainWindow, qtbot: QtBot) -> None:
    page = window.made_page("parked")
    page.reports.click()
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ReportDialog) and w.isVisible()]
    assert [one.parentWidget() for one in found] == [window]
    assert window.shell.actions.keys("reports") == "Ctrl Shift P"
    close_dialogs(window.shell, qtbot)


def test_in_the_smallest_window_the_page_has_room_for_the_button(window: MainWindow, qtbot: QtBot) -> None:
    day = window.shell.clock.now() + timedelta(days=40)
    for number in range(12):
        lead = add(window.shell.lanes.desk, f"p{number}@a.example")
        window.shell.lanes.do(window, DeferLead(lead_id=lead.id, until=day, why="on leave"), quiet=True)
    qtbot.waitUntil(window.shell.lanes.idle)
    page = window.made_page("parked")
    window.look_again()
    window.show_page("parked")
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: window.shell.lanes.idle() and page.reports.isVisible() and page.count.text() != "")
    qtbot.waitUntil(lambda: seen(page.reports, window))
    assert page.search.geometry().right() < page.reports.geometry().left()
    assert page.count.width() >= page.count.sizeHint().width()


def test_the_program_has_a_door_for_tables(shell: Shell, tmp_path: Path) -> None:
    give_doors(shell)
    assert shell.save_table is not None
    assert shell.save_table(tmp_path / "one.csv", ["Day", "Total"], [(date(2026, 3, 2), 4)]) == 1
    assert (tmp_path / "one.csv").read_text(encoding="utf-8-sig") == "Day,Total\n2026-03-02,4\n"
