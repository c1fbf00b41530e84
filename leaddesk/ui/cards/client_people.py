"""The people at a client: one line each, edited in a form below the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.choice import TickChip
from leaddesk.ui.cards.drafts import FormDrafts
from leaddesk.ui.cards.lines import Line, LinesView
from leaddesk.ui.cards.told import person_lines
from leaddesk.ui.widgets import ErrorLabel, LineEdit, PlainButton
from leaddesk.workflow.clients import PersonInput, RemovePerson, SavePerson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Command
    from leaddesk.workflow.entities import ClientPerson
    from leaddesk.workflow.errors import Refused

PARTS = (("name", "Name"), ("role", "Role"), ("phone", "Phone"), ("email", "E-mail"))


class PeopleTab(QWidget):
    """The list, and the form for a new person or the one chosen."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._client_id = 0
        self._person_id = 0
        self._drafts = FormDrafts(shell, self)
        self._filling = False
        self._people: tuple[ClientPerson, ...] = ()
        self.view = LinesView(shell.theme, "Contact persons")
        self.edits: dict[str, LineEdit] = {}
        self.decides = TickChip("decides")
        self.error = ErrorLabel()
        self.save_button = PlainButton("Add person")
        self.remove_button = PlainButton("Remove", kind="danger")
        self.cancel_button = PlainButton("Leave as is")
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, (key, title) in enumerate(PARTS):
            edit = LineEdit()
            edit.setPlaceholderText(title)
            edit.setAccessibleName(title)
            edit.returnPressed.connect(self.save)
            self.edits[key] = edit
            grid.addWidget(edit, place // 2, place % 2)
        row = QHBoxLayout()
        row.addWidget(self.decides)
        row.addStretch()
        for button in (self.cancel_button, self.remove_button, self.save_button):
            row.addWidget(button)
        form = QVBoxLayout()
        form.setContentsMargins(18, 8, 18, 10)
        form.addLayout(grid)
        form.addLayout(row)
        form.addWidget(self.error)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view, 1)
        box.addLayout(form)
        self.view.acted.connect(self._edit)
        self.save_button.clicked.connect(self.save)
        self.remove_button.clicked.connect(self._remove)
        self.cancel_button.clicked.connect(self._clear)
        self.decides.toggled.connect(self._keep)
        for edit in self.edits.values():
            edit.textChanged.connect(self._keep)
        self._fill(0, {}, decides=False)

    def show_people(self, client_id: int, people: tuple[ClientPerson, ...]) -> None:
        """Show these."""
        if client_id != self._client_id:
            self._client_id = client_id
            self.restore({})
        self._people = people
        self.view.show_lines(person_lines(people))

    def restore(self, stored: Mapping[str, str]) -> None:
        """Put back the person who was being written down on this client's card."""
        kept = self._drafts.at(self._place()).get(stored)
        person_id = int(kept.get("id", "0"))
        self._fill(person_id, {key: kept.get(key, "") for key in self.edits}, decides="decides" in kept)

    def _place(self) -> str:
        return f"client:{self._client_id}:person"

    def _keep(self) -> None:
        if not self._filling and self._client_id:
            texts = {key: edit.text() for key, edit in self.edits.items()}
            decides = {"decides": "yes"} if self.decides.isChecked() else {}
            person = {"id": str(self._person_id)} if self._person_id else {}
            self._drafts.at(self._place()).put({**texts, **decides, **person})

    def save(self) -> None:
        """Add the person typed, or change the one chosen."""
        texts = {key: edit.text() for key, edit in self.edits.items()}
        person = PersonInput(**texts, decides=self.decides.isChecked() or None)
        command = SavePerson(client_id=self._client_id, person=person, person_id=self._person_id)
        self._send(command)

    def _send(self, command: Command[Any]) -> None:
        place = self._place()

        def taken(_done: object) -> None:
            self._drafts.at(place).forget()
            if place == self._place():
                self._fill(0, {}, decides=False)

        def refused(refused: Refused) -> None:
            if place == self._place():
                self.error.say(refused.words)
            else:
                self._shell.messages.refused(refused.words)

        self._shell.lanes.do(self, command, taken, failed=refused)

    def _edit(self, line: Line) -> None:
        person = next((p for p in self._people if p.id == line.ref), None)
        if person is None:
            return
        self._fill(person.id, {key: getattr(person, key) for key in self.edits}, decides=bool(person.decides))
        self._keep()
        self.edits["name"].setFocus()

    def _remove(self) -> None:
        self._send(RemovePerson(self._person_id))

    def _clear(self) -> None:
        """Leave as is: what was typed is given up on purpose."""
        self._drafts.at(self._place()).forget()
        self._fill(0, {}, decides=False)

    def _fill(self, person_id: int, texts: Mapping[str, str], *, decides: bool) -> None:
        """The form for this person, 0 for a new one."""
        self._person_id, self._filling = person_id, True
        for key, edit in self.edits.items():
            edit.setText(texts.get(key, ""))
        self.decides.setChecked(decides)
        self.error.say("")
        self.save_button.setText("Save person" if person_id else "Add person")
        self.remove_button.setVisible(bool(person_id))
        self.cancel_button.setVisible(bool(person_id))
        self._filling = False
