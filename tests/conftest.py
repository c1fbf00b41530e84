"""What every test may lean on."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Before anything imports Qt: no test may need a screen.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# A busy machine is no failure: examples are counted, not timed.
settings.register_profile("leaddesk", deadline=None)
settings.load_profile("leaddesk")

# A fresh database for each test, on both engines.
pytest_plugins = ["tests.engines"]

WINDOWS = {"ui", "journeys", "tour"}
"""Folders whose tests show windows."""


@pytest.fixture(autouse=True)
def _garbage_stays_in_its_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in the program: a lane's thread must not free Qt's objects, so only the main thread collects."""
    if WINDOWS.isdisjoint(request.path.parts):
        yield
        return
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()
