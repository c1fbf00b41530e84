"""A list exported and imported into an empty database gives the same leads, whatever stands in them."""

import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from leaddesk.db.opening import open_store
from leaddesk.exchange.exporting import export
from leaddesk.exchange.importing import open_leads
from leaddesk.exchange.tables import open_table
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.export import LeadOut
from leaddesk.workflow.intake import OnDuplicate, Options, run_import
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel, Status, Temperature
from tests.db.commands import Do
from tests.engines import START, TestClock, sit_down
from tests.exchange.hard_leads import hard_leads, leads_of
from tests.workflow.intake_files import bring

SUFFIXES = (".csv", ".xlsx", ".json", ".jsonl")
NEW_HERE = frozenset(
    "id version changed_at batch_id batch_row source_id owner_id client_id first_assigned_at assigned_at converted_at "
    "attempts touches score last_call_at came_back_at came_back_why idle_ok".split()
)
"""What a list cannot carry: ids, and what follows from calls, tasks and clients, which are lists of their own."""


@pytest.fixture
def other(template_file: Path, tmp_path: Path, clock: TestClock) -> Iterator[Desk]:
    """A desk at an empty database with the same two users."""
    store = open_store(Path(shutil.copy(template_file, tmp_path / "other.db")), clock, create=False)
    yield sit_down(store, clock)
    store.close()


@pytest.fixture
def engine_name() -> str:
    """The file is the same whichever engine it comes from; `test_exporting` asks both."""
    return "sqlite"


def told(out: LeadOut) -> dict[str, Any]:
    """Everything a lead says that a list carries.

    A lead in work comes without its task, so that it is due at once; a converted one comes without its client's card
    and is marked. An extra field that is called as one of ours says so afterwards.
    """
    lead = {f.name: getattr(out.lead, f.name) for f in fields(Lead) if f.name not in NEW_HERE}
    if out.lead.status is Status.CONVERTED:
        lead |= {"status": Status.IN_PROGRESS, "tags": ("converted in file", *out.lead.tags)}
    if lead["status"] in (Status.IN_PROGRESS, Status.QUALIFIED):
        lead["retry_at"] = lead["retry_at"] or START
    points = sorted(out.points, key=lambda point: list(Channel).index(point.channel))
    closed = {Channel.PHONE: out.lead.no_call, Channel.EMAIL: out.lead.no_mail}
    return {
        **lead,
        "points": [(p.channel, p.value, p.key, p.label, p.state) for p in points],
        "notes": out.notes,
        "source": out.source,
        "owner": out.owner,
        "refusal": out.refusal and (out.refusal.reason, out.refusal.words, out.refusal.at),
        "barred": sorted({p.key for p in points if not closed.get(p.channel)} & out.barred),
        "extra": {n.removesuffix(" (original)"): text for n, text in {**out.original, **out.fields}.items()},
    }


def carried(desk: Desk, other: Desk, path: Path) -> list[LeadOut]:
    """The leads of the other database after export and import."""
    count = export(desk, "leads", path)
    options = Options(region="US", on_duplicate=OnDuplicate.CREATE)
    result = run_import(other, open_leads(path), options)
    assert (result.counts.rows, result.counts.created, result.counts.warnings) == (count, count, 0)
    return leads_of(other)


def same(before: list[LeadOut], after: list[LeadOut]) -> None:
    assert len(before) == len(after)
    for one, two in zip(before, after, strict=True):
        assert told(two) == told(one)


def settled(desk: Desk) -> None:
    """What follows from the rest follows again: these leads were laid down by hand."""
    from leaddesk.workflow.derived import refresh

    desk.do(Do(lambda work: [refresh(work, lead) for lead in work.find(Lead)]))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hard_leads_come_back_the_same(desk: Desk, other: Desk, tmp_path: Path, suffix: str) -> None:
    desk.do(Do(hard_leads))
    settled(desk)
    before = leads_of(desk)
    after = carried(desk, other, tmp_path / f"out{suffix}")
    same(before, after)
    assert [out.lead.score for out in after] == [out.lead.score for out in before]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_made_up_floor_comes_back_the_same(desk: Desk, other: Desk, tmp_path: Path, suffix: str) -> None:
    from leaddesk.demo import fill

    fill(desk, leads=200, calls=300, seed=4, progress=lambda _done, _total: None)
    settled(desk)
    same(leads_of(desk), carried(desk, other, tmp_path / f"out{suffix}"))


def test_what_came_by_a_foreign_file_comes_back_cell_by_cell(desk: Desk, other: Desk, tmp_path: Path) -> None:
    text = "id,Company,Handy,Lead Status,Owner,Hat\n7,Büro & Co,660-485-0224; 860-253-6354,Lost Lead,David Love,44\n"
    bring(desk, tmp_path, text)
    carried(desk, other, tmp_path / "out.csv")
    export(other, "leads", tmp_path / "again.csv")
    first, second = (open_table(tmp_path / name) for name in ("out.csv", "again.csv"))
    assert second.columns == first.columns
    moved = {first.columns.index(name) for name in ("changed_at",)}
    for one, two in zip(first.rows(), second.rows(), strict=True):
        assert [c for at, c in enumerate(one.cells) if at not in moved] == [
            c for at, c in enumerate(two.cells) if at not in moved
        ]


def test_what_somebody_wrote_into_our_list_is_read_or_kept(desk: Desk, other: Desk, tmp_path: Path) -> None:
    point = PointInput(Channel.PHONE, "+49 30 901820")
    desk.do(AddLead(values={"name": "Ann"}, points=(point,)))
    export(desk, "leads", tmp_path / "out.xlsx")
    table = open_table(tmp_path / "out.xlsx")
    (row,) = table.rows()
    wrong = {
        "status": "Lost Lead", "temperature": "Hot", "decides": "perhaps", "return_at": "next week", "created_at": "x",
        "preferred_part": "noon", "interest": "x" * 20_001, "greet": "Yes",
    }  # fmt: skip
    cells = [wrong.get(name, cell) for name, cell in zip(table.columns, row.cells, strict=True)]
    from leaddesk.exchange.writers import write_table

    write_table(tmp_path / "edited.csv", table.columns, [cells])
    run_import(other, open_leads(tmp_path / "edited.csv"), Options())
    (out,) = leads_of(other)
    assert (out.lead.status, out.lead.temperature, out.lead.greet) == (Status.REFUSED, Temperature.HOT, True)
    kept = ("decides", "return_at", "created_at", "preferred_part", "interest")
    assert {name: out.fields[name] for name in kept} == {name: wrong[name] for name in kept}
