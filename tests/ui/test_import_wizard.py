"""The import wizard by keyboard, from a real file into a real database and out again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from leaddesk.exchange.importing import rejects_path
from leaddesk.ui.dialogs.import_wizard import ImportWizard
from leaddesk.ui.dialogs.import_wizard_frame import COLUMNS, FILE, RESULT, WHAT_IF, WORDS
from leaddesk.ui.dialogs.import_wizard_models import PlanModel
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.intake import OnDuplicate
from leaddesk.workflow.vocabulary import Status
from tests.ui.import_scene import ALT, CTRL, Key, Scene, wizard_scene, written

LIST = """Name,Company,Phone,Lead Status,Shoe size
Olena Hrytsenko,Klochkivska Trade,+380 57 705 41 22,Contact in Future,38
Gábor Kovács,Kovács Kft,+36 1 999 0101,New,44
Nobody Knows,Far Away,12,Odd Word,41
,,,,39
Olena again,Klochkivska Trade,0577054122,New,38
"""
POPUPS = pytest.mark.qt_log_ignore("propagateSizeHints|does not support (raise|grabbing)", extend=True)
"""The offscreen platform grumbles at lists that open."""
TWO = "Name,Phone\nA B,+380577054122\nC D,+380577054123\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "мои лиды 1.csv", LIST)


@pytest.fixture
def scene(qtbot: QtBot, shell: Shell, desk_here: Desk) -> Iterator[Scene]:
    with wizard_scene(qtbot, shell, desk_here) as made:
        yield made


def said(scene: Scene) -> dict[str, str]:
    """Line → verdict, of the rows shown."""
    model = scene.wizard.what_if.report.model
    return {str(model.index(r, 0).data()): str(model.index(r, 1).data()) for r in range(model.rowCount())}


def test_from_file_to_leads_by_keyboard_and_back_by_undo(scene: Scene, path: Path, qtbot: QtBot) -> None:
    assert scene.step == FILE
    scene.open(path)
    assert scene.mapping() == {
        "Name": "name",
        "Company": "company",
        "Phone": "phone",
        "Lead Status": "status",
        "Shoe size": None,
    }
    scene.wizard.columns.region.setText("UA")
    scene.on()
    assert scene.step == WORDS
    scene.on()
    assert scene.step == WHAT_IF
    assert scene.leads() == [], "nothing is written before it was seen"
    assert said(scene)["5"] == "✕ left out"
    assert "completes a card" in said(scene)["6"]
    report = scene.wizard.what_if.report
    assert "known already: 1 twice in this file" in report.reasons.text()
    assert "1 left out: Nothing in this row says who it is" in report.reasons.text()
    with qtbot.waitSignal(scene.wizard.finished_import):
        scene.on()
    assert scene.step == RESULT
    leads = scene.leads()
    assert [(r.name, r.status) for r in leads][:2] == [
        ("Olena Hrytsenko", Status.DEFERRED),
        ("Gábor Kovács", Status.NEW),
    ]
    assert leads[0].phone == "+380 57 705 4122"
    scene.wizard.result_step.undo.setFocus()
    scene.key(Key.Key_Space)
    assert scene.leads() == []
    assert scene.wizard.result_step.heading.text() == "The import is taken back."
    assert "Undone" in scene.wizard.result_step.said.text()
    scene.on()
    assert not scene.wizard.isVisible()


def test_a_column_is_sent_elsewhere_and_a_choice_that_cannot_be_is_taken_back(scene: Scene, path: Path) -> None:
    scene.open(path)
    plan = scene.wizard.columns.plan
    plan.setData(plan.index(4, PlanModel.FIELD), "note")
    scene.settle()
    assert scene.mapping()["Shoe size"] == "note"
    plan.setData(plan.index(4, PlanModel.FIELD), "company")
    scene.settle()
    assert scene.mapping()["Shoe size"] == "company", "what a person says goes before what was guessed"
    assert plan.index(4, PlanModel.SURE).data() == "✓ as you say"
    plan.setData(plan.index(0, PlanModel.FIELD), "company")
    scene.settle()
    assert "a lead has one" in scene.wizard.wrong.text()
    assert scene.mapping()["Name"] == "name"
    assert scene.wizard.choices.options().overrides == {"Shoe size": "company"}
    plan.setData(plan.index(4, PlanModel.FIELD), "extra")
    scene.settle()
    assert scene.mapping() | {"Shoe size": None} == scene.mapping()
    assert not scene.wizard.wrong.isVisible()
    assert scene.door.opened == [path], "a file once opened is not opened for every choice"


@POPUPS
def test_the_list_of_fields_opens_by_key_and_says_words(scene: Scene, path: Path) -> None:
    scene.open(path)
    scene.choose(scene.wizard.columns.table, 4, PlanModel.FIELD, "second e-mail")
    assert scene.mapping()["Shoe size"] == "email_2"


def test_odd_cells_are_marked_and_read_out_before_anything_is_written(scene: Scene, path: Path) -> None:
    scene.open(path)
    columns = scene.wizard.columns
    rows = columns.rows
    QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    QAbstractItemModelTester(columns.plan, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert rows.index(2, 2).data() == "⚠ 12"
    assert "no valid phone" in rows.index(2, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert rows.index(0, 2).data() == "+380 57 705 41 22"
    assert "Nothing in this row says who it is" in rows.index(3, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert rows.headerData(3, Qt.Orientation.Vertical) == "✕ 5", "the whole row"
    assert columns.plan.index(2, PlanModel.ODD).data() == "⚠ 2"
    columns.next_odd.click()
    assert columns.first.hasFocus()
    assert "Line 4, Phone: “12” — " in columns.told.text()
    columns.next_odd.click()
    assert "who it is" in columns.told.text() or "Odd Word" in columns.told.text()


def test_numbers_without_a_country_ask_for_one(scene: Scene, tmp_path: Path) -> None:
    scene.open(written(tmp_path / "bare.csv", "Name,Phone\nA B,057 705 4122\nC D,057 705 4123\n"))
    assert "Country of phones" in scene.wizard.columns.hint.text()
    scene.wizard.columns.region.setText("UA")
    scene.wizard.columns.region.settle()
    scene.settle()
    assert not scene.wizard.columns.hint.isVisible()
    assert scene.wizard.columns.rows.index(0, 1).data() == "057 705 4122"
    scene.on()
    assert scene.wizard.what_if.region.text() == "UA"


def test_a_file_with_countries_says_whose_numbers_take_the_country_of_their_row(scene: Scene, tmp_path: Path) -> None:
    scene.open(written(tmp_path / "c.csv", "Name,Country,Phone\nA B,Germany,030 901820\n"))
    scene.on()
    assert "column “Country”" in scene.wizard.what_if.regions.text()


def test_what_was_left_out_is_saved_with_reasons_and_never_over_what_is_there(scene: Scene, path: Path) -> None:
    opened: list[str] = []
    scene.shell.open_link = lambda link: bool(opened.append(link)) or True
    scene.open(path)
    for _ in range(2):
        scene.on()
    report = scene.wizard.what_if.report
    half_mended = written(rejects_path(path), "mine")
    report.save_rejects.click()
    scene.settle()
    saved = half_mended.with_name("мои лиды 1 (left out) (2).csv")
    assert str(saved) in report.saved.text()
    lines = saved.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Name,Company,Phone,Lead Status,Shoe size,")
    assert lines[1].startswith(",,,,39,")
    assert "who it is" in lines[1]
    assert half_mended.read_text(encoding="utf-8") == "mine"
    report.open_folder.click()
    assert opened
    assert opened[0].startswith("file://")


def test_the_same_list_again_brings_nothing_in(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    path = written(tmp_path / "two.csv", TWO)
    scene.open(path)
    for _ in range(2):
        scene.on()
    assert len(scene.leads()) == 2
    again = ImportWizard(scene.shell, scene.door, path)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: again.step == COLUMNS)
    again.choices.on_duplicate = OnDuplicate.SKIP
    again.go_on()
    qtbot.waitUntil(lambda: again.step == WHAT_IF)
    assert again.go.text() == "Nothing to bring in"
    again.go_on()
    assert not again.isVisible()
    assert len(scene.leads()) == 2


@pytest.mark.parametrize(("text", "words"), [(None, "no file"), ("", "empty")])
def test_a_file_that_is_no_list_is_refused_in_place(scene: Scene, tmp_path: Path, text: str | None, words: str) -> None:
    path = tmp_path / "nothing.csv"
    if text is not None:
        written(path, text)
    scene.wizard.file.path.setText(str(path))
    scene.on()
    assert scene.step == FILE
    assert words in scene.wizard.wrong.text().casefold()
    assert scene.wizard.file.path.text() == str(path), "what was typed stays"


def test_a_country_there_is_not_is_refused_in_place(scene: Scene, path: Path) -> None:
    scene.open(path)
    scene.wizard.columns.region.setText("Atlantis")
    scene.on()
    assert scene.step == COLUMNS
    assert "Atlantis" in scene.wizard.wrong.text()
    assert scene.wizard.columns.region.text() == "Atlantis", "what was typed stays, to be mended"


def test_back_loses_no_choice(scene: Scene, path: Path) -> None:
    scene.open(path)
    for _ in range(2):
        scene.on()
    scene.wizard.what_if.source.setCurrentText("Fair")
    scene.key(Key.Key_Left, ALT)
    scene.key(Key.Key_Left, ALT)
    assert scene.step == COLUMNS
    for _ in range(2):
        scene.on()
    assert scene.wizard.what_if.source.currentText() == "Fair"
    assert scene.wizard.choices.options().source == "Fair"


def test_rows_copied_in_a_spreadsheet_are_pasted(scene: Scene) -> None:
    QGuiApplication.clipboard().setText("Name\tPhone\nOlena\t+380577054122\nTaras\t+380577054123\n")
    scene.key(Key.Key_V, CTRL)
    assert scene.step == COLUMNS
    assert scene.mapping() == {"Name": "name", "Phone": "phone"}
    for _ in range(2):
        scene.on()
    assert [row.name for row in scene.leads()] == ["Olena", "Taras"]


def test_a_path_is_pasted_as_text_and_a_copied_file_is_opened(scene: Scene, path: Path) -> None:
    QGuiApplication.clipboard().setText("C:/list.csv")
    scene.key(Key.Key_V, CTRL)
    assert scene.step == FILE
    assert scene.wizard.file.path.text() == "C:/list.csv"
    data = QMimeData()
    data.setUrls([path.as_uri()])
    QGuiApplication.clipboard().setMimeData(data)
    scene.key(Key.Key_V, CTRL)
    assert scene.step == COLUMNS


def test_nothing_to_paste_is_said(scene: Scene) -> None:
    QGuiApplication.clipboard().clear()
    scene.wizard.file.paste.click()
    assert "Copy them in the spreadsheet first" in scene.wizard.wrong.text()


def test_how_a_file_is_read_is_shown_and_can_be_said_otherwise(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes("Имя;Город|край\nОлена;Харьков|x\n".encode("cp1251"))
    scene.open(path)
    read = scene.wizard.columns.read
    assert read.delimiter.currentData() == ";"
    assert read.header.isChecked()
    read.delimiter.setCurrentIndex(read.delimiter.findData("|"))
    read.delimiter.activated.emit(read.delimiter.currentIndex())
    scene.settle()
    assert list(scene.mapping()) == ["Имя;Город", "край"]
    read.header.click()
    scene.settle()
    assert scene.wizard.columns.rows.rowCount() == 2, "the first row is a row now"
    assert not read.header.isChecked()
    assert read.delimiter.currentData() == "|"


def test_what_the_reader_noticed_is_told(scene: Scene, tmp_path: Path) -> None:
    rows = "".join(f"Person {n};Firm {n};+3805770541{n}\n" for n in range(10, 20))
    text = f"Leads of the fair;;\n;;\nName;Company;Phone\n{rows}"
    scene.open(written(tmp_path / "titled.csv", text))
    assert scene.mapping() == {"Name": "name", "Company": "company", "Phone": "phone"}
    assert "Note: " in scene.wizard.columns.notes.text()
