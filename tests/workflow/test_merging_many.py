"""Many pairs merged at once, and cards that came by an import."""

from pathlib import Path

import pytest

from leaddesk.db.store import DbStore
from leaddesk.workflow.cards import LeadCard, LeadIds
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake_entities import NotSame
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.merging import MergeCards, MergeMany, MergePreview
from leaddesk.workflow.sources import SaveSource, Sources
from leaddesk.workflow.undo import Journal, Redo, Undo
from tests.db.commands import Do
from tests.engines import TestClock
from tests.properties.floor import dump
from tests.workflow.intake_files import bring
from tests.workflow.making import KYIV, TALLINN, add, call, card
from tests.workflow.merging_pairs import to_the_byte, whole


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
