"""Random work on the floor, legal and not, by two people, done and undone, against a plain model of statuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RULE_MARKER,
    rule,
    run_state_machine_as_test,
)

from leaddesk.workflow.desk import Command
from leaddesk.workflow.undo import Redo, Undo
from tests.properties.floor import (
    journal_size,
)
from tests.properties.life_deeds_on_many import DeedsOnMany
from tests.properties.life_model import (
    people,
)


class LifeOfALead(DeedsOnMany):
    """Everything there is to do, and all of it turned back."""

    @rule(who=people, which=st.one_of(st.none(), st.none(), st.integers(0, 12)))
    def undo(self, who: str, which: int | None) -> None:
        number = None if which is None else max(1, journal_size(self.store)[0] - which)
        self._turn(who, Undo(number), back=True)

    @rule(who=people)
    def redo(self, who: str) -> None:
        self._turn(who, Redo(), back=False)

    def _turn(self, who: str, command: Command[Any], *, back: bool) -> None:
        done = self.do(who, command)
        if done is not None:
            self.model.go(self.model.moved[done.value.id], back=back)

    @rule(data=st.data())
    def a_busy_hour(self, data: st.DataObject) -> None:
        """Hypothesis leaves out most rules of each run to go deep with few; here all of them meet."""
        for _ in range(8):
            deed = data.draw(st.sampled_from(DEEDS))
            if all(condition(self) for condition in deed.preconditions):
                deed.function(self, **{name: data.draw(kind) for name, kind in deed.arguments.items()})
            for holds in (
                self.statuses_are_the_models,
                self.nobody_is_forgotten,
                self.reach_is_true,
                self.what_follows_is_true,
            ):
                holds()


DEEDS = [
    deed
    for kind in reversed(LifeOfALead.__mro__)
    for name, method in vars(kind).items()
    if name != "a_busy_hour" and (deed := getattr(method, RULE_MARKER, None)) is not None
]

MODEST = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False
)
LONG = settings(MODEST, max_examples=1500, stateful_step_count=60)


def test_random_work_keeps_every_promise() -> None:
    run_state_machine_as_test(LifeOfALead, settings=MODEST)


@pytest.mark.soak
def test_random_work_for_long_keeps_every_promise() -> None:
    run_state_machine_as_test(LifeOfALead, settings=LONG)
