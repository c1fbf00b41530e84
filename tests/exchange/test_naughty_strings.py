"""Strings that break programs, in every text field of a lead: stored, shown, searched, exported and brought back."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from leaddesk.db.mapping import storable
from leaddesk.db.opening import open_store
from leaddesk.exchange.exporting import export
from leaddesk.exchange.importing import open_leads
from leaddesk.workflow.cards import LeadCard, LeadRows, Search
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead, LeadExtra, Note, Source, User
from leaddesk.workflow.export import Kind, LeadOut, rows_of, where_of
from leaddesk.workflow.intake import OnDuplicate, Options, run_import
from leaddesk.workflow.ports import Work
from tests.db.commands import Do
from tests.engines import START, TestClock, sit_down
from tests.shared_data import shared

FIELDS = (
    "name first_name last_name company role interest industry website budget region city address postal_code language "
    "external_id external_system parked_why"
).split()
LONG_ENOUGH = 3
"""Signs a search begins with."""
ONLY_FIGURES = re.compile(r"[\d\s.,'/+-]+")
"""What is nothing but figures is looked for as a number, by its digits: “1 000.00” in a text may be passed over."""


@dataclass(frozen=True)
class Laid:
    """A string, and what stands where names are told apart without their case: its owner and source, and its tag."""

    text: str
    person: str
    tag: str


def naughty() -> list[Laid]:
    """Those in which anything can be seen: a cell of blanks alone is an empty one."""
    found = json.loads(shared("csv_torture/naughty_strings/blns.json").read_text(encoding="utf-8"))
    assert len(found) == 515
    texts = [storable(text) for text in found if text.strip()]
    people: dict[str, str] = {}
    return [Laid(text, people.setdefault(text.casefold(), text), " ".join(text.split())) for text in texts]


def lay_down(work: Work, lines: list[Laid]) -> None:
    """One lead per string, which stands in all its fields, as a note, a tag, an extra field, its owner and source."""
    people = list(dict.fromkeys(line.person for line in lines))
    users = dict(zip(people, work.put_many([User(login=f"u{n}", name=t) for n, t in enumerate(people)]), strict=True))
    sources = dict(zip(people, work.put_many([Source(name=text) for text in people]), strict=True))
    leads = [
        Lead(**values, owner_id=users[line.person], source_id=sources[line.person], tags=(line.tag,), created_at=START)
        for line in lines
        for values in [dict[str, Any].fromkeys(FIELDS, line.text)]
    ]
    ids = work.put_many(leads)
    both = list(zip(ids, lines, strict=True))
    work.put_many([Note(lead_id=lead_id, at=START, text=line.text) for lead_id, line in both])
    work.put_many([LeadExtra(id=lead_id, fields={"Extra": line.text}) for lead_id, line in both])


def leads_of(desk: Desk) -> list[LeadOut]:
    return [row for row in rows_of(desk, where_of(Kind.LEADS, [])) if isinstance(row, LeadOut)]


def told(out: LeadOut) -> tuple[set[str], set[str], tuple[str, ...]]:
    """What its fields say, who owns it and where it came from, and its tags."""
    texts = {getattr(out.lead, name) for name in FIELDS}
    return texts | {*out.notes, out.fields["Extra"]}, {out.owner, out.source}, out.lead.tags


@pytest.fixture
def other(template_file: Path, tmp_path: Path, clock: TestClock) -> Iterator[Desk]:
    store = open_store(Path(shutil.copy(template_file, tmp_path / "other.db")), clock, create=False)
    yield sit_down(store, clock)
    store.close()


def test_each_is_stored_and_shown_as_it_is(desk: Desk) -> None:
    lines = naughty()
    desk.do(Do(partial(lay_down, lines=lines)))
    found = leads_of(desk)
    assert [told(out) for out in found] == [({line.text}, {line.person}, (line.tag,)) for line in lines]
    rows = desk.read(LeadRows(tuple(out.id for out in found)))
    assert [(row.name, row.company, row.city, row.source) for row in rows] == [
        (line.text, line.text, line.text, line.person) for line in lines
    ]
    for out, line in zip(found[::9], lines[::9], strict=True):
        card = desk.read(LeadCard(out.id))
        assert {getattr(card.lead, name) for name in FIELDS} == {line.text}
        assert (card.owner, card.source, card.extra.fields) == (line.person, line.person, {"Extra": line.text})
        assert [note.text for note in card.notes] == [line.text]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_each_is_found(desk: Desk) -> None:
    lines = naughty()
    desk.do(Do(partial(lay_down, lines=lines)))
    found = leads_of(desk)
    missed = [
        line.text
        for out, line in zip(found, lines, strict=True)
        if len(line.text.strip()) >= LONG_ENOUGH and out.id not in {hit.id for hit in desk.read(Search(line.text, 600))}
    ]
    assert [text for text in missed if not ONLY_FIGURES.fullmatch(text)] == []
    assert len(missed) <= 18


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".jsonl"])
def test_each_comes_back_as_it_was(desk: Desk, other: Desk, tmp_path: Path, suffix: str) -> None:
    lines = naughty()
    desk.do(Do(partial(lay_down, lines=lines)))
    path = tmp_path / f"naughty{suffix}"
    assert export(desk, "leads", path) == len(lines)
    result = run_import(other, open_leads(path), Options(on_duplicate=OnDuplicate.CREATE))
    assert (result.counts.created, result.counts.warnings) == (len(lines), 0)
    assert [told(out) for out in leads_of(other)] == [({line.text}, {line.person}, (line.tag,)) for line in lines]


def test_each_leaves_as_an_object(desk: Desk, tmp_path: Path) -> None:
    lines = naughty()
    desk.do(Do(partial(lay_down, lines=lines)))
    export(desk, "leads", tmp_path / "out.jsonl")
    rows = [json.loads(row) for row in (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
    assert [{row[name] for name in (*FIELDS, "Extra", "note")} for row in rows] == [{line.text} for line in lines]
    assert [(row["owner"], row["source"]) for row in rows] == [(line.person, line.person) for line in lines]
