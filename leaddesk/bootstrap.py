"""From nothing to a desk somebody sits at: which database, which user, which clock."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.sitting_down import checked_login, who_acts
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from leaddesk.db.first_page import FirstPage
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import User
    from leaddesk.workflow.ports import Clock
    from leaddesk.workflow.sitting_down import P


def nobody() -> User:
    """Who acts before anybody is known."""
    from leaddesk.workflow.entities import User

    return User(login="", name="LeadDesk", role=Role.ADMIN)


def default_database() -> Path:
    """The file in the user's data folder, where leads are kept unless said otherwise."""
    import platformdirs

    return platformdirs.user_data_path("LeadDesk", appauthor=False) / "leads.db"


def target_of(said: str | Path | None) -> str | Path:
    """Which database is meant: the one said, else LEADDESK_DB, else the default file."""
    return said or os.environ.get("LEADDESK_DB") or default_database()


def open_desk(target: str | Path | None = None, login: str | None = None, clock: Clock | None = None) -> Desk:
    """Open the database, made or migrated if need be, and sit down at it.

    Who acts: `login`; else the only active user; else LEADDESK_USER; else who is signed in to the machine,
    if known here; else, on a file, the first admin. Raises `Refused` or `Unavailable`.
    """
    from leaddesk.db.opening import first_user, open_store
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import User
    from leaddesk.workflow.ports import SystemClock
    from leaddesk.workflow.team import Users

    clock = clock or SystemClock()
    store = open_store(target_of(target), clock)
    try:
        users = store.read(Users(), nobody(), clock.now())
        if not users:
            machine = machine_login()
            name = full_name() or machine
            first_user(store, User(login=machine, name=name, role=Role.ADMIN, created_at=clock.now()))
            users = store.read(Users(), nobody(), clock.now())
        user = _sitting_down(users, login, alone=store.is_sqlite)
    except BaseException:
        store.close()
        raise
    return Desk(store, clock, user)


def read_first_page(target: str | Path | None, login: str | None, now: datetime) -> FirstPage | None:
    """The head of the queue of who will sit down there, before all that a desk needs is imported.

    None wherever that takes more than a look: another schema, nobody known, a server that is slow to answer.
    """
    from leaddesk.db.first_page import read

    where = target_of(target)
    return read(where, lambda people: _sitting_down(people, login, alone="://" not in str(where)), now)


def _sitting_down(people: Sequence[P], login: str | None, *, alone: bool) -> P:
    return who_acts(
        people,
        asked=login or "",
        preferred=os.environ.get("LEADDESK_USER", ""),
        machine=machine_login(),
        alone=alone,
    )


def machine_login() -> str:
    """The name this machine knows the person by, fit to be a login; "me" where it knows none."""
    import getpass

    try:
        return checked_login("_".join(getpass.getuser().split()))
    except (OSError, KeyError, ImportError, Refused):
        # No password database and no environment, as in some containers; Python 3.13 made it one OSError.
        return "me"


def full_name() -> str:
    """The person's name where the system tells it at once, else ""."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0].strip()
    except KeyError:
        return ""
