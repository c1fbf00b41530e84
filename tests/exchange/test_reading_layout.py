"""Where a list begins: titles above the header, headers of several lines, lists without one, pasted cells."""

from pathlib import Path

import pytest

from leaddesk.exchange.lost_digits import lost_digits, whole_number
from leaddesk.exchange.pasted import open_pasted
from leaddesk.exchange.tables import Table, open_table
from leaddesk.workflow.errors import Refused
from tests.shared_data import shared


def _read(folder: Path, text: str, **how: bool | None) -> Table:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return open_table(path, header=how.get("header"))


def _cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows()]


def test_titles_above_the_header_are_passed_over_and_kept(tmp_path: Path) -> None:
    table = _read(
        tmp_path,
        "Leads of May;;;\nExported by;Ann;;\n;;;\nName;Phone;E-mail;City\n"
        "Bob Ross;+49301234567;b@r.de;Köln\nZed Zane;+49301234568;z@z.de;Bonn\n",
    )
    assert table.columns == ("Name", "Phone", "E-mail", "City")
    assert table.preamble == (("Leads of May",), ("Exported by", "Ann"))
    assert table.notes == ("2 lines before the header were passed over: “Leads of May Exported by Ann”.",)
    assert table.headed
    assert [row.number for row in table.rows()] == [5, 6]


def test_a_title_of_one_cell_is_told_from_a_header_of_one_column(tmp_path: Path) -> None:
    title = _read(tmp_path, "Our clients\n\nName,Phone,City\nAnn,+4930123456,Köln\nBob,+4930123457,Bonn\nZed,1,\n")
    assert title.columns == ("Name", "Phone", "City")
    column = _read(tmp_path, "Clients\nAnn Adams\nBob Ross\n")
    assert (column.columns, len(_cells(column))) == (("Clients",), 2)


def test_commas_in_the_cells_of_one_column_part_nothing(tmp_path: Path) -> None:
    table = _read(tmp_path, "Name\nSmith, John\nLee, Ann\n")
    assert (table.columns, _cells(table)) == (("Name",), [("Smith, John",), ("Lee, Ann",)])
    titled = _read(tmp_path, "Leads of May\nName,Phone\nAnn,+4930123456\n")
    assert (titled.columns, titled.preamble) == (("Name", "Phone"), (("Leads of May",),))


def test_headings_over_groups_of_columns_are_said_of_each(tmp_path: Path) -> None:
    table = _read(
        tmp_path, ",Home,,Work,\nName,Phone,E-mail,Phone,E-mail\nAnn,030 123456,a@b.de,040 123456,a@c.de\n" * 1
    )
    assert table.columns == ("Name", "Home Phone", "Home E-mail", "Work Phone", "Work E-mail")
    assert "2 lines" in table.notes[0]


def test_a_header_in_two_languages_is_one_header(tmp_path: Path) -> None:
    table = _read(tmp_path, "Name,Phone,City\nИмя,Телефон,Город\nAnn,+4930123456,Köln\n")
    assert table.columns == ("Name Имя", "Phone Телефон", "City Город")
    assert len(_cells(table)) == 1


def test_a_person_named_like_a_column_is_still_a_person(tmp_path: Path) -> None:
    table = _read(tmp_path, "Name,Phone,City\nCompany,Mobile,Köln\nAnn,+4930123456,City\n")
    assert len(_cells(table)) == 2


@pytest.mark.parametrize("name", ["UTF8_lead_file.txt", "test_VICIDIAL_lead_file.txt", "testMULTI_VICIDIAL_lead_file.csv", "testMULTI_VICIDIAL_lead_file.xlsx"])  # fmt: skip
def test_lists_of_a_dialler_have_no_header_and_lose_no_first_row(name: str) -> None:
    table = open_table(shared(f"import_samples/vicidial/{name}"))
    assert not table.headed
    assert table.columns[0] == "Column 1"
    assert "no header" in " ".join(table.notes)
    first = next(table.rows())
    assert first.number == 1
    assert first.cells[0] == "100001"
    assert first.problem is None


@pytest.mark.parametrize(
    ("text", "headed"),
    [
        ("Name,Phone\n", True),
        ("a,b\n1,2\n", True),
        ("1,2\n3,4\n", False),
        ("ann@example.com\nbob@example.com\n", False),
        ("E-mail\nbob@example.com\n", True),
        ("Ann,+49 30 1234567\nBob,+49 30 1234568\n", False),
        ("Ann,2024-05-01,x\nBob,2024-05-02,y\n", False),
        ("Vorname;Ort\nJürgen;Köln\n", True),
        ("Name,Phone 1,Phone 2\nAnn,030 1234567,\n", True),
        ("id,2023,2024\nx,1,2\ny,3,4\n", True),
    ],
)
def test_whether_there_is_a_header_is_told_by_the_values(tmp_path: Path, text: str, *, headed: bool) -> None:
    table = _read(tmp_path, text)
    assert table.headed == headed
    assert len(_cells(table)) == len(text.splitlines()) - headed


def test_what_a_person_says_of_the_header_is_obeyed(tmp_path: Path) -> None:
    phones = "Ann,+49 30 1234567\nBob,+49 30 1234568\n"
    assert _read(tmp_path, phones, header=True).columns == ("Ann", "+49 30 1234567")
    plain = _read(tmp_path, "Title,\nName,Phone\nAnn,1\n", header=False)
    assert (len(_cells(plain)), plain.columns, plain.notes) == (3, ("Column 1", "Column 2"), ())


def test_two_signs_part_cells_and_backslashes_and_nuls_escape_quotes(tmp_path: Path) -> None:
    assert _cells(_read(tmp_path, "Name, Phone, City\nAnn, 030 1234567, Köln\n")) == [("Ann", "030 1234567", "Köln")]
    escaped = 'name,note,n\n"Ann","say \\"hi\\", then go",1\n"Bob","back\\\\slash",2\n'
    assert _cells(_read(tmp_path, escaped))[0] == ("Ann", 'say "hi", then go', "1")
    nul = 'name,note,n\n"Ann","say \x00"hi\x00", then go",1\n"Bob","x",2\n'
    assert _cells(_read(tmp_path, nul))[0] == ("Ann", 'say "hi", then go', "1")


def test_apostrophes_as_quotes_with_apostrophes_inside(tmp_path: Path) -> None:
    text = "name,note\n'O'Neil, Jr','it's late, isn't it'\n'Ann','x'\n'Bob, B','y'\n"
    table = _read(tmp_path, text)
    assert _cells(table) == [("O'Neil, Jr", "it's late, isn't it"), ("Ann", "x"), ("Bob, B", "y")]
    assert not any(row.problem for row in table.rows())


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
def test_line_ends_of_every_system_even_mixed(tmp_path: Path, ending: str) -> None:
    lines = ["name,note", '"Ann","two' + ending + 'lines"', "Bob,x", "Zed,y"]
    assert _cells(_read(tmp_path, ending.join(lines)))[0] == ("Ann", f"two{ending}lines")
    mixed = "name,note\r\nAnn,1\rBob,2\nZed,3"
    assert [row.number for row in _read(tmp_path, mixed).rows()] == [2, 3, 4]


def test_lists_glued_together_are_sorted_by_their_own_headers(tmp_path: Path) -> None:
    table = _read(tmp_path, "Name,Phone,City\nAnn,+4930123456,Köln\nName,City,Phone,Extra\nBob,Bonn,+4930123457,much\n")
    ann, again, bob = table.rows()
    assert again.header_again
    assert again.problem is not None
    assert bob.cells == ("Bob", "+4930123457", "Bonn")
    assert bob.surplus == ("much",)
    assert ann.problem is None


def test_numbers_that_lost_their_digits_are_marked_in_their_cell(tmp_path: Path) -> None:
    table = _read(
        tmp_path,
        'Name,,Phone,Fax\nAnn,,4.91512E+11,1\nBob,,"4,91512E+11",\nZed,,4.91512345678E+11,\nIda,,1E10,12E5\n',
    )
    ann, bob, zed, ida = table.rows()
    assert table.dropped == (2,)
    assert [at for at, _ in ann.flaws] == [table.columns.index("Phone")]
    assert "last digits are lost" in ann.flaws[0][1]
    assert bob.flaws
    assert (zed.cells[1], zed.flaws) == ("491512345678", ())
    assert (ida.cells[1:], ida.flaws) == (("1E10", "12E5"), ())


@pytest.mark.parametrize(
    ("text", "lost", "whole"),
    [
        ("4.91512E+11", True, None),
        ("4,9E+11", True, None),
        ("5E+11", True, None),
        ("4.91512345678901e+16", True, None),
        ("4.91512345678E+11", False, "491512345678"),
        ("-4.91512345678E+11", False, "-491512345678"),
        ("1.5E+02", False, None),
        ("1E10", False, None),
        ("+491512345678", False, None),
        ("E+11", False, None),
        ("", False, None),
    ],
)
def test_excels_short_form_is_known_from_other_texts(text: str, whole: str | None, *, lost: bool) -> None:
    assert lost_digits(text) == lost
    assert whole_number(text) == whole


def test_cells_pasted_from_a_spreadsheet() -> None:
    text = 'Name\tPhone\tNote\r\nAnn\t+49 30 1\t"two\nlines, ""quoted"""\r\nBob\t2\t5" pipe\r\n\t\t\r\n'
    table = open_pasted(text)
    assert table.columns == ("Name", "Phone", "Note")
    assert [row.cells for row in table.rows() if not row.empty] == [
        ("Ann", "+49 30 1", 'two\nlines, "quoted"'),
        ("Bob", "2", '5" pipe'),
    ]
    assert not open_pasted("Ann\t+49 30 1234567\nBob\t+49 30 1234568\n").headed
    assert _cells(open_pasted("ann@example.com")) == [("ann@example.com",)]
    assert _cells(open_pasted("Name;Phone\nAnn;1\n")) == [("Ann", "1")]
    for nothing in ("", " \r\n\t\r\n", "\ufeff"):
        with pytest.raises(Refused, match="no rows to paste"):
            open_pasted(nothing)
