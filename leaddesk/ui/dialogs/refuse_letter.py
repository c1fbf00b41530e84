"""The farewell letter beside a refusal: drafted live, its merged values marked, free to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from leaddesk.ui import language
from leaddesk.ui.dialogs.refuse_frame import plain_button
from leaddesk.ui.dialogs.refuse_widgets import MirroredCombo, SubjectEdit, WordsEdit
from leaddesk.ui.letter_pdf import reading_option
from leaddesk.ui.widgets import MutedLabel
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letter_files import LETTER_LANGUAGES, letter_title
from leaddesk.workflow.letters import LetterDraft
from leaddesk.workflow.templates import Templates
from leaddesk.workflow.vocabulary import LetterKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.letters import Drafted
    from leaddesk.workflow.templates import TemplateRow


class LetterChoice(QWidget):
    """Which letter, and in which language. `chosen` says that a person chose otherwise."""

    chosen = Signal()

    def __init__(self, shell: Shell) -> None:
        """Knows the shipped farewells; the floor's own come when asked for."""
        super().__init__()
        self.by_hand = False
        self._titles: dict[str, str] = {}
        self.template = MirroredCombo()
        self.template.setAccessibleName(self.tr("Which letter"))
        self.language = MirroredCombo()
        self.language.setAccessibleName(self.tr("Language of the letter"))
        self.language.addItem(self.tr("their language"), "")
        for key in LETTER_LANGUAGES:
            self.language.addItem(language.NAMES.get(key, key), key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.template, 5)
        row.addWidget(self.language, 4)
        self.template.activated.connect(self._template_chosen)
        self.language.activated.connect(self.chosen)
        shell.lanes.ask(self, Templates(LetterKind.FAREWELL), self._templates_came, key="templates")

    def key(self) -> str:
        """The template's key."""
        return str(self.template.currentData() or "")

    def written_in(self) -> str:
        """The language asked for; "" for the lead's own."""
        return str(self.language.currentData() or "")

    def propose(self, key: str) -> None:
        """The letter that goes with the reason, unless another was chosen by hand."""
        if not self.by_hand:
            self._show(key)

    def show_language(self, written_in: str) -> None:
        """Say which language theirs is."""
        name = language.NAMES.get(written_in, written_in)
        self.language.setItemText(0, self.tr("{language} (theirs)").format(language=language.apart(name)))

    def values(self) -> dict[str, str]:
        """What to keep of it."""
        return {"language": self.written_in(), "template": self.key() if self.by_hand else ""}

    def restore(self, kept: Mapping[str, str]) -> None:
        """Put back what was chosen."""
        self.language.setCurrentIndex(max(0, self.language.findData(kept.get("language", ""))))
        if kept.get("template"):
            self.by_hand = True
            self._show(kept["template"])

    def _templates_came(self, rows: Sequence[TemplateRow]) -> None:
        screen = language.current()
        for row in rows:
            if row.key not in self._titles or row.language == screen:
                own = row.version and row.title
                self._titles[row.key] = row.title if own else letter_title(row.key, screen)
        now = self.key()
        self.template.clear()
        for key, title in self._titles.items():
            self.template.addItem(title, key)
        self._show(now)

    def _show(self, key: str) -> None:
        if key and self.template.findData(key) < 0:
            self.template.addItem(self._titles.get(key) or letter_title(key, language.current()), key)
        self.template.setCurrentIndex(self.template.findData(key) if key else -1)

    def _template_chosen(self) -> None:
        self.by_hand = True
        self.chosen.emit()


class LetterPaper(QFrame):
    """Subject and text as they stand on the sheet, running the way their language does."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._theme = shell.theme
        self._cursors: list[QTextCursor] = []
        self.subject = SubjectEdit()
        self.subject.setAccessibleName(self.tr("Subject"))
        self.subject.setPlaceholderText(self.tr("Subject"))
        self.subject.setFont(shell.theme.font(0, bold=True))
        self.body = WordsEdit()
        self.body.setAccessibleName(self.tr("Letter"))
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("look", "card")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(4)
        for edit in (self.subject, self.body):
            edit.setProperty("look", "bare")
        inside.addWidget(self.subject)
        inside.addWidget(self.body, 1)
        shell.theme.changed.connect(self._paint_marks)

    def text(self) -> tuple[str, str]:
        """Subject and body."""
        return self.subject.text(), self.body.toPlainText()

    def put(self, subject: str, body: str, marks: Sequence[tuple[int, int]] = (), written_in: str = "en") -> None:
        """Show this letter; `marks` are places in the body, in characters, that came from the card."""
        for edit in (self.subject, self.body):
            edit.document().setDefaultTextOption(reading_option(written_in))
        self.subject.setPlainText(subject)
        self.body.setPlainText(body)
        self._cursors = [self._over(body, start, length) for start, length in marks]
        self._paint_marks()

    def _over(self, body: str, start: int, length: int) -> QTextCursor:
        """Qt counts in UTF-16; cursors move with the text when it is edited."""
        cursor = QTextCursor(self.body.document())
        cursor.setPosition(_units(body[:start]))
        cursor.setPosition(_units(body[: start + length]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _paint_marks(self) -> None:
        form = QTextCharFormat()
        form.setBackground(self._theme.token("yellow_soft"))
        selections = []
        for cursor in self._cursors:
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, form
            selections.append(selection)
        self.body.setExtraSelections(selections)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class LetterPane(QWidget):
    """Template, language, address, subject and body. `changed` says that something was typed, chosen or drafted."""

    changed = Signal()

    def __init__(self, shell: Shell, lead_id: int) -> None:
        super().__init__()
        self._shell, self._lead_id = shell, lead_id
        self._question: LetterDraft | None = None
        self._reason = ""
        self._until: datetime | None = None
        self._put_text = ("", "")
        self._putting = False
        self.drafted: Drafted | None = None
        self.wanted = False
        self.choice = LetterChoice(shell)
        self.address = MutedLabel()
        self.paper = LetterPaper(shell)
        self.subject, self.body = self.paper.subject, self.paper.body
        self.body.setPlaceholderText(self.tr("Choose a reason; the letter is written from it."))
        self.fresh = plain_button(self.tr("Write it anew"), kind="link")
        self.fresh.setToolTip(self.tr("Drop what you changed and draft the letter again"))
        self.fresh.hide()
        self.note = MutedLabel()
        self._arrange()
        self.choice.chosen.connect(self._draft)
        self.subject.textChanged.connect(self._typed)
        self.body.textChanged.connect(self._typed)
        self.fresh.clicked.connect(self._anew)

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.fresh)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 14, 20, 10)
        box.setSpacing(8)
        box.addWidget(self.choice)
        box.addWidget(self.address)
        box.addWidget(self.paper, 1)
        box.addLayout(foot)

    @property
    def edited(self) -> bool:
        """Whether the letter is not as it was drafted any more."""
        return self.paper.text() != self._put_text

    @property
    def why_not(self) -> str:
        """Why no letter can be written, in the screen's words; "" where one can, or nobody knows yet."""
        if self._reason and not self.wanted:
            return self.tr("No letter for this reason.")
        if self.drafted is None or self.drafted.to_address:
            return ""
        known = {
            "no letter: they asked not to be written to": self.tr("No letter: they asked not to be written to."),
            "no letter: no e-mail on the card": self.tr("No letter: there is no e-mail on the card."),
            "no letter: the address is suppressed": self.tr("No letter: the address is suppressed."),
        }
        return known.get(self.drafted.why_not, self.drafted.why_not)

    def letter(self) -> Letter:
        """The letter as it stands on the screen."""
        drafted = self.drafted
        subject, body = self.paper.text()
        if drafted is None:
            return Letter(lead_id=self._lead_id, subject=subject, body=body)
        return Letter(
            lead_id=self._lead_id,
            template=drafted.template,
            language=drafted.language,
            to_name=drafted.to_name,
            to_address=drafted.to_address,
            subject=subject,
            body=body,
            attachments=drafted.attachments,
        )

    def draft(self, reason: str, template: str) -> None:
        """Write the letter for this reason, in its own template unless another was chosen; what was edited stays."""
        self._reason, self.wanted = reason, bool(template)
        self.choice.propose(template)
        self._draft()

    def comes_back(self, until: datetime | None) -> None:
        """Letters may name the day."""
        if until != self._until:
            self._until = until
            self._draft()

    def values(self) -> dict[str, str]:
        """What to keep of it."""
        subject, body = self.paper.text() if self.edited else ("", "")
        return {**self.choice.values(), "subject": subject, "body": body}

    def restore(self, kept: Mapping[str, str]) -> None:
        """Put back what was chosen and edited earlier."""
        self.choice.restore(kept)
        if kept.get("body") or kept.get("subject"):
            self._putting = True
            self.paper.put(kept.get("subject", ""), kept.get("body", ""), (), kept.get("language") or "en")
            self._putting = False

    def copy(self) -> None:
        """The whole letter into the clipboard."""
        subject, body = self.paper.text()
        QApplication.clipboard().setText(f"{subject}\n\n{body}")

    def _draft(self) -> None:
        if not self._reason:
            return
        if not self.wanted:
            self._question = self.drafted = None
            self._say()
            return
        question = LetterDraft(
            self._lead_id, self._reason, self.choice.key(), self.choice.written_in(), until=self._until
        )
        if question != self._question:
            self._question = question
            self._shell.lanes.ask(self, question, self._came, key="draft", failed=self._not_drafted)

    def _came(self, drafted: Drafted) -> None:
        edited, self.drafted = self.edited, drafted
        if not edited:
            self._put(drafted)
        if not self.choice.written_in():
            self.choice.show_language(drafted.language)
        self._say()

    def _not_drafted(self, error: Exception) -> None:
        self.drafted = self._question = None
        self.note.setText(getattr(error, "words", "") or str(error))
        self.changed.emit()

    def _put(self, drafted: Drafted) -> None:
        self._putting = True
        self.paper.put(drafted.subject, drafted.body, drafted.marks, drafted.language)
        self._put_text = self.paper.text()
        self._putting = False

    def _say(self) -> None:
        drafted = self.drafted
        to = self.tr("to {address}").format(address=language.apart(drafted.to_address)) if drafted else ""
        self.address.setText(to if drafted and drafted.to_address else self.tr("no address") if drafted else "")
        self.note.setText(self.why_not)
        self.fresh.setVisible(self.edited and drafted is not None)
        self.changed.emit()

    def _typed(self) -> None:
        if not self._putting:
            self.fresh.setVisible(self.edited and self.drafted is not None)
            self.changed.emit()

    def _anew(self) -> None:
        if self.drafted is not None:
            self._put(self.drafted)
            self._say()
