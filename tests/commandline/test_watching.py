"""`leaddesk import --watch`: what is there now, or whatever comes until Ctrl+C."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from leaddesk.commandline.session import Session
from leaddesk.commandline.watching import watch
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.team import AddUser
from leaddesk.workflow.vocabulary import Role

TWO = "Name,Phone\nOlena,+380577054101\nTaras,+380577054102\n"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = Session()
    made.target, made.login = str(tmp_path / "leads.db"), None
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "dropped here"
    made.mkdir()
    return made


def put(folder: Path, name: str, text: str = TWO) -> None:
    (folder / name).write_text(text, encoding="utf-8", newline="\n")


def test_once_brings_in_what_is_there(session: Session, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "web form.csv")
    paused: list[float] = []
    watch(session, folder, "", once=True, pause=paused.append)
    assert len(paused) == 1
    assert "web form.csv: 2 new (leaddesk undo " in capsys.readouterr().out
    assert len(session.desk.read(LeadIds())) == 2
    assert session.exit_code == 0
    watch(session, folder, "", once=True, pause=paused.append)
    assert "Nothing to bring in" in capsys.readouterr().out


def test_once_as_json_tells_of_every_file_in_one_object(
    session: Session, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "a.csv")
    put(folder, "empty.csv", "")
    put(folder, "half.csv.part")
    session.as_json = True
    watch(session, folder, "", once=True, pause=lambda _seconds: None)
    told = json.loads(capsys.readouterr().out)
    files = {one["file"]: one for one in told["files"]}
    assert files["a.csv"]["created"] == 2
    assert files["a.csv"]["undo"]
    assert files["empty.csv"]["state"] == "failed"
    assert told["failed"] == 1
    assert told["waiting"] == []
    assert session.exit_code == 1


def test_it_goes_on_until_ctrl_c(session: Session, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = 0

    def pause(_seconds: float) -> None:
        nonlocal steps
        steps += 1
        if steps == 3:
            put(folder, "later.csv")
        if (folder / "done").exists() and any((folder / "done").iterdir()):
            signal.raise_signal(signal.SIGINT)

    watch(session, folder, "", once=False, pause=pause)
    out = capsys.readouterr().out
    assert out.startswith(f"Watching {folder}. Ctrl+C ends it.")
    assert "later.csv: 2 new" in out
    assert (folder / "done" / "later.csv.report.txt").exists()


def test_a_folder_out_of_reach_is_said_once_and_looked_for_again(
    session: Session, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = folder.with_name("away")
    steps = 0

    def pause(_seconds: float) -> None:
        nonlocal steps
        steps += 1
        if steps == 1:
            (folder / "done").rmdir()
            (folder / "failed").rmdir()
            folder.rename(away)
        if steps == 300:
            away.rename(folder)
        if steps == 400:
            signal.raise_signal(signal.SIGINT)

    watch(session, folder, "", once=False, pause=pause)
    assert capsys.readouterr().err.count("There is no folder") == 1
    assert (folder / "done").exists()


def test_a_profile_there_is_not_is_refused_at_once(session: Session, folder: Path) -> None:
    with pytest.raises(Refused, match="no profile “Web form”"):
        watch(session, folder, "Web form", once=True, pause=lambda _seconds: None)


def test_an_operator_may_not_and_the_file_stays(session: Session, folder: Path) -> None:
    session.desk.do(AddUser(login="anna", name="Anna", user_role=Role.OPERATOR))
    session.close()
    session.login = "anna"
    put(folder, "a.csv")
    with pytest.raises(Refused, match="team lead"):
        watch(session, folder, "", once=True, pause=lambda _seconds: None)
    assert (folder / "a.csv").exists()
