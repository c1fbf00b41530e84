"""A shell over a real SQLite file, and the window around it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from tests.engines import TestClock, sit_down
from tests.ui.watchdog import Watchdog


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform grumbles at every window with a minimum size."""
    for item in items:
        if "qt_log_ignore" not in {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True))


@pytest.fixture
def engine_name() -> str:
    """The window is the same on every engine; `tests/db` holds them against each other."""
    return "sqlite"


@pytest.fixture(autouse=True)
def _own_memory(tmp_path: Path) -> None:
    """What windows remember of themselves is remembered per test."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "memory"))


@pytest.fixture
def shell(qtbot: QtBot, store: DbStore, clock: TestClock) -> Iterator[Shell]:
    """A shell whose admin sits at a fresh file; no view is made. A bug or a broken world fails the test."""
    made = Shell(clock)
    with qtbot.waitSignal(made.opened, timeout=10_000):
        made.open(lambda: sit_down(store, clock))
    qtbot.waitUntil(made.lanes.idle)
    yield made
    made.postman.end()
    made.lanes.stop()
    made.theme.choose("system")
    qtbot.wait(0)
    assert made.messages.bugs == []
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, store: DbStore, clock: TestClock) -> Iterator[MainWindow]:
    """The real window at a fresh file, opened as the program opens it. `window.shell` is its shell."""
    shell = Shell(clock)
    made = MainWindow(shell)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    with qtbot.waitSignal(shell.opened, timeout=10_000):
        shell.open(lambda: sit_down(store, clock))
    qtbot.waitUntil(shell.lanes.idle, timeout=10_000)
    yield made
    made.close()
    qtbot.waitUntil(shell.lanes.idle, timeout=10_000)
    shell.postman.end()
    shell.lanes.stop()
    shell.theme.choose("system")
    assert shell.messages.bugs == []


@pytest.fixture
def settings(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the settings in front, which need no lead."""
    window.show_page("settings")
    qtbot.waitUntil(window.shell.lanes.idle, timeout=10_000)
    return window


@pytest.fixture
def desk_here(shell: Shell) -> Desk:
    """The desk the shell works at, to look what was really stored. Use it only while the lanes are idle."""
    return shell.lanes.desk


@pytest.fixture
def watchdog(qtbot: QtBot) -> Iterator[Watchdog]:
    made = Watchdog()
    yield made
    made.stop()


@pytest.fixture
def right_to_left(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
