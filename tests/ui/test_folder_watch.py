"""A folder watched by the window: files come in beside the day's work, with a toast and undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from leaddesk.exchange.watched_folder import WatchedFolder
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.settings_watched import WatchStanding
from leaddesk.window import give_doors
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.settings import ChangeSetting
from tests.ui.import_scene import written

TWO = "Name,Phone\nOlena,+380577054101\nTaras,+380577054102\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "форма"
    made.mkdir()
    return made


@pytest.fixture
def watching(window: MainWindow, qtbot: QtBot, folder: Path) -> Iterator[MainWindow]:
    give_doors(window.shell)
    say(window, qtbot, "watch.folder", str(folder))
    say(window, qtbot, "watch.on", "yes")
    at_rest(window, qtbot)
    yield window
    window.shell.folder_watch.end()


def say(window: MainWindow, qtbot: QtBot, key: str, text: str) -> None:
    window.shell.lanes.do(window, ChangeSetting(key, text), quiet=True)
    qtbot.waitUntil(window.shell.lanes.idle, timeout=10_000)


def at_rest(window: MainWindow, qtbot: QtBot) -> None:
    shell = window.shell
    qtbot.waitUntil(lambda: shell.lanes.idle() and shell.folder_watch.idle(), timeout=20_000)


def look(window: MainWindow, qtbot: QtBot) -> None:
    at_rest(window, qtbot)
    with qtbot.waitSignal(window.shell.folder_watch.looked, timeout=20_000):
        window.shell.folder_watch.look()
    at_rest(window, qtbot)


def leads(window: MainWindow) -> int:
    return len(window.shell.lanes.desk.read(LeadIds()))


def test_a_file_dropped_comes_in_with_a_toast_and_undo(watching: MainWindow, qtbot: QtBot, folder: Path) -> None:
    written(folder / "web-form.csv", TWO)
    for _ in range(2):
        look(watching, qtbot)
    toast = watching.shell.messages.said[-1]
    assert toast.words == "web-form.csv: 2 new"
    assert leads(watching) == 2
    assert (folder / "done" / "web-form.csv").exists()
    watching.undo_redo.undo(toast.operation)
    at_rest(watching, qtbot)
    assert leads(watching) == 0


def test_a_file_that_cannot_come_in_is_said_with_the_way_to_it(
    watching: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    opened: list[str] = []
    watching.shell.open_link = lambda link: bool(opened.append(link)) or True
    written(folder / "bad.csv", "")
    for _ in range(2):
        look(watching, qtbot)
    toast = watching.shell.messages.said[-1]
    assert toast.words.startswith("bad.csv could not be brought in: ")
    assert toast.action is not None
    toast.action[1]()
    assert opened
    assert opened[0].startswith("file://")


def test_many_files_at_once_are_told_of_in_one_sentence(watching: MainWindow, qtbot: QtBot, folder: Path) -> None:
    for n in range(3):
        written(folder / f"{n}.csv", f"Name,Phone\nPerson {n},+38057705410{n}\n")
    written(folder / "bad.csv", "")
    for _ in range(2):
        look(watching, qtbot)
    words = "4 files from the watched folder: 3 new, 0 came again; 1 could not be brought in"
    assert watching.shell.messages.said[-1].words == words


def test_nothing_is_watched_unless_it_is_wanted(watching: MainWindow, qtbot: QtBot, folder: Path) -> None:
    written(folder / "a.csv", TWO)
    say(watching, qtbot, "watch.on", "no")
    at_rest(watching, qtbot)
    watch = watching.shell.folder_watch
    assert not watch.is_on()
    for _ in range(3):
        watch.look()
    at_rest(watching, qtbot)
    assert leads(watching) == 0


def test_a_folder_that_is_gone_is_said_once_and_stands_in_the_settings(
    watching: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    say(watching, qtbot, "watch.folder", str(folder / "nowhere"))
    for _ in range(3):
        look(watching, qtbot)
    said = [toast.words for toast in watching.shell.messages.said if "There is no folder" in toast.words]
    assert len(said) == 1
    page = watching.made_page("settings")
    standing = page.findChild(WatchStanding)
    assert "There is no folder" in standing.error.text()
    say(watching, qtbot, "watch.folder", str(folder))
    look(watching, qtbot)
    assert standing.words.text().startswith("✓ Watched by this window.")
    assert not standing.error.text()
    assert any("Watched folder" in label.text() for label in page.findChildren(QLabel))


def test_what_waits_is_named_in_the_settings(watching: MainWindow, qtbot: QtBot, folder: Path) -> None:
    written(folder / "fresh.csv", TWO)
    look(watching, qtbot)
    standing = watching.made_page("settings").findChild(WatchStanding)
    assert "1 wait: fresh.csv." in standing.words.text()
    standing.look.click()
    at_rest(watching, qtbot)
    assert leads(watching) == 2


def test_the_end_of_the_window_leaves_a_half_read_file_for_later(
    watching: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    rows = "".join(f"Person {n},+38057{7_000_000 + n}\n" for n in range(1_300))
    path = written(folder / "long.csv", f"Name,Phone\n{rows}")
    look(watching, qtbot)
    watch = watching.shell.folder_watch
    watch.look()
    qtbot.waitUntil(lambda: leads(watching) > 0, timeout=20_000)
    watch.end()
    assert path.exists()
    there = leads(watching)
    assert 0 < there < 1_300


def test_a_folder_another_window_watches_is_no_trouble(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    other = WatchedFolder(folder)
    other.look(window.shell.lanes.desk)
    give_doors(window.shell)
    say(window, qtbot, "watch.folder", str(folder))
    say(window, qtbot, "watch.on", "yes")
    look(window, qtbot)
    assert [toast for toast in window.shell.messages.said if "Another LeadDesk" in toast.words] == []
    standing = window.made_page("settings").findChild(WatchStanding)
    assert "Another LeadDesk watches" in standing.error.text()
    other.close()
    look(window, qtbot)
    assert not standing.error.text()
    window.shell.folder_watch.end()
