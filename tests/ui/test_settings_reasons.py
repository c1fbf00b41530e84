"""The reasons for refusing: seen with what came of them, added, changed, retired and brought back."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.pages.settings_reasons import ReasonsEditor, free_digit, titles_of
from leaddesk.ui.pages.settings_reasons_form import ReasonDialog
from leaddesk.ui.pages.settings_reasons_table import HEADS, SUB
from leaddesk.ui.shell import Shell
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import RefusalReason
from leaddesk.workflow.reasons import DEFAULT_REASONS, SaveReason
from leaddesk.workflow.refusals import Reasons, RefuseLead, Stayed
from leaddesk.workflow.templates import SaveTemplate, Templates
from leaddesk.workflow.vocabulary import LetterKind, RefusalKind
from tests.engines import TestClock, sit_down
from tests.workflow.making import KYIV, KYIV_TOO, TALLINN, add


@pytest.fixture
def editor(shell: Shell, qtbot: QtBot) -> ReasonsEditor:
    made = ReasonsEditor(shell)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.look()
    qtbot.waitUntil(shell.lanes.idle)
    return made


@pytest.fixture
def settle(shell: Shell, qtbot: QtBot) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(shell.lanes.idle, timeout=10_000)


def stored(desk: Desk, key: str) -> RefusalReason | None:
    rows = desk.read(Reasons(language="", retired=True))
    return next((row.reason for row in rows if row.reason.key == key), None)


def line(editor: ReasonsEditor, key: str) -> dict[str, str]:
    """A row as it is read: column → words, with what stands below them."""
    model = editor.table.reasons
    row = model.row_of(key)
    assert row >= 0, key
    cells = [model.index(row, column) for column in range(model.columnCount())]
    return {head: f"{cell.data()} {cell.data(SUB)}".strip() for head, cell in zip(HEADS, cells, strict=True)}


def click(button: QWidget, qtbot: QtBot) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def opened(editor: ReasonsEditor) -> ReasonDialog:
    assert editor.dialog is not None
    return editor.dialog


def change(editor: ReasonsEditor, key: str, qtbot: QtBot) -> ReasonDialog:
    editor.select(key)
    click(editor.edit, qtbot)
    return opened(editor)


def put(dialog: ReasonDialog, **values: Any) -> None:
    for name, value in values.items():
        field = getattr(dialog, name)
        if isinstance(field, QComboBox):
            at = field.findData(value)
            assert at >= 0, value
            field.setCurrentIndex(at)
        elif isinstance(field, QPushButton):
            field.setChecked(value)
        else:
            assert isinstance(field, QLineEdit | QPlainTextEdit)
            field.setText(value) if isinstance(field, QLineEdit) else field.setPlainText(value)


def test_each_reason_stands_with_what_came_of_it(
    editor: ReasonsEditor, desk_here: Desk, settle: Callable[[], None]
) -> None:
    for number in (KYIV, KYIV_TOO, TALLINN):
        desk_here.do(RefuseLead(lead_id=add(desk_here, number).id, reason="price"))
    desk_here.do(RefuseLead(lead_id=add(desk_here, KYIV).id, reason="do_not_call"))
    desk_here.do(Stayed(lead_id=add(desk_here, KYIV_TOO).id, reason="price"))
    editor.look()
    settle()
    QAbstractItemModelTester(editor.table.reasons, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert line(editor, "price") == {
        "Key": "1",
        "Reason": "Too expensive full refusal",
        "Share": "75 % 3 refusals",
        "Stayed": "1 of 4",
        "Came back": "0 %",
        "Letter": "Farewell · too expensive",
        "Then": "90 days",
    }
    assert line(editor, "other")["Reason"] == "Something else, in words full refusal · in their words"
    assert line(editor, "other")["Then"] == "ask"
    assert line(editor, "ignores")["Reason"] == "Never answers us ignores us"
    assert line(editor, "do_not_call")["Then"] == "never again calls and letters stop"
    assert line(editor, "do_not_call")["Letter"] == "no letter"
    assert line(editor, "plans")["Came back"] == "–"


def test_a_reason_is_added_with_everything_it_has(
    editor: ReasonsEditor, desk_here: Desk, settle: Callable[[], None], qtbot: QtBot
) -> None:
    desk_here.do(SaveReason(key="budget", title="No budget now"))
    click(editor.add, qtbot)
    dialog = opened(editor)
    put(dialog, key="late_delivery", title="Too late", digit="2", kind="not_now", hint="Offer the express line.")
    put(dialog, needs_words=True, letter="farewell.plans", days="45")
    dialog.titles["hu"].setText("Túl késő")
    dialog.hints["fa"].setText("پیشنهاد ارسال سریع")
    click(dialog.save, qtbot)
    settle()
    assert editor.dialog is None
    assert stored(desk_here, "late_delivery") == RefusalReason(
        id=10,
        key="late_delivery",
        title="Too late",
        titles={"hu": "Túl késő"},
        digit=2,
        kind=RefusalKind.NOT_NOW,
        needs_words=True,
        hint="Offer the express line.",
        hints={"fa": "پیشنهاد ارسال سریع"},
        letter="farewell.plans",
        default_days=45,
    )
    chosen = editor.chosen()
    assert chosen is not None
    assert chosen.reason.key == "late_delivery"


def test_a_reason_is_changed_and_what_is_not_touched_stays(
    editor: ReasonsEditor, desk_here: Desk, settle: Callable[[], None], qtbot: QtBot
) -> None:
    before = stored(desk_here, "price")
    assert before is not None
    dialog = change(editor, "price", qtbot)
    assert not dialog.key.isVisible()
    assert dialog.titles["ru"].placeholderText() == "Слишком дорого"
    put(dialog, title="Over their budget", days="", letter="")
    qtbot.keyClick(dialog.title, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    after = stored(desk_here, "price")
    assert after is not None
    assert (after.title, after.default_days, after.letter) == ("Over their budget", 0, "")
    assert (after.hint, after.digit, after.kind, after.titles) == (before.hint, 1, before.kind, {})
    assert line(editor, "price")["Then"] == "ask"


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"key": "Bad Key", "title": "x"}, "key", "small letters"),
        ({"key": "price", "title": "x"}, "key", "already"),
        ({"key": "late", "title": "  "}, "title", "needs a title"),
        ({"key": "late", "title": "Late", "digit": "1"}, "digit", "Too expensive"),
        ({"key": "late", "title": "Late", "days": "soon"}, "default_days", "no number"),
        ({"key": "late", "title": "Late", "days": "99999"}, "default_days", "3650"),
    ],
)
def test_a_refusal_stands_by_the_field_and_nothing_typed_is_lost(
    editor: ReasonsEditor,
    settle: Callable[[], None],
    qtbot: QtBot,
    values: dict[str, str],
    field: str,
    words: str,
) -> None:
    click(editor.add, qtbot)
    dialog = opened(editor)
    put(dialog, **values)
    click(dialog.save, qtbot)
    settle()
    assert dialog.isVisible()
    told = {name: error.text() for name, (_editor, error) in dialog._errors.items() if error.text()}
    assert list(told) == [field]
    assert words in told[field]
    for name, value in values.items():
        box = getattr(dialog, name)
        assert (box.currentData() if isinstance(box, QComboBox) else box.text()) == value
    assert dialog.save.isEnabled()
    dialog.reject()


def test_what_was_typed_outlives_esc_and_is_forgotten_once_saved_or_dropped(
    editor: ReasonsEditor, shell: Shell, settle: Callable[[], None], qtbot: QtBot
) -> None:
    dialog = change(editor, "plans", qtbot)
    assert not dialog.restored.isVisible()
    put(dialog, hint="Ask who decides.")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settle()
    dialog = change(editor, "plans", qtbot)
    assert dialog.restored.isVisible()
    assert dialog.hint.toPlainText() == "Ask who decides."
    click(dialog.drop, qtbot)
    assert dialog.hint.toPlainText() == "Ask what has to happen first, and by when."
    dialog.reject()
    settle()
    assert not shell.typed.get("reason:plans")
    dialog = change(editor, "plans", qtbot)
    assert not dialog.restored.isVisible()
    dialog.reject()


def test_a_used_reason_is_retired_and_brought_back_an_unused_one_is_deleted(
    editor: ReasonsEditor, desk_here: Desk, settle: Callable[[], None], qtbot: QtBot
) -> None:
    desk_here.do(RefuseLead(lead_id=add(desk_here, KYIV).id, reason="price"))
    editor.look()
    settle()
    editor.select("price")
    assert "1 refused for it" in editor.about.text()
    assert "stays in history" in editor.about.text()
    click(editor.retire, qtbot)
    settle()
    assert line(editor, "price")["Reason"] == "Too expensive retired"
    assert (line(editor, "price")["Key"], line(editor, "price")["Share"]) == ("", "100 % 1 refusal")
    assert not editor.retire.isVisible()
    click(editor.bring_back, qtbot)
    settle()
    back = stored(desk_here, "price")
    assert back is not None
    assert (back.retired, back.digit, back.letter) == (False, 1, "farewell.price")
    editor.select("plans")
    assert "has not been used" in editor.about.text()
    qtbot.keyClick(editor.table, Qt.Key.Key_Delete)
    settle()
    assert stored(desk_here, "plans") is None


def test_the_last_reason_stays(
    editor: ReasonsEditor, desk_here: Desk, settle: Callable[[], None], qtbot: QtBot
) -> None:
    for reason in DEFAULT_REASONS:
        editor.select(reason.key)
        click(editor.retire, qtbot)
        settle()
    assert "only reason" in editor.error.text()
    assert [row.reason.key for row in desk_here.read(Reasons())] == ["other"]


def test_mirrored_a_reason_is_chosen_and_changed_as_well(
    right_to_left: None, editor: ReasonsEditor, qtbot: QtBot
) -> None:
    dialog = change(editor, "ignores", qtbot)
    assert dialog.title.text() == "Never answers us"
    assert editor.table.x() + editor.table.width() == editor.contentsRect().right() + 1
    dialog.reject()


def test_an_operator_reads_them_and_changes_nothing(qtbot: QtBot, store: DbStore, clock: TestClock) -> None:
    shell = Shell(clock)
    with qtbot.waitSignal(shell.opened):
        shell.open(lambda: sit_down(store, clock, "anna"))
    editor = ReasonsEditor(shell)
    qtbot.addWidget(editor)
    editor.show()
    editor.look()
    qtbot.waitUntil(shell.lanes.idle)
    assert line(editor, "price")["Reason"] == "Too expensive full refusal"
    assert "team lead" in editor.why_not.text()
    assert editor.why_not.isVisible()
    assert not [b for b in (editor.add, editor.edit, editor.retire, editor.bring_back) if b.isVisible()]
    qtbot.keyClick(editor.table, Qt.Key.Key_Return)
    qtbot.keyClick(editor.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(shell.lanes.idle)
    assert editor.dialog is None
    assert len(shell.lanes.desk.read(Reasons())) == len(DEFAULT_REASONS)
    shell.lanes.stop()


def test_a_free_digit_and_the_titles_of_letters(desk_here: Desk) -> None:
    assert free_digit(DEFAULT_REASONS) == 0
    assert free_digit([RefusalReason(key="a", title="A", digit=1), RefusalReason(key="b", title="B", digit=3)]) == 2
    assert free_digit([RefusalReason(key="a", title="A", digit=1, retired=True)]) == 1
    text = "Subject: Late\n\nSorry.\n"
    desk_here.do(SaveTemplate(key="farewell.late", language="ru", text=text, title="Опоздали"))
    desk_here.do(SaveTemplate(key="farewell.price", language="ru", text=text, title="Своё"))
    rows = desk_here.read(Templates(LetterKind.FAREWELL))
    english, russian = titles_of(rows, "en"), titles_of(rows, "ru")
    assert (english["farewell.late"], english["farewell.price"]) == ("Опоздали", "Farewell · too expensive")
    assert (russian["farewell.late"], russian["farewell.price"]) == ("Опоздали", "Своё")
