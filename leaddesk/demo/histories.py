"""Months of calls to one lead: who was reached when, what was said, and where it stands now.

The past is drawn; what the last call led to is asked of the same rules the program works by, so that a
demo's leads stand exactly where commands would have left them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from leaddesk.demo import endings
from leaddesk.demo.data import words
from leaddesk.demo.floor import Floor, Story, at_local, working_day
from leaddesk.demo.likeness import derived, zone_key_of
from leaddesk.workflow.cadence import Tried, next_number
from leaddesk.workflow.calling_hours import hours_for, parse_zone_key
from leaddesk.workflow.calls import preview
from leaddesk.workflow.entities import Call, Lead, Note, Task
from leaddesk.workflow.outcomes import Effect, Facts, Said
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import Channel, PartOfDay, PointState, Status, TaskKind, Temperature

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from leaddesk.demo.people import People, Person
    from leaddesk.workflow.entities import Outcome

EARLIER = (("no_answer", 40), ("busy", 9), ("voicemail", 14), ("callback", 18), ("interested", 8), ("not_now", 11))
"""How calls before the last one ended, with weights."""
LAST = (
    ("no_answer", 26), ("busy", 6), ("voicemail", 10), ("callback", 13), ("interested", 13), ("agreed", 8),
    ("not_now", 7), ("refused", 12), ("wrong_number", 3), ("do_not_call", 1),
)  # fmt: skip
"""How the last call ended."""
_HOURS = {PartOfDay.MORNING: (9, 11), PartOfDay.AFTERNOON: (12, 16), PartOfDay.EVENING: (17, 18)}
_PARTS = tuple(_HOURS)
_TALKS = {
    "callback": 95,
    "interested": 340,
    "agreed": 420,
    "not_now": 40,
    "refused": 150,
    "wrong_number": 25,
    "do_not_call": 20,
}
"""Seconds a talk lasts, about."""
_MONTHS = 170
"""Days back to the oldest last call."""


class Histories:
    """Tells the story of each lead."""

    def __init__(self, floor: Floor, random: Random, people: People) -> None:
        """Everything is drawn from `random`."""
        self.floor = floor
        self.random = random
        self.people = people
        self.most = floor.settings.number("cadence.in_all")

    def story(self, person: Person, calls: int) -> Story:
        """The whole story of a person who was called so many times."""
        random, floor = self.random, self.floor
        lead = {**person.lead, "source_id": random.choices(floor.sources, floor.source_weights)[0]}
        story = Story(lead, person.points)
        lead["zone_key"] = zone_key_of(lead, person.points)
        if not calls:
            self._new(story, person)
        else:
            self._called(story, person, calls)
        lead.update(derived(lead, story.points, {s.key for s in story.suppressions}, suspicious=person.suspicious))
        return story

    def _new(self, story: Story, person: Person) -> None:
        """Came lately, not called yet: most lie in the pool."""
        random, lead = self.random, story.lead
        age = timedelta(seconds=int(random.expovariate(1 / 200_000)) + 60)
        lead["created_at"] = lead["changed_at"] = self.floor.midnight - min(age, timedelta(days=12))
        if random.random() < 0.4 and not person.suspicious:
            owner = random.choice(self.floor.for_language(person.country.language))
            first = lead["created_at"] + timedelta(seconds=40)
            lead |= {"owner_id": owner.id, "first_assigned_at": first, "assigned_at": first, "changed_at": first}

    def _called(self, story: Story, person: Person, count: int) -> None:
        random, lead = self.random, story.lead
        owner = random.choice(self.floor.for_language(person.country.language))
        keys = self._outcomes(count)
        zone = ZoneInfo(parse_zone_key(lead["zone_key"])[1][0])
        days = self._days(keys, zone)
        lead["owner_id"] = owner.id
        if keys[-1] in ("callback", "interested", "agreed", "not_now", "refused"):
            self.people.better_known(person)
            lead |= {"company": person.lead["company"], "role": person.lead["role"]}
        run: list[Call] = []
        part: PartOfDay | None = None
        for place, (key, day) in enumerate(zip(keys, days, strict=True)):
            part = random.choice([p for p in _PARTS if p is not part])
            low, high = _HOURS[part]
            started = at_local(day, zone, random.randint(low, high), random.randrange(60), random.randrange(60))
            if not place:
                self._created(story, started)
            if len(run) == self.most:
                run, lead["attempts"] = [], 0
            self._call(story, person, run, key, started, part, last=place == len(keys) - 1)
        if random.random() < 0.25:
            said = self.people.filled(random.choice(words()["notes"]))
            at = story.calls[-1].started_at + timedelta(minutes=3)
            story.notes.append(Note(user_id=owner.id, at=at, text=said))

    def _created(self, story: Story, first: datetime) -> None:
        waited = self.random.choice((180, 400, 1500, 9000, 40_000, 120_000))
        waited += self.random.randrange(120)
        owned = {"first_assigned_at": first, "assigned_at": first}
        story.lead |= {"created_at": first - timedelta(seconds=waited), **owned}

    def _outcomes(self, count: int) -> list[str]:
        earlier, weights = zip(*EARLIER, strict=True)
        ends, end_weights = zip(*LAST, strict=True)
        return [*self.random.choices(earlier, weights, k=count - 1), self.random.choices(ends, end_weights)[0]]

    def _days(self, keys: list[str], zone: ZoneInfo) -> list[date]:
        """The day of each call, the last one as long ago as what it led to allows; all over before today begins.

        West of Greenwich yesterday's evening is not over at midnight UTC.
        """
        random = self.random
        runs = self._runs(keys)
        west = (self.floor.midnight.astimezone(zone).utcoffset() or timedelta()) < timedelta()
        back = self._last_day(keys[-1], runs[-1]) + int(west)
        day = working_day((self.floor.midnight - timedelta(days=back)).date())
        days = [day]
        for key, run in zip(keys[-2::-1], runs[-2::-1], strict=True):
            if run == self.most:
                gap = self.floor.settings.number("cadence.park_days") + random.randint(3, 7)
            else:
                gap = random.randint(1, 3) if not self.floor.outcomes[key].human else random.randint(2, 7)
            day = working_day(day - timedelta(days=gap))
            days.append(day)
        return days[::-1]

    def _runs(self, keys: list[str]) -> list[int]:
        """How many unanswered calls in a row each one ends; a full run is followed by a return."""
        runs, run = [], 0
        for key in keys:
            run = 0 if self.floor.outcomes[key].human else (1 if run == self.most else run + 1)
            runs.append(run)
        return runs

    def _last_day(self, key: str, run: int) -> int:
        random = self.random
        if run == self.most:
            return random.randint(2, max(2, self.floor.settings.number("cadence.park_days") - 5))
        if key in ("agreed", "refused", "do_not_call"):
            return 1 + int(random.random() ** 1.5 * _MONTHS)
        longest = {"callback": 8, "interested": 6, "not_now": 6}.get(key, 3)
        return random.randint(1, longest)

    def _call(
        self, story: Story, person: Person, run: list[Call], key: str, started: datetime, part: PartOfDay, *, last: bool
    ) -> None:
        """One call, written up as `LogCall` does."""
        random, lead, outcome = self.random, story.lead, self.floor.outcomes[key]
        owner = lead["owner_id"]
        seconds = int(random.uniform(0.4, 2.2) * _TALKS[key]) if outcome.human else random.choice((0, 0, 18, 25, 31))
        ended = started + timedelta(seconds=seconds)
        place = self._number(story, run, started)
        point = story.points[place]
        made = Call(
            phone=point.key,
            user_id=owner,
            started_at=started,
            duration_s=seconds,
            outcome=key,
            note=self._said(key),
            attempt=lead.get("attempts", 0) + 1,
            part=part,
        )
        facts = self._facts(story, run, place, ended) if last else None
        endings.close_due_calls(story, ended, outcome)
        story.calls.append(made)
        story.dialled.append(place)
        story.points[place] = replace(
            point,
            attempts=point.attempts + 1,
            answered=point.answered + int(outcome.human),
            last_tried_at=started,
            state=PointState.VALID if outcome.human and outcome.workable else point.state,
        )
        lead["touches"] = lead.get("touches", 0) + 1
        lead["last_call_at"] = started
        lead["changed_at"] = ended
        if outcome.human:
            run.clear()
        else:
            run.append(made)
        lead["attempts"] = 0 if outcome.human else lead.get("attempts", 0) + 1
        if facts is None:
            self._meanwhile(story, outcome, ended)
        else:
            self._ends(story, person, outcome, facts, ended)

    def _number(self, story: Story, run: list[Call], started: datetime) -> int:
        phones = [p for p in story.points if p.channel is Channel.PHONE]
        if len(phones) == 1:
            return story.points.index(phones[0])
        tried = Tried(run, parse_zone_key(story.lead["zone_key"])[1])
        chosen = next_number(phones, tried, frozenset(), tried.local(started).date())
        return story.points.index(chosen or phones[0])

    def _said(self, key: str) -> str:
        pool = words()["talks"].get(key)
        return self.people.filled(self.random.choice(pool)) if pool and self.random.random() < 0.75 else ""

    def _facts(self, story: Story, run: list[Call], place: int, ended: datetime) -> Facts:
        country, zones = parse_zone_key(story.lead["zone_key"])
        hours = hours_for(country, hours_in(self.floor.settings))
        points = tuple(story.points)
        tried = Tried(list(run), zones)
        return Facts(Lead(**story.lead), points, frozenset(), points[place], tried, hours, ended, self.floor.settings)

    def _meanwhile(self, story: Story, outcome: Outcome, ended: datetime) -> None:
        """What a call that was not the last led to."""
        lead, owner = story.lead, story.lead["owner_id"]
        lead["status"] = outcome.status or (
            Status.QUALIFIED if lead.get("status") is Status.QUALIFIED else Status.IN_PROGRESS
        )
        if outcome.key == "interested":
            lead["temperature"] = Temperature.HOT
            due = ended + timedelta(hours=self.floor.settings.number("offer.hours"))
            done = due - timedelta(minutes=self.random.randrange(5, 100))
            offer = Task(
                owner_id=owner, kind=TaskKind.OFFER, title="Send the offer", due_at=due, done_at=done, result="sent"
            )
            story.tasks.append(replace(offer, created_by=owner, created_at=ended))
        if outcome.key == "callback":
            promise = Task(owner_id=owner, title="Promised callback", due_at=ended + timedelta(hours=20), exact=True)
            story.tasks.append(replace(promise, promised=True, created_by=owner, created_at=ended))

    def _ends(self, story: Story, person: Person, outcome: Outcome, facts: Facts, ended: datetime) -> None:
        if outcome.key == "agreed":
            endings.convert(self, story, person, ended)
        elif outcome.key == "refused":
            endings.refuse(self, story, ended)
        else:
            said = self._promise(outcome, facts, ended)
            self._take(story, outcome, preview(facts, outcome, said), ended)
            endings.afterwards(self, story, outcome, ended)

    def _promise(self, outcome: Outcome, facts: Facts, ended: datetime) -> Said:
        """What they asked for: a time (some of it is due today), or to be written to."""
        random = self.random
        if outcome.key == "not_now" and random.random() < 0.4:
            has_telegram = any(p.channel is Channel.TELEGRAM for p in facts.points)
            return Said(channel=Channel.TELEGRAM if has_telegram else Channel.EMAIL)
        if outcome.key not in ("callback", "not_now"):
            return Said()
        ahead = random.choices((-1, 0, 1, 2, 5, 9), (1, 15, 22, 22, 22, 18))[0]
        day = (self.floor.midnight + timedelta(days=ahead)).date()
        zone = ZoneInfo(facts.zones[0])
        promised = at_local(working_day(day, back=ahead < 0), zone, random.randint(9, 18), random.randrange(0, 60, 5))
        if promised <= ended:
            promised = at_local(working_day(self.floor.midnight.date(), back=False), zone, 10, 30)
        return Said(at=promised)

    def _take(self, story: Story, outcome: Outcome, effect: Effect, ended: datetime) -> None:
        """What `LogCall` stores of an effect."""
        lead = story.lead
        owner = lead["owner_id"]
        if any(task.kind is TaskKind.CALL for task in effect.tasks):
            endings.drop(story, "replaced by a new appointment", only=TaskKind.CALL)
        for task in effect.tasks:
            story.tasks.append(
                Task(
                    owner_id=owner,
                    kind=task.kind,
                    title=task.title,
                    due_at=task.due_at,
                    exact=task.exact,
                    promised=task.promised,
                    created_by=owner,
                    created_at=ended,
                )
            )
        if effect.retires is not None:
            gone = next(n for n, p in enumerate(story.points) if p.key == effect.retires.key)
            story.points[gone] = replace(story.points[gone], state=PointState.WRONG_PERSON, preferred=False)
        if outcome.suppress:
            endings.never_again(story, ended, story.calls[-1].note)
        lead |= {
            "status": effect.status,
            "temperature": effect.temperature,
            "preferred_channel": effect.channel or lead.get("preferred_channel"),
            "retry_at": effect.retry_at,
            "return_at": effect.park_until,
            "parked_why": effect.park_why,
        }
