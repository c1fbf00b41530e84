"""What README and its neighbours say is there, is there."""

import re
from pathlib import Path

import pytest

from leaddesk.commandline.root import COMMANDS
from leaddesk.ui.actions import DECLARED
from tests.commandline.conftest import Line
from tests.mail_server import LoopbackSmtp

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAPERS)
def test_links_lead_somewhere(name: str) -> None:
    paper = ROOT / name
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text(name)) if "://" not in link]
    assert [link for link in links if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("name", PAPERS)
def test_commands_named_exist(name: str) -> None:
    named = set(re.findall(r"(?:^leaddesk|`leaddesk|dev\.py run) ([a-z]+)", text(name), re.MULTILINE))
    assert named <= set(COMMANDS)


def test_keys_named_are_the_programs() -> None:
    ours = {keys for action in DECLARED for keys in (action.shortcut, *action.also)}
    table = text("README.md").partition("\n## Keys\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"\b(?:F\d|(?:Ctrl|Alt)\+(?:Shift\+)?(?:\w+))", table))
    assert len(named) > 12
    assert {keys.replace("Enter", "Return") for keys in named} <= ours


def test_files_named_in_contributing_exist() -> None:
    named = re.findall(r"`(leaddesk/[\w/]+\.py|tests/[\w/]+\.py)`", text("CONTRIBUTING.md"))
    assert len(named) > 4
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_lines_of_readme_run_as_they_stand(leaddesk: Line) -> None:
    import shlex

    block = next(b for b in re.findall(r"```\n(.*?)```", text("README.md"), re.DOTALL) if "leaddesk import" in b)
    Path("leads.csv").write_text("Name,Phone\nIvan Franko,057 705 49 99\n", encoding="utf-8")
    with LoopbackSmtp() as server:
        wanted = {"host": server.host, "port": server.port, "security": "none"}
        for key, value in {**wanted, "user": ""}.items():
            assert leaddesk("set", f"letters.smtp_{key}", value).code == 0
        assert leaddesk("set", "letters.from_address", "sales@nordwind.example").code == 0
        for line in block.strip().splitlines():
            args = ["1" if word == "12" else word for word in shlex.split(line, comments=True)[1:]]
            told = leaddesk(*args)
            assert told.code == 0, (line, told)
