"""Greetings from the command line: proposed, written when one says so, declined; never by themselves."""

from datetime import UTC, datetime

from tests.commandline.conftest import Line
from tests.engines import TestClock


def test_greetings_are_listed_written_and_taken_back(leaddesk: Line, clock: TestClock) -> None:
    clock.moment = datetime(2026, 12, 30, 9, 0, tzinfo=UTC)
    assert leaddesk("refuse", "3", "--reason", "price", "--letter", "none", "--greet").code == 0
    listed = leaddesk("greetings", "list", "--json").json
    assert [(one["lead"], one["country"]) for one in listed["greetings"]] == [(3, "UA")]
    occasion = listed["greetings"][0]["occasion"]
    assert occasion.startswith("2027-01-01")
    assert leaddesk("letters", "list", "--json").json["total"] == 0
    written = leaddesk("greetings", "write", occasion, "--json").json
    assert (len(written["letters"]), written["left_out"]) == (1, [])
    assert leaddesk("greetings", "list", "--json").json["total"] == 0
    assert leaddesk("undo").code == 0
    assert leaddesk("letters", "list", "--json").json["total"] == 0
    assert leaddesk("greetings", "decline", occasion, "--json").json["declined"] == 1
    nobody = leaddesk("greetings", "write", occasion)
    assert nobody.code == 1
    assert "Nobody is to be greeted" in nobody.err
