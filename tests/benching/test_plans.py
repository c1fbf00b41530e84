"""Whatever somebody waits for is answered by seeks: no statement behind an interactive action reads a whole table."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from leaddesk.benching.action import Action
from leaddesk.benching.budgets import Kind
from leaddesk.benching.catalogue import ACTIONS
from leaddesk.benching.ground import Ground
from leaddesk.benching.measuring import Side, Watch
from leaddesk.bootstrap import open_desk
from leaddesk.demo import fill
from tests.engines import Databases, TestClock

T = TypeVar("T")
TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FEW = {
    "app_user", "source", "outcome", "refusal_reason", "setting", "letter_template", "draft", "lease", "import_batch",
    "json_each", "CONSTANT", "outbox", "suppression", "redirect", "not_same", "sqlite_sequence",
}  # fmt: skip
"""Tables with few rows, whatever the leads: those may be read whole."""
LIKE_OTHERS = re.compile(r"search_\w+_[4-7]")
"""Searches that are asked as the others are."""
WAITED_FOR = [
    action
    for action in ACTIONS
    if any(one.kind is Kind.INTERACTIVE and not LIKE_OTHERS.fullmatch(one.key) for one in action.measured)
]


class Listening(Watch):
    """Times nothing, and keeps what our way says to the database."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground
        self.heard: list[tuple[str, Any]] = []

    def time(self, key: str, side: Side, act: Callable[[], T]) -> T:
        if side is not Side.OURS:
            return act()
        with self.ground.counter.listening() as heard:
            answer = act()
        self.heard += heard
        return answer


def statements(ground: Ground, action: Action) -> list[tuple[str, Any]]:
    round_ = action.prepare(ground)
    assert round_ is not None
    watch = Listening(ground)
    for number in range(3):
        round_(number, watch)
    told = {
        one[0]: one for one in watch.heard if re.match(r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)", one[0], re.IGNORECASE)
    }
    assert told
    return list(told.values())


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    path = tmp_path_factory.mktemp("plans") / "floor.db"
    desk = open_desk(path, clock=TestClock(TODAY))
    fill(desk, leads=80, calls=240, seed=1)
    desk.store.close()
    found = Ground(path, today=TODAY)
    yield found
    found.close()


def _scanned(ground: Ground, statement: str) -> list[str]:
    """The tables SQLite reads from end to end; full-text tables are asked, not read."""
    plan = [row[3] for row in ground.bare.again(f"EXPLAIN QUERY PLAN {statement}", None)]
    names = dict(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?(\w+)\b", statement))
    aliases = {alias: table for table, alias in names.items()}
    made = set(re.findall(r"(\w+)(?:\([\w, ]*\))? AS (?:NOT )?(?:MATERIALIZED )?\(|\) AS (\w+)", statement))
    made = {name for pair in made for name in pair}
    found = []
    for line in plan:
        scan = re.match(r"SCAN (?!\()(\S+)", line)
        if scan and "VIRTUAL TABLE" not in line and scan[1] not in made:
            table = aliases.get(scan[1], scan[1])
            if table not in FEW:
                found.append(f"{line} ← {statement}")
    return found


@pytest.mark.parametrize("action", WAITED_FOR, ids=lambda action: action.measured[0].key)
def test_no_table_is_read_whole_while_somebody_waits(action: Action, ground: Ground) -> None:
    assert [line for statement, _ in statements(ground, action) for line in _scanned(ground, statement)] == []


def test_nor_on_a_server(databases: Databases) -> None:
    """Small tables are read whole there whatever the indexes; told not to, it does so only where there is none."""
    url = databases.copy()
    desk = open_desk(url, "boss", clock=TestClock(TODAY))
    fill(desk, leads=20, calls=60, seed=1)
    desk.store.close()
    ground = Ground(url, today=TODAY)
    trigrams = ground.bare.rows("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    few = FEW if trigrams else FEW | {"search_doc"}
    ground.bare.run("SET enable_seqscan = off")
    found = []
    for action in (one for one in WAITED_FOR if not re.match(r"search_(?!name)", one.measured[0].key)):
        for statement, values in statements(ground, action):
            plan = ground.bare.again(f"EXPLAIN {statement}", () if values is None else values)
            scans = [re.search(r"Seq Scan on (\w+)", line) for (line,) in plan]
            found += [f"{action.measured[0].key}: {s[1]} ← {statement}" for s in scans if s and s[1] not in few]
    ground.close()
    assert found == []
