"""Who sits at a desk, of all who might. Light to import: it is asked before anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role, UserState

if TYPE_CHECKING:
    from collections.abc import Sequence


class Person(Protocol):
    """What it takes to know somebody; `User` has it."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def login(self) -> str: ...  # noqa: D102
    @property
    def role(self) -> Role: ...  # noqa: D102
    @property
    def state(self) -> UserState: ...  # noqa: D102


P = TypeVar("P", bound=Person)


def known_logins(users: Sequence[Person]) -> str:
    """The logins of everybody still here, for words that help."""
    return ", ".join(user.login for user in users if user.state is not UserState.LEFT) or "nobody"


def by_login(users: Sequence[P], login: str) -> P | None:
    """Who has this login: exactly, else in any case."""
    exact = [user for user in users if user.login == login]
    alike = [user for user in users if user.login.casefold() == login.strip().casefold()]
    return next(iter([*exact, *alike]), None)


def who_acts(users: Sequence[P], *, asked: str, preferred: str, machine: str, alone: bool) -> P:
    """Who sits at this desk.

    `asked` was said for this one start, `preferred` stands in the environment, `machine` is the name the machine
    knows the person by, `alone` says that the database is a file of this machine. Raises `Refused`.
    """
    here = [user for user in users if user.state is UserState.ACTIVE]
    login = asked or (preferred if len(here) != 1 else "")
    if login:
        user = by_login(users, login)
        if user is None:
            raise Refused(f"There is no user “{login}”. There are: {known_logins(users)}.", field="login")
        return user
    if len(here) == 1:
        return here[0]
    same = by_login(here, machine)
    if same is not None:
        return same
    admins = [user for user in here if user.role is Role.ADMIN]
    if alone and admins:
        return min(admins, key=lambda user: user.id)
    raise Refused(f"Say who you are: one of {known_logins(users)}.", field="login")


def checked_login(text: str) -> str:
    """The login without blanks around it. Raises `Refused` where it is empty or has blanks or control signs inside."""
    login = text.strip()
    if not login:
        raise Refused("A user needs a login.", field="login")
    if not login.isprintable() or any(sign.isspace() for sign in login):
        raise Refused(f"A login has no blanks in it: “{login}”.", field="login")
    return login
