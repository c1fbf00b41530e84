"""The window over 100,000 leads: these deeds of the operator leave no gap in the event loop longer than 50 ms.

Drawing and writing up a lead, searching, the table of all leads shown again, scrolled and selected. Opening the file,
the first showing of a page and the switch between light and dark are not held to it here: they still take longer.
What is counted is the work of the UI thread itself between two turns of the loop, not the wall clock: a busy machine is
no failure. Each deed is done three times and the best one counts, so that another process' cache misses do not.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from leaddesk.db.opening import first_user, open_store
from leaddesk.db.store import DbStore
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import Today
from tests.engines import ADMIN, START, TestClock, sit_down
from tests.ui.watchdog import Watchdog

LEADS = 100_000
LONGEST_MS = 50
TRIES = 3
PATIENCE = 30_000

FILL = (
    """INSERT INTO lead (id, name, company, status, temperature, score, reach, zone_key, retry_at, created_at, changed_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :leads)
    SELECT i, 'Person ' || (i * 7919 % 100003), 'Company ' || (i % 9973), CASE i % 3 WHEN 0 THEN 'new' ELSE 'in_progress' END,
        CASE i % 5 WHEN 0 THEN 'hot' WHEN 1 THEN 'warm' ELSE 'cold' END, i % 90, 'phone', 'UA|Europe/Kyiv',
        CASE i % 3 WHEN 1 THEN :now - i ELSE NULL END, :now - i * 1000, :now - i * 1000 FROM n""",
    """INSERT INTO contact_point (id, lead_id, channel, value, key, raw, state, zones)
    SELECT id, id, 'phone', '+38057' || (1000000 + id), '+38057' || (1000000 + id), '', 'unknown', 'Europe/Kyiv' FROM lead""",
    """INSERT INTO call (lead_id, started_at, outcome, phone, part)
    SELECT id, :now - id * 5000, 'no_answer', '', 'morning' FROM lead WHERE id % 2""",
    "INSERT INTO search_doc (id, text) SELECT id * 2, lower(name || ' ' || company) || ' 38057' || (1000000 + id) FROM lead",
    "INSERT INTO search_fts (search_fts) VALUES ('rebuild')",
)


@pytest.fixture(scope="module")
def big_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 100,000 leads, laid by set-based statements in a few seconds."""
    file = tmp_path_factory.mktemp("big") / "leads.db"
    clock = TestClock()
    store = open_store(file, clock)
    first_user(store, ADMIN)
    values = {"leads": LEADS, "now": int(START.timestamp() * 1000)}
    with store.writing() as connection:
        for statement in FILL:
            wanted = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)
        connection.commit()
    store.close()
    return file


@pytest.fixture
def big_window(qtbot: QtBot, big_file: Path, tmp_path: Path) -> Iterator[MainWindow]:
    """The real window over a copy of it, at rest on My day."""
    file = tmp_path / "leads.db"
    shutil.copy(big_file, file)
    clock = TestClock()
    store = DbStore(file)
    shell = Shell(clock)
    window = MainWindow(shell)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    with qtbot.waitSignal(shell.opened, timeout=PATIENCE):
        shell.open(lambda: sit_down(store, clock))
    qtbot.waitUntil(lambda: "my_day" in window.pages and shell.lanes.idle(), timeout=PATIENCE)
    with qtbot.waitActive(window):
        window.activateWindow()
    yield window
    window.close()
    qtbot.waitUntil(shell.lanes.idle, timeout=PATIENCE)
    shell.lanes.stop()
    assert shell.messages.bugs == []
    store.close()


def longest_gap(qtbot: QtBot, window: MainWindow, deed: Callable[[], object]) -> float:
    """The best of three tries, in ms of work in the UI thread."""
    gaps = []
    for _ in range(TRIES):
        qtbot.waitUntil(window.shell.lanes.idle, timeout=PATIENCE)
        watchdog = Watchdog()
        deed()
        qtbot.waitUntil(window.shell.lanes.idle, timeout=PATIENCE)
        gaps.append(watchdog.stop())
        if gaps[-1] <= LONGEST_MS:
            break
    return min(gaps)


def press(window: MainWindow, *keys: Qt.Key) -> Callable[[], None]:
    def deed() -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or window, key)

    return deed


def test_next_lead_and_two_keys_for_an_unanswered_call(qtbot: QtBot, big_window: MainWindow) -> None:
    my_day = big_window.pages["my_day"]
    my_day.setFocus()
    press(big_window, Qt.Key.Key_F2)()
    qtbot.waitUntil(lambda: my_day.lead.card is not None, timeout=PATIENCE)
    assert longest_gap(qtbot, big_window, press(big_window, Qt.Key.Key_F2)) <= LONGEST_MS
    assert longest_gap(qtbot, big_window, press(big_window, Qt.Key.Key_1, Qt.Key.Key_Return)) <= LONGEST_MS
    assert big_window.shell.lanes.desk.read(Today()).calls >= 1


def test_typing_into_the_search_box(qtbot: QtBot, big_window: MainWindow) -> None:
    search = big_window.top.search
    search.setFocus()

    def typed() -> None:
        search.clear()
        QTest.keyClicks(search, "person 77")

    assert longest_gap(qtbot, big_window, typed) <= LONGEST_MS
    assert search.text() == "person 77"


def test_the_table_of_all_leads(qtbot: QtBot, big_window: MainWindow) -> None:
    big_window.show_page("leads")
    page = big_window.pages["leads"]
    qtbot.waitUntil(lambda: page.model.rowCount() == LEADS, timeout=PATIENCE)
    big_window.show_page("my_day")
    assert longest_gap(qtbot, big_window, lambda: big_window.show_page("leads")) <= LONGEST_MS
    table = page.table
    for deed in (table.scrollToBottom, table.scrollToTop, table.selectAll, table.clearSelection):
        assert longest_gap(qtbot, big_window, deed) <= LONGEST_MS, deed.__name__
