"""The call: dialling, what to say, the outcome and what it will do."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.my_day.script import load_script, merged_html, opening_for, part_of_day
from leaddesk.ui.pages.my_day import MyDayPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadCard, Today
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.outcomes import DEFAULT_OUTCOMES
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.queue import Hold
from leaddesk.workflow.team import AddUser
from leaddesk.workflow.vocabulary import Channel, PointState, Section
from tests.engines import TestClock, sit_down

PHONES = (PointInput(Channel.PHONE, "+380444906231"), PointInput(Channel.PHONE, "+380444906248"))


@pytest.fixture
def add(desk_here: Desk) -> Callable[..., int]:
    def made(points: tuple[PointInput, ...] = PHONES, **values: Any) -> int:
        given = {"name": "Olena Hrytsenko", "country": "UA", **values}
        return desk_here.do(AddLead(values=given, points=points, even_if_known=True)).value.id

    return made


@pytest.fixture
def dialled(shell: Shell) -> list[str]:
    links: list[str] = []
    shell.open_link = lambda link: links.append(link) is None
    return links


@pytest.fixture
def page(shell: Shell, qtbot: QtBot, dialled: list[str]) -> MyDayPage:
    made = MyDayPage(shell)
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    return made


@pytest.fixture
def settle(page: MyDayPage, shell: Shell, qtbot: QtBot) -> Callable[[], None]:
    def quiet() -> bool:
        return shell.lanes.idle() and not page.queue.looks_soon() and not page.lead.looks_soon()

    return lambda: qtbot.waitUntil(quiet, timeout=10_000)


Settle = Callable[[], None]
Add = Callable[..., int]


def show(page: MyDayPage, lead: int, settle: Settle) -> None:
    page.show_lead(lead)
    settle()


def test_dialling_opens_the_link_holds_the_lead_and_starts_the_clock(
    page: MyDayPage, add: Add, settle: Settle, dialled: list[str], clock: TestClock
) -> None:
    show(page, add(), settle)
    assert not page.call.state_chip.isVisible()
    page.call.dial()
    settle()
    clock.forward(minutes=2, seconds=47)
    page.call._show_time()
    assert dialled == ["tel:+380444906231"]
    assert page.call.clock_label.text() == "02:47"
    assert page.call.state_chip.isVisible()


def test_the_call_logged_has_its_length_its_start_and_its_number(
    page: MyDayPage, add: Add, settle: Settle, clock: TestClock, desk_here: Desk
) -> None:
    lead = add()
    show(page, lead, settle)
    page.call.dial(page.lead.card.points[1])
    settle()
    clock.forward(seconds=75)
    page.call.choose(5)
    call = page.call.call()
    assert call is not None
    assert (call.duration_s, call.contact_id) == (75, page.lead.card.points[1].id)
    page.call.take()
    settle()
    assert desk_here.read(LeadCard(lead)).points[1].answered == 1


def test_nobody_answering_dial_links_is_said(page: MyDayPage, add: Add, settle: Settle, shell: Shell) -> None:
    shell.open_link = lambda _link: False
    show(page, add(), settle)
    page.call.dial()
    settle()
    assert "dial link" in shell.messages.said[-1].words


def test_a_lead_without_a_number_cannot_be_dialled(
    page: MyDayPage, add: Add, settle: Settle, shell: Shell, dialled: list[str]
) -> None:
    show(page, add(points=()), settle)
    page.call.dial()
    assert "no number" in shell.messages.said[-1].words
    assert dialled == []


def test_every_outcome_tells_what_it_will_do_before_it_is_taken(
    page: MyDayPage, add: Add, settle: Settle, desk_here: Desk
) -> None:
    lead = add()
    show(page, lead, settle)
    told = {}
    for outcome in DEFAULT_OUTCOMES:
        page.call.choose(outcome.digit)
        assert page.call.then.effect is not None
        told[outcome.key] = page.call.then.effect.words
        assert page.call.then.words.text().startswith("<b>Then:</b>")
        assert page.call.pad.button(outcome.digit).isChecked()
    assert len(set(told.values())) == len(DEFAULT_OUTCOMES) - 1  # no answer and voicemail do the same
    assert "try again" in told["no_answer"]
    assert desk_here.read(Today()).calls == 0


def test_the_effect_follows_the_time_as_it_is_typed(page: MyDayPage, add: Add, settle: Settle) -> None:
    show(page, add(), settle)
    page.call.choose(4)
    page.call.then.when.set_text("tomorrow 14")
    page.call.then.when.set_text("tomorrow 14:30")
    assert "call back tomorrow 14:30 their time" in page.call.then.words.text()
    assert page.call.then.when.said.text() == "→ tomorrow 14:30 their time · 12:30 here"


def test_wrong_number_goes_on_with_the_next_one(page: MyDayPage, add: Add, settle: Settle, desk_here: Desk) -> None:
    lead, _other = add(), add(name="Taras", points=(PointInput(Channel.PHONE, "+380444906299"),))
    show(page, lead, settle)
    page.call.choose(9)
    page.call.take()
    settle()
    assert page.lead.lead_id == lead
    assert page.lead.card.dial.key == "+380444906248"
    assert desk_here.read(LeadCard(lead)).points[0].state is PointState.WRONG_PERSON
    page.call.choose(9)
    page.call.take()
    settle()
    assert page.lead.lead_id != lead


def test_choices_and_clocks_wait_while_another_lead_is_looked_at(
    page: MyDayPage, add: Add, settle: Settle, clock: TestClock
) -> None:
    first, second = add(), add(name="Taras")
    show(page, first, settle)
    page.call.dial()
    settle()
    page.call.choose(4)
    page.call.then.when.set_text("tomorrow 14:30")
    show(page, second, settle)
    assert page.call.chosen() is None
    assert page.call.then.when.text() == ""
    clock.forward(minutes=1)
    show(page, first, settle)
    assert page.call.chosen().key == "callback"
    assert page.call.then.when.text() == "tomorrow 14:30"
    assert page.call.clock_label.text() == "01:00"


def test_digits_choose_from_the_queue_and_are_text_in_the_note(
    page: MyDayPage, add: Add, settle: Settle, qtbot: QtBot
) -> None:
    show(page, add(), settle)
    page.queue.view.setFocus()
    QTest.keyClick(page.queue.view, Qt.Key.Key_3)
    assert page.call.chosen().key == "voicemail"
    page.call.note.setFocus()
    QTest.keyClicks(page.call.note, "40 seats")
    assert page.call.note.toPlainText() == "40 seats"
    assert page.call.chosen().key == "voicemail"
    QTest.keyClick(page.call.note, Qt.Key.Key_Escape)
    QTest.keyClick(page.call, Qt.Key.Key_1)
    assert page.call.chosen().key == "no_answer"
    qtbot.wait(0)
    settle()


def test_after_a_field_of_the_card_a_digit_and_enter_write_up_the_call(
    page: MyDayPage, add: Add, settle: Settle, desk_here: Desk
) -> None:
    lead = add()
    show(page, lead, settle)
    name = page.lead.header.name
    name.setFocus()
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert name.editing
    QTest.keyClick(name.editor, Qt.Key.Key_Escape)
    assert name.hasFocus()
    for key in (Qt.Key.Key_1, Qt.Key.Key_Return):
        QTest.keyClick(QApplication.focusWidget(), key)
    settle()
    assert not name.editing
    assert desk_here.read(Today()).calls == 1
    assert desk_here.read(LeadCard(lead)).lead.name == "Olena Hrytsenko"


def test_enter_without_an_outcome_says_what_is_missing(
    page: MyDayPage, add: Add, settle: Settle, shell: Shell, desk_here: Desk
) -> None:
    show(page, add(), settle)
    page.call.take()
    assert "Choose how the call ended" in shell.messages.said[-1].words
    assert desk_here.read(Today()).calls == 0


def test_a_refused_call_says_so_in_place_and_keeps_the_note(
    page: MyDayPage, add: Add, settle: Settle, desk_here: Desk
) -> None:
    from leaddesk.workflow.refusals import RefuseLead

    lead = add()
    show(page, lead, settle)
    page.call.note.setPlainText("They said yes")
    page.call.choose(1)
    desk_here.do(RefuseLead(lead_id=lead, reason="price", letter="none"))
    page.call.take()
    settle()
    assert "refused" in page.call.problem.text()
    assert page.call.note.toPlainText() == "They said yes"


@pytest.fixture
def zoe(store: DbStore, clock: TestClock, desk_here: Desk) -> Desk:
    desk_here.do(AddUser(login="zoe", name="Zoe Other"))
    return sit_down(store, clock, "zoe")


def test_a_lead_somebody_else_is_with_says_so_and_is_called_only_when_asked_twice(
    page: MyDayPage, add: Add, settle: Settle, zoe: Desk, dialled: list[str], shell: Shell, qtbot: QtBot
) -> None:
    lead = add()
    assert zoe.do(Hold(lead)).value
    show(page, lead, settle)
    banner = page.lead.banners.held
    assert banner.isVisible()
    assert banner.words.text() == "Zoe Other is with this lead now."
    with qtbot.waitSignal(shell.next_requested):
        banner.button.click()
    page.call.choose(1)
    assert page.call.problem.text() == "Zoe Other is with Olena Hrytsenko now."
    page.call.dial()
    settle()
    assert dialled == []
    assert page.call.problem.text().endswith("F5 once more calls all the same.")
    page.call.dial()
    settle()
    assert len(dialled) == 1


def test_a_lead_taken_by_somebody_after_it_was_opened_is_not_raced_for(
    page: MyDayPage, add: Add, settle: Settle, zoe: Desk, dialled: list[str], desk_here: Desk
) -> None:
    lead = add()
    show(page, lead, settle)
    assert not page.lead.banners.held.isVisible()
    assert zoe.do(Hold(lead)).value
    page.call.choose(1)
    page.call.take()
    settle()
    assert page.lead.banners.held.isVisible()
    assert "Enter once more" in page.call.problem.text()
    assert desk_here.read(Today()).calls == 0
    page.call.take()
    settle()
    assert desk_here.read(Today()).calls == 1


def test_a_lead_opened_by_hand_is_ours_once_dialled(
    page: MyDayPage, add: Add, settle: Settle, zoe: Desk, dialled: list[str]
) -> None:
    lead = add()
    show(page, lead, settle)
    page.call.dial()
    settle()
    assert len(dialled) == 1
    assert not zoe.do(Hold(lead)).value


def test_objections_open_by_their_keys_one_at_a_time(page: MyDayPage, add: Add, settle: Settle) -> None:
    show(page, add(), settle)
    script = page.call.script
    page.call.setFocus()
    QTest.keyClick(page.call, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert [answer.isVisible() for answer in script._answers] == [True, False, False]
    QTest.keyClick(page.call, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert [answer.isVisible() for answer in script._answers] == [False, False, True]


# The script itself


def test_the_script_speaks_of_what_the_lead_wanted_and_why_it_is_called() -> None:
    script = load_script()
    values = {"first": "Olena", "name": "Olena H.", "interest": "40 seats", "company": "Firm"}
    assert "asked me to call back about {interest}" in opening_for(script, Section.CALLBACK, values)
    assert "asked me to call at this time" in opening_for(script, Section.CALLBACK, {"name": "x"})
    assert "Who decides" in opening_for(script, Section.NEW, {"company": "Firm"})


def test_merged_values_are_marked_and_never_markup() -> None:
    html = merged_html("Hi, {first}: {interest} from {me}", {"first": "<b>O", "interest": "x & y", "me": "A<"}, "#ff0")
    assert "&lt;b&gt;O" in html
    assert "x &amp; y" in html
    assert html.count("background-color:#ff0") == 2
    assert html.endswith("A&lt;")


def test_a_name_that_is_not_known_leaves_no_gap() -> None:
    assert merged_html("Good day, {first}. Well", {}, "#ff0") == "Good day. Well"


@pytest.mark.parametrize(("hour", "said"), [(9, "morning"), (12, "afternoon"), (18, "evening")])
def test_greetings_go_by_their_own_clock(clock: TestClock, hour: int, said: str) -> None:
    assert part_of_day(clock.now().replace(hour=hour)) == said
