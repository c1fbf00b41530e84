"""The queue on the left: order, reasons, selection, the painted rows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from leaddesk.ui.my_day.queue_model import QueueModel, SectionHeading, entries_of, spoken
from leaddesk.ui.my_day.queue_panel import QueuePanel
from leaddesk.ui.shell import Shell
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.leads import AddLead, Disqualify, EditLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.ports import Work
from leaddesk.workflow.queue import Queue, QueueRow
from leaddesk.workflow.vocabulary import Channel, Section, Status, Temperature
from tests.db.commands import Do
from tests.engines import TestClock


def row(lead_id: int, section: Section = Section.NEW, **values: object) -> QueueRow:
    given = {
        "title": f"Lead {lead_id}",
        "company": "",
        "temperature": Temperature.WARM,
        "status": Status.NEW,
        "due": None,
        "when": "",
        "why": "Because",
        **values,
    }
    return QueueRow(lead_id=lead_id, section=section, **given)  # type: ignore[arg-type]


@pytest.fixture
def model(qapp: object) -> QueueModel:
    made = QueueModel()
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning)
    return made


def lead(shell: Shell, qtbot: QtBot, name: str, number: int) -> int:
    made: list[int] = []
    points = (PointInput(Channel.PHONE, f"+38044490{6231 + number * 17}"),)
    command = AddLead(values={"name": name, "country": "UA"}, points=points)
    shell.lanes.do(shell, command, lambda done: made.append(done.value.id))
    qtbot.waitUntil(shell.lanes.idle)
    return made[0]


@pytest.fixture
def panel(shell: Shell, qtbot: QtBot) -> QueuePanel:
    made = QueuePanel(shell)
    qtbot.addWidget(made)
    made.resize(330, 700)
    made.show()
    return made


def settle(panel: QueuePanel, shell: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: shell.lanes.idle() and not panel.looks_soon())


def test_a_heading_stands_before_each_section() -> None:
    entries = entries_of([row(1, Section.CALLBACK), row(2, Section.NEW), row(3, Section.NEW)])
    assert [e.words if isinstance(e, SectionHeading) else e.lead_id for e in entries] == [
        "Promised callbacks",
        1,
        "New",
        2,
        3,
    ]


def test_the_same_order_keeps_its_place_and_another_starts_anew(model: QueueModel, qtbot: QtBot) -> None:
    assert model.show_rows([row(1), row(2)])
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        assert not model.show_rows([row(1, why="Later"), row(2)])
    with qtbot.waitSignal(model.modelReset):
        assert model.show_rows([row(2), row(1)])
    assert [model.lead_id(model.index(i)) for i in range(model.rowCount())] == [None, 2, 1]
    assert model.lead_id(QModelIndex()) is None


def test_headings_cannot_be_chosen_and_rows_are_read_out_whole(model: QueueModel) -> None:
    model.show_rows([row(1, why="Asked for a call", when="14:30", held_by="Anna")])
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert model.data(model.index(1), Qt.ItemDataRole.AccessibleTextRole) == (
        "Lead 1. warm. 14:30. Asked for a call. held by Anna"
    )
    assert spoken(row(1)) == "Lead 1. warm. Because"


def test_arrow_keys_go_from_lead_to_lead_over_the_headings(panel: QueuePanel, shell: Shell, qtbot: QtBot) -> None:
    first, second = lead(shell, qtbot, "Olena", 1), lead(shell, qtbot, "Taras", 2)
    shell.lanes.do(shell, LogCall(lead_id=first, outcome="callback", at=shell.clock.now() + timedelta(minutes=1)))
    qtbot.waitUntil(shell.lanes.idle)
    panel.refresh()
    settle(panel, shell, qtbot)
    panel.view.setFocus()
    with qtbot.waitSignal(panel.lead_selected) as chosen:
        QTest.keyClick(panel.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.lead_selected) as next_chosen:
        QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert [*chosen.args, *next_chosen.args] == [second, first]
    assert panel._total.text() == "1 to do"


def test_the_chosen_lead_stays_chosen_while_others_come_and_go(
    panel: QueuePanel, shell: Shell, qtbot: QtBot, clock: TestClock
) -> None:
    ids = [lead(shell, qtbot, f"Person {n}", n) for n in range(4)]
    panel.refresh()
    settle(panel, shell, qtbot)
    panel.select(ids[2])
    clock.forward(minutes=1)
    with qtbot.assertNotEmitted(panel.lead_selected):
        shell.lanes.do(shell, EditLead(lead_id=ids[3], values={"temperature": "hot"}))
        shell.lanes.do(shell, LogCall(lead_id=ids[0], outcome="no_answer"))
        settle(panel, shell, qtbot)
    assert panel.model.lead_id(panel.view.currentIndex()) == ids[2]
    assert panel.model.line_of(ids[3]) == 1


def bring_in(shell: Shell, qtbot: QtBot, like: int, count: int) -> None:
    """Many more leads at once, as an import does, all to be called before the one they are like."""

    def work(work: Work) -> None:
        model = work.get(Lead, like)
        work.put_many([replace(model, id=0, temperature=Temperature.HOT) for _ in range(count)])

    shell.lanes.do(shell, Do(work, "Brought in"))
    qtbot.waitUntil(shell.lanes.idle)


def test_the_chosen_lead_stays_chosen_though_a_list_came_in_before_it(
    panel: QueuePanel, shell: Shell, qtbot: QtBot, clock: TestClock
) -> None:
    mine, late = lead(shell, qtbot, "Olena", 1), lead(shell, qtbot, "Taras", 2)
    clock.forward(minutes=1)
    shell.lanes.do(shell, LogCall(lead_id=late, outcome="no_answer"))
    qtbot.waitUntil(shell.lanes.idle)
    clock.forward(days=1)
    panel.refresh()
    settle(panel, shell, qtbot)
    panel.select(mine)
    with qtbot.assertNotEmitted(panel.lead_selected):
        bring_in(shell, qtbot, mine, Queue().limit + 20)
        settle(panel, shell, qtbot)
    assert mine not in {row.lead_id for row in panel.page.rows}
    assert [panel.model.lead_id(index) for index in panel.view.selectedIndexes()] == [mine]
    assert panel.model.lead_id(panel.view.currentIndex()) == mine
    assert panel.model.section_of(mine) is Section.NEW
    lines = panel.model.rowCount()
    panel.refresh()
    settle(panel, shell, qtbot)
    assert panel.model.lead_id(panel.view.currentIndex()) == mine
    assert panel.model.rowCount() == lines
    # Whoever is farther down has a line as long as it is the one on the screen.
    panel.select(late)
    settle(panel, shell, qtbot)
    assert [panel.model.lead_id(index) for index in panel.view.selectedIndexes()] == [late]
    assert panel.model.section_of(late) is Section.RETRY
    assert panel.model.line_of(mine) == -1
    panel.select(panel.page.rows[0].lead_id)
    panel.refresh()
    settle(panel, shell, qtbot)
    assert panel.model.line_of(late) == -1


def test_a_lead_that_is_in_no_queue_has_no_line(panel: QueuePanel, shell: Shell, qtbot: QtBot) -> None:
    there, gone = lead(shell, qtbot, "Olena", 1), lead(shell, qtbot, "Taras", 2)
    shell.lanes.do(shell, Disqualify(gone, "Spam"))
    panel.refresh()
    settle(panel, shell, qtbot)
    panel.select(gone)
    settle(panel, shell, qtbot)
    assert panel.view.selectedIndexes() == []
    assert panel.model.line_of(there) == 1


def test_the_keyboard_coming_to_the_queue_chooses_nobody(panel: QueuePanel, shell: Shell, qtbot: QtBot) -> None:
    lead(shell, qtbot, "Olena", 1)
    panel.refresh()
    settle(panel, shell, qtbot)
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel._total.setFocus()
    with qtbot.assertNotEmitted(panel.lead_selected):
        panel.view.setFocus(Qt.FocusReason.TabFocusReason)
        assert panel.view.hasFocus()
    assert not panel.view.currentIndex().isValid()
    with qtbot.waitSignal(panel.lead_selected):
        QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.view.selectedIndexes() == [panel.view.currentIndex()]


def test_late_callbacks_say_how_late(panel: QueuePanel, shell: Shell, qtbot: QtBot, clock: TestClock) -> None:
    one = lead(shell, qtbot, "Olena", 1)
    shell.lanes.do(shell, LogCall(lead_id=one, outcome="callback", at=clock.now() + timedelta(minutes=10)))
    settle(panel, shell, qtbot)
    clock.forward(minutes=14)
    panel.refresh()
    settle(panel, shell, qtbot)
    shown = panel.page.rows[0]
    assert (shown.section, shown.late) == (Section.CALLBACK, True)
    assert shown.when.endswith(" · 4 min late")
    clock.forward(days=2)
    panel.refresh()
    settle(panel, shell, qtbot)
    # The day it was promised for stands in the sentence below.
    assert panel.page.rows[0].when == "2 d late"


def test_an_empty_queue_says_why(panel: QueuePanel, shell: Shell, qtbot: QtBot) -> None:
    panel.refresh()
    settle(panel, shell, qtbot)
    assert panel._nothing.isVisible()
    assert panel._nothing.text()


def test_rows_grow_with_their_words_up_to_three_lines(panel: QueuePanel, qtbot: QtBot) -> None:
    long = "a reason of many words " * 30
    panel.model.show_rows([row(1), row(2, why="two lines of reason, " * 4), row(3, why=long), row(4, why=long * 2)])
    heights = [panel.view.sizeHintForIndex(panel.model.index(i)).height() for i in range(1, 5)]
    assert heights[0] < heights[1] < heights[2] == heights[3]


@pytest.mark.usefixtures("right_to_left")
def test_right_to_left_the_name_stands_at_the_right(shell: Shell, qtbot: QtBot) -> None:
    panel = QueuePanel(shell)
    qtbot.addWidget(panel)
    panel.resize(330, 300)
    panel.show()
    panel.model.show_rows([row(1, title="Ada", when="14:30", why="x")])
    rect = panel.view.visualRect(panel.model.index(1))
    image = panel.view.viewport().grab(rect).toImage()
    ground = image.pixelColor(image.width() // 2, 2)
    scale = image.devicePixelRatio()
    inked = [x for x in range(image.width()) if image.pixelColor(x, int(18 * scale)) != ground]
    assert max(inked) > image.width() * 0.9
    assert min(inked) < image.width() * 0.1
