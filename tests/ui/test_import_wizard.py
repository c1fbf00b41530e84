"""The import wizard by keyboard, from a real file into a real database and out again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from leaddesk.exchange.headers import FIELDS
from leaddesk.exchange.importing import open_leads, rejects_path, write_rejects
from leaddesk.ui.dialogs.import_wizard import COLUMNS, FILE, RESULT, WHAT_IF, ImportWizard
from leaddesk.ui.file_drop import dropped_file
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadIds, LeadRows
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.intake import LeadFile, RejectedRow
from leaddesk.workflow.vocabulary import Status

LIST = """Name,Company,Phone,Lead Status,Shoe size
Olena Hrytsenko,Klochkivska Trade,+380 57 705 41 22,Contact in Future,38
Gábor Kovács,Kovács Kft,+36 1 999 0101,New,44
Nobody Knows,Far Away,12,Odd Word,41
,,,,39
Olena again,Klochkivska Trade,0577054122,New,38
"""


@dataclass
class Door:
    """The real files, and a count of how often they were opened."""

    opened: list[Path] = field(default_factory=list)

    @property
    def fields(self) -> Sequence[str]:
        return FIELDS

    def open(self, path: Path) -> LeadFile:
        self.opened.append(path)
        return open_leads(path)

    def rejects_path(self, path: Path) -> Path:
        return rejects_path(path)

    def write_rejects(self, path: Path, columns: Sequence[str], rejects: Sequence[RejectedRow]) -> int:
        return write_rejects(path, columns, rejects)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "мои лиды 1.csv"
    made.write_text(LIST, encoding="utf-8", newline="\n")
    return made


@dataclass
class Scene:
    wizard: ImportWizard
    desk: Desk
    shell: Shell
    door: Door
    settle: Callable[[], None]
    key: Callable[..., None]

    @property
    def step(self) -> int:
        return self.wizard.stack.currentIndex()

    def leads(self) -> int:
        return len(self.desk.read(LeadIds()))

    def mapping(self) -> dict[str, str | None]:
        return {column.header: column.field for column in self.wizard.columns.plan.plan}


@pytest.fixture
def scene(qtbot: QtBot, shell: Shell, desk_here: Desk, door: Door) -> Iterator[Scene]:
    wizard = ImportWizard(shell, door)
    qtbot.addWidget(wizard)
    wizard.show()

    def settle() -> None:
        qtbot.waitUntil(lambda: shell.lanes.idle() and wizard._job is None, timeout=10_000)

    def key(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(wizard, key, modifiers)
        settle()

    yield Scene(wizard, desk_here, shell, door, settle, key)
    wizard.close()
    qtbot.waitUntil(shell.lanes.idle)


def to_columns(scene: Scene, path: Path) -> None:
    scene.wizard.file.path.setText(str(path))
    scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert scene.step == COLUMNS


def test_from_file_to_leads_by_keyboard_and_back_by_undo(scene: Scene, path: Path, qtbot: QtBot) -> None:
    assert scene.step == FILE
    to_columns(scene, path)
    assert scene.mapping() == {
        "Name": "name",
        "Company": "company",
        "Phone": "phone",
        "Lead Status": "status",
        "Shoe size": None,
    }
    scene.wizard.columns.region.setText("UA")
    scene.wizard.columns.region.settle()
    scene.settle()
    scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert scene.step == WHAT_IF
    assert scene.leads() == 0, "nothing is written before it was seen"
    assert "“Contact in Future” → deferred · 1" in scene.wizard.what_if.report.statuses.text()
    rows = scene.wizard.what_if.report.model
    said = {str(rows.index(r, 0).data()): str(rows.index(r, 1).data()) for r in range(rows.rowCount())}
    assert said["5"] == "left out"
    assert said["6"] == "known already"
    assert "Phone" in str(rows.index([*said].index("4"), 3).data())
    assert scene.wizard.go.text() == "Bring in 3"
    with qtbot.waitSignal(scene.wizard.finished_import):
        scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert scene.step == RESULT
    leads = scene.desk.read(LeadRows(tuple(scene.desk.read(LeadIds(sort="id", descending=False)))))
    assert [(r.name, r.status) for r in leads][:2] == [
        ("Olena Hrytsenko", Status.DEFERRED),
        ("Gábor Kovács", Status.NEW),
    ]
    assert leads[0].phone == "+380 57 705 4122"
    scene.wizard.undo.click()
    scene.settle()
    assert scene.leads() == 0
    assert not scene.wizard.isVisible()


def test_a_column_is_sent_elsewhere_and_a_choice_that_cannot_be_is_taken_back(scene: Scene, path: Path) -> None:
    to_columns(scene, path)
    plan = scene.wizard.columns.plan
    plan.setData(plan.index(4, 1), "note")
    scene.settle()
    assert scene.mapping()["Shoe size"] == "note"
    plan.setData(plan.index(4, 1), "company")
    scene.settle()
    assert scene.mapping()["Shoe size"] == "company", "what a person says goes before what was guessed"
    plan.setData(plan.index(0, 1), "company")
    scene.settle()
    assert "a lead has one" in scene.wizard.wrong.text()
    assert scene.mapping()["Name"] == "name"
    assert scene.wizard.columns.options().overrides == {"Shoe size": "company"}
    plan.setData(plan.index(4, 1), "extra")
    scene.settle()
    assert scene.mapping() | {"Shoe size": None} == scene.mapping()
    assert not scene.wizard.wrong.isVisible()
    assert scene.door.opened == [path], "a file once opened is not opened for every choice"


def test_the_list_of_fields_opens_by_key_and_says_words(scene: Scene, path: Path, qtbot: QtBot) -> None:
    to_columns(scene, path)
    table = scene.wizard.columns.table
    table.setCurrentIndex(scene.wizard.columns.plan.index(4, 1))
    table.edit(table.currentIndex())
    combo = table.findChild(QComboBox)
    assert combo is not None
    assert combo.currentText() == "extra field, kept on the card"
    combo.setCurrentIndex(combo.findText("second e-mail"))
    combo.activated.emit(combo.currentIndex())
    scene.settle()
    assert scene.mapping()["Shoe size"] == "email_2"


def test_odd_cells_are_marked_before_anything_is_written(scene: Scene, path: Path) -> None:
    to_columns(scene, path)
    rows = scene.wizard.columns.rows
    QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    QAbstractItemModelTester(scene.wizard.columns.plan, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert rows.index(2, 2).data() == "⚠ 12"
    assert "no valid phone" in rows.index(2, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert rows.index(0, 2).data() == "+380 57 705 41 22"
    assert "Nothing in this row says who it is" in rows.index(3, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert scene.wizard.columns.plan.index(2, 3).data() == "⚠ 2"


def test_numbers_without_a_country_ask_for_one(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("Name,Phone\nA B,057 705 4122\nC D,057 705 4123\n", encoding="utf-8", newline="\n")
    to_columns(scene, path)
    assert "Country of phones" in scene.wizard.columns.hint.text()
    scene.wizard.columns.region.setText("UA")
    scene.wizard.columns.region.settle()
    scene.settle()
    assert not scene.wizard.columns.hint.isVisible()
    assert scene.wizard.columns.rows.index(0, 1).data() == "057 705 4122"


def test_what_was_left_out_is_saved_with_reasons(scene: Scene, path: Path) -> None:
    to_columns(scene, path)
    scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    scene.wizard.save_rejects.click()
    scene.settle()
    saved = rejects_path(path)
    assert str(saved) in scene.wizard.saved.text()
    lines = saved.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Name,Company,Phone,Lead Status,Shoe size,")
    assert lines[1].startswith(",,,,39,")
    assert "who it is" in lines[1]


def test_the_same_list_again_brings_nothing_in(scene: Scene, path: Path, qtbot: QtBot) -> None:
    path.write_text("Name,Phone\nA B,+380577054122\nC D,+380577054123\n", encoding="utf-8", newline="\n")
    to_columns(scene, path)
    for _ in range(2):
        scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert scene.leads() == 2
    again = ImportWizard(scene.shell, scene.door, path)
    qtbot.addWidget(again)
    again.show()
    scene.settle()
    again.go_on()
    scene.settle()
    assert again.go.text() == "Nothing to bring in"
    again.go_on()
    assert not again.isVisible()
    assert scene.leads() == 2


def test_stopping_takes_back_what_came_in(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "long.csv"
    rows = [f"Person {n},+38057{7_000_000 + n}" for n in range(3_000)]
    path.write_text("\n".join(["Name,Phone", *rows]), encoding="utf-8", newline="\n")
    to_columns(scene, path)
    scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    scene.wizard.go_on()
    qtbot.waitUntil(lambda: scene.wizard.running.bar.value() > 0, timeout=20_000)
    assert scene.wizard.leave.text() == "Stop"
    qtbot.keyClick(scene.wizard, Qt.Key.Key_Escape)
    scene.settle()
    assert scene.wizard.isVisible()
    assert scene.wizard.wrong.text() == "Stopped; nothing was brought in."
    assert scene.leads() == 0


@pytest.mark.parametrize(("text", "words"), [(None, "no file"), ("", "empty")])
def test_a_file_that_is_no_list_is_refused_in_place(scene: Scene, tmp_path: Path, text: str | None, words: str) -> None:
    path = tmp_path / "nothing.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    scene.wizard.file.path.setText(str(path))
    scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert scene.step == FILE
    assert words in scene.wizard.wrong.text().casefold()
    assert scene.wizard.file.path.text() == str(path), "what was typed stays"


def test_a_country_there_is_not_is_refused_in_place(scene: Scene, path: Path) -> None:
    to_columns(scene, path)
    scene.wizard.columns.region.setText("Atlantis")
    scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert scene.step == COLUMNS
    assert "Atlantis" in scene.wizard.wrong.text()


def test_back_loses_no_choice(scene: Scene, path: Path) -> None:
    to_columns(scene, path)
    scene.wizard.columns.source.setText("Fair")
    scene.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    scene.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert scene.step == COLUMNS
    assert scene.wizard.columns.options().source == "Fair"


def test_a_dropped_file_is_opened(scene: Scene, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(QPoint(10, 10)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    assert dropped_file(event) == path
    scene.wizard.dropEvent(event)
    scene.settle()
    assert scene.step == COLUMNS
    assert len(scene.mapping()) == 5
