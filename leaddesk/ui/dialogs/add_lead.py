"""A new lead, typed in; what is known already is said while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.cards.choice import TickChip
from leaddesk.ui.cards.drafts import FormDraft
from leaddesk.ui.dialogs.known_already import KnownAlready
from leaddesk.ui.dialogs.paper import on_paper
from leaddesk.ui.widgets import ErrorLabel, LineEdit, MutedLabel, PlainButton, PrimaryButton, Title, restyle
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.duplicates import Lookalikes, Match, keys_of
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.sources import Sources
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk, Done
    from leaddesk.workflow.entities import Lead
    from leaddesk.workflow.errors import Refused

PLACE = "new_lead"
PAUSE_MS = 200
FIELDS = (
    ("name", "Name"),
    ("company", "Company"),
    ("phone", "Phones, with commas between them"),
    ("email", "E-mails, with commas between them"),
    ("interest", "Interest: what they want"),
    ("source", "Source"),
    ("country", "Country"),
)


class AddLeadDialog(QDialog):
    """Ctrl+Enter adds; Esc keeps what was typed for the next time. The new lead is opened."""

    lead_added = Signal(int)

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell = shell
        self._draft = FormDraft(shell, PLACE, self)
        self._saving = self._filled = False
        self.setWindowTitle("Add a lead")
        self.setMinimumWidth(620)
        self.edits: dict[str, QLineEdit] = {}
        self.errors: dict[str, ErrorLabel] = {}
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText("Note")
        self.note.setAccessibleName("Note")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(72)
        self.mine = TickChip("mine; else it goes to the pool")
        self.mine.setChecked(True)
        self.known = KnownAlready(shell)
        self.anyway = TickChip("somebody else: add it all the same")
        self.anyway.hide()
        self.error = ErrorLabel()
        self.add = PrimaryButton("Add", shell.actions.keys("take_from_note"))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._arrange()
        self._wire()
        shell.lanes.ask(self, Drafts(), self._fill, key="drafts")
        shell.lanes.ask(self, Sources(), lambda found: self._suggest([s.name for s in found]), key="sources")

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for key, title in FIELDS:
            edit, error = LineEdit(), ErrorLabel()
            edit.setAccessibleName(title)
            self.edits[key], self.errors[key] = edit, error
            label = MutedLabel(title, wrap=False)
            label.setBuddy(edit)
            cell = QVBoxLayout()
            cell.setSpacing(2)
            for widget in (label, edit, error):
                cell.addWidget(widget)
            wide = key == "interest"
            row = {"name": 0, "company": 0, "phone": 1, "email": 1, "interest": 2, "source": 3, "country": 3}[key]
            column = 0 if key in ("name", "phone", "interest", "source") else 1
            grid.addLayout(cell, row, column, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
        back = PlainButton("Back", "Esc")
        back.setAutoDefault(False)
        back.clicked.connect(self.reject)
        self.add.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.mine)
        buttons.addStretch()
        buttons.addWidget(back)
        buttons.addWidget(self.add)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        box.addWidget(Title("Add a lead"))
        box.addLayout(grid)
        box.addWidget(self.note)
        box.addWidget(self.known)
        box.addWidget(self.anyway, 0, Qt.AlignmentFlag.AlignLeading)
        box.addWidget(self.error)
        box.addStretch()
        box.addLayout(buttons)
        on_paper(self)

    def _wire(self) -> None:
        for edit in self.edits.values():
            edit.textChanged.connect(self._typed)
        self.note.textChanged.connect(self._typed)
        self._pause.timeout.connect(self._look_for_known)
        self.known.match_chosen.connect(self._open_known)
        self.add.clicked.connect(self.save)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)

    def _fill(self, stored: dict[str, str]) -> None:
        kept = self._draft.get(stored)
        for key, edit in self.edits.items():
            if not edit.text():
                edit.setText(kept.get(key, ""))
        if not self.note.toPlainText():
            self.note.setPlainText(kept.get("note", ""))
        self._filled = True

    def _suggest(self, names: list[str]) -> None:
        completer = QCompleter(names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.edits["source"].setCompleter(completer)

    def _typed(self) -> None:
        self._pause.start()
        self.error.say("")
        for key, edit in self.edits.items():
            self.errors[key].say("")
            restyle(edit, "wrong", value=False)
        if self._filled:
            values = {key: edit.text() for key, edit in self.edits.items()}
            self._draft.put({**values, "note": self.note.toPlainText()})

    def points(self) -> tuple[PointInput, ...]:
        """The numbers and addresses typed."""
        from leaddesk.workflow.emails import split_emails
        from leaddesk.workflow.phones import split_phones

        phones = [PointInput(Channel.PHONE, text) for text in split_phones(self.edits["phone"].text())]
        return (*phones, *(PointInput(Channel.EMAIL, text) for text in split_emails(self.edits["email"].text())))

    # Known already?

    def _look_for_known(self) -> None:
        typed = {key: self.edits[key].text().strip() for key in ("name", "company", "phone", "email", "country")}
        if not any(typed[key] for key in ("name", "company", "phone", "email")):
            self._known_came([])
            return
        given, default = self.points(), self._shell.settings.text("phones.region")

        def look(desk: Desk) -> list[Match]:
            from leaddesk.workflow.countries import country_code

            region = country_code(typed["country"]) or default
            keys = keys_of([new_point(point, region) for point in given])
            return desk.read(Lookalikes(keys, name=typed["name"], company=typed["company"]))

        self._shell.lanes.read(self, look, self._known_came, key="known")

    def _known_came(self, matches: list[Match]) -> None:
        self.known.show_matches(matches)
        self.anyway.setVisible(self.known.is_sure)
        self._make_room()

    def _open_known(self, kind: str, card_id: int) -> None:
        """Go to who is there already; what was typed waits for the next time."""
        shell = self._shell
        self.reject()
        (shell.client_requested if kind == "client" else shell.lead_requested).emit(card_id)

    def _make_room(self) -> None:
        """Grow by what has come to be said; a window grows by itself only for what never wraps."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            needed = layout.totalHeightForWidth(self.width())
            if needed > self.height():
                self.resize(self.width(), needed)

    # Doing

    def save(self) -> None:
        """Add it."""
        if self._saving:
            return
        self._saving = True
        values = {key: self.edits[key].text() for key in ("name", "company", "interest", "country")}
        command = AddLead(
            values={key: text for key, text in values.items() if text.strip()},
            points=self.points(),
            source=self.edits["source"].text(),
            note=self.note.toPlainText(),
            owner_id=self._shell.user.id if self.mine.isChecked() else None,
            even_if_known=self.anyway.isChecked(),
        )
        self._shell.lanes.do(self, command, self._done, failed=self._not_done)

    def _done(self, done: Done[Lead]) -> None:
        self._draft.forget()
        self.lead_added.emit(done.value.id)
        shell, lead_id = self._shell, done.value.id
        self.accept()
        shell.lead_requested.emit(lead_id)

    def _not_done(self, refused: Refused) -> None:
        self._saving = False
        edit = self.edits.get(refused.field or "")
        if edit is None:
            self.error.say(refused.words)
            self._make_room()
            return
        self.errors[refused.field or ""].say(refused.words)
        restyle(edit, "wrong", value=True)
        edit.setFocus()
        if refused.field == "phone":
            self.anyway.show()
        self._make_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field; only Ctrl+Enter adds."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
            return
        super().keyPressEvent(event)
