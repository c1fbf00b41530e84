"""How a call may end and what happens then. Outcomes are data: rows with flags and one rule each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from leaddesk.workflow.cadence import Retry, Tried, plan_retry
from leaddesk.workflow.calling_hours import Hours, calling_state, opening
from leaddesk.workflow.desk import Question
from leaddesk.workflow.entities import ContactPoint, Lead, Outcome
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.mornings import morning_of
from leaddesk.workflow.vocabulary import Channel, Status, TaskKind, Temperature
from leaddesk.workflow.when import say_when

if TYPE_CHECKING:
    from leaddesk.workflow.settings import Settings

DEFAULT_OUTCOMES: tuple[Outcome, ...] = (
    Outcome(key="no_answer", title="No answer", digit=1, next_step="retry"),
    Outcome(key="busy", title="Busy", digit=2, next_step="retry"),
    Outcome(key="voicemail", title="Voicemail", digit=3, next_step="retry", answered=True),
    Outcome(
        key="callback", title="Call back later", digit=4, next_step="callback", answered=True, human=True, callback=True
    ),
    Outcome(
        key="interested",
        title="Interested",
        digit=5,
        next_step="offer",
        answered=True,
        human=True,
        temperature=Temperature.HOT,
        status=Status.QUALIFIED,
    ),
    Outcome(
        key="agreed", title="Agreed → client", digit=6, next_step="convert", answered=True, human=True, success=True
    ),
    Outcome(key="not_now", title="Won’t talk now", digit=7, next_step="not_now", answered=True, human=True),
    Outcome(key="refused", title="Refused", digit=8, next_step="refuse", answered=True, human=True, refusal=True),
    Outcome(
        key="wrong_number",
        title="Wrong number",
        digit=9,
        next_step="wrong_number",
        answered=True,
        human=True,
        workable=False,
    ),
    Outcome(
        key="do_not_call",
        title="Do not call",
        digit=0,
        next_step="suppress",
        answered=True,
        human=True,
        refusal=True,
        suppress=True,
        workable=False,
    ),
)
"""What a new file starts with: the ten keys of the call panel. Flags after a real floor's list of call statuses."""


@dataclass(frozen=True)
class Outcomes(Question[list[Outcome]]):
    """The outcomes in use, by digit."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A task an outcome makes. `due_at` UTC; `exact` and `promised` as on `Task`."""

    kind: TaskKind
    title: str
    due_at: datetime
    exact: bool = False
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may look at: the lead, its numbers, and the unanswered calls in a row, this one included."""

    lead: Lead
    points: tuple[ContactPoint, ...]
    barred: frozenset[str]
    dialled: ContactPoint | None
    tried: Tried
    hours: Hours
    now: datetime
    settings: Settings

    @property
    def zones(self) -> tuple[str, ...]:
        """The lead's candidate zones."""
        return self.tried.zones

    def others(self) -> list[ContactPoint]:
        """The numbers that could be dialled instead of this one."""
        return [
            p
            for p in self.points
            if p.channel is Channel.PHONE and p.usable and p.key not in self.barred and p != self.dialled
        ]

    def when(self, moment: datetime) -> str:
        """A moment by the lead's own clock, in words."""
        words = say_when(self.tried.local(moment).replace(tzinfo=None), self.tried.local(self.now).replace(tzinfo=None))
        return f"{words} their time" if self.zones else words


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome will do, before it is taken.

    `asks` names what the person has to say first, if anything: "when", "channel", "client", "reason" or "number".
    """

    words: str
    status: Status
    temperature: Temperature
    retry_at: datetime | None = None
    park_until: datetime | None = None
    park_why: str = ""
    tasks: tuple[Planned, ...] = ()
    retires: ContactPoint | None = None
    channel: Channel | None = None
    suppresses: tuple[str, ...] = ()
    asks: str = ""
    next_number: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What the operator adds to an outcome: the promised time, another channel, a temperature of their own."""

    at: datetime | None = None
    channel: Channel | None = None
    temperature: Temperature | None = None


NOTHING_SAID = Said()


def effect_of(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    """The effect of an outcome. Pure: the preview and the command ask the same."""
    rule = _RULES.get(outcome.next_step)
    if rule is None:
        raise Refused(f"The outcome “{outcome.title}” has no rule. Choose its next step in Settings.", field="outcome")
    return rule(outcome, facts, said)


def _warmth(outcome: Outcome, facts: Facts, said: Said) -> Temperature:
    order = list(Temperature)
    if said.temperature:
        return said.temperature
    return max(outcome.temperature or facts.lead.temperature, facts.lead.temperature, key=order.index)


def _in_work(facts: Facts) -> Status:
    lead = facts.lead
    return lead.status if lead.status is Status.QUALIFIED else Status.IN_PROGRESS


def _retry(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    numbers = [p for p in facts.points if p.channel is Channel.PHONE and p.usable and p.key not in facts.barred]
    phones = [p.key or p.value for p in numbers]
    plan = plan_retry(facts.tried, phones, facts.hours, facts.now, facts.settings, busy=outcome.key == "busy")
    warmth = _warmth(outcome, facts, said)
    if plan.exhausted or plan.at is None:
        days = facts.settings.number("cadence.park_days")
        day = facts.tried.local(facts.now + timedelta(days=days)).date()
        until = morning_of(day, facts.lead.zone_key, facts.settings)
        words = f"parked for {days} days: {plan.why}; comes back {facts.when(until)}"
        return Effect(words, Status.DEFERRED, warmth, park_until=until, park_why=plan.why)
    words = f"try again {facts.when(plan.at)} ({_attempt(plan)}; {plan.why})"
    return Effect(words, _in_work(facts), warmth, retry_at=plan.at)


def _attempt(plan: Retry) -> str:
    return f"attempt {plan.attempt} of {plan.of}"


def _callback(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    warmth = _warmth(outcome, facts, said)
    if said.at is None:
        return Effect("say when: a promised callback needs its time", _in_work(facts), warmth, asks="when")
    task = Planned(TaskKind.CALL, "Promised callback", said.at, exact=True, promised=True)
    words = f"call back {facts.when(said.at)}, promised{_closed(facts, said.at)}"
    return Effect(words, _in_work(facts), warmth, tasks=(task,))


def _closed(facts: Facts, at: datetime) -> str:
    """A promise outside calling hours is kept all the same; it is said, not forbidden."""
    state = calling_state(facts.zones, facts.hours, at)
    return "" if state.open or not state.known else " (outside calling hours there)"


def _offer(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    now, settings = facts.now, facts.settings
    offer_at = now + timedelta(hours=settings.number("offer.hours"))
    follow = said.at or _open_from(facts, now + timedelta(days=settings.number("offer.follow_up_days")))
    warmth = _warmth(outcome, facts, said)
    stays = "stays" if warmth is facts.lead.temperature else "becomes"
    tasks = (
        Planned(TaskKind.OFFER, "Send the offer", offer_at),
        Planned(TaskKind.CALL, "Ask about the offer", follow, exact=said.at is not None, promised=said.at is not None),
    )
    words = f"{stays} {warmth}, task “Send the offer” {facts.when(offer_at)}, call on {facts.when(follow)}"
    return Effect(words, outcome.status or _in_work(facts), warmth, tasks=tasks)


def _open_from(facts: Facts, moment: datetime) -> datetime:
    _, opens_at = opening(facts.zones, facts.hours, moment)
    return opens_at or moment


def _convert(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    task = Planned(TaskKind.OTHER, "Make the client card", facts.now)
    words = "becomes a client: the card is filled in next"
    return Effect(words, Status.QUALIFIED, _warmth(outcome, facts, said), tasks=(task,), asks="client")


def _refuse(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    task = Planned(TaskKind.OTHER, "Write up the refusal", facts.now)
    words = "refused: the reason and the farewell letter come next"
    return Effect(words, _in_work(facts), _warmth(outcome, facts, said), tasks=(task,), asks="reason")


def _not_now(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    warmth = _warmth(outcome, facts, said)
    if said.at is not None:
        task = Planned(TaskKind.CALL, "Call at the time they chose", said.at, exact=True, promised=True)
        return Effect(f"call {facts.when(said.at)}, the time they chose", _in_work(facts), warmth, tasks=(task,))
    if said.channel is not None and said.channel is not Channel.PHONE:
        due = facts.now + timedelta(hours=facts.settings.number("offer.hours"))
        task = Planned(TaskKind.LETTER, f"Write by {said.channel}", due)
        words = f"write by {said.channel} {facts.when(due)}; not called again unless they ask"
        return Effect(words, _in_work(facts), warmth, tasks=(task,), channel=said.channel)
    later = _open_from(facts, facts.now + timedelta(days=1))
    words = f"offer another channel or time; else tried again {facts.when(later)}"
    return Effect(words, _in_work(facts), warmth, retry_at=later, asks="channel")


def _wrong_number(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    warmth = _warmth(outcome, facts, said)
    others = facts.others()
    gone = facts.dialled.value if facts.dialled else "the number"
    if others:
        words = f"{gone} is marked as somebody else’s; next number: {others[0].value}"
        return Effect(
            words, _in_work(facts), warmth, retry_at=facts.now, retires=facts.dialled, next_number=others[0].value
        )
    task = Planned(TaskKind.OTHER, "Find another number", facts.now)
    words = f"{gone} is marked as somebody else’s; no other number: task “Find another number”"
    return Effect(words, _in_work(facts), warmth, tasks=(task,), retires=facts.dialled, asks="number")


def _suppress(outcome: Outcome, facts: Facts, said: Said) -> Effect:
    keys = tuple(p.key or p.value for p in facts.points if p.channel is Channel.PHONE)
    words = (
        f"never called again: {', '.join(p.value for p in facts.points if p.channel is Channel.PHONE) or 'this lead'}"
    )
    return Effect(words, Status.REFUSED, _warmth(outcome, facts, said), suppresses=keys)


_RULES = {
    "retry": _retry,
    "callback": _callback,
    "offer": _offer,
    "convert": _convert,
    "refuse": _refuse,
    "not_now": _not_now,
    "wrong_number": _wrong_number,
    "suppress": _suppress,
}
NEXT_STEPS = tuple(_RULES)
