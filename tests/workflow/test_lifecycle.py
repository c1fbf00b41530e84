"""The life of a lead: every move that is legal, and every one that is not, through the door."""

from datetime import timedelta
from typing import Any

import pytest

from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import Disqualify, Qualify
from leaddesk.workflow.lifecycle import LEGAL
from leaddesk.workflow.parking import BringBack, DeferLead
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Status
from tests.engines import START, TestClock
from tests.workflow.making import KYIV, add, call, now_is


def command(lead_id: int, to: Status, days: int = 30) -> Command[Any]:
    return {
        Status.IN_PROGRESS: BringBack(lead_id),
        Status.QUALIFIED: Qualify(lead_id),
        Status.CONVERTED: ConvertLead(lead_id=lead_id),
        Status.REFUSED: RefuseLead(lead_id=lead_id, reason="price"),
        Status.DEFERRED: DeferLead(lead_id=lead_id, until=START + timedelta(days=days)),
        Status.DISQUALIFIED: Disqualify(lead_id, "spam"),
    }[to]


@pytest.mark.parametrize("start", list(Status))
def test_each_move_is_made_and_undone_or_refused_in_words(desk: Desk, start: Status) -> None:
    lead = add(desk, KYIV)
    if start is Status.IN_PROGRESS:
        call(desk, lead, "no_answer")
    elif start is not Status.NEW:
        desk.do(command(lead.id, start))
    before = now_is(desk, lead)
    assert before.status is start
    for to in Status:
        if to is Status.NEW:
            continue
        legal = to in LEGAL[start] and not (start is Status.NEW and to is Status.IN_PROGRESS)
        if not legal:
            with pytest.raises(Refused) as refused:
                desk.do(command(lead.id, to, 31))
            assert lead.title in refused.value.words
        else:
            desk.do(command(lead.id, to, 31))
            assert now_is(desk, lead).status is to
            desk.do(Undo())
        assert now_is(desk, lead) == before


def test_nothing_becomes_new_again_and_a_client_stays_one() -> None:
    assert not any(Status.NEW in moves for moves in LEGAL.values())
    assert LEGAL[Status.CONVERTED] == {}
    assert set(LEGAL) == set(Status)


def test_qualifying_leaves_a_next_step(desk: Desk, clock: TestClock) -> None:
    lead = add(desk, KYIV)
    assert desk.do(Qualify(lead.id)).value.retry_at == clock.now()
    with pytest.raises(Refused, match="qualified already"):
        desk.do(Qualify(lead.id))
    with pytest.raises(Refused, match="Say why"):
        desk.do(Disqualify(lead.id, " "))
