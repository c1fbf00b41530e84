"""Writing up calls: what each outcome does, to which number, and what it refuses."""

from datetime import timedelta

import pytest

from leaddesk.db.store import DbStore
from leaddesk.workflow.calls import LogCall, OutcomePreview
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.outcomes import Outcomes, Said
from leaddesk.workflow.parking import BringBack, ReturnDueLeads
from leaddesk.workflow.suppressions import Suppressions
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, PartOfDay, PointState, Reach, Section, Status, TaskKind, Temperature
from tests.engines import TestClock, watching
from tests.workflow.making import (
    KYIV,
    KYIV_OFFICE,
    KYIV_TOO,
    TALLINN,
    add,
    call,
    card,
    drawable,
    due,
    now_is,
    open_tasks,
)

CALL_AT_MOST = 26
"""Statements LogCall may send, whatever the lead: each is a round trip on a server."""
CARD_AT_MOST = 28
"""Two of them look for who may be the same person."""


def test_an_unanswered_call_is_written_down_and_tried_again_in_another_part_of_the_day(
    desk: Desk, clock: TestClock
) -> None:
    lead = add(desk, KYIV)
    done = call(desk, lead, "no_answer", note="  rang long  ", duration_s=30)
    after = now_is(desk, lead)
    assert (after.status, after.attempts, after.touches) == (Status.IN_PROGRESS, 1, 1)
    assert after.owner_id == desk.user.id
    assert after.first_assigned_at == clock.now()
    assert after.retry_at is not None
    assert after.retry_at >= clock.now() + timedelta(minutes=240)
    assert "attempt 2 of 6" in done.next_action
    assert "mornings failed" in done.next_action
    row = next(r for r in card(desk, lead).timeline if r.kind == "call")
    assert row.at == clock.now() - timedelta(seconds=30)
    assert row.text == "rang long"


@pytest.mark.parametrize("outcome", ["no_answer", "wrong_number"])
def test_a_call_written_up_late_is_not_the_last_one_if_another_began_after_it(
    desk: Desk, clock: TestClock, outcome: str
) -> None:
    lead = add(desk, KYIV)
    call(desk, lead, "no_answer")
    first = clock.now()
    clock.forward(hours=1)
    call(desk, lead, outcome, started_at=first - timedelta(hours=2))
    after = card(desk, lead)
    assert after.lead.last_call_at == first
    assert [point.last_tried_at for point in after.points] == [first]


def test_a_promised_callback_is_exact_and_replaces_what_was_planned(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    first, second = clock.now() + timedelta(hours=3, minutes=7), clock.now() + timedelta(days=1)
    call(desk, lead, "callback", at=first)
    [task] = open_tasks(desk, lead)
    assert (task.kind, task.due_at, task.exact, task.promised) == (TaskKind.CALL, first, True, True)
    assert now_is(desk, lead).retry_at is None
    call(desk, lead, "callback", at=second)
    assert [t.due_at for t in open_tasks(desk, lead)] == [second]


@pytest.mark.parametrize("minutes", [None, 0, -1])
def test_a_callback_needs_a_time_to_come(desk: Desk, clock: TestClock, minutes: int | None) -> None:
    lead = add(desk, KYIV)
    at = None if minutes is None else clock.now() + timedelta(minutes=minutes)
    with pytest.raises(Refused, match="tomorrow 14:30") as refused:
        call(desk, lead, "callback", at=at)
    assert refused.value.field == "at"
    assert now_is(desk, lead).touches == 0


def test_a_promise_is_kept_although_no_next_step_was_meant(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    call(desk, lead, "callback", at=clock.now() + timedelta(hours=1), idle=True)
    assert [t.promised for t in open_tasks(desk, lead)] == [True]
    assert not now_is(desk, lead).idle_ok


def test_interest_makes_it_hot_and_qualified_with_an_offer_and_a_call_after(desk: Desk) -> None:
    lead = add(desk, KYIV)
    call(desk, lead, "interested")
    after = now_is(desk, lead)
    assert (after.status, after.temperature) == (Status.QUALIFIED, Temperature.HOT)
    assert [t.kind for t in open_tasks(desk, lead)] == [TaskKind.OFFER, TaskKind.CALL]


def test_no_rule_cools_a_lead_and_the_operator_has_the_last_word(desk: Desk) -> None:
    lead = add(desk, KYIV, temperature="hot")
    call(desk, lead, "no_answer")
    assert now_is(desk, lead).temperature is Temperature.HOT
    call(desk, lead, "interested", temperature=Temperature.WARM)
    assert now_is(desk, lead).temperature is Temperature.WARM


def test_a_wrong_number_is_retired_and_the_next_one_comes_up_at_once(desk: Desk) -> None:
    lead = add(desk, KYIV, KYIV_TOO)
    first = card(desk, lead).dial
    assert first is not None
    done = call(desk, lead, "wrong_number", contact_id=first.id)
    after = card(desk, lead)
    assert [p.state for p in after.points if p.id == first.id] == [PointState.WRONG_PERSON]
    assert after.dial is not None
    assert after.dial.key == KYIV_TOO
    assert after.dial.value in done.next_action
    assert drawable(desk) == [lead.id]


def test_a_wrong_number_without_another_asks_for_one(desk: Desk) -> None:
    lead = add(desk, KYIV)
    done = call(desk, lead, "wrong_number")
    assert done.asks == "number"
    assert [t.title for t in open_tasks(desk, lead)] == ["Find another number"]
    assert now_is(desk, lead).reach is Reach.NONE
    assert due(desk) == [(lead.id, Section.TASK)]
    assert drawable(desk) == []


def test_the_number_said_to_be_dialled_must_be_on_the_card(desk: Desk) -> None:
    lead, other = add(desk, KYIV, "ada@lovelace.example"), add(desk, TALLINN, name="Ada Lovelace")
    theirs = card(desk, other).points[0].id
    mail = card(desk, lead).points[1].id
    for wrong in (theirs, mail, 999):
        with pytest.raises(Refused, match="not on") as refused:
            call(desk, lead, "wrong_number", contact_id=wrong)
        assert refused.value.field == "contact_id"
    assert card(desk, lead).points[0].state is PointState.UNKNOWN


def test_not_now_takes_another_channel_another_time_or_asks(desk: Desk, clock: TestClock) -> None:
    by_mail, by_time, asked = (add(desk, n) for n in (KYIV, KYIV_TOO, KYIV_OFFICE))
    call(desk, by_mail, "not_now", channel=Channel.EMAIL)
    after = now_is(desk, by_mail)
    assert (after.preferred_channel, after.retry_at) == (Channel.EMAIL, None)
    assert [t.kind for t in open_tasks(desk, by_mail)] == [TaskKind.LETTER]
    at = clock.now() + timedelta(days=2)
    call(desk, by_time, "not_now", at=at)
    assert [(t.due_at, t.promised) for t in open_tasks(desk, by_time)] == [(at, True)]
    assert call(desk, asked, "not_now").asks == "channel"
    assert now_is(desk, asked).retry_at == clock.now() + timedelta(days=1)
    for lead in (by_mail, by_time, asked):
        assert now_is(desk, lead).status is Status.IN_PROGRESS


def test_do_not_call_bars_every_number_for_everybody_who_has_it(desk: Desk) -> None:
    lead, same = add(desk, KYIV, KYIV_TOO), add(desk, KYIV, name="Ada Lovelace")
    mixed = add(desk, KYIV, TALLINN, name="Grace Hopper")
    call(desk, lead, "do_not_call", note="never again")
    after = card(desk, lead)
    assert (after.lead.status, after.lead.reach) == (Status.REFUSED, Reach.BARRED)
    assert [r.suppressed for r in after.refusals] == [True]
    assert {s.key for s in desk.read(Suppressions())} == {KYIV, KYIV_TOO}
    assert now_is(desk, same).reach is Reach.BARRED
    assert now_is(desk, mixed).reach is Reach.PHONE
    assert drawable(desk) == [mixed.id]
    dial = card(desk, mixed).dial
    assert dial is not None
    assert dial.key == TALLINN
    desk.do(Undo())
    assert sorted(drawable(desk)) == [lead.id, same.id, mixed.id]
    assert desk.read(Suppressions()) == []


def test_a_lead_that_came_back_has_all_its_attempts_again(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    for _ in range(6):
        call(desk, lead, "no_answer")
        clock.forward(hours=24)
    assert now_is(desk, lead).status is Status.DEFERRED
    clock.forward(days=30)
    assert desk.do(ReturnDueLeads()).value == 1
    for attempt in range(2, 7):
        done = call(desk, lead, "no_answer")
        assert f"attempt {attempt} of 6" in done.next_action
        clock.forward(hours=24)
    assert call(desk, lead, "no_answer").status is Status.DEFERRED


def test_talking_starts_the_count_anew(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    for _ in range(5):
        call(desk, lead, "no_answer")
        clock.forward(hours=24)
    call(desk, lead, "not_now")
    assert "attempt 2 of 6" in call(desk, lead, "no_answer").next_action


def test_what_is_foretold_is_what_happens(desk: Desk, clock: TestClock) -> None:
    at = clock.now() + timedelta(days=1)
    for outcome in desk.read(Outcomes()):
        lead = add(desk, KYIV, KYIV_TOO)
        foretold = desk.read(OutcomePreview(lead.id, outcome.key, Said(at)))
        done = call(desk, lead, outcome.key, at=at)
        assert (done.next_action, done.status, done.asks) == (foretold.words, foretold.status, foretold.asks)
        assert foretold.words
        desk.do(Undo())
        desk.do(Undo())


@pytest.mark.parametrize("outcome", ["refused", "agreed"])
def test_a_call_that_still_asks_leaves_a_task_so_that_nobody_is_forgotten(desk: Desk, outcome: str) -> None:
    lead = add(desk, KYIV)
    assert call(desk, lead, outcome).asks in ("reason", "client")
    assert len(open_tasks(desk, lead)) == 1


def test_closed_leads_are_not_called(desk: Desk) -> None:
    lead = add(desk, KYIV)
    call(desk, lead, "do_not_call")
    with pytest.raises(Refused, match="bring it back first"):
        call(desk, lead, "no_answer")
    desk.do(BringBack(lead.id))
    assert now_is(desk, lead).reach is Reach.BARRED
    assert drawable(desk) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [({"outcome": "nonsense"}, "outcome"), ({"duration_s": -1}, "duration_s"), ({"duration_s": 90_000}, "duration_s")],
)
def test_nonsense_is_refused_by_field(desk: Desk, more: dict[str, object], field: str) -> None:
    lead = add(desk, KYIV)
    with pytest.raises(Refused) as refused:
        desk.do(LogCall(**{"lead_id": lead.id, "outcome": "no_answer", **more}))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_part_of_the_day_is_the_leads_own(desk: Desk, clock: TestClock) -> None:
    clock.forward(hours=5)
    lead = add(desk, "+12125550142", name="Grace Hopper")
    call(desk, lead, "no_answer")
    assert now_is(desk, lead).zone_key == "US|America/New_York"
    assert [r for r in card(desk, lead).timeline if r.kind == "call"]
    preview = desk.read(OutcomePreview(lead.id, "no_answer"))
    assert f"{PartOfDay.MORNING}s failed" in preview.words


def test_a_call_and_a_card_cost_a_bounded_number_of_statements(desk: Desk, store: DbStore) -> None:
    lead = add(desk, KYIV, KYIV_TOO, "olena@klochkivska.example")
    for _ in range(4):
        call(desk, lead, "busy")
    with watching(store) as sent:
        call(desk, lead, "busy")
    assert len(sent) <= CALL_AT_MOST, "\n".join(sent.texts)
    with watching(store) as sent:
        desk.read(LeadCard(lead.id))
    assert len(sent) <= CARD_AT_MOST, "\n".join(sent.texts)
