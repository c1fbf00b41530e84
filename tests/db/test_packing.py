"""New leads of an import: what is stored, and what the journal needs to say of it."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from leaddesk.db.check import check
from leaddesk.db.journal import empty_value
from leaddesk.db.store import DbStore
from leaddesk.db.tables import change, metadata
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.intake import Options, run_import
from leaddesk.workflow.intake_ready import Here
from leaddesk.workflow.merging import MergeCards
from leaddesk.workflow.undo import History, Redo, Undo
from tests.db.commands import Edit
from tests.db.test_journal import dump
from tests.workflow.intake_files import stored, written

LIST = """Name,Company,Phone,E-mail,Note,Colour,Do not call
Anna,,+12125550101,,,,
Boris,,+12125550102,,,,
Olena,Ромашка,,olena@x.ua,Call,blue,
Peter,Acme,+12125550104,p@x.org,,red,yes
Maria,Acme,,,,,
"""


def bring_by_twos(desk: Desk, folder: Path) -> None:
    run_import(desk, written(folder, LIST), Options(region="US"), readers=Here(2))


def lines(store: DbStore) -> list[tuple[str, int, dict[str, Any]]]:
    here = select(change.c.tbl, change.c.row_id, change.c.after).where(change.c.before.is_(None)).order_by(change.c.id)
    with store.reader.connect() as connection:
        return [(table, row_id, json.loads(after)) for table, row_id, after in connection.execute(here)]


def test_a_line_of_the_journal_and_what_is_empty_make_the_row(desk: Desk, tmp_path: Path) -> None:
    bring_by_twos(desk, tmp_path)
    rows = {
        (name, row[0]): dict(zip(metadata.tables[name].c.keys(), row, strict=True))
        for name, some in dump(desk.store).items()
        if name != "search_doc"
        for row in some
    }
    told = lines(desk.store)
    assert {table for table, *_ in told} >= {"lead", "contact_point", "lead_extra", "note", "suppression"}
    for table, row_id, after in told:
        empty = {column.name: empty_value(column) for column in metadata.tables[table].c}
        assert {**empty, **after} == rows[table, row_id]


def test_what_no_row_of_a_chunk_says_stands_in_no_line(desk: Desk, tmp_path: Path) -> None:
    bring_by_twos(desk, tmp_path)
    anna, boris, olena, *_ = (after for table, _, after in lines(desk.store) if table == "lead")
    assert "company" not in anna
    assert "company" not in boris
    assert olena["company"] == "Ромашка"
    assert {"attempts", "parked_why", "client_id"}.isdisjoint(anna)


def test_undo_and_redo_bring_back_every_byte(desk: Desk, tmp_path: Path) -> None:
    before = dump(desk.store)
    bring_by_twos(desk, tmp_path)
    after = dump(desk.store)
    for _ in range(2):
        desk.do(Undo())
        assert {name: rows for name, rows in dump(desk.store).items() if name in ("lead", "contact_point", "note")} == {
            name: before[name] for name in ("lead", "contact_point", "note")
        }
        desk.do(Redo())
        assert dump(desk.store) == after
    assert check(desk.store) == []


def test_a_merge_of_what_was_imported_is_turned_too(desk: Desk, tmp_path: Path) -> None:
    bring_by_twos(desk, tmp_path)
    anna, boris, *_ = stored(desk, Lead)
    after = dump(desk.store)
    desk.do(MergeCards(anna.id, boris.id))
    desk.do(Undo())
    assert dump(desk.store) == after
    desk.do(Undo())
    assert stored(desk, Lead) == []


def test_a_card_worked_on_since_is_spared_and_tells_how_it_came(desk: Desk, tmp_path: Path) -> None:
    bring_by_twos(desk, tmp_path)
    anna = stored(desk, Lead, name="Anna")[0]
    desk.do(Edit(Lead, anna.id, {"company": "Her own"}))
    came = desk.read(History(lead_id=anna.id))[-1]
    assert {(field.table, field.field): field.after for field in came.fields}["lead", "name"] == "Anna"
    assert "attempts" not in {field.field for field in came.fields}
