"""Files dropped into a folder: each comes in once, whatever happens, and is moved out of the way with its report."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from leaddesk.db.store import DbStore
from leaddesk.exchange.importing import open_leads
from leaddesk.exchange.watched_folder import WatchedFolder, free_path
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import ImportBatch, Lead, Task
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.intake import Options, run_import
from leaddesk.workflow.intake_profiles import RememberFile
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.watched_folder import HeldByAnother, Sight, is_meant, settled
from tests.shared_data import shared
from tests.workflow.intake_files import stored

FORM = "Name,Phone\nOlena,+380577054101\nTaras,+380577054102\n,\n,,\nx\n"
TWO = "Name,Phone\nOlena,+380577054101\nTaras,+380577054102\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "из формы"
    made.mkdir()
    return made


@pytest.fixture
def watched(folder: Path) -> Iterator[WatchedFolder]:
    made = WatchedFolder(folder)
    yield made
    made.close()


def put(folder: Path, text: str, name: str = "web form.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def leads(desk: Desk) -> int:
    return len(desk.read(LeadIds()))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def test_a_file_comes_in_once_it_has_not_grown_and_is_moved_with_its_report(
    desk: Desk, folder: Path, watched: WatchedFolder
) -> None:
    path = put(folder, "Name,Phone\nOlena,+380577054101\n")
    assert watched.look(desk) == []
    assert watched.waiting == ("web form.csv",)
    put(folder, TWO)
    assert watched.look(desk) == [], "it has grown since"
    (came,) = watched.look(desk)
    assert came.words == "web form.csv: 2 new"
    assert leads(desk) == 2
    assert not path.exists()
    assert watched.waiting == ()
    assert names(folder / "done") == ["web form.csv", "web form.csv.report.json", "web form.csv.report.txt"]
    assert (folder / "done" / "web form.csv").read_text(encoding="utf-8") == TWO
    report = json.loads((folder / "done" / "web form.csv.report.json").read_text(encoding="utf-8"))
    assert (report["state"], report["counts"]["created"], report["undo"]) == ("done", 2, came.operation)
    assert watched.look(desk) == []
    desk.do(Undo(came.operation))
    assert leads(desk) == 0


def test_rows_left_out_are_saved_beside_with_reasons(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    put(folder, "Name,Phone,City\nOlena,+380577054101,Lviv\n,,Lviv\n")
    watched.look(desk)
    (came,) = watched.look(desk)
    assert came.counts is not None
    assert came.counts.rejected == 1
    left_out = (folder / "done" / "web form (left out).csv").read_text(encoding="utf-8-sig")
    assert left_out.splitlines()[0].startswith("Name,Phone,City,")
    words = (folder / "done" / "web form.csv.report.txt").read_text(encoding="utf-8")
    assert "1 left out: Nothing in this row says who it is" in words
    assert "web form (left out).csv" in words


def test_the_same_content_again_is_not_brought_in_again(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    for _ in range(2):
        put(folder, TWO)
        watched.look(desk)
        (came,) = watched.look(desk)
    assert came.again
    assert came.operation == 0
    assert "nothing was brought in again" in came.words
    assert leads(desk) == 2
    assert names(folder / "done")[:2] == ["web form (2).csv", "web form (2).csv.report.json"]


def test_what_was_undone_comes_in_when_it_is_dropped_again(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    for _ in range(2):
        put(folder, TWO)
        watched.look(desk)
        (came,) = watched.look(desk)
        assert leads(desk) == 2
        desk.do(Undo(came.operation))
        assert leads(desk) == 0


def test_a_file_that_is_no_list_goes_to_failed_with_the_words(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    (folder / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    put(folder, TWO)
    watched.look(desk)
    came = {brought.name: brought for brought in watched.look(desk)}
    assert came["picture.csv"].state == "failed"
    assert leads(desk) == 2, "one bad file holds up no other"
    words = (folder / "failed" / "picture.csv.report.txt").read_text(encoding="utf-8")
    assert "could not be brought in: “picture.csv” is not a table I can read" in words


def test_files_not_finished_and_hidden_ones_are_left_alone(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    left = [".hidden.csv", "list.csv.part", "~$list.xlsx", "Unconfirmed 1.crdownload", ".~lock.list.csv#"]
    for name in left:
        put(folder, TWO, name)
    for _ in range(3):
        assert watched.look(desk) == []
    assert leads(desk) == 0
    assert all((folder / name).exists() for name in left)


def test_a_file_that_is_kept_from_us_is_tried_later(
    desk: Desk, folder: Path, watched: WatchedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, TWO)
    watched.look(desk)
    with monkeypatch.context() as windows:
        windows.setattr(Path, "open", held)
        assert watched.look(desk) == []
    assert names(folder / "failed") == []
    assert [brought.state for brought in watched.look(desk)] == ["done"]


def test_a_file_a_spreadsheet_has_open_is_in_and_is_moved_later(
    desk: Desk, folder: Path, watched: WatchedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(folder, TWO)
    watched.look(desk)
    with monkeypatch.context() as windows:
        windows.setattr(Path, "rename", held)
        (came,) = watched.look(desk)
        assert came.words == "web form.csv: 2 new"
        assert watched.look(desk) == [], "it is told of once"
    assert path.exists()
    assert watched.look(desk) == []
    assert not path.exists()
    assert (folder / "done" / "web form.csv").exists()


def held(*_where: object, **_how: object) -> None:
    """As Windows says it of a file another program keeps to itself."""
    raise PermissionError(13, "The process cannot access the file because it is being used by another process")


def test_a_program_that_died_before_the_move_brings_nothing_in_twice(
    desk: Desk, folder: Path, watched: WatchedFolder
) -> None:
    path = put(folder, TWO)
    run_import(desk, open_leads(path))
    watched.look(desk)
    (came,) = watched.look(desk)
    assert came.again
    assert came.counts is not None
    assert came.counts.created == 2
    assert leads(desk) == 2
    assert (folder / "done" / "web form.csv").exists()


class Died(BaseException):
    """As a program that is killed: nothing is tidied up."""


def test_an_import_that_was_cut_short_goes_on(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    rows = "".join(f"Person {n},+38057{7_000_000 + n}\n" for n in range(900))
    path = put(folder, f"Name,Phone\n{rows}")

    def die(_done: int, _total: int) -> None:
        raise Died

    with pytest.raises(Died):
        run_import(desk, open_leads(path), progress=die)
    assert 0 < leads(desk) < 900
    watched.look(desk)
    (came,) = watched.look(desk)
    assert came.resumed > 0
    assert leads(desk) == 900
    assert len(stored(desk, ImportBatch)) == 1


def test_stopping_leaves_the_file_and_goes_on_at_a_later_look(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    rows = "".join(f"Person {n},+38057{7_000_000 + n}\n" for n in range(900))
    path = put(folder, f"Name,Phone\n{rows}")
    watched.look(desk)
    asked = iter([False, True])
    assert watched.look(desk, lambda: next(asked)) == []
    assert path.exists()
    assert 0 < leads(desk) < 900
    (came,) = watched.look(desk)
    assert came.resumed
    assert leads(desk) == 900


def test_a_file_somebody_brings_in_at_this_moment_is_no_bad_file(
    desk: Desk, folder: Path, watched: WatchedFolder
) -> None:
    rows = "".join(f"Person {n},+38057{7_000_000 + n}\n" for n in range(900))
    path = put(folder, f"Name,Phone\n{rows}")
    watched.look(desk)
    asked = iter([False, True])

    def meanwhile() -> bool:
        if next(asked, False):
            run_import(desk, open_leads(path))
        return False

    assert watched.look(desk, meanwhile) == []
    assert path.exists()
    assert not list((folder / "failed").glob("*.csv"))
    assert leads(desk) == 900
    watched.look(desk)
    assert not path.exists()
    assert leads(desk) == 900


def test_a_database_out_of_reach_leaves_the_file(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    path = put(folder, TWO)
    watched.look(desk)

    class Away:
        """A desk whose database cannot be reached."""

        clock, user = desk.clock, desk.user

        def read(self, _question: object) -> None:
            raise Unavailable("The database cannot be reached.")

    with pytest.raises(Unavailable):
        watched.look(Away())  # type: ignore[arg-type]
    assert path.exists()
    assert names(folder / "failed") == []
    watched.look(desk)
    watched.look(desk)
    assert leads(desk) == 2


def test_requests_of_known_people_come_again_by_the_profile(desk: Desk, folder: Path) -> None:
    form = {"Name": "name", "Phone": "phone", "Wants": "note"}
    desk.do(RememberFile(form, {}, {"source": "Web form", "on_duplicate": "again", "requests": True}, "Web form"))
    run_import(desk, open_leads(put(folder.parent, TWO, "known.csv")), Options(owner="boss"))
    watched = WatchedFolder(folder, "Web form")
    put(folder, "Name,Phone,Wants\nOlena,+380577054101,a call\nNew One,+380577054109,prices\n")
    watched.look(desk)
    (came,) = watched.look(desk)
    watched.close()
    assert came.words == "web form.csv: 1 new, 1 came again"
    assert leads(desk) == 3
    olena = stored(desk, Lead, name="Olena")[0]
    assert [task.lead_id for task in stored(desk, Task)] == [olena.id]


def test_a_profile_there_is_not_is_no_files_fault(desk: Desk, folder: Path) -> None:
    path = put(folder, TWO)
    watched = WatchedFolder(folder, "Nobody")
    for _ in range(2):
        with pytest.raises(Refused, match="no profile “Nobody”"):
            watched.look(desk)
    watched.close()
    assert path.exists()


def test_only_one_watches_a_folder(desk: Desk, folder: Path, watched: WatchedFolder) -> None:
    watched.look(desk)
    other = WatchedFolder(folder)
    with pytest.raises(HeldByAnother):
        other.look(desk)
    watched.close()
    assert other.look(desk) == []
    other.close()


def test_a_folder_there_is_not_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no folder"):
        WatchedFolder(tmp_path / "nowhere").look(desk)


def test_a_file_somebody_went_on_writing_stays_to_be_seen_again(
    desk: Desk, folder: Path, watched: WatchedFolder
) -> None:
    path = put(folder, TWO)
    watched.look(desk)
    seen = watched._seen["web form.csv"]
    path.write_text(TWO + "Third,+380577054103\n", encoding="utf-8", newline="\n")
    os.utime(path, ns=(seen.changed, seen.changed))
    assert watched.look(desk) == [], "its size is another"
    (came,) = watched.look(desk)
    assert came.words == "web form.csv: 3 new"


def test_real_files_of_every_kind_are_taken_and_nothing_is_lost(
    store: DbStore, desk: Desk, folder: Path, watched: WatchedFolder
) -> None:
    source = shared("import_samples/roundcube")
    files = [path for path in source.iterdir() if path.is_file()]
    for path in files:
        (folder / path.name).write_bytes(path.read_bytes())
    watched.look(desk)
    came = watched.look(desk)
    assert len(came) == sum(is_meant(path.name) for path in files)
    for brought in came:
        there = folder / brought.state / brought.name
        original = (source / brought.name).read_bytes()
        assert there.read_bytes() == original
        assert there.with_name(f"{there.name}.report.json").exists()


def test_names_that_are_taken_are_numbered(tmp_path: Path) -> None:
    assert free_path(tmp_path / "a.csv").name == "a.csv"
    for _ in range(3):
        free_path(tmp_path / "a.csv").touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a (2).csv", "a (3).csv", "a.csv"]


def test_the_oldest_of_the_settled_files_comes_first() -> None:
    old, new, grown = Sight(5, 100), Sight(5, 200), Sight(9, 50)
    now = {"new.csv": new, "old.csv": old, "grown.csv": grown, "fresh.csv": old}
    before = {"new.csv": new, "old.csv": old, "grown.csv": Sight(5, 50)}
    assert settled(before, now) == ["old.csv", "new.csv"]
