"""What is said about a refusal, of one lead or of many: why, what to try first, their words, when to ask again."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from leaddesk.ui import language
from leaddesk.ui.cards.choice import ChoiceButton, TickChip
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.dialogs.refuse_frame import plain_button
from leaddesk.ui.dialogs.refuse_widgets import WordsEdit
from leaddesk.ui.widgets import ErrorLabel, FlowLayout, LineEdit, MutedLabel, RichWords, restyle
from leaddesk.workflow.refusals import Reasons, Wish, proposed_return
from leaddesk.workflow.vocabulary import RefusalKind
from leaddesk.workflow.when import add_months, say_ahead, say_day, say_short_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.refusals import ReasonRow

KEY_D = frozenset("dDвВی")
KEY_S = frozenset("sSыЫس")
"""What these keys type on the keyboards of the screen's languages."""
QUICK_MONTHS = (3, 6)
SEASONS = ((1, 1), (9, 1))
"""Month and day when people decide anew: with the year's budget, and after the summer."""


class RefuseForm(QScrollArea):
    """`chosen` says which reason was chosen, `changed` that anything was, `ready` that the reasons are there.

    `stayed_requested` is the wish to write down that they stayed after what was answered.
    """

    changed = Signal()
    chosen = Signal(str)
    ready = Signal()
    stayed_requested = Signal()

    def __init__(self, shell: Shell, *, place: str = "", tight: bool = False, many: bool = False) -> None:
        """`place` is the lead's zone key; `tight` for little height; of `many` leads nobody can have stayed."""
        super().__init__()
        self._shell, self._tight, self._many = shell, tight, many
        self._kept: Mapping[str, str] = {}
        self._proposed = ""
        self._filling = False
        self.reason = ""
        self.reasons: dict[str, ReasonRow] = {}
        self.buttons: dict[str, ChoiceButton] = {}
        self.hint = RichWords()
        self.stayed = plain_button(self.tr("They stayed"), "S")
        self.words, self.competitor, self.change_mind = WordsEdit(), LineEdit(), LineEdit()
        self.when = self._when_edit(place)
        self.greet = TickChip(language.apart(self.tr("greet on holidays")))
        self.never = TickChip(language.apart(self.tr("never call again")))
        self.no_letter = TickChip(language.apart(self.tr("no letter")))
        self.error = ErrorLabel()
        self._arrange()
        self._wire()
        shell.lanes.ask(self, Reasons(language.current(), outcomes=False), self._reasons_came, key="reasons")

    # Layout

    def _arrange(self) -> None:
        inside = QWidget()
        inside.setProperty("look", "scrolled")
        box = QVBoxLayout(inside)
        box.setContentsMargins(20, 8 if self._tight else 14, 20, 6 if self._tight else 12)
        box.setSpacing(4 if self._tight else 6)
        box.addWidget(MutedLabel(self.tr("Why? (one key)")))
        self._choices = QVBoxLayout()
        self._choices.setSpacing(2 if self._tight else 4)
        box.addLayout(self._choices)
        box.addWidget(self._before_letting_go())
        self._label(box, self.tr("In their words"))
        self._say_what(self.words, self.tr("In their words"), self.tr("What they said, in their words"))
        self.words.setFixedHeight(40 if self._tight else 54)
        box.addWidget(self.words)
        self._say_what(self.competitor, self.tr("Competitor"), self.tr("Competitor"))
        mind = self.tr("What would change their mind")
        self._say_what(self.change_mind, mind, mind)
        more = QHBoxLayout()
        more.setSpacing(6)
        more.addWidget(self.competitor, 3)
        more.addWidget(self.change_mind, 5)
        box.addLayout(more)
        self._label(box, self.tr("Then come back on"))
        box.addWidget(self.when)
        chips = FlowLayout(spacing=6)
        for chip in (self.greet, self.never, self.no_letter):
            chips.addWidget(chip)
        box.addLayout(chips)
        box.addWidget(self.error)
        box.addStretch()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Why they refused"))

    def _label(self, box: QVBoxLayout, words: str) -> None:
        if not self._tight:
            box.addSpacing(4)
            box.addWidget(MutedLabel(words))

    @staticmethod
    def _say_what(edit: LineEdit | WordsEdit, name: str, placeholder: str) -> None:
        edit.setAccessibleName(name)
        edit.setPlaceholderText(placeholder)

    def _before_letting_go(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("look", "yellow_banner")
        row = QHBoxLayout(frame)
        row.setContentsMargins(10, 4 if self._tight else 8, 8, 4 if self._tight else 8)
        row.setSpacing(10)
        row.addWidget(self.hint, 1)
        self.stayed.setToolTip(self.tr("Write down that they stayed, and go back"))
        self.stayed.setVisible(not self._many)
        row.addWidget(self.stayed, 0, Qt.AlignmentFlag.AlignVCenter)
        frame.hide()
        self.banner = frame
        return frame

    def _when_edit(self, place: str) -> WhenEdit:
        screen = language.current()
        months = [say_ahead(number, "months", screen) for number in QUICK_MONTHS]
        season = next_season(self._shell.clock.now().astimezone(self._shell.zone()).date())
        quick = [*months, say_ahead(1, "years", screen), say_short_day(season, screen)]
        hint = self.tr("Come back on: “{span}”, “{day}”").format(span=months[0], day=say_day(season, screen))
        made = WhenEdit(self._shell, hint, quick, self.tr("Come back on"), "D")
        made.set_place(place)
        return made

    def _wire(self) -> None:
        self.greet.toggled.connect(self._changed)
        self.never.toggled.connect(self._changed)
        self.no_letter.toggled.connect(self._changed)
        self.stayed.clicked.connect(self.stayed_requested)
        self.when.changed.connect(self._changed)
        self.words.textChanged.connect(self._changed)
        self.competitor.textChanged.connect(self._changed)
        self.change_mind.textChanged.connect(self._changed)

    # Reasons

    def _reasons_came(self, rows: list[ReasonRow]) -> None:
        for row in rows:
            key = str(row.reason.digit) if row.reason.digit else ""
            button = ChoiceButton(
                self._shell.theme, row.reason.title, key, key_first=False, around=8 if self._tight else 12
            )
            button.clicked.connect(lambda _checked=False, key=row.reason.key: self.choose(key))
            button.say_aside(self._aside(row, chosen=False))
            self.reasons[row.reason.key], self.buttons[row.reason.key] = row, button
            self._choices.addWidget(button)
        kept = self._kept.get("reason", "")
        if kept in self.reasons:
            self.choose(kept)
        self.setFocus()
        self.ready.emit()

    def _aside(self, row: ReasonRow, *, chosen: bool) -> str:
        """How far this "no" goes where it is not for good, and how often it is said."""
        kinds = {RefusalKind.IGNORES: self.tr("ignores us"), RefusalKind.NOT_NOW: self.tr("won’t talk now")}
        parts = [kinds[row.reason.kind]] if row.reason.kind in kinds and chosen else []
        if row.share:
            share = self.tr("{share}% of refusals") if chosen and not parts else self.tr("{share}%")
            parts.append(share.format(share=language.digits(row.share)))
        return " · ".join(parts)

    def choose(self, key: str) -> None:
        """This is why."""
        self.reason = key
        for name, button in self.buttons.items():
            button.setChecked(name == key)
            button.say_aside(self._aside(self.reasons[name], chosen=name == key))
        row = self.reasons[key]
        self.hint.setText(self._rebuttal(row))
        self.banner.setVisible(bool(row.reason.hint))
        self._propose(row)
        self.error.say("")
        restyle(self.words, "wrong", value=False)
        self.chosen.emit(key)
        self._changed()
        if row.reason.needs_words and not self.words.toPlainText():
            self.words.setFocus()

    def _rebuttal(self, row: ReasonRow) -> str:
        said = f"<b>{escape(self.tr('Before you let go:'))}</b> {escape(row.reason.hint)}"
        if not row.stayed:
            return said
        stayed = self.tr("{stayed} of {all} stayed after this.")
        return f"{said} {escape(stayed.format(stayed=language.digits(row.stayed), all=language.digits(row.stayed + row.used)))}"

    def _propose(self, row: ReasonRow) -> None:
        """The day this reason proposes, unless another was typed."""
        if self.when.text() not in ("", self._proposed):
            return
        until = proposed_return(row.reason, self._shell.clock.now())
        day = until.astimezone(self._shell.zone()).date() if until else None
        self._proposed = say_day(day, language.current()) if day else ""
        self.when.set_text(self._proposed)

    def take_key(self, event: QKeyEvent) -> bool:
        """A digit is a reason, D the day, S that they stayed."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        typed = event.text()
        if len(typed) == 1 and typed.isdecimal():
            for key, row in self.reasons.items():
                if row.reason.digit == int(typed):
                    self.choose(key)
            return True
        if event.key() == Qt.Key.Key_D or typed in KEY_D:
            self.when.edit.setFocus()
            self.when.edit.selectAll()
            return True
        if (event.key() == Qt.Key.Key_S or typed in KEY_S) and not self._many:
            if self.banner.isVisible():
                self.stayed_requested.emit()
            return True
        return False

    # What was said

    @property
    def barred(self) -> bool:
        """Whether nobody will call or write again."""
        row = self.reasons.get(self.reason)
        return self.never.isChecked() or bool(row and row.reason.suppress)

    @property
    def until(self) -> datetime | None:
        """The day to come back, UTC."""
        return None if self.barred else self.when.moment()

    def wish(self, *, letter: str, written_in: str, send: bool) -> Wish | None:
        """All of it; None where something is missing, which is then said in place."""
        if not self.reason:
            self.error.say(self.tr("Choose why first: one of the keys above."))
            self.setFocus()
            return None
        if self.reasons[self.reason].reason.needs_words and not self.words.toPlainText().strip():
            restyle(self.words, "wrong", value=True)
            self.error.say(self.tr("Write down what they said: this reason needs words."))
            self.words.setFocus()
            return None
        if not self.barred and self.when.text().strip() and self.when.moment() is None:
            self.when.show_problem(self.when.problem)
            self.when.edit.setFocus()
            return None
        return Wish(
            reason=self.reason,
            words=self.words.toPlainText(),
            competitor=self.competitor.text(),
            change_mind=self.change_mind.text(),
            until=self.until,
            never_again=self.never.isChecked(),
            greet=self.greet.isChecked() and not self.barred,
            letter=letter,
            language=written_in,
            send=send,
        )

    def say(self, refused: Refused) -> None:
        """Why it was refused, at the field it is about."""
        if refused.field == "until":
            self.when.show_problem(refused.words)
            return
        if refused.field == "words":
            self.words.setFocus()
            restyle(self.words, "wrong", value=True)
        self.error.say(refused.words)
        self.ensureWidgetVisible(self.error)

    def values(self) -> dict[str, str]:
        """What to keep of it."""
        ticked = {"greet": self.greet, "never": self.never, "no_letter": self.no_letter}
        return {
            "reason": self.reason,
            "words": self.words.toPlainText(),
            "competitor": self.competitor.text(),
            "change_mind": self.change_mind.text(),
            "when": self.when.text(),
            "proposed": self._proposed,
            **{name: "yes" if chip.isChecked() else "" for name, chip in ticked.items()},
        }

    def restore(self, kept: Mapping[str, str], *, words: str = "", greet: bool = False) -> None:
        """Put back what was kept; `words` and `greet` are what to begin with where nothing was."""
        self._kept, self._filling = kept, True
        self.words.setPlainText(kept.get("words", words))
        self.competitor.setText(kept.get("competitor", ""))
        self.change_mind.setText(kept.get("change_mind", ""))
        self.when.set_text(kept.get("when", ""))
        self._proposed = kept.get("proposed", "")
        self.greet.setChecked("greet" in kept or (greet and not kept))
        self.never.setChecked("never" in kept)
        self.no_letter.setChecked("no_letter" in kept)
        if kept.get("reason", "") in self.reasons:
            self.choose(kept["reason"])
        self._filling = False

    def _changed(self) -> None:
        barred = self.barred
        self.when.setEnabled(not barred)
        self.greet.setEnabled(not barred)
        self.no_letter.setEnabled(not barred)
        if not self._filling:
            self.changed.emit()


def next_season(today: date) -> date:
    """The coming day when people decide anew, if it is two months off at least; else the one after."""
    days = (date(year, month, day) for year in (today.year, today.year + 1) for month, day in SEASONS)
    return next(day for day in days if day >= add_months(today, 2))
