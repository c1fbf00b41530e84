"""Undo and redo from anywhere in the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.main_window import MainWindow
from leaddesk.workflow.cards import Today
from leaddesk.workflow.undo import NextUndo
from tests.ui.window_scene import active, add, settle


def undo_by_key(window: MainWindow, qtbot: QtBot, at: QWidget) -> None:
    qtbot.keyClick(at, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)


def test_undo_and_redo_work_from_anywhere_and_say_what(settings: MainWindow, qtbot: QtBot) -> None:
    lead = add(settings, qtbot, "Olena Hrytsenko")
    words = settings.shell.lanes.desk.read(NextUndo())[0]
    assert words
    assert words in settings.top.undo.toolTip()
    active(settings, qtbot)
    undo_by_key(settings, qtbot, settings.stack.currentWidget())
    assert settings.shell.lanes.desk.read(Today()).leads == 0
    assert not settings.top.undo.isEnabled()
    assert settings.shell.messages.said[-1].action[0] == "Redo"
    assert [frame.toast.words for frame in settings.toasts.frames] == [f"Undone: {words}"]
    qtbot.keyClick(settings, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    settle(settings, qtbot)
    assert settings.shell.lanes.desk.read(Today()).leads == 1
    assert lead.id


def test_a_text_fields_own_undo_goes_first(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    active(settings, qtbot)
    fields: list[QLineEdit | QPlainTextEdit] = [QLineEdit(settings), QPlainTextEdit(settings)]
    for field in fields:
        field.show()
        field.setFocus()
        qtbot.keyClicks(field, "typed")
        undo_by_key(settings, qtbot, field)
        assert (field.text() if isinstance(field, QLineEdit) else field.toPlainText()) == ""
        assert settings.shell.lanes.desk.read(Today()).leads == 1
    undo_by_key(settings, qtbot, fields[1])
    assert settings.shell.lanes.desk.read(Today()).leads == 0
    qtbot.keyClick(fields[0], Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)


def test_a_toasts_undo_takes_back_its_own_operation(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    add(settings, qtbot, "Marta Nowak")
    assert len(settings.toasts.frames) == 2
    first = settings.toasts.frames[0]
    button = next(b for b in first.findChildren(QAbstractButton) if b.text() == "Undo")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(settings, qtbot)
    store = settings.shell.lanes.desk.store
    with store.reader.connect() as connection:
        assert [name for (name,) in connection.exec_driver_sql("SELECT name FROM lead")] == ["Marta Nowak"]
