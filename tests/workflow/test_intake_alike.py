"""What all rows of a chunk say alike is stored in each of them, whatever it is made of."""

from pathlib import Path

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra, Note
from tests.workflow.intake_files import bring, stored

SAID = [
    "Call",
    "O’Brien & Sons",
    "O'Brien",
    "why?",
    ":name",
    "'); DROP TABLE lead; --",
    "%s %(x)s",
    "Ünïted",
    "007",
    "a\\'b",
]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("said", SAID)
def test_one_and_the_same_text_in_every_row(desk: Desk, tmp_path: Path, said: str, rows: int) -> None:
    lines = "".join(f'"{said}","{said}","{said}",{n}@example.com\n' for n in range(rows))
    assert bring(desk, tmp_path, f"Company,Note,Shoe Size,Email\n{lines}").counts.created == rows
    assert [lead.company for lead in stored(desk, Lead)] == [said] * rows
    assert [note.text for note in stored(desk, Note)] == [said] * rows
    assert [extra.fields for extra in stored(desk, LeadExtra)] == [{"Shoe Size": said}] * rows
    assert [point.value for point in stored(desk, ContactPoint)] == [f"{n}@example.com" for n in range(rows)]
