"""Lists that leave: every cell of the file a lead came by, and everything learnt since."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from leaddesk.exchange.exporting import export, export_these
from leaddesk.exchange.importing import open_leads
from leaddesk.exchange.tables import open_table
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import (
    Call,
    Client,
    ClientPerson,
    ContactPoint,
    Lead,
    LeadExtra,
    Note,
    Refusal,
    Row,
    User,
)
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.export import FileForm, Kind
from leaddesk.workflow.intake import Options, run_import
from leaddesk.workflow.leads import EditExtras, EditLead
from leaddesk.workflow.ports import Work
from leaddesk.workflow.vocabulary import Channel
from tests.db.commands import Do
from tests.engines import START
from tests.workflow.intake_files import bring, stored

FILE = """id,Company,Handy,Created,Lead Status,Owner,Shoe Size,Do Not Call,company
7,Büro & Co,"660-485-0224; 860-253-6354",02.03.2021,Lost Lead,David Love,44,no,other
8, padded ,call me,,Frobbed,,,,=1+1
"""


NEW_EACH_TIME = ("id", "id (original)")


def exported(desk: Desk, path: Path, kind: str = "leads", *where: str) -> list[dict[str, str]]:
    count = export(desk, kind, path, where)
    table = open_table(path)
    rows = [dict(zip(table.columns, row.cells, strict=True)) for row in table.rows()]
    assert len(rows) == count
    return rows


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_every_cell_comes_back(desk: Desk, tmp_path: Path, suffix: str) -> None:
    bring(desk, tmp_path, FILE)
    first, second = exported(desk, tmp_path / f"out{suffix}")
    assert (first["id"], first["id (original)"], first["external_id"]) == ("1", "7", "7")
    assert (first["Company"], first["company"], first["company (original)"]) == ("Büro & Co", "Büro & Co", "other")
    assert (first["phone"], first["phone_2"]) == ("+16604850224", "+18602536354")
    assert first["Handy"] == "660-485-0224; 860-253-6354"
    assert (first["status"], first["Lead Status"]) == ("refused", "Lost Lead")
    assert (first["owner"], first["Owner"], first["Shoe Size"]) == ("David Love", "David Love", "44")
    assert (first["created_at"], first["Created"]) == ("2021-03-02T00:00:00Z", "02.03.2021")
    assert (second["company"], second["Company"], second["company (original)"]) == ("padded", " padded ", "=1+1")
    assert (second["phone"], second["Handy"], second["Lead Status"]) == ("call me", "call me", "Frobbed")


def test_what_was_exported_can_come_in_again(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FILE)
    desk.do(EditLead(lead_id=2, values={"city": "Kyiv"}))
    desk.do(EditExtras(lead_id=2, fields={"Hat": "7"}))
    rows = exported(desk, tmp_path / "out.csv")
    desk.do(Do(forget_leads))
    run_import(desk, open_leads(tmp_path / "out.csv"), Options(region="US"))
    again = exported(desk, tmp_path / "again.csv")
    for before, after in zip(rows, again, strict=True):
        kept = {name: text for name, text in before.items() if text and name not in NEW_EACH_TIME}
        assert {name: after[name] for name in kept} == kept
    assert again[1]["Hat"] == "7"


def forget_leads(work: Work) -> None:
    """Take the leads away, so that the same rows are new."""
    rows: list[Row] = []
    for kind in (Refusal, Note, ContactPoint, LeadExtra, Lead):
        rows += work.find(kind)
    for row in rows:
        work.remove(row)


def test_only_what_fits_the_conditions(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FILE, source="Fair")
    out = tmp_path / "out.csv"
    assert [row["external_id"] for row in exported(desk, out, "leads", "status=refused, new")] == ["7", "8"]
    assert [row["external_id"] for row in exported(desk, out, "leads", "owner=david.love")] == ["7"]
    assert [row["external_id"] for row in exported(desk, out, "leads", "source=fair", "search=PADD")] == ["8"]
    assert [row["external_id"] for row in exported(desk, out, "leads", "search=(860) 253")] == ["7"]
    for wrong in ("status=lost", "colour=red", "owner=nobody", "source=none", "status"):
        with pytest.raises(Refused):
            export(desk, "leads", out, [wrong])


def test_an_operator_exports_own_leads_and_the_pool(desk: Desk, operator_desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FILE)
    assert [row["external_id"] for row in exported(operator_desk, tmp_path / "out.csv")] == ["8"]


def test_other_kinds_and_forms(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FILE)
    anna = stored(desk, User, login="anna")[0]
    client = desk.do(Do(lambda work: work.add(Client(name="Ada", company="Engines", owner_id=anna.id)))).value
    desk.do(Do(lambda work: work.add(ClientPerson(client_id=client.id, name="Bob", role="CFO"))))
    desk.do(Do(lambda work: work.add(ContactPoint(client_id=client.id, channel=Channel.SKYPE, value="ada"))))
    desk.do(
        Do(lambda work: work.add(Call(lead_id=1, user_id=anna.id, started_at=START, outcome="no_answer", phone="+1")))
    )
    clients = exported(desk, tmp_path / "clients.csv", "clients", "owner=anna", "search=engin")
    assert (clients[0]["name"], clients[0]["people"], clients[0]["messengers"]) == ("Ada", "Bob, CFO", "skype: ada")
    refusals = exported(desk, tmp_path / "refusals.xlsx", "refusals", "reason=other")
    assert (refusals[0]["lead"], refusals[0]["words"]) == ("Büro & Co", "Lost Lead (from Список лидов.csv)")
    calls = exported(desk, tmp_path / "calls.csv", "calls", "owner=anna", "outcome=no_answer")
    assert (calls[0]["title"], calls[0]["user"], calls[0]["started_at"]) == (
        "Büro & Co",
        "Anna Operator",
        "2026-03-02T09:00:00Z",
    )
    assert export(desk, "leads", tmp_path / "leads.json") == 2
    leads = json.loads((tmp_path / "leads.json").read_text(encoding="utf-8"))
    assert (leads[0]["id"], leads[0]["do_not_call"], leads[0]["decides"]) == (1, False, None)
    assert export(desk, "leads", tmp_path / "leads.vcf") == 2
    card = (tmp_path / "leads.vcf").read_text(encoding="utf-8")
    assert "TEL;TYPE=CELL:+16604850224" in card
    assert export(desk, "clients", tmp_path / "clients.vcf") == 1
    for kind, name in (("calls", "calls.vcf"), ("leads", "leads.pdf"), ("letters", "letters.csv")):
        with pytest.raises(Refused):
            export(desk, kind, tmp_path / name)


def test_rows_are_read_a_chunk_at_a_time(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, "Name,Email\n" + "".join(f"Person {at},p{at}@x.org\n" for at in range(1_203)))
    rows = exported(desk, tmp_path / "out.csv")
    assert [row["Name"] for row in rows] == [f"Person {at}" for at in range(1_203)]


PEOPLE = """Name,Email,Country,Tags,Temperature,Created
Cyd,c@x.org,DE,"hot, a;b",hot,2026-01-05
Ann,a@x.org,UA,hot,cold,2026-01-06
Bob,b@x.org,DE,"warm",warm,2026-01-07
"""


def test_columns_and_order_are_those_asked_for(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, PEOPLE)
    out = tmp_path / "out.csv"
    assert export(desk, "leads", out, columns=["email", "name", "email"], sort="name") == 3
    assert out.read_text(encoding="utf-8-sig") == "email,name\na@x.org,Ann\nb@x.org,Bob\nc@x.org,Cyd\n"
    for sort, names in (("-name", "Cyd Bob Ann"), ("temperature", "Cyd Bob Ann"), ("-created_at", "Bob Ann Cyd")):
        export(desk, "leads", out, columns=["name"], sort=sort, form=FileForm(mark=False))
        assert out.read_text(encoding="utf-8").split() == ['"name"', *(f'"{name}"' for name in names.split())]


def test_the_cards_of_a_view_come_in_its_order(desk: Desk, operator_desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, PEOPLE)
    out = tmp_path / "out.csv"
    assert export_these(desk, Kind.LEADS, [3, 1, 99], out, ["name"]) == 2
    assert [row.cells for row in open_table(out).rows()] == [("Bob",), ("Cyd",)]
    boss = stored(desk, User, login="boss")[0]
    desk.do(Do(lambda work: work.change(work.get(Lead, 3), owner_id=boss.id)))
    assert export_these(operator_desk, Kind.LEADS, [3, 1], out) == 1
    many = [1, 2, 3] * 400
    assert export_these(desk, Kind.LEADS, many, out, ["id"]) == 1_200


def test_a_view_is_as_wide_as_its_own_cards(desk: Desk, tmp_path: Path) -> None:
    """Else writing a few of a million would first look through all of them."""
    bring(desk, tmp_path, "name,phone,phone2,shoe\nAnn,+380674410098,+380674410099,38\n")
    bring(desk, tmp_path, "name,email,hat\nBob,bob@klochkivska.example,57\n")
    ann, bob = (stored(desk, Lead, name=name)[0].id for name in ("Ann", "Bob"))
    out = tmp_path / "out.csv"
    headers: dict[str, Any] = {}
    for who, ids in (("ann", [ann]), ("bob", [bob]), ("both", [ann, bob])):
        export_these(desk, Kind.LEADS, ids, out)
        headers[who] = open_table(out).columns
    assert "hat" not in headers["ann"]
    assert "shoe" not in headers["bob"]
    assert "phone_2" not in headers["bob"]
    assert {"hat", "shoe", "phone_2"} <= set(headers["both"])
    assert "phone_2" in headers["ann"]


def test_conditions_narrow_by_day_tag_country_and_readiness(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, PEOPLE)
    out = tmp_path / "out.csv"

    def names(*where: str) -> list[str]:
        return [row["name"] for row in exported(desk, out, "leads", *where)]

    assert names("tag=hot") == ["Cyd", "Ann"]
    assert names("tag=warm,nothing") == ["Bob"]
    assert names("country=Germany", "temperature=warm,cold") == ["Bob"]
    assert names("from=2026-01-06", "to=2026-01-06") == ["Ann"]
    assert names("from=2026-01-08") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"conditions": ["from=yesterday"]}, {"conditions": ["country=Atlantis"]}, {"conditions": ["temperature=blue"]},
        {"conditions": ["status=new", "status=refused"]}, {"columns": ["shoe size"]}, {"columns": [" "]},
        {"sort": "shoes"}, {"sort": "-"}, {"kind": "refusals", "sort": "name"}, {"path": "out.vcf", "columns": ["name"]},
        {"path": "gone/out.csv"}, {"path": "out.pdf"}, {"path": "out"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_no_file(desk: Desk, tmp_path: Path, asked: dict[str, Any]) -> None:
    bring(desk, tmp_path, PEOPLE)
    there = sorted(tmp_path.rglob("*.*"))
    wish = {"kind": "leads", "conditions": (), **asked, "path": tmp_path / asked.get("path", "out.csv")}
    with pytest.raises(Refused):
        export(desk, **wish)
    assert sorted(tmp_path.rglob("*.*")) == there


def test_memory_does_not_grow_with_the_rows(desk: Desk, tmp_path: Path) -> None:
    anna = stored(desk, User, login="anna")[0]

    def add(count: int) -> None:
        one = Call(user_id=anna.id, started_at=START, outcome="no_answer", phone="+1", note="x" * 100)
        desk.do(Do(lambda work: work.put_many([one] * count)))

    def peak() -> int:
        tracemalloc.start()
        export(desk, "calls", tmp_path / "out.csv")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    add(1_000)
    peak()
    before = peak()
    add(9_000)
    assert peak() < 1.3 * before
