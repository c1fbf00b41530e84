"""Who is away, and till when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Command
from leaddesk.workflow.entities import User
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.ports import Work


@dataclass(frozen=True)
class SetAway(Command[User]):
    """Somebody is away till a moment (UTC): oneself, or anybody by a team lead's word."""

    user_id: int
    until: datetime

    def handle(self, work: Work) -> User:
        """Raises `Refused` for a moment that is past, or an operator speaking for somebody else."""
        user = _whom(work, self.user_id)
        if self.until <= work.now:
            raise Refused("That is in the past. Say until when, such as “mon 09:00” or “in 2 weeks”.", field="until")
        work.words = f"{user.name} is away"
        return work.change(user, away_until=self.until)


@dataclass(frozen=True)
class SetBack(Command[User]):
    """Somebody is back."""

    user_id: int

    def handle(self, work: Work) -> User:
        """Raises `Refused` if they are not away."""
        user = _whom(work, self.user_id)
        if user.away_until is None:
            raise Refused(f"{user.name} is not away.", field="login")
        work.words = f"{user.name} is back"
        return work.change(user, away_until=None)


def _whom(work: Work, user_id: int) -> User:
    user = work.get(User, user_id)
    if user.id != work.user.id and not work.user.role.covers(Role.TEAM_LEAD):
        raise Refused("Only a team lead says this of others. Ask yours.", field="login")
    return user
