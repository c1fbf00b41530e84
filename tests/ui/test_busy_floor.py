"""While a list comes in behind it, the window types, scrolls, sorts, selects and opens cards without a gap over 50 ms.

What is counted is the work of the UI thread between two turns of the loop (see `test_hundred_thousand`). Every day it
is done over 30,000 leads; `dev.py soak` does it over a million: over a copy of the file LEADDESK_TEST_MILLION names, such
as `leaddesk demo --leads 1000000 --calls 10000000` makes, else over leads laid plainly.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from leaddesk.db.mapping import from_ms
from leaddesk.db.store import DbStore
from leaddesk.ui.dialogs.import_wizard_running import Brake, run_held
from leaddesk.ui.jobs import Job
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.window import ImportDoor
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.intake import Options
from tests.engines import START
from tests.ui.test_hundred_thousand import LONGEST_MS, PATIENCE, at_rest, gap, lay_leads, shortest, window_over

EVERY_DAY, MILLION = 30_000, 1_000_000
NAMED = "LEADDESK_TEST_MILLION"
TYPED = "person 77"
HEAD = 20
"""So many rows of each list shown are held against the desk's own answer."""


@dataclass
class Shown:
    """Every list the table has shown: for what it was asked at that moment, and its first rows."""

    page: LeadsPage
    lists: list[tuple[LeadIds, list[int]]] = field(default_factory=list)

    def note(self) -> None:
        model = self.page.model
        question = self.page.ids()(model.sort_key, model.downwards)
        self.lists.append((question, list(model.ids_between(0, HEAD - 1))))


@dataclass(frozen=True)
class Floor:
    """The file, who sits down at it and when, and how many rows come in: more than there is time for."""

    file: Path
    login: str
    moment: datetime
    incoming: int


def incoming(path: Path, rows: int) -> Path:
    lines = (f"Newcomer {n};Company {n % 997};+38067{n:07};n{n}@example.com" for n in range(rows))
    path.write_text("name;company;phone;email\n" + "\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(
    scope="module",
    params=[pytest.param(EVERY_DAY, id="30,000"), pytest.param(MILLION, id="1,000,000", marks=pytest.mark.soak)],
)
def floor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Floor:
    file = tmp_path_factory.mktemp("floor") / "leads.db"
    named = os.environ.get(NAMED)
    if request.param == MILLION and named:
        shutil.copy(named, file)
        store = DbStore(file)
        with store.reader.connect() as connection:
            login = connection.exec_driver_sql("SELECT login FROM app_user WHERE role = 'admin' ORDER BY id").scalar()
            newest = connection.exec_driver_sql("SELECT max(created_at) FROM lead").scalar()
        store.close()
        return Floor(file, str(login), from_ms(newest), MILLION // 2)
    return Floor(lay_leads(file, request.param), "boss", START, max(50_000, request.param // 2))


@pytest.fixture
def page(qtbot: QtBot, floor: Floor, tmp_path: Path) -> Iterator[tuple[MainWindow, LeadsPage, Job]]:
    """The list of all leads in front, and an import under way."""
    with window_over(qtbot, floor.file, floor.login, floor.moment) as (window, open_file):
        open_file()
        qtbot.waitUntil(lambda: "my_day" in window.pages and at_rest(window), timeout=PATIENCE)
        window.show_page("leads")
        qtbot.waitUntil(lambda: "leads" in window.pages and at_rest(window), timeout=PATIENCE)
        leads = window.pages["leads"]
        assert isinstance(leads, LeadsPage)
        file = ImportDoor().open(incoming(tmp_path / "list.csv", floor.incoming))
        brake, came = Brake(), []
        job = window.shell.lanes.run(
            window,
            lambda desk, told: run_held(desk, file, Options(), told, brake),
            came.append,
            progress=lambda *_: None,
        )
        with qtbot.waitSignal(job.progressed, timeout=PATIENCE):
            pass
        yield window, leads, job
        assert came == [], "the import was over before the window was done"
        job.cancel()
        qtbot.waitUntil(lambda: came != [], timeout=PATIENCE)
        assert came[0].counts.created > 0


def deeds(page: LeadsPage) -> dict[str, Callable[[], object]]:
    """What somebody in a hurry does to a list."""
    table, columns = page.table, cycle((1, 2, 3, 4))

    def typed() -> None:
        page.search.clear()
        for letter in TYPED:
            QTest.keyClick(page.search, letter)
            # Sooner than the line itself would, which waits for a pause in the typing.
            page.relist()

    def wiped() -> None:
        for _ in TYPED:
            QTest.keyClick(page.search, Qt.Key.Key_Backspace)
            page.relist()

    def paged() -> None:
        for _ in range(10):
            QTest.keyClick(table, Qt.Key.Key_PageDown)

    def jumped() -> None:
        for part in (7, 3, 9, 1, 5):
            table.go_to(page.model.rowCount() * part // 10)

    def sorted_() -> None:
        table.horizontalHeader().sectionClicked.emit(next(columns))

    def selected() -> None:
        QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    def cleared() -> None:
        table.clearSelection()

    def opened() -> None:
        for _ in range(8):
            QTest.keyClick(table, Qt.Key.Key_Down)
        QTest.keyClick(table, Qt.Key.Key_Return)

    return {one.__name__: one for one in (jumped, paged, opened, selected, cleared, sorted_, typed, wiped, sorted_)}


def test_no_gap_and_nothing_stale_while_a_list_comes_in(qtbot: QtBot, page: tuple[MainWindow, LeadsPage, Job]) -> None:
    window, leads, _job = page
    lanes, model = window.shell.lanes, leads.model
    shown = Shown(leads)
    model.listed.connect(shown.note)

    def answered() -> bool:
        asked = model.coming or model.fetching or leads.is_resting
        return not asked and window.shell.turns.idle()

    gaps = {name: shortest(gap(qtbot, deed, answered) for _ in range(3)) for name, deed in deeds(leads).items()}
    assert {name: round(ms) for name, ms in gaps.items() if ms > LONGEST_MS} == {}
    assert model.rowCount() > 0
    model.listed.disconnect(shown.note)
    assert {question.filter.text for question, _head in shown.lists} >= {"", TYPED}
    assert stale(shown, lanes.desk) == []


def stale(shown: Shown, desk: Desk) -> list[tuple[LeadIds, list[int]]]:
    """Lists whose first rows are not, in their order, among the desk's own answer to what was asked when they were shown."""
    answers: dict[LeadIds, dict[int, int]] = {}
    for question, _head in shown.lists:
        if question not in answers:
            answers[question] = {row_id: place for place, row_id in enumerate(desk.read(question))}
    places = [(asked, head, [answers[asked].get(row_id, -1) for row_id in head]) for asked, head in shown.lists]
    return [(asked, head) for asked, head, at in places if -1 in at or at != sorted(at)]
