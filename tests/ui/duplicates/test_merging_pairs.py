"""What is done about pairs: two people, one card, many at once; and never at the window's cost."""

import threading
from functools import partial

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from leaddesk.db.store import DbStore
from leaddesk.ui.dialogs.merge import MergeDialog
from leaddesk.ui.dialogs.merge_many import MergeManyDialog, united
from leaddesk.ui.jobs import Lanes
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.changes import Changes
from leaddesk.workflow.duplicates import Pair, SetApart
from tests.ui.duplicates.scene import OLENA, OLENA_AGAIN, Floor
from tests.ui.watchdog import Watchdog


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
