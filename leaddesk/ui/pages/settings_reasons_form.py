"""One reason for refusing: everything that is known of it, in every language of the screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui import language
from leaddesk.ui.cards.choice import TickChip
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.dialogs.refuse_widgets import WordsEdit
from leaddesk.ui.widgets import (
    ErrorLabel,
    FlowLayout,
    Heading,
    Line,
    LineEdit,
    MutedLabel,
    PlainButton,
    PrimaryButton,
    SectionLabel,
    restyle,
)
from leaddesk.workflow.entities import RefusalReason
from leaddesk.workflow.reasons import SaveReason, in_language
from leaddesk.workflow.vocabulary import RefusalKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.errors import Refused

OTHERS = tuple(name for name in language.NAMES if name != "en")
HINT_HEIGHT = 54
KINDS = {
    RefusalKind.FULL: "A plain no: they talked to us and decided.",
    RefusalKind.NOT_NOW: "They will not talk now: another time or another way may do.",
    RefusalKind.IGNORES: "Nobody answers us at all.",
}
NEW = "new"


class ReasonDialog(QDialog):
    """Adds a reason, or changes one. Esc keeps what was typed; `saved` carries the key."""

    saved = Signal(str)

    def __init__(
        self,
        shell: Shell,
        reason: RefusalReason | None,
        others: Sequence[RefusalReason],
        letters: Mapping[str, str],
        drafts: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        """`reason` None is a new one; `others` have their digits; `letters` are titles of templates by key."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._reason = shell, reason
        self._known = {other.key for other in others}
        self._draft = FormDraft(shell, f"reason:{reason.key if reason else NEW}", self)
        self._errors: dict[str, tuple[QWidget, ErrorLabel]] = {}
        self._title = f"Change “{reason.title}”" if reason else "A new reason"
        self.setWindowTitle(self._title)
        self._make(others, letters)
        self._lay_out()
        self._start = RefusalReason(key="", title="", digit=0) if reason is None else reason
        self._put(values_of(self._start))
        kept = self._draft.get(drafts)
        if kept:
            self._put({name: kept.get(name, "") for name in self._values()})
        self.restored.setVisible(bool(kept))
        self.drop.setVisible(bool(kept))
        self._wire()
        (self.title if reason else self.key).setFocus()

    # What is in it

    def _make(self, others: Sequence[RefusalReason], letters: Mapping[str, str]) -> None:
        self.key = LineEdit("such as no_time")
        self.key.setAccessibleName("Key")
        self.title = LineEdit("What they say, in a few words")
        self.title.setAccessibleName("Title")
        self.digit = QComboBox()
        self.digit.setAccessibleName("Digit")
        taken = {o.digit: o.title for o in others if not o.retired and (not self._reason or o.key != self._reason.key)}
        self.digit.addItem("none", "0")
        for digit in range(1, 10):
            self.digit.addItem(f"{digit} · {taken[digit]}" if digit in taken else str(digit), str(digit))
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind")
        for kind in RefusalKind:
            self.kind.addItem(kind.words, kind.value)
        self.kind_says = MutedLabel()
        self.hint = WordsEdit("What to answer before letting them go")
        self.hint.setAccessibleName("What to answer")
        self.hint.setFixedHeight(HINT_HEIGHT)
        self.needs_words = TickChip("in their own words, always")
        self.letter = QComboBox()
        self.letter.setAccessibleName("Letter")
        self.letter.addItem("no letter", "")
        now = self._reason.letter if self._reason else ""
        for key, title in ({now: now} | dict(letters)).items():
            if key:
                self.letter.addItem(title, key)
        self.days = LineEdit("ask each time")
        self.days.setAccessibleName("Days until they come back; empty to ask each time")
        self.days.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.suppress = TickChip("never call or write again")
        self.titles: dict[str, QLineEdit] = {}
        self.hints: dict[str, QLineEdit] = {}
        shipped = replace(self._reason, titles={}, hints={}) if self._reason else None
        for name in OTHERS:
            said = in_language(shipped, name) if shipped else None
            self.titles[name] = self._word(name, "Title", said.title if said else "")
            self.hints[name] = self._word(name, "What to answer", said.hint if said else "")

    @staticmethod
    def _word(name: str, what: str, shipped: str) -> QLineEdit:
        edit = LineEdit(shipped)
        edit.setLayoutDirection(language.runs(name))
        edit.setAccessibleName(f"{what} in {language.NAMES[name]}")
        edit.setToolTip(shipped)
        return edit

    def _lay_out(self) -> None:
        self.error = ErrorLabel()
        self.restored = MutedLabel("What you had typed is back.")
        self.drop = PlainButton("Drop it", kind="link")
        back = PlainButton("Back", "Esc")
        bring = self._reason is not None and self._reason.retired
        self.save = PrimaryButton("Save and bring back" if bring else "Save", "Ctrl Enter")
        self.save.setDefault(True)
        for button in (back, self.drop):
            button.setAutoDefault(False)
        back.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 14)
        foot.setSpacing(8)
        foot.addWidget(self.restored)
        foot.addWidget(self.drop)
        foot.addStretch(1)
        foot.addWidget(back)
        foot.addWidget(self.save)
        inside = QWidget()
        inside.setProperty("look", "scrolled")
        box = QVBoxLayout(inside)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(12)
        box.addWidget(Heading(self._title))
        box.addLayout(self._fields())
        box.addWidget(Line())
        box.addWidget(Heading("In other languages of the screen"))
        box.addWidget(MutedLabel("Empty: as shipped, in grey; a reason of your own is then said as above."))
        box.addLayout(self._words())
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addWidget(Line())
        self.error.setContentsMargins(20, 8, 20, 0)
        whole.addWidget(self.error)
        whole.addLayout(foot)
        on_paper(self)
        self._size()

    def _size(self) -> None:
        over = self.parentWidget()
        room = over.window().size() if over else self.screen().availableSize()
        self.resize(min(880, room.width() - 40), min(720, room.height() - 40))
        self.setMinimumWidth(min(560, room.width() - 40))

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.addLayout(self._field("title", "Title", self.title), 0, 0)
        grid.addLayout(self._field("digit", "Digit in the refuse dialog", self.digit), 0, 1)
        kind = self._field("kind", "How far the “no” goes", self.kind)
        kind.addWidget(self.kind_says)
        grid.addLayout(kind, 1, 0)
        if self._reason is None:
            key = self._field("key", "Key: a word for reports and files, for ever", self.key)
            grid.addLayout(key, 1, 1)
        else:
            key = QVBoxLayout()
            key.setSpacing(4)
            key.addWidget(SectionLabel("Key"))
            key.addWidget(MutedLabel(self._reason.key))
            key.addStretch(1)
            grid.addLayout(key, 1, 1)
            self.key.hide()
        grid.addLayout(self._field("hint", "What to answer before letting them go", self.hint), 2, 0, 1, 2)
        grid.addLayout(self._field("letter", "Letter it proposes", self.letter), 3, 0)
        grid.addLayout(self._field("default_days", "They come back after (days)", self.days), 3, 1)
        ticks = QWidget()
        flow = FlowLayout(ticks)
        flow.addWidget(self.needs_words)
        flow.addWidget(self.suppress)
        grid.addWidget(ticks, 4, 0, 1, 2)
        return grid

    def _field(self, name: str, words: str, editor: QWidget) -> QVBoxLayout:
        label, error = SectionLabel(words), ErrorLabel()
        label.setBuddy(editor)
        self._errors[name] = (editor, error)
        box = QVBoxLayout()
        box.setSpacing(4)
        for part in (label, editor, error):
            box.addWidget(part)
        box.addStretch(1)
        return box

    def _words(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 3)
        grid.addWidget(SectionLabel("Title"), 0, 1)
        grid.addWidget(SectionLabel("What to answer"), 0, 2)
        for line, name in enumerate(OTHERS, start=1):
            grid.addWidget(MutedLabel(language.NAMES[name], wrap=False), line, 0)
            grid.addWidget(self.titles[name], line, 1)
            grid.addWidget(self.hints[name], line, 2)
        return grid

    def _wire(self) -> None:
        for edit in (self.key, self.title, self.days, *self.titles.values(), *self.hints.values()):
            edit.textChanged.connect(self._typed)
        self.hint.textChanged.connect(self._typed)
        for combo in (self.digit, self.kind, self.letter):
            combo.currentIndexChanged.connect(self._typed)
        for tick in (self.needs_words, self.suppress):
            tick.toggled.connect(self._typed)
        self.drop.clicked.connect(self._dropped)
        self.save.clicked.connect(self._save)
        self._follow()

    # What is typed

    def _values(self) -> dict[str, str]:
        return {
            "key": self.key.text(),
            "title": self.title.text(),
            "digit": str(self.digit.currentData()),
            "kind": str(self.kind.currentData()),
            "needs_words": "yes" if self.needs_words.isChecked() else "",
            "hint": self.hint.toPlainText(),
            "letter": str(self.letter.currentData()),
            "default_days": self.days.text(),
            "suppress": "yes" if self.suppress.isChecked() else "",
            **{f"title:{name}": edit.text() for name, edit in self.titles.items()},
            **{f"hint:{name}": edit.text() for name, edit in self.hints.items()},
        }

    def _put(self, values: Mapping[str, str]) -> None:
        self.key.setText(values["key"])
        self.title.setText(values["title"])
        for combo, name in ((self.digit, "digit"), (self.kind, "kind"), (self.letter, "letter")):
            combo.setCurrentIndex(max(0, combo.findData(values[name])))
        self.needs_words.setChecked(bool(values["needs_words"]))
        self.suppress.setChecked(bool(values["suppress"]))
        _set_words(self.hint, values["hint"])
        self.days.setText(values["default_days"])
        for name in OTHERS:
            self.titles[name].setText(values[f"title:{name}"])
            self.hints[name].setText(values[f"hint:{name}"])

    def _typed(self) -> None:
        values = self._values()
        self._draft.put({} if values == values_of(self._start) else values)
        self._follow()

    def _follow(self) -> None:
        """What follows from the fields is said at once."""
        self.kind_says.setText(KINDS[RefusalKind(self.kind.currentData())])
        self.days.setEnabled(not self.suppress.isChecked())

    def _dropped(self) -> None:
        self._put(values_of(self._start))
        self._draft.forget()
        self.restored.hide()
        self.drop.hide()

    # Saving

    def _save(self) -> None:
        values = self._values()
        days = values["default_days"].strip()
        if days and not days.isdecimal():
            self._refuse("default_days", f"“{days}” is no number of days. Write one such as 90, or nothing to ask.")
            return
        command = SaveReason(
            key=self._reason.key if self._reason else values["key"].strip(),
            title=values["title"],
            digit=int(values["digit"]),
            kind=RefusalKind(values["kind"]),
            needs_words=bool(values["needs_words"]),
            hint=values["hint"],
            letter=values["letter"],
            default_days=int(days or 0),
            suppress=bool(values["suppress"]),
            titles={name: edit.text() for name, edit in self.titles.items()},
            hints={name: edit.text() for name, edit in self.hints.items()},
        )
        if self._reason is None and command.key in self._known:
            self._refuse("key", f"There is a reason “{command.key}” already. Choose another key, or change that one.")
            return
        self.save.setEnabled(False)
        self._shell.lanes.do(self, command, lambda _done: self._done(command.key), failed=self._refused)

    def _done(self, key: str) -> None:
        self._draft.forget()
        self.saved.emit(key)
        self.accept()

    def _refused(self, refused: Refused) -> None:
        self.save.setEnabled(True)
        self._refuse(refused.field or "", refused.words)

    def _refuse(self, field: str, words: str) -> None:
        for name, (editor, error) in self._errors.items():
            error.say(words if name == field else "")
            restyle(editor, "wrong", name == field)
        known = field in self._errors
        self.error.say("" if known else words)
        if known:
            self._errors[field][0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves, wherever the cursor is."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self._save()
        else:
            super().keyPressEvent(event)


def values_of(reason: RefusalReason) -> dict[str, str]:
    """A reason as the form has it."""
    return {
        "key": reason.key,
        "title": reason.title,
        "digit": str(reason.digit),
        "kind": reason.kind.value,
        "needs_words": "yes" if reason.needs_words else "",
        "hint": reason.hint,
        "letter": reason.letter,
        "default_days": str(reason.default_days or ""),
        "suppress": "yes" if reason.suppress else "",
        **{f"title:{name}": reason.titles.get(name, "") for name in OTHERS},
        **{f"hint:{name}": reason.hints.get(name, "") for name in OTHERS},
    }


def _set_words(edit: QPlainTextEdit, text: str) -> None:
    if edit.toPlainText() != text:
        edit.setPlainText(text)
