"""What stands above the tabs of a lead's card is read whole, and stays where it is when more is found out."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.facts import signed
from leaddesk.ui.cards.points import Trailing
from leaddesk.ui.cards.tabs import CardTabs
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.my_day import MyDayPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel
from tests.ui.cards import Card

MANY_REASONS = {
    "name": "Olena Hrytsenko",
    "company": "Klochkivska Trade LLC",
    "role": "Purchasing lead",
    "decides": True,
    "interest": "40 headsets",
    "budget": "12 000",
    "country": "UA",
}
POINTS = (PointInput(Channel.PHONE, "+380577054122"), PointInput(Channel.EMAIL, "olena@klochkivska.example"))


@pytest.fixture
def card(shell: Shell, qtbot: QtBot) -> Card:
    return Card(shell, qtbot)


def has_room(label: QLabel) -> bool:
    """Whether all of a label's words are painted, in as many lines as its width makes of them."""
    return label.isVisible() and label.height() >= label.heightForWidth(label.width())


@pytest.mark.parametrize("width", [620, 468])
def test_all_reasons_of_a_score_are_read_without_a_pointer(card: Card, qtbot: QtBot, width: int) -> None:
    lead_id = card.add(POINTS, **MANY_REASONS)
    card.view.resize(width, 600)
    card.show(lead_id)
    reasons = card.stored(lead_id).score_reasons
    assert len(reasons) > 3
    score = card.view.facts.score
    said = score.text().replace("\xa0", " ").replace("\u2060", "")
    assert all(f"{words} {signed(points)}" in said for words, points in reasons)
    assert "…" not in said
    qtbot.waitUntil(lambda: has_room(score))


def test_when_a_number_was_tried_is_said_in_one_line_where_there_is_room(card: Card, qtbot: QtBot) -> None:
    points = (PointInput(Channel.PHONE, "+380577054122"), PointInput(Channel.PHONE, "+380674410098"))
    lead_id = card.add(points)
    tried = next(point for point in card.stored(lead_id).points if point.key == "+380674410098")
    card.desk.do(LogCall(lead_id=lead_id, outcome="no_answer", contact_id=tried.id))
    card.show(lead_id)
    row = next(row for row in card.view.points.rows if row.point.id == tried.id)
    said = row.findChild(Trailing)
    assert said is not None
    assert said.text().startswith("last tried")
    qtbot.waitUntil(lambda: said.isVisible() and said.width() >= said.fontMetrics().horizontalAdvance(said.text()))
    assert said.heightForWidth(said.width()) < said.fontMetrics().height() * 2


def places(card: Card) -> dict[str, QRect]:
    """Where everything is that a hand may be on its way to."""
    view, bar = card.view, card.view.tabs.tabBar()
    pressed: list[QWidget] = [view.header.more, view.timeline, bar, *view.points.rows, *view.header.fields]
    pressed += view.facts.fields
    found = {
        f"{place} {widget.accessibleName()}": QRect(widget.mapTo(view, QPoint(0, 0)), widget.size())
        for place, widget in enumerate(pressed)
        if widget is not view.timeline
    }
    top = view.timeline.mapTo(view, QPoint(0, 0))
    found["timeline"] = QRect(top.x(), top.y(), view.timeline.width(), 0)
    shown = [place for place in range(bar.count()) if bar.isTabVisible(place)]
    names = [bar.tabText(place).split()[0] for place in shown]
    return found | {name: bar.tabRect(place) for name, place in zip(names, shown, strict=True) if name != "Duplicates"}


@pytest.mark.parametrize("height", [800, 720, 680, 660, 640, 600, 420])
def test_nothing_moves_under_the_hand_when_duplicates_are_found(card: Card, qtbot: QtBot, height: int) -> None:
    card.view.resize(620, height)
    one = card.add(company="Firm")
    card.show(one)
    qtbot.waitUntil(card.view.facts.isVisible)
    before = places(card)
    assert not card.view.known.isVisible()
    card.add(company="Firm")
    card.view.reload()
    card.settle()
    qtbot.waitUntil(card.view.known.banner.isVisible)
    qtbot.waitUntil(lambda: has_room(card.view.known.banner.words))
    assert places(card) == before
    card.view.tabs.setCurrentWidget(card.view.timeline)
    QTest.mouseClick(card.view.known.banner.button, Qt.MouseButton.LeftButton)
    assert card.view.tabs.currentWidget() is card.view.duplicates


@pytest.mark.parametrize("width", [462, 620])
def test_no_tab_is_cut_on_the_narrowest_card_and_none_moves_when_one_comes(
    shell: Shell, qtbot: QtBot, width: int
) -> None:
    tabs = CardTabs(240)
    qtbot.addWidget(tabs)
    titles = ("Timeline", "Tasks 2", "Notes 1", "Letters 1", "Details", "History", "Duplicates")
    for title in titles:
        tabs.addTab(QWidget(), title)
    shell.theme.dress(tabs.tabBar())
    bar, last = tabs.tabBar(), len(titles) - 1
    tabs.setTabVisible(last, False)
    tabs.resize(width, 300)
    tabs.show()
    before = [bar.tabRect(at) for at in range(last)]
    tabs.setTabText(last, "Duplicates 1")
    tabs.setTabVisible(last, True)
    tabs.fit()
    qtbot.waitUntil(lambda: bar.tabRect(last).width() > 0)
    assert [bar.tabRect(at) for at in range(last)] == before
    assert bar.rect().contains(bar.tabRect(last))
    assert not any(button.isVisible() for button in bar.findChildren(QToolButton))


def test_a_toast_lies_neither_over_who_is_known_already_nor_over_who_comes_next(
    window: MainWindow, qtbot: QtBot
) -> None:
    for name in ("Olena Hrytsenko", "Olena H."):
        adding = AddLead(values={"name": name, "company": "Firm"}, points=POINTS, even_if_known=True)
        window.shell.lanes.do(window, adding, quiet=True)
    window.show_page("my_day")
    qtbot.waitUntil(window.shell.lanes.idle)
    page = window.made_page("my_day")
    assert isinstance(page, MyDayPage)
    window.shell.messages.toast("The letter is on its way to everybody who asked for it at the stand last week")
    banner = page.lead.known.banner
    qtbot.waitUntil(banner.isVisible)

    def is_clear() -> bool:
        places = [QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()) for widget in (banner, page.queue)]
        return not any(frame.geometry().intersects(place) for frame in window.toasts.frames for place in places)

    qtbot.waitUntil(is_clear)
    assert window.toasts.frames


def test_signs_of_a_made_up_lead_have_the_width_of_the_card(card: Card, qtbot: QtBot) -> None:
    card.view.resize(468, 800)
    card.show(card.add((PointInput(Channel.EMAIL, "x@mailinator.com"),), name="asdfgh", company="qwerty"))
    banner = card.view.banners.suspicious
    qtbot.waitUntil(lambda: has_room(banner.words))
    assert banner.words.width() > banner.width() * 0.9
    assert banner.button.y() > banner.words.geometry().bottom()
    assert banner.rect().contains(banner.button.geometry())
    assert banner.rect().contains(banner.other.geometry())
