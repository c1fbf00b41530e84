"""Demos of the size of a test."""

from pathlib import Path
from typing import Any

from sqlalchemy import select

from leaddesk.bootstrap import open_desk
from leaddesk.db.store import DbStore
from leaddesk.db.tables import metadata
from leaddesk.demo import Made, fill
from leaddesk.demo.scale import IN_HAND
from leaddesk.workflow.desk import Desk
from tests.engines import TestClock

LEADS, CALLS = 1200, 3600
CROWD = 2100


def filled(
    path: Path, seed: int = 1, leads: int = LEADS, calls: int = CALLS, in_hand: int = IN_HAND
) -> tuple[Desk, Made]:
    clock = TestClock()
    clock.forward(hours=1)  # Monday, half past one in Tehran and ten in London
    desk = open_desk(path, clock=clock)
    return desk, fill(desk, leads=leads, calls=calls, seed=seed, in_hand=in_hand)


def store_of(desk: Desk) -> DbStore:
    assert isinstance(desk.store, DbStore)
    return desk.store


def dump(desk: Desk) -> dict[str, list[Any]]:
    with store_of(desk).reader.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }
