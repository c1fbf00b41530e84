"""The people who work the leads: who they are, what they may, and who is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import User
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.sitting_down import by_login, checked_login, known_logins, who_acts
from leaddesk.workflow.vocabulary import Role, UserState

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.workflow.ports import Work

__all__ = [
    "LONGEST_PHONE",
    "AddUser",
    "ChangeContact",
    "ChangeUser",
    "Users",
    "by_login",
    "checked_capacity",
    "checked_email",
    "checked_login",
    "checked_phone",
    "checked_zone",
    "known_logins",
    "who_acts",
]


@dataclass(frozen=True)
class Users(Question[list[User]]):
    """Everybody, by login; those who left only if asked for."""

    with_left: bool = True


@dataclass(frozen=True)
class AddUser(Command[User]):
    """Take somebody onto the floor."""

    login: str
    name: str = ""
    email: str = ""
    phone: str = ""
    user_role: Role = Role.OPERATOR
    state: UserState = UserState.ACTIVE
    languages: tuple[str, ...] = ()
    zone: str = ""
    capacity: int = 0
    role: ClassVar[Role] = Role.ADMIN

    def handle(self, work: Work) -> User:
        """Raises `Refused` for a login that is taken, an e-mail that is none, or an unknown time zone."""
        login = checked_login(self.login)
        if any(user.login.casefold() == login.casefold() for user in work.ask(Users())):
            raise Refused(f"There is a user “{login}” already. Take another login.", field="login")
        user = User(
            login=login,
            name=" ".join(self.name.split()) or login,
            email=checked_email(self.email),
            phone=checked_phone(self.phone),
            role=self.user_role,
            state=self.state,
            languages=self.languages,
            zone=checked_zone(self.zone),
            capacity=checked_capacity(self.capacity),
        )
        work.words = f"User {login} added"
        return work.add(user)


@dataclass(frozen=True)
class ChangeUser(Command[User]):
    """Change what is known of somebody, or what they may; fields left out stay as they are."""

    user_id: int
    values: dict[str, Any] = field(default_factory=dict)
    role: ClassVar[Role] = Role.ADMIN

    def handle(self, work: Work) -> User:
        """Raises `Refused` if a value cannot be, or if nobody would be left who may do this."""
        user = work.get(User, self.user_id)
        values = {name: self._checked(name, value) for name, value in self.values.items()}
        changed = work.change(user, **values)
        if not any(other.role is Role.ADMIN and other.state is UserState.ACTIVE for other in work.ask(Users())):
            raise Refused("Somebody has to stay admin. Make somebody else admin first.", field="role")
        work.words = f"User {changed.login} changed"
        return changed

    def _checked(self, name: str, value: Any) -> Any:
        checks: dict[str, Callable[[Any], Any]] = {
            "name": _checked_name,
            "email": checked_email,
            "phone": checked_phone,
            "role": Role,
            "state": UserState,
            "languages": tuple,
            "zone": checked_zone,
            "capacity": checked_capacity,
        }
        if name not in checks:
            raise Refused(f"A user’s {name} cannot be changed; {', '.join(checks)} can.", field=name)
        try:
            return checks[name](value)
        except (TypeError, ValueError) as error:
            kind = {"role": Role, "state": UserState}.get(name)
            among = f" It is one of {', '.join(kind)}." if kind else ""
            raise Refused(f"“{value}” is no {name}.{among}", field=name) from error


@dataclass(frozen=True)
class ChangeContact(Command[User]):
    """Say how somebody is written to and called. Letters carry it, so everybody may say it of themselves.

    `email` and `phone` left out stay as they are; "" is none.
    """

    user_id: int
    email: str | None = None
    phone: str | None = None
    role: ClassVar[Role] = Role.OPERATOR

    def handle(self, work: Work) -> User:
        """Raises `Refused` for somebody else's, unless a team lead asks, and for what nobody could write to or call."""
        user = work.get(User, self.user_id)
        if user.id != work.user.id and not work.user.role.covers(Role.TEAM_LEAD):
            raise Refused(f"{user.name} or a team lead can change this.")
        email = user.email if self.email is None else checked_email(self.email)
        phone = user.phone if self.phone is None else checked_phone(self.phone)
        work.words = f"E-mail and phone of {user.name}"
        return work.change(user, email=email, phone=phone)


def _checked_name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Refused("A user needs a name.", field="name")
    return name


def checked_email(text: str) -> str:
    """The address as written, "" for none. Raises `Refused` if no mail could get there."""
    from leaddesk.workflow.emails import parse_email

    if not text.strip():
        return ""
    email = parse_email(text)
    if not email.valid:
        raise Refused(f"“{text}” is no e-mail address. They look like anna@example.com.", field="email")
    return email.address


LONGEST_PHONE = 60


def checked_phone(text: str) -> str:
    """A number as people are to read it, "" for none. Raises `Refused` where there is nothing to dial in it."""
    phone = " ".join(text.split())
    if phone and not any(sign.isdigit() for sign in phone):
        raise Refused(f"“{phone}” is no phone number. They look like +36 1 555 0134.", field="phone")
    if len(phone) > LONGEST_PHONE:
        raise Refused(f"A phone number has at most {LONGEST_PHONE} signs.", field="phone")
    return phone


def checked_zone(text: str) -> str:
    """An IANA zone, "" for the machine's. Raises `Refused` for one there is not."""
    from leaddesk.workflow.zones import is_zone

    zone = text.strip()
    if zone and not is_zone(zone):
        raise Refused(f"There is no time zone “{zone}”. They look like Europe/Kyiv.", field="zone")
    return zone


def checked_capacity(leads: int) -> int:
    """How many leads somebody takes, 0 for any number. Raises `Refused` below that."""
    if int(leads) < 0:
        raise Refused("A capacity cannot be below nothing.", field="capacity")
    return int(leads)
