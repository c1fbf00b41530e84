"""The people who work the leads. An admin changes them in place; how they are reached, team leads and each for oneself."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from leaddesk.ui.widgets import Chip, ErrorLabel, Heading, LineEdit, MutedLabel, SectionLabel, restyle
from leaddesk.workflow.team import ChangeContact, ChangeUser, Users
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.entities import User
    from leaddesk.workflow.errors import Refused

NAME, LOGIN, ROLE, ZONE, STATE = range(5)
HEADS = ("Name", "Login", "May", "Time zone", "")
_EDITORS, ERROR, CONTACT, CONTACT_ERROR, GAP = range(5)
"""Of each person, one below the other."""
LINES_EACH = 5
GAP_HEIGHT = 4


def role_words(role: Role) -> str:
    """A role as it is read."""
    return role.value.replace("_", " ")


class UserLine:
    """One person's editors in the grid. What is half typed stays when the list is looked at again."""

    def __init__(self, room: UsersList, grid: QGridLayout, line: int, user: User) -> None:
        """From this line of the grid on: the editors, and below them why a change was refused."""
        self._room = room
        self.user = user
        self._shown: dict[str, str] = {}
        self.name, self.zone, self.role = LineEdit(), LineEdit("the machine’s"), QComboBox()
        self.name.setAccessibleName(f"Name of {user.login}")
        self.zone.setAccessibleName(f"Time zone of {user.login}")
        self.role.setAccessibleName(f"What {user.login} may do")
        for role in Role:
            self.role.addItem(role_words(role), role.value)
        self.state = Chip()
        self.error = ErrorLabel()
        grid.addWidget(self.name, line, NAME)
        grid.addWidget(MutedLabel(user.login, wrap=False), line, LOGIN)
        grid.addWidget(self.role, line, ROLE)
        grid.addWidget(self.zone, line, ZONE)
        grid.addWidget(self.state, line, STATE)
        grid.addWidget(self.error, line + ERROR, NAME, 1, STATE + 1)
        self.name.editingFinished.connect(lambda: self._leave("name", self.name))
        self.zone.editingFinished.connect(lambda: self._leave("zone", self.zone))
        self.role.activated.connect(lambda _index: self._save({"role": self.role.currentData()}, self.role))
        self.show_user(user)

    def show_user(self, user: User) -> None:
        """As it stands now."""
        self.user = user
        for key, edit, value in (("name", self.name, user.name), ("zone", self.zone, user.zone)):
            if edit.text() == self._shown.get(key, ""):
                edit.setText(value)
            self._shown[key] = value
        self.role.setCurrentIndex(self.role.findData(user.role.value))
        self._room.show_state(self.state, user)

    def _leave(self, key: str, edit: QLineEdit) -> None:
        if edit.text() != self._shown[key]:
            self._save({key: edit.text()}, edit)
        else:
            self._say("", edit)

    def _save(self, values: dict[str, str], editor: QWidget) -> None:
        def saved(done: Done[User]) -> None:
            self._say("", editor)
            if isinstance(editor, QLineEdit) and editor.text() == next(iter(values.values())):
                editor.setText(str(getattr(done.value, next(iter(values)))))
            self.show_user(done.value)
            self._room.user_saved.emit(done.value)

        def refused(error: Refused) -> None:
            self._say(error.words, editor)
            if editor is self.role:
                self.role.setCurrentIndex(self.role.findData(self.user.role.value))

        self._room.shell.lanes.do(self._room, ChangeUser(self.user.id, dict(values)), saved, failed=refused)

    def _say(self, words: str, editor: QWidget) -> None:
        self.error.say(words)
        restyle(editor, "wrong", bool(words))


class ContactLine:
    """One person's e-mail and phone, which their letters carry. What is half typed stays."""

    def __init__(self, room: UsersList, grid: QGridLayout, line: int, user: User) -> None:
        """Below the person's name, from this line of the grid on."""
        self._room = room
        self.user = user
        self._shown: dict[str, str] = {}
        self.email, self.phone = LineEdit("E-mail for letters"), LineEdit("Phone for letters")
        self.email.setAccessibleName(f"E-mail of {user.login}")
        self.phone.setAccessibleName(f"Phone of {user.login}")
        self.error = ErrorLabel()
        grid.addWidget(self.email, line + CONTACT, NAME, 1, ROLE)
        grid.addWidget(self.phone, line + CONTACT, ROLE, 1, STATE - ROLE)
        grid.addWidget(self.error, line + CONTACT_ERROR, NAME, 1, STATE + 1)
        for key, edit in self._edits():
            edit.editingFinished.connect(partial(self._leave, key, edit))
        self.show_user(user)

    def _edits(self) -> tuple[tuple[str, LineEdit], ...]:
        return (("email", self.email), ("phone", self.phone))

    def show_user(self, user: User) -> None:
        """As it stands now."""
        self.user = user
        for key, edit in self._edits():
            value = str(getattr(user, key))
            if edit.text() == self._shown.get(key, ""):
                edit.setText(value)
            self._shown[key] = value

    def _leave(self, key: str, edit: LineEdit) -> None:
        typed = edit.text()
        if typed == self._shown[key]:
            self._say("", edit)
            return

        def saved(done: Done[User]) -> None:
            self._say("", edit)
            if edit.text() == typed:
                edit.setText(str(getattr(done.value, key)))
            self.show_user(done.value)
            self._room.user_saved.emit(done.value)

        command = ChangeContact(self.user.id, **{key: typed})
        self._room.shell.lanes.do(self._room, command, saved, failed=lambda error: self._say(error.words, edit))

    def _say(self, words: str, edit: LineEdit) -> None:
        self.error.say(words)
        restyle(edit, "wrong", bool(words))


class UsersList(QWidget):
    """Who works here and what they may do."""

    user_saved = Signal(object)

    def __init__(self, shell: Shell) -> None:
        """Asked for by `look`."""
        super().__init__()
        self.shell = shell
        self.lines: dict[int, UserLine] = {}
        self.contacts: dict[int, ContactLine] = {}
        self._shown: list[User] = []
        self._role = Role.OPERATOR
        self._me = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(Heading("Users"))
        box.addWidget(MutedLabel("Who works the leads. Add somebody with: leaddesk user add LOGIN"))
        self._why = MutedLabel()
        box.addWidget(self._why)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(NAME, 3)
        self._grid.setColumnStretch(ZONE, 2)
        box.addLayout(self._grid)
        box.addStretch(1)
        shell.user_changed.connect(self._permit)
        self._permit()

    def _permit(self) -> None:
        """What whoever sits here may change: editors, or words."""
        me = self.shell.user
        another = (self._role, self._me) != (me.role, me.id)
        self._role, self._me = me.role, me.id
        whose = "everybody’s" if me.role.covers(Role.TEAM_LEAD) else "your own"
        self._why.setText(f"Only an admin may change these, but {whose} e-mail and phone you can: letters carry them.")
        self._why.setVisible(not me.role.covers(Role.ADMIN))
        if self._shown and another:
            self._make(self._shown)
            self.look()

    def look(self) -> None:
        """Ask for them."""
        self.shell.lanes.ask(self, Users(), self._show, key="users")

    def show_state(self, chip: Chip, user: User) -> None:
        """Active, away, or gone; and which of them sits here."""
        away = "away" if user.away_until and user.away_until > self.shell.clock.now() else user.state.value
        you = " · you" if user.id == self.shell.user.id else ""
        chip.show_chip(f"{away}{you}", "ok" if away == "active" else "")

    def _show(self, users: list[User]) -> None:
        if self._role.covers(Role.ADMIN) and [user.id for user in users] == list(self.lines):
            for user in users:
                self.lines[user.id].show_user(user)
                self.contacts[user.id].show_user(user)
        elif [self._words_of(user) for user in users] == [self._words_of(user) for user in self._shown]:
            for user in users:
                if user.id in self.contacts:
                    self.contacts[user.id].show_user(user)
        else:
            self._make(users)
        self._shown = users

    def _words_of(self, user: User) -> User:
        """What is written and not edited of somebody."""
        return replace(user, email="", phone="") if user.id in self.contacts else user

    def _make(self, users: list[User]) -> None:
        self.lines.clear()
        self.contacts.clear()
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for column, words in enumerate(HEADS):
            self._grid.addWidget(SectionLabel(words, wrap=False), 0, column)
        for number, user in enumerate(users):
            line = 1 + LINES_EACH * number
            self._grid.setRowMinimumHeight(line + GAP, GAP_HEIGHT)
            if self._role.covers(Role.ADMIN):
                self.lines[user.id] = UserLine(self, self._grid, line, user)
            else:
                self._write(user, line)
            if self._role.covers(Role.TEAM_LEAD) or user.id == self._me:
                self.contacts[user.id] = ContactLine(self, self._grid, line, user)
            elif user.email or user.phone:
                reached = MutedLabel(" · ".join(filter(None, (user.email, user.phone))))
                self._grid.addWidget(reached, line + CONTACT, NAME, 1, STATE + 1)

    def _write(self, user: User, line: int) -> None:
        """For those who may not change it."""
        self._grid.addWidget(Heading(user.name), line, NAME)
        for column, words in ((LOGIN, user.login), (ROLE, role_words(user.role)), (ZONE, user.zone)):
            self._grid.addWidget(MutedLabel(words, wrap=False), line, column)
        state = Chip()
        self.show_state(state, user)
        self._grid.addWidget(state, line, STATE)
