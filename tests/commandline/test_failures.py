"""Exit codes: 1 refused and nothing written, 2 usage, 3 unavailable; one line of words, or one object, never a traceback."""

import json
import signal
from datetime import datetime
from pathlib import Path
from typing import Never

import pytest

from leaddesk.commandline.running import run
from leaddesk.intake_pool import ALONE
from tests.commandline.conftest import Line
from tests.engines import TestClock

REFUSED = {
    "no such lead": (["lead", "show", "99"], "lead_id"),
    "known number": (["lead", "add", "--name", "X", "--phone", "+380577054121", "--refuse-known"], "phone"),
    "empty lead": (["lead", "add"], "name"),
    "no such field": (["lead", "edit", "1", "colour=red"], "colour"),
    "no such country": (["lead", "edit", "1", "country=Atlantis"], "country"),
    "no such source": (["lead", "edit", "1", "source=Nowhere"], "source"),
    "neither yes nor no": (["lead", "edit", "1", "decides=perhaps"], "decides"),
    "no such outcome": (["call", "1", "--outcome", "hung_up"], "outcome"),
    "callback without time": (["call", "1", "--outcome", "callback"], "at"),
    "time not understood": (["call", "1", "--outcome", "callback", "--at", "soonish"], "at"),
    "time past": (["call", "1", "--outcome", "callback", "--at", "yesterday 10:00"], "at"),
    "number not on the card": (["call", "1", "--outcome", "busy", "--contact", "+15550100"], "contact"),
    "task done leaves nothing": (["task", "done", "1"], "next_step"),
    "no such task": (["task", "move", "77", "--at", "tomorrow"], "task_id"),
    "bad tax number": (["convert", "1", "--field", "tax_number=12345670"], "tax_number"),
    "no such reason": (["refuse", "1", "--reason", "weather"], "reason"),
    "other needs words": (["refuse", "1", "--reason", "other"], "words"),
    "no folder for the letter": (["refuse", "1", "--reason", "price", "--eml", "gone/bye.eml"], "eml"),
    "defer to the past": (["defer", "1", "--until", "2020-01-01"], "until"),
    "in work already": (["return", "1"], "lead_id"),
    "neither number nor address": (["suppress", "somebody"], "value"),
    "not suppressed": (["unsuppress", "+380577054121"], "value"),
    "no such user": (["reassign", "--from", "zoe"], "from"),
    "to oneself": (["reassign", "--from", "anna", "--to", "anna"], "to"),
    "login taken": (["user", "add", "anna"], "login"),
    "no such setting": (["set", "colour"], "key"),
    "setting out of bounds": (["set", "cadence.in_all", "5000"], "cadence.in_all"),
    "nothing to redo": (["redo"], None),
    "no such actor": (["--as", "zoe", "queue"], "login"),
    "demo over leads": (["demo", "--leads", "5", "--calls", "5"], "db"),
    "backup onto itself": (["backup", "leads.db", "--db", "leads.db"], "db"),
    "check of nothing": (["check", "--db", "nowhere.db"], "db"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_the_field_and_writes_nothing(name: str, leaddesk: Line, database: Path) -> None:
    args, field = REFUSED[name]
    before = database.read_bytes()
    told = leaddesk(*args, "--json")
    assert told.code == 1, told
    assert told.json["field"] == field, told
    assert told.json["error"]
    assert told.err == ""
    assert database.read_bytes() == before
    assert not Path("nowhere.db").exists()
    words = leaddesk(*args)
    assert (words.code, words.out) == (1, "")
    assert words.err.count("\n") == 1


def test_undo_names_its_blocker(leaddesk: Line) -> None:
    first = leaddesk("lead", "edit", "1", "company=One", "--json").json["undo"]
    leaddesk("lead", "edit", "1", "company=Two")
    told = leaddesk("undo", first, "--json")
    assert told.code == 1
    assert "came after and stands on it" in told.json["error"]


USAGE = (
    ["bogus"], ["call", "1"], ["lead", "show", "x"], ["lead", "show", "0"], ["lead", "edit", "1", "novalue"],
    ["lead", "list", "--status", "happy"], ["task", "done", "1", "--next", "call"], ["import", "absent.csv"], ["lead"],
    ["export", "plans", "--out", "x.csv"], ["defer", "1"], ["demo", "--leads", "0"],
)  # fmt: skip


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_usage_errors_exit_2(args: list[str], leaddesk: Line) -> None:
    told = leaddesk(*args)
    assert (told.code, told.out) == (2, "")
    assert "Usage:" in told.err
    as_json = leaddesk("--json", *args)
    assert as_json.code == 2
    assert as_json.json["error"]


def test_what_is_no_database_is_unavailable_and_left_alone(leaddesk: Line, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Olena", encoding="utf-8")
    assert leaddesk("--db", letter, "lead", "list").code == 3
    assert letter.read_text(encoding="utf-8") == "Dear Olena"


def test_a_database_cut_short_is_unavailable(leaddesk: Line, database: Path) -> None:
    database.write_bytes(database.read_bytes()[: 4096 * 3])
    told = leaddesk("lead", "list", "--json")
    assert told.code == 3
    assert "Restore the last backup" in told.json["error"]


def test_a_damaged_database_fails_its_check(leaddesk: Line, database: Path) -> None:
    whole = bytearray(database.read_bytes())
    for page in range(len(whole) // 4096 - 12, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 64] = b"\x7f" * 64
    database.write_bytes(bytes(whole))
    told = leaddesk("check", "--json")
    assert told.code == 3
    assert told.json.get("problems") or told.json.get("error")


def test_a_file_that_cannot_be_written_is_unavailable(leaddesk: Line) -> None:
    Path("folder.csv").mkdir()
    assert leaddesk("export", "leads", "--out", "folder.csv").code == 2
    told = leaddesk("export", "leads", "--out", "absent/there/out.csv", "--json")
    assert told.code in (1, 3)
    assert told.json["error"]


def test_without_a_display_the_window_says_what_to_do(leaddesk: Line) -> None:
    for args in ([], ["run"]):
        told = leaddesk(*args)
        assert (told.code, told.out) == (3, "")
        assert told.err.count("\n") == 1
        assert "leaddesk tour" in told.err
    assert "leaddesk tour" in leaddesk("--json").json["error"]


class Broken:
    """A clock that fails the way it is told to."""

    def __init__(self, failure: type[BaseException]) -> None:
        self.failure = failure

    def now(self) -> datetime:
        return self._fail()

    def _fail(self) -> Never:
        raise self.failure("the spring is broken")


@pytest.mark.usefixtures("database")
def test_a_bug_is_one_line_and_its_report_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    assert run(["lead", "list"], Broken(ZeroDivisionError)) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    log = Path(told.err.partition("Its report is in ")[2].strip().rstrip("."))
    assert "Traceback" in log.read_text(encoding="utf-8")


@pytest.mark.usefixtures("database")
def test_ctrl_c_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lead", "list"], Broken(KeyboardInterrupt)) == 130
    assert "Traceback" not in capsys.readouterr().err


class Impatient(TestClock):
    """Presses Ctrl+C when it is looked at for the given time: once for each command and question."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    def now(self) -> datetime:
        self.looks -= 1
        if not self.looks:
            signal.raise_signal(signal.SIGINT)
        return super().now()


def test_an_import_broken_off_leaves_nothing(leaddesk: Line, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"Person {n},person{n}@many.example\n" for n in range(ALONE + 500))
    Path("many.csv").write_text("Name,Email\n" + rows, encoding="utf-8")
    assert run(["import", "many.csv", "--json"], Impatient(looks=9)) == 130
    told = capsys.readouterr()
    assert "undone" in json.loads(told.out)["error"]
    assert told.err == ""
    assert leaddesk("lead", "list", "--json").json["total"] == 3
    assert leaddesk("check").code == 0
