"""What a deed on many leads still has to be told: until when they are parked, or why they are no leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.widgets import ErrorLabel, FlowLayout, Heading, LineEdit, MutedLabel, PlainButton, PrimaryButton
from leaddesk.workflow.bulk import DisqualifyLeads, leads_in_words
from leaddesk.workflow.parking import DeferLead, DeferLeads

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Command
    from leaddesk.workflow.errors import Refused

NO_LEAD = ("Spam", "Competitor", "Wrong person", "Not in the market", "Duplicate")


class _Deed(QDialog):
    """A heading, what is asked, and the button that does it; refused words stay beside what was typed."""

    def __init__(self, shell: Shell, heading: str, button: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._shell = shell
        self.setWindowTitle(heading)
        self.setMinimumWidth(460)
        self.wrong = ErrorLabel()
        self.take = PrimaryButton(button, "Enter")
        self.take.setDefault(True)
        leave = PlainButton("Leave as is", "Esc")
        leave.setAutoDefault(False)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(8)
        box.addWidget(Heading(heading))
        box.addLayout(self.body)
        box.addWidget(self.wrong)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(leave)
        row.addWidget(self.take)
        box.addLayout(row)
        self.take.clicked.connect(self._take)
        leave.clicked.connect(self.reject)

    def command(self) -> Command[Any] | None:
        """The command as asked for; None if something is missing, which is then said."""
        raise NotImplementedError

    def _take(self) -> None:
        command = self.command()
        if command is None:
            return
        self.take.setEnabled(False)
        self._shell.lanes.do(self, command, lambda _done: self.accept(), failed=self._refused)

    def _refused(self, refused: Refused) -> None:
        self.take.setEnabled(True)
        self.wrong.say(refused.words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter does it from anywhere."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._take()
        else:
            super().keyPressEvent(event)


class ParkDialog(_Deed):
    """Park leads until a day typed in words. One lead or many: one undoable step."""

    def __init__(self, shell: Shell, lead_ids: tuple[int, ...], parent: QWidget | None = None) -> None:
        """The leads to park, or to give another day."""
        super().__init__(shell, f"Park {leads_in_words(len(lead_ids))} until a day", "Park", parent)
        self._lead_ids = lead_ids
        quick = ("in 1 week", "in 1 month", "in 3 months", "in 6 months")
        self.when = WhenEdit(shell, "in 3 months, 1 Sep, через месяц…", quick, "Until when")
        self.why = LineEdit("Why, as the reason is to be read when they come back")
        self.body.addWidget(self.when)
        self.body.addWidget(self.why)
        self.when.changed.connect(lambda: self.wrong.say(""))
        self.when.setFocus()

    def command(self) -> Command[Any] | None:
        """Raises nothing: a day that is none is said in place."""
        until = self.when.moment()
        if until is None:
            self.when.show_problem(self.when.problem or "Say until when, such as “in 3 months”.")
            self.when.setFocus()
            return None
        why = self.why.text()
        if len(self._lead_ids) == 1:
            return DeferLead(lead_id=self._lead_ids[0], until=until, why=why)
        return DeferLeads(lead_ids=self._lead_ids, until=until, why=why)


class NoLeadDialog(_Deed):
    """Say that leads are none, and why."""

    def __init__(self, shell: Shell, lead_ids: tuple[int, ...], parent: QWidget | None = None) -> None:
        """The leads that are none."""
        super().__init__(shell, f"{leads_in_words(len(lead_ids))}: not a lead", "Disqualify", parent)
        self._lead_ids = lead_ids
        self.why = LineEdit("Why it is not a lead")
        self.body.addWidget(
            MutedLabel("They leave the queue and keep everything known of them. Undo brings them back.")
        )
        self.body.addWidget(self.why)
        usual = QWidget()
        flow = FlowLayout(usual, 4)
        for words in NO_LEAD:
            button = QPushButton(words)
            button.setProperty("look", "filter")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, w=words: self.why.setText(w))
            flow.addWidget(button)
        self.body.addWidget(usual)
        self.why.setFocus()

    def command(self) -> Command[Any] | None:
        """Needs a reason."""
        if not self.why.text().strip():
            self.wrong.say("Say why it is not a lead: spam, competitor, wrong person, not in the market…")
            self.why.setFocus()
            return None
        return DisqualifyLeads(lead_ids=self._lead_ids, why=self.why.text())
