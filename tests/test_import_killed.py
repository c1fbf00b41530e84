"""An import that is killed at any moment: the file is whole, only whole chunks are in it, and the rest comes later."""

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from leaddesk.bootstrap import open_desk
from leaddesk.db.check import check

CODE = """
import sys
from contextlib import suppress
from pathlib import Path
from leaddesk.bootstrap import open_desk
from leaddesk.exchange.importing import open_leads
from leaddesk.intake_pool import Pool
from leaddesk.workflow.intake import Options, run_import
desk = open_desk(sys.argv[1])
print("begun", flush=True)
result = run_import(
    desk, open_leads(Path(sys.argv[2])), Options(region="UA"),
    lambda done, total: print(done, flush=True), readers=Pool(1, int(sys.argv[3])),
)
print("done", result.counts.rows, result.counts.created, result.counts.rejected, flush=True)
"""


def lay(path: Path, rows: int) -> None:
    """Every 50th row is nobody, every 70th is somebody of the file once more."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("Name,Company,Phone,E-mail,Size\n")
        for n in range(rows):
            if n % 50 == 49:
                file.write("-,,,,\n")
            else:
                who = n - 10 if n % 70 == 69 else n
                file.write(f"Person {who},Firm {who % 300},+38067{1_000_000 + who},p{who}@x.org,{who}\n")


def some_of(rows: int) -> tuple[int, int]:
    """How many leads and rows left out the file comes to."""
    bad = sum(n % 50 == 49 for n in range(rows))
    again = sum(n % 70 == 69 and n % 50 != 49 and (n - 10) % 50 != 49 for n in range(rows))
    return rows - bad - again, bad


def begin(database: Path, source: Path, chunk: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(database), str(source), str(chunk)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def look(database: Path, chunk: int, rows: int) -> int:
    """Rows that are in, seen by the driver alone: the file is whole and holds whole chunks."""
    connection = dbapi2.connect(str(database))
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    batch = connection.execute("SELECT rows_done, state FROM import_batch").fetchone()
    leads = connection.execute("SELECT count(*) FROM lead").fetchone()[0]
    done = batch[0] if batch else 0
    assert leads == some_of(done)[0]
    assert done % chunk == 0 or (done == rows and batch[1] in ("running", "done"))
    connection.close()
    return int(done)


def kill_and_go_on(folder: Path, rows: int, kills: int, chunk: int, seed: int) -> int:
    """Kill at random moments until it is through, or often enough; gives how often it was killed."""
    dice = random.Random(seed)
    source, database = folder / f"list {seed}.csv", folder / f"killed {seed}.db"
    lay(source, rows)
    open_desk(database).store.close()
    killed = 0
    while killed < kills and look(database, chunk, rows) < rows:
        with begin(database, source, chunk) as process:
            assert process.stdout is not None
            # Somewhere between two lines it says, or within the work after one.
            for _ in range(dice.randrange(1, 8)):
                if not process.stdout.readline():
                    break
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=dice.random() * 0.05)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
                killed += 1
    leads, bad = some_of(rows)
    if look(database, chunk, rows) < rows:
        with begin(database, source, chunk) as process:
            told, _ = process.communicate()
        assert told.splitlines()[-1] == f"done {rows} {leads} {bad}"
    desk = open_desk(database)
    assert check(desk.store) == []
    desk.store.close()
    connection = dbapi2.connect(str(database))
    assert connection.execute("SELECT count(*), count(DISTINCT name) FROM lead").fetchone() == (leads, leads)
    assert connection.execute("SELECT count(*) FROM import_reject").fetchone()[0] == bad
    assert connection.execute("SELECT count(*) FROM import_batch").fetchone()[0] == 1
    assert connection.execute("SELECT count(*) FROM operation WHERE command = 'ImportRows'").fetchone()[0] == 1
    connection.close()
    return killed


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL; it ends a process the same way otherwise")
def test_it_goes_on_after_every_kill(tmp_path: Path) -> None:
    assert kill_and_go_on(tmp_path, rows=5_000, kills=3, chunk=400, seed=1) >= 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL; it ends a process the same way otherwise")
def test_who_read_for_it_ends_with_it(tmp_path: Path) -> None:
    source, database = tmp_path / "list.csv", tmp_path / "killed.db"
    lay(source, 8_000)
    with begin(database, source, 400) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.stdout.readline()
        process.kill()
        try:
            # They share its output, which is at its end once the last of them is gone.
            process.communicate(timeout=30)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL; it ends a process the same way otherwise")
def test_a_hundred_kills_of_fifty_thousand_rows(tmp_path: Path) -> None:
    killed, seed = 0, 10
    while killed < 100:
        killed += kill_and_go_on(tmp_path, rows=50_000, kills=100 - killed, chunk=400, seed=seed)
        seed += 1
