"""The page of duplicates."""

import pytest
from pytestqt.qtbot import QtBot

from leaddesk.ui.main_window import MainWindow
from leaddesk.workflow.duplicate_search import search_duplicates
from tests.ui.duplicates.scene import Floor, nothing


@pytest.fixture
def floor(window: MainWindow, qtbot: QtBot) -> Floor:
    return Floor(window, qtbot)


@pytest.fixture
def looked(floor: Floor) -> Floor:
    search_duplicates(floor.desk, nothing)
    return floor.open()
