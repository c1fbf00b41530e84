"""Which database, and who sits down at it."""

import getpass
from collections.abc import Callable
from pathlib import Path

import pytest

from leaddesk import bootstrap
from leaddesk.bootstrap import default_database, machine_login, open_desk
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.team import AddUser, ChangeContact, ChangeUser, Users
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Role, UserState
from tests.engines import TestClock, sit_down


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEADDESK_DB", "LEADDESK_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(getpass, "getuser", lambda: "machine")


Sitter = Callable[..., str]


@pytest.fixture
def acting(target: str | Path, clock: TestClock) -> Sitter:
    """The login of who acts at a freshly opened desk."""

    def login(asked: str | None = None) -> str:
        desk = open_desk(target, asked, clock)
        desk.store.close()
        return desk.user.login

    return login


def test_a_new_database_gets_its_first_user(tmp_path: Path, clock: TestClock) -> None:
    desk = open_desk(tmp_path / "new" / "leads.db", clock=clock)
    user = desk.user
    assert (user.login, user.role, user.state, user.created_at) == (
        "machine",
        Role.ADMIN,
        UserState.ACTIVE,
        clock.now(),
    )
    assert user.name
    assert desk.read(Users()) == [user]
    desk.store.close()
    again = open_desk(tmp_path / "new" / "leads.db", clock=clock)
    assert again.user == user
    again.store.close()


def no_user() -> str:
    raise OSError


@pytest.mark.parametrize(
    ("named", "login"),
    [(lambda: "Иван Петрович", "Иван_Петрович"), (lambda: "  ", "me"), (no_user, "me"), (lambda: "anna", "anna")],
)
def test_what_the_machine_calls_a_person(monkeypatch: pytest.MonkeyPatch, named: Callable[[], str], login: str) -> None:
    monkeypatch.setattr(getpass, "getuser", named)
    assert machine_login() == login


def test_the_login_said_wins(acting: Sitter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADDESK_USER", "boss")
    assert acting("anna") == "anna"
    assert acting("ANNA") == "anna"
    assert acting() == "boss"
    with pytest.raises(Refused, match=r"no user “nobody”\. There are: anna, boss"):
        acting("nobody")
    monkeypatch.setenv("LEADDESK_USER", "ghost")
    with pytest.raises(Refused, match="no user “ghost”"):
        acting()


def test_else_who_the_machine_knows(acting: Sitter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "Anna")
    assert acting() == "anna"


def test_else_the_first_admin_of_a_file_but_nobody_on_a_server(acting: Sitter, engine_name: str) -> None:
    if engine_name == "sqlite":
        assert acting() == "boss"
    else:
        with pytest.raises(Refused, match="Say who you are: one of anna, boss"):
            acting()


def test_else_the_only_one_still_here(acting: Sitter, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = next(user for user in desk.read(Users()) if user.login == "anna")
    desk.do(ChangeUser(anna.id, {"state": "left"}))
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    monkeypatch.setenv("LEADDESK_USER", "anna")
    assert acting() == "boss"
    assert acting("anna") == "anna", "somebody who left may still be asked for, but can change nothing"


def test_which_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: TestClock) -> None:
    assert default_database().name == "leads.db"
    assert default_database().is_absolute()
    assert bootstrap.target_of(None) == default_database()
    monkeypatch.setenv("LEADDESK_DB", str(tmp_path / "x.db"))
    assert bootstrap.target_of(None) == str(tmp_path / "x.db")
    assert bootstrap.target_of("said.db") == "said.db"


# Users


def test_an_admin_takes_people_on(desk: Desk, operator_desk: Desk) -> None:
    added = desk.do(AddUser(" petro ", "Petro  B.", "Petro@X.ua", "+380", Role.TEAM_LEAD, zone="Europe/Kyiv")).value
    assert (added.login, added.name, added.email, added.role) == ("petro", "Petro B.", "Petro@x.ua", Role.TEAM_LEAD)
    assert [user.login for user in desk.read(Users())] == ["anna", "boss", "petro"]
    with pytest.raises(Refused, match=r"Only an? admin"):
        operator_desk.do(AddUser("me2"))


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (AddUser("ANNA"), "“ANNA” already"),
        (AddUser(" "), "needs a login"),
        (AddUser("a b"), "no blanks"),
        (AddUser("x", email="nowhere"), "no e-mail"),
        (AddUser("x", zone="Mars/Olympus"), "no time zone"),
        (AddUser("x", capacity=-1), "capacity"),
        (ChangeUser(2, {"name": " "}), "needs a name"),
        (ChangeUser(2, {"role": "king"}), "one of operator, team_lead, admin"),
        (ChangeUser(2, {"login": "x"}), "login cannot be changed"),
        (ChangeUser(1, {"state": UserState.LEFT}), "has to stay admin"),
        (ChangeUser(99, {}), "no user 99"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, wish: AddUser | ChangeUser, words: str) -> None:
    before = desk.read(Users())
    with pytest.raises(Refused, match=words):
        desk.do(wish)
    assert desk.read(Users()) == before


def test_everybody_says_how_they_are_reached_and_team_leads_of_others(desk: Desk, operator_desk: Desk) -> None:
    me, boss = operator_desk.user, desk.user
    said = operator_desk.do(ChangeContact(me.id, email="Anna@X.ua")).value
    assert (said.email, said.phone) == ("Anna@x.ua", me.phone)
    with pytest.raises(Refused, match="Olena Boss or a team lead"):
        operator_desk.do(ChangeContact(boss.id, phone="1"))
    for wish in (
        ChangeContact(me.id, email="nowhere"),
        ChangeContact(me.id, phone="none"),
        ChangeContact(me.id, phone="1" * 61),
    ):
        with pytest.raises(Refused) as refused:
            operator_desk.do(wish)
        assert refused.value.field in ("email", "phone")
    assert desk.do(ChangeContact(me.id, email="", phone="+380 57 1")).value.phone == "+380 57 1"
    desk.do(Undo())
    assert next(user for user in desk.read(Users()) if user.id == me.id) == said


def test_people_change(desk: Desk, clock: TestClock) -> None:
    values = {"role": "team_lead", "languages": ["en", "uk"], "zone": "Europe/Kyiv", "capacity": 30, "email": ""}
    changed = desk.do(ChangeUser(2, values)).value
    assert (changed.role, changed.languages, changed.capacity) == (Role.TEAM_LEAD, ("en", "uk"), 30)
    assert sit_down(desk.store, clock, "anna").user == changed  # type: ignore[arg-type]
    desk.do(ChangeUser(2, {"state": "left"}))
    assert [user.login for user in desk.read(Users(with_left=False))] == ["boss"]
