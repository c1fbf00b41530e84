"""What actions are measured on: a database of one's own, the people at it, a clock that stands, and the bare driver."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from leaddesk.benching.counting import Counter
from leaddesk.benching.driver import Bare, drop_from_cache, open_anew
from leaddesk.bootstrap import nobody
from leaddesk.db.opening import open_store
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.team import Users
from leaddesk.workflow.vocabulary import Role, UserState

if TYPE_CHECKING:
    from leaddesk.workflow.entities import User

HOUR = 13
"""By UTC: most of the world that is called from Europe may be called then."""
OPEN = "status IN ('new', 'in_progress', 'qualified')"
"""SQL: in work."""


class Standing:
    """A clock that stands, so that no run sees another moment than the run before; it can be set ahead."""

    def __init__(self, moment: datetime) -> None:
        """`moment` is what it shows."""
        self.moment = moment

    def now(self) -> datetime:
        """What it shows."""
        return self.moment


def working_hour(today: datetime) -> datetime:
    """The afternoon of the next weekday after `today`, when whatever the data knows of today is past."""
    day = today.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, time(HOUR), UTC)


class Ground:
    """One working database. Whatever is done to it is done to a copy."""

    def __init__(self, target: str | Path, *, today: datetime, seed: int = 1) -> None:
        """Raises `Refused` where the database has nobody or no leads, and what opening raises."""
        self.target = target
        self._folder = TemporaryDirectory(prefix="leaddesk-bench-", ignore_cleanup_errors=True)
        self.clock = Standing(working_hour(today))
        self.store = open_store(target, self.clock, create=False)
        self.bare = Bare(target)
        self.dice = Random(seed)
        self.counter = Counter(self.store)
        users = [u for u in self.store.read(Users(), nobody(), self.clock.now()) if u.state is not UserState.LEFT]
        leads = self.bare.rows("SELECT min(id), max(id), count(*) FROM lead")[0]
        if not users or not leads[2]:
            self.close()
            raise Refused("There are no leads in this database: nothing to measure.", field="db")
        self.first, self.last, self.leads = leads
        self.calls = int(self.bare.rows("SELECT count(*) FROM call")[0][0])
        self.users = users
        self.desk = Desk(self.store, self.clock, _boss(users))
        self.operator = Desk(self.store, self.clock, self._busiest(users))

    def _busiest(self, users: list[User]) -> User:
        """The operator with the most leads, else whoever has most."""
        operators = [u for u in users if u.role is Role.OPERATOR] or users
        counts: dict[int | None, int] = dict(self.bare.rows("SELECT owner_id, count(*) FROM lead GROUP BY owner_id"))
        return max(operators, key=lambda user: counts.get(user.id, 0))

    @property
    def now_ms(self) -> int:
        """The clock, as stored."""
        return int(self.clock.now().timestamp() * 1000)

    def some_leads(self, count: int, where: str = OPEN) -> list[int]:
        """Ids of leads from all over the table, in no order; fewer where there are not so many."""
        found: dict[int, None] = {}
        statement = f"SELECT id FROM lead WHERE id >= ? AND {where} ORDER BY id LIMIT 1"
        for _ in range(count * 3):
            for (lead_id,) in self.bare.rows(statement, self.dice.randint(self.first, self.last)):
                found[lead_id] = None
            if len(found) >= count:
                break
        return list(found)

    def chill(self) -> None:
        """Forget every page: new connections, and nothing of the file in the system's cache where it can be told so."""
        open_anew(self.store)
        self.bare.close()
        drop_from_cache(self.target)
        self.bare.open()
        # The first statement on a new connection reads the schema; that is the connection's price, not the action's.
        self.bare.rows("SELECT 1 FROM app_user WHERE id = 0")
        for engine in {self.store.reader, self.store.writer}:
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1 FROM app_user WHERE id = 0").all()

    @property
    def folder(self) -> Path:
        """A folder for files that come and go."""
        return Path(self._folder.name)

    def close(self) -> None:
        """Let go of every connection and file."""
        self._folder.cleanup()
        self.bare.close()
        self.store.close()


def _boss(users: list[User]) -> User:
    """Who may do everything, as far as there is somebody."""
    ranks = {Role.ADMIN: 0, Role.TEAM_LEAD: 1, Role.OPERATOR: 2}
    return min(users, key=lambda user: (ranks[user.role], user.id))
