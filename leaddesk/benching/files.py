"""A thousand rows in, a thousand rows out, and the copy of the whole."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from leaddesk.benching.action import Action, Measured, taking_turns
from leaddesk.benching.budgets import Kind
from leaddesk.benching.measuring import Side
from leaddesk.benching.replay import Capture
from leaddesk.workflow.cards import Ids, LeadIds
from leaddesk.workflow.export import Kind as Exported
from leaddesk.workflow.intake import Options, run_import
from leaddesk.workflow.undo import Undo

if TYPE_CHECKING:
    from random import Random

    from leaddesk.benching.action import Round
    from leaddesk.benching.driver import Bare, Row
    from leaddesk.benching.ground import Ground
    from leaddesk.benching.measuring import Watch

ROWS = 1000
HEADER = ("First Name", "Last Name", "Company", "Mobile Phone", "E-mail", "Job Title", "City", "Country", "Note")
FIRST = "Anna Boris Olena Peter Maria Ivan Eszter László Reza John Mary Carlos Lucía Hans Ingrid Pekka Kadri".split()
LAST = "Kovács Smith Petrenko Ivanova Müller García Tamm Rahimi Novák Rossi Dubois Jensen Korhonen Popescu".split()


def lay_file(path: Path, rows: int, dice: Random) -> None:
    """A list of people nobody knows yet, with numbers valid in their country."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for n in range(rows):
            first, last = dice.choice(FIRST), dice.choice(LAST)
            mark = f"{dice.randrange(10**9):09d}"
            out.writerow(
                (
                    first, f"{last}{chr(97 + n % 26)}", f"{dice.choice(LAST)} Trade {mark[:4]}", f"+38067{mark[2:]}",
                    f"{first.lower()}.{mark}@firm{mark[:5]}.example.com", dice.choice(("Director", "Buyer")),
                    "Kyiv", "UA", "Asked for a price",
                )
            )  # fmt: skip


def _import(ground: Ground) -> Round:
    from leaddesk.exchange.importing import open_leads

    bare = ground.bare

    def round_(number: int, watch: Watch) -> None:
        path = ground.folder / f"list-{number}-{watch.dry}.csv"
        lay_file(path, ROWS, ground.dice)
        told = watch.time(
            "import_1000", Side.OURS, lambda: run_import(ground.desk, open_leads(path), Options(remember=False))
        )
        captured = Capture(bare, told.operation)
        ground.desk.do(Undo(told.operation))
        written = captured.undone(bare)

        def least() -> int:
            with path.open(encoding="utf-8", newline="") as file:
                read = list(csv.reader(file))
            assert read  # noqa: S101 - the reading is what is timed
            return written.do(bare)

        written.undo(bare, watch.time("import_1000", Side.BARE, least))
        path.unlink()

    return round_


def _export(ground: Ground) -> Round:
    from leaddesk.exchange.exporting import export_these

    ids = ground.desk.read(_ids())[:ROWS]
    out = ground.folder

    def bare(_number: int) -> int:
        rows = exported(ground.bare, ids)
        with (out / "bare.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return len(rows)

    return taking_turns(
        "export_1000",
        lambda _number: export_these(ground.desk, Exported.LEADS, ids, out / "ours.csv"),
        bare,
        lambda ours, rows: ours == rows,
    )


def _ids() -> LeadIds:
    return LeadIds(sort="name", descending=False, limit=ROWS)


def exported(bare: Bare, ids: Ids) -> list[Row]:
    """All that leaves with these leads: the leads, what is kept beside them, their numbers, notes and refusals."""
    these, among = bare.these(ids), bare.among
    points: dict[int, list[str]] = {}
    statement = f"SELECT lead_id, value FROM contact_point WHERE {among('lead_id')} ORDER BY position"
    for lead_id, value in bare.rows(statement, these):
        points.setdefault(lead_id, []).append(value)
    for table in ("note", "refusal", "letter"):
        for lead_id, *_rest in bare.rows(f"SELECT lead_id, id FROM {table} WHERE {among('lead_id')}", these):
            points.setdefault(lead_id, [])
    rows = bare.rows(
        "SELECT l.*, e.fields, e.original, s.name, u.name FROM lead l LEFT JOIN lead_extra e ON e.id = l.id "
        "LEFT JOIN source s ON s.id = l.source_id LEFT JOIN app_user u ON u.id = l.owner_id "
        f"WHERE {among('l.id')}",
        these,
    )
    return [(*row, *points.get(row[0], ())) for row in rows]


def _backup(ground: Ground) -> Round | None:
    """Each copy goes at once, so that there is never more than one of them."""
    if not ground.bare.sqlite:
        return None
    from leaddesk.db.backup import backup

    out = Path(ground.target).parent

    def round_(number: int, watch: Watch) -> None:
        for side in (Side.OURS, Side.BARE) if number % 2 else (Side.BARE, Side.OURS):
            path = out / f"copy-{side}.db"
            try:
                if side is Side.OURS:
                    watch.time("backup", side, partial(backup, ground.store, path, ground.clock))
                else:
                    watch.time("backup", side, partial(ground.bare.backup_to, path))
            finally:
                path.unlink(missing_ok=True)

    return round_


ACTIONS = (
    Action((Measured("import_1000", "Import 1,000 rows", Kind.IN_BULK),), _import, samples=20, cold=False, heavy=True),
    Action((Measured("export_1000", "Export 1,000 rows", Kind.IN_BULK),), _export, samples=50, cold=False),
    Action((Measured("backup", "Back up the database", Kind.IN_BULK),), _backup, samples=3, cold=False, heavy=True),
)
