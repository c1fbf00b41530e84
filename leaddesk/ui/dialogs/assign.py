"""Give leads to somebody, or back to the pool, seeing first what moves with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QListView, QPlainTextEdit, QVBoxLayout, QWidget

from leaddesk.ui.widgets import ErrorLabel, Heading, LineEdit, MutedLabel, Panel, PlainButton, PrimaryButton
from leaddesk.workflow.assignment import AssignLeads, Load, LoadOf
from leaddesk.workflow.bulk import leads_in_words
from leaddesk.workflow.team import Users
from leaddesk.workflow.vocabulary import Role, UserState

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.entities import User
    from leaddesk.workflow.errors import Refused

POOL = "The pool: nobody yet"


class AssignDialog(QDialog):
    """Type a part of a name, Enter takes the first; Ctrl+Enter gives."""

    def __init__(self, shell: Shell, lead_ids: tuple[int, ...], parent: QWidget | None = None) -> None:
        """The leads to give away."""
        super().__init__(parent)
        self._shell, self._lead_ids = shell, lead_ids
        self._people: list[tuple[int | None, str]] = []
        self.setWindowTitle("Give to somebody")
        self.setMinimumWidth(440)
        self.line = LineEdit("Who? Part of a name")
        self._names = QStringListModel(self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._names)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = QListView()
        self.list.setModel(self._found)
        self.list.setAccessibleName("Who gets them")
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setMinimumHeight(200)
        self.list.setSpacing(3)
        self._frame = Panel(kind="card")
        self._frame.body.setContentsMargins(4, 4, 4, 4)
        self._frame.body.addWidget(self.list)
        self.load = MutedLabel("Looking what moves with them…")
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText("What they should know (goes onto each card)")
        self.note.setAccessibleName("Handover note")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(72)
        self.wrong = ErrorLabel()
        self.give = PrimaryButton("Give", shell.actions.keys("take_from_note"))
        self.give.setEnabled(False)
        leave = PlainButton("Leave as is", "Esc")
        self._lay_out(leave)
        self.line.textChanged.connect(self._filter)
        self.give.clicked.connect(self._give)
        leave.clicked.connect(self.reject)
        self.list.doubleClicked.connect(self._give)
        shell.lanes.ask(self, Users(with_left=False), self._offer)
        shell.lanes.ask(self, LoadOf(lead_ids), self._say_load)

    def _lay_out(self, leave: PlainButton) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(8)
        for widget in (
            Heading(f"Give {leads_in_words(len(self._lead_ids))} to"),
            self.line,
            self._frame,
            self.load,
            self.note,
            self.wrong,
        ):
            box.addWidget(widget)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(leave)
        row.addWidget(self.give)
        box.addLayout(row)

    def _offer(self, users: list[User]) -> None:
        me = self._shell.user
        named = [(u.id, u) for u in users if u.state is not UserState.LEFT]
        if me.role is Role.OPERATOR:
            named = [(i, u) for i, u in named if i == me.id]
        words = {UserState.INVITED: " · invited, has not signed in"}
        people = [(i, ("Me: " if i == me.id else "") + u.name + words.get(u.state, "")) for i, u in named]
        people.sort(key=lambda pair: (pair[0] != me.id, pair[1].casefold()))
        self._people = [*people, (None, POOL)]
        self._names.setStringList([name for _, name in self._people])
        self._filter(self.line.text())
        self.give.setEnabled(True)

    def _filter(self, text: str) -> None:
        self._found.setFilterFixedString(text.strip())
        if self._found.rowCount():
            self.list.setCurrentIndex(self._found.index(0, 0))

    def _say_load(self, load: Load) -> None:
        parts = [leads_in_words(len(load.leads))]
        for count, one, many in (
            (len(load.tasks), "open task", "open tasks"),
            (load.callbacks, "promised callback", "promised callbacks"),
            (load.drafts, "draft", "drafts"),
        ):
            if count:
                parts.append(f"{count:,} {one if count == 1 else many}")
        self.load.setText("Moves: " + ", ".join(parts))

    def _give(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid() or not self.give.isEnabled():
            self.wrong.say("Choose who gets them.")
            return
        owner = self._people[self._found.mapToSource(index).row()][0]
        self.give.setEnabled(False)
        command = AssignLeads(lead_ids=self._lead_ids, owner_id=owner, note=self.note.toPlainText())
        self._shell.lanes.do(self, command, self._given, failed=self._refused)

    def _given(self, _done: Done[Load]) -> None:
        self.accept()

    def _refused(self, refused: Refused) -> None:
        self.give.setEnabled(True)
        self.wrong.say(refused.words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the list from the line; Ctrl+Enter gives from anywhere, Enter from line and list."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and (event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self.note.hasFocus()):
            self._give()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.line.hasFocus():
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            row = max(0, min(self._found.rowCount() - 1, self.list.currentIndex().row() + by))
            self.list.setCurrentIndex(self._found.index(row, 0))
        else:
            super().keyPressEvent(event)
