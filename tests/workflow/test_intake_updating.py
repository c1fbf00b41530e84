"""A file about people we know fills what is empty, adds what is new, and overwrites nothing."""

from pathlib import Path

from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra, Note, Source
from leaddesk.workflow.undo import Redo, Undo
from tests.workflow.intake_files import bring, everything, stored

KNOWN = "Name,Company,Email,Size\nAda Byron,Engines,ada@x.org,1\n"


def test_empty_fields_are_filled_and_others_kept(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    bring(desk, tmp_path, KNOWN)
    before = everything(store)
    news = "Name,Company,City,Email,Phone,Size,Colour,Notes,Source\nA. Byron,Looms,London,ada@x.org,660-485-0224,2,red,Keen,Fair\n"
    dry = bring(desk, tmp_path, news, on_duplicate="update", dry_run=True)
    result = bring(desk, tmp_path, news, on_duplicate="update")
    assert dry.counts == result.counts
    assert (result.counts.updated, result.counts.created, result.counts.duplicates) == (1, 0, 1)
    lead = stored(desk, Lead)[0]
    assert (lead.name, lead.company, lead.city) == ("Ada Byron", "Engines", "London")
    assert [point.key for point in stored(desk, ContactPoint)] == ["ada@x.org", "+16604850224"]
    assert stored(desk, LeadExtra)[0].fields == {"Size": "1", "Colour": "red", "Name": "A. Byron", "Company": "Looms"}
    assert [note.text for note in stored(desk, Note)] == ["Keen", "Size: 2"]
    assert [source.name for source in stored(desk, Source)] == ["Fair"]
    assert lead.reach == "phone"
    after = everything(store)
    again = bring(desk, tmp_path, news, on_duplicate="update")
    assert (again.counts.skipped, again.counts.updated) == (1, 0)
    assert everything(store) == after
    desk.do(Undo())
    assert everything(store) == before
    desk.do(Redo())
    assert stored(desk, Lead)[0].city == "London"


def test_rows_of_one_file_about_one_person_become_one_lead(desk: Desk, tmp_path: Path) -> None:
    text = "Name,Email,City,Phone\nAda Byron,ada@x.org,,\nAda,ada@x.org,London,\nAda B,,,660-485-0224\nX Y,ADA@x.org,,660-485-0224\nAda Q,,Paris,660-485-0224\n"
    dry = bring(desk, tmp_path, text, on_duplicate="update", dry_run=True)
    result = bring(desk, tmp_path, text, on_duplicate="update")
    assert dry.counts == result.counts
    assert (result.counts.created, result.counts.updated) == (2, 3)
    first, second = stored(desk, Lead)
    assert (first.name, first.city) == ("Ada Byron", "London")
    assert (second.name, second.city) == ("Ada B", "Paris")
    assert stored(desk, LeadExtra, id=first.id)[0].fields == {"Name": "Ada"}


def test_one_lead_updated_in_several_chunks_is_undone_exactly(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    bring(desk, tmp_path, KNOWN)
    before = everything(store)
    rows = [f"Person {at},p{at}@x.org,,," for at in range(900)]
    rows[10], rows[450], rows[850] = ",ada@x.org,London,,", ",ada@x.org,,Poet,", ",ada@x.org,,,660-485-0224"
    result = bring(desk, tmp_path, "\n".join(["Name,Email,City,Job Title,Phone", *rows]), on_duplicate="update")
    assert (result.counts.created, result.counts.updated) == (897, 3)
    lead = stored(desk, Lead, id=1)[0]
    assert (lead.city, lead.role, lead.reach) == ("London", "Poet", "phone")
    after = everything(store)
    desk.do(Undo(result.operation))
    assert everything(store) == before
    desk.do(Redo())
    assert everything(store)["contact_point"] == after["contact_point"]
    assert stored(desk, Lead, id=1)[0].role == "Poet"


def test_a_known_client_is_left_alone(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    from leaddesk.workflow.entities import Client
    from leaddesk.workflow.vocabulary import Channel
    from tests.db.commands import Do

    client = desk.do(Do(lambda work: work.add(Client(name="Ada")))).value
    desk.do(
        Do(
            lambda work: work.add(
                ContactPoint(client_id=client.id, channel=Channel.EMAIL, value="ada@x.org", key="ada@x.org")
            )
        )
    )
    result = bring(desk, tmp_path, KNOWN, on_duplicate="update")
    assert (result.counts.skipped, result.counts.created) == (1, 0)
    assert result.verdicts[0].why == "ada@x.org is on client 1, Ada; a client’s card is not changed by a file"
