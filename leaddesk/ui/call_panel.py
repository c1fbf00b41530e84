"""The right third of My day: the call itself, from dialling to its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.call_panel_hold import Holding
from leaddesk.ui.call_panel_pad import OutcomePad
from leaddesk.ui.call_panel_script import ScriptBox
from leaddesk.ui.call_panel_then import HINTS, ThenBox
from leaddesk.ui.cards.outside import open_link
from leaddesk.ui.drafts import DraftKeeper
from leaddesk.ui.widgets import Chip, ErrorLabel
from leaddesk.ui.widgets_scroll import FitScroll
from leaddesk.workflow.calls import CallFacts, LogCall

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.calls import CallDone
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.entities import ContactPoint, Outcome
    from leaddesk.workflow.errors import Refused
    from leaddesk.workflow.outcomes import Facts
    from leaddesk.workflow.vocabulary import Section

NOTE_HEIGHT = 62


@dataclass(slots=True)
class Sitting:
    """What is half done with one lead: coming back to it goes on from here."""

    started: datetime | None = None
    contact_id: int | None = None
    digit: int | None = None
    when: str = ""
    channel: str = ""


class NoteEdit(QPlainTextEdit):
    """A note while talking. Esc leaves it, so that digits are outcomes again; Tab goes on."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText("Note while you talk")
        self.setAccessibleName("Note on this call")
        self.setFixedHeight(NOTE_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the note as it stands."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class CallPanel(QFrame):
    """Timer, script, note, outcomes and what they lead to.

    `call_logged` says that a call was written up, with whether to stay on the lead (another number to try).
    `card_asked` asks to read the card again: somebody else is at it.
    `convert_requested` and `refuse_requested` carry the card and the call to be written up with it.
    """

    call_logged = Signal(int, bool)
    card_asked = Signal()
    convert_requested = Signal(object, object)
    refuse_requested = Signal(object, object)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.card: LeadCardData | None = None
        self._facts: Facts | None = None
        self._sittings: dict[int, Sitting] = {}
        self._writing = False
        self.setProperty("look", "panel")
        self.setMinimumWidth(320)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Call")
        self.clock_label = QLabel("00:00")
        self.clock_label.setFont(shell.theme.font(10, bold=True))
        self.clock_label.setAccessibleName("Time on this call")
        self.state_chip = Chip("on call", "ok")
        self.script = ScriptBox(shell)
        self.note = NoteEdit()
        self._draft = DraftKeeper(shell, "", self.note)
        self.holding = Holding(shell, self)
        self.pad = OutcomePad(shell.theme)
        self.then = ThenBox(shell)
        self.problem = ErrorLabel()
        self._arrange()
        self._tick = QTimer(self, interval=1000)
        self._tab = QShortcut(QKeySequence(Qt.Key.Key_Tab), self)
        self._tab.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._tab.setEnabled(False)
        self._tab.activated.connect(self._tabbed)
        self._tick.timeout.connect(self._show_time)
        self.script.answer_opened.connect(self._show_answer)
        self.holding.warned.connect(self._warn)
        self.note.left.connect(self.rest)
        self.pad.outcome_chosen.connect(self.choose)
        self.then.changed.connect(self._said)
        self.then.when.edit.installEventFilter(self)
        self.show_card(None, None)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 14, 8)
        head.addWidget(self.clock_label)
        head.addStretch()
        head.addWidget(self.state_chip)
        line = QFrame()
        line.setProperty("look", "line")
        said = QWidget()
        talk = QVBoxLayout(said)
        talk.setContentsMargins(14, 10, 14, 0)
        talk.addWidget(self.script)
        self._scroll = FitScroll(said)
        # However low the window, what a key will do is seen before it is pressed: only the script scrolls.
        self._pressed = QWidget()
        body = QVBoxLayout(self._pressed)
        body.setContentsMargins(14, 8, 14, 10)
        body.setSpacing(8)
        for widget in (self.note, self.pad, self.then, self.problem):
            body.addWidget(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(line)
        box.addWidget(self._scroll)
        box.addWidget(self._pressed)
        box.addStretch(1)

    def _show_answer(self, answer: QWidget) -> None:
        """Once it has its place."""
        QTimer.singleShot(0, answer, lambda: self._scroll.ensureWidgetVisible(answer, 0, 4))

    # What is shown

    def show_card(self, card: LeadCardData | None, section: Section | None) -> None:
        """Be about this lead. What is half typed about it stays as it is."""
        before = self.card.lead.id if self.card else None
        self.card = card
        self.pad.show_outcomes(self._shell.outcomes)
        self.setMinimumWidth(max(320, self._pressed.minimumSizeHint().width() + 2))
        self.script.show_card(card, section)
        self.setEnabled(card is not None)
        if card is None:
            self._facts = None
            self._draft.go_to("")
            self.then.show_outcome(None, None)
            self.pad.mark(None)
            self._show_time()
            return
        if card.lead.id != before:
            self._facts = None
            self._say_problem("")
            self._draft.go_to(f"lead:{card.lead.id}:call", card.drafts)
            self._show_choice()
        self._show_time()
        self._ask_facts()

    def _ask_facts(self) -> None:
        if self.card is not None:
            question = CallFacts(self.card.lead.id, self._sitting().contact_id)
            self._shell.lanes.ask(self, question, self._facts_came, key="facts")

    def _facts_came(self, facts: Facts) -> None:
        if self.card is not None and facts.lead.id == self.card.lead.id:
            self._facts = facts
            self._show_choice()

    def _sitting(self) -> Sitting:
        return self._sittings.setdefault(self.card.lead.id if self.card else 0, Sitting())

    def _show_choice(self) -> None:
        now, outcome = self._sitting(), self.chosen()
        self.pad.mark(now.digit)
        self.then.show_outcome(outcome, self._facts, now.when, now.channel)
        self._tab.setEnabled(self.then.can_say)

    def _show_time(self) -> None:
        started = self._sitting().started if self.card else None
        seconds = max(0, int((self._shell.clock.now() - started).total_seconds())) if started else 0
        hours, rest = divmod(seconds, 3600)
        words = f"{rest // 60:02}:{rest % 60:02}"
        self.clock_label.setText(f"{hours}:{words}" if hours else words)
        self.clock_label.setEnabled(started is not None)
        self.state_chip.setVisible(started is not None)
        if started and not self._tick.isActive():
            self._tick.start()
        elif not started:
            self._tick.stop()

    # What is done

    def dial(self, point: ContactPoint | None = None) -> None:
        """Call the number to dial, or the one given, and start the clock."""
        if self.card is None:
            self._shell.messages.refused("Choose a lead first: F2 draws the next one.")
            return
        number = point or self.card.dial
        if number is None:
            self._shell.messages.refused(
                f"{self.card.lead.title} has no number that may be called. Add one to the card."
            )
            return
        card = self.card
        self.holding.then(card, lambda: self._dial(card, number), "F5 once more calls all the same.")

    def _dial(self, card: LeadCardData, number: ContactPoint) -> None:
        if self.card is None or self.card.lead.id != card.lead.id:
            return
        now = self._sitting()
        now.started, now.contact_id = self._shell.clock.now(), number.id
        link = self._shell.settings.text("dial.pattern").replace("{number}", number.key or number.value)
        if not open_link(self._shell, link):
            self._shell.messages.refused(
                f"Nothing on this machine answers to {link}. Choose another dial link in Settings."
            )
        self._show_time()
        self._ask_facts()
        self.rest()

    def chosen(self) -> Outcome | None:
        """The outcome chosen."""
        digit = self._sitting().digit if self.card else None
        return next((o for o in self._shell.outcomes if o.digit == digit), None) if digit is not None else None

    def choose(self, digit: int) -> None:
        """Choose the outcome of that key; nothing happens yet."""
        if self.card is None or not any(o.digit == digit for o in self._shell.outcomes):
            return
        now = self._sitting()
        if now.digit != digit:
            now.digit, now.when, now.channel = digit, "", ""
        ours = self.holding.is_ours(self.card.lead.id)
        self._say_problem("" if ours else self.holding.about(self.card))
        self._show_choice()
        outcome = self.chosen()
        if outcome is not None and outcome.next_step == "callback":
            self.then.when.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self._in_then():
            self.rest()

    def clear_choice(self) -> None:
        """Think again: nothing is chosen."""
        if self.card is not None:
            now = self._sitting()
            now.digit, now.when, now.channel = None, "", ""
            self._say_problem("")
            self._show_choice()
        self.rest()

    def call(self) -> LogCall | None:
        """The call as it would be written up now; None while no outcome is chosen."""
        outcome = self.chosen()
        if self.card is None or outcome is None:
            return None
        now, said = self._sitting(), self.then.said()
        seconds = int((self._shell.clock.now() - now.started).total_seconds()) if now.started else 0
        dial = self.card.dial
        return LogCall(
            lead_id=self.card.lead.id,
            outcome=outcome.key,
            note=self.note.toPlainText(),
            at=said.at,
            channel=said.channel,
            contact_id=now.contact_id or (dial.id if dial else None),
            duration_s=min(max(0, seconds), 86_399),
            started_at=now.started,
        )

    def take(self) -> None:
        """Write the call up with the outcome chosen."""
        call, outcome = self.call(), self.chosen()
        if self._writing:
            return
        if call is None or outcome is None:
            self._shell.messages.refused("Choose how the call ended first: keys 1 to 9 and 0.")
            return
        if outcome.next_step in HINTS and self.then.when.text().strip() and call.at is None:
            self._ask_when(self.then.when.problem)
        elif outcome.next_step == "callback" and call.at is None:
            self._ask_when("Say when to call back, such as “16:00” or “tomorrow 14:30”.")
        elif self.card is not None:
            card, stays = self.card, bool(self.then.effect and self.then.effect.next_number)
            again = "Enter once more writes the call up all the same."
            self.holding.then(card, lambda: self._write_up(card, call, outcome.next_step, stays=stays), again)

    def _write_up(self, card: LeadCardData, call: LogCall, next_step: str, *, stays: bool) -> None:
        here = self.card is not None and self.card.lead.id == card.lead.id
        if next_step == "convert" and here:
            self.convert_requested.emit(self.card, call)
        elif next_step == "refuse" and here:
            self.refuse_requested.emit(self.card, call)
        elif next_step not in ("convert", "refuse"):
            self._write(call, stays=stays)

    def _warn(self, lead_id: int, words: str) -> None:
        if self.card is not None and self.card.lead.id == lead_id:
            self._say_problem(words)
            self._scroll.ensureWidgetVisible(self.problem, 0, 0)
            self.card_asked.emit()

    def _ask_when(self, words: str) -> None:
        self.then.when.show_problem(words)
        self.then.when.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _write(self, call: LogCall, *, stays: bool) -> None:
        self._writing = True

        def logged(done: Done[CallDone]) -> None:
            self._writing = False
            self.call_over(done.value.lead_id)
            self.call_logged.emit(done.value.lead_id, stays)

        def refused(refused: Refused) -> None:
            self._writing = False
            if refused.field == "at":
                self._ask_when(refused.words)
            else:
                self._say_problem(refused.words)

        self._shell.lanes.do(self, call, logged, failed=refused)

    def call_over(self, lead_id: int) -> None:
        """The call with this lead is written up: its clock, choice and note are done with."""
        self._sittings.pop(lead_id, None)
        self.holding.forget(lead_id)
        if self._draft.place == f"lead:{lead_id}:call":
            self._draft.forget()
        else:
            self._shell.typed.pop(f"lead:{lead_id}:call", None)
        if self.card is not None and self.card.lead.id == lead_id:
            self._show_choice()
            self._show_time()

    def rest(self) -> None:
        """Have the keyboard where digits are outcomes."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_problem(self, words: str) -> None:
        self.problem.say(words)

    # What is typed

    def _said(self) -> None:
        if self.card is not None and self.chosen() is not None:
            now = self._sitting()
            now.when, now.channel = self.then.when.text(), self.then.channel.currentText()

    def _in_then(self) -> bool:
        here = QApplication.focusWidget()
        return isinstance(here, QWidget) and self.then.isAncestorOf(here)

    def _tabbed(self) -> None:
        if self._in_then():
            self.focusNextChild()
        else:
            self.then.when.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Esc in the time field thinks again."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.clear_choice()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc thinks again; what is not ours goes on to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear_choice()
            return
        super().keyPressEvent(event)
