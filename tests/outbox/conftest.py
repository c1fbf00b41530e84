"""A mail server of the test's own."""

from collections.abc import Iterator

import pytest

from tests.mail_server import LoopbackSmtp


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as running:
        yield running
