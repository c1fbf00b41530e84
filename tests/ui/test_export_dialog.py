"""Lists out of the window: as filtered, sorted and chosen, with the columns the table shows, in any form."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from leaddesk.exchange.tables import open_table
from leaddesk.ui.columns import CLIENTS, LEADS, ColumnMemory
from leaddesk.ui.dialogs.export import ExportDialog
from leaddesk.ui.export_columns import file_columns
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.parked_columns import PARKED
from leaddesk.ui.shell import Shell
from leaddesk.window import export_cards
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.export import Kind, Shape
from leaddesk.workflow.export_tables import table_of
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel
from tests.ui.listing import Screen, close_dialogs, on_screen

NAMES = ("Ann", "Bob", "Cyd", "Dan")


@pytest.fixture
def screen(qtbot: QtBot, shell: Shell, desk_here: Desk, tmp_path: Path) -> Iterator[Screen[LeadsPage]]:
    for number, name in enumerate(NAMES):
        point = PointInput(Channel.PHONE, f"+3805770541{number:02}")
        desk_here.do(AddLead(values={"name": name, "company": f"=C{number}"}, points=(point,)))
    memory = ColumnMemory(QSettings(str(tmp_path / "tables.ini"), QSettings.Format.IniFormat))
    shell.export_cards = export_cards
    yield on_screen(LeadsPage(shell, memory), shell, desk_here, qtbot)
    close_dialogs(shell, qtbot)


def asked(screen: Screen[LeadsPage]) -> ExportDialog:
    screen.shell.actions.trigger("export")
    dialog: ExportDialog = screen.open_dialog(ExportDialog)
    return dialog


def choose(dialog: ExportDialog, **wanted: str) -> None:
    for name, key in wanted.items():
        box = getattr(dialog, name)
        box.setCurrentIndex(box.findData(key))
        assert box.currentData() == key


def written(screen: Screen[LeadsPage], qtbot: QtBot, path: Path, **wanted: str) -> None:
    """By the keyboard: choose, Enter, and the name of a file."""
    screen.shell.choose_file = lambda _name: path
    dialog = asked(screen)
    choose(dialog, **wanted)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(screen.shell.lanes.idle)


@pytest.mark.parametrize(
    ("page", "kind", "columns"),
    [("leads", "leads", LEADS), ("parked", "leads", PARKED), ("clients", "clients", CLIENTS)],
)
def test_every_column_of_a_page_has_columns_in_the_file(page: str, kind: str, columns: Any) -> None:
    there = table_of(Kind(kind), Shape(1, 1)).columns
    assert set(file_columns(page, [column.key for column in columns])) <= set(there)


def test_the_list_leaves_as_it_stands(screen: Screen[LeadsPage], qtbot: QtBot, tmp_path: Path) -> None:
    screen.page.model.sort_by("name", downwards=True)
    screen.settle()
    written(screen, qtbot, tmp_path / "out.xlsx")
    table = open_table(tmp_path / "out.xlsx")
    assert table.columns[:3] == ("name", "company", "temperature")
    assert [row.cells[:2] for row in table.rows()] == [(n, f"=C{NAMES.index(n)}") for n in reversed(NAMES)]
    assert "phone" in table.columns
    assert "city" not in table.columns


def test_the_chosen_leave_alone_or_with_all_that_is_known(
    screen: Screen[LeadsPage], qtbot: QtBot, tmp_path: Path
) -> None:
    screen.page.model.sort_by("name", downwards=False)
    screen.settle()
    screen.page.table.go_to(1)
    qtbot.keyClick(screen.page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    written(screen, qtbot, tmp_path / "two.csv", form="csv", columns="all", sign="semicolon")
    table = open_table(tmp_path / "two.csv")
    assert table.delimiter == ";"
    at = [table.columns.index(name) for name in ("name", "company", "phone")]
    found = [tuple(row.cells[i] for i in at) for row in table.rows()]
    assert found == [("Bob", "=C1", "+380577054101"), ("Cyd", "=C2", "+380577054102")]
    written(screen, qtbot, tmp_path / "all.json", form="json", who="listed")
    assert [row["name"] for row in json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))] == list(NAMES)


def test_only_what_the_form_asks_for_is_shown(screen: Screen[LeadsPage], qtbot: QtBot, tmp_path: Path) -> None:
    dialog = asked(screen)
    shown = {}
    for form in ("xlsx", "csv", "vcf", "json", "jsonl"):
        choose(dialog, form=form)
        boxes = {"columns": dialog.columns, "sign": dialog.sign, "mark": dialog.mark, "version": dialog.version}
        shown[form] = {name for name, box in boxes.items() if box.isVisible()}
    assert shown == {
        "xlsx": {"columns"}, "csv": {"columns", "sign", "mark"}, "vcf": {"version"}, "json": {"columns"},
        "jsonl": {"columns"},
    }  # fmt: skip
    dialog.reject()
    written(screen, qtbot, tmp_path / "people.vcf", form="vcf", version="4.0")
    assert (tmp_path / "people.vcf").read_text(encoding="utf-8").count("VERSION:4.0") == len(NAMES)


def test_what_cannot_be_written_is_said_and_asked_again(
    screen: Screen[LeadsPage], qtbot: QtBot, tmp_path: Path
) -> None:
    written(screen, qtbot, tmp_path / "gone" / "out.csv", form="csv")
    dialog = screen.open_dialog(ExportDialog)
    assert "no folder" in dialog.wrong.text()
    assert dialog.form.currentData() == "csv"
    screen.shell.choose_file = lambda _name: tmp_path / "out.csv"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(screen.shell.lanes.idle)
    assert len(list(open_table(tmp_path / "out.csv").rows())) == len(NAMES)


def test_breaking_off_leaves_no_file(screen: Screen[LeadsPage], qtbot: QtBot, tmp_path: Path) -> None:
    broken_off = threading.Event()

    def slowly(*asked_for: Any) -> int:
        assert broken_off.wait(10)
        return export_cards(*asked_for)

    screen.shell.export_cards = slowly
    dialog = asked(screen)
    dialog.write(tmp_path / "out.xlsx")
    assert dialog.far.isVisible()
    with qtbot.waitSignal(screen.shell.messages.toast_posted) as told:
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        broken_off.set()
    assert "no file was written" in told.args[0].words
    assert list(tmp_path.glob("*.xlsx")) == list(tmp_path.glob(".unfinished*")) == []


def test_an_empty_list_and_a_missing_door_are_said(screen: Screen[LeadsPage], qtbot: QtBot) -> None:
    screen.shell.export_cards = None
    dialog = asked(screen)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert "leaddesk export leads" in dialog.wrong.text()
    dialog.reject()
    screen.page.search.setText("nobody at all")
    screen.page.search.settle()
    screen.settle()
    with qtbot.waitSignal(screen.shell.messages.toast_posted) as told:
        screen.shell.actions.trigger("export")
    assert "Nothing is listed" in told.args[0].words


def test_from_any_page_the_leads_are_exported(window: MainWindow, qtbot: QtBot) -> None:
    point = PointInput(Channel.PHONE, "+380577054101")
    window.shell.lanes.do(window, AddLead(values={"name": "Ann"}, points=(point,)), quiet=True)
    qtbot.waitUntil(window.shell.lanes.idle)
    assert window.page == "my_day"
    window.shell.actions.trigger("export")
    qtbot.waitUntil(lambda: bool(window.findChildren(ExportDialog)))
    assert window.page == "leads"
    assert window.findChildren(ExportDialog)[0].what.count(1) == "1 lead"
    close_dialogs(window.shell, qtbot)
