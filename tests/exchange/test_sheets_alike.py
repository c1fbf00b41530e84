"""Read as a stream, sheets give cell by cell what another, well-known reader gives that holds them whole."""

import datetime as dt
import re
import subprocess
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest
import xlsxwriter

from leaddesk.exchange.calamine_sheets import open_binary
from leaddesk.exchange.sheets import Sheet
from leaddesk.exchange.xlsx_files import lines_of, sheets_of
from tests.exchange.spreadsheet import office
from tests.exchange.workbooks import STRICT, cell, content, ods, row, table, xlsx
from tests.shared_data import shared

_NONCHARACTER = re.compile(r"_x(FFF[EF])_", re.IGNORECASE)
Read = dict[str, tuple[bool, list[tuple[int, list[str]]]]]


def _read(sheets: Sequence[Sheet]) -> Read:
    """Per sheet whether it may be the list, and its rows with their numbers; the other reader leaves U+FFFE written."""
    return {
        sheet.name: (
            sheet.listed,
            [
                (number, [_NONCHARACTER.sub(lambda found: chr(int(found[1], 16)), text) for text in cells])
                for number, cells, _ in lines_of(sheet, sheet.extent())
            ],
        )
        for sheet in sheets
    }


def _alike(path: Path) -> Read:
    streamed, held = _read(sheets_of(path)), _read(open_binary(path))
    for (_, rows), (_, others) in zip(streamed.values(), held.values(), strict=True):
        assert [pair for pair in zip(rows, others, strict=False) if pair[0] != pair[1]] == []
    assert streamed == held
    return streamed


def _filled(read: Read) -> int:
    return sum(bool(text) for _, rows in read.values() for _, cells in rows for text in cells)


@pytest.mark.parametrize(
    "name",
    ["import_samples/vicidial/testMULTI_VICIDIAL_lead_file.xlsx", "leads/x_education_data_dictionary.xlsx"],
)
def test_real_workbooks(name: str) -> None:
    assert _filled(_alike(shared(name))) > 20


def _everything(path: Path, *, inline: bool = False, old_epoch: bool = False) -> Path:
    """Whatever xlsxwriter can put into cells, row by row, as it must where it holds no sheet itself."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": inline, "date_1904": old_epoch}) as book:
        bold, red = book.add_format({"bold": True}), book.add_format({"bg_color": "red"})
        sheet, at = book.add_worksheet("Leads"), count(2)
        for value in (
            "plain",
            " blanks ",
            "lines\nof\r\ntext",
            "Ünï 漢字 😀",
            "a<b>&\"c'",
            "=no",
            "_x0041_",
            "\x01\x0b\ufffe",
        ):
            sheet.write_string(next(at), 2, value)
        for value in (0, 1, -1, 5.0, 0.1, -2.5, 1e-7, 491512345678, 2**53, 2**53 + 2, 1e15, 123456789012345678, 1e300):
            line = next(at)
            sheet.write_number(line, 2, value)
            for column, form in enumerate(
                ("0", "0.00%", "yyyy-mm-dd", "dd/mm/yy hh:mm", "hh:mm:ss", "[h]:mm"), start=3
            ):
                if -1 <= value < 3e6 or column < 5:
                    sheet.write_number(line, column, value, book.add_format({"num_format": form}))
        for form in (
            14,
            15,
            16,
            17,
            18,
            19,
            20,
            21,
            22,
            27,
            45,
            46,
            47,
            "[$-407]d. mmmm yyyy;@",
            '"d"0',
            "[Red]0",
            "mmm\\-yy",
        ):
            line, style = next(at), book.add_format({"num_format": form})
            for column, days in enumerate((0, 0.5, 1, 59, 60, 61, 46024, 46024.75, 46024.123456789, 2958465)):
                sheet.write_number(line, 2 + column, days, style)
        line = next(at)
        sheet.write_boolean(line, 2, True)
        sheet.write_boolean(line, 3, False)
        sheet.write_blank(line, 9, None, red)
        for value in (0, 2.5, "text", "", "#N/A", "#DIV/0!", True):
            sheet.write_formula(next(at), 3, "=A1", None, value)
        sheet.write_rich_string(next(at), 2, "a ", bold, "bold ", "and ", red, " red")
        sheet.write_url(next(at), 2, "https://example.test/?a=1&b=2", string="link")
        sheet.write_datetime(next(at), 2, dt.datetime.fromisoformat("2026-05-17T13:45:06.789"), bold)
        sheet.write_string(next(at) + 5_000, 30, "far away")
        book.add_worksheet("Empty")
        book.add_worksheet("Hidden & gone").hide()
        last = book.add_worksheet("Last")
        last.write_row(0, 0, ["one", 2])
        chart = book.add_chartsheet("Chart")
        drawn = book.add_chart({"type": "bar"})
        drawn.add_series({"values": "=Last!$B$1:$B$1"})
        chart.set_chart(drawn)
    return path


@pytest.mark.parametrize("old_epoch", [False, True])
@pytest.mark.parametrize("inline", [False, True])
def test_everything_a_writer_writes(tmp_path: Path, *, inline: bool, old_epoch: bool) -> None:
    read = _alike(_everything(tmp_path / "all.xlsx", inline=inline, old_epoch=old_epoch))
    assert {name: listed for name, (listed, _) in read.items()} == {
        "Leads": True, "Empty": True, "Hidden & gone": False, "Last": True, "Chart": False,
    }  # fmt: skip
    assert read["Leads"][1][-1] == (5_052, [""] * 28 + ["far away"])


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_everything_as_libreoffice_saves_it(tmp_path: Path, kind: str) -> None:
    command = [office(), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", kind]
    made = _everything(tmp_path / "all.xlsx")
    subprocess.run([*command, "--outdir", tmp_path / "out", made], check=True, capture_output=True, timeout=120)
    read = _alike(tmp_path / "out" / f"all.{kind}")
    assert _filled(read) > 200
    assert read["Leads"][1][2][1][0].startswith("lines\nof")


def _numbers() -> Iterator[str]:
    for text in (
        "5",
        "5.0",
        " 5 ",
        "007",
        "1e5",
        "1E+5",
        "0x10",
        "1,5",
        "-0",
        "1_000",
        "+5",
        ".5",
        "5.",
        "abc",
        "٣",
        "²",
    ):
        yield f"<c><v>{text}</v></c>"
    for text in (
        "0",
        "0.5",
        "0.999999",
        "1.5",
        "-1",
        "-0.5",
        "60.5",
        "2958466",
        "46024.99999999",
        "46024.0000001",
        "x",
    ):
        yield "".join(f'<c s="{form}"><v>{text}</v></c>' for form in (1, 2, 3, 4, 5, 99))
    for text in (
        *("2026-05-17", "2026-05-17T13:45:00", "13:45:00", "2026-05-17T13:45:00Z", "2026-05-17T13:45:00.5", "2026-05"),
        *("20260517", "2026-W01", "2026-13-01", ""),
    ):
        yield f'<c t="d"><v>{text}</v></c>'


def _texts() -> Iterator[str]:
    for text in (
        *(" a ", "\u00a0a\u00a0", "a\r\nb\nc\rd", "q<!-- c -->r", "&#10;a&#13;b", "&#x1F600;", ""),
        *("c_x000D_d_x000a_e_xD83D__xDE00_ _x00e9_ _x0000_._xe9_", "_x005F_x0041_"),
    ):
        yield f'<c t="inlineStr"><is><t>{text}</t></is></c><c t="str"><v>{text}</v></c>'
        yield f'<c t="inlineStr"><is><r><t xml:space="preserve">{text}</t></r><r><rPr><b/></rPr><t>{text}</t></r></is></c>'
    yield '<c t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>read aloud</t></rPh><phoneticPr fontId="1"/></is></c>'
    yield '<c t="inlineStr"><v>shadow</v></c><c><is><t>of no type</t></is></c><c t="str"><f>1+1</f><v>2</v></c><c><f>1</f></c>'
    yield '<c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c><c t="s"><v>4</v></c><c t="s"><v></v></c><c/>'
    yield "".join(f'<c t="s"><v>{number}</v></c>' for number in range(6))


_SHARED = (
    "<si><t>zero</t></si><si/>", "<si><t/></si><si><t> three </t></si>",
    '<si><r><t>a</t></r><r><t xml:space="preserve"> b </t></r></si><si><t>ph</t><rPh sb="0" eb="1"><t>P</t></rPh></si>',
)  # fmt: skip


@pytest.mark.parametrize("old_epoch", [False, True])
def test_cells_no_program_writes(tmp_path: Path, *, old_epoch: bool) -> None:
    rows = "".join(f'<row r="{at}">{cells}</row>' for at, cells in enumerate([*_numbers(), *_texts()], start=1))
    forms = (14, 46, "[h]:mm", "h:mm AM/PM", "0.00")
    assert _filled(_alike(xlsx(tmp_path / "odd.xlsx", rows, texts=_SHARED, forms=forms, old_epoch=old_epoch))) > 100


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="3"><c r="B3"><v>1</v></c><c r="D3" s="1"/></row><row r="5"><c r="A5" s="1"/><c r="C5"><v>2</v></c></row>',
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>",
        '<row r="1"><c r="C1"><v>1</v></c><c r="A1"><v>2</v></c><c r="A1"><v>3</v></c></row>',
        '<row r="1" spans="1:2">\n <c r="a1">\n  <v>1</v>\n </c>\n <c s="0" r="AB1" t="str"><v>2</v></c>\n</row>',
        "",
    ],
)
def test_cells_in_odd_places(tmp_path: Path, rows: str) -> None:
    for names in ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", STRICT):
        path = xlsx(tmp_path / "odd.xlsx", rows, forms=[14], names=names, after="<mergeCells><mergeCell/></mergeCells>")
        assert len(_alike(path)["S"][1]) == min(2, rows.count("<row") - rows.count("<row/>"))


@pytest.mark.parametrize("number", range(82))
def test_built_in_forms_of_dates(tmp_path: Path, number: int) -> None:
    path = xlsx(tmp_path / "forms.xlsx", '<row r="1"><c s="1"><v>46024.5</v></c></row>', forms=[number])
    assert _filled(_alike(path)) == 1


def _values() -> Iterator[str]:
    for more in (
        *('value="1.5', 'value="491512345678', 'boolean-value="true', 'boolean-value="false', 'string-value="held'),
        *('date-value="2026-05-17', 'date-value="2026-05-17T13:45:00', 'date-value="2026-05-17T13:45:00.123000000'),
        *('date-value="1899-12-30', 'date-value="bad', 'time-value="PT13H45M00S', 'time-value="PT36H05M07.5S'),
        *('time-value="-PT1H', 'time-value="P1DT2H', 'time-value="PT1H2M3.5S', 'currency="EUR" office:value="12.5'),
    ):
        yield row(cell("shown", f'office:{more}"'))
    for text in (
        "a",
        "  a  b ",
        'a<text:s/>b<text:s text:c="3"/>c',
        "<text:span>x</text:span> <text:a>y</text:a>",
        "a\nb",
    ):
        yield row(cell(text), cell(text), content(f"<text:p>{text}</text:p><text:p/><text:p>{text}</text:p>"))
    yield row(
        cell("&amp;&lt;&#10;"),
        content("<office:annotation><text:p>aside</text:p></office:annotation><text:p>a</text:p>"),
    )
    yield row(content("<text:p>no value</text:p>", kind="float"), content("", kind="void"), cell("end"))
    yield row(cell("a"), '<table:covered-table-cell table:number-columns-repeated="2"/>', cell("b"))


def test_sheets_of_opendocument(tmp_path: Path) -> None:
    blank = '<table:table-cell table:number-columns-repeated="{}"/>'
    leads = table(
        row(blank.format(9), more='table:number-rows-repeated="7"'),
        f"<table:table-header-rows>{row(blank.format(2), cell('h'))}</table:table-header-rows>",
        *(one.replace("<table:table-row >", f"<table:table-row >{blank.format(1)}") for one in _values()),
        row(blank.format(3), cell("again", 'table:number-columns-repeated="3"'), more='table:number-rows-repeated="4"'),
        row(blank.format(16_000), more='table:number-rows-repeated="1048000"'),
        name="Leads",
    )
    hidden = table(row(cell("h")), name="Hidden", more='table:style-name="ta2"')
    styles = (
        '<office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/>'
        "</style:style></office:automatic-styles>"
    )
    read = _alike(ods(tmp_path / "l.ods", leads, hidden, table(name="Empty"), table(row(cell("z"))), styles=styles))
    assert [listed for listed, _ in read.values()] == [True, False, True, True]
    assert read["Leads"][1][0] == (8, ["", "h", "", "", ""])
    assert [number for number, _ in read["Leads"][1][-4:]] == [33, 34, 35, 36]
