"""The refuse dialog in every language: what it says, the keys of other keyboards, days as they are said there."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from leaddesk.ui.dialogs.refuse import next_season
from leaddesk.ui.shell import Shell
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.when_words import LANGUAGES
from tests.ui.refusing.scene import Opened, typed


@pytest.mark.parametrize("name", LANGUAGES)
def test_all_is_seen_at_1280_by_720_and_nothing_is_cut(refusing: Opened, shell: Shell, qtbot: QtBot, name: str) -> None:
    desk = shell.lanes.desk
    for key in ("not_now", "ignores"):
        desk.do(RefuseLead(lead_id=desk.do(AddLead(values={"name": key})).value.id, reason=key))
    dialog = refusing(name)
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
    refusing: Opened, shell: Shell, qtbot: QtBot, name: str
) -> None:
    dialog = refusing(name)
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


def test_a_digit_of_any_keyboard_is_a_reason(refusing: Opened) -> None:
    dialog = refusing("fa")
    typed(dialog, "۴")
    assert dialog.reason == "competitor"
    typed(dialog, "2")
    assert dialog.reason == "budget"
    typed(dialog, "²")
    assert dialog.reason == "budget"


@pytest.mark.parametrize("text", ["d", "D", "в", "ی"])
def test_the_key_of_d_goes_to_the_day_on_every_keyboard(refusing: Opened, qtbot: QtBot, text: str) -> None:
    dialog = refusing()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    typed(dialog, text)
    assert dialog.form.when.edit.hasFocus()


def test_a_day_typed_in_the_language_is_kept_and_read_in_another(refusing: Opened) -> None:
    dialog = refusing("hu")
    typed(dialog, "1")
    dialog.form.when.set_text("")
    QTest.keyClicks(dialog.form.when.edit, "szept. 1.")
    before = dialog.form.when.moment()
    assert before is not None
    dialog.reject()
    again = refusing("fa")
    assert again.form.when.text() == "szept. 1."
    assert again.form.when.moment() == before


def test_the_next_season_is_two_months_off_at_least() -> None:
    assert next_season(date(2026, 11, 25)) == date(2027, 9, 1)
    assert next_season(date(2026, 7, 1)) == date(2026, 9, 1)
    assert next_season(date(2026, 7, 2)) == date(2027, 1, 1)
