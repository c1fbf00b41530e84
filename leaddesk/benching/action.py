"""An action: what a person does, how it is done here and by the bare driver, and what it may cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from leaddesk.benching.measuring import Side

if TYPE_CHECKING:
    from leaddesk.benching.budgets import Kind
    from leaddesk.benching.ground import Ground
    from leaddesk.benching.measuring import Watch

Round = Callable[[int, "Watch"], None]
"""One round: times ours and the bare way once each, of the run with this number."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure that comes of an action's rounds: its key in the answer, its words, its budget.

    `grows` says of something somebody waits for that its answer grows with the leads: it cannot cost the same.
    """

    key: str
    title: str
    kind: Kind
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """Several figures may come of one round: what is done is undone in the next breath.

    `prepare` makes the round on a ground; None where this ground has nothing to do it on. `samples` is how many rounds
    at most, where it is not the usual number. A `heavy` one warms up in the round in which it is counted.
    """

    measured: tuple[Measured, ...]
    prepare: Callable[[Ground], Round | None]
    samples: int | None = None
    cold: bool = True
    heavy: bool = False


def taking_turns(
    key: str,
    ours: Callable[[int], Any],
    bare: Callable[[int], Any],
    same: Callable[[Any, Any], bool] | None = None,
) -> Round:
    """A round of two ways to read something: who begins changes from run to run.

    `same` compares the answers, in the first rounds only.
    """

    def round_(number: int, watch: Watch) -> None:
        answers: dict[Side, Any] = {}
        both = ((Side.OURS, ours), (Side.BARE, bare))
        for side, act in both if number % 2 else both[::-1]:
            answers[side] = watch.time(key, side, partial(act, number))
        if same is not None and watch.dry:
            watch.compare(key, same=same(answers[Side.OURS], answers[Side.BARE]))

    return round_
