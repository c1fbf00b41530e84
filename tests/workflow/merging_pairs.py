"""Two cards of one person, and what must hold however they are merged."""

from datetime import timedelta
from typing import Any

from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Command, Desk, Done
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.leads import AddNote, EditExtras
from leaddesk.workflow.merging import MergeCards
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import TaskKind
from tests.engines import TestClock
from tests.properties.floor import difference, dump
from tests.workflow.making import KYIV, KYIV_TOO, add, call

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
