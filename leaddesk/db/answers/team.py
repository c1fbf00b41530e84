"""Who works here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.db.tables import app_user
from leaddesk.workflow.entities import User
from leaddesk.workflow.team import Users
from leaddesk.workflow.vocabulary import UserState

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


def users(reading: Reading, question: Users) -> list[User]:
    """Everybody, by login."""
    here = () if question.with_left else (app_user.c.state != UserState.LEFT.value,)
    return reading.all_of(User, *here, order=app_user.c.login)


ANSWERS: Answers = {Users: users}
