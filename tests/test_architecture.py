"""The house keeps its rooms apart: see the contracts in pyproject.toml."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "leaddesk"
LONGEST = 420  # lines; past it a file is split by feature
CLOCKS = {"bootstrap.py", "workflow/clock.py", "workflow/ports.py"}  # where a Clock may ask the machine for the time
NOW = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime"}


def lint(tree: Path) -> tuple[int, str]:
    """Hold the contracts against the package below `tree`, in a process of its own so that no other copy is seen."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tree,
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_our_rooms_keep_apart() -> None:
    code, words = lint(ROOT)
    assert code == 0, words
    assert "0 broken" in words


def plant(tree: Path, files: dict[str, str]) -> None:
    shutil.copy(ROOT / "pyproject.toml", tree)
    rooms = {f"{room}/__init__.py": "" for room in ("workflow", "db", "exchange", "ui")}
    for name, text in {"__init__.py": "", **rooms, **files}.items():
        path = tree / "leaddesk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def test_a_clean_small_tree_is_accepted(tmp_path: Path) -> None:
    plant(tmp_path, {"ui/page.py": "import PySide6\nfrom leaddesk.workflow import rules\n", "workflow/rules.py": ""})
    code, words = lint(tmp_path)
    assert code == 0, words


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("workflow/rules.py", "import PySide6\n", "leaddesk.workflow.rules -> PySide6"),
        ("workflow/rules.py", "import leaddesk.ui\n", "leaddesk.workflow.rules -> leaddesk.ui"),
        ("ui/page.py", "def late():\n    from leaddesk.db import store\n", "leaddesk.ui.page -> leaddesk.db.store"),
        ("ui/page.py", "import sqlalchemy\n", "leaddesk.ui.page -> sqlalchemy"),
        ("exchange/files.py", "import leaddesk.db\n", "leaddesk.exchange.files -> leaddesk.db"),
        ("db/other.py", "from PySide6 import QtCore\n", "leaddesk.db.other -> PySide6"),
        ("cellar.py", "", "leaddesk.cellar"),
    ],
)
def test_a_planted_bad_import_is_caught_and_named(tmp_path: Path, name: str, text: str, named: str) -> None:
    plant(tmp_path, {"db/store.py": "", name: text})
    code, words = lint(tmp_path)
    assert code == 1, words
    assert named in words


def sources() -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    assert found
    return found


def test_no_file_outgrows_its_feature() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


def asks_for_now(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that ask the machine for the time, called or handed on."""
    named = {
        alias.asname or alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if f"time.{alias.name}" in NOW
    }
    for node in ast.walk(tree):
        dotted = isinstance(node, ast.Attribute) and ".".join(ast.unparse(node).split(".")[-2:]) in NOW
        if dotted or (isinstance(node, ast.Name) and node.id in named):
            yield node.lineno


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("import datetime as d\nx = d.datetime.now(d.UTC)", [2]),
        ("from datetime import date\nx = date.today()", [2]),
        ("from time import time\nx = time()", [2]),
        ("import time\nfield(default_factory=time.time)", [2]),
        ("import time\nx = time.monotonic()\ny = clock.now()", []),
    ],
)
def test_asking_for_now_is_seen(code: str, lines: list[int]) -> None:
    assert list(asks_for_now(ast.parse(code))) == lines


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    asking = {
        f"{path.relative_to(PACKAGE).as_posix()}:{line}"
        for path in sources()
        if path.relative_to(PACKAGE).as_posix() not in CLOCKS
        for line in asks_for_now(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert asking == set()


FOREIGN = re.compile(
    rb"(?<![\w./])/(?:work|root|opt|tmp)/\w"  # somebody's machine
    rb"|(?<![\w./])/(?:home|Users)/\w+/|[A-Z]:\\\\?Users\\"
    rb"|pypi\.(?:org|python)|pythonhosted\.org|^\s*--(?:extra-)?index-url|^\s*--find-links",  # somebody's registry
    re.MULTILINE,
)


def test_nothing_committed_names_a_machine_or_a_registry() -> None:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("needs the git checkout to know what is committed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [name for name in listed.decode("utf-8").split("\0") if name and (ROOT / name).is_file()]
    assert "pyproject.toml" in names
    plain = [name for name in names if not name.endswith((".png", ".ico", ".xlsx", ".ods"))]
    found = {name: match.group() for name in plain if (match := FOREIGN.search((ROOT / name).read_bytes()))}
    assert found == {}
