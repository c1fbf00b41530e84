"""Tasks on a card: done, moved, added, with times typed in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from leaddesk.ui.cards.lines import Line, LinesView
from leaddesk.ui.cards.told import task_lines
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.widgets import ErrorLabel, FlowLayout, PlainButton
from leaddesk.workflow.tasks import AddTask, DoneTask, MoveTask
from leaddesk.workflow.vocabulary import TaskKind

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.entities import Task
    from leaddesk.workflow.errors import Refused


class TasksTab(QWidget):
    """The list, and one line below it to plan the next."""

    changed = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._lead_id: int | None = None
        self._client_id: int | None = None
        self._asked_about = 0
        self.view = LinesView(shell.theme, "Tasks")
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of task")
        for kind in TaskKind:
            self.kind.addItem(kind.words, kind)
        self.title = QLineEdit()
        self.title.setPlaceholderText("What")
        self.title.setAccessibleName("What is to be done")
        self.when = WhenEdit(shell, "When: “tomorrow 14:30”", name="When it is due")
        self.error = ErrorLabel()
        self.add = PlainButton("Add task")
        self.move_button = PlainButton("Move the chosen one there")
        self.idle = PlainButton("Done, no next step is meant", kind="link")
        self.idle.hide()
        self._arrange()
        self.view.acted.connect(self._done)
        self.add.clicked.connect(self.add_task)
        self.move_button.clicked.connect(self.move_task)
        self.idle.clicked.connect(self._done_idle)
        self.title.returnPressed.connect(self.add_task)
        self.when.edit.returnPressed.connect(self.add_task)
        for edit in (self.title, self.when.edit):
            edit.installEventFilter(self)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.kind)
        row.addWidget(self.title, 1)
        buttons = FlowLayout(spacing=6)
        for button in (self.add, self.move_button, self.idle):
            buttons.addWidget(button)
        form = QVBoxLayout()
        form.setContentsMargins(18, 8, 18, 8)
        form.setSpacing(6)
        form.addLayout(row)
        form.addWidget(self.when)
        form.addLayout(buttons)
        form.addWidget(self.error)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.view, 1)
        box.addLayout(form)

    def show_tasks(
        self,
        tasks: tuple[Task, ...],
        *,
        lead_id: int | None = None,
        client_id: int | None = None,
        zone_key: str = "",
    ) -> None:
        """Show the tasks of this card."""
        if (lead_id, client_id) != (self._lead_id, self._client_id):
            self._lead_id, self._client_id = lead_id, client_id
            self.title.clear()
            self.when.set_text("")
            self._settle()
        self.when.set_place(zone_key)
        self.view.show_lines(task_lines(tasks, self._shell.clock.now(), self._shell.zone()))

    def add_task(self) -> None:
        """Plan what is typed; if a task was being finished, finish it with this as its next step."""
        at = self.when.moment()
        if at is None:
            self.when.show_problem(self.when.problem or "Say when, such as “tomorrow 14:30”.")
            self.when.edit.setFocus()
            return
        kind = TaskKind(self.kind.currentData())
        if self._asked_about:
            done = DoneTask(task_id=self._asked_about, next_kind=kind, next_at=at, next_title=self.title.text())
            self._shell.lanes.do(self, done, lambda _done: self._typed_is_taken(), failed=self._refused)
            return
        command = AddTask(
            kind=kind,
            due_at=at,
            title=self.title.text(),
            lead_id=self._lead_id,
            client_id=self._client_id,
            exact=self.when.exact,
        )
        self._shell.lanes.do(self, command, lambda _done: self._typed_is_taken(), failed=self._refused)

    def move_task(self) -> None:
        """Do the chosen task at the time typed."""
        line, at = self.view.current_line(), self.when.moment()
        if line is None or not line.action:
            self.error.say("Choose an open task in the list first.")
        elif at is None:
            self.when.show_problem(self.when.problem or "Say when, such as “tomorrow 14:30”.")
        else:
            command = MoveTask(task_id=line.ref, due_at=at, exact=self.when.exact)
            self._shell.lanes.do(self, command, lambda _done: self._typed_is_taken(), failed=self._refused)

    def _done(self, line: Line) -> None:
        def refused(refused: Refused) -> None:
            self.error.say(refused.words)
            if refused.field == "next_step":
                self._asked_about = line.ref
                self.add.setText("Done, and this comes next")
                self.idle.show()
                self.when.edit.setFocus()

        self._shell.lanes.do(self, DoneTask(task_id=line.ref), lambda _done: self._settle(), failed=refused)

    def _done_idle(self) -> None:
        done = DoneTask(task_id=self._asked_about, idle=True)
        self._shell.lanes.do(self, done, lambda _done: self._settle(), failed=self._refused)

    def _typed_is_taken(self) -> None:
        self.title.clear()
        self.when.set_text("")
        self._settle()

    def _settle(self) -> None:
        self._asked_about = 0
        self.add.setText("Add task")
        self.idle.hide()
        self.error.say("")

    def _refused(self, refused: Refused) -> None:
        self.error.say(refused.words)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Enter here is the form's own."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return False
