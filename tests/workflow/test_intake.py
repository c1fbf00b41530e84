"""A file comes in as one batch: what is stored, what is counted, and the way back."""

from pathlib import Path

import pytest

from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import (
    ContactPoint,
    ImportBatch,
    Lead,
    LeadExtra,
    Note,
    Refusal,
    Source,
    Suppression,
    User,
)
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake import Options, Verdict, run_import
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Channel, PointState, Reach, SourceKind, Status, UserState
from tests.engines import TestClock
from tests.workflow.intake_files import bring, everything, stored, written

FILE = """LEADID,Last Name,Company,Lead Owner,Email,Mobile,Lead Source,Lead Status,Created Time,Shoe Size
1,Denson,Maurice,David Love,Gary@cuvox.de,660-485-0224,Employee Referral,Contacted,"15 Apr, 2021 00:03:00",44
2,Hall,Chargepal,Tina Thomas,Mary@armyspy.com,860-253-6354,Trade Show,Junk Lead,"15 Apr, 2021 00:03:00",
3,Anderson,Awthentikz,David Love,Joe@dayrep.com,336-856-3419,Web Research,Lost Lead,"15 Apr, 2021 00:03:00",41
4,Estes,National Tea,Tina Thomas,Holly@dayrep.com,775-317-8837,web research,Contact in Future,"15 Apr, 2021 00:03:00",
5,Fields,Wound Up,anna,Roy@cuvox.de,563-508-6582,,Pre Qualified,"15 Apr, 2031 00:03:00",
6,Roye,Merry,,Terry@gustr.com,732-226-1891,Partner,Not Contacted,,
"""


def test_every_cell_finds_its_place(desk: Desk, tmp_path: Path, clock: TestClock) -> None:
    result = bring(desk, tmp_path, FILE)
    assert result.counts.as_dict() == {
        "rows": 6, "created": 6, "updated": 0, "skipped": 0, "rejected": 0, "duplicates": 0, "suppressed": 0,
        "suspicious": 0, "warnings": 1, "came_again": 0,
    }  # fmt: skip
    assert (result.encoding, result.delimiter) == ("utf-8", ",")
    assert result.columns["Shoe Size"] is None
    assert result.statuses["Lost Lead"] == ("refused", 1)
    first, junk, lost, future, qualified, fresh = stored(desk, Lead)
    assert (first.name, first.company, first.external_system, first.external_id) == ("Denson", "Maurice", "LEADID", "1")
    assert (first.status, first.retry_at, first.reach) == (Status.IN_PROGRESS, clock.now(), Reach.PHONE)
    assert first.created_at is not None
    assert first.created_at.isoformat() == "2021-04-15T00:03:00+00:00"
    assert (junk.status, junk.parked_why) == (Status.DISQUALIFIED, "Junk Lead (from the file)")
    assert lost.status is Status.REFUSED
    assert future.status is Status.DEFERRED
    assert future.return_at is not None
    assert 88 <= (future.return_at - clock.now()).days <= 91
    assert (qualified.status, qualified.created_at) == (Status.QUALIFIED, clock.now())
    assert (fresh.status, fresh.retry_at, fresh.owner_id) == (Status.NEW, None, None)
    refusal = stored(desk, Refusal)[0]
    assert (refusal.lead_id, refusal.reason, refusal.words) == (lost.id, "other", "Lost Lead (from Список лидов.csv)")
    extra = stored(desk, LeadExtra)[0]
    assert extra.fields == {"Shoe Size": "44"}
    assert extra.original["Mobile"] == "660-485-0224"
    points = stored(desk, ContactPoint, lead_id=first.id)
    assert {(p.channel, p.key) for p in points} == {(Channel.EMAIL, "gary@cuvox.de"), (Channel.PHONE, "+16604850224")}


def test_owners_and_sources_are_found_or_made(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, FILE)
    users = {user.login: user for user in stored(desk, User)}
    assert set(users) == {"boss", "anna", "david.love", "tina.thomas"}
    assert users["david.love"].state is UserState.INVITED
    assert users["david.love"].name == "David Love"
    leads = stored(desk, Lead)
    assert [lead.owner_id for lead in leads[:3]] == [users[n].id for n in ("david.love", "tina.thomas", "david.love")]
    assert leads[4].owner_id == users["anna"].id
    sources = {source.name: source.kind for source in stored(desk, Source)}
    assert sources == {
        "Employee Referral": SourceKind.SEED,
        "Trade Show": SourceKind.SPEAR,
        "Web Research": SourceKind.NET,
        "Partner": SourceKind.SEED,
    }


def test_what_the_person_chose_goes_before_the_file(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, "Name,Owner\nAda Byron,David Love\n", owner="ANNA", source="Fair")
    lead = stored(desk, Lead)[0]
    assert [user.login for user in stored(desk, User, id=lead.owner_id)] == ["anna"]
    assert [source.name for source in stored(desk, Source, id=lead.source_id)] == ["Fair"]
    assert stored(desk, LeadExtra)[0].original == {"Owner": "David Love"}


@pytest.mark.parametrize("options", [{"owner": "nobody"}, {"region": "Atlantis"}, {"overrides": {"Nome": "name"}}])
def test_options_that_cannot_be_are_refused(desk: Desk, tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(Refused):
        bring(desk, tmp_path, FILE, **options)
    assert stored(desk, Lead) == []


def test_only_a_team_lead_imports(operator_desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="team lead"):
        bring(operator_desk, tmp_path, FILE)


def test_again_creates_nothing_and_undo_leaves_nothing(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    before = everything(store)
    bring(desk, tmp_path, FILE)
    after = everything(store)
    again = bring(desk, tmp_path, FILE)
    assert (again.counts.created, again.counts.skipped, again.counts.duplicates) == (0, 6, 6)
    assert (again.batch, again.operation) == (0, 0)
    assert everything(store) == after
    undone = desk.do(Undo())
    assert undone.words == "Undone: Imported Список лидов.csv: 6 leads"
    assert everything(store) == before
    desk.do(Redo())
    assert [lead.name for lead in stored(desk, Lead)] == ["Denson", "Hall", "Anderson", "Estes", "Fields", "Roye"]
    assert stored(desk, ImportBatch)[0].state == "done"


def test_undo_spares_leads_worked_on_since(desk: Desk, tmp_path: Path) -> None:
    result = bring(desk, tmp_path, FILE)
    desk.do(EditLead(lead_id=3, values={"city": "Kyiv"}))
    done = desk.do(Undo(result.operation))
    assert done.words.endswith(". Worked on since, and left as they are: Anderson (lead 3)")
    assert [(lead.name, lead.city) for lead in stored(desk, Lead)] == [("Anderson", "Kyiv")]
    assert [user.login for user in stored(desk, User)] == ["boss", "anna", "david.love"]
    assert [batch.id for batch in stored(desk, ImportBatch)] == [result.batch]


def test_dry_run_writes_nothing_and_says_the_same(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    bring(desk, tmp_path, "Name,Phone\nKnown,660-485-0224\n")
    before = everything(store)
    text = FILE + "7,,,,,,,,,\n,,,,,,,,,9\n1,Denson,,,,660 485 0224,,,,\n8,Doe,,,x@y.org,,,,,\n9,Roe,,,X@Y.org,,,,,\n"
    dry = bring(desk, tmp_path, text, dry_run=True)
    assert everything(store) == before
    real = bring(desk, tmp_path, text)
    assert dry.counts == real.counts
    assert real.counts.as_dict() == {
        "rows": 11, "created": 7, "updated": 0, "skipped": 3, "rejected": 1, "duplicates": 3, "suppressed": 0,
        "suspicious": 0, "warnings": 1, "came_again": 0,
    }  # fmt: skip
    by_row = {verdict.number: verdict for verdict in dry.verdicts}
    assert by_row[2].verdict is Verdict.DUPLICATE
    assert by_row[2].why == "+16604850224 is on lead 1, Known (new)"
    assert by_row[9].verdict is Verdict.BAD
    assert "Nothing in this row says who it is" in by_row[9].why
    assert by_row[12].why == "x@y.org is on row 11, Doe"


def test_rows_that_ask_not_to_be_called(desk: Desk, tmp_path: Path) -> None:
    desk.do(Suppress("+18602536354"))
    text = "Name,Phone,Email,Do Not Call,Email Opt Out\nA A,660-485-0224,a@x.org,Yes,No\nB B,860-253-6354,,,\nC C,,c@x.org,no,1\n"
    dry = bring(desk, tmp_path, text, dry_run=True)
    result = bring(desk, tmp_path, text)
    assert dry.counts == result.counts
    assert (result.counts.created, result.counts.suppressed) == (3, 3)
    asked, known, no_mail = stored(desk, Lead)
    assert (asked.no_call, asked.no_mail, asked.reach) == (True, False, Reach.BARRED)
    assert (known.no_call, known.reach) == (False, Reach.BARRED)
    assert (no_mail.no_mail, no_mail.reach) == (True, Reach.NONE)
    assert {s.key for s in stored(desk, Suppression)} == {"+18602536354", "+16604850224", "c@x.org"}


def test_suppressing_by_file_bars_the_leads_there_are(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, "Name,Phone\nA A,660-485-0224\n")
    result = bring(desk, tmp_path, "Name,Phone,DNC\nB B,660-485-0224,x\n", on_duplicate="create")
    assert result.counts.created == 1
    assert [lead.reach for lead in stored(desk, Lead)] == [Reach.BARRED, Reach.BARRED]
    desk.do(Undo())
    assert [lead.reach for lead in stored(desk, Lead)] == [Reach.PHONE]


def test_several_and_unreadable_numbers_are_kept(desk: Desk, tmp_path: Path) -> None:
    text = 'Name,Phone,Email\nA A,"660-485-0224; 860-253-6354","a@x.org, b@x.org"\nB B,call me,not an address\n'
    result = bring(desk, tmp_path, text)
    points = stored(desk, ContactPoint)
    assert [p.value for p in points[2:4]] == ["a@x.org", "b@x.org"]
    assert next(p.key for p in points if p.channel is Channel.PHONE) == "+16604850224"
    bad = [p for p in points if p.lead_id == 2]
    assert [(p.raw, p.state) for p in bad] == [
        ("call me", PointState.INVALID),
        ("not an address", PointState.INVALID),
    ]
    assert result.counts.warnings == 1
    assert bring(desk, tmp_path, text).counts.created == 0


def test_odd_words_are_kept_and_said(desk: Desk, tmp_path: Path) -> None:
    text = 'Name,Lead Status,Country,Rating,DNC,Notes,Tags\nA A,Frobbed,Atlantis,Lukewarmish,maybe,Call at noon,"a, b;a"\nB B,Converted,,,,,\n'
    result = bring(desk, tmp_path, text)
    odd, converted = stored(desk, Lead)
    assert odd.status is Status.NEW
    assert odd.tags == ("a", "b")
    assert (converted.status, converted.tags) == (Status.IN_PROGRESS, ("converted in file",))
    assert converted.converted_at is None  # nobody made its client card
    original = stored(desk, LeadExtra)[0].original
    assert original["Lead Status"] == "Frobbed"
    assert (original["Country"], original["Rating"], original["DNC"]) == ("Atlantis", "Lukewarmish", "maybe")
    assert [note.text for note in stored(desk, Note)] == ["Call at noon"]
    assert len(next(v for v in result.verdicts if v.number == 2).warnings) == 5


def test_surplus_cells_and_a_second_header(desk: Desk, tmp_path: Path) -> None:
    result = bring(desk, tmp_path, "Name,Phone\nA A,660-485-0224,more\nName,Phone\nB B,860-253-6354\n")
    assert (result.counts.created, result.counts.rejected) == (2, 1)
    assert stored(desk, LeadExtra)[0].fields == {"Column 3": "more"}
    assert result.rejects[0].cells == ("Name", "Phone")


def test_ids_of_another_program(desk: Desk, tmp_path: Path) -> None:
    bring(desk, tmp_path, "Prospect ID,City\nx1,Kyiv\nx2,Lviv\n")
    again = bring(desk, tmp_path, "Prospect ID,City\nx1,Kyiv\nx3,Lviv\n")
    assert (again.counts.created, again.counts.skipped) == (1, 1)
    bring(desk, tmp_path, "LEADID,Name,Phone\n1,A A,660-485-0224\n")
    other = bring(desk, tmp_path, "LEADID,Name,Phone\n1,B B,860-253-6354\n")
    assert other.counts.created == 1


def test_people_without_any_number_are_told_by_their_whole_row(desk: Desk, tmp_path: Path) -> None:
    text = "Name,City,Size\nAda Byron,London,1\nAda Byron,London,2\n,,3\nAda Byron,London,1\n"
    first = bring(desk, tmp_path, text + "\n", source="Fair")
    assert (first.counts.created, first.counts.duplicates, first.counts.rejected) == (2, 1, 1)
    again = bring(desk, tmp_path, text + "Ada Byron,Paris,1\n")
    assert (again.counts.created, again.counts.duplicates) == (1, 3)
    assert again.verdicts[0].why == "the very same row is on lead 1, Ada Byron (new)"


def test_cancelling_takes_back_what_was_brought_in(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    before = everything(store)
    rows = "".join(f"Person {at},p{at}@x.org\n" for at in range(900))
    seen: list[tuple[int, int]] = []
    file = written(tmp_path, "Name,Email\n" + rows)
    result = run_import(desk, file, Options(), lambda *now: seen.append(now), lambda: len(seen) == 2)
    assert result.cancelled
    desk.do(Undo(result.operation))
    assert seen[:2] == [(400, 900), (800, 900)]
    assert everything(store) == before


def test_an_import_that_dies_can_be_undone(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    before = everything(store)
    file = written(tmp_path, "Name,Email\n" + "".join(f"Person {at},p{at}@x.org\n" for at in range(900)))

    def die(done: int, _total: int) -> None:
        if done == 800:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(desk, file, Options(), die)
    assert [batch.state for batch in stored(desk, ImportBatch)] == ["running"]
    assert len(stored(desk, Lead)) == 800
    assert desk.do(Undo()).words == "Undone: Importing Список лидов.csv (not finished)"
    assert everything(store) == before


def test_an_import_undone_while_it_runs_stops(desk: Desk, tmp_path: Path) -> None:
    file = written(tmp_path, "Name,Email\n" + "".join(f"Person {at},p{at}@x.org\n" for at in range(900)))

    def undo(done: int, _total: int) -> None:
        if done == 400:
            desk.do(Undo())

    with pytest.raises(Refused, match="undone while it ran"):
        run_import(desk, file, Options(), undo)
    assert stored(desk, Lead) == []
