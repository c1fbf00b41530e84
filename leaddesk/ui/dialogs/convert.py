"""They agreed: is it a client we have, and if not, the client's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.cards.choice import ChoiceButton
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.cards.fields import CLIENT_FIELDS
from leaddesk.ui.cards.saying import counted
from leaddesk.ui.dialogs.convert_people import PeopleForm
from leaddesk.ui.dialogs.paper import lay_on_paper
from leaddesk.ui.widgets import (
    ErrorLabel,
    Heading,
    LineEdit,
    MutedLabel,
    PlainButton,
    PrimaryButton,
    Title,
    restyle,
)
from leaddesk.workflow.clients import ConvertLead, from_lead
from leaddesk.workflow.duplicates import Match, Matches, keys_of
from leaddesk.workflow.tax_numbers import NumberCheck, check_tax_number
from leaddesk.workflow.team import Users
from leaddesk.workflow.vocabulary import UserState

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.calls import LogCall
    from leaddesk.workflow.cards import LeadCardData
    from leaddesk.workflow.desk import Done
    from leaddesk.workflow.entities import Client, User
    from leaddesk.workflow.errors import Refused

SIZE = (980, 720)
NUMBERS = {"tax_number": "tax", "registration_number": "registration"}
PAUSE_MS = 120


class ConvertDialog(QDialog):
    """`converted` carries the client's id. Esc goes back; what was typed is there when it opens again."""

    converted = Signal(int)

    def __init__(self, shell: Shell, card: LeadCardData, call: LogCall | None, parent: QWidget | None = None) -> None:
        """`call` is the one they agreed in: both are written up in one step."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell, self._card, self._call = shell, card, call
        self._draft = FormDraft(shell, f"lead:{card.lead.id}:convert", self)
        self._matches: list[Match] = []
        self._tax_key = ""
        self._saving = False
        lead = card.lead
        self.setWindowTitle(f"New client: {lead.title}")
        room = (parent.window() if parent else self).size()
        self.resize(min(SIZE[0], max(860, room.width() - 80)), min(SIZE[1], max(540, room.height() - 60)))
        self.edits: dict[str, QLineEdit] = {}
        self.checks: dict[str, QLabel] = {}
        self.owner = QComboBox()
        self.owner.setAccessibleName("Owner of the client")
        self.people = PeopleForm(card)
        self.known = QFrame()
        self._known_box = QVBoxLayout(self.known)
        self._choice = QButtonGroup(self)
        self.error = ErrorLabel()
        self.save = PrimaryButton("Make the client card", shell.actions.keys("take_from_note"))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._arrange()
        self._fill()
        self._wire()
        points = keys_of(card.points)
        shell.lanes.ask(self, Matches(points, clients_only=True), self._matches_came, key="matches")
        shell.lanes.ask(self, Users(), self._users_came, key="users")
        self._check_numbers()
        self.edits["legal_name"].setFocus()

    # Layout

    def _arrange(self) -> None:
        lead = self._card.lead
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 20, 14)
        head.setSpacing(20)
        head.addWidget(Title(f"New client: {lead.title}"), 1)
        back = "the call" if self._call else "the card"
        head.addWidget(MutedLabel(f"Esc goes back to {back}, nothing is lost", wrap=False))
        inside = QWidget()
        inside.setProperty("look", "scrolled")
        body = QVBoxLayout(inside)
        body.setContentsMargins(20, 14, 20, 14)
        body.setSpacing(14)
        self.known.setObjectName("known")
        self._known_box.setContentsMargins(12, 10, 12, 10)
        self.known.hide()
        body.addWidget(self.known)
        self._form = QWidget()
        self._form.setLayout(self._grid())
        body.addWidget(self._form)
        body.addWidget(self.people)
        body.addWidget(MutedLabel(self._carried()))
        body.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.error, 1)
        foot.addStretch()
        leave = PlainButton("Back", "Esc")
        leave.clicked.connect(self.reject)
        for button in (leave, self.save):
            button.setAutoDefault(False)
            foot.addWidget(button)
        middle = QVBoxLayout()
        middle.addWidget(area)
        lay_on_paper(self, head, middle, foot)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for place, field in enumerate(CLIENT_FIELDS):
            edit, check = LineEdit(), QLabel()
            edit.setAccessibleName(field.title)
            check.setWordWrap(True)
            check.setProperty("look", "small")
            check.hide()
            self.edits[field.key], self.checks[field.key] = edit, check
            cell = QVBoxLayout()
            cell.setSpacing(2)
            label = MutedLabel(field.title, wrap=False)
            label.setBuddy(edit)
            cell.addWidget(label)
            cell.addWidget(edit)
            cell.addWidget(check)
            grid.addLayout(cell, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        cell = QVBoxLayout()
        cell.setSpacing(2)
        cell.addWidget(MutedLabel("Owner", wrap=False))
        cell.addWidget(self.owner)
        grid.addLayout(cell, (len(CLIENT_FIELDS) + 1) // 2, 0)
        return grid

    def _carried(self) -> str:
        card = self._card
        tasks = sum(task.is_open for task in card.tasks)
        points = sum(point.usable for point in card.points)
        parts = [counted(points, "number or address", "numbers and addresses")]
        if tasks:
            parts.append(counted(tasks, "open task"))
        return f"Carried over: {', '.join(parts)}. The history stays on the lead’s card, one click away; the two are linked."

    def _wire(self) -> None:
        for edit in self.edits.values():
            edit.textChanged.connect(self._typed)
        self.owner.currentIndexChanged.connect(self._typed)
        self.people.changed.connect(self._typed)
        self._choice.buttonToggled.connect(self._chosen)
        self._pause.timeout.connect(self._check_numbers)
        self.save.clicked.connect(self.convert)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.convert)

    # Filling

    def _fill(self) -> None:
        kept = self._draft.get(self._card.drafts)
        taken = from_lead(self._card.lead)
        for key, edit in self.edits.items():
            edit.setText(kept.get(key, str(taken.get(key) or "")))
            edit.setCursorPosition(0)
        self.people.fill(kept)

    def _typed(self) -> None:
        self._pause.start()
        values = {key: edit.text() for key, edit in self.edits.items()}
        self._draft.put({**values, **self.people.texts()})
        self.error.say("")
        for edit in self.edits.values():
            restyle(edit, "wrong", value=False)

    def _users_came(self, users: list[User]) -> None:
        mine = self._card.lead.owner_id or self._shell.user.id
        blocked = self.owner.blockSignals(True)
        for user in users:
            if user.state is not UserState.LEFT:
                self.owner.addItem(user.name, user.id)
        self.owner.setCurrentIndex(max(0, self.owner.findData(mine)))
        self.owner.blockSignals(blocked)

    # Known already?

    def _matches_came(self, matches: list[Match]) -> None:
        if matches == self._matches:
            return
        self._matches = matches
        while self._known_box.count():
            item = self._known_box.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                if isinstance(widget, ChoiceButton):
                    self._choice.removeButton(widget)
                widget.hide()
                widget.deleteLater()
        self.known.setVisible(bool(matches))
        if not matches:
            self._chosen()
            return
        ground = self._shell.theme.token("yellow_soft").name()
        self.known.setStyleSheet(f"#known {{ background: {ground}; border-radius: 8px; }}")
        self._known_box.addWidget(Heading("A client we have already?"))
        for match in matches:
            owner = f", {match.owner}" if match.owner else ""
            self._offer(f"Attach to {match.title} (client {match.id}{owner}): {match.why}", match.id)
        self._offer("None of these: make a new client card", 0)
        first = self._choice.button(matches[0].id)
        if first is not None:
            first.setFocus()
            first.setChecked(True)

    def _offer(self, words: str, client_id: int) -> None:
        keys = QKeySequence(f"Alt+{self._known_box.count()}")
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ")
        button = ChoiceButton(self._shell.theme, words, shown, key_first=False)
        QShortcut(keys, button).activated.connect(button.click)
        self._choice.addButton(button, client_id)
        self._known_box.addWidget(button)
        # Shown at once: a button that is not yet shown cannot take the keyboard from the form that is about to go.
        button.show()

    def attached(self) -> Match | None:
        """The client to attach to, None for a new one."""
        chosen = self._choice.checkedId()
        return next((m for m in self._matches if m.id == chosen), None)

    def _chosen(self) -> None:
        match = self.attached()
        self.save.setText(f"Attach to {match.title}" if match else "Make the client card")
        self.save.updateGeometry()
        self._form.setVisible(match is None)
        self.people.setVisible(match is None)

    # Numbers

    def _check_numbers(self) -> None:
        country = self.edits["country"].text().strip()
        typed = {key: self.edits[key].text().strip() for key in NUMBERS}

        def check(_desk: object) -> dict[str, NumberCheck]:
            from leaddesk.workflow.countries import country_code

            home = country_code(country) or country
            tax = check_tax_number(home, typed["tax_number"], "tax")
            return {
                "tax_number": tax,
                "registration_number": check_tax_number(home, typed["registration_number"], "registration"),
            }

        self._shell.lanes.read(self, check, self._checked, key="numbers")

    def _checked(self, checks: dict[str, NumberCheck]) -> None:
        for key, check in checks.items():
            typed = self.edits[key].text().strip()
            label = self.checks[key]
            if typed and check.ok is False:
                self._say(label, check.problem or "not valid", "error")
            elif typed and check.ok:
                self._say(label, f"✓ {check.label}: {check.display}", "known")
            else:
                self._say(label, check.label, "small")
        tax = checks["tax_number"]
        country = self.edits["country"].text().strip().upper()
        key = f"{country}{tax.compact}" if tax.ok and self.edits["tax_number"].text().strip() else ""
        if key != self._tax_key:
            self._tax_key = key
            question = Matches(keys_of(self._card.points), key, clients_only=True)
            self._shell.lanes.ask(self, question, self._matches_came, key="matches")

    def _say(self, label: QLabel, words: str, look: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))
        restyle(label, "look", look)

    # Doing

    def convert(self) -> None:
        """Make the card, or attach the lead."""
        if self._saving:
            return
        self._saving = True
        match = self.attached()
        values: dict[str, object] = {}
        if match is None:
            values = {key: edit.text() for key, edit in self.edits.items()}
            if self.owner.currentData():
                values["owner_id"] = int(self.owner.currentData())
        command = ConvertLead(
            lead_id=self._card.lead.id,
            client_id=match.id if match else None,
            values=values,
            people=self.people.people() if match is None else (),
            even_if_known=bool(self._matches) and match is None,
            call=self._call,
        )
        self._shell.lanes.do(self, command, self._done, failed=self._not_done)

    def _done(self, done: Done[Client]) -> None:
        self._draft.forget()
        self.converted.emit(done.value.id)
        self.accept()

    def _not_done(self, refused: Refused) -> None:
        self._saving = False
        self.error.say(refused.words)
        edit = self.edits.get(refused.field or "")
        if edit is not None:
            restyle(edit, "wrong", value=True)
            self._say(self.checks[refused.field or ""], refused.words, "error")
            edit.setFocus()
        elif refused.field == "client":
            question = Matches(keys_of(self._card.points), self._tax_key, clients_only=True)
            self._shell.lanes.ask(self, question, self._matches_came, key="matches")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field; only Ctrl+Enter converts."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
            return
        super().keyPressEvent(event)
