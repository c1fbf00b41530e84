"""Random work on the floor with a mail server that does what it likes: nobody gets a letter twice, or one unwanted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RULE_MARKER, initialize, invariant, rule, run_state_machine_as_test

from leaddesk.exchange.posting import Postman
from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.letters import EditLetter, WriteLetter
from leaddesk.workflow.mail import Incoming, IncomingKind, MailboxMark, SendResult, Verdict
from leaddesk.workflow.outbox import QueueLetters, SendAgain, SendNow, SettleUncertain, WithdrawLetters
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.refusals import CorrectRefusal, RefuseLeads, Stayed, Wish
from leaddesk.workflow.replies import OptOut, SaveReply, TakeIn
from leaddesk.workflow.sending import BeginSending, NextToSend, Prepare, TakeOutbox
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel
from tests.outbox.posting import Keyring
from tests.properties.floor import dump, journal_size
from tests.properties.test_life_of_a_lead import ADDRESSES, LifeOfALead, lead_ids, people, row_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.workflow.mail import Outgoing

LEFT = {"sending", "sent", "uncertain"}
DEEDS_OF_SERVERS = ("sent", "sent", "later", "late later", "never", "late never", "lost", "swallowed", "halt", "away")


@dataclass
class World:
    """A mail server that does what it likes, and remembers what arrived."""

    machine: LifeOfALetter
    arrived: Counter[str] = field(default_factory=Counter)
    deeds: list[str] = field(default_factory=list)

    def send(self, letter: Outgoing, about_to_send: Callable[[], bool]) -> SendResult:
        deed = self.deeds.pop(0) if self.deeds else "sent"
        early = {
            "later": SendResult(Verdict.LATER, "busy", "451 busy"),
            "never": SendResult(Verdict.NEVER, "nobody", "550 nobody"),
            "halt": SendResult(Verdict.HALT, "not from you", "535 no"),
            "away": SendResult(Verdict.LATER, "no answer"),
        }
        if deed in early:
            return early[deed]
        if not about_to_send():
            return SendResult(Verdict.WITHDRAWN)
        if deed == "late later":
            return SendResult(Verdict.LATER, "busy", "451 busy")
        if deed == "late never":
            return SendResult(Verdict.NEVER, "spam", "554 spam")
        if deed != "lost":
            self.deliver(letter.message_id, letter.to_address)
        lost = SendResult(Verdict.UNCERTAIN, "no reply")
        return SendResult(Verdict.SENT, reply="250 OK") if deed == "sent" else lost

    def deliver(self, message_id: str, address: str) -> None:
        rows = dump(self.machine.store)
        never = {row["key"] for row in rows["suppression"].values()}
        assert parse_email(address).key not in never
        [letter] = [row for row in rows["letter"].values() if row["message_id"] == message_id]
        assert not rows["lead"][letter["lead_id"]]["no_mail"]
        self.arrived[message_id] += 1

    def close(self) -> None:
        pass


class LifeOfALetter(LifeOfALead):
    """The same floor, with an outbox and a mailbox."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self)
        self.wished: Counter[str] = Counter()
        self.senders = self.uid = 0
        for key, value in (("smtp_host", "mail.example"), ("from_address", "us@nordwind.example")):
            self.model.moved[self.desks["boss"].do(ChangeSetting(f"letters.{key}", value)).operation] = {}
        self.rows = dump(self.store)

    def seen(self) -> None:
        self.rows = dump(self.store)

    @initialize()
    def two_can_be_written_to(self) -> None:
        for address in ADDRESSES[:2]:
            self.add_lead("boss", {"name": "Ada Lovelace"}, [PointInput(Channel.EMAIL, address)], None, True, False)

    # People

    @rule(who=people, lead=lead_ids, reason=st.sampled_from(["price", "other"]), twice=st.booleans())
    def refuse_by_letter(self, who: str, lead: int, reason: str, twice: bool) -> None:
        self.refuse(who, lead, reason, "so", None, False, False, twice)

    @rule(who=people, leads=st.lists(lead_ids, min_size=1, max_size=4, unique=True), twice=st.booleans())
    def refuse_many(self, who: str, leads: list[int], twice: bool) -> None:
        ids = tuple(dict.fromkeys(self.one_of("lead", i) for i in leads))
        there = all(i in self.model.status and self.mine(who, i) for i in ids)
        legal = there and any(self.may(who, i, "refuse") for i in ids)
        going = [i for i in ids if legal and self.may(who, i, "refuse")]
        before = self.model.now()
        done = self.do(who, RefuseLeads(lead_ids=ids, wish=Wish(reason="price")), legal=legal, twice=twice)
        if done is not None:
            for i in going:
                self.model.status[i] = "refused"
            now = self.model.now()
            self.model.moved[done.operation] = {i: (before[i], now[i]) for i in going}

    @rule(who=people, lead=lead_ids, template=st.sampled_from(["offer", "comeback", "nonsense"]), twice=st.booleans())
    def write(self, who: str, lead: int, template: str, twice: bool) -> None:
        self.do(who, WriteLetter(lead_id=self.one_of("lead", lead), template=template), twice=twice)

    @rule(who=people, letter=row_ids, body=st.sampled_from(["Better words", " "]), twice=st.booleans())
    def reword(self, who: str, letter: int, body: str, twice: bool) -> None:
        letter = self.one_of("letter", letter)
        row = self.rows["letter"].get(letter)
        legal = bool(
            row and row["state"] in ("draft", "queued", "failed") and self.mine(who, row["lead_id"]) and body.strip()
        )
        self.do(who, EditLetter(letter_id=letter, subject="Well", body=body), legal=legal, twice=twice)

    @rule(who=people, letters=st.lists(row_ids, min_size=1, max_size=3, unique=True), twice=st.booleans())
    def queue(self, who: str, letters: list[int], twice: bool) -> None:
        self.do(who, QueueLetters(letter_ids=tuple({self.one_of("letter", i) for i in letters})), twice=twice)

    @rule(who=people, letter=row_ids, to_draft=st.booleans(), twice=st.booleans())
    def take_out(self, who: str, letter: int, to_draft: bool, twice: bool) -> None:
        letter = self.one_of("letter", letter)
        row = self.rows["letter"].get(letter)
        legal = bool(row and row["state"] not in LEFT and self.mine(who, row["lead_id"]))
        self.do(who, WithdrawLetters(letter_ids=(letter,), to_draft=to_draft), legal=legal, twice=twice)

    @rule(who=people, letter=row_ids)
    def send_again(self, who: str, letter: int) -> None:
        letter = self.one_of("letter", letter)
        row = self.rows["letter"].get(letter)
        if self.do(who, SendAgain(letter_id=letter)) is not None:
            assert row is not None
            self.wished[row["message_id"]] += row["state"] == "uncertain"

    @rule(who=people, letter=row_ids, arrived=st.booleans(), twice=st.booleans())
    def settle(self, who: str, letter: int, arrived: bool, twice: bool) -> None:
        letter = self.one_of("letter", letter)
        row = self.rows["letter"].get(letter)
        legal = bool(row and row["state"] == "uncertain" and self.mine(who, row["lead_id"]))
        if self.do(who, SettleUncertain(letter_id=letter, arrived=arrived), legal=legal, twice=twice) and not arrived:
            assert row is not None
            # "It did not arrive" is what a person says; if it did, sending it again is that person's doing.
            self.wished[row["message_id"]] += 1

    @rule(who=people)
    def hurry(self, who: str) -> None:
        self.do(who, SendNow(), legal=True)

    @rule(who=people, lead=lead_ids, letters=st.booleans(), greetings=st.booleans(), twice=st.booleans())
    def opt_out(self, who: str, lead: int, letters: bool, greetings: bool, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = lead in self.model.status and self.mine(who, lead)
        self.do(who, OptOut(lead_id=lead, letters=letters, greetings=greetings), legal=legal, twice=twice)

    @rule(who=people, lead=lead_ids, reason=st.sampled_from(["price", "nonsense"]), twice=st.booleans())
    def stay(self, who: str, lead: int, reason: str, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = self.may(who, lead, "work") and reason != "nonsense"
        self.do(who, Stayed(lead_id=lead, reason=reason), legal=legal, twice=twice)

    @rule(who=people, refusal=row_ids, redraft=st.booleans(), twice=st.booleans())
    def correct(self, who: str, refusal: int, redraft: bool, twice: bool) -> None:
        command = CorrectRefusal(refusal_id=self.one_of("refusal", refusal), reason="budget", redraft=redraft)
        self.do(who, command, twice=twice)

    @rule(who=people, lead=lead_ids, text=st.sampled_from(["told us", ""]), twice=st.booleans())
    def told(self, who: str, lead: int, text: str, twice: bool) -> None:
        lead = self.one_of("lead", lead)
        legal = lead in self.model.status and self.mine(who, lead) and bool(text)
        self.do(who, SaveReply(lead_id=lead, text=text, answers={"1": text}), legal=legal, twice=twice)

    @rule(which=st.integers(0, 30))
    def undo_the_rest(self, which: int) -> None:
        number = max(1, journal_size(self.store)[0] - which)
        self._turn("boss", Undo(number, rest=True), back=True)

    # The world

    @rule(who=people, deeds=st.lists(st.sampled_from(DEEDS_OF_SERVERS), max_size=4))
    def a_round_of_sending(self, who: str, deeds: list[str]) -> None:
        self.world.deeds = deeds
        Postman(self.desks[who], lambda _how: self.world, Keyring()).round()
        self.seen()

    @rule(who=people, delivered=st.booleans())
    def a_sender_dies(self, who: str, delivered: bool) -> None:
        desk = self.desks[who]
        self.senders += 1
        holder = f"dead {self.senders}"
        if desk.do(TakeOutbox(holder=holder)).value:
            letter_id = desk.read(NextToSend()).letter_id
            if letter_id and desk.do(Prepare(letter_id)).value:
                row = dump(self.store)["letter"][letter_id]
                if desk.do(BeginSending(letter_id=letter_id, holder=holder)).value and delivered:
                    self.world.deliver(row["message_id"], row["to_address"])
        self.seen()

    @rule(
        letter=row_ids,
        kind=st.sampled_from([*IncomingKind, IncomingKind.REPLY]),
        again=st.booleans(),
        permanent=st.booleans(),
    )
    def something_in_the_mailbox(self, letter: int, kind: IncomingKind, again: bool, permanent: bool) -> None:
        row = self.rows["letter"].get(self.one_of("letter", letter))
        if row is None or not self.world.arrived[row["message_id"]]:
            return
        self.uid += not again
        incoming = Incoming(
            kind=kind,
            message_id=f"<{self.uid}@x.example>",
            from_address=row["to_address"],
            text="hello",
            refers_to=(row["message_id"],),
            answers={"1": "price"},
            permanent=permanent,
        )
        before = dict(self.model.status)
        self.do("boss", TakeIn(incoming=incoming, mark=MailboxMark(1, self.uid)), legal=True)
        lead = row["lead_id"]
        if kind is IncomingKind.REPLY and before[lead] in ("refused", "deferred"):
            self.model.status[lead] = self.rows["lead"][lead]["status"]
            assert self.model.status[lead] == "in_progress" or before[lead] == self.model.status[lead]

    @rule(data=st.data())
    def a_busy_hour(self, data: st.DataObject) -> None:
        for _ in range(8):
            deed = data.draw(st.sampled_from(DEEDS))
            deed.function(self, **{name: data.draw(kind) for name, kind in deed.arguments.items()})
            for holds in (self.statuses_are_the_models, self.nobody_gets_it_twice, self.what_left_is_kept):
                holds()

    # What must always hold

    @invariant()
    def nobody_gets_it_twice(self) -> None:
        for message_id, times in self.world.arrived.items():
            assert times <= 1 + self.wished[message_id]

    @invariant()
    def what_left_is_kept(self) -> None:
        kept = {row["message_id"]: row for row in self.rows["letter"].values()}
        for message_id in self.world.arrived:
            assert message_id in kept, "a letter that arrived is not in the outbox any more"
        for row in self.rows["letter"].values():
            if row["state"] == "sent":
                assert row["sent_at"] is not None
            if row["state"] in ("queued", "sending", "sent", "uncertain"):
                assert row["message_id"]
            assert row["refusal_id"] is None or row["refusal_id"] in self.rows["refusal"]


DEEDS = [
    deed
    for machine in (LifeOfALetter, LifeOfALetter, LifeOfALead)
    for name, method in vars(machine).items()
    if name not in ("a_busy_hour", "two_can_be_written_to", "somebody_is_there")
    and (deed := getattr(method, RULE_MARKER, None)) is not None
    and not deed.preconditions
]

SHORT = settings(
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
LONG = settings(SHORT, max_examples=600, stateful_step_count=40)


def test_letters_through_random_work() -> None:
    run_state_machine_as_test(LifeOfALetter, settings=SHORT)  # type: ignore[no-untyped-call] # hypothesis' own


@pytest.mark.soak
def test_letters_through_random_work_for_long() -> None:
    run_state_machine_as_test(LifeOfALetter, settings=LONG)  # type: ignore[no-untyped-call] # hypothesis' own
