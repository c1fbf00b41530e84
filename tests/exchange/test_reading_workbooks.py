"""Workbooks of Excel and LibreOffice: what a person sees in the cells, the sheet that is the list, no trap sprung."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from leaddesk.exchange.tables import Table, open_table
from leaddesk.workflow.errors import Refused

_LEADS = [["Name", "Phone", "City"], ["Ann", "+4930123456", "Köln"], ["Bob", "+4930123457", "Bonn"]]
_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{}'
    "</office:spreadsheet></office:body></office:document-content>"
)


def _book(path: Path, sheets: dict[str, list[list[object]]], **options: bool) -> Path:
    with xlsxwriter.Workbook(str(path), options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def _ods(path: Path, *tables: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", _ODS.format("".join(tables)))
    return path


def _cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def _row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def _changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same package with one part written anew."""
    out = path.with_name(f"changed {path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item.filename, change(content) if item.filename == part else content)
    return out


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
    body = (
        '<table:table table:name="Leads">'
        + _row(*map(_cell, _LEADS[0]))
        + _row(_cell("Ann"), '<table:table-cell office:value-type="float" office:value="491512345678"/>', _cell("Köln"))
        + _row(_cell("Bob"), _cell("1", 'table:number-columns-repeated="2"'))
        + _row('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048570"')
        + "</table:table>"
    )
    table = open_table(_ods(tmp_path / "list.ods", body))
    assert _cells(table) == [("Ann", "491512345678", "Köln"), ("Bob", "1", "1")]


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
    ods = _ods(tmp_path / "made.ods", '<table:table table:name="S">' + _row(_cell("a"), _cell("b")) + "</table:table>")
    for path, part in (
        (made, "xl/worksheets/sheet1.xml"),
        (made, "xl/sharedStrings.xml"),
        (made, "xl/workbook.xml"),
        (ods, "content.xml"),
    ):
        with pytest.raises(Refused, match="declares entities"):
            open_table(_changed(path, part, trapped))


@pytest.mark.parametrize("place", [b'r="%s"', b"r = '%s'", b'r\n=\t"%s"'])
@pytest.mark.parametrize("far", [b"XFD1048576", b"A4294967295", b"ZZZZZ999", b"AZZ99999"])
def test_a_cell_at_the_end_of_the_world_does_not_fill_the_memory(tmp_path: Path, far: bytes, place: bytes) -> None:
    made = _book(tmp_path / "made.xlsx", {"S": _LEADS})
    path = _changed(made, "xl/worksheets/sheet1.xml", lambda content: content.replace(b'r="C3"', place % far))
    with pytest.raises(Refused, match="too big"):
        open_table(path)


def test_a_cell_repeated_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    row = _row(_cell("x", 'table:number-columns-repeated="16380"'), more='table:number-rows-repeated="20000"')
    with pytest.raises(Refused):
        open_table(_ods(tmp_path / "list.ods", f'<table:table table:name="S">{row}</table:table>'))


@pytest.mark.parametrize("broken", ["<text:p>Ann</text:q>", "<text:q>Ann</text:p>", "<text:p>Ann", "<table:table>"])
def test_an_element_that_never_ends_does_not_hang(tmp_path: Path, broken: str) -> None:
    """The library itself reads on for ever here."""
    cell = f'<table:table-cell office:value-type="string">{broken}</table:table-cell>'
    with pytest.raises(Refused, match="damaged"):
        open_table(_ods(tmp_path / "list.ods", f'<table:table table:name="S">{_row(cell, _cell("x"))}</table:table>'))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
def test_broken_workbooks_are_refused_with_words(tmp_path: Path, part: str) -> None:
    made = _book(tmp_path / "made.xlsx", {"S": _LEADS})
    for change in (_halved, _emptied, _junk, _of_no_encoding):
        path = _changed(made, part, change)
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
