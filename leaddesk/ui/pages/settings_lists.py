"""The lists settings speak of: outcomes with their keys, and whom nobody may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHBoxLayout, QListView, QVBoxLayout, QWidget

from leaddesk.ui.widgets import (
    Chip,
    ErrorLabel,
    FlowLayout,
    Heading,
    KeyCap,
    LineEdit,
    MutedLabel,
    PlainButton,
    PrimaryButton,
)
from leaddesk.ui.widgets_paint import isolated
from leaddesk.workflow.suppressions import Suppress, Suppressions, Unsuppress
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.entities import Outcome, Suppression
    from leaddesk.workflow.errors import Refused

RULES = {
    "retry": "Tried again by the rules of “Trying again”; parked after the last attempt.",
    "callback": "Asks when, and promises a callback.",
    "offer": "Makes the task to send the offer, and a follow-up call.",
    "convert": "Makes a client of the lead.",
    "refuse": "Asks why, and parks the lead until it may have changed its mind.",
    "not_now": "Asks for another time or another way to talk.",
    "wrong_number": "Marks the number as somebody else’s.",
    "suppress": "Nobody calls or writes to this person any more.",
}
FLAGS = (
    ("answered", "answered"),
    ("human", "a person talked"),
    ("callback", "callback"),
    ("refusal", "refusal"),
    ("success", "success"),
    ("suppress", "do not call"),
)


class OutcomesList(QWidget):
    """Read only: each outcome with its digit, what reports count it as, and what happens then."""

    def __init__(self, shell: Shell) -> None:
        """As the shell knows them."""
        super().__init__()
        self._shell = shell
        self._shown: list[Outcome] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(Heading("Outcomes"))
        box.addWidget(MutedLabel("How a call may end. The digit chooses it, Enter takes it."))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        box.addLayout(self._grid)
        box.addStretch(1)
        self.refresh()

    def refresh(self) -> None:
        """Show them anew if they differ."""
        if self._shown == self._shell.outcomes:
            return
        self._shown = list(self._shell.outcomes)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for line, outcome in enumerate(self._shown):
            self._grid.addWidget(KeyCap(str(outcome.digit)), line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self._words(outcome), line, 1)

    @staticmethod
    def _words(outcome: Outcome) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        flags = QWidget()
        flow = FlowLayout(flags, 6)
        flow.addWidget(Heading(outcome.title, wrap=False))
        for name, words in FLAGS:
            if getattr(outcome, name):
                flow.addWidget(Chip(words, "ok" if name == "success" else ""))
        if outcome.temperature is not None:
            flow.addWidget(Chip(outcome.temperature.value, outcome.temperature.value))
        box.addWidget(flags)
        box.addWidget(MutedLabel(RULES.get(outcome.next_step, outcome.next_step)))
        return made


class DoNotCall(QWidget):
    """Numbers and addresses nobody may call or write to, whatever lead they stand on."""

    def __init__(self, shell: Shell) -> None:
        """Anybody adds; a team lead takes away."""
        super().__init__()
        self._shell = shell
        self._rows: list[Suppression] = []
        self.value, self.why = LineEdit("Number with its +country code, or e-mail"), LineEdit("Why")
        self.add = PrimaryButton("Add")
        self.error = ErrorLabel()
        self.list = QListView()
        self.list.setAccessibleName("Do not call")
        self.list.setProperty("look", "framed")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setMinimumHeight(240)
        self.list.setWordWrap(True)
        self._model = QStringListModel(self)
        self.list.setModel(self._model)
        self.remove = PlainButton("Allow again")
        self.remove.setEnabled(False)
        self._lay_out()
        self.add.clicked.connect(self._add)
        self.value.returnPressed.connect(self._add)
        self.why.returnPressed.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.list.selectionModel().selectionChanged.connect(self._selected)
        shell.user_changed.connect(self._selected)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(Heading("Do not call"))
        box.addWidget(MutedLabel("Nobody is offered these numbers and addresses, on whatever lead they stand."))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.value, 3)
        row.addWidget(self.why, 3)
        row.addWidget(self.add)
        box.addLayout(row)
        box.addWidget(self.error)
        box.addWidget(self.list, 1)
        below = QHBoxLayout()
        below.addWidget(self.remove)
        below.addStretch(1)
        box.addLayout(below)

    def look(self) -> None:
        """Ask for them."""
        self._shell.lanes.ask(self, Suppressions(), self._show, key="suppressions")

    def _show(self, rows: list[Suppression]) -> None:
        self._rows = rows
        zone = self._shell.zone()
        self._model.setStringList(
            [
                " · ".join(isolated(part) for part in (r.key, r.why, f"{r.at.astimezone(zone):%d %b %Y}") if part)
                for r in rows
            ]
        )
        self._selected()

    def _selected(self) -> None:
        may = self._shell.user.role.covers(Role.TEAM_LEAD)
        self.remove.setEnabled(may and self.list.selectionModel().hasSelection())
        self.remove.setToolTip("" if may else "Only a team lead may allow a number again.")

    def _add(self) -> None:
        if not self.value.text().strip():
            self._refuse("Write the number or the address first.")
            return
        command = Suppress(self.value.text().strip(), self.why.text().strip())
        self._shell.lanes.do(self, command, self._added, failed=lambda refused: self._refuse(refused.words))

    def _added(self, _done: Done[Suppression]) -> None:
        self.value.clear()
        self.why.clear()
        self._refuse("")
        self.value.setFocus()
        self.look()

    def _remove(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self._rows):
            self._shell.lanes.do(
                self, Unsuppress(self._rows[row].key), lambda _done: self.look(), failed=self._not_removed
            )

    def _not_removed(self, refused: Refused) -> None:
        self._refuse(refused.words)

    def _refuse(self, words: str) -> None:
        self.error.say(words)
        self.value.wrong(bool(words))
