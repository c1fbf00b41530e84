"""What we write: safe in a spreadsheet, whole after a crash, and the same when it is read back."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaddesk.exchange import writers
from leaddesk.exchange.safe_cells import guard, unguard
from leaddesk.exchange.tables import open_table
from leaddesk.exchange.vcards import Card, Phone, fold, write_vcards
from leaddesk.exchange.writers import write_table
from leaddesk.workflow.errors import Refused
from tests.shared_data import shared


def _payloads() -> list[tuple[int, str]]:
    with shared("csv_torture/csv_injection_payloads.csv").open(encoding="utf-8", newline="") as file:
        return [(int(row["id"]), json.loads(row["payload_json"])) for row in csv.DictReader(file)]


def _raw(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_spreadsheet_runs_none_of_the_known_payloads(tmp_path: Path) -> None:
    payloads = _payloads()
    path = tmp_path / "safe.csv"
    assert write_table(path, ["id", "payload"], payloads) == 23
    written = {int(number): cell for number, cell in _raw(path)[1:]}
    for number, payload in payloads:
        inert = number in {19, 20}  # they attack the quoting, and begin with a letter
        expected = payload if number >= 21 or inert else "'" + payload
        assert written[number] == expected, payload


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_payloads_and_naughty_strings_come_back_unchanged(tmp_path: Path, suffix: str) -> None:
    naughty = json.loads(shared("csv_torture/naughty_strings/blns.json").read_text(encoding="utf-8"))
    assert len(naughty) == 515
    ours = ["'=1", "''=1", "'", "a\x00b", "\r", "x\ry", '"', "_x0041_", "  two blanks  ", "\ufeff", "\uffff", "=", "--"]
    texts = [*naughty, *(payload for _, payload in _payloads()), *ours]
    path = tmp_path / f"naughty{suffix}"
    assert write_table(path, ["number", "text"], enumerate(texts)) == len(texts)
    rows = list(open_table(path).rows())
    assert [row.cells for row in rows] == [(str(number), text) for number, text in enumerate(texts)]
    assert not [row for row in rows if row.problem]


_TEXT = st.text(st.characters(codec="utf-8"), max_size=20) | st.from_regex(
    r"[ '\t]*[=+\-@＝][ -~]{0,6}", fullmatch=True
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(
    rows=st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(_TEXT, min_size=width, max_size=width), min_size=1, max_size=6)
    )
)
def test_any_table_comes_back_from_csv(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "any.csv"
    write_table(path, [f"column {at}" for at in range(len(rows[0]))], rows)
    assert [list(row.cells) for row in open_table(path).rows()] == rows


@given(_TEXT)
def test_the_guard_is_taken_off_and_nothing_else(text: str) -> None:
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(
    "text", ["+380577054122", "+49 30 901820", "-5", "-1,5", "-1.234,56", "+1e5", "@handle", "-", "--", "-12%", "", "'"]
)
def test_the_harmless_is_left_alone(text: str) -> None:
    assert guard(text) == text


@pytest.mark.parametrize(
    "text",
    ["=1", "+1+1", "-1+1", "@SUM(1)", " =1", "\t=1", "\r=1", "\x00=1", "＝1", "-2*A1", "+380577/2", "'=1", "-A1"],
)
def test_the_dangerous_is_guarded(text: str) -> None:
    assert guard(text) == "'" + text


@pytest.mark.parametrize("name", ["zoho_leads", "x_education_leads"])
def test_a_real_list_goes_out_and_comes_back(tmp_path: Path, name: str) -> None:
    table = open_table(shared(f"leads/{name}.csv"))
    path = tmp_path / "out.csv"
    count = write_table(path, table.columns, (row.cells for row in table.rows()))
    again = open_table(path)
    assert again.columns == table.columns
    assert count == sum(1 for _ in table.rows())
    for before, after in zip(table.rows(), again.rows(), strict=True):
        assert before.cells == after.cells


def test_values_are_written_as_people_and_programs_read_them(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    row = [None, 5, True, Decimal("10.50"), moment, date(2026, 1, 2), ["a", "b"], 0.5, 380577054122, 10**20]
    columns = [f"c{at}" for at in range(len(row))]
    texts = ("", "5", "yes", "10.50", "2026-01-02T03:04:00Z", "2026-01-02", "a; b", "0.5", "380577054122", f"{10**20}")
    write_table(tmp_path / "v.csv", columns, [row])
    assert [tuple(cells) for cells in _raw(tmp_path / "v.csv")[1:]] == [texts]
    write_table(tmp_path / "v.xlsx", [*columns, "end"], [[*row, "."]])
    (read,) = open_table(tmp_path / "v.xlsx").rows()
    assert read.cells[:-1] == tuple("10.5" if text == "10.50" else text for text in texts)
    write_table(tmp_path / "v.json", columns, [row])
    (read_json,) = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert list(read_json.values()) == [
        None,
        5,
        True,
        "10.50",
        texts[4],
        texts[5],
        ["a", "b"],
        0.5,
        380577054122,
        10**20,
    ]


def test_no_rows_are_a_file_too(tmp_path: Path) -> None:
    for suffix in (".csv", ".xlsx", ".json"):
        path = tmp_path / f"none{suffix}"
        assert write_table(path, ["a", "b"], []) == 0
        if suffix == ".json":
            assert json.loads(path.read_text(encoding="utf-8")) == []
        else:
            assert open_table(path).columns == ("a", "b")


def test_text_in_a_workbook_is_never_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    write_table(path, ["a"], [["=1+1"], ["https://example.com/"], ["00123"]])
    assert [row.cells for row in open_table(path).rows()] == [("=1+1",), ("https://example.com/",), ("00123",)]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_a_failure_halfway_leaves_the_old_file_as_it_was(tmp_path: Path, suffix: str) -> None:
    def broken() -> Iterator[list[str]]:
        yield ["1"]
        raise RuntimeError("the database went away")

    path = tmp_path / f"список лидов{suffix}"
    write_table(path, ["a"], [["old"]])
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match="went away"):
        write_table(path, ["a"], broken())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_does_not_fit_a_sheet_is_refused_and_nothing_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="row 2, “note”"):
        write_table(tmp_path / "long.xlsx", ["id", "note"], [["1", "short"], ["2", "x" * 32_768]])
    monkeypatch.setattr(writers, "SHEET_ROWS", 3)
    with pytest.raises(Refused, match=r"\.csv"):
        write_table(tmp_path / "many.xlsx", ["id"], [["x"]] * 4)
    with pytest.raises(Refused, match="16384 columns"):
        write_table(tmp_path / "wide.xlsx", ["x"] * 16_385, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["list.doc", "list", "list.vcf"])
def test_an_unknown_form_is_refused_with_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match=r"\.csv.*\.xlsx.*\.json") as refused:
        write_table(tmp_path / name, ["a"], [])
    assert refused.value.field == "file"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no folder"):
        write_table(tmp_path / "gone" / "list.csv", ["a"], [])
    (tmp_path / "dir.csv").mkdir()
    with pytest.raises(Refused, match="folder"):
        write_table(tmp_path / "dir.csv", ["a"], [])


def test_a_row_of_another_width_is_our_own_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 cells under 1"):
        write_table(tmp_path / "a.csv", ["a"], [["1", "2"]])


def test_vcards_say_who_a_person_is(tmp_path: Path) -> None:
    path = tmp_path / "люди.vcf"
    card = Card(
        name="Ігор Петренко",
        first_name="Ігор",
        last_name="Петренко",
        company="Роги, копита; і син",
        role="Director",
        phones=(Phone("+380577054122", "cell"), Phone("ask at the desk")),
        emails=("igor@example.com",),
        city="Харків",
        country="Україна",
        note="line one\nline two \\ end",
        tags=("hot", "a,b"),
    )
    assert write_vcards(path, [card, Card(name="", company="Only Company")]) == 2
    text = path.read_bytes().decode("utf-8")
    assert all(len(line.encode("utf-8")) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines[:15] == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "FN:Ігор Петренко",
        "N:Петренко;Ігор;;;",
        "ORG:Роги\\, копита\\; і син",
        "TITLE:Director",
        "TEL;TYPE=cell;VALUE=uri:tel:+380577054122",
        "TEL:ask at the desk",
        "EMAIL:igor@example.com",
        "ADR:;;;Харків;;;Україна",
        "NOTE:line one\\nline two \\\\ end",
        "CATEGORIES:hot,a\\,b",
        "END:VCARD",
        "BEGIN:VCARD",
        "VERSION:4.0",
    ]
    assert "FN:Only Company" in lines


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=300))
def test_folding_keeps_every_letter_and_every_line_short(text: str) -> None:
    folded = fold(text)
    assert folded.replace("\r\n ", "").removesuffix("\r\n") == text
    assert all(len(line.encode("utf-8")) <= 75 for line in folded.split("\r\n"))


def test_people_are_not_written_to_other_forms(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"\.vcf"):
        write_vcards(tmp_path / "people.txt", [])
