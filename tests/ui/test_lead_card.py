"""The lead's card: what it shows, and everything edited where it stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.client import ClientCardView
from leaddesk.ui.cards.lead import LeadCardView
from leaddesk.ui.cards.lines import Line, LinesModel
from leaddesk.ui.cards.text import Run
from leaddesk.ui.shell import Shell
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.cards import LeadCard, LeadCardData
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead, EditExtras
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.vocabulary import Channel, Status, TaskKind, Temperature
from tests.engines import TestClock

PHONES = (PointInput(Channel.PHONE, "+380444906231", "office"), PointInput(Channel.PHONE, "+380444906248"))


@pytest.fixture
def add(desk_here: Desk) -> Callable[..., int]:
    def made(points: tuple[PointInput, ...] = PHONES, **values: Any) -> int:
        given = {"name": "Olena Hrytsenko", "company": "Firm", "country": "UA", **values}
        return desk_here.do(AddLead(values=given, points=points, even_if_known=True)).value.id

    return made


@pytest.fixture
def view(shell: Shell, qtbot: QtBot) -> LeadCardView:
    made = LeadCardView(shell)
    qtbot.addWidget(made)
    made.resize(620, 800)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    return made


@pytest.fixture
def settle(view: LeadCardView, shell: Shell, qtbot: QtBot) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: shell.lanes.idle() and not view.looks_soon(), timeout=10_000)


def stored(desk: Desk, lead_id: int) -> LeadCardData:
    return desk.read(LeadCard(lead_id))


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget(), key)


Show = Callable[[], None]
Add = Callable[..., int]


def test_who_it_is_and_whether_to_call_now(view: LeadCardView, add: Add, settle: Show) -> None:
    view.show_lead(add(role="Purchasing lead", decides=True, interest="40 headsets"))
    settle()
    assert view.header.name.label.text() == "Olena Hrytsenko"
    assert view.header.role.accessibleName() == "Role: Purchasing lead ·"
    assert "decides" in view.header.decides.label.text()
    assert "11:00 there · open till 20:00" in view.header.calling.text()
    assert view.header.calling.kind == "ok"
    assert view.header.missing.text().startswith("missing: ")
    main, other = view.points.rows
    assert (main.value.label.text().rstrip("\u200e"), main.point.label) == ("+380 44 490 6231", "office")
    assert other.point.key == "+380444906248"


def test_enter_opens_enter_saves_and_undo_has_its_words(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk, shell: Shell
) -> None:
    lead = add()
    view.show_lead(lead)
    settle()
    view.facts.interest.setFocus()
    press(Qt.Key.Key_F4)
    QTest.keyClicks(QApplication.focusWidget(), "40 headsets")
    press(Qt.Key.Key_Return)
    settle()
    assert stored(desk_here, lead).lead.interest == "40 headsets"
    assert view.facts.interest.label.text() == "40 headsets"
    assert not view.facts.interest.editing
    assert shell.messages.said[-1].operation


def test_esc_restores_and_writes_nothing(view: LeadCardView, add: Add, settle: Show, desk_here: Desk) -> None:
    lead = add(interest="headsets")
    view.show_lead(lead)
    settle()
    version = stored(desk_here, lead).lead.version
    view.facts.interest.setFocus()
    press(Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "other")
    press(Qt.Key.Key_Escape)
    settle()
    assert view.facts.interest.label.text() == "headsets"
    assert stored(desk_here, lead).lead.version == version


def test_tab_saves_and_goes_on_to_the_next_field(view: LeadCardView, add: Add, settle: Show, desk_here: Desk) -> None:
    lead = add()
    view.show_lead(lead)
    settle()
    view.header.name.setFocus()
    press(Qt.Key.Key_F4)
    QTest.keyClicks(QApplication.focusWidget(), "Olha Hrytsenko")
    press(Qt.Key.Key_Tab)
    assert view.header.role.editing
    QTest.keyClicks(QApplication.focusWidget(), "Director")
    press(Qt.Key.Key_Return)
    settle()
    now = stored(desk_here, lead).lead
    assert (now.name, now.role) == ("Olha Hrytsenko", "Director")


def test_a_refused_value_is_said_under_the_field_and_kept(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk
) -> None:
    lead = add()
    view.show_lead(lead)
    settle()
    view.tabs.setCurrentWidget(view.details)
    field = view.details.views["country"]
    field.setFocus()
    press(Qt.Key.Key_F4)
    QTest.keyClicks(QApplication.focusWidget(), "Atlantis")
    press(Qt.Key.Key_Return)
    settle()
    assert "Atlantis" in field.error.text()
    assert field.error.isVisible()
    assert field.typed() == "Atlantis"
    assert stored(desk_here, lead).lead.country == "UA"
    field.put_text("Poland")
    press(Qt.Key.Key_Return)
    settle()
    assert stored(desk_here, lead).lead.country == "PL"


def test_what_is_typed_survives_others_changing_the_card(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk, shell: Shell, qtbot: QtBot
) -> None:
    lead = add()
    view.show_lead(lead)
    settle()
    view.facts.interest.setFocus()
    press(Qt.Key.Key_F4)
    QTest.keyClicks(QApplication.focusWidget(), "half a wo")
    shell.lanes.do(shell, LogCall(lead_id=lead, outcome="no_answer"))
    settle()
    assert view.facts.interest.typed() == "half a wo"
    assert view.facts.touches.text() == "1 (1 call)"


def test_another_card_takes_over_only_after_what_is_typed_is_saved_where_it_belongs(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk
) -> None:
    first, second = add(), add(points=(), name="Taras Bondar")
    view.show_lead(first)
    settle()
    view.facts.interest.setFocus()
    press(Qt.Key.Key_F4)
    QTest.keyClicks(QApplication.focusWidget(), "40 headsets")
    view.show_lead(second)
    settle()
    assert stored(desk_here, first).lead.interest == "40 headsets"
    assert stored(desk_here, second).lead.interest == ""
    assert not view.facts.interest.editing


def test_yes_no_source_and_temperature_are_chosen(view: LeadCardView, add: Add, settle: Show, desk_here: Desk) -> None:
    lead = add()
    desk_here.do(AddLead(values={"name": "Other"}, source="Exhibition"))
    view.show_lead(lead)
    settle()
    view.header.decides.setFocus()
    press(Qt.Key.Key_F4, Qt.Key.Key_Down, Qt.Key.Key_Return)
    settle()
    view.facts.source.setFocus()
    press(Qt.Key.Key_F4, Qt.Key.Key_Down, Qt.Key.Key_Return)
    settle()
    view.header.temperature.chosen.emit("hot")
    settle()
    card = stored(desk_here, lead)
    assert (card.lead.decides, card.source, card.lead.temperature) == (True, "Exhibition", Temperature.HOT)


def test_an_unknown_zone_asks_for_it_on_the_card(view: LeadCardView, add: Add, settle: Show, desk_here: Desk) -> None:
    lead = add(points=(), country="")
    view.show_lead(lead)
    settle()
    assert view.facts.country.isVisible()
    assert view.header.calling.kind == "warm"
    view.facts.country.setFocus()
    press(Qt.Key.Key_F4)
    QTest.keyClicks(QApplication.focusWidget(), "Hungary")
    press(Qt.Key.Key_Return)
    settle()
    assert stored(desk_here, lead).lead.zone_key.startswith("HU|")
    assert not view.facts.country.isVisible()


def test_numbers_are_corrected_marked_and_added(view: LeadCardView, add: Add, settle: Show, desk_here: Desk) -> None:
    lead = add()
    view.show_lead(lead)
    settle()
    field = view.points.rows[1].value
    field.edit()
    field.put_text("+380 44 490 6999")
    field.commit()
    settle()
    view.points.adding.unfold()
    view.points.adding.channel.setCurrentIndex(1)
    QTest.keyClicks(view.points.adding.edit, "olena@firm.example")
    QTest.keyClick(view.points.adding.edit, Qt.Key.Key_Return)
    settle()
    assert {p.key for p in stored(desk_here, lead).points} == {"+380444906231", "+380444906999", "olena@firm.example"}
    view.points.adding.unfold()
    QTest.keyClicks(view.points.adding.edit, "olena@firm.example")
    QTest.keyClick(view.points.adding.edit, Qt.Key.Key_Return)
    settle()
    assert "already" in view.points.adding.error.text()
    assert view.points.adding.edit.text() == "olena@firm.example"


def test_extra_columns_of_a_file_are_shown_and_edited(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk
) -> None:
    lead = add()
    desk_here.do(EditExtras(lead, {"Employees": "40"}))
    view.show_lead(lead)
    settle()
    view.tabs.setCurrentWidget(view.details)
    field = view.details.extras["Employees"]
    field.edit()
    field.put_text("45")
    field.commit()
    settle()
    assert stored(desk_here, lead).extra.fields == {"Employees": "45"}
    assert view.details.extras["Employees"].label.text() == "45"


def test_a_suspicious_lead_is_confirmed_on_its_card(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk
) -> None:
    lead = add(points=(PointInput(Channel.EMAIL, "x@mailinator.com"),))
    view.show_lead(lead)
    settle()
    assert "mailinator.com" in view.banners.suspicious.words.text()
    view.banners.suspicious.button.click()
    settle()
    assert stored(desk_here, lead).lead.suspicion_ok
    assert not view.banners.suspicious.isVisible()


def test_known_elsewhere_and_the_client_card_are_one_click_away(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk, shell: Shell, qtbot: QtBot
) -> None:
    first, second = add(), add(name="Olena H.")
    client = desk_here.do(ConvertLead(lead_id=first)).value
    view.show_lead(second)
    settle()
    assert view.known.banner.isVisible()
    view.known.banner.button.click()
    assert view.tabs.currentWidget() is view.duplicates
    kinds = {(view.duplicates.lines.line(i).kind, view.duplicates.lines.line(i).ref) for i in range(2)}
    assert kinds == {("lead", first), ("client", client.id)}
    view.show_lead(first)
    settle()
    with qtbot.waitSignal(shell.client_requested) as asked:
        view.banners.client.button.click()
    assert asked.args == [client.id]


def test_a_task_done_asks_for_the_next_step_unless_none_is_meant(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk, clock: TestClock
) -> None:
    lead = add()
    desk_here.do(LogCall(lead_id=lead, outcome="callback", at=clock.now() + timedelta(hours=1)))
    view.show_lead(lead)
    settle()
    view.tabs.setCurrentWidget(view.tasks)
    view.tasks.view.setFocus()
    view.tasks.view.setCurrentIndex(view.tasks.view.lines.index(0))
    press(Qt.Key.Key_Return)
    settle()
    assert "next step" in view.tasks.error.text()
    view.tasks.when.set_text("tomorrow 10:00")
    view.tasks.add.click()
    settle()
    tasks = stored(desk_here, lead).tasks
    assert [(t.is_open, t.exact) for t in sorted(tasks, key=lambda t: t.id)] == [(False, True), (True, True)]


def test_tasks_are_added_and_moved_by_words(view: LeadCardView, add: Add, settle: Show, desk_here: Desk) -> None:
    lead = add()
    view.show_lead(lead)
    settle()
    view.tabs.setCurrentWidget(view.tasks)
    view.tasks.kind.setCurrentIndex(view.tasks.kind.findData(TaskKind.OFFER))
    view.tasks.title.setText("Send the offer")
    view.tasks.when.set_text("tomorrow 14:30")
    view.tasks.add.click()
    settle()
    task = stored(desk_here, lead).tasks[0]
    assert (task.title, task.kind, task.due_at.hour) == ("Send the offer", TaskKind.OFFER, 12)
    view.tasks.view.setCurrentIndex(view.tasks.view.lines.index(0))
    view.tasks.when.set_text("next year, maybe")
    view.tasks.move_button.click()
    assert view.tasks.when.problem
    view.tasks.when.set_text("in 2 weeks")
    view.tasks.move_button.click()
    settle()
    assert stored(desk_here, lead).tasks[0].due_at.date().isoformat() == "2026-03-16"


def test_a_note_is_kept_as_a_draft_then_saved(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk, shell: Shell, qtbot: QtBot
) -> None:
    lead = add()
    view.show_lead(lead)
    settle()
    shell.actions.trigger("save_note")
    assert view.tabs.currentWidget() is view.notes
    QTest.keyClicks(view.notes.edit, "Call after lunch")
    qtbot.waitUntil(lambda: stored(desk_here, lead).drafts.get(f"lead:{lead}:note") == "Call after lunch")
    shell.actions.trigger("save_note")
    settle()
    assert [note.text for note in stored(desk_here, lead).notes] == ["Call after lunch"]
    assert view.notes.edit.toPlainText() == ""
    settle()
    assert stored(desk_here, lead).drafts == {}


def test_history_tells_before_and_after_and_undoes(view: LeadCardView, add: Add, settle: Show, desk_here: Desk) -> None:
    lead = add(interest="headsets")
    view.show_lead(lead)
    settle()
    view.saver.set_value("interest", "40 headsets")
    view.tabs.setCurrentWidget(view.history)
    settle()
    line = view.history.lines.line(0)
    assert "Interest “headsets” → “40 headsets”" in line.below
    assert line.action == "Undo"
    view.history.acted.emit(line)
    settle()
    assert stored(desk_here, lead).lead.interest == "headsets"


def test_a_lead_that_is_gone_says_so(view: LeadCardView, settle: Show) -> None:
    view.show_lead(999)
    settle()
    assert view.empty.isVisible()
    assert view.empty.text.text()


def test_lead_is_qualified_and_disqualified_from_its_menu(
    view: LeadCardView, add: Add, settle: Show, desk_here: Desk
) -> None:
    lead = add()
    desk_here.do(AddTask(lead_id=lead, kind=TaskKind.CALL, due_at=desk_here.clock.now()))
    view.show_lead(lead)
    settle()
    view._qualify()
    settle()
    assert stored(desk_here, lead).lead.status is Status.QUALIFIED
    view._disqualify("Spam")
    settle()
    assert stored(desk_here, lead).lead.status is Status.DISQUALIFIED


def test_the_lines_keep_their_model_honest(qapp: QApplication) -> None:
    model = LinesModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_lines([Line("12 Nov", (Run("Talked", bold=True),), below="words")])
    assert model.data(model.index(0)) == "12 Nov. Talked. words"
    assert tester.model() is model


@pytest.mark.parametrize("kind", [LeadCardView, ClientCardView])
def test_making_a_card_shows_no_window(shell: Shell, qtbot: QtBot, kind: type[QWidget]) -> None:
    shown: list[str] = []

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    watcher = Watcher()
    QApplication.instance().installEventFilter(watcher)
    made = kind(shell)
    qtbot.addWidget(made)
    QApplication.instance().removeEventFilter(watcher)
    assert shown == []


def test_a_long_name_and_their_clock_in_many_zones_find_room(
    view: LeadCardView, add: Add, settle: Show, qtbot: QtBot
) -> None:
    name = "Константин Александрович Преображенский-Задунайский"
    company = "ООО «Северо-Западная транспортно-логистическая компания»"
    mobile = (PointInput(Channel.PHONE, "+79161234567"),)
    view.resize(510, 620)
    view.show_lead(add(points=mobile, name=name, company=company, country="RU"))
    settle()
    chip = view.header.calling
    assert "–" in chip.text()
    qtbot.waitUntil(lambda: chip.width() >= chip.sizeHint().width())
    assert chip.visibleRegion().boundingRect().width() == chip.width()
    assert view._scroll.horizontalScrollBar().maximum() == 0
