"""What the words of other systems may come to here: the choices for each kind of word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.workflow.outcomes import Outcomes
from leaddesk.workflow.sources import Sources
from leaddesk.workflow.team import Users
from leaddesk.workflow.vocabulary import Status, Temperature, UserState

if TYPE_CHECKING:
    from leaddesk.workflow.desk import Desk


def choices(desk: Desk, kind: str) -> list[tuple[str, str]]:
    """(key, words) of everything of ours a word of this kind may mean. `KeyError` for a kind there is not."""
    match kind:
        case "status":
            return [(status.value, status.words) for status in Status]
        case "temperature":
            return [(one.value, one.value) for one in Temperature]
        case "source":
            return [(source.name, source.name) for source in desk.read(Sources())]
        case "owner":
            return [(u.login, u.name) for u in desk.read(Users()) if u.state is not UserState.LEFT]
        case "outcome":
            return [(outcome.key, outcome.title) for outcome in desk.read(Outcomes())]
    raise KeyError(kind)
