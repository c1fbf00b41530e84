"""Rows per second of an import beside bare `csv` + `executemany` of the same rows into the same tables, in one run."""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from leaddesk.bootstrap import open_desk
from leaddesk.db.engines import ALONE_CACHE_KB

if TYPE_CHECKING:
    from leaddesk.db.store import DbStore

HERE = Path(__file__).resolve().parent
HEADER = (
    "First Name", "Last Name", "Company", "Mobile Phone", "E-mail",
    "Job Title", "City", "Country", "Website", "Source", "Note",
)  # fmt: skip
AT_ONCE = 10_000
FIRST = (
    "Anna Boris Olena Peter Maria Ivan Eszter László Aysel Reza John Mary Carlos Lucía Hans Ingrid Pekka Kadri".split()
)
LAST = (
    "Kovács Smith Petrenko Ivanova Müller García Tamm Əliyev Rahimi Novák Rossi Dubois Jensen Korhonen Popescu".split()
)
CITIES = (("Berlin", "DE", "+49151"), ("Kyiv", "UA", "+38067"), ("Budapest", "HU", "+3630"), ("Austin", "US", "+1512"))
DIGITS = {"DE": 8, "UA": 7, "HU": 7, "US": 7}


def lay_file(path: Path, rows: int, seed: int = 1) -> None:
    """A list of people with believable names, numbers valid in their country, and six more columns."""
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for n in range(rows):
            first, last = dice.choice(FIRST), dice.choice(LAST)
            city, country, code = dice.choice(CITIES)
            # Each number once, in no order: stepping by a number that has no divisor in common with the range.
            end = str(2 * 10 ** (DIGITS[country] - 1) + n * 7_368_787 % 7_999_993 % (8 * 10 ** (DIGITS[country] - 1)))
            company = f"{dice.choice(LAST)} {dice.choice(('Trade', 'Build', 'Soft', 'Foods'))} {n % 40_000}"
            out.writerow(
                (
                    first, f"{last}{chr(97 + n % 26)}", company, code + end, f"{last.lower()}.{n}@firm{n % 50_000}.example.com",
                    dice.choice(("Director", "Buyer", "Owner")), city, country, f"https://firm{n % 50_000}.example.com",
                    dice.choice(("Fair", "Web form", "Partner")), f"Asked for {dice.choice(('a price', 'a call', 'samples'))}",
                )
            )  # fmt: skip


def cpu_seconds() -> float:
    """Seconds of processor that this process and those it waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def bare(source: Path, database: Path) -> tuple[float, float]:
    """Seconds, and seconds of processor, for the same rows by the driver alone: read, insert, commit, every index of ours in place."""
    from sqlcipher3 import dbapi2

    open_desk(database).store.close()
    connection = dbapi2.connect(str(database), isolation_level=None)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        f"cache_size = {-ALONE_CACHE_KB}",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    lead = (
        "INSERT INTO lead (id, name, first_name, last_name, company, role, city, country, website, status, temperature, "
        "reach, zone_key, name_key, created_at, changed_at) VALUES (?,?,?,?,?,?,?,?,?,'new','cold','phone',?,?,?,?)"
    )
    point = "INSERT INTO contact_point (lead_id, channel, value, key, raw, position, created_at) VALUES (?,?,?,?,?,?,?)"
    begun, used = time.perf_counter(), time.process_time()
    now, number = 1_772_442_000_000, 0
    with source.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        while chunk := list(islice(rows, AT_ONCE)):
            leads, points, notes = [], [], []
            for first, last, company, phone, email, role, city, country, site, _source, said in chunk:
                number += 1
                name = f"{first} {last}"
                leads.append(
                    (
                        number,
                        name,
                        first,
                        last,
                        company,
                        role,
                        city,
                        country,
                        site,
                        f"{country}|x",
                        name.lower(),
                        now,
                        now,
                    )
                )
                points += (
                    (number, "phone", phone, phone, phone, 0, now),
                    (number, "email", email, email, email, 1, now),
                )
                notes.append((number, now, said))
            connection.execute("BEGIN")
            connection.executemany(lead, leads)
            connection.executemany(point, points)
            connection.executemany("INSERT INTO note (lead_id, at, text) VALUES (?,?,?)", notes)
            connection.execute("COMMIT")
    spent = time.perf_counter() - begun, time.process_time() - used
    connection.close()
    return spent


def ours(source: Path, database: Path) -> dict[str, Any]:
    """The import as the command line does it, in a process of its own: seconds and the most memory it took."""
    command = [sys.executable, str(Path(__file__).resolve()), "--child", str(source), str(database)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def child(source: Path, database: Path) -> None:
    """Import, and say what it took."""
    from leaddesk.exchange.importing import open_leads
    from leaddesk.intake_pool import ALONE, Pool
    from leaddesk.workflow.intake import Options, run_import

    desk = open_desk(database)
    cast("DbStore", desk.store).make_room()
    marks: list[int] = []

    def progress(done: int, total: int) -> None:
        if done * 10 // max(1, total) > len(marks):
            marks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

    begun, used = time.perf_counter(), cpu_seconds()
    result = run_import(desk, open_leads(source), Options(region="US"), progress, readers=Pool(chunk=ALONE))
    spent = time.perf_counter() - begun
    for reader in multiprocessing.active_children():
        reader.join()
    told = {"seconds": spent, "cpu_seconds": cpu_seconds() - used}
    print(json.dumps({**told, "counts": result.counts.as_dict(), "mib_by_tenths": marks}))


def main() -> None:
    """Print and keep the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--child", nargs=2, type=Path)
    given = asked.parse_args()
    if given.child:
        child(*given.child)
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "list.csv"
        lay_file(source, given.rows)
        floor, floor_cpu = bare(source, Path(folder) / "bare.db")
        found = ours(source, Path(folder) / "ours.db")
    figures = {
        "rows": given.rows,
        "bare_rows_per_s": round(given.rows / floor),
        "rows_per_s": round(given.rows / found["seconds"]),
        "of_bare": round(floor / found["seconds"], 3),
        "bare_cpu_us_per_row": round(floor_cpu / given.rows * 1e6, 1),
        "cpu_us_per_row": round(found["cpu_seconds"] / given.rows * 1e6, 1),
        # What two processors with nothing else to do come to: the rates above share them with whatever else runs.
        "of_bare_by_cpu_on_two": round(2 * floor_cpu / found["cpu_seconds"], 3),
        **found,
    }
    print(json.dumps(figures, indent=2))
    if given.out:
        given.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
