"""Every declared setting can be seen, changed, refused in place, and put back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.pages.settings import SettingsPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.settings import DECLARED, ChangeSetting, SettingsNow
from leaddesk.workflow.suppressions import Suppressions
from leaddesk.workflow.team import ChangeUser
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Role
from tests.engines import TestClock, sit_down


@pytest.fixture
def page(shell: Shell, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(shell)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.activate()
    qtbot.waitUntil(shell.lanes.idle)
    return made


def type_into(page: SettingsPage, qtbot: QtBot, key: str, text: str) -> None:
    editor = page.fields[key].editor
    if isinstance(editor, QComboBox):
        editor.setCurrentText(text)
        editor.activated.emit(editor.currentIndex())
    else:
        assert isinstance(editor, QLineEdit | QPlainTextEdit)
        editor.selectAll()
        # As an input method does it: key clicks know only ASCII.
        editor.insert(text) if isinstance(editor, QLineEdit) else editor.insertPlainText(text)
        if isinstance(editor, QLineEdit):
            qtbot.keyClick(editor, Qt.Key.Key_Return)
        else:
            page.fields[key]._leave()
    qtbot.waitUntil(page._shell.lanes.idle)


def enter(edit: QLineEdit, text: str, shell: Shell, qtbot: QtBot) -> None:
    edit.setText(text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(shell.lanes.idle)


def stored(shell: Shell, key: str) -> object:
    return shell.lanes.desk.read(SettingsNow()).value(key)


def test_every_declared_setting_has_its_field_and_group(page: SettingsPage) -> None:
    assert sorted(page.fields) == sorted(declared.key for declared in DECLARED)
    groups = [page.groups.item(row).text() for row in range(page.groups.count())]
    assert groups == [*dict.fromkeys(d.group for d in DECLARED), "Outcomes", "Reasons", "Users", "Do not call"]


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("cadence.per_day", "5", 5),
        ("hours.default", "Mon-Fri 09:00-17:30", "Mon-Fri 09:00-17:30"),
        ("hours.countries", '{"DE": "Mon-Fri 09:00-18:00"}', {"DE": "Mon-Fri 09:00-18:00"}),
        (
            "hours.countries",
            "de: Mon-Fri 09:00-18:00\nUkraine: Tue 10:00-12:00\n",
            {"DE": "Mon-Fri 09:00-18:00", "UA": "Tue 10:00-12:00"},
        ),
        ("look.theme", "dark", "dark"),
        ("letters.company", "Übersee & Söhne", "Übersee & Söhne"),
    ],
)
def test_a_change_is_saved_and_put_back(
    page: SettingsPage, shell: Shell, qtbot: QtBot, key: str, typed: str, value: object
) -> None:
    field = page.fields[key]
    page.show_group(field.declared.group)
    assert not field.reset.isVisible()
    type_into(page, qtbot, key, typed)
    assert stored(shell, key) == value
    assert shell.settings.value(key) == value
    assert field.reset.isVisible()
    qtbot.mouseClick(field.reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shell.lanes.idle)
    assert stored(shell, key) == field.declared.default
    assert not field.reset.isVisible()


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("cadence.per_day", "many"),
        ("cadence.per_day", "99"),
        ("hours.default", "always"),
        ("hours.countries", "{DE}"),
        ("hours.countries", "DE"),
        ("hours.countries", "Nowhere: Mon 09:00-18:00"),
    ],
)
def test_a_refusal_stands_in_place_and_what_was_typed_stays(
    page: SettingsPage, shell: Shell, qtbot: QtBot, key: str, typed: str
) -> None:
    field = page.fields[key]
    page.show_group(field.declared.group)
    type_into(page, qtbot, key, typed)
    assert field.error.isVisible()
    assert field.error.text()
    assert field.text() == typed
    assert stored(shell, key) == field.declared.default
    shell.lanes.do(shell, ChangeSetting("letters.offer", "headsets"), quiet=True)
    qtbot.waitUntil(shell.lanes.idle)
    assert field.text() == typed
    assert shell.messages.said == []


def test_the_look_changes_with_its_setting(page: SettingsPage, shell: Shell, qtbot: QtBot) -> None:
    type_into(page, qtbot, "look.theme", "dark")
    assert shell.theme.dark
    type_into(page, qtbot, "look.theme", "light")
    assert not shell.theme.dark


def test_outcomes_and_users_are_listed(page: SettingsPage, shell: Shell) -> None:
    from PySide6.QtWidgets import QLabel

    words = {label.text() for label in page.outcomes.findChildren(QLabel)}
    assert {outcome.title for outcome in shell.outcomes} <= words
    assert {str(outcome.digit) for outcome in shell.outcomes} <= words
    people = {line.user.login: (line.name.text(), line.state.text()) for line in page.users.lines.values()}
    assert people["boss"] == ("Olena Boss", "active · you")
    assert people["anna"][0] == "Anna Operator"


def test_an_admin_changes_people_in_place_and_a_refusal_stands_below_them(
    page: SettingsPage, shell: Shell, qtbot: QtBot
) -> None:
    page.show_group("Users")
    line = page.users.lines[shell.user.id]
    with qtbot.waitSignal(shell.user_changed):
        line.name.setText("Olena  Hrytsenko")
        qtbot.keyClick(line.name, Qt.Key.Key_Return)
    assert shell.user.name == line.name.text() == "Olena Hrytsenko"
    line.zone.setText("Europe/Nowhere")
    qtbot.keyClick(line.zone, Qt.Key.Key_Return)
    qtbot.waitUntil(shell.lanes.idle)
    assert "no time zone" in line.error.text()
    page.users.look()
    qtbot.waitUntil(shell.lanes.idle)
    assert line.zone.text() == "Europe/Nowhere"
    line.zone.setText("Europe/Kyiv")
    qtbot.keyClick(line.zone, Qt.Key.Key_Return)
    qtbot.waitUntil(shell.lanes.idle)
    assert (line.error.text(), shell.zone().key) == ("", "Europe/Kyiv")
    line.role.setCurrentIndex(line.role.findData("operator"))
    line.role.activated.emit(line.role.currentIndex())
    qtbot.waitUntil(shell.lanes.idle)
    assert "stay admin" in line.error.text()
    assert line.role.currentData() == "admin"


def test_an_email_and_a_phone_are_entered_for_letters_to_carry(page: SettingsPage, shell: Shell, qtbot: QtBot) -> None:
    page.show_group("Users")
    contact = page.users.contacts[shell.user.id]
    enter(contact.email, "boss at nordwind", shell, qtbot)
    assert "“boss at nordwind” is no e-mail address." in contact.error.text()
    assert contact.email.property("wrong")
    page.users.look()
    qtbot.waitUntil(shell.lanes.idle)
    assert contact.email.text() == "boss at nordwind"
    enter(contact.email, " Boss <boss@Nordwind.example>", shell, qtbot)
    assert (contact.error.text(), shell.user.email) == ("", "boss@nordwind.example")
    assert contact.email.text() == "boss@nordwind.example"
    enter(contact.phone, "call me", shell, qtbot)
    assert "is no phone number" in contact.error.text()
    enter(contact.phone, "+36 1  555 0134", shell, qtbot)
    assert (contact.phone.text(), shell.user.phone) == ("+36 1 555 0134", "+36 1 555 0134")
    shell.lanes.do(shell, Undo(), quiet=True)
    qtbot.waitUntil(shell.lanes.idle)
    page.users.look()
    qtbot.waitUntil(shell.lanes.idle)
    assert contact.phone.text() == ""


def test_what_one_may_oneself_holds_at_once(
    page: SettingsPage, shell: Shell, qtbot: QtBot, opened: object, clock: TestClock
) -> None:
    boss, field = shell.user, page.fields["cadence.per_day"]
    anna = next(line.user for line in page.users.lines.values() if line.user.login == "anna")
    shell.lanes.do(shell, ChangeUser(anna.id, {"role": "admin"}), quiet=True)
    qtbot.waitUntil(shell.lanes.idle)
    page.show_group("Users")
    role = page.users.lines[boss.id].role
    role.setCurrentIndex(role.findData("operator"))
    role.activated.emit(role.currentIndex())
    qtbot.waitUntil(shell.lanes.idle)
    assert shell.user.role is shell.lanes.desk.user.role is Role.OPERATOR
    assert not field.editor.isEnabled()
    assert page.users.lines == {}
    refused: list[Refused] = []
    shell.lanes.do(shell, ChangeSetting("cadence.per_day", "4"), failed=refused.append)
    qtbot.waitUntil(shell.lanes.idle)
    assert len(refused) == 1
    sit_down(opened(), clock, "anna").do(ChangeUser(boss.id, {"role": "admin"}))
    shell.bridge.tell(Changes(settings=True))
    qtbot.waitUntil(shell.lanes.idle)
    assert shell.lanes.desk.user.role is Role.ADMIN
    assert field.editor.isEnabled()
    assert {line.user.login for line in page.users.lines.values()} >= {"boss", "anna"}


def test_what_is_half_typed_stays_when_another_setting_changes(page: SettingsPage, shell: Shell, qtbot: QtBot) -> None:
    editor = page.fields["hours.countries"].editor
    assert isinstance(editor, QPlainTextEdit)
    editor.insertPlainText("DE: Mon-Fri")
    shell.lanes.do(shell, ChangeSetting("cadence.per_day", "4"))
    qtbot.waitUntil(lambda: page.fields["cadence.per_day"].text() == "4")
    assert editor.toPlainText() == "DE: Mon-Fri"


def test_numbers_are_suppressed_and_allowed_again(page: SettingsPage, shell: Shell, qtbot: QtBot) -> None:
    page.show_group("Do not call")
    room = page.suppressed
    for typed, words in (("12", "neither"), ("", "first")):
        room.value.setText(typed)
        qtbot.mouseClick(room.add, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(shell.lanes.idle)
        assert words in room.error.text()
        assert room.value.text() == typed
    room.value.setText("+380 57 705-41-22")
    room.why.setText("asked us to")
    qtbot.mouseClick(room.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shell.lanes.idle)
    assert [s.key for s in shell.lanes.desk.read(Suppressions())] == ["+380577054122"]
    assert room.value.text() == ""
    room.list.setCurrentIndex(room.list.model().index(0, 0))
    assert "asked us to" in room.list.currentIndex().data()
    qtbot.mouseClick(room.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shell.lanes.idle)
    assert shell.lanes.desk.read(Suppressions()) == []


def test_an_operator_sees_but_does_not_change(qtbot: QtBot, store: DbStore, clock: TestClock) -> None:
    shell = Shell(clock)
    with qtbot.waitSignal(shell.opened):
        shell.open(lambda: sit_down(store, clock, "anna"))
    page = SettingsPage(shell)
    qtbot.addWidget(page)
    page.activate()
    qtbot.waitUntil(shell.lanes.idle)
    assert not any(field.editor.isEnabled() for field in page.fields.values())
    assert page.suppressed.add.isEnabled()
    assert list(page.users.contacts) == [shell.user.id]
    contact = page.users.contacts[shell.user.id]
    enter(contact.email, "anna@nordwind.example", shell, qtbot)
    assert shell.user.email == "anna@nordwind.example"
    assert page.users.contacts[shell.user.id] is contact
    page.users.look()
    qtbot.waitUntil(shell.lanes.idle)
    assert page.users.contacts[shell.user.id] is contact
    shell.lanes.stop()
