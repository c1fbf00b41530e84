"""From nothing to a desk somebody sits at: which database, which user, which clock."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import User
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.ports import Clock, SystemClock
from leaddesk.workflow.team import Users, checked_login, who_acts
from leaddesk.workflow.vocabulary import Role

NOBODY = User(login="", name="LeadDesk", role=Role.ADMIN)
"""Who acts before anybody is known."""


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

    clock = clock or SystemClock()
    store = open_store(target_of(target), clock)
    try:
        machine = machine_login()
        users = store.read(Users(), NOBODY, clock.now())
        if not users:
            name = full_name() or machine
            first_user(store, User(login=machine, name=name, role=Role.ADMIN, created_at=clock.now()))
            users = store.read(Users(), NOBODY, clock.now())
        user = who_acts(
            users,
            asked=login or "",
            preferred=os.environ.get("LEADDESK_USER", ""),
            machine=machine,
            alone=store.is_sqlite,
        )
    except BaseException:
        store.close()
        raise
    return Desk(store, clock, user)


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
