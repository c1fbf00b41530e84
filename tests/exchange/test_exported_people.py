"""People as objects for programs and as cards for telephones: everything such a file can carry is in it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leaddesk.db.opening import open_store
from leaddesk.exchange.exporting import export
from leaddesk.exchange.importing import open_leads
from leaddesk.exchange.tables import open_table
from leaddesk.exchange.writers import as_text
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.export import CARD_VERSIONS, FileForm, LeadOut
from leaddesk.workflow.intake import OnDuplicate, Options, run_import
from leaddesk.workflow.vocabulary import Channel
from tests.db.commands import Do
from tests.engines import TestClock, sit_down
from tests.exchange.hard_leads import hard_leads, leads_of


@pytest.fixture
def engine_name() -> str:
    """The file is the same whichever engine it comes from; `test_exporting` asks both."""
    return "sqlite"


@pytest.fixture
def other(template_file: Path, tmp_path: Path, clock: TestClock) -> Iterator[Desk]:
    """A desk at an empty database with the same two users."""
    store = open_store(Path(shutil.copy(template_file, tmp_path / "other.db")), clock, create=False)
    yield sit_down(store, clock)
    store.close()


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_objects_say_what_the_table_says(desk: Desk, tmp_path: Path, suffix: str) -> None:
    desk.do(Do(hard_leads))
    export(desk, "leads", tmp_path / "out.csv")
    export(desk, "leads", tmp_path / f"out{suffix}")
    table = open_table(tmp_path / "out.csv", header=True)
    text = (tmp_path / f"out{suffix}").read_text(encoding="utf-8")
    found = json.loads(text) if suffix == ".json" else [json.loads(line) for line in text.split("\n")[:-1]]
    assert [tuple(map(as_text, row.values())) for row in found] == [row.cells for row in table.rows()]
    assert {tuple(row) for row in found} == {table.columns}


@pytest.mark.parametrize("version", CARD_VERSIONS)
def test_cards_carry_what_a_card_can_carry(desk: Desk, other: Desk, tmp_path: Path, version: str) -> None:
    desk.do(Do(hard_leads))
    path = tmp_path / "people.vcf"
    count = export(desk, "leads", path, form=FileForm(cards=version))
    run_import(other, open_leads(path), Options(region="DE", on_duplicate=OnDuplicate.CREATE))
    before, after = leads_of(desk), leads_of(other)
    assert len(after) == count

    def on_card(out: LeadOut) -> dict[str, Any]:
        """A reader evens blanks out, cuts tags at commas, and puts numbers into an order of its own."""
        lead, phones = out.lead, [p for p in out.points if p.channel is Channel.PHONE and p.key]
        texts = {name: getattr(lead, name) for name in ("role", "website", "city", "region", "postal_code", "country")}
        emails = [p.value for p in out.points if p.channel is Channel.EMAIL]
        kinds = {(p.value, p.label if p.label in ("work", "mobile") else "") for p in phones}
        name = " ".join(lead.title.split())
        tags = {part for tag in lead.tags for part in re.split(r"[,;]\s*", tag)}
        return {**texts, "name": name, "phones": kinds, "emails": emails, "tags": tags}

    assert [on_card(out) for out in after] == [on_card(out) for out in before]
