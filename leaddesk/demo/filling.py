"""Filling a new database: the floor first, then the leads, a few thousand to a transaction, as one operation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, ClassVar

from leaddesk.demo.blocks import Blocks
from leaddesk.demo.data import words
from leaddesk.demo.floor import Floor, Story
from leaddesk.demo.scale import IN_HAND, Scale, parted
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.desk import Command
from leaddesk.workflow.entities import Call, Client, Lead, LeadExtra, Outcome, RefusalReason, Source, User
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role, SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.ports import Work

    Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Made:
    """How much was made, and by which operation; 0 is one that cannot be undone."""

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
        work.put_many([LeadExtra(id=leads[n], fields=s.extra) for n, s in enumerate(stories) if s.extra])
        work.put_many(list(self._calls(leads, points)))
        tasks = [replace(t, lead_id=leads[n]) for n, s in enumerate(stories) for t in (*map(s.done, s.past), *s.tasks)]
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
            for made in story.calls:
                yield replace(made.row(), lead_id=leads[n], contact_id=points[first + made.place])
            first += len(story.points)


def fill(
    desk: Desk,
    *,
    leads: int,
    calls: int,
    seed: int,
    progress: Progress = lambda _done, _all: None,
    in_hand: int = IN_HAND,
) -> Made:
    """Fill a database without leads with made-up people and their calls.

    Of no more leads than the floor has `in_hand`, months are told, and all is one operation that can be undone. Of
    more, it is ten years; they go past the journal, and get in all or none.

    The same seed on the same day makes the same rows. Raises `Refused` where there are leads already, or for
    somebody who is no admin.
    """
    scale = Scale(leads, calls, in_hand)
    begun = desk.do(FillDemo(leads, calls, seed))
    made = Made(users=len(words()["people"]), operation=begun.operation)
    blocks = Blocks(begun.value, scale, seed)
    random = Random(seed)
    if scale.crowd:
        _crowd(desk, blocks, random, made, progress)
        return made
    for number, counts in enumerate(parted(scale.counts(random))):
        stories = blocks.stories(number, counts)
        desk.do(FillStories(begun.operation, stories))
        made.leads += len(stories)
        made.calls += sum(len(s.calls) for s in stories)
        made.tasks += sum(len(s.past) + len(s.tasks) + len(s.client_tasks) for s in stories)
        made.clients += sum(s.client is not None for s in stories)
        progress(made.leads, leads)
    return made


def _crowd(desk: Desk, blocks: Blocks, random: Random, made: Made, progress: Progress) -> None:
    """So many rows that they go round the journal. Where they do not all get in, the floor goes as well."""
    from leaddesk.db.store import DbStore
    from leaddesk.demo.crowd import lay_down
    from leaddesk.workflow.undo import Undo

    store = desk.store
    assert isinstance(store, DbStore)  # noqa: S101 - there is no other
    operation = made.operation
    try:
        lay_down(store, blocks, random, made, desk.clock.now(), progress)
    except BaseException:
        desk.do(Undo(operation))
        raise
    made.operation = 0


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(0), UTC)
