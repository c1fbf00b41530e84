"""Parking a lead until a day, typed in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.widgets import ErrorLabel, Heading, LineEdit, MutedLabel, PlainButton, PrimaryButton
from leaddesk.workflow.parking import DeferLead, MoveReturn
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Command
    from leaddesk.workflow.errors import Refused

QUICK = ("next week", "in 1 month", "in 3 months", "in 6 months")


class DeferDialog(QDialog):
    """Until when, and why. `deferred` says which lead was parked. Esc keeps what was typed."""

    deferred = Signal(int)

    def __init__(self, shell: Shell, card: LeadCardData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._lead = shell, card.lead
        self._draft = FormDraft(shell, f"lead:{card.lead.id}:defer", self)
        self.setWindowTitle(f"Park {card.lead.title}")
        self.setMinimumSize(500, 330)
        self.when = WhenEdit(shell, "Until when: “in 3 months”, “1 Sep”, “mon 10:00”", QUICK, "Until when")
        self.when.set_place(card.lead.zone_key)
        self.why = LineEdit()
        self.why.setPlaceholderText("Why, in a few words: it stands beside the lead when it is back")
        self.why.setAccessibleName("Why")
        self.error = ErrorLabel()
        back = PlainButton("Back", "Esc")
        self.park = PrimaryButton("Park", "Enter")
        self.park.setDefault(True)
        back.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(back)
        buttons.addWidget(self.park)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 16)
        box.setSpacing(10)
        box.addWidget(Heading(f"Park {card.lead.title}"))
        box.addWidget(MutedLabel("It leaves the queue with all we know, and comes back by itself on that day."))
        box.addWidget(self.when)
        box.addWidget(self.why)
        box.addWidget(self.error)
        box.addStretch()
        box.addLayout(buttons)
        on_paper(self)
        # What they said is not rewritten.
        self.why.setVisible(card.lead.status is not Status.REFUSED)
        kept = self._draft.get(card.drafts)
        self.when.set_text(kept.get("when", ""))
        self.why.setText(kept.get("why", card.lead.parked_why))
        self.when.changed.connect(self._typed)
        self.why.textChanged.connect(self._typed)
        back.clicked.connect(self.reject)
        self.park.clicked.connect(self._save)
        self.when.edit.setFocus()

    def _typed(self) -> None:
        self._draft.put({"when": self.when.text(), "why": self.why.text()})

    def _save(self) -> None:
        until = self.when.moment()
        if until is None:
            self.when.show_problem(self.when.problem or "Say until when, such as “in 3 months”.")
            self.when.edit.setFocus()
            return
        command = self._command(until)

        def done(_done: object) -> None:
            self._draft.forget()
            self.deferred.emit(self._lead.id)
            self.accept()

        def refused(refused: Refused) -> None:
            self.error.say(refused.words)

        self._shell.lanes.do(self, command, done, failed=refused)

    def _command(self, until: datetime) -> Command[Any]:
        """Who refused stays refused, and only comes back on that day."""
        if self._lead.status is Status.REFUSED:
            return MoveReturn(lead_ids=(self._lead.id,), until=until)
        return DeferLead(lead_id=self._lead.id, until=until, why=self.why.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter parks as well."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._save()
            return
        super().keyPressEvent(event)
