"""They said no: why, what to try before letting go, the farewell letter, and when to ask again."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui import language
from leaddesk.ui.cards.choice import ChoiceButton, TickChip
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.dialogs.refuse_letter import LetterPane
from leaddesk.ui.dialogs.refuse_widgets import WordsEdit
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
from leaddesk.workflow.when import add_months, say_ahead, say_day, say_short_day

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.calls import LogCall
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.refusals import ReasonRow, RefusedLead

KEY_D = frozenset("dDвВی")
"""What the key of D types on the keyboards of the screen's languages."""
SIZE = (1140, 810)
TIGHT = 740
"""Pixels of height under which rows stand closer, so that nothing has to be scrolled to."""
QUICK_MONTHS = (3, 6)
SEASONS = ((1, 1), (9, 1))
"""Month and day when people decide anew: with the year's budget, and after the summer."""


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
        self.reasons: dict[str, ReasonRow] = {}
        self._buttons: dict[str, ChoiceButton] = {}
        self._proposed = ""
        self._saving = self._filling = False
        self.reason = ""
        lead = card.lead
        who = f"{lead.title}, {lead.company}" if lead.company and lead.company != lead.title else lead.title
        self._title = self.tr("Refused: {who}").format(who=language.apart(who))
        self.setWindowTitle(self._title)
        language.mirror(self)
        self._fit(parent)
        self.letter = LetterPane(shell, card)
        self.hint = QLabel()
        self.words, self.competitor, self.change_mind = WordsEdit(), LineEdit(), LineEdit()
        self.when = self._when_edit()
        self.when.set_place(lead.zone_key)
        self.never = TickChip(self.tr("never call again"))
        self.no_letter = TickChip(self.tr("no letter"))
        self.error = ErrorLabel()
        self.save = PrimaryButton(self.tr("Refuse and save letter"), shell.actions.keys("take_from_note"))
        self.without = PlainButton(self.tr("Refuse without letter"))
        self.copy = PlainButton(self.tr("Copy"))
        self.foot = MutedLabel(self.tr("The letter is saved as a file; nothing is sent."))
        self._arrange()
        self._wire()
        self._restore()
        shell.lanes.ask(self, Reasons(), self._reasons_came, key="reasons")

    def _fit(self, parent: QWidget | None) -> None:
        room = (parent.window() if parent else self).size()
        self.resize(min(SIZE[0], max(900, room.width() - 80)), min(SIZE[1], max(560, room.height() - 40)))
        self._tight = self.height() < TIGHT

    # Layout

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 20, 14)
        head.setSpacing(20)
        head.addWidget(Title(self._title), 1)
        head.addWidget(MutedLabel(self._so_far(), wrap=False))
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

    def _so_far(self) -> str:
        lead = self._card.lead
        days = (self._shell.clock.now() - lead.created_at).days if lead.created_at else 0
        said = (
            self.tr("{touches} · {days} · Esc goes back to the call, nothing is lost")
            if self._call
            else self.tr("{touches} · {days} · Esc goes back to the card, nothing is lost")
        )
        return said.format(
            touches=language.counted("RefuseDialog", "{n} touch|{n} touches", lead.touches),
            days=language.counted("RefuseDialog", "{n} day|{n} days", days),
        )

    def _when_edit(self) -> WhenEdit:
        screen, today = language.current(), self._today()
        months = [say_ahead(number, "months", screen) for number in QUICK_MONTHS]
        season = next_season(today)
        quick = [*months, say_ahead(1, "years", screen), say_short_day(season, screen)]
        hint = self.tr("Come back on: “{span}”, “{day}”").format(span=months[0], day=say_day(season, screen))
        return WhenEdit(self._shell, hint, quick, self.tr("Come back on"))

    def _today(self) -> date:
        return self._shell.clock.now().astimezone(self._shell.zone()).date()

    def _left(self) -> QScrollArea:
        self.hint.setWordWrap(True)
        self.hint.setProperty("look", "yellow_banner")
        self.hint.setTextFormat(Qt.TextFormat.RichText)
        self.hint.setContentsMargins(8, 4 if self._tight else 8, 8, 4 if self._tight else 8)
        self.hint.hide()
        self.words.setPlaceholderText(self.tr("What they said, in their words"))
        self.words.setAccessibleName(self.tr("In their words"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(40 if self._tight else 54)
        self.competitor.setPlaceholderText(self.tr("Competitor"))
        self.competitor.setAccessibleName(self.tr("Competitor"))
        self.change_mind.setPlaceholderText(self.tr("What would change their mind"))
        self.change_mind.setAccessibleName(self.tr("What would change their mind"))
        inside = QWidget()
        inside.setProperty("look", "scrolled")
        box = QVBoxLayout(inside)
        box.setContentsMargins(20, 8 if self._tight else 14, 20, 6 if self._tight else 12)
        box.setSpacing(4 if self._tight else 6)
        box.addWidget(MutedLabel(self.tr("Why? (one key)")))
        self._choices = QVBoxLayout()
        self._choices.setSpacing(2 if self._tight else 5)
        box.addLayout(self._choices)
        box.addWidget(self.hint)
        if not self._tight:
            box.addSpacing(4)
            box.addWidget(MutedLabel(self.tr("In their words")))
        box.addWidget(self.words)
        more = QHBoxLayout()
        more.setSpacing(6)
        more.addWidget(self.competitor, 3)
        more.addWidget(self.change_mind, 5)
        box.addLayout(more)
        if not self._tight:
            box.addSpacing(4)
        box.addWidget(MutedLabel(self.tr("Then come back on (key D)")))
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
        area.setAccessibleName(self.tr("Why they refused"))
        self.left = area
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
            aside = self.tr("{share}% of refusals").format(share=language.digits(row.share)) if row.share else ""
            button = ChoiceButton(
                self._shell.theme,
                row.reason.title,
                str(row.reason.digit),
                key_first=False,
                aside=aside,
                tight=self._tight,
            )
            button.clicked.connect(lambda _checked=False, key=row.reason.key: self.choose(key))
            self.reasons[row.reason.key], self._buttons[row.reason.key] = row, button
            self._choices.addWidget(button)
        kept = self._kept.get("reason", "")
        if kept in self.reasons:
            self.choose(kept)
        self.left.setFocus()

    def choose(self, key: str) -> None:
        """This is why."""
        self.reason = key
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        reason = self.reasons[key].reason
        self.hint.setText(f"<b>{escape(self.tr('Before you let go:'))}</b> {escape(reason.hint)}")
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
        until = proposed_return(self.reasons[key].reason, self._shell.clock.now())
        day = until.astimezone(self._shell.zone()) if until else None
        self._proposed = say_day(day.date(), language.current()) if day else ""
        self.when.set_text(self._proposed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit is a reason, D the day."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        typed = event.text()
        if plain and len(typed) == 1 and typed.isdecimal():
            for key, row in self.reasons.items():
                if row.reason.digit == int(typed):
                    self.choose(key)
            return
        if plain and (event.key() == Qt.Key.Key_D or typed in KEY_D):
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
        never, reason = self.never.isChecked(), self.reasons.get(self.reason)
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
            self.error.say(self.tr("Choose why first: one of the keys above."))
            self.left.setFocus()
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
        self.left.ensureWidgetVisible(self.error)


def next_season(today: date) -> date:
    """The coming day when people decide anew, if it is two months off at least; else the one after."""
    days = (date(year, month, day) for year in (today.year, today.year + 1) for month, day in SEASONS)
    return next(day for day in days if day >= add_months(today, 2))
