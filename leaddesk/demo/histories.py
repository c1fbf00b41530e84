"""Months of calls to one lead: who was reached when, what was said, and where it stands now.

The past is drawn; what the last call led to is asked of the same rules the program works by, so that a
demo's leads stand exactly where commands would have left them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from leaddesk.db.mapping import from_ms, to_ms
from leaddesk.demo import endings
from leaddesk.demo.data import between, countries, pick, words
from leaddesk.demo.floor import Dialled, Done, Floor, Story, ahead_at, at_local, working_day
from leaddesk.demo.likeness import derived, zone_key_of
from leaddesk.demo.scale import RECENT_DAYS, SETTLED_DAYS, YEARS_DAYS
from leaddesk.workflow.cadence import Tried
from leaddesk.workflow.calling_hours import hours_for, parse_zone_key
from leaddesk.workflow.calls import preview
from leaddesk.workflow.entities import Lead, Note, Task
from leaddesk.workflow.outcomes import Effect, Facts, Said
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import Channel, PartOfDay, PointState, Status, TaskKind, Temperature

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

    from leaddesk.demo.people import People, Person
    from leaddesk.demo.scale import Scale
    from leaddesk.workflow.entities import Call, Outcome

EARLIER = (("no_answer", 40), ("busy", 9), ("voicemail", 14), ("callback", 18), ("interested", 8), ("not_now", 11))
"""How calls before the last one ended, with weights."""
LAST = (
    ("no_answer", 26), ("busy", 6), ("voicemail", 10), ("callback", 13), ("interested", 13), ("agreed", 8),
    ("not_now", 7), ("refused", 12), ("wrong_number", 3), ("do_not_call", 1),
)  # fmt: skip
"""How the last call to a lead in hand ended."""
SETTLED = (("refused", 52), ("not_now", 24), ("wrong_number", 14), ("agreed", 7), ("do_not_call", 3))
"""How the last call to a lead settled in years gone by ended."""
_HOURS = {PartOfDay.MORNING: (9, 12), PartOfDay.AFTERNOON: (12, 17), PartOfDay.EVENING: (17, 19)}
_PARTS = tuple(_HOURS)
_OTHER_PARTS: dict[PartOfDay | None, tuple[PartOfDay, ...]] = {
    part: tuple(p for p in _PARTS if p is not part) for part in (None, *_PARTS)
}
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
_UNANSWERED = (0, 0, 18, 25, 31)
"""Seconds nobody answers."""
_MS = 1000
_MINUTE = 60 * _MS
_HOUR = 60 * _MINUTE


def _drawn(weighted: Sequence[tuple[str, int]]) -> tuple[list[str], list[int]]:
    """Names and their weights added up, as `Random.choices` takes them."""
    return [name for name, _ in weighted], list(accumulate(weight for _, weight in weighted))


class Histories:
    """Tells the story of each lead."""

    def __init__(self, floor: Floor, random: Random, people: People, scale: Scale) -> None:
        """Everything is drawn from `random`."""
        self.floor = floor
        self.random = random
        self.people = people
        self.scale = scale
        self.most = floor.settings.number("cadence.in_all")
        self._park_days = floor.settings.number("cadence.park_days")
        self._offer_ms = floor.settings.number("offer.hours") * _HOUR
        self._hours = hours_in(floor.settings)
        self._human = {key: outcome.human for key, outcome in floor.outcomes.items()}
        self._earlier, self._last, self._settled = _drawn(EARLIER), _drawn(LAST), _drawn(SETTLED)
        self._sources = list(accumulate(floor.source_weights))
        self._speakers = {
            language: floor.for_language(language) for language in {c.language for c in countries().values()}
        }
        self._today = floor.midnight.date().toordinal()

    def story(self, person: Person, calls: int) -> Story:
        """The whole story of a person who was called so many times."""
        lead = {**person.lead, "source_id": self.random.choices(self.floor.sources, cum_weights=self._sources)[0]}
        story = Story(lead, person.points, person.extra)
        lead["zone_key"] = zone_key_of(lead, person.points)
        if calls:
            self._called(story, person, calls)
        else:
            self._new(story, person)
        lead.update(derived(lead, story.points, {s.key for s in story.suppressions}, suspicious=person.suspicious))
        return story

    def _new(self, story: Story, person: Person) -> None:
        """Came lately, not called yet: most lie in the pool."""
        random, lead = self.random, story.lead
        mean, most = self.scale.waiting_s
        age = timedelta(seconds=int(min(random.expovariate(1 / mean) + 60, most)))
        lead["created_at"] = lead["changed_at"] = self.floor.midnight - age
        if random.random() < 0.4 and not person.suspicious:
            owner = pick(random, self._speakers[person.country.language])
            first = lead["created_at"] + timedelta(seconds=40)
            lead |= {"owner_id": owner.id, "first_assigned_at": first, "assigned_at": first, "changed_at": first}

    def _called(self, story: Story, person: Person, count: int) -> None:
        random, lead = self.random, story.lead
        settled = random.random() >= self.scale.live
        owner = lead["owner_id"] = pick(random, self._speakers[person.country.language]).id
        names, weights = self._settled if settled else self._last
        names_before, weights_before = self._earlier
        keys = [
            *random.choices(names_before, cum_weights=weights_before, k=count - 1),
            random.choices(names, cum_weights=weights)[0],
        ]
        zones = parse_zone_key(lead["zone_key"])[1]
        days = self._days(keys, zones[0], settled=settled)
        if keys[-1] in ("callback", "interested", "agreed", "not_now", "refused"):
            self.people.better_known(person)
            lead |= {"company": person.lead["company"], "role": person.lead["role"]}
        self._calls(story, keys, days, zones[0])
        self._created(story)
        run = self._before_last(story)
        self._ends(story, person, run, settled=settled)
        if random.random() < 0.25:
            said = self.people.filled(pick(random, words()["notes"]))
            story.notes.append(Note(user_id=owner, at=from_ms(story.calls[-1].started + 3 * _MINUTE), text=said))

    def _calls(self, story: Story, keys: list[str], days: list[int], zone: str) -> None:
        """All calls, and the tasks the earlier ones led to: each was done before the next call or by it."""
        random, human, calls, past = self.random, self._human, story.calls, story.past
        owner = story.lead["owner_id"]
        phones = [(place, p.key) for place, p in enumerate(story.points) if p.channel is Channel.PHONE]
        titles = {key: outcome.title for key, outcome in self.floor.outcomes.items()}
        part: PartOfDay | None = None
        run = 0
        promised: int | None = None
        for key, day in zip(keys, days, strict=True):
            part = pick(random, _OTHER_PARTS[part])
            low, high = _HOURS[part]
            started = at_local(day, zone, between(random, low * 3600, high * 3600 - 1))
            if run == self.most:
                run = 0
            talked = human[key]
            seconds = int((0.4 + 1.8 * random.random()) * _TALKS[key]) if talked else pick(random, _UNANSWERED)
            place, phone = phones[run % len(phones)]
            calls.append(Dialled(place, phone, owner, started, seconds, key, self._said(key), run + 1, part))
            ended = started + seconds * _MS
            if promised is not None:
                past.append(
                    Done(TaskKind.CALL, "Promised callback", True, promised, promised + 20 * _HOUR, ended, titles[key])
                )
                promised = None
            run = 0 if talked else run + 1
            if len(calls) == len(keys):
                return
            if key == "callback":
                promised = ended
            elif key == "interested":
                due = ended + self._offer_ms
                done = due - between(random, 5, 99) * _MINUTE
                past.append(Done(TaskKind.OFFER, "Send the offer", False, ended, due, done, "sent"))

    def _created(self, story: Story) -> None:
        first = story.calls[0].started
        waited = pick(self.random, (180, 400, 1500, 9000, 40_000, 120_000)) + between(self.random, 0, 119)
        called = from_ms(first)
        story.lead |= {
            "created_at": from_ms(first - waited * _MS),
            "first_assigned_at": called,
            "assigned_at": called,
        }

    def _before_last(self, story: Story) -> list[Call]:
        """Put the lead and its numbers where all calls but the last left them; gives the run of unanswered ones."""
        lead, calls = story.lead, story.calls[:-1]
        attempt = story.calls[-1].attempt
        lead["attempts"] = attempt - 1
        lead["touches"] = len(calls)
        if not calls:
            return []
        self._count(story, calls)
        outcomes = self.floor.outcomes
        qualified = any(outcomes[call.outcome].status is Status.QUALIFIED for call in calls)
        lead["status"] = Status.QUALIFIED if qualified else Status.IN_PROGRESS
        if any(call.outcome == "interested" for call in calls):
            lead["temperature"] = Temperature.HOT
        last = calls[-1]
        lead["last_call_at"] = from_ms(last.started)
        lead["changed_at"] = from_ms(last.started + last.seconds * _MS)
        return [call.row() for call in calls[len(calls) - attempt + 1 :]] if attempt > 1 else []

    def _count(self, story: Story, calls: Sequence[Dialled]) -> None:
        """What the calls say of the numbers they went to."""
        for place, point in enumerate(story.points):
            made = [call for call in calls if call.place == place] if len(story.points) > 1 else calls
            if not made:
                continue
            talks = [call for call in made if self._human[call.outcome]]
            workable = any(self.floor.outcomes[call.outcome].workable for call in talks)
            story.points[place] = replace(
                point,
                attempts=point.attempts + len(made),
                answered=point.answered + len(talks),
                last_tried_at=from_ms(made[-1].started),
                state=PointState.VALID if workable else point.state,
            )

    def _days(self, keys: list[str], zone: str, *, settled: bool) -> list[int]:
        """The day of each call, the last one as long ago as what it led to allows; all over before today begins.

        West of Greenwich yesterday's evening is not over at midnight UTC.
        """
        random = self.random
        runs = self._runs(keys)
        gaps = []
        for key, run in zip(keys[-2::-1], runs[-2::-1], strict=True):
            if run == self.most:
                gaps.append(self._park_days + between(random, 3, 7))
            else:
                gaps.append(between(random, 2, 7) if self._human[key] else between(random, 1, 3))
        west = ahead_at(self.floor.midnight, zone) < timedelta()
        back = self._long_ago(sum(gaps)) if settled else self._last_day(keys[-1], runs[-1])
        day = working_day(self._today - back - west)
        days = [day]
        for gap in gaps:
            day = working_day(day - gap)
            days.append(day)
        return days[::-1]

    def _runs(self, keys: list[str]) -> list[int]:
        """How many unanswered calls in a row each one ends; a full run is followed by a return."""
        runs, run = [], 0
        for key in keys:
            run = 0 if self._human[key] else (1 if run == self.most else run + 1)
            runs.append(run)
        return runs

    def _long_ago(self, worked: int) -> int:
        """Days back to the last call of a lead settled in years gone by, worked on for so many days before."""
        # A call that falls on a weekend is moved back, which makes the work longer by a sixth.
        room = max(0, YEARS_DAYS - SETTLED_DAYS - worked * 7 // 6)
        return SETTLED_DAYS + int(self.random.random() ** 1.5 * room)

    def _last_day(self, key: str, run: int) -> int:
        random = self.random
        if run == self.most:
            return between(random, 2, max(2, self._park_days - 5))
        if key in ("agreed", "refused", "do_not_call"):
            return 1 + int(random.random() ** 1.5 * RECENT_DAYS)
        longest = {"callback": 8, "interested": 6, "not_now": 6}.get(key, 3)
        return between(random, 1, longest)

    def _said(self, key: str) -> str:
        pool = words()["talks"].get(key)
        return self.people.filled(pick(self.random, pool)) if pool and self.random.random() < 0.75 else ""

    def _facts(self, story: Story, run: list[Call], place: int, ended: datetime) -> Facts:
        country, zones = parse_zone_key(story.lead["zone_key"])
        hours = hours_for(country, self._hours)
        points = tuple(story.points)
        tried = Tried(run, zones)
        return Facts(Lead(**story.lead), points, frozenset(), points[place], tried, hours, ended, self.floor.settings)

    def _ends(self, story: Story, person: Person, run: list[Call], *, settled: bool) -> None:
        """The last call, written up as `LogCall` does, and what came of it."""
        lead, call = story.lead, story.calls[-1]
        outcome = self.floor.outcomes[call.outcome]
        ended = from_ms(call.started + call.seconds * _MS)
        facts = self._facts(story, run, call.place, ended)
        self._count(story, (call,))
        lead["touches"] += 1
        lead["attempts"] = 0 if outcome.human else call.attempt
        lead["last_call_at"] = from_ms(call.started)
        lead["changed_at"] = ended
        if outcome.key == "agreed":
            endings.convert(self, story, person, ended)
        elif outcome.key == "refused":
            endings.refuse(self, story, ended)
        elif settled and outcome.key in ("not_now", "wrong_number"):
            endings.settled(self, story, outcome, ended)
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
        day, zone = self._today + ahead, facts.zones[0]
        hour, minute = between(random, 9, 18), between(random, 0, 11) * 5
        promised = at_local(working_day(day, back=ahead < 0), zone, (hour * 60 + minute) * 60)
        if promised <= to_ms(ended):
            promised = at_local(working_day(self._today, back=False), zone, (10 * 60 + 30) * 60)
        return Said(at=from_ms(promised))

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
            endings.never_again(story, ended, story.calls[-1].said)
        lead |= {
            "status": effect.status,
            "temperature": effect.temperature,
            "preferred_channel": effect.channel or lead.get("preferred_channel"),
            "retry_at": effect.retry_at,
            "return_at": effect.park_until,
            "parked_why": effect.park_why,
        }
