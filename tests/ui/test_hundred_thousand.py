"""The window over 100,000 leads: no deed of the operator leaves a gap in the event loop longer than 50 ms.

Opening the file until My day stands with its queue and a card; the first showing of every page directly after that, and
of the tabs of Letters; the switch to dark and to light on every page; drawing and writing up a lead; searching; the
table of all leads shown again, scrolled and selected.

What is counted is the work of the UI thread itself between two turns of the loop, not the wall clock: a busy machine is
no failure. Each deed is done three times and the best one counts, so that another process' cache misses do not; what
happens only once to a window is done to three windows. Garbage is collected as the program collects it.
"""

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from leaddesk.db.opening import first_user, open_store
from leaddesk.db.store import DbStore
from leaddesk.ui.actions import PAGES
from leaddesk.ui.garbage import Garbage
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import Today
from tests.engines import ADMIN, START, TestClock, sit_down
from tests.ui.watchdog import Watchdog

LEADS = 100_000
LONGEST_MS = 50
TRIES = 3
PATIENCE = 30_000
TICKS = 4
"""So many turns of the watchdog after the last answer all has been painted."""
PAGE_KEYS = [key for key, _title, _icon in PAGES]

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
    """INSERT INTO reply (lead_id, at, text, answers, from_address)
    SELECT id, :now - id * 5000, 'Thank you for the offer, perhaps next year.', '{"1": "yes"}', 'x@example.com'
    FROM lead WHERE id <= 1000""",
    "INSERT INTO search_doc (id, text) SELECT id * 2, lower(name || ' ' || company) || ' 38057' || (1000000 + id) FROM lead",
    "INSERT INTO search_fts (search_fts) VALUES ('rebuild')",
)


@pytest.fixture(scope="module")
def big_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_leads(tmp_path_factory.mktemp("big") / "leads.db", LEADS)


def lay_leads(file: Path, leads: int) -> Path:
    """A file of so many leads, laid by set-based statements: 100,000 in a few seconds."""
    clock = TestClock()
    store = open_store(file, clock)
    first_user(store, ADMIN)
    values = {"leads": leads, "now": int(START.timestamp() * 1000)}
    with store.writing() as connection:
        for statement in FILL:
            wanted = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)
        connection.commit()
    store.close()
    return file


@pytest.fixture
def copied(big_file: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, with garbage collected as it is in the program."""
    file = tmp_path / "leads.db"
    shutil.copy(big_file, file)
    garbage = Garbage()
    yield file
    garbage.deleteLater()
    gc.unfreeze()
    gc.enable()


@contextmanager
def window_over(
    qtbot: QtBot, file: Path, login: str = "boss", moment: datetime = START
) -> Iterator[tuple[MainWindow, Callable[[], None]]]:
    """The frame of the real window, and what opens the file in it."""
    clock = TestClock(moment)
    store = DbStore(file)
    shell = Shell(clock)
    window = MainWindow(shell)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    with qtbot.waitActive(window):
        window.activateWindow()
    try:
        yield window, lambda: shell.open(lambda: sit_down(store, clock, login))
    finally:
        window.close()
        qtbot.waitUntil(shell.lanes.idle, timeout=PATIENCE)
        shell.lanes.stop()
        shell.theme.choose("system")
        store.close()
        with qtbot.waitSignal(window.destroyed):
            window.deleteLater()
        assert shell.messages.bugs == []


def at_rest(window: MainWindow) -> bool:
    """Nothing is under way, and no card waits for the moving through a list to rest."""
    page = window.stack.currentWidget()
    return window.shell.lanes.idle() and not getattr(page, "is_resting", False)


def on_my_day(window: MainWindow) -> bool:
    """My day stands, its queue is filled, and somebody's card is shown."""
    my_day = window.pages.get("my_day")
    if my_day is None or window.stack.currentWidget() is not my_day:
        return False
    return my_day.queue.model.rowCount() > 0 and my_day.call.card is not None and at_rest(window)


@pytest.fixture
def big_window(qtbot: QtBot, copied: Path) -> Iterator[MainWindow]:
    """The window at rest on My day."""
    with window_over(qtbot, copied) as (window, open_file):
        open_file()
        qtbot.waitUntil(lambda: on_my_day(window), timeout=PATIENCE)
        yield window


def gap(qtbot: QtBot, deed: Callable[[], object], done: Callable[[], bool]) -> float:
    """The longest gap in the loop from the deed until it is done and painted, in ms of work in the UI thread."""
    watchdog = Watchdog()
    deed()
    qtbot.waitUntil(done, timeout=PATIENCE)
    painted = watchdog.ticks + TICKS
    qtbot.waitUntil(lambda: watchdog.ticks >= painted, timeout=PATIENCE)
    return watchdog.stop()


def shortest(tries: Iterator[float]) -> float:
    """The best of three tries; no more are made once one is good enough."""
    best = next(tries)
    for _ in range(TRIES - 1):
        if best <= LONGEST_MS:
            break
        best = min(best, next(tries))
    return best


def longest_gap(qtbot: QtBot, window: MainWindow, deed: Callable[[], object]) -> float:
    """Of a deed that can be done again."""
    qtbot.waitUntil(lambda: at_rest(window), timeout=PATIENCE)
    return shortest(gap(qtbot, deed, lambda: at_rest(window)) for _ in range(TRIES))


def press(window: MainWindow, *keys: Qt.Key) -> Callable[[], None]:
    def deed() -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or window, key)

    return deed


def test_opening_until_my_day_stands(qtbot: QtBot, copied: Path) -> None:
    def tries() -> Iterator[float]:
        for _ in range(TRIES):
            with window_over(qtbot, copied) as (window, open_file):
                yield gap(qtbot, open_file, lambda window=window: on_my_day(window))

    assert shortest(tries()) <= LONGEST_MS


@pytest.mark.parametrize("key", [key for key in PAGE_KEYS if key != "my_day"])
def test_the_first_showing_of_a_page_directly_after_opening(qtbot: QtBot, copied: Path, key: str) -> None:
    def shown(window: MainWindow) -> bool:
        return window.stack.currentWidget() is window.pages.get(key) and at_rest(window)

    def tries() -> Iterator[float]:
        for _ in range(TRIES):
            with window_over(qtbot, copied) as (window, open_file):
                open_file()
                qtbot.waitUntil(lambda window=window: on_my_day(window), timeout=PATIENCE)
                assert list(window.pages) == ["my_day"]
                show = window.rail.buttons[key].click
                yield gap(qtbot, show, lambda window=window: shown(window))

    assert shortest(tries()) <= LONGEST_MS


def test_the_first_showing_of_answers_and_of_templates_on_the_letters_page(qtbot: QtBot, copied: Path) -> None:
    tabs = ("answers", "templates")

    def in_front(window: MainWindow, tab: str) -> bool:
        page = window.pages["letters"]
        wanted = page.templates.pane if tab == "templates" else page.answers
        return wanted is not None and wanted.isVisible() and at_rest(window)

    best = dict.fromkeys(tabs, float("inf"))
    for _ in range(TRIES):
        with window_over(qtbot, copied) as (window, open_file):
            open_file()
            qtbot.waitUntil(lambda window=window: on_my_day(window), timeout=PATIENCE)
            window.show_page("letters")
            qtbot.waitUntil(lambda window=window: "letters" in window.pages and at_rest(window), timeout=PATIENCE)
            assert window.pages["letters"].templates.pane is None
            for tab in tabs:
                show = partial(window.pages["letters"].show_tab, tab)
                best[tab] = min(best[tab], gap(qtbot, show, lambda w=window, tab=tab: in_front(w, tab)))
        if max(best.values()) <= LONGEST_MS:
            break
    assert {tab: ms for tab, ms in best.items() if ms > LONGEST_MS} == {}


def test_dark_and_light_again_on_every_page(qtbot: QtBot, big_window: MainWindow) -> None:
    theme = big_window.shell.theme
    for key in PAGE_KEYS:
        big_window.show_page(key)
        qtbot.waitUntil(lambda: at_rest(big_window), timeout=PATIENCE)
    before = big_window.grab().toImage()
    for key in PAGE_KEYS:
        big_window.show_page(key)
        for look, other in (("dark", "light"), ("light", "dark")):

            def tries(look: str = look, other: str = other) -> Iterator[float]:
                for _ in range(TRIES):
                    theme.choose(other)
                    qtbot.waitUntil(lambda: at_rest(big_window), timeout=PATIENCE)
                    yield gap(qtbot, lambda: theme.choose(look), lambda: at_rest(big_window))

            assert shortest(tries()) <= LONGEST_MS, (key, look)
    assert big_window.grab().toImage() == before


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
    qtbot.waitUntil(lambda: "leads" in big_window.pages and at_rest(big_window), timeout=PATIENCE)
    table = big_window.pages["leads"].table
    assert table.model().rowCount() == LEADS

    def shown_again() -> None:
        big_window.show_page("my_day")
        big_window.show_page("leads")

    for deed in (shown_again, table.scrollToBottom, table.scrollToTop, table.selectAll, table.clearSelection):
        assert longest_gap(qtbot, big_window, deed) <= LONGEST_MS, deed.__name__
