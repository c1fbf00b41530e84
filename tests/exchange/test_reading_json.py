"""JSON of web forms and other systems' exports as tables."""

import json
import tracemalloc
from pathlib import Path

import pytest

from leaddesk.exchange.tables import Table, open_table
from leaddesk.workflow.errors import Refused
from tests.shared_data import shared


def _read(folder: Path, text: str, encoding: str = "utf-8") -> Table:
    path = folder / "leads.json"
    path.write_bytes(text.encode(encoding))
    return open_table(path)


def _said(table: Table) -> list[dict[str, str]]:
    return [{name: cell for name, cell in zip(table.columns, row.cells, strict=True) if cell} for row in table.rows()]


def test_an_object_to_a_line_with_values_inside_values(tmp_path: Path) -> None:
    table = _read(
        tmp_path,
        '{"name": "Ann", "phone": 491512345678, "address": {"city": "Köln", "geo": {"lat": 50.90}}, "ok": true}\n\n'
        '{"name": "Bob", "tags": ["a", "b"], "items": [{"q": 1}, {"q": 2}], "none": null}\n',
    )
    assert table.columns == (
        "name", "phone", "address.city", "address.geo.lat", "ok", "tags", "items.q", "items (2).q", "none",
    )  # fmt: skip
    assert _said(table) == [
        {"name": "Ann", "phone": "491512345678", "address.city": "Köln", "address.geo.lat": "50.90", "ok": "yes"},
        {"name": "Bob", "tags": "a, b", "items.q": "1", "items (2).q": "2"},
    ]
    assert [row.number for row in table.rows()] == [1, 3]


def test_names_that_flatten_alike_lose_nothing(tmp_path: Path) -> None:
    assert _said(_read(tmp_path, '{"a.b": 1, "a": {"b": 2}}')) == [{"a.b": "1", "a.b (2)": "2"}]


@pytest.mark.parametrize("indent", [None, 0, 4])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_array_of_objects_reads_as_its_lines_do(tmp_path: Path, indent: int | None, encoding: str) -> None:
    people = [{"name": f"Żaneta {at}", "phone": f"+48{at:09}", "note": "one\ntwo, {three} [four]"} for at in range(900)]
    array = _read(tmp_path, json.dumps(people, indent=indent, ensure_ascii=False), encoding)
    assert _said(array) == people
    lines = _read(tmp_path, "\n".join(json.dumps(one, indent=indent) for one in people), encoding)
    assert _said(lines) == people


def test_a_line_that_is_no_object_is_kept_with_words(tmp_path: Path) -> None:
    table = _read(tmp_path, '{"name": "Ann"}\n{"name": \n{"name": "Bob"}\nnonsense\n[1, "two"]\n{"name": "Zed"')
    rows = list(table.rows())
    assert [row.cells[0] for row in rows if row.problem is None] == ["Ann", "Bob"]
    assert [row.surplus[0] for row in rows if row.problem] == ['{"name":', "nonsense", '["1", "two"]', '{"name": "Zed"']
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "no object"),
        ('["a", "b"]', "no object"),
        ('[{"a": 1},\n{"a": tru}]', "line 2"),
        ('[{"a": 1}, {"a": "x', "broken"),
        ('{"a":' * 100_000, "nested too deep"),
        ("[" * 100_000, "nested too deep"),
        ('{"a": "' + "x" * 5_000_000 + '"}', "longer than"),
        ("{" + ",".join(f'"k{at}": {at}' for at in range(3_000)) + "}", "different names"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        list(_read(tmp_path, text).rows())


def test_numbers_shortened_by_a_spreadsheet_are_marked(tmp_path: Path) -> None:
    whole, lost = _read(tmp_path, '{"phone": 4.91512345678E+11}\n{"phone": "4.91512E+11"}\n').rows()
    assert (whole.cells, whole.flaws) == (("491512345678",), ())
    assert lost.cells == ("4.91512E+11",)
    assert lost.flaws[0][0] == 0


@pytest.mark.parametrize("array", [True, False])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, *, array: bool) -> None:
    def peak(times: int) -> int:
        objects = [json.dumps({"name": f"Ann {at}", "phone": f"+49{at:09}"}) for at in range(times)]
        table = _read(tmp_path, "[" + ",\n".join(objects) + "]" if array else "\n".join(objects))
        del objects
        tracemalloc.start()
        try:
            assert sum(1 for _ in table.rows()) == times
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(30_000) < 1.5 * peak(3_000)


def test_the_expected_json_of_csv_spectrum_reads_as_its_csv() -> None:
    for file in sorted(shared("csv_torture/csv-spectrum").glob("*.json")):
        if file.stem == "location_coordinates":  # in a code page of its own, and the number is masked
            continue
        assert _said(open_table(file)) == _said(open_table(file.with_suffix(".csv"))), file.name
