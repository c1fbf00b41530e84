"""Why people say no, as the floor has it: reasons are added, changed, retired and brought back by team leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui import language
from leaddesk.ui.pages.settings_reasons_form import ReasonDialog
from leaddesk.ui.pages.settings_reasons_table import TITLE, ReasonsTable
from leaddesk.ui.widgets import ErrorLabel, Heading, MutedLabel, PlainButton, PrimaryButton
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.letter_files import letter_title
from leaddesk.workflow.reasons import RetireReason, SaveReason, in_language
from leaddesk.workflow.refusals import ReasonRow, Reasons
from leaddesk.workflow.templates import Templates
from leaddesk.workflow.vocabulary import LetterKind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.entities import RefusalReason
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.templates import TemplateRow


@dataclass(frozen=True, slots=True)
class _Found:
    """All reasons in their own words, titles of templates by key, and what is half typed."""

    rows: list[ReasonRow]
    letters: dict[str, str]
    drafts: dict[str, str]


def free_digit(reasons: Iterable[RefusalReason]) -> int:
    """The lowest digit no reason in use has; 0 where all are taken."""
    taken = {reason.digit for reason in reasons if not reason.retired}
    return next((digit for digit in range(1, 10) if digit not in taken), 0)


def titles_of(templates: Sequence[TemplateRow], screen: str) -> dict[str, str]:
    """What to call each template: the floor's own title in the language of the screen, else the shipped one."""
    own = {(row.key, row.language): row.title for row in templates if row.version and row.title}
    titles: dict[str, str] = {}
    for row in templates:
        shipped = letter_title(row.key, screen)
        fallback = shipped if shipped != row.key else own.get((row.key, row.language), row.key)
        titles.setdefault(row.key, own.get((row.key, screen)) or fallback)
    return titles


class ReasonsEditor(QWidget):
    """The table of reasons with what came of each, and how to change them."""

    WIDTH = 1000
    """Pixels: seven columns are wider than the lines of other settings."""

    def __init__(self, shell: Shell) -> None:
        """Asked for when it is shown."""
        super().__init__()
        self._shell = shell
        self._found = _Found([], {}, {})
        self._choose = ""
        self.dialog: ReasonDialog | None = None
        self.table = ReasonsTable(shell.theme)
        self.add = PrimaryButton("Add a reason…")
        self.edit = PlainButton("Change…", "Enter")
        self.retire = PlainButton("Retire")
        self.bring_back = PlainButton("Bring back")
        self.about = MutedLabel()
        self.error = ErrorLabel()
        self.why_not = MutedLabel("Only a team lead may change these. Ask yours.")
        self._lay_out()
        self.add.clicked.connect(lambda: self._open(None))
        self.edit.clicked.connect(self._edit)
        self.retire.clicked.connect(self._retire)
        self.bring_back.clicked.connect(self._bring_back)
        self.table.edit_requested.connect(self._edit)
        self.table.retire_requested.connect(self._retire)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        shell.bridge.changed.connect(self._changed)
        shell.user_changed.connect(self._selected)
        self._selected()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(Heading("Reasons for refusing"))
        box.addWidget(
            MutedLabel(
                "What may be chosen when somebody says no, what to answer to it, and what follows. A reason that was "
                "used is retired, never deleted: history and reports go on naming it."
            )
        )
        box.addWidget(self.why_not)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.add, self.edit, self.retire, self.bring_back):
            row.addWidget(button)
        row.addStretch(1)
        box.addLayout(row)
        box.addWidget(self.error)
        box.addWidget(self.about)
        box.addWidget(self.table)
        box.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """Now they are wanted."""
        super().showEvent(event)
        self.look()

    def look(self) -> None:
        """Ask for them."""
        self._shell.lanes.read(self, _look, self._show, key="reasons")

    def select(self, key: str) -> None:
        """Choose a reason, now or as soon as it is there."""
        at = self.table.reasons.row_of(key)
        self._choose = "" if at >= 0 else key
        if at >= 0:
            # Not selectRow: mirrored, it misses the table by a pixel and selects nothing.
            self.table.setCurrentIndex(self.table.reasons.index(at, TITLE))

    def chosen(self) -> ReasonRow | None:
        """The reason chosen, in its own words."""
        rows = self.table.selectionModel().selectedRows()
        return self._found.rows[rows[0].row()] if rows else None

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.settings or changes.many or changes.leads):
            self.look()

    def _show(self, found: _Found) -> None:
        before = self.chosen()
        self._found = found
        screen = language.current()
        said = [replace(row, reason=in_language(row.reason, screen)) for row in found.rows]
        self.table.reasons.show_reasons(said, found.letters)
        self.select(self._choose or (before.reason.key if before else found.rows[0].reason.key if found.rows else ""))
        self._selected()

    def _selected(self) -> None:
        row, may = self.chosen(), self._shell.user.role.covers(Role.TEAM_LEAD)
        self.why_not.setVisible(not may)
        for button in (self.add, self.edit, self.retire, self.bring_back):
            button.setVisible(may)
        self.edit.setEnabled(row is not None)
        self.retire.setVisible(may and not (row and row.reason.retired))
        self.retire.setEnabled(row is not None)
        self.bring_back.setVisible(may and bool(row and row.reason.retired))
        self.about.setText(_about(row) if row and may else "")

    def _edit(self) -> None:
        row = self.chosen()
        if row is not None and self._shell.user.role.covers(Role.TEAM_LEAD):
            self._open(row.reason)

    def _open(self, reason: RefusalReason | None) -> None:
        others = [row.reason for row in self._found.rows]
        self.dialog = ReasonDialog(self._shell, reason, others, self._found.letters, self._found.drafts, self.window())
        self.dialog.saved.connect(self._saved)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        self.dialog = None
        self.table.setFocus()

    def _saved(self, key: str) -> None:
        self.error.say("")
        self._choose = key
        self.look()

    def _retire(self) -> None:
        row = self.chosen()
        if row is not None and not row.reason.retired and self._shell.user.role.covers(Role.TEAM_LEAD):
            key = row.reason.key
            self._shell.lanes.do(self, RetireReason(key), lambda _done: self._saved(key), failed=self._refused)

    def _bring_back(self) -> None:
        row = self.chosen()
        if row is None:
            return
        reason = row.reason
        command = SaveReason(
            key=reason.key,
            title=reason.title,
            digit=free_digit(other.reason for other in self._found.rows),
            kind=reason.kind,
            needs_words=reason.needs_words,
            hint=reason.hint,
            letter=reason.letter,
            default_days=reason.default_days,
            suppress=reason.suppress,
            titles=reason.titles,
            hints=reason.hints,
        )
        self._shell.lanes.do(self, command, lambda _done: self._saved(reason.key), failed=self._refused)

    def _refused(self, refused: Refused) -> None:
        self.error.say(refused.words)


def _about(row: ReasonRow) -> str:
    """What retiring or bringing back would do to this one."""
    title = f"“{row.reason.title}”"
    if row.reason.retired:
        return f"{title} is retired: it is not offered any more. Brought back, it gets the first free digit."
    if row.used or row.stayed:
        who = " and ".join(
            filter(
                None,
                (
                    f"{row.used:,} refused for it" if row.used else "",
                    f"{row.stayed:,} stayed after its answer" if row.stayed else "",
                ),
            )
        )
        return f"{title}: {who}. Retired, it leaves the refuse dialog and stays in history and reports."
    return f"{title} has not been used. Retired, it is deleted; Undo brings it back."


def _look(desk: Desk) -> _Found:
    """In a lane's thread. Without a language reasons come in the words they were written in."""
    templates = desk.read(Templates(LetterKind.FAREWELL))
    return _Found(
        desk.read(Reasons(language="", retired=True)), titles_of(templates, language.current()), desk.read(Drafts())
    )
