"""The one file a newcomer runs: what it asks of the machine, when it is set up, how it hands over."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lacks Qt's libraries")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout in a folder with blanks and Cyrillic, set up, whose program tells what it was given."""
    root = tmp_path / "Отдел продаж 2"
    (root / "leaddesk").mkdir(parents=True)
    shutil.copy(dev.__file__, root / "dev.py")
    (root / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    (root / "leaddesk" / "__init__.py").touch()
    program = "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.getcwd()]))\nsys.exit(7)\n"
    (root / "leaddesk" / "__main__.py").write_text(program, encoding="utf-8", newline="\n")
    base = getattr(sys, "_base_executable", None) or sys.executable
    subprocess.run([base, "-m", "venv", "--without-pip", str(root / ".venv")], check=True)
    code = "import dev; dev.STAMP.write_text(dev.stamp(), encoding='utf-8', newline='\\n')"
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)
    return root


def ask(checkout: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "dev.py"), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_run_hands_over_arguments_folder_output_and_exit_code(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('a file of the person was imported')", encoding="utf-8")
    done = ask(checkout, "run", "--db", "Лиды 1.leaddesk", "", "import", "a b.csv", cwd=tmp_path)
    assert done.returncode == 7
    assert done.stderr == ""
    given, folder = json.loads(done.stdout)
    assert given == ["--db", "Лиды 1.leaddesk", "", "import", "a b.csv"]
    assert Path(folder) == tmp_path.resolve()


@pytest.mark.skipif(
    Path(sys.prefix) != dev.VENV or dev.written_stamp() != dev.stamp(), reason="would set up another environment"
)
def test_the_real_program_answers_from_any_folder(tmp_path: Path) -> None:
    done = ask(dev.ROOT, "run", "--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "import" in done.stdout


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("rnu",), 2), (("--help",), 0)])
def test_what_it_does_not_know_it_explains(checkout: Path, arguments: tuple[str, ...], code: int) -> None:
    done = ask(checkout, *arguments, cwd=checkout)
    assert done.returncode == code
    assert "dev.py run" in done.stderr
    assert done.stdout == ""


def test_a_changed_lock_or_a_lost_interpreter_is_set_up_anew(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VENV", "LOCK", "STAMP"):
        monkeypatch.setattr(dev, name, checkout / getattr(dev, name).relative_to(dev.ROOT))
    python = dev.venv_python(dev.VENV)
    monkeypatch.setattr(dev, "venv_python", lambda: python)
    assert dev.written_stamp() == dev.stamp()
    dev.LOCK.write_bytes(b"# nothing\r\n")
    assert dev.written_stamp() == dev.stamp(), "line ends are not a change"
    dev.LOCK.write_text("# something\n", encoding="utf-8")
    assert dev.written_stamp() != dev.stamp()
    assert dev.written_stamp().partition("\n")[0] == dev.stamp().partition("\n")[0], "but the interpreter can stay"
    python.unlink()
    assert dev.written_stamp() == ""


def test_a_machine_that_is_short_is_told_one_exact_line() -> None:
    assert dev.apt_line(["python3.11-venv", "libgl1"]) == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends python3.11-venv libgl1"
    )
    assert dev.apt_line(["libgl1"], "") == "apt-get update && apt-get install -y --no-install-recommends libgl1"


@linux
def test_only_libraries_that_cannot_be_loaded_are_missed() -> None:
    assert dev.unloadable(["libc.so.6", "libleaddesk-nowhere.so.1"]) == ["libleaddesk-nowhere.so.1"]
    assert dev.missing_packages({"libc.so.6": "libc6", "libleaddesk-nowhere.so.1": "nowhere"}) == ["nowhere"]


@linux
def test_without_the_right_to_install_it_gives_up_with_the_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "QT_NEEDS", {"libleaddesk-nowhere.so.1": "libnowhere1"})
    monkeypatch.setattr(dev, "WINDOW_NEEDS", {"libleaddesk-window.so.1": "libwindow1"})
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as ended:
        dev.prepare_machine()
    told = capsys.readouterr()
    assert ended.value.code == 3
    assert (
        "  sudo apt-get update && sudo apt-get install -y --no-install-recommends libnowhere1 libwindow1\n" in told.err
    )
    assert told.out == ""


@linux
def test_lacking_only_the_window_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "WINDOW_NEEDS", {"libleaddesk-window.so.1": "libwindow1"})
    monkeypatch.setattr(dev, "QT_NEEDS", {"libc.so.6": "libc6"})
    monkeypatch.setattr(dev, "lacks_venv", lambda: False)
    monkeypatch.setenv("PATH", "")
    dev.prepare_machine()
    assert "libwindow1" in capsys.readouterr().err


@pytest.fixture
def apt_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts an apt-get of our own on the path, which fails, and returns the file it writes what it was given to."""
    asked = tmp_path / "asked"
    program = tmp_path / "bin" / "apt-get"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$DEBIAN_FRONTEND $@" > "{asked}"\nexit 100\n', encoding="utf-8", newline="\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(dev, "MAILBOX_SERVER", tmp_path / "imap")
    return asked


@linux
def test_the_tests_server_is_installed_by_root_in_a_hurry_and_its_lack_is_no_failure(
    apt_get: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.bring_mailbox_server()
    given = apt_get.read_text(encoding="utf-8").split()
    assert given[:3] == ["noninteractive", "install", "-qq"]
    assert given[-1] == "dovecot-imapd"
    assert {"Acquire::Retries=0", "Acquire::http::Timeout=5"} <= set(given)
    assert capsys.readouterr().out == ""


@linux
@pytest.mark.parametrize("why", ["it is there", "not root", "no apt-get"])
def test_the_tests_server_is_left_alone_where_it_need_not_or_cannot_be_installed(
    why: str, apt_get: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if why == "it is there":
        dev.MAILBOX_SERVER.touch()
    elif why == "not root":
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
    else:
        monkeypatch.setenv("PATH", "")
    dev.bring_mailbox_server()
    assert not apt_get.exists()
    assert capsys.readouterr().err == ""


def test_the_continuous_check_is_the_one_a_person_runs() -> None:
    lines = (dev.ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "python" in line] == ["exec python3 dev.py test"]
    assert "set -euo pipefail" in lines
