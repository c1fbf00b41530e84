"""The refuse dialog in the languages of the screen, by keyboard and at the least size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui import language
from leaddesk.ui.dialogs.refuse import RefuseDialog, next_season
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadCard, LeadCardData
from leaddesk.workflow.entities import User
from leaddesk.workflow.leads import AddLead, EditLead
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.points import PointInput, RemovePoint
from leaddesk.workflow.refusals import Reasons, RefuseLead
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, LetterState, RefusalKind, Status
from leaddesk.workflow.when_words import LANGUAGES

POINTS = (PointInput(Channel.PHONE, "+36301234567"), PointInput(Channel.EMAIL, "gabor.kovacs@dunainyomda.example"))
Opened = Callable[..., RefuseDialog]


@pytest.fixture
def opened(shell: Shell, qtbot: QtBot) -> Iterator[Opened]:
    """Opens the dialog over a window of this size, in this language."""
    desk = shell.lanes.desk
    values = {"name": "Kovács Gábor", "company": "Dunai Nyomda Kft.", "country": "HU", "interest": "40 headsets"}
    lead_id = desk.do(AddLead(values=values, points=POINTS)).value.id

    windows = []

    def open_it(name: str = "en", size: tuple[int, int] = (1280, 720)) -> RefuseDialog:
        language.choose(name)
        window = QWidget()
        windows.append(window)
        window.resize(*size)
        window.show()
        made = RefuseDialog(shell, desk.read(LeadCard(lead_id)), None, window)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        made.show()
        qtbot.waitUntil(lambda: shell.lanes.idle() and bool(made.form.reasons))
        return made

    yield open_it
    qtbot.waitUntil(shell.lanes.idle)
    for window in windows:
        for dialog in window.findChildren(RefuseDialog):
            dialog.reject()
        window.close()
        window.deleteLater()
    language.choose("en")


def typed(dialog: RefuseDialog, text: str, key: Qt.Key = Qt.Key.Key_unknown) -> None:
    QApplication.sendEvent(dialog, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))


@pytest.mark.parametrize("name", LANGUAGES)
def test_all_is_seen_at_1280_by_720_and_nothing_is_cut(opened: Opened, shell: Shell, qtbot: QtBot, name: str) -> None:
    desk = shell.lanes.desk
    for key in ("not_now", "ignores"):
        desk.do(RefuseLead(lead_id=desk.do(AddLead(values={"name": key})).value.id, reason=key))
    dialog = opened(name)
    for key in dialog.form.reasons:
        dialog.choose(key)
        qtbot.waitUntil(shell.lanes.idle)
        QApplication.sendPostedEvents()
        assert dialog.form.verticalScrollBar().maximum() == 0, key
        assert dialog.form.widget().width() <= dialog.form.viewport().width(), key
        row = dialog.form.buttons[key]
        assert row.width() >= row.sizeHint().width(), key
    for button in dialog.findChildren(QAbstractButton):
        assert not button.isVisible() or button.width() >= button.sizeHint().width(), button.text()
    for label in dialog.findChildren(QLabel):
        assert not label.isVisible() or label.wordWrap() or label.width() >= label.sizeHint().width(), label.text()
    assert (dialog.layoutDirection() is Qt.LayoutDirection.RightToLeft) == (name == "fa")


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_day_proposed_and_the_quick_ones_are_said_and_read_in_the_language(
    opened: Opened, shell: Shell, qtbot: QtBot, name: str
) -> None:
    dialog = opened(name)
    dialog.choose("price")
    proposed = dialog.form.when.moment()
    assert proposed is not None
    assert (proposed - shell.clock.now()).days in {89, 90}
    chips = [button for button in dialog.form.when.findChildren(QAbstractButton) if button.text()]
    days = []
    for chip in chips:
        chip.click()
        moment = dialog.form.when.moment()
        assert moment is not None, chip.text()
        days.append((moment - shell.clock.now()).days)
    assert len(days) == 4
    assert 89 <= days[0] <= 92
    assert 181 <= days[1] <= 184
    assert 364 <= days[2] <= 366


def test_a_digit_of_any_keyboard_is_a_reason(opened: Opened) -> None:
    dialog = opened("fa")
    typed(dialog, "۴")
    assert dialog.reason == "competitor"
    typed(dialog, "2")
    assert dialog.reason == "budget"
    typed(dialog, "²")
    assert dialog.reason == "budget"


@pytest.mark.parametrize("text", ["d", "D", "в", "ی"])
def test_the_key_of_d_goes_to_the_day_on_every_keyboard(opened: Opened, qtbot: QtBot, text: str) -> None:
    dialog = opened()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    typed(dialog, text)
    assert dialog.form.when.edit.hasFocus()


def test_a_day_typed_in_the_language_is_kept_and_read_in_another(opened: Opened) -> None:
    dialog = opened("hu")
    typed(dialog, "1")
    dialog.form.when.set_text("")
    QTest.keyClicks(dialog.form.when.edit, "szept. 1.")
    before = dialog.form.when.moment()
    assert before is not None
    dialog.reject()
    again = opened("fa")
    assert again.form.when.text() == "szept. 1."
    assert again.form.when.moment() == before


def test_the_next_season_is_two_months_off_at_least() -> None:
    assert next_season(date(2026, 11, 25)) == date(2027, 9, 1)
    assert next_season(date(2026, 7, 1)) == date(2026, 9, 1)
    assert next_season(date(2026, 7, 2)) == date(2027, 1, 1)


@dataclass
class Out:
    """The doors to the world, watched."""

    files: list[tuple[str, Path]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


@pytest.fixture
def out(shell: Shell, tmp_path: Path) -> Out:
    seen = Out()

    def save(letter: Letter, _sender: User, path: Path) -> None:
        seen.files.append((letter.body, path))

    def link(letter: Letter) -> tuple[str, bool]:
        return f"mailto:{letter.to_address}", len(letter.body) < 200

    def open_link(address: str) -> bool:
        seen.links.append(address)
        return True

    shell.save_letter, shell.mail_link, shell.open_link = save, link, open_link
    shell.choose_file = lambda name: tmp_path / name
    return seen


@pytest.fixture
def server(shell: Shell, qtbot: QtBot) -> None:
    """A mail server is set up."""
    shell.lanes.do(shell, ChangeSetting("letters.smtp_host", "smtp.firm.example"), quiet=True)
    qtbot.waitUntil(lambda: shell.settings.text("letters.smtp_host") != "" and shell.lanes.idle())


def chosen(dialog: RefuseDialog, shell: Shell, qtbot: QtBot, digit: str = "1") -> RefuseDialog:
    typed(dialog, digit)
    qtbot.waitUntil(shell.lanes.idle)
    return dialog


def card_of(shell: Shell) -> LeadCardData:
    return shell.lanes.desk.read(LeadCard(1))


def test_the_letter_goes_to_the_outbox_in_one_step_and_undo_takes_back_both(
    opened: Opened, shell: Shell, qtbot: QtBot, out: Out, server: None
) -> None:
    dialog = chosen(opened(), shell, qtbot)
    assert dialog.save.text() == "Refuse and send"
    assert "leaves in 60 s" in dialog.foot.text()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    card = card_of(shell)
    assert (card.lead.status, [letter.state for letter in card.letters]) == (Status.REFUSED, [LetterState.QUEUED])
    toast = shell.messages.said[-1]
    assert toast.words == "Refused: Kovács Gábor, Dunai Nyomda Kft. · the letter leaves in 60 s"
    shell.lanes.desk.do(Undo(toast.operation))
    card = card_of(shell)
    assert (card.lead.status, card.letters, card.refusals) == (Status.NEW, (), ())
    assert out.files == []


def test_without_a_server_the_letter_is_saved_to_a_file(opened: Opened, shell: Shell, qtbot: QtBot, out: Out) -> None:
    dialog = chosen(opened(), shell, qtbot)
    assert dialog.save.text() == "Refuse and save letter"
    assert "No mail server" in dialog.foot.text()
    body = dialog.letter.body.toPlainText()
    dialog.take()
    qtbot.waitUntil(lambda: bool(out.files) and shell.lanes.idle())
    assert [(text, path.suffix) for text, path in out.files] == [(body, ".eml")]
    assert [letter.state for letter in card_of(shell).letters] == [LetterState.SAVED]


def test_esc_goes_back_with_everything_kept(opened: Opened, shell: Shell, qtbot: QtBot) -> None:
    dialog = chosen(opened(), shell, qtbot, "4")
    dialog.form.words.setPlainText("Plantron gave 12% off")
    dialog.form.competitor.setText("Plantron")
    dialog.form.change_mind.setText("a lower price")
    dialog.form.when.set_text("1 Sep 2027")
    dialog.form.greet.setChecked(True)
    dialog.letter.choice.template.setCurrentIndex(dialog.letter.choice.template.findData("farewell.price"))
    dialog.letter.choice.template.activated.emit(0)
    dialog.letter.choice.language.setCurrentIndex(dialog.letter.choice.language.findData("et"))
    dialog.letter.choice.language.activated.emit(0)
    qtbot.waitUntil(shell.lanes.idle)
    dialog.letter.body.appendPlainText("P.S.")
    letter = dialog.letter.body.toPlainText()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    again = opened()
    qtbot.waitUntil(shell.lanes.idle)
    assert again.reason == "competitor"
    assert again.form.words.toPlainText() == "Plantron gave 12% off"
    assert again.form.competitor.text() == "Plantron"
    assert again.form.change_mind.text() == "a lower price"
    assert again.form.when.text() == "1 Sep 2027"
    assert again.form.greet.isChecked()
    assert again.letter.choice.key() == "farewell.price"
    assert again.letter.choice.written_in() == "et"
    assert again.letter.body.toPlainText() == letter
    assert card_of(shell).lead.status is Status.NEW


def test_one_key_writes_down_that_they_stayed(opened: Opened, shell: Shell, qtbot: QtBot) -> None:
    dialog = opened()
    typed(dialog, "s")
    assert dialog.isVisible(), "stayed after what?"
    chosen(dialog, shell, qtbot)
    typed(dialog, "ы")
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    assert card_of(shell).lead.status is Status.NEW
    toast = shell.messages.said[-1]
    assert toast.words == "Stayed: Kovács Gábor, Dunai Nyomda Kft."
    again = chosen(opened(), shell, qtbot)
    assert "1 of 1 stayed after this." in again.form.hint.text()
    shell.lanes.desk.do(Undo(toast.operation))
    assert all(row.stayed == 0 for row in shell.lanes.desk.read(Reasons()))


def test_the_merged_values_are_marked_and_the_marks_go_with_the_text(
    opened: Opened, shell: Shell, qtbot: QtBot
) -> None:
    dialog = chosen(opened(), shell, qtbot)
    body = dialog.letter.body

    def marked() -> list[str]:
        return [selection.cursor.selectedText() for selection in body.extraSelections()]

    assert {"Kovács Gábor", "40 headsets", "Dunai Nyomda Kft."} <= set(marked())
    body.textCursor().insertText("😀 Zuerst: ")
    assert {"Kovács Gábor", "40 headsets", "Dunai Nyomda Kft."} <= set(marked())


def test_language_and_day_draft_anew_until_the_letter_is_edited(opened: Opened, shell: Shell, qtbot: QtBot) -> None:
    dialog = chosen(opened(), shell, qtbot)
    choice, body = dialog.letter.choice, dialog.letter.body
    assert choice.language.currentText() == "Magyar (theirs)"
    first = body.toPlainText()
    assert "Tisztelt" in first
    choice.language.setCurrentIndex(choice.language.findData("fa"))
    choice.language.activated.emit(0)
    qtbot.waitUntil(shell.lanes.idle)
    assert "گرامی" in body.toPlainText()
    assert body.document().defaultTextOption().textDirection() is Qt.LayoutDirection.RightToLeft
    assert not dialog.letter.fresh.isVisible()
    body.setPlainText("My own words.")
    choice.language.setCurrentIndex(0)
    choice.language.activated.emit(0)
    typed(dialog, "5")
    qtbot.waitUntil(shell.lanes.idle)
    assert body.toPlainText() == "My own words."
    dialog.letter.fresh.click()
    assert "Tisztelt" in body.toPlainText()
    assert body.document().defaultTextOption().textDirection() is Qt.LayoutDirection.LeftToRight


def test_a_template_chosen_by_hand_is_the_one_that_is_kept(
    opened: Opened, shell: Shell, qtbot: QtBot, out: Out
) -> None:
    dialog = chosen(opened(), shell, qtbot)
    template = dialog.letter.choice.template
    assert template.currentText() == "Farewell · too expensive"
    typed(dialog, "5")
    qtbot.waitUntil(shell.lanes.idle)
    assert template.currentData() == "farewell.no_need"
    template.setCurrentIndex(template.findData("farewell.plans"))
    template.activated.emit(0)
    typed(dialog, "1")
    qtbot.waitUntil(shell.lanes.idle)
    assert template.currentData() == "farewell.plans"
    dialog.take()
    qtbot.waitUntil(lambda: bool(out.files) and shell.lanes.idle())
    assert [letter.template for letter in card_of(shell).letters] == ["farewell.plans"]


@pytest.mark.parametrize("with_server", [False, True])
def test_a_letter_given_as_pdf_is_written_down_as_given(
    opened: Opened, shell: Shell, qtbot: QtBot, out: Out, tmp_path: Path, with_server: bool
) -> None:
    if with_server:
        shell.lanes.do(shell, ChangeSetting("letters.smtp_host", "smtp.firm.example"), quiet=True)
        qtbot.waitUntil(lambda: bool(shell.settings.text("letters.smtp_host")))
    dialog = chosen(opened(), shell, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert [path.suffix for path in tmp_path.glob("*.pdf")] == [".pdf"]
    assert dialog.foot.text() == "The letter was saved as PDF."
    assert card_of(shell).lead.status is Status.NEW, "nobody is refused by that"
    button = dialog.without if with_server else dialog.save
    assert button.text() == "Refuse, letter given"
    button.click()
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    assert [letter.state for letter in card_of(shell).letters] == [LetterState.SAVED]
    assert out.files == []
    shell.lanes.desk.do(Undo())
    assert (card_of(shell).lead.status, card_of(shell).letters) == (Status.NEW, ()), "one step, one undo"


def test_the_mail_program_and_the_clipboard_take_the_letter(
    opened: Opened, shell: Shell, qtbot: QtBot, out: Out
) -> None:
    dialog = chosen(opened(), shell, qtbot)
    dialog.open_in_mail_program()
    assert out.links == ["mailto:gabor.kovacs@dunainyomda.example"]
    assert QApplication.clipboard().text() == dialog.letter.body.toPlainText(), "too long for a link"
    assert "too long" in shell.messages.said[-1].words
    assert dialog.foot.text() == "The letter is in the mail program."
    dialog.copy.click()
    assert QApplication.clipboard().text().startswith(dialog.letter.subject.text())
    dialog.save_file()
    assert len(out.files) == 1
    shell.open_link = lambda _address: False
    dialog.open_in_mail_program()
    assert "No mail program" in shell.messages.said[-1].words


def test_a_file_that_cannot_be_written_is_said_and_the_dialog_stays(
    opened: Opened, shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = chosen(opened(), shell, qtbot)
    shell.choose_file = lambda name: tmp_path / "no folder" / name
    dialog.pdf.click()
    assert "could not be written" in shell.messages.said[-1].words
    assert dialog.isVisible()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("no_mail", "No letter: they asked not to be written to."),
        ("no_point", "No letter: there is no e-mail on the card."),
        ("suppressed", "No letter: the address is suppressed."),
    ],
)
def test_why_there_is_no_letter_is_said_plainly(opened: Opened, shell: Shell, qtbot: QtBot, how: str, why: str) -> None:
    desk = shell.lanes.desk
    point = next(p for p in card_of(shell).points if p.channel is Channel.EMAIL)
    if how == "suppressed":
        desk.do(Suppress(point.value))
    elif how == "no_point":
        desk.do(RemovePoint(point.id))
    else:
        desk.do(EditLead(lead_id=1, values={"no_mail": True}))
    dialog = chosen(opened(), shell, qtbot)
    assert dialog.foot.text() == why
    assert dialog.letter.note.text() == why
    assert dialog.save.text() == "Refuse"
    assert not dialog.without.isVisible()
    dialog.take()
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    card = card_of(shell)
    assert (card.lead.status, card.letters) == (Status.REFUSED, ())


def test_chips_and_reasons_that_end_it_all(opened: Opened, shell: Shell, qtbot: QtBot, out: Out) -> None:
    dialog = chosen(opened(), shell, qtbot)
    dialog.form.no_letter.click()
    assert (dialog.save.text(), dialog.letter.isEnabled()) == ("Refuse", False)
    dialog.form.no_letter.click()
    dialog.form.never.click()
    assert not dialog.form.when.isEnabled()
    assert not dialog.form.greet.isEnabled()
    dialog.form.never.click()
    typed(dialog, "8")
    qtbot.waitUntil(shell.lanes.idle)
    assert not dialog.form.when.isEnabled()
    assert dialog.save.text() == "Refuse"
    dialog.take()
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    card = card_of(shell)
    assert card.suppressed == {point.key for point in card.points}
    assert card.letters == ()


def test_greetings_are_allowed_by_a_chip_and_kinds_are_shown(
    opened: Opened, shell: Shell, qtbot: QtBot, out: Out
) -> None:
    dialog = chosen(opened(), shell, qtbot, "7")
    assert dialog.form.buttons["not_now"].accessibleDescription() == "won’t talk now"
    dialog.form.greet.click()
    dialog.refuse_without_letter()
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    card = card_of(shell)
    assert card.lead.greet
    assert [refusal.kind for refusal in card.refusals] == [RefusalKind.NOT_NOW]
    assert card.letters == ()


def test_what_is_missing_is_said_in_place(opened: Opened, shell: Shell, qtbot: QtBot) -> None:
    dialog = opened("hu")
    dialog.take()
    assert "okot" in dialog.form.error.text()
    chosen(dialog, shell, qtbot, "9")
    dialog.take()
    assert "szavak" in dialog.form.error.text()
    assert dialog.form.words.property("wrong")
    dialog.form.words.setPlainText("Mert nem.")
    dialog.form.when.set_text("tegnap")
    dialog.take()
    assert "elmúlt" in dialog.form.when.said.text()
    assert card_of(shell).lead.status is Status.NEW
