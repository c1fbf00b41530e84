"""The Letters page and its templates, on the screen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from leaddesk.exchange.post_office import PostOffice
from leaddesk.ui.columns import ColumnMemory
from leaddesk.ui.letters.templates import TemplatesPane
from leaddesk.ui.pages.letters import LettersPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from tests.engines import TestClock
from tests.mail_server import LoopbackSmtp
from tests.outbox.posting import Keyring, set_up
from tests.ui.letters.page_scene import Floor
from tests.ui.letters.template_scene import Screen
from tests.ui.listing import close_dialogs


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as running:
        yield running
        running.forgive()


@pytest.fixture
def floor(
    qtbot: QtBot, shell: Shell, desk_here: Desk, clock: TestClock, server: LoopbackSmtp, tmp_path: Path
) -> Iterator[Floor]:
    shell.post = PostOffice(Keyring())
    set_up(desk_here, server)
    memory = ColumnMemory(QSettings(str(tmp_path / "tables.ini"), QSettings.Format.IniFormat))
    page = LettersPage(shell, memory)
    for pane in (page.letters, page.answers):
        QAbstractItemModelTester(pane.model, pane)
    qtbot.addWidget(page)
    page.resize(1330, 780)
    made = Floor(page, shell, desk_here, clock, server, qtbot)
    page.show()
    shell.postman.start()
    page.activate()
    made.settle()
    yield made
    close_dialogs(shell, qtbot)
    page.close()
    shell.postman.end()


@pytest.fixture
def shown_in(qtbot: QtBot) -> Iterator[Callable[[Shell], Screen]]:
    """Shows the pane of a shell."""
    made: list[Screen] = []

    def show(shell: Shell) -> Screen:
        pane = TemplatesPane(shell)
        qtbot.addWidget(pane)
        pane.resize(1300, 740)
        pane.show()
        pane.activate()
        made.append(Screen(pane, shell, qtbot))
        made[-1].settle()
        return made[-1]

    yield show
    for one in made:
        qtbot.waitUntil(one.shell.lanes.idle, timeout=10_000)


@pytest.fixture
def screen(shell: Shell, shown_in: Callable[[Shell], Screen]) -> Screen:
    return shown_in(shell)
