"""A file opened for intake: what its columns mean, how long it is, and where rows left out go."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from leaddesk.exchange.importing import open_leads, rejects_path, write_rejects
from leaddesk.exchange.tables import open_table
from leaddesk.exchange.writers import write_table
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.export import OUR_COLUMNS
from leaddesk.workflow.intake import WHY_LEFT_OUT, RejectedRow, plan_columns


def _file(folder: Path, text: str) -> Path:
    path = folder / "Новые лиды.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_what_is_known_of_a_file(tmp_path: Path) -> None:
    file = open_leads(_file(tmp_path, "Name;Phone;\nA;1;\nB;2;\n"))
    assert (file.name, file.columns, file.width) == ("Новые лиды.csv", ("Name", "Phone"), 3)
    assert (file.encoding, file.delimiter, file.total()) == ("utf-8", ";", 2)
    assert [row.cells for row in file.rows()] == [("A", "1"), ("B", "2")]


def test_a_long_file_is_guessed_at_and_a_sheet_counted(tmp_path: Path) -> None:
    file = open_leads(_file(tmp_path, "Name,Phone\n" + "Ada Byron,660-485-0224\n" * 20_000))
    assert 15_000 < file.total() < 25_000
    sheet = tmp_path / "long.xlsx"
    write_table(sheet, ["Name"], ([f"Person {at}"] for at in range(6_000)))
    assert open_leads(sheet).total() == 6_000


def test_times_are_read_as_the_column_says(tmp_path: Path) -> None:
    file = open_leads(_file(tmp_path, "Name,Created\nA,02/03/2026\nB,25/03/2026\n"))
    assert file.words([1]).times(1, UTC)("02/03/2026") == datetime(2026, 3, 2, tzinfo=UTC)
    other = open_leads(_file(tmp_path, "Name,Created\nA,02/03/2026\nB,03/25/2026\n"))
    assert other.words([1]).times(1, UTC)("02/03/2026") == datetime(2026, 2, 3, tzinfo=UTC)


def test_columns_find_fields_and_a_person_may_decide_otherwise(tmp_path: Path) -> None:
    file = open_leads(_file(tmp_path, "Name,Cell,Fax,Shoe Size\nA,1,2,3\n"))
    plan = {column.header: column.field for column in plan_columns(file, {"Cell": "extra", "shoe size": "note"})}
    assert plan == {"Name": "name", "Cell": None, "Fax": None, "Shoe Size": "note"}
    with pytest.raises(Refused):
        plan_columns(file, {"Hat": "name"})


def test_in_our_own_list_our_columns_go_before_the_files(tmp_path: Path) -> None:
    header = ["Lead Status", *sorted(OUR_COLUMNS), "status"]
    file = open_leads(_file(tmp_path, ",".join(header) + "\n" + "," * (len(header) - 1) + "new\n"))
    fields = file.fields({})
    assert (fields["status"], fields["Lead Status"]) == ("status", None)
    assert file.fields({"Lead Status": "status"})["Lead Status"] == "status"


def test_rows_left_out_are_written_as_they_stood(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    rejects = [RejectedRow(3, ("", "=1+1"), ("more",), "Nothing"), RejectedRow(9, ("x", ""), (), "The header")]
    assert write_rejects(path, ["Name", "Note"], rejects) == 2
    table = open_table(path)
    assert table.columns == ("Name", "Note", "Column 3", WHY_LEFT_OUT)
    assert [row.cells for row in table.rows()] == [("", "=1+1", "more", "Nothing"), ("x", "", "", "The header")]
    assert rejects_path(Path("a b") / "лиды.xlsx") == Path("a b") / "лиды (left out).csv"
