"""The letter a template makes, live, for a lead that one chooses; as text or as the HTML that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from leaddesk.ui.letter_pdf import reading_option
from leaddesk.ui.letters.template_list import name_of
from leaddesk.ui.widgets import ErrorLabel, Heading, LineEdit, MutedLabel, Panel, PlainButton
from leaddesk.ui.widgets_list import Choice, ChoiceList
from leaddesk.workflow.cards import LeadIds, LeadRows, Search
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_html import as_html
from leaddesk.workflow.letters import Drafted, LetterDraft
from leaddesk.workflow.vocabulary import LetterKind

if TYPE_CHECKING:
    from leaddesk.ui.letters.template_list import Name
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.cards import Hit, LeadRow
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.templates import TemplateRow

BACK_IN = timedelta(days=90)
"""The day to come back that a preview shows, where a template names it."""
LIST_HEIGHT = 220
PAPER_HEIGHT = 120
"""Pixels the letter has at least."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be shown."""

    row: TemplateRow
    text: str


class Paper(QTextBrowser):
    """Shows a letter and fetches nothing: neither pictures nor links."""

    def __init__(self, shell: Shell) -> None:
        """Empty."""
        super().__init__()
        self._shell = shell
        self.setAccessibleName("The letter as it would be written")
        self.setOpenLinks(False)
        self.document().setDocumentMargin(8)
        self.setMinimumHeight(PAPER_HEIGHT)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Nothing from outside, whatever the letter says."""
        return None

    def show_text(self, drafted: Drafted) -> None:
        """Subject and text, merged values marked."""
        self.clear()
        document = self.document()
        document.setDefaultTextOption(reading_option(drafted.language))
        plain, bold, marked = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        bold.setFontWeight(600)
        marked.setBackground(self._shell.theme.token("yellow_soft"))
        cursor = QTextCursor(document)
        cursor.insertText(drafted.subject, bold)
        cursor.insertText("\n\n", plain)
        at = 0
        for start, length in drafted.marks:
            cursor.insertText(drafted.body[at:start], plain)
            cursor.insertText(drafted.body[start : start + length], marked)
            at = start + length
        cursor.insertText(drafted.body[at:].rstrip("\n"), plain)

    def show_html(self, drafted: Drafted) -> None:
        """As mail programs show it."""
        self.clear()
        self.document().setDefaultTextOption(reading_option(drafted.language))
        self.setHtml(as_html(drafted.body, drafted.language))


class LeadChoice(QWidget):
    """Whose letter is shown. `chosen` is the wish for a lead's."""

    chosen = Signal(int)

    def __init__(self, shell: Shell) -> None:
        """Nobody's yet."""
        super().__init__()
        self._shell = shell
        self.lead_id = 0
        self.who = MutedLabel("made-up values")
        self.search = LineEdit("Show it with another lead: name, company, number…")
        self.search.setAccessibleName("Lead to show the letter with")
        self.results = ChoiceList("Leads found")
        self.results.setMaximumHeight(LIST_HEIGHT)
        self.results.hide()
        self.nothing = MutedLabel("Nobody found. Any part of a name, company, e-mail or number will do.")
        self.nothing.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        for part in (self.who, self.search, self.results, self.nothing):
            box.addWidget(part)
        self.search.textEdited.connect(self._find)
        self.results.chosen.connect(self._leave)

    def show_lead(self, lead_id: int, title: str) -> None:
        """This lead's letters from now on."""
        self.lead_id = lead_id
        self.who.setText(f"for {title}" if lead_id else "with made-up values: there is no lead yet")

    def _find(self, said: str) -> None:
        if said.strip():
            self._shell.lanes.ask(self, Search(said), self._found, key="search")
        else:
            self._leave()

    def _found(self, hits: list[Hit]) -> None:
        if not self.search.text().strip():
            return
        leads = [hit for hit in hits if hit.kind == "lead"]
        self.results.show_choices([Choice(hit.title, partial(self.chosen.emit, hit.id), hit.why) for hit in leads])
        self.results.setVisible(bool(leads))
        self.results.setFixedHeight(self.results.wanted_height(LIST_HEIGHT) + 4)
        self.nothing.setVisible(not leads)

    def _leave(self) -> None:
        self.search.clear()
        self.results.hide()
        self.nothing.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter are the list's."""
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if self.results.isVisible() and event.key() in moves:
            self.results.move_by(moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.results.isVisible():
            self.results.choose()
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self._leave()
        else:
            super().keyPressEvent(event)


class TemplatePreview(Panel):
    """`drafted` is the letter shown, None while there is none. `drafted_anew` says that it is another."""

    drafted_anew = Signal()
    test_requested = Signal()

    def __init__(self, shell: Shell) -> None:
        """Empty."""
        super().__init__()
        self._shell = shell
        self._wanted: Wanted | None = None
        self.drafted: Drafted | None = None
        self._shown: Name | None = None
        self.subject = Heading()
        self.subject.hide()
        self.lead = LeadChoice(shell)
        self.paper = Paper(shell)
        self.text_button, self.html_button = PlainButton("Text"), PlainButton("As HTML")
        self._modes = QButtonGroup(self)
        for button in (self.text_button, self.html_button):
            button.setProperty("look", "filter")
            button.setCheckable(True)
            self._modes.addButton(button)
        self.text_button.setChecked(True)
        self.error = ErrorLabel()
        self.note = MutedLabel()
        self.files = MutedLabel()
        self.test = PlainButton("Send to myself")
        self.signature = PlainButton("My signature…")
        self.told = MutedLabel()
        self.told.hide()
        self._lay_out()
        self._modes.buttonToggled.connect(lambda _button, on: self._paint() if on else None)
        self.lead.chosen.connect(self.find_lead)
        self.test.clicked.connect(self.test_requested)
        shell.theme.changed.connect(self._paint)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Heading("Preview"), 1)
        head.addWidget(self.text_button)
        head.addWidget(self.html_button)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.signature)
        foot.addStretch(1)
        foot.addWidget(self.test)
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(8)
        inside.addLayout(head)
        inside.addWidget(self.lead)
        inside.addWidget(self.error)
        inside.addWidget(self.subject)
        inside.addWidget(self.paper, 1)
        for part in (self.files, self.note):
            part.hide()
            inside.addWidget(part)
        inside.addWidget(self.told)
        inside.addLayout(foot)
        self.body.addLayout(inside)

    def find_lead(self, wanted: int) -> None:
        """Show letters for this lead; 0 for the one worked on last, or made-up values where there is none."""

        def look(desk: Desk) -> LeadRow | None:
            newest = desk.read(LeadIds(limit=1))
            rows = desk.read(LeadRows((wanted,) if wanted else tuple(newest)))
            return rows[0] if rows else None

        def found(row: LeadRow | None) -> None:
            title = ", ".join(filter(None, (row.name, row.company))) if row else ""
            self.lead.show_lead(row.id if row else 0, title or (f"Lead #{row.id}" if row else ""))
            self._ask()

        self._shell.lanes.read(self, look, found, key="lead")

    def show_template(self, row: TemplateRow, text: str) -> None:
        """Show what this text makes."""
        self._wanted = Wanted(row, text)
        self._ask()

    def tell(self, words: str) -> None:
        """What comes of a letter to oneself."""
        self.told.setText(words)
        self.told.setVisible(bool(words))

    def show_files(self, words: str) -> None:
        """What goes with the letter."""
        self.files.setText(f"With {words}")
        self.files.setVisible(bool(words))

    def look(self) -> None:
        """Whoever writes it is called otherwise, or signs otherwise."""
        self._ask()

    def _ask(self) -> None:
        wanted = self._wanted
        if wanted is None or not wanted.text.strip():
            return
        lead_id = self.lead.lead_id
        self._shell.lanes.read(
            self, lambda desk: draft(desk, lead_id, wanted), self._came, key="preview", failed=self._failed
        )

    def _came(self, drafted: Drafted) -> None:
        self.drafted = drafted
        self._shown = name_of(self._wanted.row) if self._wanted else None
        self.error.say("")
        self._paint()
        self.drafted_anew.emit()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            self._shell.messages.bug(error)
            return
        self.drafted = None
        self.error.say(error.words)
        if self._wanted is None or self._shown != name_of(self._wanted.row):
            # The same one stays as it last was: half a field typed is no reason to take the letter away.
            self.paper.clear()
            self.subject.setText("")
        self.drafted_anew.emit()

    def _paint(self) -> None:
        drafted = self.drafted
        if drafted is None:
            return
        self.subject.setText(drafted.subject)
        self.subject.setVisible(self.html_button.isChecked())
        if self.html_button.isChecked():
            self.paper.show_html(drafted)
        else:
            self.paper.show_text(drafted)
        made_up = [words for key, words in _MADE_UP.items() if self._wanted and key in self._wanted.text]
        are = "are" if len(made_up) > 1 else "is"
        said = f"The {' and the '.join(made_up)} {are} made up here." if made_up else ""
        why_not = drafted.why_not.partition(": ")[2]
        where = f"This lead cannot be written to: {why_not}." if why_not and self.lead.lead_id else ""
        self.note.setText(" ".join(filter(None, (said, where))))
        self.note.setVisible(bool(said or where))


_MADE_UP = {"holiday": "holiday", "return_date": "day to come back"}


def draft(desk: Desk, lead_id: int, wanted: Wanted) -> Drafted:
    """The letter for a lead, or with made-up values without one. Raises `Refused` for what cannot be filled."""
    from leaddesk.workflow.templating import EXAMPLES, render

    row = wanted.row
    if lead_id:
        question = LetterDraft(
            lead_id,
            reason=row.reason,
            template=row.kind.value,
            language=row.language,
            until=desk.clock.now() + BACK_IN if row.kind is LetterKind.FAREWELL else None,
            holiday=EXAMPLES["holiday"] if row.kind is LetterKind.GREETING else "",
            text=wanted.text,
        )
        return desk.read(question)
    made = render(wanted.text, EXAMPLES)
    return Drafted(row.key, row.language, "", made.subject, made.body, kind=row.kind, marks=made.marks)
