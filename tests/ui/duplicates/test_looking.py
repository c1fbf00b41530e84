"""Looking for duplicates and going through the pairs, by keyboard over a real file."""

from dataclasses import replace

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.pages.duplicates_model import Column, PairsModel, percent
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.duplicates import Pair
from leaddesk.workflow.leads import EditLead
from leaddesk.workflow.vocabulary import Role
from tests.ui.duplicates.scene import OLENA, OLENA_AGAIN, Floor


def test_never_looked_says_what_to_do_and_looking_lists_the_pairs(floor: Floor) -> None:
    page = floor.open().page
    assert page.stack.currentWidget() is page.never
    assert not page.chips.isVisible()
    assert QApplication.focusWidget() is page.never.buttons[0]
    floor.press("Space")
    assert page.stack.currentWidget() is page.table
    assert QApplication.focusWidget() is page.table
    assert set(floor.shown()) == {(floor.olena, floor.again), (floor.marta, floor.marta_again)}
    assert page.standing.text().startswith("2 pairs among 5 leads · last looked at ")
    assert floor.shell.messages.said[-1].words.startswith("Found 2 pairs that look alike, 2 of them certain, in ")
    assert page.strip.isHidden()
    assert page.search_again.isVisible()


def test_a_search_that_is_stopped_leaves_what_was_found_before(looked: Floor) -> None:
    page, before = looked.page, looked.shown()
    looked.desk.do(EditLead(lead_id=looked.marta, values={"name": "Zbigniew Kowalczyk"}))
    page.look()
    assert page.strip.isVisible()
    assert not page.search_again.isEnabled()
    page.strip.cancel()
    looked.settle()
    assert page.strip.isHidden()
    assert page.search_again.isEnabled()
    assert looked.shown() == before


def test_one_search_at_a_time_and_not_beside_other_long_work(looked: Floor) -> None:
    job = looked.shell.lanes.run(looked.window, lambda _desk, _report: None, lambda _none: None)
    looked.page.look()
    assert "long piece of work" in looked.shell.messages.said[-1].words
    assert not job.cancelled
    looked.settle()


def test_an_operator_is_told_who_looks(floor: Floor) -> None:
    user = floor.shell.user
    floor.shell.user = replace(user, role=Role.OPERATOR)
    page = floor.open().page
    assert "team lead" in page.never.text.text()
    assert not page.never.buttons[0].isEnabled()
    assert QApplication.focusWidget() is page.never.buttons[1]
    floor.shell.user = user


def test_no_pairs_left_says_so_and_leads_back(looked: Floor) -> None:
    page = looked.page
    looked.press("N")
    looked.press("N")
    assert page.stack.currentWidget() is page.none
    assert QApplication.focusWidget() is page.none.buttons[0]
    looked.press("Escape")
    assert isinstance(looked.window.stack.currentWidget(), LeadsPage)


# The list


def test_rows_say_both_cards_the_score_and_why_and_nothing_is_cut(looked: Floor) -> None:
    page = looked.page
    row = looked.shown().index((looked.olena, looked.again))
    words = [str(page.model.index(row, column).data()) for column in Column]
    assert words[Column.SCORE].endswith("certain")
    assert OLENA in words[Column.ONE]
    assert "Klochkivska Trade" in words[Column.ONE]
    assert OLENA_AGAIN in words[Column.OTHER]
    assert "same phone" in words[Column.WHY]
    page.table.viewport().repaint()
    looked.settle()
    narrow = page.table.rowHeight(row)
    looked.window.resize(1440, 900)
    looked.settle()
    assert page.table.rowHeight(row) == page.table._rows.height_of(row)
    looked.window.resize(960, 600)
    looked.settle()
    assert page.table.rowHeight(row) == page.table._rows.height_of(row) >= narrow


def test_pairs_are_narrowed_by_certainty_likeness_and_words(looked: Floor) -> None:
    page = looked.page
    page.text.setText("nowak")
    page.text.settle()
    looked.settle()
    assert looked.shown() == [(looked.marta, looked.marta_again)]
    assert page.standing.text().startswith("1 of 2 pairs")
    page.text.setText("nobody of that name")
    page.text.settle()
    looked.settle()
    assert page.stack.currentWidget() is page.nothing
    page.show_all()
    looked.settle()
    page.score.choose([0.95])
    page.certain.setChecked(True)
    looked.settle()
    assert page.is_narrowed()
    pairs = (page.model.pair(row) for row in range(page.model.rowCount()))
    assert all(pair is not None and pair.certain and pair.score >= 0.95 for pair in pairs)


def test_escape_empties_the_search_line_first_then_goes_to_the_pairs_then_back(looked: Floor) -> None:
    looked.press("/")
    assert looked.page.text.hasFocus()
    looked.press("n")
    looked.press("Escape")
    assert looked.page.text.text() == ""
    looked.press("Escape")
    assert looked.window.focusWidget() is looked.page.table
    looked.press("Escape")
    assert isinstance(looked.window.stack.currentWidget(), LeadsPage)


def test_the_model_keeps_its_word(shell: Shell, qtbot: QtBot) -> None:
    model = PairsModel(shell.lanes)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    pairs = [Pair(a, a + 1, 1 - a / 100, ("the same phone",), a < 5) for a in range(1, 40, 2)]
    model.show_pairs(pairs)
    for row in (0, 3, 4):
        model.toggle(row)
    assert model.marked() == (pairs[0], pairs[3], pairs[4])
    model.show_pairs([*pairs[1:4], *pairs[5:]])
    assert model.marked() == (pairs[3],)
    assert model.row_of((pairs[5].a, pairs[5].b)) == 3
    model.show_pairs(pairs)
    assert [model.pair(row) for row in range(model.rowCount())] == pairs
    model.unmark()
    assert model.marked() == ()
    model.show_pairs([])
    model.show_pairs(pairs[:2], anew=True)
    assert model.index(0, Column.ONE).data() == "…"
    qtbot.waitUntil(lambda: shell.lanes.idle() and not model.fetching)
    assert model.is_gone(pairs[0].a)
    assert "not to be seen" in str(model.index(0, Column.ONE).data())


def test_a_likeness_is_never_rounded_up_to_all() -> None:
    assert [percent(Pair(1, 2, score)) for score in (0.999, 1.0, 0.874)] == [
        "99\N{NO-BREAK SPACE}%",
        "100\N{NO-BREAK SPACE}%",
        "87\N{NO-BREAK SPACE}%",
    ]


def test_the_leads_page_leads_there_and_the_rail_marks_leads(looked: Floor) -> None:
    looked.press("Escape")
    leads = looked.window.stack.currentWidget()
    assert isinstance(leads, LeadsPage)
    assert leads.duplicates.text() == "Duplicates 2"
    leads.duplicates.click()
    looked.settle()
    assert looked.window.stack.currentWidget() is looked.page
    assert looked.window.rail.buttons["leads"].isChecked()


def test_the_page_is_whole_in_the_smallest_window_and_mirrored(looked: Floor, right_to_left: None) -> None:
    looked.window.resize(looked.window.minimumSize())
    looked.settle()
    page = looked.page
    for widget in (page.merge_certain, page.merge_marked, page.text, page.back):
        assert widget.width() >= widget.sizeHint().width() or widget is page.text
        assert _inside(widget, looked.window), widget.accessibleName()
    assert page.table.columnViewportPosition(Column.MARK) > page.table.columnViewportPosition(Column.WHY)


def test_another_look_comes_over_the_page_and_its_painted_rows(looked: Floor) -> None:
    page, theme = looked.page, looked.shell.theme
    assert all(theme.wears(part) for part in page.parts())
    page.table.go_to(0)
    light = page.table.viewport().grab().toImage()
    theme.choose("dark")
    looked.settle()
    assert all(theme.wears(part) for part in page.parts())
    dark = page.table.viewport().grab().toImage()
    corner = page.table.visualRect(page.model.index(1, Column.WHY)).bottomRight()
    assert dark.pixelColor(corner.x() - 4, corner.y() - 3) == theme.token("panel")
    assert light.pixelColor(corner.x() - 4, corner.y() - 3) != theme.token("panel")


def _inside(widget: QWidget, window: QWidget) -> bool:
    corner = widget.mapTo(window, widget.rect().topLeft())
    return window.rect().contains(corner) and window.rect().contains(widget.mapTo(window, widget.rect().bottomRight()))
