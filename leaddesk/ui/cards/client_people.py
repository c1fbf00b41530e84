"""The people at a client: one line each, edited in a form below the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from leaddesk.ui.cards.choice import TickChip
from leaddesk.ui.cards.lines import Line, LinesView
from leaddesk.ui.cards.told import person_lines
from leaddesk.ui.widgets import ErrorLabel, PlainButton
from leaddesk.workflow.clients import PersonInput, RemovePerson, SavePerson

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.entities import ClientPerson

PARTS = (("name", "Name"), ("role", "Role"), ("phone", "Phone"), ("email", "E-mail"))


class PeopleTab(QWidget):
    """The list, and the form for a new person or the one chosen."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._client_id = 0
        self._person_id = 0
        self._people: tuple[ClientPerson, ...] = ()
        self.view = LinesView(shell.theme, "Contact persons")
        self.edits: dict[str, QLineEdit] = {}
        self.decides = TickChip("decides")
        self.error = ErrorLabel()
        self.save_button = PlainButton("Add person")
        self.remove_button = PlainButton("Remove", kind="danger")
        self.cancel_button = PlainButton("Leave as is")
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, (key, title) in enumerate(PARTS):
            edit = QLineEdit()
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
        self._clear()

    def show_people(self, client_id: int, people: tuple[ClientPerson, ...]) -> None:
        """Show these."""
        if client_id != self._client_id:
            self._client_id = client_id
            self._clear()
        self._people = people
        self.view.show_lines(person_lines(people))

    def save(self) -> None:
        """Add the person typed, or change the one chosen."""
        texts = {key: edit.text() for key, edit in self.edits.items()}
        person = PersonInput(**texts, decides=self.decides.isChecked() or None)
        command = SavePerson(client_id=self._client_id, person=person, person_id=self._person_id)
        self._shell.lanes.do(
            self, command, lambda _done: self._clear(), failed=lambda refused: self.error.say(refused.words)
        )

    def _edit(self, line: Line) -> None:
        person = next((p for p in self._people if p.id == line.ref), None)
        if person is None:
            return
        self._person_id = person.id
        for key, edit in self.edits.items():
            edit.setText(getattr(person, key))
        self.decides.setChecked(bool(person.decides))
        self.save_button.setText("Save person")
        self.remove_button.show()
        self.cancel_button.show()
        self.edits["name"].setFocus()

    def _remove(self) -> None:
        command = RemovePerson(self._person_id)
        self._shell.lanes.do(
            self, command, lambda _done: self._clear(), failed=lambda refused: self.error.say(refused.words)
        )

    def _clear(self) -> None:
        self._person_id = 0
        for edit in self.edits.values():
            edit.clear()
        self.decides.setChecked(False)
        self.error.say("")
        self.save_button.setText("Add person")
        self.remove_button.hide()
        self.cancel_button.hide()
