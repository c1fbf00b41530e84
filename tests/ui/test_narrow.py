"""Small windows and right-to-left ones: what matters is seen whole, words stand where lines begin."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.choice import ChoiceButton
from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.pages.my_day import MyDayPage
from leaddesk.ui.theme import current
from leaddesk.ui.widgets import LineEdit, MutedLabel
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel


def on_my_day(window: MainWindow, qtbot: QtBot) -> MyDayPage:
    points = (
        PointInput(Channel.PHONE, "+380577054122"),
        PointInput(Channel.EMAIL, "olena.hrytsenko@klochkivska.example"),
    )
    command = AddLead(values={"name": "Olena Hrytsenko", "company": "Klochkivska Trade LLC"}, points=points)
    window.shell.lanes.do(window, command)
    window.show_page("my_day")
    qtbot.waitUntil(window.shell.lanes.idle)
    page = window.made_page("my_day")
    assert isinstance(page, MyDayPage)
    qtbot.waitUntil(lambda: page.lead.card is not None and window.shell.lanes.idle())
    return page


def seen(widget: QWidget, window: QWidget) -> bool:
    """Whether all of it lies within every widget it is in."""
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    outer = widget.parentWidget()
    while outer is not None and outer is not window:
        if not QRect(outer.mapTo(window, QPoint(0, 0)), outer.size()).contains(place):
            return False
        outer = outer.parentWidget()
    return window.rect().contains(place)


def test_in_the_smallest_window_keys_and_their_effect_are_seen_and_the_card_is_not_cut(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = on_my_day(window, qtbot)
    assert page.queue.isVisible()
    window.resize(window.minimumSize())
    page.call.choose(5)
    qtbot.waitUntil(window.shell.lanes.idle)
    qtbot.waitUntil(lambda: seen(page.call.then, window))
    assert seen(page.call.pad, window)
    assert seen(page.call.note, window)
    assert not page.queue.isVisible()
    assert page.lead.findChild(QWidget) is not None
    bar = page.lead._scroll.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    window.resize(1440, 900)
    qtbot.waitUntil(page.queue.isVisible)


def test_long_names_and_addresses_break_instead_of_widening_the_card(window: MainWindow, qtbot: QtBot) -> None:
    address = "a.very.long.mail.address.of.somebody.important@department-of-headsets.subsidiary.corporation.example"
    name = "Extraordinarily-Long von und zu Hohenlohe-Waldenburg-Schillingsfürst Konstantinopolitanowicz"
    made: list[int] = []
    command = AddLead(values={"name": name}, points=(PointInput(Channel.EMAIL, address),))
    window.shell.lanes.do(window, command, lambda done: made.append(done.value.id), quiet=True)
    page = on_my_day(window, qtbot)
    window.resize(1280, 720)
    page.show_lead(made[0])
    qtbot.waitUntil(lambda: page.lead.card is not None and page.lead.card.lead.id == made[0])
    bar = page.lead._scroll.horizontalScrollBar()
    qtbot.wait(0)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    field = next(view for view in page.lead.findChildren(FieldView) if address in view.accessibleName())
    assert field.height() > field.fontMetrics().height() * 2
    field.edit()
    assert field.editor is not None
    assert field.editor.property("text") == address


def test_who_is_current_stays_in_sight_when_the_lines_of_the_queue_break_anew(window: MainWindow, qtbot: QtBot) -> None:
    words = "cable-free telephony for the whole of a new branch with two halls and a reception"
    for number in range(30):
        point = PointInput(Channel.PHONE, f"+3805770541{number:02d}")
        values = {"name": f"Olena the {number} of her name, Hrytsenko", "interest": words}
        window.shell.lanes.do(window, AddLead(values=values, points=(point,)), quiet=True)
    page = on_my_day(window, qtbot)
    view = page.queue.view
    qtbot.waitUntil(lambda: len(page.queue.page.rows) == 30)
    page.show_lead(page.queue.page.rows[20].lead_id)

    def in_sight() -> bool:
        return view.viewport().rect().contains(view.visualRect(view.currentIndex()))

    qtbot.waitUntil(in_sight)
    window.resize(1080, 640)
    qtbot.waitUntil(lambda: view.viewport().height() < 560)
    qtbot.waitUntil(in_sight)


def test_beside_a_list_in_the_smallest_window_the_card_is_not_cut(window: MainWindow, qtbot: QtBot) -> None:
    on_my_day(window, qtbot)
    window.resize(window.minimumSize())
    window.show_page("leads")
    page = window.made_page("leads")
    assert isinstance(page, LeadsPage)
    qtbot.waitUntil(lambda: page.lead.card is not None and window.shell.lanes.idle())
    bar = page.lead._scroll.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def ink_is_on_the_right(widget: QWidget, without: Callable[[], object]) -> bool:
    """Whether what `without` takes away was painted in the right half only."""
    whole: QPixmap = widget.grab()
    without()
    before, after = whole.toImage(), widget.grab().toImage()
    changed = [
        x for x in range(before.width()) if any(before.pixel(x, y) != after.pixel(x, y) for y in range(before.height()))
    ]
    return bool(changed) and min(changed) > before.width() // 2


def test_words_stand_on_the_right_where_script_runs_from_there(right_to_left: None, qtbot: QtBot) -> None:
    label, line = MutedLabel("Who works the leads."), LineEdit("Search")
    choice = ChoiceButton(current(), "Busy", "2", key_first=False)
    for widget in (label, line, choice):
        qtbot.addWidget(widget)
        widget.resize(400, 32)
    assert ink_is_on_the_right(label, lambda: label.setText(""))
    assert ink_is_on_the_right(line, lambda: line.setPlaceholderText(""))
    assert ink_is_on_the_right(choice, lambda: choice.setText(""))


def test_words_placed_otherwise_stay_where_they_were_put(right_to_left: None, qtbot: QtBot) -> None:
    label = MutedLabel("0 leads")
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    qtbot.addWidget(label)
    assert label.alignment() == Qt.AlignmentFlag.AlignHCenter
