"""What tests of files and mail share."""

import contextlib
from collections.abc import Iterator

import pytest


@pytest.fixture
def wires() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack
