"""They said no: why, what to try before letting go, the farewell letter, and when to ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.cards.choice import ChoiceButton, TickChip
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.cards.saying import counted
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.dialogs.refuse_letter import LetterPane
from leaddesk.ui.widgets import (
    ErrorLabel,
    FlowLayout,
    Line,
    LineEdit,
    MutedLabel,
    PlainButton,
    PrimaryButton,
    Title,
    restyle,
)
from leaddesk.workflow.refusals import Reasons, RefuseLead, proposed_return
from leaddesk.workflow.when import MONTH_NAMES

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.calls import LogCall
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.refusals import ReasonRow, RefusedLead

SIZE = (1140, 810)
QUICK = ("in 1 month", "in 3 months", "in 6 months", "in 1 year")


class RefuseDialog(QDialog):
    """`refused` says which lead was. Esc goes back to the call; what was typed is there when it opens again."""

    refused = Signal(int)

    def __init__(self, shell: Shell, card: LeadCardData, call: LogCall | None, parent: QWidget | None = None) -> None:
        """`call` is the one it was said in: both are written up in one step."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._card, self._call = shell, card, call
        self._draft = FormDraft(shell, f"lead:{card.lead.id}:refuse", self)
        self._kept = self._draft.get(card.drafts)
        self._reasons: dict[str, ReasonRow] = {}
        self._buttons: dict[str, ChoiceButton] = {}
        self._proposed = ""
        self._saving = self._filling = False
        self.reason = ""
        lead = card.lead
        who = f"{lead.title}, {lead.company}" if lead.company and lead.company != lead.title else lead.title
        self.setWindowTitle(f"Refused: {who}")
        self._fit(parent)
        self.letter = LetterPane(shell, card)
        self.hint = QLabel()
        self.words, self.competitor, self.change_mind = QPlainTextEdit(), LineEdit(), LineEdit()
        self.when = WhenEdit(shell, "Come back on: “in 3 months”, “1 Sep 2027”", QUICK, "Come back on")
        self.when.set_place(lead.zone_key)
        self.never = TickChip("never call again")
        self.no_letter = TickChip("no letter")
        self.error = ErrorLabel()
        self.save = PrimaryButton("Refuse and save letter", shell.actions.keys("take_from_note"))
        self.without = PlainButton("Refuse without letter")
        self.copy = PlainButton("Copy")
        self.foot = MutedLabel("The letter is saved as a file; nothing is sent.")
        self._arrange(who)
        self._wire()
        self._restore()
        shell.lanes.ask(self, Reasons(), self._reasons_came, key="reasons")

    def _fit(self, parent: QWidget | None) -> None:
        room = (parent.window() if parent else self).size()
        self.resize(min(SIZE[0], max(900, room.width() - 80)), min(SIZE[1], max(560, room.height() - 60)))

    # Layout

    def _arrange(self, who: str) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 20, 14)
        head.setSpacing(20)
        head.addWidget(Title(f"Refused: {who}"), 1)
        lead = self._card.lead
        days = (self._shell.clock.now() - lead.created_at).days if lead.created_at else 0
        back = "the call" if self._call else "the card"
        head.addWidget(
            MutedLabel(
                f"{counted(lead.touches, 'touch', 'touches')} · {counted(days, 'day')} · Esc goes back to {back}, nothing is lost",
                wrap=False,
            )
        )
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._left(), 3)
        rule = QFrame()
        rule.setFixedWidth(1)
        rule.setStyleSheet(f"background: {self._shell.theme.token('line').name()}")
        middle.addWidget(rule)
        middle.addWidget(self.letter, 5)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.foot, 1)
        for button in (self.copy, self.without, self.save):
            button.setAutoDefault(False)
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(Line())
        box.addLayout(middle, 1)
        box.addWidget(Line())
        box.addLayout(foot)
        on_paper(self)

    def _left(self) -> QScrollArea:
        self.hint.setWordWrap(True)
        self.hint.setObjectName("hint")
        self.hint.hide()
        self.words.setPlaceholderText("What they said, in their words")
        self.words.setAccessibleName("In their words")
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(54)
        self.competitor.setPlaceholderText("Competitor, if there is one")
        self.competitor.setAccessibleName("Competitor")
        self.change_mind.setPlaceholderText("What would change their mind")
        self.change_mind.setAccessibleName("What would change their mind")
        inside = QWidget()
        inside.setProperty("look", "scrolled")
        box = QVBoxLayout(inside)
        box.setContentsMargins(20, 14, 20, 12)
        box.setSpacing(6)
        box.addWidget(MutedLabel("Why? (one key)"))
        self._choices = QVBoxLayout()
        self._choices.setSpacing(5)
        box.addLayout(self._choices)
        box.addWidget(self.hint)
        box.addSpacing(4)
        box.addWidget(MutedLabel("In their words"))
        for widget in (self.words, self.competitor, self.change_mind):
            box.addWidget(widget)
        box.addSpacing(4)
        box.addWidget(MutedLabel("Then come back on (key D)"))
        box.addWidget(self.when)
        checks = FlowLayout(spacing=6)
        checks.addWidget(self.never)
        checks.addWidget(self.no_letter)
        box.addLayout(checks)
        box.addWidget(self.error)
        box.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName("Why they refused")
        self._area = area
        return area

    def _wire(self) -> None:
        self.copy.clicked.connect(self.letter.copy)
        self.never.toggled.connect(self._changed)
        self.no_letter.toggled.connect(self._changed)
        self.save.clicked.connect(self.refuse_with_letter)
        self.without.clicked.connect(self.refuse_without_letter)
        self.letter.changed.connect(self._changed)
        self.when.changed.connect(self._changed)
        self.words.textChanged.connect(self._changed)
        self.competitor.textChanged.connect(self._changed)
        self.change_mind.textChanged.connect(self._changed)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.refuse_with_letter)

    # Reasons

    def _reasons_came(self, rows: list[ReasonRow]) -> None:
        for row in rows:
            aside = f"{row.share}% of refusals" if row.share else ""
            button = ChoiceButton(
                self._shell.theme, row.reason.title, str(row.reason.digit), key_first=False, aside=aside
            )
            button.clicked.connect(lambda _checked=False, key=row.reason.key: self.choose(key))
            self._reasons[row.reason.key], self._buttons[row.reason.key] = row, button
            self._choices.addWidget(button)
        kept = self._kept.get("reason", "")
        if kept in self._reasons:
            self.choose(kept)
        self._area.setFocus()

    def choose(self, key: str) -> None:
        """This is why."""
        self.reason = key
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        reason = self._reasons[key].reason
        hint = self._shell.theme
        self.hint.setText(f"<b>Before you let go:</b> {reason.hint}")
        self.hint.setStyleSheet(
            f"#hint {{ background: {hint.token('yellow_soft').name()}; border-radius: 8px; padding: 8px 10px; }}"
        )
        self.hint.setVisible(bool(reason.hint))
        self._propose(reason.key)
        self.letter.draft(reason.key, reason.letter)
        self.error.say("")
        if reason.needs_words and not self.words.toPlainText():
            self.words.setFocus()
        self._changed()

    def _propose(self, key: str) -> None:
        """The day this reason proposes, unless another was typed."""
        if self.when.text() not in ("", self._proposed):
            return
        until = proposed_return(self._reasons[key].reason, self._shell.clock.now())
        day = until.astimezone(self._shell.zone()) if until else None
        self._proposed = f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}" if day else ""
        self.when.set_text(self._proposed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit is a reason, D the day."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.text().isdecimal():
            for key, row in self._reasons.items():
                if str(row.reason.digit) == event.text():
                    self.choose(key)
            return
        if plain and event.key() == Qt.Key.Key_D:
            self.when.edit.setFocus()
            self.when.edit.selectAll()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)

    # Keeping what is typed

    def _restore(self) -> None:
        kept = self._kept
        self._filling = True
        self.words.setPlainText(kept.get("words", self._call.note if self._call else ""))
        self.competitor.setText(kept.get("competitor", ""))
        self.change_mind.setText(kept.get("change_mind", ""))
        self.when.set_text(kept.get("when", ""))
        self._proposed = kept.get("proposed", "")
        self.never.setChecked("never" in kept)
        self.no_letter.setChecked("no_letter" in kept)
        if kept.get("body"):
            self.letter.restore(kept.get("language", ""), kept.get("subject", ""), kept["body"])
        elif kept.get("language"):
            self.letter.language.setCurrentIndex(max(0, self.letter.language.findData(kept["language"])))
        self._filling = False

    def _changed(self) -> None:
        never, reason = self.never.isChecked(), self._reasons.get(self.reason)
        barred = never or bool(reason and reason.reason.suppress)
        self.when.setEnabled(not barred)
        wanted = not barred and not self.no_letter.isChecked()
        self.letter.setEnabled(wanted)
        self.save.setEnabled(wanted and self.letter.can_be_sent)
        if self._filling or self._saving:
            return
        edited = self.letter.edited
        self._draft.put(
            {
                "reason": self.reason,
                "words": self.words.toPlainText(),
                "competitor": self.competitor.text(),
                "change_mind": self.change_mind.text(),
                "when": self.when.text(),
                "proposed": self._proposed,
                "never": "yes" if never else "",
                "no_letter": "yes" if self.no_letter.isChecked() else "",
                "language": self.letter.chosen_language(),
                "subject": self.letter.subject.text() if edited else "",
                "body": self.letter.body.toPlainText() if edited else "",
            }
        )

    # Doing

    def refuse_with_letter(self) -> None:
        """Refuse, and offer to save the letter; without one where there can be none."""
        self._refuse("auto" if self.save.isEnabled() else "none")

    def refuse_without_letter(self) -> None:
        """Refuse, no letter."""
        self._refuse("none")

    def _refuse(self, letter: str) -> None:
        if self._saving:
            return
        if not self.reason:
            self.error.say("Choose why first: one of the keys above.")
            self._area.setFocus()
            return
        until = self.when.moment() if self.when.isEnabled() else None
        if self.when.isEnabled() and self.when.text().strip() and until is None:
            self.when.show_problem(self.when.problem)
            self.when.edit.setFocus()
            return
        self._saving = True
        command = RefuseLead(
            lead_id=self._card.lead.id,
            reason=self.reason,
            words=self.words.toPlainText(),
            competitor=self.competitor.text(),
            change_mind=self.change_mind.text(),
            until=until,
            never_again=self.never.isChecked(),
            letter=letter,
            subject=self.letter.subject.text() if letter == "auto" else "",
            body=self.letter.body.toPlainText() if letter == "auto" else "",
            language=self.letter.chosen_language(),
            call=self._call,
        )
        self._shell.lanes.do(self, command, self._done, failed=self._not_done)

    def _done(self, done: Done[RefusedLead]) -> None:
        self._draft.forget()
        letter, shell, parent = done.value.letter, self._shell, self.parentWidget()
        self.refused.emit(self._card.lead.id)
        self.accept()
        if letter is not None and parent is not None and shell.save_letter is not None:
            from leaddesk.ui.dialogs.letter_saving import save_letter

            save_letter(shell, letter, parent.window())

    def _not_done(self, refused: Refused) -> None:
        self._saving = False
        if refused.field == "words":
            self.words.setFocus()
            restyle(self.words, "wrong", value=True)
        if refused.field == "until":
            self.when.show_problem(refused.words)
            return
        self.error.say(refused.words)
        self._area.ensureWidgetVisible(self.error)
