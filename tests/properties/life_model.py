"""What may become of a lead, written down once more without looking at the program; what may be said and done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel

LEGAL = {
    "qualify": {"new", "in_progress", "deferred"},
    "convert": {"new", "in_progress", "qualified", "deferred"},
    "refuse": {"new", "in_progress", "qualified", "deferred"},
    "defer": {"new", "in_progress", "qualified", "refused", "deferred"},
    "bring_back": {"refused", "deferred", "disqualified"},
    "disqualify": {"new", "in_progress", "qualified", "refused", "deferred"},
    "work": {"new", "in_progress", "qualified", "deferred"},
}
"""PRODUCT's life of a lead once more, written down without looking at the program's own table."""

OPEN = {"new", "in_progress", "qualified"}
NUMBERS = ("+380577054122", "+380674410098", "+380501234512", "+37253498812", "+36301234512", "+380445370112")
ADDRESSES = ("olena@klochkivska.example", "info@acme.example", "ada@lovelace.example")
NAMES = ("Olena Hrytsenko", "Ada Lovelace", "Мария Кузнецова", "asdfgh", "")
NO_ANSWER = ("no_answer", "busy", "voicemail")
TALKED = ("callback", "interested", "agreed", "not_now", "refused", "wrong_number", "do_not_call")

minutes = st.sampled_from([5, 60, 60 * 30, 60 * 24 * 9, 60 * 24 * 40] * 2 + [0, -600])
rarely = st.sampled_from([False, False, False, True])
NOT_THERE = 99
lead_ids = st.sampled_from([0, 0, 0, 1, 1, 2, 2, 3, 4, NOT_THERE])
row_ids = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, NOT_THERE])
people = st.sampled_from(["boss", "boss", "anna"])
numbers = st.sampled_from(NUMBERS)
points = st.one_of(
    st.builds(PointInput, st.just(Channel.PHONE), numbers),
    st.builds(PointInput, st.just(Channel.PHONE), st.sampled_from(["12", "not a number"])),
    st.builds(PointInput, st.just(Channel.EMAIL), st.sampled_from(ADDRESSES)),
    st.builds(PointInput, st.just(Channel.TELEGRAM), st.just("@olena")),
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(NAMES),
        "company": st.sampled_from(["Acme", "Klochkivska Trade", ""]),
        "interest": st.sampled_from(["headsets", ""]),
        "decides": st.sampled_from([True, False, None]),
        "temperature": st.sampled_from(["cold", "warm", "hot", ""]),
        "no_call": st.booleans(),
        "country": st.sampled_from(["UA", "Estonia", "", "Nowhere"]),
        "tags": st.sampled_from([(), ("vip",), ("vip", "fair")]),
        "idle_ok": st.booleans(),
    },
)


@dataclass
class Floor:
    """What the model knows: statuses, and what each operation did to them."""

    status: dict[int, str] = field(default_factory=dict)
    owner: dict[int, int | None] = field(default_factory=dict)
    moved: dict[int, dict[int, tuple[Any, Any]]] = field(default_factory=dict)

    def now(self) -> dict[int, Any]:
        return {i: (status, self.owner[i]) for i, status in self.status.items()}

    def go(self, changes: dict[int, tuple[Any, Any]], *, back: bool) -> None:
        for lead_id, pair in changes.items():
            state = pair[0] if back else pair[1]
            old = pair[1] if back else pair[0]
            if state is None:
                del self.status[lead_id], self.owner[lead_id]
                continue
            # An operation turned back late leaves alone what others changed since.
            if old is None or state[0] != old[0]:
                self.status[lead_id] = state[0]
            if old is None or state[1] != old[1]:
                self.owner[lead_id] = state[1]
