"""Files made to hang, to fill the memory or to confuse: refused in words or read, never a crash."""

import csv
import gc
import random
import tracemalloc
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaddesk.exchange.pasted import open_pasted
from leaddesk.exchange.records import LINE_LIMIT
from leaddesk.exchange.tables import Table, open_table
from leaddesk.workflow.errors import Refused, Unavailable
from tests.exchange.workbooks import cell, changed, content, ods, row, table, xlsx
from tests.shared_data import shared


def _write(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _read_through(open_it: Callable[[], Table]) -> int:
    """Read to the end; gives the rows, or less than none for words to a person. All rows are as wide as the table."""
    try:
        table = open_it()
        rows = list(table.rows())
    except (Refused, Unavailable) as error:
        return -len(error.words)
    assert all(len(row.cells) == len(table.columns) for row in rows)
    assert all(0 <= at < len(table.columns) and words for row in rows for at, words in row.flaws)
    return len(rows)


@pytest.mark.parametrize("start", [b"", b"a,b\n", b"BEGIN:VCARD\nFN:x\nNOTE:", b"BEGIN:VCARD"])
def test_a_line_of_a_gigabyte_is_refused_or_passed_over(tmp_path: Path, start: bytes) -> None:
    """A sparse file: its gigabyte is zeros that no disk holds."""
    path = _write(tmp_path, start)
    with path.open("r+b") as file:
        file.truncate(1 << 30 if not start else 80 << 20)
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match=r"letters|no text|no entry"):
            assert _strictly(path) < 0
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * LINE_LIMIT


def _strictly(path: Path) -> int:
    return sum(1 for _ in open_table(path).rows())


def test_a_long_line_after_good_ones_is_refused_when_it_comes(tmp_path: Path) -> None:
    path = _write(tmp_path, b"name,note\n" + b"Ann,x\n" * 50_000 + b"Bob," + b"y" * (2 * LINE_LIMIT))
    rows = open_table(path).rows()
    assert [row.number for row in islice(rows, 40_000)][-1] == 40_001
    with pytest.raises(Refused, match="Line 50002 of the file is longer than 16,777,216 letters"):
        list(rows)


@pytest.mark.soak
def test_a_gigabyte_of_letters_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    for start in (b"", b"name,note\nAnn,", b'{"name": "', b"BEGIN:VCARD\nFN:"):
        with path.open("wb") as file:
            file.write(start)
            for _ in range(1 << 10):
                file.write(b"letters " * (1 << 17))
        tracemalloc.start()
        try:
            _read_through(lambda: open_table(path))
            assert tracemalloc.get_traced_memory()[1] < 12 * LINE_LIMIT
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(
    "line", ['"a,' * 400_000, '"a",b"' * 200_000, '"' * 1_000_001, ",\"'" * 300_000, '"x"",' * 200_000]
)
def test_a_line_made_of_quotes_is_read_once(tmp_path: Path, line: str) -> None:
    """Counted by the letters a slow reading would take: this would last for hours."""
    path = _write(tmp_path, f"name,note\nAnn,1\n{line}\nBob,2\n".encode())
    assert _read_through(lambda: open_table(path, delimiter=",", header=True)) >= 1


def test_quotes_that_never_close_swallow_nothing(tmp_path: Path) -> None:
    lines = "".join(f'{at},"open {at}\n' if at % 1_000 == 0 else f"{at},note {at}\n" for at in range(60_000))
    rows = list(open_table(_write(tmp_path, b"id,note\n" + lines.encode())).rows())
    assert [row.cells[0] for row in rows] == [str(at) for at in range(60_000)]
    assert sum(row.problem is not None for row in rows) == 60


def test_more_columns_than_a_spreadsheet_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="columns"):
        open_table(_write(tmp_path, b"," * 100_000 + b"x\n1\n"))


def test_a_row_of_a_million_cells_is_said_shortly(tmp_path: Path) -> None:
    (row,) = open_table(_write(tmp_path, b"a,b\n" + b"1," * 1_000_000 + b"\n"), header=True).rows()
    assert row.problem is not None
    assert len(row.problem) < 400
    assert len(row.surplus) > 900_000


@pytest.mark.parametrize("kind", ["plain", "quoted", "headerless"])
def test_memory_does_not_grow_with_the_list(tmp_path: Path, kind: str) -> None:
    def peak(times: int) -> int:
        path = tmp_path / f"{times}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL if kind == "quoted" else csv.QUOTE_MINIMAL)
            if kind != "headerless":
                writer.writerow(["Name", "Phone", "Note"])
            writer.writerows([f"Anna {at}", f"+4930{at:07}", 'said "yes"\nand went'] for at in range(times))
        tracemalloc.start()
        try:
            table = open_table(path)
            assert sum(1 for _ in table.rows()) == times
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)  # dictionaries and code pages are loaded once
    assert peak(60_000) < 1.2 * peak(6_000)


@pytest.mark.parametrize("kind", ["inline", "shared", "ods"])
def test_memory_does_not_grow_with_the_workbook(tmp_path: Path, kind: str) -> None:
    def peak(times: int) -> int:
        path = _workbook(tmp_path / f"{times}", kind, times)
        gc.collect()
        tracemalloc.start()
        try:
            assert sum(1 for _ in open_table(path).rows()) == times
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)  # dictionaries and code pages are loaded once
    assert peak(20_000) < 1.2 * peak(4_000)


def _workbook(path: Path, kind: str, times: int) -> Path:
    """A list as long; the shared texts are so long that even the shorter list has more of them than are held."""
    people = (("Name", "Phone"), *((f"Anna {at}", f"+4930{at:07}") for at in range(times)))
    if kind == "ods":
        return ods(path, table(*(row(*map(cell, person)) for person in people)))
    if kind == "inline":
        cells = (map('<c t="inlineStr"><is><t>{}</t></is></c>'.format, person) for person in people)
        return xlsx(path, "".join(f"<row>{''.join(some)}</row>" for some in cells))
    texts = ("".join(f"<si><t>{text:_<600}</t></si>" for text in person) for person in people)
    numbers = "".join(
        f'<row><c t="s"><v>{2 * at}</v></c><c t="s"><v>{2 * at + 1}</v></c></row>' for at in range(times + 1)
    )
    return xlsx(path, numbers, texts=texts)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ('<row><c r="A1"><v>1</v></c></row>' + "<a>" * 4_000_000, "longer than 8 MB"),
        ("<row>" + "<c>" * 4_000_000, "longer than 8 MB"),
        ("<row>" + "<c/>" * 3_000_000, "longer than 8 MB"),
        ('<row><c t="inlineStr"><is><t>' + "a" * 9_000_000, "longer than 8 MB"),
        ('<row r="' + "9" * 5_000 + '"><c><v>1</v></c></row>', "damaged"),
    ],
)
def test_a_sheet_without_end_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        open_table(xlsx(tmp_path / "endless.xlsx", rows))


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        ("<table:a>" * 1_500_000, "longer than 8 MB"),
        (row(content('<text:p>a<text:s text:c="999999999"/></text:p>')), "longer than 8 MB"),
        (row(cell("a"), more='table:number-rows-repeated="99999999999"'), "99,999,999,999 rows"),
        (row(cell("a", 'table:number-columns-repeated="99999999999"')), "to column 99,999,999,999"),
    ],
)
def test_a_table_without_end_is_refused(tmp_path: Path, inner: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        open_table(ods(tmp_path / "endless.ods", table(inner)))


def test_texts_without_end_are_refused(tmp_path: Path) -> None:
    rows = '<row><c t="s"><v>0</v></c></row>'
    for text in ("<si><t>" + "a" * 9_000_000, "<si>" + "<r>" * 3_000_000):
        with pytest.raises(Refused, match="longer than 8 MB"):
            open_table(xlsx(tmp_path / "endless.xlsx", rows, texts=[text]))


def test_parts_deep_in_one_another_are_refused(tmp_path: Path) -> None:
    made = xlsx(tmp_path / "deep.xlsx", "<row><c><v>1</v></c></row>")
    with pytest.raises(Refused, match="deep in one another"):
        open_table(changed(made, "xl/styles.xml", lambda _: b"<a>" * 1_000_000))


def _samples() -> list[Path]:
    return sorted(
        file for folder in ("import_samples", "csv_torture") for file in shared(folder).rglob("*") if file.is_file()
    )


def test_every_sample_there_is_reads_or_is_refused_with_words() -> None:
    read = {file: _read_through(lambda file=file: open_table(file)) for file in _samples()}
    unread = {file.name for file, rows in read.items() if rows <= 0}
    assert unread <= {
        "file_header_only.csv", "file_header_only.csv.clean", "file_no_payload.csv", "file_no_payload.csv.clean",
        "blns.json", "blns.base64.json",
    }  # fmt: skip
    assert len(read) > 140


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = _write(tmp_path, content, "any.bin")
    _read_through(lambda: open_table(path))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("ab1,;\t\"'\n\r \\{}[]:=@+E.\x00é"), max_size=80),
    header=st.sampled_from([None, True, False]),
)
def test_any_text_is_read_or_refused(tmp_path: Path, text: str, header: bool | None) -> None:
    path = _write(tmp_path, text.encode("utf-8"))
    _read_through(lambda: open_table(path, header=header))
    _read_through(lambda: open_pasted(text, header=header))


def test_samples_with_bytes_changed_cut_and_doubled_are_read_or_refused(tmp_path: Path) -> None:
    dice = random.Random(20)
    samples = [file for file in _samples() if 0 < file.stat().st_size < 60_000]
    for turn in range(300):
        content = bytearray(dice.choice(samples).read_bytes())
        for _ in range(dice.randint(1, 8)):
            at = dice.randrange(len(content))
            match dice.randrange(4):
                case 0:
                    content[at] = dice.randrange(256)
                case 1:
                    content[at:at] = dice.choice(
                        [b'"', b"'", b"\n", b"\x00", b",", b"\xff\xfe", b"BEGIN:VCARD\n", b"{"]
                    )
                case 2:
                    del content[at : at + dice.randint(1, 40)]
                    content = content or bytearray(b"x")
                case _:
                    content[at:at] = content[at : at + dice.randint(1, 200)]
        path = _write(tmp_path, bytes(content), f"changed {turn}")
        _read_through(lambda path=path: open_table(path))
