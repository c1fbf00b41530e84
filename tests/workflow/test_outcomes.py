"""Outcomes are data: the ten keys, their flags, and a rule for each."""

from dataclasses import replace

import pytest

from leaddesk.workflow.calls import CallFacts
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Outcome
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.outcomes import DEFAULT_OUTCOMES, NEXT_STEPS, NOTHING_SAID, Outcomes, effect_of
from tests.workflow.making import KYIV, add


def test_ten_keys_in_the_order_of_the_panel(desk: Desk) -> None:
    found = desk.read(Outcomes())
    assert [o.digit for o in found] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    assert {replace(o, id=0) for o in found} == set(DEFAULT_OUTCOMES)
    assert {o.next_step for o in found} <= set(NEXT_STEPS)


def test_flags_hang_together() -> None:
    for outcome in DEFAULT_OUTCOMES:
        assert outcome.answered or not outcome.human
        assert outcome.refusal or not outcome.suppress
        assert outcome.callback == (outcome.next_step == "callback")
    assert [o.key for o in DEFAULT_OUTCOMES if o.success] == ["agreed"]
    assert [o.key for o in DEFAULT_OUTCOMES if not o.workable] == ["wrong_number", "do_not_call"]


def test_an_outcome_without_a_rule_says_where_to_give_it_one(desk: Desk) -> None:
    lead = add(desk, KYIV)
    facts = desk.read(CallFacts(lead.id))
    with pytest.raises(Refused, match="Settings"):
        effect_of(Outcome(key="x", title="X", digit=1, next_step="dance"), facts, NOTHING_SAID)
