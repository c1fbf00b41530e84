"""All that is known of a lead can be seen and put right on its card: fields, the file's columns, its numbers."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from leaddesk.exchange.importing import open_leads
from leaddesk.exchange.post_office import PostOffice
from leaddesk.ui.cards.points import PointRow
from leaddesk.ui.letters.add_answer import AddAnswerDialog
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.intake import Options, run_import
from leaddesk.workflow.letters import LetterById
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.replies import Replies
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.suppressions import Suppressions
from leaddesk.workflow.team import ChangeUser, Users
from leaddesk.workflow.vocabulary import Channel, LetterState, PartOfDay, PointState
from tests.outbox.posting import Keyring
from tests.ui.cards import Card


@pytest.fixture
def card(shell: Shell, qtbot: QtBot) -> Card:
    return Card(shell, qtbot)


def choices(row: PointRow) -> dict[str, object]:
    """What the number's menu offers at the moment, with what each does."""
    row._menu.aboutToShow.emit()
    return {action.text(): action.trigger for action in row._menu.actions() if action.text()}


def choose(card: Card, words: str, place: int = 0) -> None:
    choices(card.view.points.rows[place])[words]()
    card.settle()


def test_cells_of_the_file_are_shown_as_they_stood_and_its_other_columns_edited(card: Card, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(
        "Name,Phone,Country,Do we know them?\nOlena H.,(044) 490-62-31,Ukraine,since 2019\n", encoding="utf-8"
    )
    run_import(card.desk, open_leads(file), Options(region="UA"))
    lead = next(iter(card.desk.read(LeadIds())))
    card.show(lead)
    card.view.tabs.setCurrentWidget(card.view.details)
    details = card.view.details
    assert {name: label.text() for name, label in details.originals.items()}["Phone"] == "(044) 490-62-31"
    field = details.extras["Do we know them?"]
    field.setFocus()
    card.press(Qt.Key.Key_Return)
    card.write("since 2018")
    card.press(Qt.Key.Key_Return)
    card.settle()
    assert card.stored(lead).extra.fields == {"Do we know them?": "since 2018"}
    card.show(card.add(points=()))
    assert (details.originals, details.extras) == ({}, {})


def test_preferences_zone_tags_and_bars_are_edited_by_keyboard(card: Card) -> None:
    lead = card.add()
    card.show(lead)
    card.view.tabs.setCurrentWidget(card.view.details)
    views = card.view.details.views
    down, up = Qt.Key.Key_Down, Qt.Key.Key_Up
    for key, steps in (("preferred_channel", (down, down)), ("preferred_part", (down,)), ("no_mail", (up,))):
        views[key].setFocus()
        card.press(Qt.Key.Key_F4, *steps, Qt.Key.Key_Return)
        card.settle()
    for key, text in (("zone", "Europe/Kyiv"), ("tags", "fair, urgent")):
        views[key].setFocus()
        card.press(Qt.Key.Key_F4)
        card.write(text)
        card.press(Qt.Key.Key_Return)
        card.settle()
    now = card.stored(lead).lead
    assert (now.preferred_channel, now.preferred_part) == (Channel.EMAIL, next(iter(PartOfDay)))
    assert (now.no_call, now.no_mail, now.zone, now.tags) == (False, True, "Europe/Kyiv", ("fair", "urgent"))
    views["no_call"].setFocus()
    card.press(Qt.Key.Key_F4, up, Qt.Key.Key_Return)
    card.settle()
    assert card.stored(lead).lead.no_call


def test_a_number_is_marked_and_preferred_from_its_menu(card: Card) -> None:
    lead = card.add()
    card.show(lead)
    number = card.view.points.rows[0].point.id
    choose(card, "Use it first", 1)
    assert [p.preferred for p in sorted(card.stored(lead).points, key=lambda p: p.id)] == [False, True]
    place = next(i for i, row in enumerate(card.view.points.rows) if row.point.id == number)
    choose(card, "It is somebody else’s", place)
    place = next(i for i, row in enumerate(card.view.points.rows) if row.point.id == number)
    assert card.view.points.rows[place].point.state is PointState.WRONG_PERSON
    assert "It is somebody else’s" not in choices(card.view.points.rows[place])
    choose(card, "It does not exist", place)
    assert {p.id: p.state for p in card.stored(lead).points}[number] is PointState.INVALID


def test_a_number_is_suppressed_from_its_menu_and_allowed_again_by_a_team_lead(card: Card) -> None:
    lead = card.add()
    card.show(lead)
    number = card.view.points.rows[0].point.key
    choose(card, "Nobody is to call this number again")
    assert [row.key for row in card.desk.read(Suppressions())] == [number]
    place = next(i for i, row in enumerate(card.view.points.rows) if row.point.key == number)
    assert "never to be called" in card.view.points.rows[place].about.text()
    assert "Call this number" not in choices(card.view.points.rows[place])
    choose(card, "Allow calls to this number again", place)
    assert card.desk.read(Suppressions()) == []


def test_an_operator_suppresses_but_does_not_allow_again(card: Card) -> None:
    anna = next(user for user in card.desk.read(Users()) if user.login == "anna")
    card.desk.do(ChangeUser(anna.id, {"role": "admin"}))
    card.shell.know_user(card.desk.do(ChangeUser(card.shell.user.id, {"role": "operator"})).value)
    card.show(card.add())
    choose(card, "Nobody is to call this number again")
    texts = [text for row in card.view.points.rows for text in choices(row)]
    assert "Allow calls to this number again" not in texts


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_menu_opens_by_key_and_by_the_other_mouse_button(card: Card) -> None:
    lead = card.add()
    card.show(lead)
    row = card.view.points.rows[0]
    where = row.rect().center()
    QApplication.sendEvent(row, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, where, row.mapToGlobal(where)))
    assert row._menu.isVisible()
    row._menu.close()

    def down_to_it() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        wanted = next(action for action in menu.actions() if action.text() == "It does not exist")
        while menu.activeAction() is not wanted:
            card.qtbot.keyClick(menu, Qt.Key.Key_Down)
        card.qtbot.keyClick(menu, Qt.Key.Key_Return)

    button = next(child for child in row.children() if getattr(child, "menu", lambda: None)() is row._menu)
    button.setFocus()
    QTimer.singleShot(0, down_to_it)
    card.qtbot.keyClick(button, Qt.Key.Key_Space)
    card.settle()
    assert card.stored(lead).points[0].state is PointState.INVALID


def test_greetings_are_allowed_and_nobody_is_greeted_who_wants_no_letters(card: Card) -> None:
    lead = card.add()
    card.show(lead)
    card.view.tabs.setCurrentWidget(card.view.details)
    up, down = Qt.Key.Key_Up, Qt.Key.Key_Down

    def choose_in(key: str, step: Qt.Key) -> None:
        card.view.details.views[key].setFocus()
        card.press(Qt.Key.Key_F4, step, Qt.Key.Key_Return)
        card.settle()

    choose_in("greet", up)
    assert (card.stored(lead).lead.greet, card.stored(lead).lead.no_mail) == (True, False)
    choose_in("no_mail", up)
    assert (card.stored(lead).lead.greet, card.stored(lead).lead.no_mail) == (False, True)
    choose_in("no_mail", down)
    assert card.stored(lead).lead.no_mail is False


def test_an_answer_is_written_down_from_the_card(card: Card) -> None:
    lead = card.add()
    card.show(lead)
    menu = card.view.header.more.menu()
    next(action for action in menu.actions() if action.text() == "Write down an answer").trigger()
    [dialog] = [w for w in QApplication.topLevelWidgets() if isinstance(w, AddAnswerDialog) and w.isVisible()]
    card.settle()
    assert dialog.about.text() == "No letter has been written to them yet."
    dialog.text.setPlainText("They will think about it")
    dialog.save_button.click()
    card.settle()
    [row] = card.desk.read(Replies(lead_id=lead))
    assert row.reply.text == "They will think about it"


def test_a_copy_of_a_waiting_letter_does_not_keep_it_from_leaving(card: Card, tmp_path: Path) -> None:
    for key, value in (("smtp_host", "mail.example"), ("from_address", "sales@nordwind.example")):
        card.desk.do(ChangeSetting(f"letters.{key}", value))
    lead = card.add(points=(PointInput(Channel.EMAIL, "olena@x.example"),))
    letter = card.desk.do(RefuseLead(lead_id=lead, reason="price")).value.letter
    assert letter is not None
    card.shell.post = PostOffice(Keyring())
    card.shell.choose_file = lambda name: tmp_path / name
    card.shell.save_letter = lambda *_: None
    card.show(lead)
    line = card.view.letters.lines.line(0)
    assert line is not None
    assert line.action == "Save as .eml"
    card.view.letters.acted.emit(line)
    card.qtbot.waitUntil(card.shell.postman.idle)
    card.settle()
    assert [path.suffix for path in tmp_path.glob("*.eml")] == [".eml"]
    now = card.desk.read(LetterById(letter.id))
    assert now is not None
    assert now.state is LetterState.QUEUED
    card.shell.postman.end()
