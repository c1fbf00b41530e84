"""Two cards side by side: whose value stands, which card stays, what moves over, and what cannot be."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from leaddesk.ui.cards.banners import known_words
from leaddesk.ui.dialogs.add_lead import AddLeadDialog
from leaddesk.ui.dialogs.merge import APART, MergeDialog
from leaddesk.ui.dialogs.merge_model import EMPTY, MergeModel, Side
from leaddesk.ui.dialogs.merge_saying import listed, moved
from leaddesk.ui.shell import Shell
from leaddesk.workflow.cards import LeadCard
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.duplicates import SWITCHBOARD, Match
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.leads import AddLead, AddNote, EditLead
from leaddesk.workflow.merging import MergeCards, MergePreview
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel
from tests.ui.cards import Card

PHONE = "+380577054122"
SideBySide = Callable[..., MergeDialog]


@pytest.fixture
def olena(desk_here: Desk) -> tuple[int, int]:
    """A card with a note on it, and a second one that knows more."""
    points = (PointInput(Channel.PHONE, PHONE),)
    first = {"name": "Olena Hrytsenko", "company": "Klochkivska Trade", "city": "Kharkiv", "country": "UA"}
    keep = desk_here.do(AddLead(values=first, points=points)).value.id
    more = (*points, PointInput(Channel.EMAIL, "olena@klochkivska.example"))
    second = {**first, "name": "O. Hrytsenko", "role": "Head of purchasing"}
    lose = desk_here.do(AddLead(values=second, points=more, even_if_known=True)).value.id
    desk_here.do(AddNote("Wants a sample", lead_id=keep))
    desk_here.do(AddNote("After lunch", lead_id=keep))
    return keep, lose


@pytest.fixture
def side_by_side(shell: Shell, qtbot: QtBot) -> Iterator[SideBySide]:
    made: list[MergeDialog] = []

    def open_dialog(keep: int, lose: int, why: tuple[str, ...] = ()) -> MergeDialog:
        dialog = MergeDialog(shell, keep, lose, why)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        made.append(dialog)
        with qtbot.waitActive(dialog):
            dialog.open()
            dialog.activateWindow()
        qtbot.waitUntil(shell.lanes.idle)
        return dialog

    yield open_dialog
    for dialog in made:
        dialog.close()
    qtbot.waitUntil(shell.lanes.idle)


def fields(dialog: MergeDialog) -> dict[str, str]:
    """Field → whose value stands."""
    model = dialog.model
    return {model.row(at).field: model.side(model.row(at)) for at in range(model.rowCount()) if model.can_choose(at)}


def go_to(dialog: MergeDialog, field: str) -> None:
    row = next(at for at in range(dialog.model.rowCount()) if dialog.model.row(at).field == field)
    dialog.table.setCurrentIndex(dialog.model.index(row, Side.KEEP))


def test_differing_fields_are_chosen_by_left_and_right_and_merged(
    shell: Shell, qtbot: QtBot, desk_here: Desk, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    keep, lose = olena
    dialog = side_by_side(keep, lose, ("the same phone",))
    assert dialog.table.hasFocus()
    assert fields(dialog) == {"name": "keep", "role": "lose"}
    assert dialog.why.text() == "the same phone"
    assert dialog.then.text().startswith("Then: one card, Olena Hrytsenko, Klochkivska Trade")
    assert "1 number or address moves over" in dialog.then.text()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Right)
    qtbot.waitUntil(shell.lanes.idle)
    assert fields(dialog)["name"] == "lose"
    assert dialog.then.text().startswith("Then: one card, O. Hrytsenko")
    assert "1 value that gives way stays as an extra field" in dialog.then.text()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Left)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    qtbot.waitUntil(shell.lanes.idle)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Enter alone merges nothing"
    with qtbot.waitSignal(dialog.merged) as merged:
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert merged.args == [keep]
    card = desk_here.read(LeadCard(lose))
    assert card.lead.id == keep, "the old number leads on"
    assert (card.lead.name, card.lead.role) == ("O. Hrytsenko", "Head of purchasing")
    assert {point.value for point in card.points} >= {"olena@klochkivska.example"}
    assert len(card.notes) == 2
    said = shell.messages.said[-1]
    desk_here.do(Undo(said.operation))
    assert desk_here.read(LeadCard(lose)).lead.name == "O. Hrytsenko"
    assert desk_here.read(LeadCard(keep)).lead.name == "Olena Hrytsenko"


def test_fields_alike_are_folded_away_and_shown_on_demand(
    qtbot: QtBot, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    dialog = side_by_side(*olena)
    QAbstractItemModelTester(dialog.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    before, alike = dialog.model.rowCount(), dialog.model.alike_count()
    assert dialog.alike.text() == f"▸ {alike} fields alike"
    qtbot.keyClick(dialog.table, Qt.Key.Key_A)
    assert dialog.model.rowCount() == before + alike
    words = [str(dialog.model.index(at, Side.FIELD).data()) for at in range(before, before + alike)]
    assert "Company" in words
    assert not dialog.model.can_choose(before)
    dialog.model.choose(before, "lose")
    assert dialog.model.choices() == {}
    dialog.alike.click()
    assert dialog.model.rowCount() == before
    assert "folded away" in dialog.alike.accessibleName()


def test_the_card_with_more_to_it_stays_unless_sides_are_swapped(
    shell: Shell, qtbot: QtBot, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    keep, lose = olena
    dialog = side_by_side(lose, keep)
    assert (dialog.keep, dialog.lose) == (keep, lose)
    assert "Olena Hrytsenko" in dialog.stays.name.text()
    go_to(dialog, "role")
    qtbot.keyClick(dialog.table, Qt.Key.Key_Left)
    qtbot.waitUntil(shell.lanes.idle)
    assert fields(dialog)["role"] == "keep"
    qtbot.keyClick(dialog.table, Qt.Key.Key_S)
    qtbot.waitUntil(shell.lanes.idle)
    assert (dialog.keep, dialog.lose) == (lose, keep)
    assert dialog.stays.name.text() == "O. Hrytsenko"
    assert "2 notes move over" in dialog.then.text()
    assert fields(dialog) == {"name": "keep", "role": "lose"}, "the empty role that was chosen is still chosen"


def test_two_people_closes_and_says_so(
    shell: Shell, qtbot: QtBot, desk_here: Desk, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    dialog = side_by_side(*olena)
    with qtbot.waitSignal(dialog.finished) as finished:
        qtbot.keyClick(dialog.table, Qt.Key.Key_N)
    assert finished.args == [APART]
    assert desk_here.read(LeadCard(olena[1])).lead.id == olena[1]
    again = side_by_side(*olena)
    assert again.warning.isVisible()
    assert "two people" in again.warned.text()


def test_a_refusal_is_said_in_place_and_the_choices_stay(
    shell: Shell, qtbot: QtBot, desk_here: Desk, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    keep, lose = olena
    dialog = side_by_side(keep, lose)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Right)
    qtbot.waitUntil(shell.lanes.idle)
    third = desk_here.do(AddLead(values={"name": "Third"})).value.id
    desk_here.do(MergeCards(third, lose))
    desk_here.do(MergeCards(third, keep))
    dialog.take()
    qtbot.waitUntil(shell.lanes.idle)
    assert dialog.isVisible()
    assert "one card already" in dialog.wrong.text()
    assert fields(dialog)["name"] == "lose"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_cards_that_may_not_be_one_offer_no_merge(
    desk_here: Desk, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    dialog = side_by_side(olena[0], olena[0])
    assert "one card already" in dialog.wrong.text()
    assert not dialog.merge.isEnabled()
    assert dialog.box.isHidden()
    with pytest.raises(Refused):
        desk_here.read(MergePreview(olena[0], 99_999))
    missing = side_by_side(olena[0], 99_999)
    assert "99999" in missing.wrong.text()
    assert not missing.merge.isEnabled()


def test_what_changes_meanwhile_is_shown_and_choices_stay(
    shell: Shell, qtbot: QtBot, desk_here: Desk, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    dialog = side_by_side(*olena)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Right)
    done = desk_here.do(EditLead(lead_id=olena[0], values={"role": "Director"}))
    shell.bridge.tell(done.changes)
    qtbot.waitUntil(lambda: not dialog.is_resting and shell.lanes.idle())
    model = dialog.model
    shown = {model.row(at).field: model.row(at).keep_value for at in range(model.rowCount())}
    assert shown["role"] == "Director"
    assert fields(dialog)["name"] == "lose"


def test_left_and_right_go_by_what_is_seen_in_a_mirrored_window(
    shell: Shell, qtbot: QtBot, right_to_left: None, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    dialog = side_by_side(*olena)
    keep = dialog.table.visualRect(dialog.model.index(0, Side.KEEP))
    lose = dialog.table.visualRect(dialog.model.index(0, Side.LOSE))
    assert keep.left() > lose.left()
    assert abs(dialog.stays.mapTo(dialog, QPoint()).x() - dialog.table.viewport().mapTo(dialog, keep.topLeft()).x()) < 4
    qtbot.keyClick(dialog.table, Qt.Key.Key_Left)
    assert fields(dialog)["name"] == "lose"
    qtbot.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=keep.center())
    assert fields(dialog)["name"] == "keep"
    qtbot.waitUntil(shell.lanes.idle)


def test_long_values_wrap_and_the_row_is_as_high_as_they_need(
    desk_here: Desk, olena: tuple[int, int], side_by_side: SideBySide
) -> None:
    words = "Headsets with replaceable cushions for forty seats, delivered in May, " * 5
    desk_here.do(EditLead(lead_id=olena[0], values={"interest": words}))
    dialog = side_by_side(*olena)
    at = next(at for at in range(dialog.model.rowCount()) if dialog.model.row(at).field == "interest")
    assert dialog.table.rowHeight(at) > 3 * dialog.table.rowHeight(0)
    assert str(dialog.model.index(at, Side.LOSE).data()) == EMPTY
    read_out = dialog.model.index(at, Side.KEEP).data(Qt.ItemDataRole.AccessibleTextRole)
    assert read_out.endswith(", taken")
    assert isinstance(dialog.model, MergeModel)


def test_what_moves_is_said_in_words() -> None:
    assert moved({"calls": 3, "notes": 2, "tasks": 1}) == "3 calls, 2 notes and 1 task move over."
    assert moved({"notes": 1, "the same on both": 2}) == (
        "1 note moves over. 2 numbers and addresses are the same on both."
    )
    assert moved({}) == "Nothing hangs on the card that goes."
    assert listed(["a"]) == "a"


# Where merging is come by


def test_the_card_says_who_else_it_may_be_and_opens_the_dialog(shell: Shell, qtbot: QtBot) -> None:
    card = Card(shell, qtbot)
    one = card.add((PointInput(Channel.PHONE, PHONE),))
    other = card.add((PointInput(Channel.PHONE, PHONE),))
    alike = card.add((), name="Olena Hrytsenka")
    card.show(one)
    view = card.view
    assert view.known.banner.isVisible()
    assert view.known.banner.words.text().startswith("Known already: lead Olena Hrytsenko (new")
    view.known.banner.button.click()
    found = [view.duplicates.lines.line(row).ref for row in range(view.duplicates.lines.rowCount())]
    assert found == [other, alike]
    view.duplicates.view.setFocus()
    card.press(Qt.Key.Key_M)
    dialog = next(found for found in view.findChildren(MergeDialog) if found.isVisible())
    card.settle()
    assert {dialog.keep, dialog.lose} == {one, other}
    dialog.reject()
    card.settle()
    view.duplicates.apart.click()
    card.settle()
    found = [view.duplicates.lines.line(row).ref for row in range(view.duplicates.lines.rowCount())]
    assert found == [alike]
    assert view.known.banner.words.text().startswith("Perhaps known already")
    card.show(card.add((), name="Nobody Else", company="Nowhere"))
    assert not view.known.banner.isVisible()


def match(title: str, why: str, key: str = "", **values: int) -> Match:
    return Match("lead", 1, title, "new", "Ivan", why, key, **values)


def test_a_banner_is_sure_of_numbers_only_and_not_of_switchboards() -> None:
    sure = match("Anna", "the same phone", "+380577054122")
    board = match("Olha", "a switchboard of 25 cards", "+380444906231", shared=SWITCHBOARD + 5)
    name = match("Ann", "names alike 95 %; the same city: kyiv")
    assert known_words([]) == ""
    assert known_words([name]) == "Perhaps known already: lead Ann (new, Ivan; names alike 95 %)."
    assert known_words([board]).startswith("Perhaps known already: lead Olha (new, Ivan; a switchboard of 25 cards")
    assert known_words([name, board, sure]) == (
        "Known already: lead Anna (new, Ivan; the same phone) and 2 more cards."
    )


def test_while_a_name_is_typed_the_card_that_may_be_it_can_be_opened(
    shell: Shell, qtbot: QtBot, olena: tuple[int, int]
) -> None:
    dialog = AddLeadDialog(shell)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
        dialog.activateWindow()
    qtbot.waitUntil(shell.lanes.idle)
    qtbot.keyClicks(dialog.edits["name"], "Olena Hrytsenko")
    qtbot.keyClicks(dialog.edits["company"], "Klochkivska Trade")
    qtbot.waitUntil(dialog.known.isVisible)
    assert dialog.known.words.text().startswith("Perhaps known already")
    assert dialog.anyway.isHidden(), "a name alone refuses nothing"
    assert all(_inside(widget, dialog) for widget in (dialog.known, dialog.known.view, dialog.add))
    dialog.known.view.setFocus()
    with qtbot.waitSignal(shell.lead_requested) as asked:
        qtbot.keyClick(dialog.known.view, Qt.Key.Key_Return)
    assert asked.args[0] in olena
    assert not dialog.isVisible()
    qtbot.waitUntil(shell.lanes.idle)
    assert "Olena Hrytsenko" in shell.typed["new_lead"], "what was typed waits"


def _inside(widget: QWidget, window: QWidget) -> bool:
    corners = (widget.rect().topLeft(), widget.rect().bottomRight())
    return all(window.rect().contains(widget.mapTo(window, corner)) for corner in corners)
