"""Two people at one file: every command goes out, back and out again, and the model follows."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis.stateful import (
    RuleBasedStateMachine,
)

from leaddesk.workflow.desk import Command, Desk, Done
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.undo import Redo, Undo
from tests.engines import TestClock, sit_down
from tests.properties.floor import (
    Dump,
    Replay,
    check_integrity,
    check_search,
    difference,
    dump,
    fast_store,
    fresh_file,
    journal_size,
)
from tests.properties.life_expected import EXPECTED
from tests.properties.life_model import (
    LEGAL,
    NOT_THERE,
    Floor,
)


class World(RuleBasedStateMachine):
    """Two people at one file."""

    def __init__(self) -> None:
        super().__init__()
        # Half a minute past, so that no time is midnight by chance: that means a day, and its morning may be to come.
        self.clock = TestClock(datetime(2026, 3, 26, 9, 0, 30, tzinfo=UTC))
        self.path = fresh_file()
        self.store = fast_store(self.path)
        self.desks = {login: sit_down(self.store, self.clock, login) for login in ("boss", "anna")}
        self.model = Floor()
        self.replay = Replay(dump(self.store))
        self.rows: Dump = dump(self.store)
        self.acting = ""
        self.steps = 0
        self.returning: dict[int, int | None] = {}
        self.merging = ""

    def teardown(self) -> None:
        check_integrity(self.store)
        self.store.close()
        shutil.rmtree(self.path.parent, ignore_errors=True)

    # Doing

    def do(
        self, who: str, command: Command[Any], *, legal: bool | None = None, twice: bool = False
    ) -> Done[Any] | None:
        """Carry out a command; `legal` None: the model has no opinion. A refused one must have written nothing."""
        desk = self.desks[who]
        before, size, knew = self.rows, journal_size(self.store), self.model.now()
        self.acting = who
        self.returning = {i: row["return_at"] for i, row in before["lead"].items()}
        try:
            done = desk.do(command)
        except Refused as error:
            self.refused(error.words, before, size, legal=legal)
            return None
        assert legal is not False, f"{command} should have been refused: {done.words}"
        self.rows = dump(self.store)
        if not done.operation:
            assert difference(before, self.rows) == []
            return done
        assert done.words
        if twice and done.can_undo:
            self.back_and_forth(desk, before, done)
        self._expect(command)
        if not isinstance(command, Undo | Redo):
            now = self.model.now()
            self.model.moved[done.operation] = {
                i: (knew.get(i), now.get(i)) for i in knew.keys() | now.keys() if knew.get(i) != now.get(i)
            }
        return done

    def refused(self, words: str, before: Dump, size: tuple[int, int], *, legal: bool | None) -> None:
        assert words
        assert not legal, f"refused: {words}"
        self.rows = dump(self.store)
        assert difference(before, self.rows) == []
        assert journal_size(self.store) == size

    def back_and_forth(self, desk: Desk, before: Dump, done: Done[Any]) -> None:
        """What was just done is undone and done again, to the byte."""
        after = self.rows
        undone = desk.do(Undo())
        assert undone.value.id == done.operation
        assert difference(before, dump(self.store)) == []
        self.replay.catch_up(self.store)
        check_search(self.store)
        desk.do(Redo())
        self.rows = dump(self.store)
        differs = difference(after, self.rows)
        assert not differs, differs

    def _expect(self, command: Command[Any]) -> None:
        """The model's own reckoning of what a granted command does to statuses and owners."""
        rule_of = EXPECTED.get(type(command))
        if rule_of is not None:
            rule_of(self, command)

    def lead(self, lead_id: int) -> dict[str, Any]:
        return self.rows["lead"][lead_id]

    def one_of(self, table: str, number: int) -> int:
        """A row of those there are, the newest first, what is open before what is done; or one that is not there."""
        ids = sorted(self.rows[table], reverse=True)
        if table == "task":
            ids.sort(key=lambda i: self.rows[table][i]["done_at"] is not None or bool(self.rows[table][i]["dropped"]))
        return ids[number % len(ids)] if ids and number != NOT_THERE else 999

    def mine(self, who: str, lead_id: int) -> bool:
        return who == "boss" or self.model.owner.get(lead_id) in (None, self.desks[who].user.id)

    def may(self, who: str, lead_id: int, deed: str) -> bool:
        return self.mine(who, lead_id) and self.model.status.get(lead_id) in LEGAL[deed]

    def at(self, ahead: int) -> datetime:
        return self.clock.now() + timedelta(minutes=ahead)
