"""A few rows are turned back one by one, many by set-based statements: what either leaves is the same, to the byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from leaddesk.db.store import DbStore
from leaddesk.db.told import FEW, Told
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Command, Desk, Done
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.merging import MergeCards
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Channel
from tests.properties.floor import JOURNALLED, fast_store, fresh_file
from tests.properties.test_life_of_a_lead import LONG, MODEST, LifeOfALead

T = TypeVar("T")
EVERYTHING = (*JOURNALLED, "operation", "change", "search_doc")


@contextmanager
def as_sets() -> Iterator[None]:
    """No operation has few lines."""
    Told.few = -1
    try:
        yield
    finally:
        Told.few = FEW


def everything(store: DbStore) -> dict[str, list[tuple[Any, ...]]]:
    """Every table but those that are no history, as stored."""
    with store.reader.connect() as connection:
        statement = "SELECT * FROM {} ORDER BY id"
        return {name: [tuple(row) for row in connection.execute(text(statement.format(name)))] for name in EVERYTHING}


class Twofold(Desk):
    """Whatever it turns back or does again is turned on a copy of the file first, the other way."""

    store: DbStore
    turned = 0

    def do(self, command: Command[T]) -> Done[T]:
        if not isinstance(command, Undo | Redo):
            return super().do(command)
        assert self.store.path is not None
        copy = fresh_file()
        for part in ("", "-wal"):
            if (original := Path(f"{self.store.path}{part}")).exists():
                shutil.copy(original, f"{copy}{part}")
        other = fast_store(copy)
        with as_sets():
            theirs = _tried(Desk(other, self.clock, self.user).do, command)
        ours = _tried(super().do, command)
        assert _told(theirs) == _told(ours)
        assert everything(other) == everything(self.store)
        other.close()
        shutil.rmtree(copy.parent, ignore_errors=True)
        if isinstance(ours, Refused):
            raise ours
        Twofold.turned += 1
        return ours


def _tried(do: Callable[[Command[T]], Done[T]], command: Command[T]) -> Done[T] | Refused:
    try:
        return do(command)
    except Refused as error:
        return error


def _told(came: Done[Any] | Refused) -> object:
    return came.words if isinstance(came, Refused) else (came.value, came.words, came.changes)


class BothWays(LifeOfALead):
    """The same random work, at such desks."""

    def __init__(self) -> None:
        super().__init__()
        self.desks = {login: Twofold(self.store, self.clock, desk.user) for login, desk in self.desks.items()}


def test_both_ways_leave_the_same() -> None:
    Twofold.turned = 0
    run_state_machine_as_test(BothWays, settings=settings(MODEST, max_examples=8))
    assert Twofold.turned


@pytest.mark.soak
def test_both_ways_leave_the_same_for_long() -> None:
    run_state_machine_as_test(BothWays, settings=settings(LONG, max_examples=300))


def lines(store: DbStore) -> list[tuple[Any, ...]]:
    """What the last operation wrote."""
    with store.reader.connect() as connection:
        columns = "tbl, row_id, lead_id, client_id, cols, before, after"
        newest = "SELECT max(id) FROM operation"
        statement = text(f"SELECT {columns} FROM change WHERE operation_id = ({newest}) ORDER BY id")  # noqa: S608 - ours
        return [tuple(row) for row in connection.execute(statement)]


def test_both_ways_write_the_same_lines_on_either_engine(desk: Desk, store: DbStore) -> None:
    first, other = (
        desk.do(AddLead(values={"name": name}, points=(PointInput(Channel.PHONE, number),))).value
        for name, number in (("Olena Hrytsenko", "+380445370112"), ("Ada Lovelace", "+37253498812"))
    )
    commands: list[Command[Any]] = [
        LogCall(lead_id=first.id, outcome="no_answer"),
        RefuseLead(lead_id=first.id, reason="price", words="twice what they pay now"),
        MergeCards(keep=first.id, lose=other.id),
        ConvertLead(lead_id=first.id),
    ]
    for command in commands:
        before = everything(store)
        desk.do(command)
        desk.do(Undo())
        one_by_one, then = lines(store), everything(store)
        desk.do(Redo())
        with as_sets():
            desk.do(Undo())
        assert one_by_one
        assert sorted(lines(store), key=str) == sorted(one_by_one, key=str)
        now = everything(store)
        for name in (*JOURNALLED, "search_doc"):
            assert before[name] == then[name] == now[name]
