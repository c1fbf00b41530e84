"""Whole stories through the real window over a real file, by keyboard alone."""

import pytest
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.main_window import MainWindow
from tests.engines import TestClock, sit_down
from tests.journeys.day import Day
from tests.ui.conftest import (  # the same window, here as well
    _own_memory,
    engine_name,
    pytest_collection_modifyitems,
    window,
)

__all__ = ["_own_memory", "engine_name", "pytest_collection_modifyitems", "window"]


@pytest.fixture
def day(window: MainWindow, qtbot: QtBot, clock: TestClock, store: DbStore) -> Day:
    """A window at work, and a second desk at the same file to look at what was stored."""
    return Day(window, qtbot, clock, sit_down(store, clock))
