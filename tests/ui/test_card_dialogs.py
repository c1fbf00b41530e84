"""Adding a lead, and the small pieces the cards and dialogs are made of."""

from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.changed import changed_lines
from leaddesk.ui.cards.when_edit import WhenEdit
from leaddesk.ui.dialogs.add_lead import AddLeadDialog
from leaddesk.ui.dialogs.conflict import ConflictDialog
from leaddesk.ui.dialogs.letter_saving import file_name
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.undo import ChangedField
from leaddesk.workflow.vocabulary import Channel


@pytest.fixture
def dialog(shell: Shell, qtbot: QtBot) -> AddLeadDialog:
    made = AddLeadDialog(shell)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitUntil(shell.lanes.idle)
    return made


def type_in(dialog: AddLeadDialog, **texts: str) -> None:
    for key, text in texts.items():
        dialog.edits[key].setFocus()
        dialog.edits[key].setText(text)


def test_a_lead_is_added_with_all_that_was_typed_and_opened(
    dialog: AddLeadDialog, shell: Shell, qtbot: QtBot, desk_here: Desk
) -> None:
    type_in(dialog, name="Olena", phone="+380444906231, +380444906248", email="o@firm.example", source="Fair")
    dialog.note.setPlainText("Met at the stand")
    with qtbot.waitSignal(shell.lead_requested) as asked:
        dialog.save()
    card = desk_here.read(LeadCard(asked.args[0]))
    assert [p.channel for p in card.points] == [Channel.PHONE, Channel.PHONE, Channel.EMAIL]
    assert (card.source, card.notes[0].text, card.owner) == ("Fair", "Met at the stand", shell.user.name)
    assert shell.typed["new_lead"] == ""


def test_a_known_number_is_said_while_typing_refused_in_place_and_added_all_the_same(
    dialog: AddLeadDialog, shell: Shell, qtbot: QtBot, desk_here: Desk
) -> None:
    desk_here.do(AddLead(values={"name": "Taras"}, points=(PointInput(Channel.PHONE, "+380444906231"),)))
    type_in(dialog, name="Olena", phone="+380 44 490 62 31")
    qtbot.waitUntil(dialog.known.isVisible)
    assert "Taras" in dialog.known.text()
    dialog.save()
    qtbot.waitUntil(lambda: bool(dialog.errors["phone"].text()))
    assert dialog.isVisible()
    assert dialog.edits["name"].text() == "Olena"
    dialog.anyway.setChecked(True)
    with qtbot.waitSignal(shell.lead_requested):
        dialog.save()


def test_a_refused_field_is_named_and_esc_keeps_all_for_the_next_time(
    dialog: AddLeadDialog, shell: Shell, qtbot: QtBot
) -> None:
    type_in(dialog, name="Olena", country="Atlantis")
    dialog.save()
    qtbot.waitUntil(lambda: "Atlantis" in dialog.errors["country"].text())
    dialog.reject()
    again = AddLeadDialog(shell)
    qtbot.addWidget(again)
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    again.open()
    qtbot.waitUntil(lambda: again.edits["country"].text() == "Atlantis")
    assert again.edits["name"].text() == "Olena"


def test_an_empty_lead_is_refused_at_its_name(dialog: AddLeadDialog, qtbot: QtBot) -> None:
    dialog.save()
    qtbot.waitUntil(lambda: bool(dialog.errors["name"].text()))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_only_the_fields_that_clash_are_asked_about(shell: Shell, qtbot: QtBot) -> None:
    clashes = {"interest": ("theirs", "mine"), "budget": ("8000", "9000")}
    dialog = ConflictDialog(shell, clashes, {"interest": "was"})
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.theirs["budget"].click()
    with qtbot.waitSignal(dialog.settled) as settled:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert settled.args == [{"interest": "mine"}]


@pytest.fixture
def when(shell: Shell, qtbot: QtBot) -> WhenEdit:
    made = WhenEdit(shell, "When", ("in 1 month",))
    qtbot.addWidget(made)
    made.set_place("UA|Europe/Kyiv")
    made.show()
    return made


@pytest.mark.parametrize(
    ("typed", "moment", "said"),
    [
        ("tomorrow 14:30", "2026-03-03T12:30", "→ tomorrow 14:30 their time · 12:30 here"),
        ("завтра 14:30", "2026-03-03T12:30", "→ tomorrow 14:30 their time · 12:30 here"),
        ("in 3 months", "2026-06-02T05:00", "→ Tue 2 Jun 08:00, when their day opens"),
        ("sun", "2026-03-09T06:00", "→ Mon 9 Mar 08:00, when their day opens"),
    ],
)
def test_times_are_read_by_their_clock_as_they_are_typed(when: WhenEdit, typed: str, moment: str, said: str) -> None:
    when.set_text(typed)
    assert when.moment().isoformat().startswith(moment)
    assert when.said.text() == said


@pytest.mark.parametrize("typed", ["yesterday 10:00", "when pigs fly", "в прошлом году"])
def test_what_is_past_or_not_understood_has_no_moment(when: WhenEdit, typed: str) -> None:
    when.set_text(typed)
    assert when.moment() is None
    assert when.said.text() == when.problem != ""


def test_history_speaks_of_what_a_person_set(qapp: QApplication) -> None:
    fields = [
        ChangedField("lead", 1, "interest", "40 seats", "45 seats"),
        ChangedField("lead", 1, "zone_key", "", "UA|Europe/Kyiv"),
        ChangedField("lead", 1, "status", "new", "in_progress"),
        ChangedField("task", 7, "title", None, "Send the offer"),
        ChangedField("task", 7, "due_at", None, 1772443800000),
        ChangedField("call", 3, "lead_id", None, 1),
    ]
    assert changed_lines(fields, ZoneInfo("UTC")) == [
        "Interest “40 seats” → “45 seats”; Status new → in progress",
        "Task: Title “Send the offer”; Due 2 Mar 2026 09:30",
    ]


@pytest.mark.parametrize(
    ("subject", "name"),
    [("Thanks: a/b?", "Thanks a b.eml"), ("Спасибо, Олена", "Спасибо, Олена.eml"), ("...", "letter.eml")],
)
def test_letters_get_names_every_file_system_takes(subject: str, name: str) -> None:
    assert file_name(Letter(lead_id=1, subject=subject)) == name
