"""What an answer function gets: a connection, who asks, and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select, true

from leaddesk.db.intake_tables import redirect
from leaddesk.db.mapping import mapper, to_ms
from leaddesk.db.prepared import Prepared, given
from leaddesk.db.tables import lead, setting
from leaddesk.workflow import entities
from leaddesk.workflow.intake_entities import Redirect
from leaddesk.workflow.settings import BY_KEY, Settings
from leaddesk.workflow.vocabulary import Role
from leaddesk.workflow.zones import zone_info

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from sqlalchemy import ColumnElement, Connection, Row, Select

R = TypeVar("R", bound=entities.Row)

SETTINGS = Prepared(lambda _: select(setting.c.key, setting.c.value))
_LEADS_TO = Prepared(lambda _: select(redirect.c.lead_id).where(redirect.c.id == given("lead_id")))

Answers = dict[type[Any], Callable[..., Any]]
"""Question → the function that answers it, given a `Reading` and the question."""


@dataclass(slots=True)
class Reading:
    """One reading of the database for one user."""

    connection: Connection
    user: entities.User
    now: datetime
    _settings: Settings | None = field(default=None)

    @property
    def now_ms(self) -> int:
        """The moment of asking, as stored."""
        return to_ms(self.now)

    @property
    def zone(self) -> tzinfo:
        """The clock on this user's wall: their own zone, else the machine's."""
        return zone_info(self.user.zone) if self.user.zone else self.now.astimezone().tzinfo or UTC

    @property
    def settings(self) -> Settings:
        """The settings as they stand, read once."""
        if self._settings is None:
            rows = SETTINGS.rows(self.connection)
            self._settings = Settings({key: json.loads(value) for key, value in rows if key in BY_KEY})
        return self._settings

    def rows(self, statement: Select[*tuple[Any, ...]]) -> list[Row[*tuple[Any, ...]]]:
        """Every row of a statement."""
        return list(self.connection.execute(statement))

    def pairs(self, statement: Select[*tuple[Any, ...]]) -> dict[Any, Any]:
        """Rows of two columns, the second by the first."""
        return dict(self.connection.execute(statement).all())

    def all_of(self, kind: type[R], *where: ColumnElement[bool], order: ColumnElement[Any] | None = None) -> list[R]:
        """Whole entities of one kind."""
        m = mapper(kind)
        statement = select(*m.columns).where(*where).order_by(m.table.c.id if order is None else order)
        return [m.entity(row) for row in self.connection.execute(statement)]

    def one_of(self, kind: type[R], row_id: int) -> R | None:
        """One entity by id."""
        m = mapper(kind)
        row = m.by_id.first(self.connection, row_id=row_id)
        return m.entity(row) if row else None

    def those(self, kind: type[R], order: str = "id", /, **equal: Any) -> list[R]:
        """Whole entities by equal columns; `order` is a column, "-" before it the greatest first."""
        m = mapper(kind)
        statement, values = m.find(equal, order)
        return [m.entity(row) for row in statement.rows(self.connection, **values)]

    def lead(self, lead_id: int) -> entities.Lead | None:
        """A lead by id; one merged into another gives that one."""
        found = self.one_of(entities.Lead, lead_id)
        if found is None:
            leads_to = _LEADS_TO.scalar(self.connection, lead_id=lead_id)
            found = self.one_of(entities.Lead, leads_to) if leads_to is not None else None
        return found

    def merged_into(self, lead_id: int) -> list[Redirect]:
        """The cards that are no more and lead to this one."""
        return self.those(Redirect, lead_id=lead_id)

    def visible(self) -> ColumnElement[bool]:
        """Which leads this user may see: an operator's own and the pool, a team lead's all (PRODUCT 11)."""
        if self.user.role is Role.OPERATOR:
            return (lead.c.owner_id == self.user.id) | lead.c.owner_id.is_(None)
        return true()
