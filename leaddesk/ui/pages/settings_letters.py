"""What the settings of letters have beside plain values: passwords, tests of the wires, one's own signature."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from leaddesk.ui.pages.settings_watched import WatchStanding
from leaddesk.ui.post import words_of
from leaddesk.ui.widgets import ErrorLabel, Heading, LineEdit, MutedLabel, PlainButton, Words, restyle
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letters import SaveSignature
from leaddesk.workflow.mail import Outgoing, SendResult, Verdict
from leaddesk.workflow.outbox import sender_address
from leaddesk.workflow.settings import SettingsNow
from leaddesk.workflow.settings_watched import WATCHED_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.ui.post import PostDoor
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Desk, Done

SIGNATURE_HEIGHT = 96
PASSWORD_WIDTH = 280
KINDS = {"Mail server": "smtp", "Answers": "imap"}
"""Groups of settings that are about a wire, and which."""


def beside(shell: Shell, group: str) -> list[QWidget]:
    """What stands below the settings of a group."""
    if group == "Letters":
        return [SignatureField(shell)]
    if group == WATCHED_GROUP:
        return [WatchStanding(shell)]
    kind = KINDS.get(group)
    if kind is None:
        return []
    return [PasswordField(shell, kind), WireTest(shell, kind)]


def once_written(shell: Shell, run: Callable[[], None]) -> None:
    """Do this when what is being saved is saved: the field left for a button's sake goes before the button."""
    if shell.lanes.writing():
        shell.lanes.became_idle.connect(run, Qt.ConnectionType.SingleShotConnection)
    else:
        run()


class _Block(QWidget):
    """A title, what it is about, and the widgets of the subclass below."""

    def __init__(self, shell: Shell, title: str, about: str) -> None:
        super().__init__()
        self._shell = shell
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(4)
        self.box.addWidget(Heading(title))
        self.box.addWidget(MutedLabel(about))

    def add_row(self, *widgets: QWidget) -> None:
        """Beside each other, from where lines begin."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        self.box.addLayout(row)


class PasswordField(_Block):
    """A password goes into the keyring and never comes back onto the screen."""

    def __init__(self, shell: Shell, kind: str) -> None:
        """`kind` is smtp or imap."""
        super().__init__(shell, "Password", "Kept in this machine’s keyring, never in the database.")
        self._kind = kind
        self.state = Words()
        self.line = LineEdit("A new password")
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setFixedWidth(PASSWORD_WIDTH)
        self.keep, self.forget = PlainButton("Keep"), PlainButton("Forget it")
        self.error = ErrorLabel()
        self.box.addWidget(self.state)
        self.add_row(self.line, self.keep, self.forget)
        self.box.addWidget(self.error)
        self.keep.clicked.connect(self._keep)
        self.line.returnPressed.connect(self._keep)
        self.forget.clicked.connect(lambda: self._put(""))
        shell.settings_changed.connect(self.look)

    def look(self) -> None:
        """Ask the keyring whether it has one."""
        if self._shell.post is None:
            self.state.setText("not possible in this installation")
            return
        kind = self._kind
        self._shell.postman.run(self, lambda door, desk: door.has_password(desk, kind), self._show, self._failed)

    def _show(self, has: bool) -> None:
        self.state.setText("✓ kept in this machine’s keyring" if has else "not set")
        self.forget.setVisible(has)

    def _keep(self) -> None:
        if not self.line.text():
            self.error.say("Type the password first.")
        else:
            self._put(self.line.text())

    def _put(self, password: str) -> None:
        kind = self._kind

        def put() -> None:
            if isValid(self):
                self._shell.postman.run(
                    self, lambda door, desk: door.keep_password(desk, kind, password), self._kept, self._failed
                )

        once_written(self._shell, put)

    def _kept(self, _none: None) -> None:
        self.line.clear()
        self.error.say("")
        self.look()
        self._shell.postman.collect()

    def _failed(self, error: Exception) -> None:
        words = words_of(error)
        if words:
            self.error.say(words)
        else:
            self._shell.messages.bug(error)


class WireTest(_Block):
    """Tries the connection as it is set now; the words stand below the buttons."""

    def __init__(self, shell: Shell, kind: str) -> None:
        """`kind` is smtp or imap."""
        super().__init__(shell, "Does it work?", "Tried with the settings above, as they are now.")
        self._kind = kind
        self.test = PlainButton("Test connection")
        self.letter = PlainButton("Send a test letter to myself")
        self.words = Words()
        self.error = ErrorLabel()
        buttons = (self.test, self.letter) if kind == "smtp" else (self.test,)
        self.add_row(*buttons)
        self.box.addWidget(self.words)
        self.box.addWidget(self.error)
        self.test.clicked.connect(lambda: self._try(check_smtp if kind == "smtp" else check_imap))
        self.letter.clicked.connect(lambda: self._try(send_test))
        self._say("")

    def _try(self, work: Callable[[PostDoor, Desk], str]) -> None:
        self.test.setEnabled(False)
        self.letter.setEnabled(False)
        self._say("Trying…")

        def run() -> None:
            if isValid(self):
                self._shell.postman.run(self, work, self._worked, self._failed)

        once_written(self._shell, run)

    def _worked(self, words: str) -> None:
        self._over()
        self._say(f"✓ {words}")

    def _failed(self, error: Exception) -> None:
        self._over()
        self._say("")
        words = words_of(error)
        if words:
            self.error.say(words)
        else:
            self._shell.messages.bug(error)

    def _over(self) -> None:
        self.test.setEnabled(True)
        self.letter.setEnabled(True)

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.error.say("")


def check_smtp(door: PostDoor, desk: Desk) -> str:
    """Words that the mail server takes us. Raises `Refused` saying why not. In a lane's thread."""
    result: SendResult = door.check_smtp(desk)
    if result.verdict is not Verdict.SENT:
        raise Refused(result.words or result.reply)
    return result.words or "The mail server takes us."


def check_imap(door: PostDoor, desk: Desk) -> str:
    """Words that the mailbox can be read. In a lane's thread."""
    return door.check_imap(desk)


def send_test(door: PostDoor, desk: Desk) -> str:
    """A letter to oneself, sent at once; nothing is written down. Raises `Refused`. In a lane's thread."""
    own = desk.user.email.strip()
    sender = sender_address(desk.read(SettingsNow()), own)
    if not sender:
        raise Refused("There is no address to send from. Fill in “Letters come from” first.")
    letter = Outgoing(
        message_id=f"<test.{secrets.token_hex(10)}@{sender.rpartition('@')[2]}>",
        sender_name=desk.user.name,
        sender_address=sender,
        to_address=own or sender,
        to_name=desk.user.name,
        subject="A test letter from LeadDesk",
        text="If you can read this, letters leave as they should.\n\nÁrvíztűrő tükörfúrógép · Привет · سلام\n",
        language="en",
    )
    door.send_test(desk, letter)
    return f"Sent to {letter.to_address}. Look whether it has arrived."


class SignatureField(_Block):
    """One's own words under letters. Saved when the field is left; a refusal stands below, and what was typed stays."""

    def __init__(self, shell: Shell) -> None:
        """As it stands now."""
        super().__init__(
            shell, "My signature", "Stands under letters you write. Empty: your name, phone and our company."
        )
        self._saved = ""
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName("My signature")
        self.edit.setFixedHeight(SIGNATURE_HEIGHT)
        self.edit.setTabChangesFocus(True)
        self.edit.installEventFilter(self)
        self.error = ErrorLabel()
        self.box.addWidget(self.edit)
        self.box.addWidget(self.error)
        shell.user_changed.connect(self.look)
        shell.closing.connect(self.save)
        self.look()

    def look(self) -> None:
        """Show what is kept, unless something else has been typed."""
        now = self._shell.user.signature
        if self.edit.toPlainText() == self._saved:
            self.edit.setPlainText(now)
        self._saved = now

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Many lines have no Enter to finish with: leaving them saves."""
        if event.type() == QEvent.Type.FocusOut:
            self.save()
        return False

    def save(self) -> None:
        """Save what is typed, if it is something else."""
        if self.edit.toPlainText().strip() != self._saved.strip():
            self._shell.lanes.do(self, SaveSignature(self.edit.toPlainText()), self._kept, failed=self._refused)

    def _kept(self, done: Done[str]) -> None:
        self._saved = self.edit.toPlainText()
        self._shell.know_user(replace(self._shell.user, signature=done.value))
        self._say("")

    def _refused(self, refused: Refused) -> None:
        self._say(refused.words)

    def _say(self, words: str) -> None:
        self.error.say(words)
        restyle(self.edit, "wrong", bool(words))
