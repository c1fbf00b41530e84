"""Workbooks of Excel and LibreOffice: what a person sees in the cells, the sheet that is the list, no trap sprung."""

import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from leaddesk.exchange.tables import Table, open_table
from leaddesk.workflow.errors import Refused
from tests.exchange.workbooks import cell, changed, content, ods, row, xlsx
from tests.exchange.workbooks import table as sheet_of

_LEADS = [["Name", "Phone", "City"], ["Ann", "+4930123456", "Köln"], ["Bob", "+4930123457", "Bonn"]]


def _book(path: Path, sheets: dict[str, list[list[object]]], **options: bool) -> Path:
    with xlsxwriter.Workbook(str(path), options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def _cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize("old_epoch", [True, False])
def test_dates_of_both_epochs_and_numbers_that_are_phones(tmp_path: Path, *, old_epoch: bool) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": old_epoch}) as book:
        sheet: Worksheet = book.add_worksheet()
        day, moment = (book.add_format({"num_format": form}) for form in ("dd/mm/yy", "dd/mm/yy hh:mm"))
        sheet.write_row(0, 0, ["Name", "Phone", "Mobile", "Fax", "Since", "Called", "ID"])
        sheet.write_row(1, 0, ["Ann", 491512345678.0, "4.91512E+11", "4.91512345678E+11"])
        sheet.write_datetime(1, 4, date(2026, 5, 17), day)
        sheet.write_datetime(1, 5, datetime.fromisoformat("2026-05-17T13:45"), moment)
        sheet.write_number(1, 6, 4915123456789012345678.0)
    (row,) = open_table(path).rows()
    assert row.cells[1:6] == ("491512345678", "4.91512E+11", "491512345678", "2026-05-17", "2026-05-17 13:45:00")
    assert [at for at, _ in row.flaws] == [2, 6]


def test_the_sheet_that_looks_like_a_list_is_taken_and_said(tmp_path: Path) -> None:
    cover: list[list[object]] = [["Leads of May"], ["Prepared by", "Ann"], ["For the sales floor"]]
    table = open_table(_book(tmp_path / "b.xlsx", {"Empty": [], "Cover": cover, "Leads": _LEADS, "More": _LEADS}))
    assert (table.sheet, table.sheets) == ("Leads", ("Empty", "Cover", "Leads", "More"))
    assert table.notes == (
        "Only the sheet “Leads” is read; there are 4 in the file. “Cover” came first and did not look like a list.",
    )
    assert len(_cells(table)) == 2
    assert len(_cells(open_table(tmp_path / "b.xlsx", sheet="Cover", header=False))) == 3


def test_titles_and_missing_headers_are_understood_in_sheets_too(tmp_path: Path) -> None:
    titled = open_table(_book(tmp_path / "t.xlsx", {"S": [["Leads of May"], [], *_LEADS]}))
    assert (titled.columns, titled.preamble) == (("Name", "Phone", "City"), (("Leads of May",),))
    assert [row.number for row in titled.rows()] == [4, 5]
    bare = open_table(_book(tmp_path / "n.xlsx", {"S": _LEADS[1:]}))
    assert (bare.headed, len(_cells(bare))) == (False, 2)


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "xls", "ods", "xlsb", "txt"])
def test_the_content_decides_and_not_the_name(tmp_path: Path, suffix: str) -> None:
    shutil.copy(_book(tmp_path / "made.xlsx", {"S": _LEADS}), tmp_path / f"list.{suffix}")
    assert len(_cells(open_table(tmp_path / f"list.{suffix}"))) == 2


def test_a_table_of_libreoffice_with_its_repeated_blanks(tmp_path: Path) -> None:
    body = sheet_of(
        row(*map(cell, map(str, _LEADS[0]))),
        row(cell("Ann"), content("", 'office:value="491512345678"', "float"), cell("Köln")),
        row(cell("Bob"), cell("1", 'table:number-columns-repeated="2"')),
        row('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048570"'),
    )
    table = open_table(ods(tmp_path / "list.ods", body))
    assert _cells(table) == [("Ann", "491512345678", "Köln"), ("Bob", "1", "1")]


def test_what_other_readers_stumble_over_is_read(tmp_path: Path) -> None:
    """Errors of newer Excels, values of unknown kinds, marked-up XML of OpenDocument written for people to read."""
    rows = (
        '<row r="1"><c t="e"><v>#SPILL!</v></c><c t="n"><v>n/a</v></c><c t="new"><v>x</v><extLst/></c></row>'
        '<row r="2"><c t="str"><v>a\x01b</v><f>A1</f></c><c t="str"><v><![CDATA[x<y]]></v></c><c><v>1E999</v></c></row>'
    )
    read = open_table(xlsx(tmp_path / "odd.xlsx", rows), header=False)
    assert _cells(read) == [("", "n/a", "x"), ("ab", "x<y", "1E999")]
    body = sheet_of(
        "\n<!-- first -->\n",
        row("\n", content("\n  <text:p>a<text:tab/>b<text:line-break/>c</text:p>\n"), "\n", cell("<![CDATA[x<y]]>")),
        row(
            content("<text:p>x<text:note><text:p>foot</text:p></text:note>y</text:p>"),
            content("<text:p>a</text:p><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"),
        ),
        row(content("", 'office:value=""', "float"), content("", 'office:value="n/a"', "float")),
    )
    read = open_table(ods(tmp_path / "odd.ods", body), header=False)
    assert _cells(read) == [("a\tb\nc", "x<y"), ("xy", "a"), ("", "n/a")]


def test_a_column_that_begins_far_below_is_in_every_row(tmp_path: Path) -> None:
    rows = [*_LEADS, *[["Eve", f"+4930{at:07}", "Ulm"] for at in range(5_000)], ["Zoe", "+49301", "Ulm", "call late"]]
    table = open_table(_book(tmp_path / "b.xlsx", {"S": rows}))
    assert (len(table.columns), table.length) == (4, 5_003)
    assert [cells[3] for cells in _cells(table)[-2:]] == ["", "call late"]
    assert all(row.problem is None for row in table.rows())


def test_more_texts_than_are_held_come_back_from_the_disk(tmp_path: Path) -> None:
    texts = [f"{at} {'long ' * 200}" for at in range(6_000)]
    numbers = [*range(6_000), 5_999, 0, 5_000, 4_500, 5_001, 1]
    rows = "".join(f'<row><c t="s"><v>{number}</v></c></row>' for number in numbers)
    path = xlsx(tmp_path / "b.xlsx", rows, texts=(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts))
    assert _cells(open_table(path, header=False)) == [(texts[number],) for number in numbers]


@pytest.mark.parametrize("number", ["6000", "-1", "x"])
def test_a_text_that_is_not_there_is_damage(tmp_path: Path, number: str) -> None:
    rows = f'<row><c t="s"><v>0</v></c></row><row><c t="s"><v>{number}</v></c></row>'
    with pytest.raises(Refused, match="damaged"):
        open_table(xlsx(tmp_path / "b.xlsx", rows, texts=["<si><t>a</t></si>"]))


@pytest.mark.parametrize("whole", [True, False])
def test_the_file_is_let_go_of(tmp_path: Path, *, whole: bool) -> None:
    """On Windows a file that is held cannot be moved, as the watched folder must."""
    path = _book(tmp_path / "b.xlsx", {"S": [*_LEADS, *[["Eve", "1", "Ulm"]] * 9_000]})
    rows = open_table(path).rows()
    assert next(rows).cells[0] == "Ann"
    assert len(_open_files(path)) == 1
    if whole:
        assert sum(1 for _ in rows) == 9_001
    del rows
    assert _open_files(path) == []


def _open_files(path: Path) -> list[str]:
    held = Path("/proc/self/fd")
    if not held.exists():
        pytest.skip("this system does not say which files are open")
    return [str(link) for link in held.iterdir() if link.is_symlink() and link.readlink() == path]


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    shutil.copy(_book(tmp_path / "made.xlsx", {"S": _LEADS}), path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package, package.open("xl/more.xml", "w") as part:
        for _ in range(64):
            part.write(bytes(1 << 20))
    with pytest.raises(Refused, match="times its size") as refused:
        open_table(path)
    assert "Save it anew" in refused.value.words
    many = tmp_path / "many.xlsx"
    with zipfile.ZipFile(many, "w") as package:
        for at in range(10_001):
            package.writestr(f"{at}", "")
    with pytest.raises(Refused, match="10,001 parts"):
        open_table(many)


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    made = _book(tmp_path / "made.xlsx", {"S": [["x" * 60, "y"]] * 900})
    content = bytearray(made.read_bytes())
    with zipfile.ZipFile(made) as package:
        real = package.getinfo("xl/worksheets/sheet1.xml").file_size
    honest, lie = real.to_bytes(4, "little"), (100).to_bytes(4, "little")
    path = tmp_path / "liar.xlsx"
    path.write_bytes(bytes(content).replace(honest, lie))
    with pytest.raises(Refused, match="damaged"):
        open_table(path)


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_entities_are_refused_wherever_they_are_declared(tmp_path: Path, declared: bytes) -> None:
    def trapped(content: bytes) -> bytes:
        return content.replace(b"?>", b"?>" + declared, 1)

    made = _book(tmp_path / "made.xlsx", {"S": _LEADS})
    table = ods(tmp_path / "made.ods", sheet_of(row(cell("a"), cell("b"))))
    for path, part in (
        (made, "xl/worksheets/sheet1.xml"),
        (made, "xl/sharedStrings.xml"),
        (made, "xl/workbook.xml"),
        (table, "content.xml"),
    ):
        with pytest.raises(Refused, match="declares entities"):
            open_table(changed(path, part, trapped))


@pytest.mark.parametrize("place", [b'r="%s"', b"r = '%s'", b'r\n=\t"%s"'])
@pytest.mark.parametrize("far", [b"ZZZZZ999", b"XFE3", b"AAAAAAAAAAAAAAA1"])
def test_a_cell_beyond_the_last_column_is_refused(tmp_path: Path, far: bytes, place: bytes) -> None:
    made = _book(tmp_path / "made.xlsx", {"S": _LEADS})
    path = changed(made, "xl/worksheets/sheet1.xml", lambda content: content.replace(b'r="C3"', place % far))
    with pytest.raises(Refused, match="too big for a workbook: it reaches to column"):
        open_table(path)


@pytest.mark.parametrize("far", ["XFD3", "AZZ1048576"])
def test_something_far_from_the_list_is_a_column_without_a_name(tmp_path: Path, far: str) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, values in enumerate(_LEADS):
            sheet.write_row(at, 0, values)
        sheet.write(far, "lost")
    table = open_table(path)
    assert len(table.columns) == 4
    assert _cells(table)[-1][3] == "lost"
    assert len(table.dropped) > 1_000


def test_a_cell_repeated_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    same = row(cell("x", 'table:number-columns-repeated="16380"'), more='table:number-rows-repeated="20000"')
    with pytest.raises(Refused, match="20,000 rows and reaches to column 16,380"):
        open_table(ods(tmp_path / "list.ods", sheet_of(same)))


@pytest.mark.parametrize("broken", ["<text:p>Ann</text:q>", "<text:q>Ann</text:p>", "<text:p>Ann", "<table:table>"])
def test_an_element_that_never_ends_does_not_hang(tmp_path: Path, broken: str) -> None:
    with pytest.raises(Refused, match="damaged"):
        open_table(ods(tmp_path / "list.ods", sheet_of(row(content(broken), cell("x")))))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
def test_broken_workbooks_are_refused_with_words(tmp_path: Path, part: str) -> None:
    made = _book(tmp_path / "made.xlsx", {"S": _LEADS})
    for change in (_halved, _emptied, _junk, _of_no_encoding):
        path = changed(made, part, change)
        try:
            rows = _cells(open_table(path))
        except Refused as refused:
            words = refused.words
        else:
            words = path.name if len(rows) <= 2 else "more rows than there were"
        assert path.name in words


def _halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _emptied(content: bytes) -> bytes:
    return content[:0]


def _junk(content: bytes) -> bytes:
    return b"\xff" * len(content)


def _of_no_encoding(content: bytes) -> bytes:
    return content.replace(b"UTF-8", b"UvF-8", 1)
