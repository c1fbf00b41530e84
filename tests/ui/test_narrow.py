"""Small windows and right-to-left ones: what matters is seen whole, words stand where lines begin."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPixmap, QStandardItem, QStandardItemModel, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.choice import ChoiceButton
from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.cards.header import LeadHeader
from leaddesk.ui.dialogs.import_wizard_report import plain_table
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.pages.my_day import MyDayPage
from leaddesk.ui.theme import current
from leaddesk.ui.widgets import LineEdit, MutedLabel
from leaddesk.workflow.cards import LeadCard
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


def ink(widget: QWidget) -> list[int]:
    """The columns something is painted in, from the left."""
    image = widget.grab().toImage()
    ground = image.pixel(0, 0)
    return [x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(image.height()))]


def gaps_at_the_left(columns: list[int], width: int) -> bool:
    """Whether the first thing painted from the left, before a gap as wide as a blank, is narrower than a letter."""
    first = next(after for before, after in pairwise(columns) if after - before > 1)
    return columns.index(first) < width


@pytest.mark.parametrize("company", ["Klochkivska Trade LLC", "شرکت نیلوفر"])
def test_the_dot_between_two_facts_stands_between_them_in_a_mirrored_window(
    right_to_left: None, window: MainWindow, qtbot: QtBot, company: str
) -> None:
    window.shell.lanes.do(window, AddLead(values={"name": "Somebody", "company": company}), quiet=True)
    qtbot.waitUntil(window.shell.lanes.idle)
    header = LeadHeader(window.shell)
    qtbot.addWidget(header)
    card = window.shell.lanes.desk.read(LeadCard(1))
    header.show_card(card)
    label = header.company.label
    label.setStyleSheet("color: black; background: white")
    label.resize(400, 30)
    assert gaps_at_the_left(ink(label), 4)
    assert header.company.accessibleName() == f"Company: {company} ·"


def first_comes_first(words: str, runs: Qt.LayoutDirection) -> bool:
    """Whether the “1” a sentence begins with is painted left of its “lead”, in a line of that direction."""
    layout, way = QTextLayout(words), QTextOption()
    way.setTextDirection(runs)
    layout.setTextOption(way)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    digit, letter = (line.cursorToX(words.index(said))[0] for said in ("1", "lead"))
    return digit < letter


def test_a_toast_that_begins_with_a_figure_is_not_turned_in_a_mirrored_window(
    right_to_left: None, window: MainWindow
) -> None:
    window.shell.messages.toast("1 parked lead came back")
    toast = window.toasts.frames[0].findChild(QLabel)
    assert toast is not None
    # A label runs like its words.
    assert first_comes_first(toast.text(), Qt.LayoutDirection.LayoutDirectionAuto)


def test_a_cell_that_begins_with_a_figure_is_not_turned_in_a_mirrored_window(right_to_left: None, qtbot: QtBot) -> None:
    model = QStandardItemModel(1, 1)
    model.setItem(0, 0, QStandardItem("+1 is on lead 3001"))
    table = plain_table(model, "Rows")
    qtbot.addWidget(table)
    cell = QStyleOptionViewItem()
    table.itemDelegate().initStyleOption(cell, model.index(0, 0))
    assert first_comes_first(cell.text, Qt.LayoutDirection.RightToLeft)
