"""Runs command lines in this process, on a file of their own, with a clock that stands still."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from leaddesk.bootstrap import open_desk
from leaddesk.commandline.running import run
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.team import AddUser
from leaddesk.workflow.vocabulary import Channel
from tests.engines import TestClock


@dataclass
class Told:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout; anything beside it fails."""
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1, self.out
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Line = Callable[..., Told]


@pytest.fixture(scope="session")
def small_floor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three leads in Kharkiv and one with a callback due, two people, Monday 11:00 there."""
    path = tmp_path_factory.mktemp("floor") / "floor.db"
    clock = TestClock()
    desk = open_desk(path, clock=clock)
    desk.do(AddUser("anna", "Anna Operator", zone="Europe/Kyiv"))
    for number, name in enumerate(("Olena Hrytsenko", "Тарас Бойко", "Piotr Zieliński"), 1):
        points = (
            PointInput(Channel.PHONE, f"+38057705412{number}"),
            PointInput(Channel.EMAIL, f"lead{number}@klochkivska.example"),
        )
        values = {"name": name, "company": "Klochkivska Trade", "interest": "headsets for 40 seats"}
        desk.do(AddLead(values=values, points=points, source="Exhibition"))
    desk.do(LogCall(lead_id=2, outcome="callback", at=clock.now().replace(hour=12)))
    desk.store.close()
    return path


@pytest.fixture
def database(small_floor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "Лиды и клиенты"
    folder.mkdir()
    path = Path(shutil.copy(small_floor, folder / "leads.db"))
    monkeypatch.setenv("LEADDESK_DB", str(path))
    for name in ("LEADDESK_USER", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    desk = open_desk(path, clock=TestClock())
    monkeypatch.setenv("LEADDESK_USER", desk.user.login)
    desk.store.close()
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def leaddesk(database: Path, clock: TestClock, capsys: pytest.CaptureFixture[str]) -> Line:
    """Run `leaddesk ARGS…` as the admin on the small floor."""
    assert os.environ["LEADDESK_DB"] == str(database)

    def line(*args: object) -> Told:
        capsys.readouterr()
        code = run([str(arg) for arg in args], clock)
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return line
