"""Who may not be real waits, whichever way he came in, until a team lead has judged him."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from leaddesk.db.store import DbStore
from leaddesk.workflow.bulk import BringBackLeads
from leaddesk.workflow.cards import Filter, LeadIds
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.duplicates import SWITCHBOARD
from leaddesk.workflow.entities import Lead, Suppression
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.judging import JudgeLeads, NamesAtNumbers
from leaddesk.workflow.leads import ConfirmLead, EditLead
from leaddesk.workflow.points import AddPoint, EditPoint, PointInput
from leaddesk.workflow.queue import Queue, TakeNext
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Channel, Status
from tests.workflow.intake_files import bring, stored
from tests.workflow.making import KYIV, KYIV_TOO, TALLINN, add, card, drawable, now_is


def by_adding(desk: Desk, _folder: Path) -> None:
    add(desk, KYIV, name="asdf asdf")


def by_import(desk: Desk, folder: Path) -> None:
    bring(desk, folder, "Last Name,Mobile\nasdfgh,660-485-0224\nTest,123456789\n")


def by_edit(desk: Desk, _folder: Path) -> None:
    lead = add(desk, KYIV)
    desk.do(EditLead(lead_id=lead.id, values={"name": "йцукен"}))


def by_another_number(desk: Desk, _folder: Path) -> None:
    lead = add(desk, KYIV)
    desk.do(AddPoint(PointInput(Channel.PHONE, "+380671111111"), lead_id=lead.id))


def by_another_address(desk: Desk, _folder: Path) -> None:
    lead = add(desk, KYIV, "olena@klochkivska.example")
    point = next(p for p in card(desk, lead).points if p.channel is Channel.EMAIL)
    desk.do(EditPoint(point_id=point.id, text="x@mailinator.com"))


def by_undo_of_what_mended_it(desk: Desk, _folder: Path) -> None:
    lead = add(desk, KYIV, name="asdfgh")
    desk.do(EditLead(lead_id=lead.id, values={"name": "Olena"}))
    desk.do(Undo())


def by_undo_of_the_judgement(desk: Desk, _folder: Path) -> None:
    lead = add(desk, KYIV, name="asdfgh")
    desk.do(ConfirmLead(lead.id))
    desk.do(Undo())


def by_redo(desk: Desk, _folder: Path) -> None:
    lead = add(desk, KYIV)
    desk.do(EditLead(lead_id=lead.id, values={"name": "asdfgh"}))
    desk.do(Undo())
    desk.do(Redo())


def by_a_new_sign(desk: Desk, _folder: Path) -> None:
    lead = add(desk, KYIV, name="asdfgh")
    desk.do(JudgeLeads(lead_ids=(lead.id,), real=True))
    desk.do(EditLead(lead_id=lead.id, values={"company": "qwerty"}))


def by_coming_back(desk: Desk, _folder: Path) -> None:
    lead = add(desk, KYIV, name="asdfgh")
    desk.do(JudgeLeads(lead_ids=(lead.id,), real=False))
    desk.do(BringBackLeads(lead_ids=(lead.id,)))


def by_two_weak_signs(desk: Desk, _folder: Path) -> None:
    add(desk, "+12125550101", name="X")


WAYS = [
    by_adding, by_import, by_edit, by_another_number, by_another_address, by_undo_of_what_mended_it,
    by_undo_of_the_judgement, by_redo, by_a_new_sign, by_coming_back, by_two_weak_signs,
]  # fmt: skip


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("way", WAYS)
def test_spam_never_enters_the_queue(desk: Desk, tmp_path: Path, way: Callable[[Desk, Path], None]) -> None:
    way(desk, tmp_path)
    assert all(lead.held_back for lead in stored(desk, Lead))
    assert drawable(desk) == []
    assert desk.read(Queue(limit=50)).rows == ()
    assert desk.do(TakeNext()).value.row is None
    real = add(desk, KYIV_TOO)
    assert drawable(desk) == [real.id]


def test_a_number_of_fiction_alone_is_called_all_the_same(desk: Desk) -> None:
    lead = add(desk, "+442079460958", name="Anna White")
    assert (lead.suspicion, lead.spam, lead.held_back) == (("fictitious_phone",), 35, False)
    assert drawable(desk) == [lead.id]


def test_spam_is_out_of_every_queue_and_can_be_taken_back(desk: Desk) -> None:
    lead = add(desk, KYIV, name="asdfgh")
    assert list(desk.read(LeadIds(Filter(suspicious=True)))) == [lead.id]
    done = desk.do(JudgeLeads(lead_ids=(lead.id,), real=False))
    assert (now_is(desk, lead).status, now_is(desk, lead).parked_why) == (Status.DISQUALIFIED, "spam")
    assert done.words == "Spam: asdfgh"
    assert list(desk.read(LeadIds(Filter(suspicious=True)))) == []
    assert "spam" in " ".join(row.title for row in card(desk, lead).timeline).casefold()
    desk.do(Undo())
    assert now_is(desk, lead).status is Status.NEW
    assert now_is(desk, lead).held_back


def test_many_are_judged_at_once_and_those_it_does_not_suit_are_named(desk: Desk) -> None:
    one, two = (add(desk, number, name="asdfgh") for number in (KYIV, KYIV_TOO))
    real = add(desk, TALLINN)
    done = desk.do(JudgeLeads(lead_ids=(one.id, two.id, real.id), real=True))
    assert done.value.done == 2
    assert done.value.left_out == ((real.id, "Nothing about Olena Hrytsenko is held back."),)
    assert sorted(drawable(desk)) == [one.id, two.id, real.id]
    desk.do(Undo())
    assert drawable(desk) == [real.id]
    client = desk.do(ConvertLead(lead_id=real.id)).value
    assert client.id
    assert desk.do(JudgeLeads(lead_ids=(one.id, two.id, real.id), real=False)).value.done == 2
    with pytest.raises(Refused):
        desk.do(JudgeLeads(lead_ids=(real.id,), real=True))


def test_numbers_and_addresses_of_spam_are_remembered_where_asked(desk: Desk) -> None:
    lead = add(desk, KYIV, "x@mailinator.com", name="asdfgh")
    desk.do(JudgeLeads(lead_ids=(lead.id,), real=False, bar=True))
    assert {(row.key, row.why) for row in stored(desk, Suppression)} == {(KYIV, "spam"), ("x@mailinator.com", "spam")}
    again = add(desk, KYIV)
    assert again.reach == "barred"
    desk.do(Undo(desk.do(EditLead(lead_id=again.id, values={"company": "Acme"})).operation))
    assert drawable(desk) == []


def test_only_a_team_lead_judges(desk: Desk, operator_desk: Desk) -> None:
    lead = add(desk, KYIV, name="asdfgh")
    attempts = (
        JudgeLeads(lead_ids=(lead.id,), real=True),
        ConfirmLead(lead.id),
        EditLead(lead_id=lead.id, values={"suspicion_ok": True}),
    )
    for attempt in attempts:
        with pytest.raises(Refused, match="team lead"):
            operator_desk.do(attempt)
    assert now_is(desk, lead).held_back


def test_one_number_under_many_names_is_seen_on_the_card(desk: Desk) -> None:
    leads = [add(desk, KYIV, name=name) for name in ("Olena", "Ivan", "Petro", "olena ", "")]
    assert desk.read(NamesAtNumbers((KYIV, KYIV_TOO))) == {KYIV: 3}
    assert card(desk, leads[0]).signs == ()
    leads.append(add(desk, KYIV, name="Anna"))
    desk.do(ConvertLead(lead_id=leads[1].id))
    (sign,) = card(desk, leads[0]).signs
    assert (sign.key, sign.weight) == ("many_names", 30)
    assert sign.words == "+380 67 441 0098 stands under 4 different names"
    assert not now_is(desk, leads[0]).held_back


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_names_at_a_number_are_found_by_index(desk: Desk, store: DbStore) -> None:
    add(desk, KYIV)
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        asked.append((statement, parameters))

    event.listen(store.reader, "before_cursor_execute", note)
    desk.read(NamesAtNumbers((KYIV,)))
    event.remove(store.reader, "before_cursor_execute", note)
    plans = []
    with store.reader.connect() as connection:
        for statement, parameters in asked:
            if statement.startswith("SELECT"):
                lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans += [line[3] for line in lines]
    assert any("ix_contact_point_key" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith(("SCAN contact_point", "SCAN lead", "SCAN client"))]


def test_a_switchboard_tells_nothing_of_who_is_whom(desk: Desk) -> None:
    leads = [add(desk, KYIV, name=f"Person {number}") for number in range(SWITCHBOARD + 1)]
    assert desk.read(NamesAtNumbers((KYIV,))) == {}
    assert card(desk, leads[0]).signs == ()
