"""A floor of operators at one database, each with a window's connections: draw, open the card, call, log, search, undo.

    python benchmarks/floor_of_100.py --db postgresql://… --operators 100 --minutes 3 [--pause 5] [--out results/floor.json]

The database is worked in: give it a copy. What must hold is looked at afterwards, and the exit code is 1 where it does
not: nobody was given a lead that somebody else held, nobody saw the database fail, every call logged is there, and
`leaddesk check` finds it whole. With `--pause` an operator waits that many seconds on the average between two leads.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import text

from leaddesk.benching.ground import working_hour
from leaddesk.benching.measuring import percentile
from leaddesk.bootstrap import nobody
from leaddesk.db.check import check
from leaddesk.db.opening import open_store
from leaddesk.db.store import DbStore
from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.cards import CardMatches, LeadCard, LeadCardData, Search
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.queue import Queue, ReleaseLeads, TakeNext
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.tasks import DoneTask
from leaddesk.workflow.team import AddUser, Users
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Role

T = TypeVar("T")
spawning = multiprocessing.get_context("spawn")

ENDINGS = (
    ("no_answer", 44), ("busy", 8), ("voicemail", 6), ("callback", 12), ("interested", 6), ("task", 6), ("defer", 5),
    ("refuse", 8), ("convert", 5),
)  # fmt: skip
"""How a lead drawn ends, of a hundred."""
SEARCHES, QUEUES, UNDOS = 0.3, 0.2, 0.05
"""How often, of one lead's work, somebody searches as well, looks at the queue, takes the last thing back."""
SOUGHT = ("olena", "koval", "067 12", "trade", "info@", "+36 30", "schmidt", "kharkiv")
PATIENCE_S = 180


class Later:
    """The clock that runs, set ahead to an hour at which people may be called."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Wish:
    """One run. It ends after so many leads an operator, or after so many seconds."""

    target: str
    operators: int
    ahead: timedelta
    leads_each: int = 0
    seconds: float = 0
    pause_s: float = 0
    seed: int = 1


@dataclass
class Told:
    """What an operator lived through. `held` are stretches of a lead held, as (lead, from, until) by one machine's clock."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    held: list[tuple[int, float, float]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    draws: int = 0
    calls: int = 0
    """Logged and not taken back."""
    operations: list[int] = field(default_factory=list)


class Operator:
    """One person at a window, with the connections a window has."""

    def __init__(self, wish: Wish, number: int) -> None:
        self.wish = wish
        self.dice = Random(wish.seed * 1000 + number)
        self.told = Told()
        self.store = DbStore(wish.target)
        clock = Later(wish.ahead)
        users = {user.login: user for user in self.store.read(Users(), nobody(), clock.now())}
        self.desk = Desk(self.store, clock, users[login_of(number)])

    def work(self) -> None:
        """Lead after lead; whatever goes wrong is told, and the next one drawn."""
        until, lead = time.monotonic() + (self.wish.seconds or PATIENCE_S), None
        done = 0
        while time.monotonic() < until and not (self.wish.leads_each and done >= self.wish.leads_each):
            done += 1
            with suppress(Refused, Unavailable):
                lead = self.draw(lead)
                if lead is not None:
                    lead = self.work_on(lead)
            if self.wish.pause_s:
                pause = self.dice.expovariate(1 / self.wish.pause_s)
                time.sleep(max(0, min(pause, until - time.monotonic())))
        with suppress(Refused, Unavailable):
            self.let_go(lead, ReleaseLeads())

    def timed(self, what: str, act: Callable[[], T]) -> T:
        """Do it and note how long it took."""
        begun = time.perf_counter()
        try:
            return act()
        except Refused as error:
            self.told.refused.append(f"{what}: {error.words}")
            raise
        except Unavailable as error:
            self.told.failed.append(f"{what}: {error.words}")
            raise
        finally:
            self.told.times[what].append((time.perf_counter() - begun) * 1000)

    def do(self, what: str, command: Command[T]) -> T:
        """A command; its operation is noted."""
        done = self.timed(what, lambda: self.desk.do(command))
        if done.operation:
            self.told.operations.append(done.operation)
        return done.value

    def draw(self, leaving: int | None) -> int | None:
        """The next lead; the one on the screen is given up with it."""
        drawn = self.let_go(leaving, TakeNext(leaving=leaving))
        if drawn.row is None:
            self.told.refused.append(f"nothing: {drawn.why}")
            return None
        self._from = time.time()
        self.told.draws += 1
        return drawn.row.lead_id

    def let_go(self, lead: int | None, command: Command[T]) -> T:
        """Whatever the command does, the lead may be another's from its beginning on."""
        if lead is not None:
            self.told.held.append((lead, self._from, time.time()))
        return self.do("next" if isinstance(command, TakeNext) else "release", command)

    def work_on(self, lead: int) -> int | None:
        """Look, call, tell how it went. Gives the lead if it is still held."""
        card = self.timed("card", lambda: self.desk.read(LeadCard(lead, matches=False)))
        self.timed("matches", lambda: self.desk.read(CardMatches(lead)))
        if self.dice.random() < SEARCHES:
            self.search()
        if self.dice.random() < QUEUES:
            self.timed("queue", lambda: self.desk.read(Queue()))
        (ending,) = self.dice.choices([key for key, _ in ENDINGS], [weight for _, weight in ENDINGS])
        command = self.ending(ending, card)
        # Every ending but a task gives the lease up.
        held = (lead, self._from, time.time())
        self.do(type(command).__name__, command)
        self.told.held.append(held)
        self.told.calls += isinstance(command, LogCall)
        if self.dice.random() < UNDOS:
            self.do("Undo", Undo())
            self.told.calls -= isinstance(command, LogCall)
        return lead if isinstance(command, DoneTask) else None

    def search(self) -> None:
        """Some letters, one after the other."""
        words = self.dice.choice(SOUGHT)
        for length in range(2, len(words) + 1):
            self.timed("search", lambda end=length: self.desk.read(Search(words[:end])))  # type: ignore[misc]

    def ending(self, ending: str, card: LeadCardData) -> Command[Any]:
        """The command by which this lead's work ends."""
        lead, later = card.lead.id, self.desk.clock.now() + timedelta(days=self.dice.randint(1, 60))
        planned = [task for task in card.tasks if task.is_open]
        match ending:
            case "task" if planned:
                return DoneTask(task_id=planned[0].id, result="done", idle=True)
            case "defer":
                return DeferLead(lead_id=lead, until=later, why="asked to wait")
            case "refuse":
                return RefuseLead(lead_id=lead, reason="price", words="twice what they pay now", until=later)
            case "convert" if card.lead.name:
                return ConvertLead(lead_id=lead)
            case "callback":
                return LogCall(lead_id=lead, outcome="callback", note="asks to be called back", at=later)
            case "interested" | "busy" | "voicemail":
                return LogCall(
                    lead_id=lead, outcome=ending, note="said so", at=later if ending == "interested" else None
                )
        return LogCall(lead_id=lead, outcome="no_answer", note="rings, nobody takes it")


def login_of(number: int) -> str:
    """Operators of a run, counted from 0."""
    return f"floor{number:04d}"


def prepare(wish: Wish, own_leads: int = 0) -> None:
    """See that the operators are there, and hand each of them so many of the leads in work."""
    clock = Later(wish.ahead)
    store = open_store(wish.target, clock, create=False)
    users = store.read(Users(), nobody(), clock.now())
    boss = Desk(store, clock, next(user for user in users if user.role is Role.ADMIN))
    known = {user.login: user.id for user in users}
    missing = [n for n in range(wish.operators) if login_of(n) not in known]
    for n in missing:
        known[login_of(n)] = boss.do(AddUser(login_of(n), f"Operator {n}")).value.id
    if missing and own_leads:
        with store.reader.connect() as connection:
            # Taken from all over, so that everybody has some of every kind.
            some = "SELECT id FROM lead WHERE status IN ('new', 'in_progress', 'qualified') ORDER BY md5(id::text) LIMIT :n"
            ids = list(connection.scalars(text(some), {"n": own_leads * len(missing)}))
        for place, n in enumerate(missing):
            mine = tuple(ids[place :: len(missing)])
            if mine:
                boss.do(AssignLeads(lead_ids=mine, owner_id=known[login_of(n)]))
    store.close()


def a_process(wish: Wish, numbers: list[int], both: Any, told: Any) -> None:
    """Some of the operators, a thread each."""
    operators = [Operator(wish, number) for number in numbers]
    threads = [threading.Thread(target=operator.work) for operator in operators]
    both.wait(PATIENCE_S)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = resource.getrusage(resource.RUSAGE_SELF)
    told.put(
        (
            [(n, {**vars(one.told), "times": dict(one.told.times)}) for n, one in zip(numbers, operators, strict=True)],
            used.ru_utime + used.ru_stime,
        )
    )
    # Until the server's share of the work has been read, the connections stay.
    both.wait(PATIENCE_S)
    for operator in operators:
        operator.store.close()


def run(wish: Wish, processes: int) -> dict[str, Any]:
    """All operators at once; gives the figures and what does not hold."""
    watch = open_store(wish.target, Later(wish.ahead), create=False)
    before, calls_before = _server(watch), _calls(watch)
    both, told = spawning.Barrier(processes + 1), spawning.Queue()
    people = [
        spawning.Process(
            target=a_process, args=(wish, list(range(wish.operators))[n::processes], both, told), daemon=True
        )
        for n in range(processes)
    ]
    for person in people:
        person.start()
    both.wait(PATIENCE_S)
    begun, used_before = time.perf_counter(), _cpu_of(watch)
    parts = [told.get(timeout=PATIENCE_S + wish.seconds) for _ in people]
    seconds, server_cpu = time.perf_counter() - begun, _cpu_of(watch) - used_before
    connections = int(_one(watch, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"))
    both.wait(PATIENCE_S)
    for person in people:
        person.join(PATIENCE_S)
    lives = {number: Told(**life) for part, _ in parts for number, life in part}
    actions = sum(len(times) for life in lives.values() for times in life.times.values())
    logged, after = sum(life.calls for life in lives.values()), _server(watch)
    found = {
        "operators": wish.operators,
        "pause_s": wish.pause_s,
        "seconds": round(seconds, 1),
        "leads": int(_one(watch, "SELECT count(*) FROM lead")),
        "calls": calls_before,
        "actions": actions,
        "actions_per_s": round(actions / seconds, 1),
        "connections": connections,
        "cpu_ms_per_action": {
            "server": round(server_cpu * 1000 / actions, 2),
            "clients": round(sum(cpu for _, cpu in parts) * 1000 / actions, 2),
        },
        "by_action": by_action(lives.values()),
        "drawn_by_an_operator": drawn(lives.values()),
        "refused": dict(Counter(words.partition(":")[0] for life in lives.values() for words in life.refused)),
        "refused_words": dict(Counter(words for life in lives.values() for words in life.refused).most_common(12)),
        "server": {name: after[name] - before[name] for name in after},
    }
    problems = [words for life in lives.values() for words in life.failed]
    problems += held_twice({n: life.held for n, life in lives.items()})
    problems += [f"{after['deadlocks'] - before['deadlocks']} deadlocks"] if found["server"]["deadlocks"] else []
    if _calls(watch) - calls_before != logged:
        problems.append(f"{logged} calls were logged, {_calls(watch) - calls_before} are there")
    operations = [number for life in lives.values() for number in life.operations]
    if len(set(operations)) != len(operations):
        problems.append("two commands were given the same operation")
    problems += check(watch)
    watch.close()
    return {**found, "problems": dict(Counter(problems)), "ok": not problems}


def by_action(lives: Iterable[Told]) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind of action."""
    times: dict[str, list[float]] = defaultdict(list)
    for life in lives:
        for what, some in life.times.items():
            times[what] += some
    return {
        what: {
            "count": len(some),
            **{f"p{share}_ms": round(percentile(some, share / 100), 1) for share in (50, 95, 99)},
        }
        for what, some in sorted(times.items())
    }


def drawn(lives: Iterable[Told]) -> dict[str, float]:
    """How many leads the unluckiest, the middle and the luckiest operator were given."""
    counts = sorted(life.draws for life in lives)
    return {"least": counts[0], "middle": counts[len(counts) // 2], "most": counts[-1]}


def held_twice(held: dict[int, list[tuple[int, float, float]]]) -> list[str]:
    """Leads that two operators held at a time: a stretch begins when the draw is answered and ends before it is let go."""
    stretches: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for number, some in held.items():
        for lead, begun, ended in some:
            stretches[lead].append((begun, ended, number))
    problems = []
    for lead, those in stretches.items():
        those.sort()
        for (_, ended, one), (begun, _, other) in pairwise(those):
            if begun < ended and one != other:
                problems.append(f"lead {lead} was held by {login_of(one)} and {login_of(other)} at a time")
    return problems


def _one(store: DbStore, statement: str) -> Any:
    with store.reader.connect() as connection:
        return connection.scalar(text(statement))


def _calls(store: DbStore) -> int:
    return int(_one(store, "SELECT count(*) FROM call"))


def _server(store: DbStore) -> dict[str, int]:
    """What the server counted of this database, a moment ago."""
    names = ("xact_commit", "xact_rollback", "deadlocks", "blks_read", "blks_hit")
    with store.reader.connect() as connection:
        asked = text(f"SELECT {', '.join(names)} FROM pg_stat_database WHERE datname = current_database()")
        row = connection.execute(asked).one()
    return {name: int(value) for name, value in zip(names, row, strict=True)}


def _cpu_of(store: DbStore) -> float:
    """CPU seconds of this database's backends so far; 0 where the server is on another machine."""
    with store.reader.connect() as connection:
        pids = connection.scalars(
            text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        ).all()
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / 100


def main() -> int:
    """Run and tell."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--db", required=True)
    asked.add_argument("--operators", type=int, default=100)
    asked.add_argument("--processes", type=int, default=4)
    asked.add_argument("--minutes", type=float, default=3)
    asked.add_argument("--pause", type=float, default=0)
    asked.add_argument("--own-leads", type=int, default=200, help="Leads handed to each new operator at the start.")
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    today = datetime.now(UTC)
    wish = Wish(given.db, given.operators, working_hour(today) - today, seconds=given.minutes * 60, pause_s=given.pause)
    prepare(wish, given.own_leads)
    told = json.dumps(run(wish, given.processes), indent=1, ensure_ascii=False)
    print(told)
    if given.out:
        given.out.write_text(told + "\n", encoding="utf-8", newline="\n")
    return 0 if json.loads(told)["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
