"""Rows read by other processes come to the same as rows read here."""

from pathlib import Path

from leaddesk.bootstrap import open_desk
from leaddesk.db.check import check
from leaddesk.intake_pool import FEWEST, Pool
from leaddesk.workflow.intake import OnDuplicate, Options, run_import
from leaddesk.workflow.undo import Undo
from tests.engines import TestClock
from tests.workflow.intake_files import everything, written

HEADER = "Full Name,Company,Phone,E-mail,Created,Status,Source,Owner,Colour,Note,Tags\n"


def lines(count: int) -> str:
    """Some twice, some bad, some suppressed, some odd, most plain."""
    rows = [
        f'Person {n} О’Нил,Firm {n % 40},0{671000000 + n},p{n}@x.org,0{n % 9 + 1}/25/2024,Lost Lead,Fair,Bob,"re""d",Call\n'
        for n in range(count)
    ]
    rows[5] = "-,,,,,,,,,,\n"
    rows[7] = "Nul\x00l,,4.91512E+11,x@,99/99/99,Odd word,,,,,\n"
    rows[9] = f"Same,,{671000008},,,,,,,,\n"
    rows[-1] = f"Same again,,0{671000003},,,,,,blue,,\n"
    return HEADER + "".join(rows)


def test_the_same_rows_are_stored(tmp_path: Path, clock: TestClock) -> None:
    file = written(tmp_path, lines(FEWEST + 300))
    results, states = [], []
    for name, readers in (("here", None), ("there", Pool(2, 400))):
        desk = open_desk(tmp_path / f"{name}.db", clock=clock)
        options = Options(region="UA", on_duplicate=OnDuplicate.AGAIN)
        results.append(run_import(desk, file, options, readers=readers))
        states.append(everything(desk.store))
        assert check(desk.store) == []
        desk.do(Undo())
        assert not everything(desk.store)["lead"]
        desk.store.close()
    here, there = results
    assert here.counts == there.counts
    assert (here.verdicts, here.words, here.rejects) == (there.verdicts, there.words, there.rejects)
    assert states[0] == states[1]
