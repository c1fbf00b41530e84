"""Times as typed on the command line, by the clock they mean."""

from datetime import UTC, datetime

import pytest

from leaddesk.bootstrap import open_desk
from leaddesk.commandline.answers import as_json_text, table_text, utc
from leaddesk.commandline.inputs import when
from leaddesk.commandline.session import Session
from tests.engines import TestClock


@pytest.fixture
def session(tmp_path: object, clock: TestClock) -> Session:
    session = Session(clock)
    session.target = f"{tmp_path}/x.db"
    desk = open_desk(session.target, clock=clock)
    desk.store.close()
    return session


@pytest.mark.parametrize(
    ("text", "zone_key", "expected", "exact"),
    [
        ("today 15:00", "UA|Europe/Kyiv", datetime(2026, 3, 2, 13, 0, tzinfo=UTC), True),
        ("today 15:00", "IR|Asia/Tehran", datetime(2026, 3, 2, 11, 30, tzinfo=UTC), True),
        ("tomorrow", "UA|Europe/Kyiv", datetime(2026, 3, 3, 6, 0, tzinfo=UTC), False),
        ("2026-03-08", "PL|Europe/Warsaw", datetime(2026, 3, 9, 7, 0, tzinfo=UTC), False),  # a Sunday
        ("2026-03-02T15:00:00Z", "UA|Europe/Kyiv", datetime(2026, 3, 2, 15, 0, tzinfo=UTC), True),
        ("in 2 h", "", datetime(2026, 3, 2, 11, 0, tzinfo=UTC), True),
    ],
)
def test_times_are_read_by_the_leads_own_clock(
    session: Session, text: str, zone_key: str, expected: datetime, *, exact: bool
) -> None:
    try:
        assert when(session, text, "at", zone_key) == (expected, exact)
    finally:
        session.close()


def test_instants_are_written_in_utc_with_z() -> None:
    assert utc(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) == "2026-03-02T09:00:00Z"
    assert utc(datetime(2026, 3, 2, 9, 0, 0, 5000, tzinfo=UTC)) == "2026-03-02T09:00:00.005Z"
    assert utc(None) is None


def test_what_has_no_plain_form_is_a_bug() -> None:
    with pytest.raises(TypeError, match="object"):
        as_json_text({"x": object()})


def test_tables_are_plain_in_a_pipe_and_drawn_on_a_terminal() -> None:
    rows = [("1", "[bold]Olena"), (22, None)]
    assert table_text(("id", "name"), rows, terminal=False) == "id  name\n1   [bold]Olena\n22"
    assert "[bold]Olena" in table_text(("id", "name"), rows, terminal=True)
