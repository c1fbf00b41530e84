"""Many leads refuse for one reason, each with a letter of its own."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui import language
from leaddesk.ui.dialogs.refuse_many import RefuseManyDialog
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadCard, LeadCardData
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.settings import ChangeSetting
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, LetterState, Status
from leaddesk.workflow.when_words import LANGUAGES

PEOPLE = (
    ("Kovács Gábor", "hu", "gabor@nyomda.example"),
    ("سارا رضایی", "fa", "sara@chap.example"),
    ("Jane Cooper", "en", ""),
    ("Tamm Kristjan", "et", "kristjan@tamm.example"),
    ("Ольга Петрова", "ru", "olga@pechat.example"),
)
Opened = Callable[..., RefuseManyDialog]


@pytest.fixture
def ids(shell: Shell) -> tuple[int, ...]:
    desk, made = shell.lanes.desk, []
    for number, (name, written_in, mail) in enumerate(PEOPLE):
        points = [PointInput(Channel.PHONE, f"+3630123456{number}")]
        points += [PointInput(Channel.EMAIL, mail)] if mail else []
        made.append(desk.do(AddLead(values={"name": name, "language": written_in}, points=tuple(points))).value.id)
    desk.do(Suppress("kristjan@tamm.example"))
    desk.do(ConvertLead(lead_id=made[4]))
    return tuple(made)


@pytest.fixture
def opened(shell: Shell, qtbot: QtBot, ids: tuple[int, ...]) -> Iterator[Opened]:
    windows = []

    def open_it(name: str = "en", lead_ids: tuple[int, ...] = ids) -> RefuseManyDialog:
        language.choose(name)
        window = QWidget()
        windows.append(window)
        window.resize(1280, 720)
        window.show()
        made = RefuseManyDialog(shell, lead_ids, window)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        made.show()
        qtbot.waitUntil(lambda: shell.lanes.idle() and bool(made.form.reasons))
        return made

    yield open_it
    qtbot.waitUntil(shell.lanes.idle)
    for window in windows:
        for dialog in window.findChildren(RefuseManyDialog):
            dialog.reject()
        window.close()
        window.deleteLater()
    language.choose("en")


def stored(shell: Shell, ids: tuple[int, ...]) -> list[LeadCardData]:
    return [shell.lanes.desk.read(LeadCard(lead_id)) for lead_id in ids]


def chosen(dialog: RefuseManyDialog, shell: Shell, qtbot: QtBot, key: str = "price") -> RefuseManyDialog:
    dialog.form.choose(key)
    qtbot.waitUntil(shell.lanes.idle)
    return dialog


def test_it_says_beforehand_how_many_get_a_letter_and_who_is_left_out(opened: Opened) -> None:
    dialog = opened()
    assert dialog.preview.tally.text() == (
        "2 get a letter · 1 has no address · 1 is suppressed · 1 cannot refuse and is left out"
    )
    assert dialog.save.text() == "Refuse 4 leads"


def test_letters_are_leafed_through_each_in_its_own_language(opened: Opened, shell: Shell, qtbot: QtBot) -> None:
    dialog = chosen(opened(), shell, qtbot)
    seen = []
    for _ in PEOPLE:
        seen.append((dialog.preview.who.text(), dialog.preview.address.text(), dialog.preview.paper.text()[1][:12]))
        QTest.keyClick(dialog, Qt.Key.Key_PageDown)
        qtbot.waitUntil(shell.lanes.idle)
    assert [who for who, _to, _body in seen] == [f"{n} of 5 · {name}" for n, (name, _, _) in enumerate(PEOPLE, 1)]
    assert seen[0][1:] == ("to gabor@nyomda.example · Hungarian", "Tisztelt Kov")
    assert seen[1][2].startswith("\u2068سارا رضایی")
    assert seen[2][1] == "No letter: there is no e-mail on the card."
    assert seen[3][1] == "No letter: the address is suppressed."
    assert dialog.preview.at == 0, "after the last comes the first"
    QTest.keyClick(dialog, Qt.Key.Key_PageUp)
    assert dialog.preview.at == 4


def test_all_refuse_in_one_step_and_undo_takes_it_back(
    opened: Opened, shell: Shell, qtbot: QtBot, ids: tuple[int, ...]
) -> None:
    shell.lanes.do(shell, ChangeSetting("letters.smtp_host", "smtp.firm.example"), quiet=True)
    qtbot.waitUntil(lambda: bool(shell.settings.text("letters.smtp_host")))
    dialog = chosen(opened(), shell, qtbot)
    assert dialog.save.text() == "Refuse 4 leads and send"
    dialog.form.when.set_text("in 3 months")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    cards = stored(shell, ids)
    assert [card.lead.status for card in cards] == [Status.REFUSED] * 4 + [Status.CONVERTED]
    letters = [letter for card in cards for letter in card.letters]
    assert {(letter.language, letter.state) for letter in letters} == {
        ("hu", LetterState.QUEUED),
        ("fa", LetterState.QUEUED),
    }
    assert all(card.lead.return_at is not None for card in cards[:4])
    toast = shell.messages.said[-1]
    assert toast.words == "Refused: 4 leads · 2 letters leave in 60 s · left out: Ольга Петрова is converted"
    shell.lanes.desk.do(Undo(toast.operation))
    assert [card.lead.status for card in stored(shell, ids)] == [Status.NEW] * 4 + [Status.CONVERTED]


def test_without_a_server_letters_stay_drafts_and_without_letters_there_are_none(
    opened: Opened, shell: Shell, qtbot: QtBot, ids: tuple[int, ...]
) -> None:
    dialog = chosen(opened(lead_ids=ids[:1]), shell, qtbot)
    assert dialog.save.text() == "Refuse 1 lead"
    assert "drafts" in dialog.foot.text()
    dialog.take()
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    dialog = chosen(opened(lead_ids=ids[1:2]), shell, qtbot)
    dialog.refuse_without_letters()
    qtbot.waitUntil(lambda: not dialog.isVisible() and shell.lanes.idle())
    first, second = stored(shell, ids[:2])
    assert [letter.state for letter in first.letters] == [LetterState.DRAFT]
    assert (second.lead.status, second.letters) == (Status.REFUSED, ())


def test_esc_keeps_what_was_said_and_refused_words_stay_in_place(
    opened: Opened, shell: Shell, qtbot: QtBot, ids: tuple[int, ...]
) -> None:
    dialog = opened()
    dialog.take()
    assert "Choose why" in dialog.form.error.text()
    chosen(dialog, shell, qtbot, "competitor")
    dialog.form.words.setPlainText("the fair is over")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    again = opened(lead_ids=ids[4:])
    assert (again.form.reason, again.form.words.toPlainText()) == ("competitor", "the fair is over")
    again.take()
    qtbot.waitUntil(shell.lanes.idle)
    assert again.isVisible()
    assert "None of these leads can refuse" in again.form.error.text()
    assert again.save.isEnabled()


def test_nobody_of_many_has_stayed(opened: Opened, shell: Shell, qtbot: QtBot) -> None:
    dialog = chosen(opened(), shell, qtbot)
    assert not dialog.form.stayed.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_S)
    assert dialog.isVisible()


@pytest.mark.parametrize("name", LANGUAGES)
def test_all_is_seen_at_1280_by_720(opened: Opened, shell: Shell, qtbot: QtBot, name: str) -> None:
    dialog = chosen(opened(name), shell, qtbot)
    assert dialog.form.verticalScrollBar().maximum() == 0
    for button in dialog.findChildren(QAbstractButton):
        assert not button.isVisible() or button.width() >= button.sizeHint().width(), button.text()
