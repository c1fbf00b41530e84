"""Two cards made one: what stands, what moves, where the old number leads, and the way back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import TextClause, text

from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.cards import LeadCard, LeadIds, Search
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Command, Desk, Done
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake_entities import NotSame
from leaddesk.workflow.leads import AddNote, Disqualify, EditExtras, EditLead, SaveDraft
from leaddesk.workflow.merging import MergeCards, MergeMany, MergePreview
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.points import EditPoint
from leaddesk.workflow.queue import Drawable, TakeNext
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.sources import SaveSource, Sources
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.undo import History, Journal, Redo, Undo
from leaddesk.workflow.vocabulary import Channel, PointState, Status, TaskKind
from tests.db.commands import Do
from tests.engines import TestClock
from tests.properties.floor import difference, dump
from tests.workflow.intake_files import bring
from tests.workflow.making import KYIV, KYIV_OFFICE, KYIV_TOO, TALLINN, add, call, card, drawable, now_is

KEPT = "olena@klochkivska.example"


def merge(desk: Desk, keep: Lead, lose: Lead, **fields: str) -> Lead:
    return desk.do(MergeCards(keep.id, lose.id, fields)).value.lead


def whole(store: DbStore) -> bool:
    """Nothing is wrong with the database, as somebody sees it who has just opened it."""
    other = DbStore(store.target)
    try:
        assert check(other) == []
    finally:
        other.close()
    return True


def to_the_byte(desk: Desk, store: DbStore, command: Command[Any]) -> Done[Any]:
    """Carry a command out, back, and out again; every row must be as it was."""
    before = dump(store)
    done = desk.do(command)
    after = dump(store)
    desk.do(Undo())
    assert difference(before, dump(store)) == []
    desk.do(Redo())
    assert difference(after, dump(store)) == []
    return done


def busy_pair(desk: Desk, clock: TestClock) -> tuple[Lead, Lead]:
    """Two cards of one person on which something of every kind has happened."""
    keep = add(desk, KYIV, KEPT, company="Klochkivska Trade", city="Kyiv", tags="vip")
    clock.forward(hours=1)
    spelled = ("0674410098", KYIV_TOO, "O.lena@klochkivska.example")
    lose = add(desk, *spelled, name="Hrytsenko O.", company="KT", tags="fair", country="UA")
    desk.do(EditExtras(lose.id, {"Colour": "blue"}))
    for lead in (keep, lose):
        desk.do(AddNote(f"note on {lead.id}", lead_id=lead.id))
        desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=clock.now() + timedelta(days=2)))
        call(desk, lead, "no_answer")
        clock.forward(hours=1)
    desk.do(RefuseLead(lead_id=lose.id, reason="price", words="twice what they pay", letter="farewell"))
    return keep, lose


def test_everything_of_both_is_on_the_one_card(desk: Desk, store: DbStore, clock: TestClock) -> None:
    keep, lose = busy_pair(desk, clock)
    to_the_byte(desk, store, MergeCards(keep.id, lose.id))
    assert whole(store)
    one = card(desk, keep)
    assert [p.key for p in one.points if p.channel is Channel.PHONE] == [KYIV, KYIV_TOO]
    assert one.points[0].attempts == 2
    assert {n.text for n in one.notes} == {f"note on {keep.id}", f"note on {lose.id}"}
    assert len([row for row in one.timeline if row.kind == "call"]) == 2
    assert len(one.tasks) == 2
    assert [refusal.reason for refusal in one.refusals] == ["price"]
    assert len(one.letters) == 1
    assert (one.lead.touches, one.lead.attempts, one.lead.tags) == (2, 2, ("vip", "fair"))
    assert one.lead.created_at == keep.created_at
    assert one.extra.fields == {
        "Colour": "blue",
        f"Name (merged card {lose.id})": "Hrytsenko O.",
        f"Company (merged card {lose.id})": "KT",
        f"Status (merged card {lose.id})": "refused",
        f"Parked because (merged card {lose.id})": one.extra.fields[f"Parked because (merged card {lose.id})"],
        f"Phone (merged card {lose.id})": "0674410098",
    } | {k: v for k, v in one.extra.fields.items() if k.startswith("Email")}


def test_the_kept_value_stands_unless_it_is_empty_or_the_person_says_otherwise(desk: Desk) -> None:
    keep = add(desk, KYIV, name="Olena", company="Acme", role="")
    lose = add(desk, KYIV, name="Olena Hrytsenko", company="Klochkivska Trade", role="buyer", interest="headsets")
    one = merge(desk, keep, lose, name="lose", interest="headsets for 40 seats")
    assert (one.name, one.company, one.role, one.interest) == (
        "Olena Hrytsenko",
        "Acme",
        "buyer",
        "headsets for 40 seats",
    )
    assert card(desk, one).extra.fields == {
        f"Name (before card {lose.id} was merged)": "Olena",
        f"Company (merged card {lose.id})": "Klochkivska Trade",
        f"Interest (merged card {lose.id})": "headsets",
    }


def test_extra_fields_that_were_emptied_are_no_hindrance(desk: Desk, store: DbStore) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV, name="Hrytsenko O.")
    for lead in (keep, lose):
        desk.do(EditExtras(lead.id, {"Colour": "blue"}))
        desk.do(EditExtras(lead.id, {"Colour": ""}))
    to_the_byte(desk, store, MergeCards(keep.id, lose.id))
    assert card(desk, keep).extra.fields == {f"Name (merged card {lose.id})": "Hrytsenko O."}


def test_a_street_never_comes_to_another_city(desk: Desk) -> None:
    keep = add(desk, KYIV, city="Kyiv")
    lose = add(desk, KYIV, city="Lviv", address="Rynok 1")
    third = add(desk, KYIV, city="kyiv", address="Khreshchatyk 2")
    assert merge(desk, keep, lose).address == ""
    assert card(desk, keep).extra.fields[f"Address (merged card {lose.id})"] == "Rynok 1"
    assert merge(desk, keep, third).address == "Khreshchatyk 2"


COMES = {
    ("new", "new"): Status.NEW,
    ("new", "called"): Status.IN_PROGRESS,
    ("new", "refused"): Status.NEW,
    ("called", "refused"): Status.IN_PROGRESS,
    ("new", "called and refused"): Status.IN_PROGRESS,
    ("deferred", "called"): Status.IN_PROGRESS,
    ("deferred", "refused"): Status.DEFERRED,
    ("disqualified", "called"): Status.IN_PROGRESS,
    ("disqualified", "refused"): Status.REFUSED,
    ("left alone", "called"): Status.REFUSED,
    ("client", "refused"): Status.CONVERTED,
    ("called", "client"): Status.CONVERTED,
}


def test_the_card_that_is_more_alive_wins(desk: Desk, store: DbStore, clock: TestClock) -> None:
    back = clock.now() + timedelta(days=30)
    deeds: dict[str, Callable[[int], Command[Any]]] = {
        "called": lambda i: LogCall(lead_id=i, outcome="no_answer"),
        "refused": lambda i: RefuseLead(lead_id=i, reason="price", words="w", letter="none"),
        "left alone": lambda i: RefuseLead(lead_id=i, reason="price", words="w", never_again=True),
        "deferred": lambda i: DeferLead(lead_id=i, until=back),
        "disqualified": lambda i: Disqualify(i, "spam"),
        "client": lambda i: ConvertLead(lead_id=i, even_if_known=True),
    }
    for number, ((mine, theirs), comes) in enumerate(COMES.items()):
        keep, lose = (add(desk, f"+38067441{number:02d}{i}8") for i in (1, 2))
        for lead, what in ((keep, mine), (lose, theirs)):
            for deed in what.split(" and "):
                if deed in deeds:
                    desk.do(deeds[deed](lead.id))
        to_the_byte(desk, store, MergeCards(keep.id, lose.id))
        one = now_is(desk, keep)
        assert one.status is comes, (mine, theirs)
        assert (one.client_id is not None) == (comes is Status.CONVERTED)
        offered = drawable(desk, 100)
        assert lose.id not in offered
        if (mine, theirs) == ("new", "called and refused"):
            assert one.came_back_why == "Refused: Too expensive; merged with a card in work"
            assert one.id in offered
    assert whole(store)


def test_two_clients_stay_two(desk: Desk, store: DbStore) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    for lead in (keep, lose):
        desk.do(ConvertLead(lead_id=lead.id, even_if_known=True))
    before = dump(store)
    with pytest.raises(Refused, match="two different clients"):
        desk.do(MergeCards(keep.id, lose.id))
    with pytest.raises(Refused, match="two different clients"):
        desk.do(MergeMany(((keep.id, lose.id),)))
    assert difference(before, dump(store)) == []
    assert "two different clients" in desk.read(MergePreview(keep.id, lose.id)).refused


def test_who_asked_to_be_left_alone_is_left_alone(desk: Desk, clock: TestClock) -> None:
    working = add(desk, KYIV_TOO)
    desk.do(AddTask(lead_id=working.id, kind=TaskKind.CALL, due_at=clock.now()))
    gone = add(desk, KYIV)
    desk.do(RefuseLead(lead_id=gone.id, reason="do_not_call"))
    view = desk.read(MergePreview(working.id, gone.id))
    assert any("left alone" in words for words in view.warnings)
    merge(desk, working, gone)
    one = card(desk, working)
    assert [task.dropped for task in one.tasks] == [True]
    assert one.suppressed == {KYIV}
    assert desk.read(Drawable(10)) == []


def test_one_number_keeps_what_was_learnt_of_it_last(desk: Desk, clock: TestClock) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV)
    call(desk, keep, "wrong_number")
    clock.forward(days=1)
    call(desk, lose, "callback", at=clock.now() + timedelta(days=1))
    one = merge(desk, keep, lose)
    (point,) = card(desk, one).points
    assert (point.state, point.attempts, point.answered) == (PointState.VALID, 2, 2)


def test_the_old_number_leads_to_the_card_for_ever(desk: Desk, clock: TestClock) -> None:
    first, second, third = add(desk, KYIV), add(desk, KYIV_TOO, name="Hrytsenko"), add(desk, TALLINN, name="O. H.")
    merge(desk, second, first)
    merge(desk, third, second)
    for old in (first, second):
        assert desk.read(LeadCard(old.id)).lead.id == third.id
        done = desk.do(LogCall(lead_id=old.id, outcome="no_answer", note=f"by {old.id}"))
        assert done.value.lead_id == third.id
        clock.forward(days=1)
        assert desk.do(AddNote("by its old number", lead_id=old.id)).value.lead_id == third.id
        assert desk.do(EditLead(lead_id=old.id, values={"interest": f"i{old.id}"})).value.id == third.id
        task = AddTask(lead_id=old.id, kind=TaskKind.OTHER, due_at=clock.now() + timedelta(days=1))
        assert desk.do(task).value.lead_id == third.id
        assert next(hit.id for hit in desk.read(Search(f"#{old.id}"))) == third.id
    assert {one.id for one in card(desk, third).merged} == {first.id, second.id}
    assert [hit.id for hit in desk.read(Search("0674410098"))] == [third.id]
    with pytest.raises(Refused, match="one card already"):
        desk.do(MergeCards(third.id, first.id))


def test_the_history_of_both_is_one_history(desk: Desk) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    desk.do(EditLead(lead_id=lose.id, values={"interest": "headsets"}))
    merge(desk, keep, lose)
    rows = desk.read(History(lead_id=lose.id))
    assert rows == desk.read(History(lead_id=keep.id))
    assert [(row.operation.command, row.merged) for row in rows] == [
        ("MergeCards", None),
        ("EditLead", lose.id),
        ("AddLead", lose.id),
        ("AddLead", None),
    ]
    told = [(row.title, row.text) for row in card(desk, keep).timeline if row.kind == "event"]
    assert ("Created", f"on card {lose.id}, merged into this one") in told
    assert ("Created", "") in told


def test_drafts_and_leases_follow(desk: Desk, operator_desk: Desk, store: DbStore) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    desk.do(SaveDraft(f"lead:{keep.id}:note", "he said"))
    desk.do(SaveDraft(f"lead:{lose.id}:note", "she said"))
    operator_desk.do(SaveDraft(f"lead:{lose.id}:call", "rings"))
    drawn = {operator_desk.do(TakeNext()).value.row.lead_id, operator_desk.do(TakeNext()).value.row.lead_id}
    assert drawn == {keep.id, lose.id}
    assert any("has one of them open" in words for words in desk.read(MergePreview(keep.id, lose.id)).warnings)
    done = desk.do(MergeCards(keep.id, lose.id))
    assert done.changes.leads == {keep.id, lose.id}
    assert not done.changes.many
    assert card(desk, keep).drafts == {f"lead:{keep.id}:note": "he said\nshe said"}
    assert card(operator_desk, keep).drafts == {f"lead:{keep.id}:call": "rings"}
    with store.reader.connect() as connection:
        assert connection.scalars(text("SELECT lead_id FROM lease")).all() == [keep.id]


def test_an_operator_merges_own_cards_and_the_pools_alone(desk: Desk, operator_desk: Desk) -> None:
    own, pool, other = (add(desk, number) for number in (KYIV, KYIV_TOO, TALLINN))
    desk.do(AssignLeads(lead_ids=(own.id,), owner_id=operator_desk.user.id))
    desk.do(AssignLeads(lead_ids=(other.id,), owner_id=desk.user.id))
    for question in (MergeCards(own.id, other.id), MergeCards(other.id, own.id)):
        with pytest.raises(Refused, match="belongs to somebody else"):
            operator_desk.do(question)
    with pytest.raises(Refused, match="belongs to somebody else"):
        operator_desk.read(MergePreview(own.id, other.id))
    done = operator_desk.do(MergeMany(((own.id, other.id), (pool.id, own.id)))).value
    assert [(keep, lose) for keep, lose in done.groups] == [(own.id, (pool.id,))]
    assert [(a, b) for a, b, _ in done.left_out] == [(own.id, other.id)]
    assert now_is(operator_desk, own).owner_id == operator_desk.user.id


def test_later_work_on_the_card_stands_on_the_merge(desk: Desk, clock: TestClock) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    merge(desk, keep, lose)
    operation = desk.read(History(lead_id=keep.id))[0].operation.id
    desk.do(AddNote("rings twice", lead_id=keep.id))
    with pytest.raises(Refused, match=r"Note on .* came after and stands on it"):
        desk.do(Undo(operation))
    desk.do(Undo())
    desk.do(Undo(operation))
    assert now_is(desk, lose).id == lose.id


def test_earlier_work_on_the_card_that_went_waits_for_the_merge(desk: Desk, store: DbStore) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    (point,) = card(desk, lose).points
    edited = desk.do(EditPoint(point_id=point.id, text=KYIV_OFFICE)).operation
    merge(desk, keep, lose)
    with pytest.raises(Refused, match=r"Merged .* stands on it"):
        desk.do(Undo(edited))
    desk.do(Undo())
    desk.do(Undo(edited))
    assert [p.key for p in card(desk, lose).points] == [KYIV_TOO]
    assert whole(store)


def test_an_undone_merge_is_not_done_again_over_somebody_elses_work(
    desk: Desk, operator_desk: Desk, store: DbStore
) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    merge(desk, keep, lose)
    desk.do(Undo())
    operator_desk.do(AddNote("on the card that would go", lead_id=lose.id))
    with pytest.raises(Refused, match="cannot be redone"):
        desk.do(Redo())
    assert whole(store)


def test_a_number_barred_meanwhile_is_barred_on_both_after_the_undo(desk: Desk, store: DbStore) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    merge(desk, keep, lose)
    operation = desk.read(History(lead_id=keep.id))[0].operation.id
    desk.do(Suppress(KYIV_TOO))
    desk.do(Undo(operation))
    assert (now_is(desk, keep).reach, now_is(desk, lose).reach) == ("phone", "barred")
    assert whole(store)


def asked_anew(store: DbStore, statement: TextClause) -> Any:
    with store.reader.connect() as connection:
        return connection.scalar(statement)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_who_writes_on_a_card_at_the_moment_it_goes_writes_on_the_one_that_stays(
    desk: Desk, operator_desk: Desk, store: DbStore
) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    command = MergeCards(keep.id, lose.id)
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0")
    with ThreadPoolExecutor(1) as pool, store.work(desk.user, desk.clock.now(), command) as work:
        command.handle(work)
        note = pool.submit(operator_desk.do, AddNote("she said", lead_id=lose.id))
        while not asked_anew(store, waiting):
            assert not note.done()
        work.commit()
        assert note.result(60).value.lead_id == keep.id
    assert [one.text for one in card(desk, keep).notes] == ["she said"]


# Many at once


def set_apart(desk: Desk, a: Lead, b: Lead) -> None:
    mark = NotSame(a=a.id, b=b.id, user_id=desk.user.id, at=desk.clock.now())
    desk.do(Do(lambda work: work.add(mark)))


def test_pairs_that_hang_together_become_one_card(desk: Desk, store: DbStore, clock: TestClock) -> None:
    leads = [add(desk, KYIV, name=f"O. {number}") for number in range(6)]
    call(desk, leads[2], "no_answer")
    pairs = ((leads[0].id, leads[1].id), (leads[1].id, leads[2].id), (leads[3].id, leads[4].id))
    done = to_the_byte(desk, store, MergeMany(pairs)).value
    assert sorted(done.groups) == [
        (leads[2].id, (leads[0].id, leads[1].id)),
        (leads[3].id, (leads[4].id,)),
    ]
    assert done.gone == 3
    one = card(desk, leads[0])
    assert one.lead.id == leads[2].id
    assert len(one.points) == 1
    assert len({*one.extra.fields.values(), one.lead.name} & {"O. 0", "O. 1", "O. 2"}) == 3
    assert len(desk.read(LeadIds())) == 3


def test_two_people_are_not_brought_together_by_a_third(desk: Desk) -> None:
    a, b, c = (add(desk, KYIV, name=name) for name in "abc")
    set_apart(desk, a, c)
    done = desk.do(MergeMany(((a.id, b.id), (b.id, c.id)))).value
    assert done.groups == ((a.id, (b.id,)),)
    assert [left[:2] for left in done.left_out] == [(b.id, c.id)]
    assert "called two people" in done.left_out[0][2]


def test_whom_the_card_was_told_from_the_merged_one_is_told_from(desk: Desk, store: DbStore) -> None:
    a, b, c = (add(desk, KYIV, name=name) for name in "abc")
    set_apart(desk, b, c)
    to_the_byte(desk, store, MergeCards(a.id, b.id))
    (mark,) = dump(store)["not_same"].values()
    assert (mark["a"], mark["b"]) == (a.id, c.id)
    assert any("two people" in words for words in desk.read(MergePreview(a.id, c.id)).warnings)
    to_the_byte(desk, store, MergeCards(c.id, a.id))
    assert dump(store)["not_same"] == {}


def test_a_pair_that_is_gone_is_left_out(desk: Desk) -> None:
    a, b = add(desk, KYIV), add(desk, KYIV)
    done = desk.do(MergeMany(((a.id, 99), (a.id, b.id)))).value
    assert done.groups == ((a.id, (b.id,)),)
    assert done.left_out == ((a.id, 99, "There is no lead 99. It may have been removed meanwhile."),)
    with pytest.raises(Refused, match="There is no lead 99"):
        desk.do(MergeMany(((a.id, 99),)))


# Side by side


def test_the_dialog_shows_what_the_command_does(desk: Desk, clock: TestClock) -> None:
    keep, lose = busy_pair(desk, clock)
    view = desk.read(MergePreview(keep.id, lose.id, {"company": "lose"}))
    rows = {row.field: row for row in view.rows}
    assert (rows["company"].keep_value, rows["company"].lose_value) == ("Klochkivska Trade", "KT")
    assert (rows["company"].taken, rows["company"].value, rows["company"].clash) == ("lose", "KT", True)
    assert (rows["city"].taken, rows["city"].clash) == ("keep", False)
    assert (rows["status"].value, rows["status"].choosable) == ("in progress", False)
    assert dict(view.moves) == {
        "numbers and addresses": len(card(desk, lose).points) - 1,
        "the same on both": 1,
        "calls": 1,
        "notes": 1,
        "tasks": 1,
        "refusals": 1,
        "letters": 1,
        "extra fields": 1,
    }
    one = merge(desk, keep, lose, company="lose")
    for row in view.rows:
        if row.choosable and row.field not in ("source_id", "owner_id"):
            assert str(getattr(one, row.field) or "") == row.value
    assert view.aside.items() <= card(desk, one).extra.fields.items()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"shoe_size": "keep"}, "no field to choose"),
        ({"owner": "Anna"}, "say keep or lose"),
        ({"decides": "perhaps"}, "yes or no"),
        ({"country": "Nowhere"}, "not a country"),
    ],
)
def test_a_wrong_choice_is_refused_by_its_field(desk: Desk, fields: dict[str, str], words: str) -> None:
    keep, lose = add(desk, KYIV), add(desk, KYIV_TOO)
    with pytest.raises(Refused, match=words) as refused:
        desk.do(MergeCards(keep.id, lose.id, fields))
    assert refused.value.field == next(iter(fields))


# Imports


CSV = "Name,Phone\nOlena Hrytsenko,+380674410098\nTaras Boiko,+380501234512\nPiotr Zielinski,\n"


def test_an_imports_undo_spares_cards_merged_since(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    known = add(desk, TALLINN, name="Somebody else")
    bring(desk, tmp_path, CSV, source="Fair")
    batch = desk.read(Journal(1))[0].id
    first, second, third = sorted(i for i in desk.read(LeadIds()) if i != known.id)
    desk.do(MergeCards(first, second))
    merged = desk.do(MergeCards(known.id, third)).operation
    desk.do(Undo(batch))
    assert whole(store)
    assert sorted(desk.read(LeadIds())) == [known.id, first]
    assert desk.read(LeadCard(third)).lead.id == known.id
    desk.do(Undo(merged))
    assert whole(store)
    back = desk.read(LeadCard(third))
    assert (back.lead.id, back.source, back.batch) == (third, "Fair", "Список лидов.csv")


def test_what_a_merged_card_came_by_waits_for_it(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    known = add(desk, TALLINN, name="Somebody else")
    desk.do(EditLead(lead_id=known.id, values={"source_id": desk.do(SaveSource("Web")).value.id}))
    bring(desk, tmp_path, "Name,Lead Owner\nPiotr Zielinski,David Love\n", source="Fair")
    batch = desk.read(Journal(1))[0].id
    (third,) = (i for i in desk.read(LeadIds()) if i != known.id)
    merged = desk.do(MergeCards(known.id, third)).operation
    desk.do(Undo(batch))
    assert {source.name for source in desk.read(Sources())} == {"Web", "Fair"}
    with pytest.raises(Refused, match="cannot be redone"):
        desk.do(Redo())
    desk.do(Undo(merged))
    back = desk.read(LeadCard(third))
    assert (back.source, back.owner) == ("Fair", "David Love")
    assert whole(store)
