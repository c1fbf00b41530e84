"""Demos of very many leads, made by several processes, and demos on both engines."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from leaddesk.bootstrap import open_desk
from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.db.tables import metadata
from leaddesk.demo import fill
from leaddesk.demo.people import People
from leaddesk.demo.scale import Scale
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.undo import Journal, Undo
from tests.demo_floor import dump, filled, store_of
from tests.engines import TestClock, sit_down


def test_a_crowd_is_nobodys_to_undo(tmp_path: Path) -> None:
    desk, made = filled(tmp_path / "x.db", leads=60, calls=180, in_hand=50)
    assert made.operation == 0
    with pytest.raises(Refused, match="There is nothing to undo"):
        desk.do(Undo())
    told = desk.read(Journal())
    assert [line.user_name for line in told] == ["LeadDesk"]
    with pytest.raises(Refused, match="has happened and cannot be undone"):
        desk.do(Undo(told[0].id))
    store_of(desk).close()


def test_a_crowd_that_does_not_get_in_leaves_nothing(tmp_path: Path) -> None:
    clock = TestClock()
    desk = open_desk(tmp_path / "x.db", clock=clock)
    before = dump(desk)

    def stop(done: int, _all: int) -> None:
        if done >= 2100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(desk, leads=2100, calls=300, seed=1, in_hand=50, progress=stop)
    left = dump(desk)
    assert not any(left[name] for name in ("lead", "call", "search_doc", "source"))
    assert left["app_user"] == before["app_user"]
    assert check(store_of(desk)) == []
    assert fill(desk, leads=10, calls=30, seed=2).leads == 10
    store_of(desk).close()


KILLED = """
import os, sys
from leaddesk.bootstrap import open_desk
from leaddesk.demo import fill

if __name__ == "__main__":
    fill(open_desk(sys.argv[1]), leads=4100, calls=300, seed=1, in_hand=50, progress=lambda _done, _all: os._exit(9))
"""


def test_a_crowd_that_is_killed_leaves_a_whole_file_and_no_process(tmp_path: Path) -> None:
    script, path = tmp_path / "killed.py", tmp_path / "x.db"
    script.write_text(KILLED, encoding="utf-8")
    # The pipe of its words closes when the last of its processes is gone.
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, script, path]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == 9
    desk = open_desk(path, clock=TestClock())
    assert check(store_of(desk)) == []
    assert fill(desk, leads=10, calls=30, seed=2).leads == 10
    store_of(desk).close()


def test_a_crowd_is_the_same_for_the_same_seed_and_spans_ten_years(tmp_path: Path) -> None:
    dumps = []
    for name in ("a", "b"):
        desk, _ = filled(tmp_path / f"{name}.db", 5, 2100, 9000, in_hand=100)
        dumps.append(dump(desk))
        store_of(desk).close()
    assert dumps[0] == dumps[1]
    place = list(metadata.tables["call"].c.keys()).index("started_at")
    moments = [row[place] for row in dumps[0]["call"]]
    assert 3000 < (max(moments) - min(moments)) / 86_400_000 < 3680


def test_the_counts_of_a_large_demo_are_very_unequal() -> None:
    counts = list(Scale(100_000, 1_000_000).counts(Random(1)))
    assert (len(counts), sum(counts)) == (100_000, 1_000_000)
    ordered = sorted(counts)
    assert ordered[10_000] == 0
    assert 5 <= ordered[50_000] <= 15
    assert ordered[-200] > 200
    assert ordered[-1] < 1000


def test_shares_never_give_the_same_number_or_address() -> None:
    keys = []
    for share in range(3):
        people = People(Random(share), share, 3, 0.5)
        keys += [point.key for _ in range(300) for point in people.person().points]
    assert len(keys) == len(set(keys))


def test_both_engines_take_a_crowd(store: DbStore, clock: TestClock) -> None:
    before = shape_of(store)
    made = fill(sit_down(store, clock), leads=60, calls=400, seed=1, in_hand=30)
    assert (made.leads, made.calls) == (60, 400)
    assert check(store) == []
    assert shape_of(store) == before
    if not store.is_sqlite:
        # Else each row is looked up to see whether an index alone may be read.
        seen = (
            "SELECT relpages > 0 AND relallvisible = relpages FROM pg_class WHERE relname IN ('lead', 'call', 'task')"
        )
        with store.reader.connect() as connection:
            assert list(connection.exec_driver_sql(seen).scalars()) == [True] * 3
    done = sit_down(store, clock).do(AddLead(values={"name": "Anna Nowak"}))
    assert done.value.id == 61


def shape_of(store: DbStore) -> list[tuple[Any, ...]]:
    """Every index and every reference, in the database's own words."""
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY indexname"
    references = (
        "SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t "
        "ON t.oid = c.conrelid WHERE c.connamespace = current_schema()::regnamespace ORDER BY t.relname, c.conname"
    )
    on_file = "SELECT name, sql FROM sqlite_master ORDER BY name"
    asked = (on_file,) if store.is_sqlite else (indexes, references)
    with store.reader.connect() as connection:
        return [tuple(row) for one in asked for row in connection.exec_driver_sql(one)]


def test_both_engines_take_it(store: DbStore, clock: TestClock) -> None:
    made = fill(sit_down(store, clock), leads=40, calls=120, seed=1)
    assert (made.leads, made.calls) == (40, 120)
    assert check(store) == []
