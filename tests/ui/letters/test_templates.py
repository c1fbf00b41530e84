"""Letter templates on the screen: listed, edited, looked through, shown filled, saved as versions, sent to oneself."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from leaddesk.db.store import DbStore
from leaddesk.ui.letters.template_list import count_words, version_words
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import Drafts
from leaddesk.workflow.letters import LetterSaved
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.templates import SaveTemplate, TemplateVersions
from leaddesk.workflow.undo import Undo
from tests.engines import TestClock, sit_down
from tests.ui.letters.template_scene import TEXT, Screen
from tests.workflow.making import add


def test_templates_stand_by_kind_in_the_language_chosen(screen: Screen) -> None:
    QAbstractItemModelTester(screen.pane.list.templates, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert screen.listed()[:2] == ["Farewells", "Farewell · too expensive"]
    assert [words for words in screen.listed() if words in ("Farewells", "Greetings", "Offers", "Come back")] == [
        "Farewells",
        "Greetings",
        "Offers",
        "Come back",
    ]
    assert len(screen.listed()) == 11 + 4
    hungarian, everything = screen.pane.languages.button(3), screen.pane.languages.button(0)
    screen.select("farewell.plans")
    screen.click(hungarian)
    row = screen.pane.editor.row
    assert row is not None
    assert (row.key, row.language) == ("farewell.plans", "hu")
    screen.click(everything)
    assert len(screen.listed()) == 66 + 4
    assert screen.pane.editor.row is row


def test_a_row_says_whose_words_they_are_and_what_came_of_its_letters(screen: Screen) -> None:
    desk = screen.desk
    for number in range(2):
        lead = add(desk, f"p{number}@firm.example", country="HU", language="en")
        letter = desk.do(RefuseLead(lead_id=lead.id, reason="price")).value.letter
        assert letter is not None
        desk.do(LetterSaved(letter.id))
    desk.do(SaveTemplate(key="farewell.price", language="en", text=TEXT, title="Ours"))
    screen.pane.look()
    screen.settle()
    row = next(e.row for e in screen.pane.list.templates.entries if e.row)
    assert (row.title, version_words(row.version)) == ("Ours", "version 1")
    assert count_words(row) == ("2 written", "0 % answered · 0 % came back · 0 converted")
    heard = screen.pane.list.templates.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Ours, en, version 1, 2 written, 0 % answered · 0 % came back · 0 converted"


# Editing


def test_faults_stand_below_the_text_by_line_while_typing(screen: Screen) -> None:
    editor = screen.pane.editor
    screen.select("offer")
    screen.write("Subject: {{ nme }}\n\nHello\n{% if name %}\n")
    assert [words.partition(":")[0] for words in editor.problem_words()] == ["Line 1", "Line 4"]
    assert "name" in editor.problem_words()[0]
    assert editor.problems.isVisible()
    assert [s.cursor.blockNumber() for s in editor.text.extraSelections()] == [0, 3]
    editor.problems.activated.emit(editor.problems.model().index(1, 0))
    assert editor.text.textCursor().blockNumber() == 3
    assert screen.pane.preview.error.isVisible()
    screen.write(TEXT)
    assert editor.problem_words() == []
    assert not editor.problems.isVisible()
    assert editor.text.extraSelections() == []
    assert not screen.pane.preview.error.isVisible()


def test_a_refused_save_says_why_and_loses_nothing(screen: Screen) -> None:
    screen.select("offer")
    screen.write("No subject\n")
    screen.click(screen.pane.editor.save)
    assert "must be the subject" in screen.pane.editor.problem_words()[0]
    assert screen.pane.editor.text.property("wrong")
    assert screen.pane.editor.text.toPlainText() == "No subject\n"
    assert screen.desk.read(TemplateVersions("offer", "en")) == []
    assert screen.shell.messages.said == []


def test_saving_makes_a_version_and_every_letter_keeps_its_text(screen: Screen) -> None:
    screen.select("offer")
    before = screen.pane.editor.text.toPlainText()
    assert not screen.pane.editor.save.isEnabled()
    screen.write(TEXT)
    screen.pane.editor.title.setText("Price list")
    screen.shell.actions.trigger("save_note")
    screen.settle()
    saved = screen.desk.read(TemplateVersions("offer", "en"))
    assert [(v.number, v.text, v.title, v.current) for v in saved] == [(1, TEXT, "Price list", True)]
    assert not screen.pane.editor.edited
    assert screen.pane.editor.chip.text() == "version 1"
    assert screen.unsaved() == []
    assert "template:offer:en" not in screen.desk.read(Drafts())
    screen.click(screen.pane.editor.reset)
    assert screen.pane.editor.text.toPlainText() == before
    assert screen.pane.editor.chip.text() == "shipped"
    screen.shell.lanes.do(screen.pane, Undo())
    screen.settle()
    assert (screen.pane.editor.text.toPlainText(), screen.title_of("offer")) == (TEXT, "Price list")


def test_what_is_typed_outlives_other_templates_and_the_window(
    screen: Screen, shown_in: Callable[[Shell], Screen], store: DbStore, clock: TestClock, qtbot: QtBot
) -> None:
    screen.select("offer")
    screen.write(TEXT + "Half a th")
    screen.pane.editor.title.setText("Mine")
    screen.select("comeback", "ru")
    assert not screen.pane.editor.edited
    screen.select("offer")
    assert screen.pane.editor.text.toPlainText() == TEXT + "Half a th"
    assert screen.unsaved() == ["offer"]
    qtbot.keyClick(screen.pane.editor.text, Qt.Key.Key_Escape)
    screen.shell.closing.emit()
    screen.settle()
    later = Shell(clock)
    with qtbot.waitSignal(later.opened):
        later.open(lambda: sit_down(store, clock))
    again = shown_in(later)
    again.select("offer")
    assert again.pane.editor.text.toPlainText() == TEXT + "Half a th"
    assert again.pane.editor.title.text() == "Mine"
    again.click(again.pane.editor.drop)
    assert not again.pane.editor.edited
    again.pane.editor.text.undo()
    assert again.pane.editor.text.toPlainText() == TEXT + "Half a th"
    again.click(again.pane.editor.drop)
    again.pane.close()
    later.closing.emit()
    again.settle()
    assert "template:offer:en" not in again.desk.read(Drafts())
    later.lanes.stop()


def test_a_newer_version_of_somebody_else_is_told_and_overwrites_nothing(
    screen: Screen, store: DbStore, clock: TestClock
) -> None:
    screen.select("offer")
    screen.write(TEXT + "Mine.\n")
    sit_down(store, clock).do(SaveTemplate(key="offer", language="en", text=TEXT + "Theirs.\n"))
    screen.pane.look()
    screen.settle()
    assert screen.pane.editor.text.toPlainText() == TEXT + "Mine.\n"
    assert "Version 1 is in use since you began" in screen.pane.editor.note.text()
    screen.click(screen.pane.editor.save)
    assert [v.text for v in screen.desk.read(TemplateVersions("offer", "en"))] == [TEXT + "Mine.\n", TEXT + "Theirs.\n"]


def test_persian_runs_from_right_to_left(screen: Screen) -> None:
    for written_in, way in (("fa", Qt.LayoutDirection.RightToLeft), ("hu", Qt.LayoutDirection.LeftToRight)):
        screen.select("farewell.price", written_in)
        document = screen.pane.editor.text.document()
        assert document.defaultTextOption().textDirection() is way
        assert screen.pane.preview.paper.document().defaultTextOption().textDirection() is way


def test_a_field_is_picked_at_the_cursor(screen: Screen) -> None:
    editor, qtbot = screen.pane.editor, screen.qtbot
    screen.select("offer")
    screen.write("Subject: Offer for \n\nHello\n")
    editor.text.go_to_line(1)
    qtbot.keyClick(editor.text, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert editor.picker.isVisible()
    model = editor.picker.list.choices
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    heard = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Name, Gábor Kovács, The person’s whole name, as on the card."
    assert model.rowCount() == 16
    qtbot.keyClicks(editor.picker.search, "company")
    qtbot.keyClick(editor.picker.search, Qt.Key.Key_Return)
    assert not editor.picker.isVisible()
    assert editor.text.document().firstBlock().text() == "Subject: Offer for {{ company }}"
    editor.text.go_to_line(3)
    screen.click(editor.fields)
    qtbot.keyClicks(editor.picker.search, "else")
    qtbot.keyClick(editor.picker.search, Qt.Key.Key_Return)
    qtbot.keyClicks(editor.text, "friend")
    screen.settle()
    line = editor.text.document().findBlockByNumber(2).text()
    assert line == "Hello{% if company %}{{ company }}{% else %}friend{% endif %}"
    assert editor.problem_words() == []


def test_nothing_covers_anything_where_there_is_little_room(screen: Screen) -> None:
    pane = screen.pane
    screen.select("offer")
    screen.write("Subject: {{ nme }}\n\n{% if %}\n{% endif\n")
    pane.resize(1180, 470)
    screen.settle()
    parts = (pane.editor.text, pane.editor.problems, pane.editor.files, pane.editor.note, pane.editor.save)
    places = [part.geometry() for part in parts if part.isVisible()]
    assert len(places) == len(parts)
    assert all(above.bottom() < below.top() for above, below in pairwise(places))
    assert pane.width() == 1180
    buttons = (pane.editor.save, pane.editor.versions, pane.editor.reset, pane.preview.test, pane.new)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
