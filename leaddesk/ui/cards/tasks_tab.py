"""Tasks on a card: done, moved, added, with times typed in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.cards.drafts import FormDrafts
from leaddesk.ui.cards.lines import Line, LinesView
from leaddesk.ui.cards.told import task_lines
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.widgets import ErrorLabel, FlowLayout, LineEdit, PlainButton
from leaddesk.workflow.tasks import AddTask, DoneTask, MoveTask
from leaddesk.workflow.vocabulary import TaskKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Command
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
        self._versions: dict[int, int] = {}
        self._drafts = FormDrafts(shell, self)
        self._filling = False
        self.view = LinesView(shell.theme, "Tasks")
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of task")
        for kind in TaskKind:
            self.kind.addItem(kind.words, kind)
        self.title = LineEdit()
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
        self.title.textChanged.connect(self._keep)
        self.when.changed.connect(self._keep)
        self.kind.currentIndexChanged.connect(self._keep)
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
        stored: Mapping[str, str] | None = None,
    ) -> None:
        """Show the tasks of this card; what was being planned on it, here or in `stored`, stands there again."""
        if (lead_id, client_id) != (self._lead_id, self._client_id):
            self._lead_id, self._client_id = lead_id, client_id
            self._settle()
            self.restore(stored or {})
        self._filling = True
        self.when.set_place(zone_key)
        self._filling = False
        self._versions = {task.id: task.version for task in tasks}
        self.view.show_lines(task_lines(tasks, self._shell.clock.now(), self._shell.zone()))

    def restore(self, stored: Mapping[str, str]) -> None:
        """Put back what was being planned on this card."""
        kept = self._drafts.at(self._place()).get(stored)
        self._filling = True
        self.title.setText(kept.get("title", ""))
        self.when.set_text(kept.get("when", ""))
        self.kind.setCurrentIndex(max(0, self.kind.findData(kept.get("kind", ""))))
        self._filling = False

    def _place(self) -> str:
        return f"lead:{self._lead_id}:task" if self._lead_id else f"client:{self._client_id}:task"

    def _keep(self) -> None:
        if not self._filling and (self._lead_id or self._client_id):
            texts = {"title": self.title.text(), "when": self.when.text()}
            kind = {"kind": str(self.kind.currentData())} if any(texts.values()) else {}
            self._drafts.at(self._place()).put({**texts, **kind})

    def add_task(self) -> None:
        """Plan what is typed; if a task was being finished, finish it with this as its next step."""
        at = self.when.moment()
        if at is None:
            self.when.show_problem(self.when.problem or "Say when, such as “tomorrow 14:30”.")
            self.when.edit.setFocus()
            return
        kind = TaskKind(self.kind.currentData())
        if self._asked_about:
            done = DoneTask(
                task_id=self._asked_about,
                next_kind=kind,
                next_at=at,
                next_title=self.title.text(),
                version=self._versions.get(self._asked_about, 0),
            )
            self._send(done)
            return
        command = AddTask(
            kind=kind,
            due_at=at,
            title=self.title.text(),
            lead_id=self._lead_id,
            client_id=self._client_id,
            exact=self.when.exact,
        )
        self._send(command)

    def _send(self, command: Command[Any]) -> None:
        place = self._place()

        def taken(_done: object) -> None:
            self._drafts.at(place).forget()
            if place == self._place():
                self.restore({})
                self._settle()

        def refused(refused: Refused) -> None:
            if place == self._place():
                self.error.say(refused.words)
            else:
                self._shell.messages.refused(refused.words)

        self._shell.lanes.do(self, command, taken, failed=refused)

    def move_task(self) -> None:
        """Do the chosen task at the time typed."""
        line, at = self.view.current_line(), self.when.moment()
        if line is None or not line.action:
            self.error.say("Choose an open task in the list first.")
        elif at is None:
            self.when.show_problem(self.when.problem or "Say when, such as “tomorrow 14:30”.")
        else:
            version = self._versions.get(line.ref, 0)
            command = MoveTask(task_id=line.ref, due_at=at, exact=self.when.exact, version=version)
            self._send(command)

    def _done(self, line: Line) -> None:
        def refused(refused: Refused) -> None:
            self.error.say(refused.words)
            if refused.field == "next_step":
                self._asked_about = line.ref
                self.add.setText("Done, and this comes next")
                self.idle.show()
                self.when.edit.setFocus()

        done = DoneTask(task_id=line.ref, version=self._versions.get(line.ref, 0))
        self._shell.lanes.do(self, done, lambda _done: self._settle(), failed=refused)

    def _done_idle(self) -> None:
        version = self._versions.get(self._asked_about, 0)
        done = DoneTask(task_id=self._asked_about, idle=True, version=version)
        self._shell.lanes.do(self, done, lambda _done: self._settle(), failed=self._refused)

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
