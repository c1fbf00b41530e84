"""Owners and sources as a file names them: found by name, or made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leaddesk.workflow.entities import Source, User
from leaddesk.workflow.sources import Sources
from leaddesk.workflow.team import Users, by_login
from leaddesk.workflow.vocabulary import Role, SourceKind, UserState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.ports import Work

_KINDS: tuple[tuple[SourceKind, str], ...] = (
    (SourceKind.NET, r"site|web|online|search|google|bing|сайт|поиск"),
    (SourceKind.SEED, r"refer|word of mouth|partner|recommend|friend|сарафан|рекоменд|партн[её]р|знаком"),
    (
        SourceKind.SPEAR,
        r"cold|trade show|exhibition|conference|mailing|direct mail|outbound|холодн|выставк|рассылк|обзвон",
    ),
)


def kind_of(name: str) -> SourceKind:
    """Guess a source's kind by its name (PRODUCT, source kind); a net where nothing tells."""
    return next((kind for kind, words in _KINDS if re.search(words, name.casefold())), SourceKind.NET)


def login_of(name: str) -> str:
    """A login made from a name, as david.love; an address gives what stands before its @."""
    words = re.findall(r"\w*[^\W_]\w*", name.partition("@")[0].casefold())
    return ".".join(words) or "user"


@dataclass
class People:
    """Names → ids, asked and made once for a whole import."""

    owners: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)

    def learn(self, work: Work, owners: Iterable[str], sources: Iterable[str]) -> None:
        """Find the ids of names not met before, and make users and sources for those nobody has."""
        new_owners = _unknown(owners, self.owners)
        if new_owners:
            self._learn_owners(work, new_owners)
        new_sources = _unknown(sources, self.sources)
        if new_sources:
            known = {source.name.casefold(): source.id for source in work.ask(Sources())}
            made = work.add_many(
                [Source(name=n, kind=kind_of(n)) for key, n in new_sources.items() if key not in known]
            )
            self.sources |= {key: known[key] for key in new_sources if key in known}
            self.sources |= {source.name.casefold(): source.id for source in made}

    def _learn_owners(self, work: Work, names: dict[str, str]) -> None:
        users = work.ask(Users())
        logins = {user.login.casefold() for user in users}
        fresh: dict[str, User] = {}
        for key, name in names.items():
            user = _by_name(users, key) or by_login(users, name)
            if user:
                self.owners[key] = user.id
                continue
            login = wanted = login_of(name)
            number = 1
            while login in logins:
                number += 1
                login = f"{wanted}{number}"
            logins.add(login)
            email = name if "@" in name else ""
            fresh[key] = User(login=login, name=name, email=email, role=Role.OPERATOR, state=UserState.INVITED)
        for key, user in zip(fresh, work.add_many(list(fresh.values())), strict=True):
            self.owners[key] = user.id


def known_words(desk: Desk) -> dict[str, frozenset[str]]:
    """What owners and sources are called here already, folded, by kind."""
    users = desk.read(Users())
    called = {word.casefold() for user in users for word in (user.login, user.name, user.email) if word}
    return {
        "owner": frozenset(called | {""}),
        "source": frozenset({source.name.casefold() for source in desk.read(Sources())} | {""}),
    }


def _unknown(names: Iterable[str], known: dict[str, int]) -> dict[str, str]:
    """Names not met before, by their folded form, each as it was written first."""
    found: dict[str, str] = {}
    for name in names:
        if name and name.casefold() not in known:
            found.setdefault(name.casefold(), name)
    return found


def _by_name(users: list[User], key: str) -> User | None:
    """Who has this name or address; somebody still here first."""
    alike = [user for user in users if key in (user.name.casefold(), user.email.casefold())]
    return min(alike, key=lambda user: (user.state is UserState.LEFT, user.id), default=None)
