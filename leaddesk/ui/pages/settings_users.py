"""The people who work the leads. An admin changes them in place; all others see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from leaddesk.ui.widgets import Chip, ErrorLabel, Heading, LineEdit, MutedLabel, SectionLabel, restyle
from leaddesk.workflow.team import ChangeUser, Users
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.entities import User
    from leaddesk.workflow.errors import Refused

NAME, LOGIN, ROLE, ZONE, STATE = range(5)
HEADS = ("Name", "Login", "May", "Time zone", "")


def role_words(role: Role) -> str:
    """A role as it is read."""
    return role.value.replace("_", " ")


class UserLine:
    """One person's editors in the grid. What is half typed stays when the list is looked at again."""

    def __init__(self, room: UsersList, grid: QGridLayout, line: int, user: User) -> None:
        """Two lines of the grid: the editors, and below them why a change was refused."""
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
        grid.addWidget(self.error, line + 1, NAME, 1, STATE + 1)
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


class UsersList(QWidget):
    """Who works here and what they may do."""

    user_saved = Signal(object)

    def __init__(self, shell: Shell) -> None:
        """Asked for by `look`."""
        super().__init__()
        self.shell = shell
        self.lines: dict[int, UserLine] = {}
        self._shown: list[User] = []
        self._may = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(Heading("Users"))
        box.addWidget(MutedLabel("Who works the leads. Add somebody with: leaddesk user add LOGIN"))
        self._why = MutedLabel("Only an admin may change these. Ask yours.")
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
        self._may = self.shell.user.role.covers(Role.ADMIN)
        self._why.setVisible(not self._may)
        if self._shown and self._may != bool(self.lines):
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
        if self._may and [user.id for user in users] == list(self.lines):
            for user in users:
                self.lines[user.id].show_user(user)
        elif users != self._shown:
            self._make(users)
        self._shown = users

    def _make(self, users: list[User]) -> None:
        self.lines.clear()
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for column, words in enumerate(HEADS):
            self._grid.addWidget(SectionLabel(words, wrap=False), 0, column)
        for number, user in enumerate(users):
            line = 1 + 2 * number
            if self._may:
                self.lines[user.id] = UserLine(self, self._grid, line, user)
                continue
            self._grid.addWidget(Heading(user.name), line, NAME)
            for column, words in ((LOGIN, user.login), (ROLE, role_words(user.role)), (ZONE, user.zone)):
                self._grid.addWidget(MutedLabel(words, wrap=False), line, column)
            state = Chip()
            self.show_state(state, user)
            self._grid.addWidget(state, line, STATE)
