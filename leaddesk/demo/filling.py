"""Filling a new database: the floor first, then the leads, a few thousand to a transaction, as one operation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, ClassVar

from leaddesk.demo.data import words
from leaddesk.demo.floor import Floor, Story
from leaddesk.demo.histories import Histories
from leaddesk.demo.people import People
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.desk import Command
from leaddesk.workflow.entities import Call, Client, Lead, Outcome, RefusalReason, Source, User
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role, SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.ports import Work

CHUNK = 2000
"""Leads to a transaction: memory stays the same however many there are."""
NEVER_CALLED = 0.25
"""The share of leads nobody has called yet."""
SUSPICIOUS = 0.006


@dataclass(slots=True)
class Made:
    """How much was made, and by which operation."""

    leads: int = 0
    calls: int = 0
    tasks: int = 0
    clients: int = 0
    users: int = 0
    operation: int = 0


@dataclass(frozen=True)
class FillDemo(Command[Floor]):
    """Take a made-up floor into a database without leads; `FillStories` brings the leads."""

    leads: int
    calls: int
    seed: int
    role: ClassVar[Role] = Role.ADMIN

    def handle(self, work: Work) -> Floor:
        """Raises `Refused` where there are leads already."""
        if work.ask(LeadIds(limit=1)):
            raise Refused(
                "There are leads in this database already. The demo wants a new one: --db demo.db", field="db"
            )
        midnight = _midnight(work.now)
        operators = tuple(user for user in self._people(work, midnight) if user.role is Role.OPERATOR)
        sources, weights = self._sources(work, midnight)
        work.words = f"Demo: {self.leads} leads"
        return Floor(
            midnight,
            work.settings,
            {o.key: o for o in work.find(Outcome)},
            {r.key: r for r in work.find(RefusalReason)},
            operators,
            sources,
            weights,
        )

    def _people(self, work: Work, midnight: datetime) -> list[User]:
        known = {user.login: user for user in work.find(User)}
        people = []
        for login, name, role, languages, zone, capacity in words()["people"]:
            user = known.get(login) or work.add(
                User(
                    login=login,
                    name=name,
                    email=f"{login}@leaddesk.example",
                    role=Role(role),
                    languages=tuple(languages.split(",")),
                    zone=zone,
                    capacity=capacity,
                    created_at=midnight - timedelta(days=200),
                )
            )
            people.append(user)
        return people

    def _sources(self, work: Work, midnight: datetime) -> tuple[tuple[int, ...], tuple[int, ...]]:
        known = {source.name: source for source in work.find(Source)}
        ids, weights = [], []
        for name, kind, cost, weight in words()["sources"]:
            source = known.get(name) or work.add(
                Source(
                    name=name,
                    kind=SourceKind(kind),
                    cost=Decimal(cost) if cost else None,
                    created_at=midnight - timedelta(days=200),
                )
            )
            ids.append(source.id)
            weights.append(weight)
        return tuple(ids), tuple(weights)


@dataclass(frozen=True)
class FillStories(Command[None]):
    """Store some stories, going on with the operation of `FillDemo`."""

    operation: int
    stories: tuple[Story, ...]
    role: ClassVar[Role] = Role.ADMIN

    def in_operation(self) -> int:
        """What it goes on with."""
        return self.operation

    def handle(self, work: Work) -> None:
        """Nothing to refuse."""
        clients = self._clients(work)
        stories = self.stories
        leads = work.put_many([Lead(**s.lead, client_id=clients.get(n)) for n, s in enumerate(stories)])
        points = work.put_many([replace(p, lead_id=leads[n]) for n, s in enumerate(stories) for p in s.points])
        self._client_points(work, clients)
        work.put_many(list(self._calls(leads, points)))
        tasks = [replace(t, lead_id=leads[n]) for n, s in enumerate(stories) for t in s.tasks]
        tasks += [replace(t, client_id=clients[n]) for n, s in enumerate(stories) for t in s.client_tasks]
        work.put_many(tasks)
        work.put_many([replace(note, lead_id=leads[n]) for n, s in enumerate(stories) for note in s.notes])
        refused = [n for n, s in enumerate(stories) if s.refusal]
        ids = work.put_many([replace(r, lead_id=leads[n]) for n in refused if (r := stories[n].refusal)])
        refusals = dict(zip(refused, ids, strict=True))
        work.put_many(
            [replace(s.letter, lead_id=leads[n], refusal_id=refusals.get(n)) for n, s in enumerate(stories) if s.letter]
        )
        work.put_many([one for s in stories for one in s.suppressions])

    def _clients(self, work: Work) -> dict[int, int]:
        """Ids of the new clients by the place of their story."""
        places = [n for n, s in enumerate(self.stories) if s.client]
        made: list[Client] = [client for n in places if (client := self.stories[n].client)]
        ids = dict(zip(places, work.put_many(made), strict=True))
        work.put_many([replace(p, client_id=ids[n]) for n in places for p in self.stories[n].people])
        return ids

    def _client_points(self, work: Work, clients: dict[int, int]) -> None:
        work.put_many([replace(p, client_id=i) for n, i in clients.items() for p in self.stories[n].points if p.usable])

    def _calls(self, leads: list[int], points: list[int]) -> Iterator[Call]:
        first = 0
        for n, story in enumerate(self.stories):
            for made, place in zip(story.calls, story.dialled, strict=True):
                yield replace(made, lead_id=leads[n], contact_id=points[first + place])
            first += len(story.points)


def fill(
    desk: Desk, *, leads: int, calls: int, seed: int, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Made:
    """Fill a database without leads with made-up people and months of their calls.

    The same seed on the same day makes the same rows. Raises `Refused` where there are leads already, or for
    somebody who is no admin.
    """
    random = Random(seed)
    begun = desk.do(FillDemo(leads, calls, seed))
    made = Made(users=len(words()["people"]), operation=begun.operation)
    people = People(random)
    histories = Histories(begun.value, random, people)
    counts = _counts(random, leads, calls)
    while made.leads < leads:
        stories = tuple(_story(histories, people, next(counts)) for _ in range(min(CHUNK, leads - made.leads)))
        desk.do(FillStories(begun.operation, stories))
        made.leads += len(stories)
        made.calls += sum(len(s.calls) for s in stories)
        made.tasks += sum(len(s.tasks) + len(s.client_tasks) for s in stories)
        made.clients += sum(s.client is not None for s in stories)
        progress(made.leads, leads)
    return made


def _story(histories: Histories, people: People, calls: int) -> Story:
    if not calls and histories.random.random() < SUSPICIOUS / NEVER_CALLED:
        return histories.story(people.suspicious(), 0)
    return histories.story(people.person(), calls)


def _counts(random: Random, leads: int, calls: int) -> Iterator[int]:
    """How often each lead was called: calls in all, exactly, about a quarter of the leads never."""
    for left in range(leads, 0, -1):
        if left == 1:
            count = calls
        else:
            mean = calls / (left * (1 - NEVER_CALLED))
            count = 0 if random.random() < NEVER_CALLED else min(calls, _around(random, mean))
        calls -= count
        yield count


def _around(random: Random, mean: float) -> int:
    """A whole number from nothing to three times the mean, so that leftovers stay small."""
    low = int(mean * random.uniform(0.2, 1.8))
    return low + (random.random() < mean - int(mean) if low else random.random() < min(1.0, mean))


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(0), UTC)
