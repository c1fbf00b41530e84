"""The act about one person on two cards: noticed while typing, found among all, merged side by side, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.workflow.cards import LeadCard, LeadIds, LeadRow, LeadRows
from leaddesk.workflow.undo import Journal

if TYPE_CHECKING:
    from leaddesk.tour.player import Player


def play_duplicates(player: Player) -> None:
    """Write somebody down a second time, all the same; look for duplicates; merge the two; undo it."""
    row = _somebody(player)
    second = _write_down_again(player, row)
    _merge(player, row.id, second)


def _somebody(player: Player) -> LeadRow:
    """A lead whose number can be typed again."""
    desk = player.shell.lanes.desk
    rows = desk.read(LeadRows(tuple(desk.read(LeadIds(sort="created"))[:200])))
    found = next((row for row in rows if row.phone_key.startswith("+") and row.name), None)
    player.expect(found, "a lead has a name and a number")
    return found or rows[0]


def _write_down_again(player: Player, row: LeadRow) -> int:
    from leaddesk.ui.dialogs.add_lead import AddLeadDialog

    with player.step("known while typing"):
        player.keys("Alt+1", "Ctrl+N")
        dialog = player.dialog(AddLeadDialog)
        for field, words in (("name", row.name), ("company", row.company), ("phone", row.phone_key)):
            player.focus_on(dialog.edits[field])
            player.write(words)
        player.until(dialog.known.isVisible, "who is known already")
    with player.step("known, added all the same", picture=False):
        added: list[int] = []
        dialog.lead_added.connect(added.append)
        dialog.anyway.setChecked(True)
        player.keys("Ctrl+Return")
        player.until(lambda: added and player.is_free(), "the second card")
    return added[0]


def _merge(player: Player, first: int, second: int) -> None:
    from leaddesk.ui.dialogs.merge import MergeDialog
    from leaddesk.ui.pages.duplicates import DuplicatesPage

    desk = player.shell.lanes.desk
    with player.step("duplicates"):
        player.keys("Ctrl+Shift+D")
        page = player.window.made_page("duplicates")
        assert isinstance(page, DuplicatesPage)  # noqa: S101 - for the reader and the type checker
        page.look()
        pair = (min(first, second), max(first, second))
        player.until(lambda: page.strip.job is None and page.model.row_of(pair) >= 0, "the pair")
        page.table.go_to(page.model.row_of(pair))
        page.table.setFocus()
    with player.step("merge"):
        player.keys("Return")
        dialog = player.dialog(MergeDialog)
        player.until(lambda: dialog.view is not None, "both cards side by side")
        gone = dialog.lose
    with player.step("merge, done"):
        player.keys("Ctrl+Return")
        player.until(player.is_free, "merging")
        player.expect(desk.read(LeadCard(gone)).lead.id != gone, "the number of the card that went opens the other")
    with player.step("merge, undone"):
        player.keys("Ctrl+Z")
        player.until(lambda: page.model.row_of(pair) >= 0, "the pair again")
        player.expect(desk.read(Journal(1))[0].kind == "undo", "Ctrl+Z takes the merge back")
