"""One template, edited: title, text with its faults, fields to insert, files. What is typed is kept as a draft."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QVBoxLayout

from leaddesk.ui import language
from leaddesk.ui.cards.drafts import FormDrafts
from leaddesk.ui.letters.template_fields import FieldPicker
from leaddesk.ui.letters.template_files import TemplateFiles
from leaddesk.ui.letters.template_list import UNSAVED_VERSION, in_list, version_words
from leaddesk.ui.letters.template_text import TemplateText
from leaddesk.ui.widgets import (
    Chip,
    ErrorLabel,
    Heading,
    Line,
    LineEdit,
    MutedLabel,
    Panel,
    PlainButton,
    PrimaryButton,
    restyle,
)
from leaddesk.workflow.letter_files import LETTER_KEYS
from leaddesk.workflow.templates import SaveTemplate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QModelIndex

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.letter_entities import LetterTemplate
    from leaddesk.workflow.template_walls import Problem
    from leaddesk.workflow.templates import TemplateRow

REST_MS = 250
"""Typing rests this long before the text is looked through and shown filled."""
PROBLEMS_SHOWN = 3
TEXT_HEIGHT = 90
"""Pixels it has at least, however much stands around it."""


def place_of(key: str, written_in: str) -> str:
    """Where the draft of a template is kept."""
    return f"template:{key}:{written_in}"


class TemplateEditor(Panel):
    """`rested` says that there is something to show anew; `edited_changed` that the template is saved, or not any more."""

    rested = Signal()
    edited_changed = Signal()

    def __init__(self, shell: Shell) -> None:
        """Empty until a template is shown."""
        super().__init__()
        self._shell = shell
        self.row: TemplateRow | None = None
        self._base = 0
        self._was_edited = self._putting = False
        self._drafts = FormDrafts(shell, self)
        self._may = True
        self.name, self.chip, self.unsaved = Heading(), Chip(), Chip("not saved", "warm")
        self.versions = PlainButton("Versions…")
        self.reset = PlainButton("Back to the shipped one")
        self.title = LineEdit("Title in lists")
        self.title.setAccessibleName("Title")
        self.fields = PlainButton("Insert a field", "Ctrl Space")
        self.text = TemplateText(shell.theme)
        self.picker = FieldPicker(shell.theme, self.text)
        self.problems = QListView()
        self._problems: list[Problem] = []
        self._problem_words = QStringListModel(self)
        self.files = TemplateFiles(shell)
        self.note = MutedLabel()
        self.drop = PlainButton("Drop what I changed", kind="link")
        self.error = ErrorLabel()
        self.save = PrimaryButton("Save", shell.actions.keys("save_note"))
        self.why_not = MutedLabel("Only a team lead may change templates. Ask yours.")
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self.text.setMinimumHeight(TEXT_HEIGHT)
        self.problems.setAccessibleName("What has to be mended")
        self.problems.setModel(self._problem_words)
        self.problems.setWordWrap(True)
        self.problems.setProperty("look", "framed")
        self.problems.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.problems.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.problems.hide()
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.name, 1)
        head.addWidget(self.unsaved)
        head.addWidget(self.chip)
        tools = QHBoxLayout()
        tools.setSpacing(6)
        tools.addWidget(self.title, 1)
        tools.addWidget(self.fields)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self.note, 1)
        said.addWidget(self.drop, 0, Qt.AlignmentFlag.AlignTop)
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 12, 16, 8)
        inside.setSpacing(8)
        inside.addLayout(head)
        inside.addWidget(self.why_not)
        inside.addLayout(tools)
        inside.addWidget(self.text, 1)
        inside.addWidget(self.problems)
        inside.addWidget(self.files)
        inside.addLayout(said)
        inside.addWidget(self.error)
        self.body.addLayout(inside, 1)
        self.body.addWidget(Line())
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.versions)
        foot.addWidget(self.reset)
        foot.addStretch(1)
        foot.addWidget(self.save)
        self.body.addLayout(foot)

    def _wire(self) -> None:
        self._rest.timeout.connect(self._look_through)
        self.fields.clicked.connect(self.pick_field)
        self.files.changed.connect(self._typed)
        self.picker.picked.connect(self.text.insert)
        self.problems.activated.connect(self._go_to_problem)
        self.problems.clicked.connect(self._go_to_problem)
        self.text.fields_requested.connect(self.pick_field)
        self.text.textChanged.connect(self._typed)
        self.title.textChanged.connect(self._typed)

    # What is shown

    @property
    def edited(self) -> bool:
        """Whether it is not as it was saved."""
        row = self.row
        if row is None:
            return False
        return (
            row.version == UNSAVED_VERSION
            or self.text.toPlainText() != row.text
            or self._title_typed()
            or self.files.kept != row.attachments
            or bool(self.files.new)
        )

    def _title_typed(self) -> bool:
        return self.row is not None and self.title.text().strip() not in ("", self.row.title)

    def show_template(self, row: TemplateRow, stored: Mapping[str, str]) -> None:
        """Another template, with what was typed into it and not saved; `stored` are drafts by place."""
        kept = self._drafts.at(place_of(row.key, row.language)).get(stored)
        self._putting = True
        self.row = row
        self._base = int(kept["base"]) if kept.get("base", "").lstrip("-").isdecimal() else row.version
        self.title.setText(kept.get("title", row.title))
        self.text.show_text(kept.get("text", "") if kept else row.text, row.language)
        files = _attached(kept.get("kept", "")) if kept else row.attachments
        self.files.show_files(files, kept.get("paths", ""))
        self._putting = False
        self.error.say("")
        restyle(self.text, "wrong", False)
        self._say()
        self._look_through()

    def refresh(self, row: TemplateRow) -> None:
        """The same template as it is stored now: what is typed stays, and it is said that there is a newer one."""
        before, was_edited = self.row, self.edited
        if before is None or (before.version, before.text, before.title) == (row.version, row.text, row.title):
            self.row = row
        elif was_edited:
            self.row = row
            self._typed()
        else:
            self.show_template(row, {})
        self._say()

    def allow(self, *, may: bool) -> None:
        """What whoever sits here may change."""
        self._may = may
        self.text.setReadOnly(not may)
        self.title.setReadOnly(not may)
        self.files.allow(may=may)
        for widget in (self.fields, self.reset, self.save):
            widget.setVisible(may)
        self.why_not.setVisible(not may)
        self._say()

    def _say(self) -> None:
        """What follows from what is shown and typed."""
        row, edited = self.row, self.edited
        if row is None:
            return
        self.name.setText(f"{row.key} · {language.NAMES.get(row.language, row.language)}")
        self.chip.show_chip(version_words(row.version))
        self.unsaved.setVisible(edited and row.version != UNSAVED_VERSION)
        newer = edited and row.version not in (UNSAVED_VERSION, self._base)
        if newer:
            others = "The shipped text is" if row.version == 0 else f"Version {row.version} is"
            words = f"{others} in use since you began. Saved, yours follows it; all stay under Versions."
        elif row.version == UNSAVED_VERSION:
            words = "Nothing is stored before you save it."
        else:
            words = "What you typed is kept here until you save or drop it." if edited else ""
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self.drop.setVisible(edited)
        self.save.setEnabled(edited)
        own = row.key not in LETTER_KEYS
        self.reset.setText("Take out of use" if own else "Back to the shipped one")
        self.reset.setEnabled(row.version > 0)
        self.versions.setEnabled(row.version != UNSAVED_VERSION)
        if edited != self._was_edited:
            self._was_edited = edited
            self.edited_changed.emit()

    # Typing

    def take_text(self, text: str) -> None:
        """This text instead, not saved yet; Ctrl+Z brings the one before back."""
        self.text.put_in_place(text)
        self.text.setFocus()

    def drop_changes(self) -> None:
        """As it is stored; Ctrl+Z brings the text back."""
        row = self.row
        if row is None:
            return
        self._putting = True
        self.title.setText(row.title)
        self.files.show_files(row.attachments)
        self._putting = False
        self._base = row.version
        self.text.put_in_place(row.text)
        self._typed()
        if row.version == UNSAVED_VERSION:
            self.forget()
        self.error.say("")

    def forget(self) -> None:
        """It has been saved, or is not wanted any more."""
        if self.row is not None:
            self._drafts.at(place_of(self.row.key, self.row.language)).forget()

    def pick_field(self) -> None:
        """Let the person choose a field for the place where the cursor is."""
        cursor, window = self.text.cursorRect(), self.window()
        self.picker.open_over(window, QRect(self.text.viewport().mapTo(window, cursor.topLeft()), cursor.size()))

    def _typed(self) -> None:
        if self._putting or self.row is None:
            return
        self.keep()
        self._say()
        self._rest.start()

    def keep(self) -> None:
        """Keep what is typed, as long as it is not saved."""
        row = self.row
        if row is None:
            return
        values = {
            "text": self.text.toPlainText(),
            "title": self.title.text(),
            "base": str(self._base),
            **self.files.values(),
        }
        self._drafts.at(place_of(row.key, row.language)).put(values if self.edited else {})

    # Looking through

    def _look_through(self) -> None:
        row = self.row
        if row is None:
            return
        self._rest.stop()
        text, kind = self.text.toPlainText(), row.kind.value

        def look(_desk: Desk) -> list[Problem]:
            from leaddesk.workflow.templating import check

            return check(text, kind)

        self._shell.lanes.read(self, look, self._looked, key="check")
        self.rested.emit()

    def _looked(self, problems: list[Problem]) -> None:
        self._problems = problems
        self.text.show_problems(problem.line for problem in problems)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        said = [in_list(f"Line {problem.line}: {problem.words}", rtl=rtl) for problem in problems]
        self._problem_words.setStringList(said)
        self.problems.setVisible(bool(problems))
        shown = min(len(problems), PROBLEMS_SHOWN)
        if shown:
            high = sum(max(24, self.problems.sizeHintForRow(row)) for row in range(shown))
            self.problems.setFixedHeight(high + 14)
        else:
            self.error.say("")

    def problem_words(self) -> list[str]:
        """The faults as they are read."""
        return self._problem_words.stringList()

    def _go_to_problem(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._problems):
            self.text.go_to_line(self._problems[index.row()].line)

    # Saving

    def command(self) -> SaveTemplate | None:
        """The wish to save what stands here."""
        row = self.row
        if row is None:
            return None
        title = self.title.text().strip()
        return SaveTemplate(
            key=row.key,
            language=row.language,
            text=self.text.toPlainText(),
            title=title,
            files=self.files.attached(),
            kept=dict(self.files.kept),
        )

    def saved(self, made: LetterTemplate, typed: str) -> None:
        """It is stored like that; what was typed since `typed` was sent off stays as a change of the new version."""
        if self.row is None:
            return
        self.error.say("")
        self.files.error.say("")
        restyle(self.text, "wrong", False)
        title = made.title or self.row.title
        self.row = replace(
            self.row, version=made.number, text=made.text, title=title, attachments=dict(made.attachments)
        )
        self._base = made.number
        if self.text.toPlainText() == typed:
            self._putting = True
            self.files.show_files(made.attachments)
            self._putting = False
        self._typed()

    def saved_elsewhere(self, made: LetterTemplate, typed: str) -> None:
        """It was saved while another template was on the screen: its draft goes, unless more was typed into it."""
        draft = self._drafts.at(place_of(made.key, made.language))
        if draft.get({}).get("text", typed) == typed:
            draft.forget()

    def refuse(self, field: str, words: str) -> None:
        """Say why it was not saved, where that is; all that was typed stays."""
        at_files = field == "files"
        self.files.error.say(words if at_files else "")
        self.error.say("" if at_files else words)
        restyle(self.text, "wrong", field == "text")


def _attached(kept: str) -> dict[str, str]:
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    return {str(name): str(key) for name, key in found.items()} if isinstance(found, dict) else {}
