"""A few command lines in processes of their own: streams, start-up, leaving."""

import json
import os
import subprocess
import sys
from pathlib import Path

from leaddesk import __version__


def start(args: list[str], folder: Path, **more: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "LEADDESK_DB": str(folder / "мои лиды.db"), **more}
    return subprocess.Popen(
        [sys.executable, "-m", "leaddesk", *args],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_version_is_told() -> None:
    told = subprocess.run([sys.executable, "-m", "leaddesk", "--version"], capture_output=True, check=True)
    assert told.stdout.decode().split() == ["leaddesk", __version__]


def test_help_imports_neither_database_nor_window() -> None:
    code = (
        "import sys; from leaddesk.cli import main; main(['--help']); main(['lead', 'add', '--help']);"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & set(sys.argv[1:])), file=sys.stderr)"
    )
    heavy = ["sqlalchemy", "PySide6", "rich", "phonenumbers", "alembic", "sqlcipher3", "stdnum", "jinja2", "xlsxwriter"]
    told = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, check=True)
    assert told.stderr.decode().strip() == "[]"
    assert b"Commands:" in told.stdout


def test_every_script_goes_through_a_bare_console(tmp_path: Path) -> None:
    added = start(["lead", "add", "--name", "Ольга مریم Əli", "--json"], tmp_path, PYTHONIOENCODING="ascii")
    out, err = added.communicate(timeout=60)
    assert (added.returncode, err) == (0, b"")
    assert json.loads(out.decode("utf-8"))["name"] == "Ольга مریم Əli"
    listed = start(["lead", "list"], tmp_path, PYTHONIOENCODING="ascii")
    out, _ = listed.communicate(timeout=60)
    assert "مریم" in out.decode("utf-8")


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    with start(["outcomes"], tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
