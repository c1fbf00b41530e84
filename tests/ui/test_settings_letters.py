"""Mail is set up in the window: passwords go into the keyring, the wires are tried, and nothing waits for them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from leaddesk.exchange.post_office import PostOffice
from leaddesk.ui.pages.settings import SettingsPage
from leaddesk.ui.pages.settings_letters import PasswordField, SignatureField, WireTest
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.errors import Unavailable
from leaddesk.workflow.letters import LONGEST_SIGNATURE
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.team import Users
from tests.mail_server import PASSWORD, LoopbackSmtp, Step
from tests.outbox.posting import Keyring, set_up


class NoKeyring(Keyring):
    def put(self, name: str, secret: str) -> None:
        raise Unavailable("This machine's keyring did not keep the password.")


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp(user="anna", auth_without_tls=True) as running:
        yield running
        running.forgive()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring()


@pytest.fixture
def page(shell: Shell, desk_here: Desk, qtbot: QtBot, server: LoopbackSmtp, keyring: Keyring) -> Iterator[SettingsPage]:
    shell.post = PostOffice(keyring)
    set_up(desk_here, server)
    made = SettingsPage(shell)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.activate()
    settle(shell, qtbot)
    yield made
    shell.postman.end()


def settle(shell: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: shell.lanes.idle() and shell.postman.idle())


def password(page: SettingsPage, kind: str = "smtp") -> PasswordField:
    return next(field for field in page.findChildren(PasswordField) if field._kind == kind)


def wire(page: SettingsPage, kind: str = "smtp") -> WireTest:
    return next(test for test in page.findChildren(WireTest) if test._kind == kind)


def test_a_password_goes_into_the_keyring_and_is_never_shown(
    page: SettingsPage, shell: Shell, qtbot: QtBot, keyring: Keyring
) -> None:
    field = password(page)
    assert field.state.text() == "not set"
    field.line.setText(PASSWORD)
    assert field.line.echoMode() is QLineEdit.EchoMode.Password
    field.keep.click()
    settle(shell, qtbot)
    assert "whom to sign in as" in field.error.text()
    assert field.line.text() == PASSWORD, "what was typed stays"
    page.show_group("Mail server")
    user = page.fields["letters.smtp_user"].editor
    assert isinstance(user, QLineEdit)
    user.setText("anna")
    user.editingFinished.emit()
    field.keep.click()
    settle(shell, qtbot)
    assert keyring.kept == {"smtp:anna": PASSWORD}
    assert field.line.text() == ""
    assert field.state.text() == "✓ kept in this machine’s keyring"
    field.forget.click()
    settle(shell, qtbot)
    assert keyring.kept == {"smtp:anna": ""}
    assert field.state.text() == "not set"


def test_a_machine_without_a_keyring_says_what_to_do(page: SettingsPage, shell: Shell, qtbot: QtBot) -> None:
    shell.post = PostOffice(NoKeyring())
    shell.lanes.desk.do(ChangeSetting("letters.smtp_user", "anna"))
    field = password(page)
    field.line.setText("x")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    settle(shell, qtbot)
    assert "keyring did not keep" in field.error.text()


def test_the_connection_is_tried_with_what_was_just_typed(
    page: SettingsPage, shell: Shell, qtbot: QtBot, keyring: Keyring, server: LoopbackSmtp
) -> None:
    test = wire(page)
    keyring.kept["smtp:anna"] = "wrong"
    user = page.fields["letters.smtp_user"].editor
    assert isinstance(user, QLineEdit)
    user.setText("anna")
    user.editingFinished.emit()
    test.test.click()
    assert not test.test.isEnabled()
    assert test.words.text() == "Trying…"
    settle(shell, qtbot)
    assert "password" in test.error.text()
    keyring.kept["smtp:anna"] = PASSWORD
    test.test.click()
    settle(shell, qtbot)
    assert test.words.text() == f"✓ The mail server {server.host} takes your letters."
    assert test.error.text() == ""
    test.letter.click()
    settle(shell, qtbot)
    [letter] = server.messages
    assert "LeadDesk" in letter.parsed()["Subject"]
    assert letter.to in test.words.text()


def test_a_server_that_says_nothing_holds_nothing_up(
    page: SettingsPage, shell: Shell, qtbot: QtBot, server: LoopbackSmtp
) -> None:
    server.on(Step.CONNECT, stall=True)
    wire(page).test.click()
    server.wait_for(Step.CONNECT)
    assert shell.lanes.idle()
    assert not shell.postman.idle()
    server.forgive()
    settle(shell, qtbot)
    assert wire(page).test.isEnabled()


def test_without_a_mailbox_the_test_says_so(page: SettingsPage, shell: Shell, qtbot: QtBot) -> None:
    wire(page, "imap").test.click()
    settle(shell, qtbot)
    assert wire(page, "imap").error.text()


def test_my_signature_is_mine_and_long_ones_are_refused_in_place(
    page: SettingsPage, shell: Shell, desk_here: Desk, qtbot: QtBot
) -> None:
    [field] = page.findChildren(SignatureField)
    field.edit.setPlainText("Olena\n+380 57 705 41 22")
    field.save()
    settle(shell, qtbot)
    assert {user.login: user.signature for user in desk_here.read(Users())}[
        shell.user.login
    ] == "Olena\n+380 57 705 41 22"
    assert shell.user.signature == "Olena\n+380 57 705 41 22"
    field.edit.setPlainText("x" * (LONGEST_SIGNATURE + 1))
    field.save()
    settle(shell, qtbot)
    assert str(LONGEST_SIGNATURE) in field.error.text()
    assert len(field.edit.toPlainText()) == LONGEST_SIGNATURE + 1


def test_making_the_page_shows_no_window_of_its_own(shell: Shell, qtbot: QtBot) -> None:
    before = {id(widget) for widget in QApplication.topLevelWidgets() if widget.isVisible()}
    made = SettingsPage(shell)
    qtbot.addWidget(made)
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible() and id(w) not in before] == []
    # A widget shown before it had its place would have taken the focus from whatever is typed into.
    assert all(not w.testAttribute(Qt.WidgetAttribute.WA_WState_Created) for w in made.findChildren(QPushButton))
