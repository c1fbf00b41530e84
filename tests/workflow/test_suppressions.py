"""Do not call: the number is barred on every lead that has it, whatever is undone or done again around it."""

import pytest

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.suppressions import Suppress, Suppressions, Unsuppress
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Reach
from tests.workflow.making import KYIV, KYIV_TOO, TALLINN, add, drawable, now_is


def test_a_number_is_barred_and_freed_on_every_card(desk: Desk) -> None:
    one, other, two = add(desk, KYIV), add(desk, KYIV, name="Ada Lovelace"), add(desk, KYIV, KYIV_TOO)
    desk.do(Suppress("+380 67 441-00-98", why="asked by letter"))
    assert [now_is(desk, lead).reach for lead in (one, other, two)] == [Reach.BARRED, Reach.BARRED, Reach.PHONE]
    assert drawable(desk) == [two.id]
    again = desk.do(Suppress(KYIV))
    assert again.operation == 0
    desk.do(Unsuppress(KYIV))
    assert sorted(drawable(desk)) == [one.id, other.id, two.id]


def test_an_address_bars_no_calls(desk: Desk) -> None:
    lead = add(desk, KYIV, "olena@klochkivska.example")
    desk.do(Suppress("OLENA@klochkivska.example"))
    assert [s.key for s in desk.read(Suppressions())] == ["olena@klochkivska.example"]
    assert now_is(desk, lead).reach is Reach.PHONE


def test_only_a_team_lead_frees_and_only_what_is_barred(desk: Desk, operator_desk: Desk) -> None:
    operator_desk.do(Suppress(KYIV))
    with pytest.raises(Refused, match="team lead"):
        operator_desk.do(Unsuppress(KYIV))
    with pytest.raises(Refused, match="not suppressed"):
        desk.do(Unsuppress(KYIV_TOO))
    with pytest.raises(Refused, match="neither"):
        desk.do(Suppress("nobody"))


def test_a_lead_added_later_is_barred_at_once(desk: Desk) -> None:
    desk.do(Suppress(KYIV))
    assert add(desk, KYIV).reach is Reach.BARRED
    assert drawable(desk) == []


def test_undoing_a_freeing_bars_those_who_came_since(desk: Desk) -> None:
    desk.do(Suppress(KYIV))
    freed = desk.do(Unsuppress(KYIV)).operation
    lead = add(desk, KYIV)
    assert drawable(desk) == [lead.id]
    desk.do(Undo(freed))
    assert now_is(desk, lead).reach is Reach.BARRED
    assert drawable(desk) == []


def test_undoing_something_else_does_not_free_a_number_barred_since(desk: Desk) -> None:
    lead = add(desk, KYIV)
    edited = desk.do(EditLead(lead_id=lead.id, values={"no_call": True})).operation
    desk.do(Suppress(KYIV))
    desk.do(Undo(edited))
    after = now_is(desk, lead)
    assert not after.no_call
    assert after.reach is Reach.BARRED


def test_doing_again_bars_those_who_came_since(desk: Desk, operator_desk: Desk) -> None:
    operator_desk.do(Suppress(KYIV))
    operator_desk.do(Undo())
    lead = add(desk, KYIV)
    operator_desk.do(Redo())
    assert now_is(desk, lead).reach is Reach.BARRED
    desk.do(Unsuppress(KYIV))
    assert now_is(desk, lead).reach is Reach.PHONE


def test_what_was_barred_meanwhile_by_somebody_else_is_not_barred_twice(desk: Desk, operator_desk: Desk) -> None:
    operator_desk.do(Suppress(KYIV))
    operator_desk.do(Undo())
    desk.do(Suppress(KYIV))
    with pytest.raises(Refused):
        operator_desk.do(Redo())
    assert len(desk.read(Suppressions())) == 1


def test_a_bar_and_its_undo_tell_every_view_to_look_again(desk: Desk) -> None:
    add(desk, KYIV)
    add(desk, KYIV, TALLINN)
    assert desk.do(Suppress(KYIV)).changes.many
    assert desk.do(Undo()).changes.many
