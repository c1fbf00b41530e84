"""Every action there is, in the order of a day. A new one is one line in its feature's `ACTIONS`."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING

from leaddesk.benching import calls, cards, files, finding, lists, queueing, reports, team
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.benching.action import Action

ACTIONS: tuple[Action, ...] = (
    *queueing.ACTIONS,
    *cards.ACTIONS,
    *calls.ACTIONS,
    *lists.ACTIONS,
    *finding.ACTIONS,
    *team.ACTIONS,
    *reports.ACTIONS,
    *files.ACTIONS,
)
START = ("start_first_paint", "start_first_leads")
"""Figures of the program's start: measured in processes of their own, see `start.py`."""


def chosen(only: Iterable[str]) -> tuple[tuple[Action, ...], bool]:
    """The actions of these names or patterns (all for none), and whether the start is among them.

    Raises `Refused` for a pattern that fits none.
    """
    patterns = list(only)
    if not patterns:
        return ACTIONS, True
    keys = [*(figure.key for action in ACTIONS for figure in action.measured), *START]
    for pattern in patterns:
        if not any(fnmatch(key, pattern) for key in keys):
            raise Refused(f"There is no action “{pattern}”. There are: {', '.join(keys)}.", field="only")

    def wanted(key: str) -> bool:
        return any(fnmatch(key, pattern) for pattern in patterns)

    found = tuple(action for action in ACTIONS if any(wanted(figure.key) for figure in action.measured))
    return found, any(map(wanted, START))
