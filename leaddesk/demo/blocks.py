"""A block of stories from one seed of its own, so that it is the same whichever process makes it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from leaddesk.demo.histories import Histories
from leaddesk.demo.people import People

if TYPE_CHECKING:
    from leaddesk.demo.floor import Floor, Story
    from leaddesk.demo.scale import Scale


@dataclass(frozen=True, slots=True)
class Blocks:
    """What all blocks of a demo have in common."""

    floor: Floor
    scale: Scale
    seed: int

    def stories(self, number: int, counts: tuple[int, ...]) -> tuple[Story, ...]:
        """The stories of one block, whose leads were called so often each."""
        random = Random(f"{self.seed}/{number}")
        people = People(random, number, self.scale.blocks, self.scale.variety)
        histories = Histories(self.floor, random, people, self.scale)
        return tuple(self._story(histories, count) for count in counts)

    def _story(self, histories: Histories, calls: int) -> Story:
        if not calls and histories.random.random() < self.scale.jokers:
            return histories.story(histories.people.suspicious(), 0)
        return histories.story(histories.people.person(), calls)
