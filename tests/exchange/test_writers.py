"""What we write: safe in a spreadsheet, whole after a crash, and the same when it is read back."""

import csv
import json
import re
import subprocess
import sys
import tracemalloc
import unicodedata
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
from leaddesk.workflow.export import DELIMITERS, FileForm, form_of
from tests.exchange.spreadsheet import WAYS, formulas, opened, texts
from tests.shared_data import shared

HARMLESS = re.compile(r"\+49 30 901820|-5|@handle")


def _payloads() -> list[tuple[int, str]]:
    with shared("csv_torture/csv_injection_payloads.csv").open(encoding="utf-8", newline="") as file:
        return [(int(row["id"]), json.loads(row["payload_json"])) for row in csv.DictReader(file)]


def _naughty() -> list[str]:
    found: list[str] = json.loads(shared("csv_torture/naughty_strings/blns.json").read_text(encoding="utf-8"))
    return found


def _raw(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


_CELL = re.compile(r'(?:^|(?<=[,;\t|\n]))(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^,;\t|\r\n]*))')


@pytest.mark.parametrize("delimiter", DELIMITERS.values(), ids=DELIMITERS)
def test_no_cell_begins_like_a_formula_even_where_a_program_cuts_at_every_sign(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "safe.csv"
    write_table(path, ["id", "payload"], [*_payloads(), (24, "a;=1+1;b"), (25, "a|\t@SUM(1)")], FileForm(delimiter))
    found = _CELL.finditer(path.read_text(encoding="utf-8-sig"))
    cells = [(cell["quoted"] or "").replace('""', '"') + (cell["plain"] or "") for cell in found]
    assert {"1", "23", "payload", "'=1+1", "a;=1+1;b"} <= set(cells)
    bare = [cell.lstrip('" \t\r\n\x00') for cell in cells if not HARMLESS.fullmatch(cell)]
    assert [cell for cell in bare if unicodedata.normalize("NFKC", cell)[:1] in set("=+-@")] == []


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_libreoffice_finds_no_formula_in_a_text_file(tmp_path: Path, way: str) -> None:
    bare = tmp_path / "bare.csv"
    with bare.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(_payloads())
    assert len(formulas(opened(bare, tmp_path / "seen", way))) >= 11
    write_table(tmp_path / "safe.csv", ["id", "payload"], [*_payloads(), *enumerate(_naughty())])
    seen = opened(tmp_path / "safe.csv", tmp_path / "seen", way)
    assert formulas(seen) == []
    assert len(texts(seen)) > 1_000


def test_libreoffice_finds_no_formula_in_a_workbook(tmp_path: Path) -> None:
    write_table(tmp_path / "safe.xlsx", ["id", "payload"], [*_payloads(), *enumerate(_naughty())])
    seen = opened(tmp_path / "safe.xlsx", tmp_path / "seen")
    assert formulas(seen) == []
    assert {"=1+1", "+49 30 901820", "-5", "@handle"} <= set(texts(seen))


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
    naughty = _naughty()
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
    assert [list(row.cells) for row in open_table(path, header=True).rows()] == rows


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


KILLED = """
import os, sys
from pathlib import Path
from leaddesk.exchange.writers import write_table
def rows():
    yield from (["x" * 1000] for _ in range(1000))
    os._exit(9)
write_table(Path(sys.argv[1]), ["a"], rows())
"""


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".jsonl"])
def test_a_death_halfway_leaves_the_old_file_as_it_was(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"список лидов{suffix}"
    write_table(path, ["a"], [["old"]])
    before = path.read_bytes()
    assert subprocess.run([sys.executable, "-c", KILLED, path], check=False).returncode == 9
    assert path.read_bytes() == before


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".jsonl"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, suffix: str) -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        write_table(tmp_path / f"out{suffix}", ["a", "b"], (["x" * 200, str(at)] for at in range(rows)))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(50)
    assert peak(5_000) < 1.5 * peak(500)


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("name", DELIMITERS)
def test_a_text_file_is_parted_and_marked_as_wished(tmp_path: Path, name: str, mark: bool) -> None:
    rows = [["Ää", "a,b;c|d\te"], ["=1", '"quoted" \n text'], ["", "-5"], ["x", ""]]
    path = tmp_path / "out.csv"
    write_table(path, ["name", "text"], rows, form_of(name, mark=mark))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") is mark
    read = open_table(path)
    assert read.delimiter == DELIMITERS[name]
    assert [list(row.cells) for row in read.rows()] == rows


def test_no_other_sign_parts_cells() -> None:
    assert form_of(";") == FileForm(";")
    assert form_of("\\t", "4.0", mark=False) == FileForm("\t", mark=False, cards="4.0")
    for delimiter, cards in (("x", "3.0"), ("", "3.0"), (",,", "3.0"), ("comma", "2.1")):
        with pytest.raises(Refused):
            form_of(delimiter, cards)


def test_lines_are_objects(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert write_table(path, ["a", "b"], [["1\n2", None], ["=1", 5]]) == 2
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{"a": "1\n2", "b": None}, {"a": "=1", "b": 5}]


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
    assert write_vcards(path, [card, Card(name="", company="Only Company")], "4.0") == 2
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


def test_a_telephone_reads_every_field_of_a_card(tmp_path: Path) -> None:
    """Version 3.0, read by a library of others."""
    import vobject

    path = tmp_path / "people.vcf"
    phones = (Phone("+493090182012", "cell"), Phone("+4930901820 ext. 12", "work"), Phone("ask, at; desk"))
    card = Card(
        name="Ä. O’Neill; jr.", first_name="Ä.", last_name="O’Neill", company="A;B, C", role="CEO", phones=phones,
        emails=("a@b.org",), city="Köln", country="DE", zone="Europe/Berlin", note="one\ntwo, three; four",
        tags=("hot", "a,b"), language="de", uid="leaddesk:lead:1",
    )  # fmt: skip
    assert write_vcards(path, [card, Card(name="Only Name")]) == 2
    first, second = vobject.readComponents(path.read_bytes().decode("utf-8"))
    assert (first.version.value, first.fn.value) == ("3.0", "Ä. O’Neill; jr.")
    assert (first.n.value.given, first.n.value.family) == ("Ä.", "O’Neill")
    assert (first.org.value, first.title.value) == (["A;B, C"], "CEO")
    assert [(line.value, line.params.get("TYPE")) for line in first.tel_list] == [
        ("+493090182012", ["CELL"]), ("+4930901820 ext. 12", ["WORK"]), ("ask, at; desk", None),
    ]  # fmt: skip
    assert (first.email.value, first.adr.value.city, first.adr.value.country) == ("a@b.org", "Köln", "DE")
    assert (first.note.value, first.categories.value) == ("one\ntwo, three; four", ["hot", "a,b"])
    assert (first.tz.value, first.lang.value, first.uid.value) == ("Europe/Berlin", "de", "leaddesk:lead:1")
    assert (second.fn.value, second.n.value.family) == ("Only Name", "Only Name")


def test_the_newer_version_says_extensions_its_own_way(tmp_path: Path) -> None:
    write_vcards(tmp_path / "a.vcf", [Card(name="A", phones=(Phone("+4930901820 ext. 12", "work"),))], "4.0")
    assert "TEL;TYPE=work;VALUE=uri:tel:+4930901820;ext=12" in (tmp_path / "a.vcf").read_text(encoding="utf-8")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=300))
def test_folding_keeps_every_letter_and_every_line_short(text: str) -> None:
    folded = fold(text)
    assert folded.replace("\r\n ", "").removesuffix("\r\n") == text
    assert all(len(line.encode("utf-8")) <= 75 for line in folded.split("\r\n"))


def test_people_are_not_written_to_other_forms(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"\.vcf"):
        write_vcards(tmp_path / "people.txt", [])
