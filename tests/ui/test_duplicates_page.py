"""Duplicates: looked for, listed by likeness, marked, merged together, called two people, taken back."""

import threading
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from leaddesk.db.store import DbStore
from leaddesk.ui.dialogs.merge import MergeDialog
from leaddesk.ui.dialogs.merge_many import MergeManyDialog, united
from leaddesk.ui.jobs import Lanes
from leaddesk.ui.main_window import MainWindow
from leaddesk.ui.pages.duplicates import DuplicatesPage
from leaddesk.ui.pages.duplicates_model import Column, PairsModel, percent
from leaddesk.ui.pages.leads import LeadsPage
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadCard, LeadIds
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.duplicate_search import search_duplicates
from leaddesk.workflow.duplicates import Pair, SetApart
from leaddesk.workflow.leads import AddLead, AddNote, EditLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.vocabulary import Channel, Role
from tests.ui.watchdog import Watchdog

OLENA, OLENA_AGAIN = "Olena Hrytsenko", "Hrytsenko Olena"


def add(desk: Desk, name: str, phone: str = "", **values: str) -> int:
    points = (PointInput(Channel.PHONE, phone),) if phone else ()
    given = {"name": name, "company": "Klochkivska Trade", "city": "Kharkiv", "country": "UA", **values}
    return desk.do(AddLead(values=given, points=points, even_if_known=True)).value.id


def nothing(_done: int, _total: int) -> None:
    """Nobody watches."""


class Floor:
    """The page in the real window, three cards of one person, two of another, and the keyboard."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.shell, self.qtbot = window, window.shell, qtbot
        self.desk = window.shell.lanes.desk
        self.olena = add(self.desk, OLENA, "+380577054122")
        self.again = add(self.desk, OLENA_AGAIN, "+380577054122")
        self.marta = add(self.desk, "Marta Nowak", "+48221234567", company="Biuro Plus", city="Warszawa", country="PL")
        self.marta_again = add(self.desk, "Marta Nowak", "+48221234567", company="Biuro Plus", city="Warszawa")
        self.alone = add(self.desk, "Somebody Else", "+380444906231", company="Firm", city="Kyiv")
        self.shell.bridge.tell(self.desk.do(AddNote("From the fair", lead_id=self.again)).changes)
        window.activateWindow()
        self.settle()

    @property
    def page(self) -> DuplicatesPage:
        page = self.window.pages["duplicates"]
        assert isinstance(page, DuplicatesPage)
        return page

    def open(self) -> "Floor":
        self.shell.actions.trigger("duplicates")
        self.settle()
        return self

    def settle(self) -> None:
        def rests() -> bool:
            page = self.window.stack.currentWidget()
            return self.shell.lanes.idle() and not getattr(page, "is_resting", False)

        for _ in range(3):
            self.qtbot.wait(0)
            self.qtbot.waitUntil(rests, timeout=10_000)

    def press(self, keys: str) -> None:
        """Keys where the focus is, as a person presses them."""
        combination = QKeySequence(keys)[0]
        if QApplication.activeModalWidget() is None:
            # No window manager here gives the focus back when a dialog closes.
            self.window.activateWindow()
            self.qtbot.waitUntil(self.window.isActiveWindow)
        target = QApplication.focusWidget() or QApplication.activeModalWidget() or self.window
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.settle()

    def dialog(self, kind: type[QDialog]) -> QDialog:
        self.settle()
        return next(found for found in self.window.findChildren(kind) if found.isVisible())

    def shown(self) -> list[tuple[int, int]]:
        model = self.page.model
        pairs = [model.pair(row) for row in range(model.rowCount())]
        return [(pair.a, pair.b) for pair in pairs if pair is not None]

    def leads(self) -> set[int]:
        return set(self.desk.read(LeadIds()))


@pytest.fixture
def floor(window: MainWindow, qtbot: QtBot) -> Floor:
    return Floor(window, qtbot)


@pytest.fixture
def looked(floor: Floor) -> Floor:
    search_duplicates(floor.desk, nothing)
    return floor.open()


# Looking


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


# Doing


def test_two_people_go_from_the_list_for_good_and_come_back_with_undo(looked: Floor) -> None:
    page, first = looked.page, looked.shown()[0]
    looked.press("N")
    assert first not in looked.shown()
    assert page.table.currentIndex().row() == 0
    assert "are two people" in looked.shell.messages.said[-1].words
    looked.press("Ctrl+Z")
    assert first in looked.shown()


def test_marked_pairs_are_merged_together_with_one_undo(looked: Floor) -> None:
    page, before = looked.page, looked.leads()
    looked.press("Space")
    assert page.marked.text() == "1 marked"
    looked.press("Down")
    looked.press("Space")
    assert page.marked.text() == "2 marked"
    looked.press("M")
    dialog = looked.dialog(MergeManyDialog)
    assert isinstance(dialog, MergeManyDialog)
    assert dialog.words.text() == "2 pairs: 4 cards become 2."
    looked.press("Return")
    assert dialog.isVisible(), "Enter alone merges nothing"
    looked.press("Ctrl+Return")
    assert looked.leads() < before
    assert len(looked.leads()) == 3
    assert looked.shown() == []
    assert page.marked.text() == "Space marks a pair"
    looked.press("Ctrl+Z")
    assert looked.leads() == before
    assert len(looked.shown()) == 2


def test_all_certain_pairs_are_looked_over_then_merged(looked: Floor, qtbot: QtBot) -> None:
    page = looked.page
    certain = len(page.model.certain())
    assert certain == page.found.certain > 0
    page.merge_certain.click()
    dialog = looked.dialog(MergeManyDialog)
    assert isinstance(dialog, MergeManyDialog)
    assert dialog.lines.lines.rowCount() == certain
    assert dialog.merge.accessibleName() == f"Merge {2 * certain} cards into {certain}"
    looked.press("Escape")
    assert len(looked.leads()) == 5
    assert looked.window.focusWidget() is page.table
    page.merge_certain.click()
    looked.dialog(MergeManyDialog)
    looked.press("Ctrl+Return")
    assert len(looked.leads()) == 5 - certain
    assert looked.shell.messages.said[-1].operation


def test_what_cannot_be_merged_is_said_in_place(looked: Floor) -> None:
    looked.page.merge_certain.click()
    dialog = looked.dialog(MergeManyDialog)
    assert isinstance(dialog, MergeManyDialog)
    for a, b in looked.shown():
        looked.desk.do(SetApart(a, b))
    dialog.take()
    looked.settle()
    assert "two people" in dialog.wrong.text()
    assert dialog.isVisible()
    assert dialog.merge.isEnabled()


def test_cards_joined_by_a_chain_of_pairs_become_one() -> None:
    pairs = [Pair(1, 2, 1), Pair(8, 9, 1), Pair(2, 3, 1), Pair(3, 7, 0.9)]
    assert united(pairs) == ((1, 2, 3, 7), (8, 9))


def test_look_open_choose_merge_the_old_number_opens_the_kept_card_and_undo(floor: Floor, qtbot: QtBot) -> None:
    """The whole way by keyboard."""
    floor.press("Ctrl+Shift+D")
    floor.press("Space")
    page = floor.page
    page.table.go_to(floor.shown().index((floor.olena, floor.again)))
    floor.press("Return")
    dialog = floor.dialog(MergeDialog)
    assert isinstance(dialog, MergeDialog)
    keep, lose = dialog.keep, dialog.lose
    assert keep == floor.again, "the card with a note stays"
    assert str(dialog.model.index(0, 0).data()) == "Name"
    floor.press("Right")
    floor.press("Ctrl+Return")
    assert floor.desk.read(LeadCard(keep)).lead.name == OLENA
    assert floor.window.focusWidget() is page.table
    assert (floor.olena, floor.again) not in floor.shown()
    floor.shell.lead_requested.emit(lose)
    floor.settle()
    card = floor.window.pages["my_day"].lead.card
    assert card.lead.id == keep
    assert [note.text for note in card.notes] == ["From the fair"]
    assert f"#{lose}, was merged into this one" in floor.shell.messages.said[-1].words
    floor.press("Ctrl+Shift+D")
    floor.press("Ctrl+Z")
    assert {keep, lose} <= floor.leads()
    assert floor.desk.read(LeadCard(keep)).lead.name == OLENA_AGAIN
    assert (floor.olena, floor.again) in floor.shown()


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


MANY = 10_000
LONGEST_MS = 50
FILL = (
    """INSERT INTO lead (id, name, company, status, temperature, score, reach, zone_key, created_at, changed_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2 * :pairs)
    SELECT 1000 + i, 'Person ' || i / 2, 'Company ' || i / 2, 'new', 'cold', 0, 'phone', 'UA|Europe/Kyiv', 0, 0 FROM n""",
    """INSERT INTO duplicate_pair (a, b, score, why, certain)
    SELECT id, id + 1, 999 - id / 50, '["the same phone +380577054122", "the same name"]', id % 4 == 1 FROM lead
    WHERE id > 1000 AND id % 2""",
    "INSERT INTO duplicate_search (id, at, leads, pairs, seconds) VALUES (1, 0, 2 * :pairs, :pairs, 9)",
)


def test_ten_thousand_pairs_never_hold_up_the_window(floor: Floor, store: DbStore) -> None:
    """Work of the UI thread itself between two turns of the loop; the best of three tries."""
    with store.writing() as connection:
        for statement in FILL:
            connection.execute(text(statement), {"pairs": MANY} if ":pairs" in statement else {})
        connection.commit()
    watchdog = Watchdog()
    page = floor.open().page
    assert watchdog.stop() <= LONGEST_MS, "the first showing"
    assert page.model.rowCount() == MANY

    def filtered() -> None:
        page.certain.setChecked(not page.certain.isChecked())

    def scrolled() -> None:
        bar = page.table.verticalScrollBar()
        bar.setValue(bar.maximum() if bar.value() < bar.maximum() else 0)

    def shown_again() -> None:
        floor.window.show_page("leads")
        floor.window.show_page("duplicates")

    def touched() -> None:
        floor.shell.bridge.tell(Changes(many=True))

    for deed in (shown_again, scrolled, filtered, touched, partial(page.set_apart, 5)):
        gaps = []
        for _ in range(3):
            again = Watchdog()
            deed()
            floor.settle()
            gaps.append(again.stop())
            if gaps[-1] <= LONGEST_MS:
                break
        assert min(gaps) <= LONGEST_MS, deed


def test_nothing_is_asked_of_the_database_in_the_ui_thread(looked: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    lanes: Lanes = looked.shell.lanes
    threads: set[str] = set()
    read = lanes.desk.store.read

    def noticed(*args: object) -> object:
        threads.add(threading.current_thread().name)
        return read(*args)

    monkeypatch.setattr(lanes.desk.store, "read", noticed)
    looked.page.activate()
    looked.press("Return")
    looked.press("Escape")
    assert threads == {"reader"}
