"""Files of rows as other people's programs write them: read whole, nothing lost in silence."""

import csv
import json
import random
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaddesk.exchange.tables import Table, open_table, unique
from leaddesk.workflow.errors import Refused
from tests.shared_data import shared


def _write(folder: Path, content: bytes | str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def _cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows()]


def _as_json(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.columns, row.cells, strict=True)) for row in table.rows()]


def test_every_file_of_csv_spectrum_reads_as_its_json() -> None:
    files = sorted(shared("csv_torture/csv-spectrum").glob("*.csv"))
    assert len(files) == 12
    for file in files:
        expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        if file.stem == "location_coordinates":  # the only JSON that is no list, and it masks the number
            expected = [{**expected, "Contact Phone Number": "2095257564"}]
        assert _as_json(open_table(file)) == expected, file.name


def test_one_template_in_four_encodings_gives_the_same_text() -> None:
    tables = [
        open_table(shared(f"import_samples/encodings/bitrix24_lead_template_ru_{name}.csv"))
        for name in ("utf8", "utf16bom", "windows1251", "koi8r")
    ]
    assert {(table.columns, tuple(_cells(table))) for table in tables} == {
        (tables[0].columns, tuple(_cells(tables[0])))
    }
    assert tables[0].columns[:3] == ("Название лида", "Обращение", "Имя")
    assert [table.encoding for table in tables] == ["utf-8", "utf-16", "cp1251", "koi8-r"]
    assert {table.delimiter for table in tables} == {";"}


@pytest.mark.parametrize("name", ["UTF8", "UTF16LE", "UTF16BE", "UTF32LE", "UTF32BE"])
def test_byte_order_marks_are_understood_and_left_out(name: str) -> None:
    table = open_table(shared(f"import_samples/salesforce_dataloader/csvtext_BOM_{name}.csv"))
    assert table.columns == ("column1", "column2", "column3")
    assert _cells(table) == [("row1-1", "row1-2", "row1-3"), ("row2-1", "row2-2", "row2-3")]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Név;Cég;Telefon\r\nKovács Ödön;Kőműves Kft. Győr;+36 1 555\r\n"),
        ("cp1250", "Imię;Nazwisko\r\nMałgorzata;Wójcik-Dąbrowska\r\n"),
        ("cp1252", "Name;Straße\r\nMüller;Königstraße\r\n"),
        ("cp1252", "Nom;Téléphone;Société\r\nHélène Garçon;1;Crème brûlée\r\n"),
        ("cp1252", "Nombre;Compañía\r\nPeña;Construcción\r\n"),
        ("cp1257", "Nimi;Ettevõte\r\nJüri Õunapuu;Põhja OÜ\r\n"),
        ("cp1254", "Ad;Şirket\r\nÇağrı;İşçi\r\n"),
        ("cp1256", "نام;تلفن\r\nعلي;123\r\n"),
        ("cp1253", "Όνομα;Τηλέφωνο\r\nΓιώργος Παπαδόπουλος;1\r\n"),
        ("cp1251", "Ім'я;Телефон\r\nПетренко Ігор;+380577054122\r\n"),
        ("cp1251", "ИМЯ;ТЕЛЕФОН\r\nПЕТРЕНКО ИГОРЬ;+380577054122\r\n"),
        ("koi8-r", "ИМЯ;ТЕЛЕФОН\r\nПЕТРЕНКО ИГОРЬ;+380577054122\r\n"),
        ("cp866", "Имя;Телефон\r\nПетренко Игорь;+380577054122\r\n"),
        ("utf-16-le", "Имя;Телефон\r\nПетренко Игорь;+380577054122\r\n"),
        ("utf-16-be", "Name;Phone\r\nPete;+380577054122\r\n"),
    ],
)
def test_old_code_pages_are_told_from_the_letters(tmp_path: Path, encoding: str, text: str) -> None:
    table = open_table(_write(tmp_path, text.encode(encoding)))
    lines = [line.split(";") for line in text.splitlines()]
    assert [list(table.columns), *map(list, _cells(table))] == lines


def test_a_foreign_name_late_in_an_english_file_is_still_read(tmp_path: Path) -> None:
    text = "name,city\n" + "John Smith,Leeds\n" * 100_000 + "Игорь Петренко,Харьков\n"
    assert _cells(open_table(_write(tmp_path, text.encode("cp1251"))))[-1] == ("Игорь Петренко", "Харьков")


def test_a_few_damaged_bytes_do_not_turn_utf8_into_nonsense(tmp_path: Path) -> None:
    table = open_table(_write(tmp_path, "имя;телефон\nПетренко;1\n".encode() * 9 + b"\xff;2\n"))
    assert _cells(table)[-1] == ("\\xff", "2")
    assert "damaged" in table.notes[0]


def test_an_encoding_somebody_names_is_used_and_an_unknown_one_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, "имя,город\nИгорь,Киев\n".encode("koi8-r"))
    assert open_table(path, encoding="cp1251").columns != ("имя", "город")
    assert open_table(path, encoding="KOI8-R").columns == ("имя", "город")
    for wrong in ("utf-99", "base64"):
        with pytest.raises(Refused, match="no encoding") as refused:
            open_table(path, encoding=wrong)
        assert refused.value.field == "encoding"


@pytest.mark.parametrize(("name", "count", "columns"), [("x_education_leads", 9240, 37), ("zoho_leads", 3900, 13)])
def test_real_lead_lists_read_whole(name: str, count: int, columns: int) -> None:
    table = open_table(shared(f"leads/{name}.csv"))
    rows = list(table.rows())
    assert (len(rows), len(table.columns)) == (count, columns)
    assert not [row for row in rows if row.problem]


def test_the_trailing_comma_of_a_real_list_makes_no_column() -> None:
    table = open_table(shared("leads/x_education_leads.csv"))
    assert table.columns[-1] == "Last Notable Activity"
    assert table.dropped == (38,)


def test_nameless_columns_stay_only_where_something_stands_in_them(tmp_path: Path) -> None:
    table = open_table(_write(tmp_path, "a,,b,\n1,,2,\n3,x,4,\n"))
    assert table.columns == ("a", "", "b")
    assert table.dropped == (4,)
    assert _cells(table) == [("1", "", "2"), ("3", "x", "4")]


def test_columns_of_one_name_are_told_apart() -> None:
    assert unique(["Phone", "Phone", "Phone (2)", "Phone"]) == ("Phone", "Phone (3)", "Phone (2)", "Phone (4)")
    assert unique(["", ""]) == ("", "(2)")


def test_short_rows_are_filled_and_long_ones_say_what_is_too_much(tmp_path: Path) -> None:
    short, long, harmless = open_table(_write(tmp_path, "a,b,c\n1\n1,2,3,4,,5\n1,2,3,,\n")).rows()
    assert short.cells == ("1", "", "")
    assert short.problem is None
    assert long.cells == ("1", "2", "3")
    assert long.surplus == ("4", "", "5")
    assert long.problem is not None
    assert "“4”, “5”" in long.problem
    assert harmless.problem is None


def test_rows_carry_the_line_a_person_finds_them_at(tmp_path: Path) -> None:
    table = open_table(_write(tmp_path, '\na,b\r\n"1\r\n2",x\r\n\r\n3,y\r\n,\r\n'))
    rows = list(table.rows())
    assert [row.number for row in rows] == [3, 6, 7]
    assert [row.empty for row in rows] == [False, False, True]
    assert rows[0].cells == ("1\r\n2", "x")


def test_a_quote_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    text = 'name,city\nAnn,"Leeds\n' + "Bob,York\n" * 5_000
    rows = list(open_table(_write(tmp_path, text)).rows())
    assert len(rows) == 5_001
    assert rows[0].cells == ("Ann", '"Leeds')
    assert rows[0].problem is not None
    assert rows[-1].cells == ("Bob", "York")
    assert rows[-1].number == 5_002


def test_quotes_inside_a_cell_are_kept_as_written(tmp_path: Path) -> None:
    text = 'company,city,note\n"Roga" Ltd,Kyiv,"a, b"\nOOO "Rog",Lviv,"x"\n'
    first, second = open_table(_write(tmp_path, text)).rows()
    assert first.cells == ('"Roga" Ltd', "Kyiv", "a, b")
    assert first.problem is not None
    assert second.cells == ('OOO "Rog"', "Lviv", "x")
    assert second.problem is None


def test_odd_but_legal_things_are_read(tmp_path: Path) -> None:
    assert _cells(open_table(_write(tmp_path, "a,b\n1\x002,3\n"))) == [("1\x002", "3")]
    excel = open_table(_write(tmp_path, "sep=|\r\na|b\r\n1|2\r\n"))
    assert (excel.columns, excel.delimiter, [row.number for row in excel.rows()]) == (("a", "b"), "|", [3])
    assert open_table(_write(tmp_path, "a,b\n")).columns == ("a", "b")
    assert _cells(open_table(_write(tmp_path, "a,b\n"))) == []
    assert _cells(open_table(_write(tmp_path, "1,2\n3,4\n"), header=False)) == [("1", "2"), ("3", "4")]
    assert open_table(_write(tmp_path, "a b\n1 2\n"), delimiter=" ").columns == ("a", "b")
    long = "x" * 300_000
    assert _cells(open_table(_write(tmp_path, f"a,b\n{long},1\n"))) == [(long, "1")]


def test_rows_can_be_read_again_and_names_may_be_russian_with_blanks(tmp_path: Path) -> None:
    table = open_table(_write(tmp_path, "a,b\n1,2\n", "Мои лиды 2026.csv"))
    assert _cells(table) == _cells(table) == [("1", "2")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"<html><table><tr><td>1</td></tr></table>", "web page"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "address book"),
        (b"PK\x03\x04 this is no workbook", "damaged"),
        (bytes(range(1, 32)) * 40, "no text"),
        (random.Random(1).randbytes(9_000), "no text"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        open_table(_write(tmp_path, content))
    assert "“list.csv”" in refused.value.words
    assert "Save it as CSV or XLSX." in refused.value.words or "again" in refused.value.words


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no file"):
        open_table(tmp_path / "нет такого.csv")
    with pytest.raises(Refused, match="folder"):
        open_table(tmp_path)


def test_a_workbook_with_a_password_is_refused_as_such(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900
    with pytest.raises(Refused, match="password"):
        open_table(_write(tmp_path, ole, "secret.xlsx"))


def test_cells_of_a_workbook_read_as_a_person_would_type_them(tmp_path: Path) -> None:
    path = tmp_path / "книга.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Empty")
        sheet = book.add_worksheet("Leads")
        day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(2, 1, ["phone", "text phone", "share", "day", "moment", "agrees", "", "wrong"])
        sheet.write_number(3, 1, 380577054122)
        sheet.write_string(3, 2, "+380577054122")
        sheet.write_number(3, 3, 0.1)
        sheet.write_datetime(3, 4, date(2026, 1, 2), day)
        sheet.write_datetime(3, 5, datetime.fromisoformat("2026-01-02T03:04"), moment)
        sheet.write_boolean(3, 6, True)
        sheet.write_formula(3, 8, "=1/0", None, "#DIV/0!")
        sheet.write_string(5, 1, "last")
    table = open_table(path)
    assert (table.sheet, table.sheets) == ("Leads", ("Empty", "Leads"))
    assert table.columns == ("phone", "text phone", "share", "day", "moment", "agrees", "wrong")
    assert table.dropped == (7,)
    first, last = table.rows()
    assert first.cells[:6] == ("380577054122", "+380577054122", "0.1", "2026-01-02", "2026-01-02 03:04:00", "yes")
    assert (first.number, last.number) == (4, 6)
    with pytest.raises(Refused, match="“Empty”, “Leads”"):
        open_table(path, sheet="Clients")
    with pytest.raises(Refused, match="empty"):
        open_table(path, sheet="Empty")


def test_the_same_list_as_text_and_as_workbook_is_the_same() -> None:
    text, book = (
        open_table(shared(f"import_samples/vicidial/testMULTI_VICIDIAL_lead_file.{suffix}"), header=False)
        for suffix in ("csv", "xlsx")
    )
    assert [row.cells[:9] for row in text.rows()] == [row.cells[:9] for row in book.rows()]


_CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from(",;\t|\"'\n\r =+-@\\"), max_size=12
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    rows=st.integers(2, 6).flatmap(lambda width: st.lists(st.lists(_CELL, min_size=width, max_size=width), max_size=8)),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_whatever_the_dialect_the_cells_come_back(
    tmp_path: Path, rows: list[list[str]], delimiter: str, quoting: int, ending: str, encoding: str
) -> None:
    width = len(rows[0]) if rows else 3
    path = tmp_path / "any.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        # Before 3.13 the library leaves a lone \r unquoted unless lines end in \r\n.
        quoted = quoting if ending == "\r\n" else csv.QUOTE_ALL
        writer = csv.writer(file, delimiter=delimiter, quoting=quoted, lineterminator=ending)
        writer.writerow([f"column {at}" for at in range(width)])
        writer.writerows(rows)
    table = open_table(path, delimiter=delimiter)
    # An apostrophe before a formula is a spreadsheet's own guard and is taken off; no other letter may change.
    read = [list(row.cells) for row in table.rows()]
    assert len(read) == len(rows)
    for cells, original in zip(read, rows, strict=True):
        assert all(cell == wanted or "'" + cell == wanted for cell, wanted in zip(cells, original, strict=True))
