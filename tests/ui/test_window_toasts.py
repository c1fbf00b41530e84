"""Where toasts stand, what they say, and when they go."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.messages import Toast
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.toasts import AT_MOST, OLDER_MS
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.undo import Undo
from tests.ui.window_scene import add, settle


def test_toasts_stack_and_never_cover_what_is_typed_in(settings: MainWindow, qtbot: QtBot) -> None:
    field = QPlainTextEdit(settings)
    field.setGeometry(400, 640, 640, 180)
    field.show()
    for number in range(AT_MOST + 2):
        settings.shell.messages.toast(f"Number {number} was called")
    frames = settings.toasts.frames
    assert [frame.toast.words for frame in frames] == [f"Number {n} was called" for n in range(2, AT_MOST + 2)]
    places = [QRect(frame.mapTo(settings, QPoint(0, 0)), frame.size()) for frame in frames]
    for number, place in enumerate(places):
        assert not place.intersects(field.geometry())
        assert settings.rect().contains(place)
        assert not any(place.intersects(other) for other in places[number + 1 :])


def test_a_mirrored_toast_leaves_the_rail_alone(right_to_left: None, window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("settings")
    settle(window, qtbot)
    field = QPlainTextEdit(window)
    field.setGeometry(0, 400, 900, 480)
    field.show()
    window.shell.messages.toast("A few words that are said", undo=True)
    frame = window.toasts.frames[-1]
    assert not frame.geometry().intersects(field.geometry())
    assert not frame.geometry().intersects(window.rail.geometry())


def test_toasts_are_plain_text(settings: MainWindow, qtbot: QtBot) -> None:
    settings.toasts.show_toast(Toast("<b>Robert</b>'); DROP TABLE lead"))
    label = settings.toasts.frames[-1].findChild(QWidget)
    assert label is not None
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_newer_word_about_the_same_lead_or_an_undo_from_elsewhere_takes_a_toast_away(
    settings: MainWindow, qtbot: QtBot
) -> None:
    olena, marta = add(settings, qtbot, "Olena Hrytsenko"), add(settings, qtbot, "Marta Nowak")
    assert [frame.toast.about.leads for frame in settings.toasts.frames] == [{olena.id}, {marta.id}]
    settings.shell.lanes.do(settings, EditLead(lead_id=olena.id, values={"name": "Olena Koval"}))
    settle(settings, qtbot)
    assert [frame.toast.about.leads for frame in settings.toasts.frames] == [{marta.id}, {olena.id}]
    settings.shell.lanes.do(settings, Undo(settings.toasts.frames[0].toast.operation), quiet=True)
    settle(settings, qtbot)
    assert [frame.toast.about.leads for frame in settings.toasts.frames] == [{olena.id}]


def test_redo_is_offered_no_longer_once_something_else_is_done(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    settings.undo_redo.undo()
    settle(settings, qtbot)
    assert [frame.toast.kind for frame in settings.toasts.frames] == ["undone"]
    add(settings, qtbot, "Marta Nowak")
    assert [frame.toast.kind for frame in settings.toasts.frames] == ["done"]


def test_redo_stands_for_the_last_thing_undone_alone(settings: MainWindow, qtbot: QtBot) -> None:
    for name in ("Olena Hrytsenko", "Marta Nowak"):
        add(settings, qtbot, name)
    for _ in range(2):
        settings.undo_redo.undo()
        settle(settings, qtbot)
    assert [frame.toast.words for frame in settings.toasts.frames] == ["Undone: Added Olena Hrytsenko"]
    settings.undo_redo.redo()
    settle(settings, qtbot)
    assert [frame.toast.words for frame in settings.toasts.frames] == ["Redone: Added Olena Hrytsenko"]


def test_what_was_said_before_leaves_soon_after_something_newer(settings: MainWindow, qtbot: QtBot) -> None:
    add(settings, qtbot, "Olena Hrytsenko")
    frame = settings.toasts.frames[0]
    assert frame.remaining_ms() > 2 * OLDER_MS
    add(settings, qtbot, "Marta Nowak")
    assert frame.remaining_ms() < 1.1 * OLDER_MS
    assert settings.toasts.frames[1].remaining_ms() > 2 * OLDER_MS


def test_the_bar_for_many_rows_is_never_under_a_toast(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("Olena Hrytsenko", "Marta Nowak"):
        add(window, qtbot, name)
    window.show_page("leads")
    settle(window, qtbot)
    page = window.made_page("leads")
    assert isinstance(page, LeadsPage)
    page.table.selectAll()
    bar = page.bulk
    qtbot.waitUntil(bar.isVisible)

    def apart() -> bool:
        place = QRect(bar.mapTo(window, QPoint(0, 0)), bar.size())
        return not any(place.intersects(frame.geometry()) for frame in window.toasts.frames)

    assert len(window.toasts.frames) == 2
    qtbot.waitUntil(apart)
