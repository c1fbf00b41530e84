"""Real exports come in whole: every row counted, every cell kept, and undone without a trace."""

import csv
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from leaddesk.exchange.exporting import export
from leaddesk.exchange.importing import open_leads
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra, Source, Suppression, User
from leaddesk.workflow.intake import ImportResult, Options, run_import
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, Reach, Status, UserState
from tests.engines import Opener, TestClock, sit_down
from tests.shared_data import shared
from tests.workflow.intake_files import everything, stored

Cells = dict[str, dict[str, str]]


@pytest.fixture(params=["sqlite"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """The big files once, on one engine; small ones tell the engines apart."""
    return str(request.param)


def bring(desk: Desk, name: str, region: str, *, dry_run: bool = False) -> ImportResult:
    return run_import(desk, open_leads(shared(name)), Options(region=region, dry_run=dry_run))


def cells(path: Path, key: str) -> Cells:
    """The file by the cells of one column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def lost(path: Path, out: Path, key: str) -> list[tuple[str, str]]:
    """Cells of the file that do not come back under their own header in their own row."""
    before, after = cells(path, key), cells(out, key)
    return [
        (number, header)
        for number, row in before.items()
        for header, text in row.items()
        if text.strip() and after.get(number, {}).get(header) != text
    ]


def test_zoho_leads(opened: Opener, clock: TestClock, tmp_path: Path) -> None:
    name, store = "leads/zoho_leads.csv", opened()
    desk = sit_down(store, clock)
    before = everything(store)
    dry = bring(desk, name, "US", dry_run=True)
    assert everything(store) == before
    result = bring(desk, name, "US")
    assert dry.counts == result.counts
    counts = result.counts
    assert (counts.rows, counts.created) == (3_900, 3_900)
    assert (result.encoding, result.delimiter) == ("utf-8", ",")
    assert result.columns["Mobile"] == "mobile_phone"
    assert dry.statuses == result.statuses == {
        "Not Contacted": ("new", 392),
        "Contacted": ("in_progress", 780),
        "Attempted to Contact": ("in_progress", 391),
        "Pre Qualified": ("qualified", 776),
        "Contact in Future": ("deferred", 781),
        "Lost Lead": ("refused", 392),
        "Junk Lead": ("disqualified", 388),
    }  # fmt: skip

    leads = stored(desk, Lead)
    assert Counter(lead.status for lead in leads) == {
        Status.NEW: 392, Status.IN_PROGRESS: 1_171, Status.QUALIFIED: 776, Status.DEFERRED: 781, Status.REFUSED: 392,
        Status.DISQUALIFIED: 388,
    }  # fmt: skip
    assert all(lead.retry_at for lead in leads if lead.status in (Status.IN_PROGRESS, Status.QUALIFIED))
    assert all(
        lead.return_at and abs(lead.return_at - clock.now() - timedelta(days=90)) < timedelta(days=2)
        for lead in leads
        if lead.status is Status.DEFERRED
    )
    assert all(lead.owner_id and lead.source_id and lead.created_at for lead in leads)
    phones = stored(desk, ContactPoint, channel=Channel.PHONE)
    assert len(phones) == 3_900
    assert sum(point.key.startswith("+1") and len(point.key) == 12 for point in phones if point.usable) > 3_850
    invited = [user for user in stored(desk, User) if user.state is UserState.INVITED]
    assert len(invited) == 11
    assert len(stored(desk, Source)) == 10

    again = bring(desk, name, "US")
    assert (again.counts.created, again.counts.skipped, again.batch) == (0, 3_900, 0)
    assert export(desk, "leads", tmp_path / "out.csv") == 3_900
    assert lost(shared(name), tmp_path / "out.csv", "LEADID") == []
    desk.do(Undo())
    assert everything(store) == before


def test_x_education_leads(opened: Opener, clock: TestClock, tmp_path: Path) -> None:
    name, store = "leads/x_education_leads.csv", opened()
    desk = sit_down(store, clock)
    before = everything(store)
    counts = bring(desk, name, "IN").counts
    assert (counts.rows, counts.created) == (9_240, 9_240)
    asked = cells(shared(name), "Prospect ID")
    leads = stored(desk, Lead)
    assert {lead.external_id for lead in leads if lead.no_call} == {
        i for i, r in asked.items() if r["Do Not Call"] == "Yes"
    }
    assert {lead.external_id for lead in leads if lead.no_mail} == {
        i for i, r in asked.items() if r["Do Not Email"] == "Yes"
    }
    assert all((lead.reach is Reach.BARRED) == lead.no_call for lead in leads)
    assert stored(desk, Suppression) == []  # nobody in this file has a number or an address
    assert stored(desk, LeadExtra)[0].fields["How did you hear about X Education"] == "Select"

    assert export(desk, "leads", tmp_path / "out.csv") == 9_240
    assert lost(shared(name), tmp_path / "out.csv", "Prospect ID") == []
    again = bring(desk, name, "IN")
    assert (again.counts.created, again.counts.skipped) == (0, 9_240)
    desk.do(Undo())
    assert everything(store) == before
    back = run_import(desk, open_leads(tmp_path / "out.csv"), Options())
    assert back.counts.created == 9_240
    export(desk, "leads", tmp_path / "again.csv")
    assert lost(shared(name), tmp_path / "again.csv", "Prospect ID") == []
