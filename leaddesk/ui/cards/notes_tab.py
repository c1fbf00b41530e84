"""Notes on a card; the one being typed is kept from its first word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from leaddesk.ui.cards.lines import LinesView
from leaddesk.ui.cards.told import note_lines
from leaddesk.ui.drafts import DraftKeeper
from leaddesk.ui.widgets import ErrorLabel, PlainButton
from leaddesk.workflow.leads import AddNote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.entities import Note


class NotesTab(QWidget):
    """A field to write in, and what was written before."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._lead_id: int | None = None
        self._client_id: int | None = None
        self.edit = QPlainTextEdit()
        self.edit.setPlaceholderText("Write a note")
        self.edit.setAccessibleName("New note")
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(64)
        self._draft = DraftKeeper(shell, "", self.edit)
        self.error = ErrorLabel()
        self._save = PlainButton("Save the note", shell.actions.keys("save_note"))
        self.view = LinesView(shell.theme, "Notes")
        row = QHBoxLayout()
        row.setContentsMargins(18, 8, 18, 4)
        row.setSpacing(8)
        row.addWidget(self.edit, 1)
        row.addWidget(self._save)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row)
        box.addWidget(self.error)
        box.addWidget(self.view, 1)
        self._save.clicked.connect(self.save)

    def show_notes(
        self,
        notes: tuple[Note, ...],
        stored: Mapping[str, str] | None,
        *,
        lead_id: int | None = None,
        client_id: int | None = None,
    ) -> None:
        """Show the notes of this card, and the draft of the next one; it is asked for where `stored` is None."""
        if (lead_id, client_id) != (self._lead_id, self._client_id):
            self._lead_id, self._client_id = lead_id, client_id
            self._draft.go_to(self._place(), stored)
            self.error.say("")
        self.view.show_lines(note_lines(notes, self._shell.clock.now(), self._shell.zone()))

    def save(self) -> None:
        """Keep the note for good."""
        place = self._place()

        def saved(_done: object) -> None:
            if place == self._place():
                self._draft.forget()
                self.error.say("")
            else:
                self._shell.typed.pop(place, None)

        command = AddNote(self.edit.toPlainText(), lead_id=self._lead_id, client_id=self._client_id)
        self._shell.lanes.do(self, command, saved, failed=lambda refused: self.error.say(refused.words))

    def _place(self) -> str:
        return f"lead:{self._lead_id}:note" if self._lead_id else f"client:{self._client_id}:note"
