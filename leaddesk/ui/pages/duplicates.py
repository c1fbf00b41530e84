"""Leads that may be one person: pairs by score and why, merged one by one or all the certain ones at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from leaddesk.ui.bulk_bar import open_dialog
from leaddesk.ui.cards.choice import TickChip
from leaddesk.ui.cards.saying import day_and_time
from leaddesk.ui.filters import MenuChip, TextChip
from leaddesk.ui.in_turns import Page, Steps
from leaddesk.ui.pages.duplicates_model import PairsModel
from leaddesk.ui.pages.duplicates_search import SearchStrip
from leaddesk.ui.pages.duplicates_table import PairsTable
from leaddesk.ui.widgets import EmptyState, Heading, Line, MutedLabel, Panel, PlainButton, PrimaryButton
from leaddesk.workflow.cards import Filter, LeadIds
from leaddesk.workflow.duplicates import FoundPairs, Pair, PairsFound, SetApart
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.changes import Changes
    from leaddesk.workflow.desk import Desk

AT_MOST = 10_000
"""The best so many pairs are listed; nobody looks through more, and merging brings the others up."""
SCORES = ((0.95, "95\N{NO-BREAK SPACE}%"), (0.9, "90\N{NO-BREAK SPACE}%"), (0.8, "80\N{NO-BREAK SPACE}%"))
AGAIN_MS = 80
"""Changes that come one after the other are looked at together."""
SLOW_MS = 150


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the last search holds, and those of its pairs that are to be shown."""

    found: PairsFound
    pairs: tuple[Pair, ...]


def _listed(min_score: float, text: str, desk: Desk, *, certain_only: bool) -> _Listed:
    """In a lane's thread. Who fits the words is asked of the search index, as the search line of Leads does."""
    found = desk.read(FoundPairs(min_score, AT_MOST, certain_only))
    if not text:
        return _Listed(found, found.pairs)
    ids = desk.read(LeadIds(Filter(text=text)))
    fitting = set(ids)
    pairs = tuple(p for p in found.pairs if p.a in fitting or p.b in fitting)
    return _Listed(replace(found, certain=sum(p.certain for p in pairs)), pairs)


class DuplicatesPage(Page):
    """Opened from Leads. Enter opens a pair, Space marks, M merges what is marked, N says that it is two people."""

    title = "Duplicates"

    def __init__(self, shell: Shell, *, in_turns: bool = False) -> None:
        super().__init__()
        self.shell = shell
        self.found = PairsFound()
        self._going_to = -1
        self._anew = True
        self.begin(in_turns=in_turns)

    @property
    def _may_look(self) -> bool:
        """All leads are a team lead's to see."""
        return self.shell.user.role.covers(Role.TEAM_LEAD)

    def build(self) -> Steps:
        """Head, chips, the pairs, and what is done with them."""
        shell = self.shell
        self.model = PairsModel(shell.lanes, self)
        self.table = PairsTable(self.model, shell.theme)
        yield
        self.back = PlainButton("Back to Leads", "Esc", kind="flat")
        self.standing = MutedLabel("")
        self.search_again = PlainButton("Look again")
        self.merge_certain = PrimaryButton("")
        self.certain = TickChip("Certain only")
        self.score = MenuChip("Alike from", several=False)
        self.score.offer(SCORES)
        self.text = TextChip("Search in pairs", 220)
        self.strip = SearchStrip(shell)
        self.coming = QProgressBar()
        self.coming.setProperty("look", "thin")
        self.coming.setRange(0, 0)
        self.coming.setTextVisible(False)
        self.coming.setAccessibleName("The pairs are coming")
        self.coming.hide()
        yield
        self.never = EmptyState(
            "Duplicates have not been looked for yet",
            "All leads are compared by number, address, name, company and place. Nothing is changed by looking, "
            "and you can go on with your work meanwhile."
            if self._may_look
            else "A team lead looks for them, once for everybody.",
            [("Look for duplicates", self.look), ("Back to Leads", self.leave)],
        )
        self.none = EmptyState(
            "No duplicates",
            "No two leads look like one person any more.",
            [("Look again", self.look), ("Back to Leads", self.leave)],
        )
        self.nothing = EmptyState("No pair fits", "No pair is like that.", [("Show all", self.show_all)])
        self.marked = Heading("", wrap=False)
        self.open = PlainButton("Compare and merge…", "Enter")
        self.apart = PlainButton("Two people", "N")
        self.merge_marked = PlainButton("Merge the marked…", "M")
        yield
        self._lay_out()
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._wire()
        self._say_marks()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(9, 8, 9, 8)
        head.setSpacing(10)
        head.addWidget(self.back)
        head.addWidget(Heading(self.title, wrap=False))
        head.addWidget(self.standing, 1)
        head.addWidget(self.search_again)
        head.addWidget(self.merge_certain)
        self.chips = QWidget()
        chips = QHBoxLayout(self.chips)
        chips.setContentsMargins(9, 0, 9, 8)
        chips.setSpacing(8)
        for chip in (self.certain, self.score):
            chips.addWidget(chip)
        chips.addStretch(1)
        chips.addWidget(self.text)
        strip = QVBoxLayout()
        strip.setContentsMargins(9, 0, 9, 0)
        strip.setSpacing(0)
        strip.addWidget(self.strip)
        strip.addWidget(self.strip.below)
        self.stack = QStackedWidget()
        for widget in (self.table, self.never, self.none, self.nothing):
            self.stack.addWidget(widget)
        self.stack.setCurrentWidget(self.never)
        self.foot = QWidget()
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(12, 6, 9, 8)
        foot.setSpacing(8)
        foot.addWidget(self.marked)
        foot.addStretch(1)
        buttons = (self.back, self.search_again, self.merge_certain, self.apart, self.open, self.merge_marked)
        for button in buttons[3:]:
            foot.addWidget(button)
        self._panel = panel = Panel()
        panel.body.addLayout(head)
        panel.body.addWidget(self.chips)
        panel.body.addLayout(strip)
        panel.body.addWidget(Line())
        panel.body.addWidget(self.coming)
        panel.body.addWidget(self.stack, 1)
        panel.body.addWidget(Line())
        panel.body.addWidget(self.foot)
        for made in buttons:
            made.setAutoDefault(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.addWidget(panel)

    def parts(self) -> tuple[QWidget, ...]:
        """All of it."""
        return (self._panel,)

    def _wire(self) -> None:
        for key, run in (("/", self.text.setFocus), ("Escape", self._escape)):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)
        self._again.timeout.connect(self._read)
        self._slow.timeout.connect(lambda: self.coming.setVisible(self.shell.lanes.asking(self, "pairs")))
        self.apart.clicked.connect(lambda: self.set_apart(self.table.currentIndex().row()))
        self.back.clicked.connect(self.leave)
        self.certain.toggled.connect(lambda _on: self._relist())
        self.merge_certain.clicked.connect(self.merge_all_certain)
        self.merge_marked.clicked.connect(self.merge)
        self.model.marks_changed.connect(self._say_marks)
        self.open.clicked.connect(lambda: self.compare(self.table.currentIndex().row()))
        self.score.chosen.connect(self._relist)
        self.search_again.clicked.connect(self.look)
        self.strip.ended.connect(self._search_ended)
        self.strip.found.connect(self._searched)
        self.strip.started.connect(self._search_began)
        self.table.apart_requested.connect(self.set_apart)
        self.table.merge_requested.connect(self.merge)
        self.table.open_requested.connect(self.compare)
        self.text.chosen.connect(self._relist)
        self.text.returnPressed.connect(self.table.setFocus)
        self.shell.bridge.changed.connect(self._changed)

    # Listing

    def activate(self) -> None:
        """The page is looked at: bring it up to date."""
        self._read()
        self._focus()

    def is_narrowed(self) -> bool:
        """Whether chips or words leave pairs out."""
        return self.certain.isChecked() or bool(self.score.values) or bool(self.text.text().strip())

    def show_all(self) -> None:
        """No chips, no words."""
        self.certain.setChecked(False)
        self.score.choose([])
        self.text.clear()
        self.text.settle()

    def _relist(self) -> None:
        self._anew = True
        self._read()

    def _read(self) -> None:
        self._again.stop()
        self._slow.start()
        least = self.score.values[0] if self.score.values else 0.0
        work = partial(_listed, least, self.text.text().strip(), certain_only=self.certain.isChecked())
        self.shell.lanes.read(self, work, self._came, key="pairs")

    def _came(self, listed: _Listed) -> None:
        self._slow.stop()
        self.coming.hide()
        self.found = listed.found
        before = max(self.table.currentIndex().row(), 0)
        at = self._going_to if self._going_to >= 0 else before
        anew, self._anew, self._going_to = self._anew, False, -1
        self.model.show_pairs(listed.pairs, anew=anew)
        page = self.table if listed.pairs else self._empty()
        other_page = page is not self.stack.currentWidget()
        self.stack.setCurrentWidget(page)
        for bar in (self.chips, self.foot):
            bar.setVisible(page in (self.table, self.nothing))
        if listed.pairs and (anew or self.table.currentIndex().row() != at):
            self.table.go_to(0 if anew else at)
        self._say(len(listed.pairs))
        if other_page:
            self._focus()

    def _empty(self) -> QWidget:
        if self.found.at is None:
            return self.never
        return self.nothing if self.is_narrowed() else self.none

    def _focus(self) -> None:
        """The keyboard goes to the pairs, or to what there is to do where there are none."""
        page = self.stack.currentWidget()
        target: QWidget = self.table
        if isinstance(page, EmptyState):
            target = next((button for button in page.buttons if button.isEnabled()), self.strip.stop)
        self.setFocusProxy(target)
        focus = QApplication.focusWidget()
        if self.isVisible() and not isinstance(focus, TextChip) and (focus is None or focus.window() is self.window()):
            target.setFocus()

    def _say(self, shown: int) -> None:
        found = self.found
        if found.at is None:
            self.standing.setText("")
        else:
            when = day_and_time(found.at, self.shell.clock.now(), self.shell.zone())
            pairs = "1 pair" if found.total == 1 else f"{found.total:,} pairs"
            listed = f"{shown:,} of {pairs}" if shown != found.total else pairs
            self.standing.setText(f"{listed} among {found.leads:,} leads · last looked at {when}")
        sure = found.certain
        words = "Merge the certain pair…" if sure == 1 else f"Merge all {sure:,} certain pairs…"
        self.merge_certain.setText(words)
        self.merge_certain.setAccessibleName(words)
        self.merge_certain.setVisible(sure > 0)
        self.search_again.setVisible(found.at is not None)
        self._enable()

    def _enable(self) -> None:
        idle, there = self.strip.job is None and self._may_look, self.model.rowCount() > 0
        for button in (self.search_again, self.never.buttons[0], self.none.buttons[0]):
            button.setEnabled(idle)
        for button in (self.open, self.apart):
            button.setEnabled(there)
        self._say_marks()

    def _say_marks(self) -> None:
        count = len(self.model.marked())
        self.marked.setText(f"{count:,} marked" if count else "Space marks a pair")
        self.merge_marked.setEnabled(count > 0)

    def _changed(self, changes: Changes) -> None:
        if not (changes.many or changes.leads):
            return
        self.model.touch(None if changes.many else changes.leads)
        if self.isVisible():
            self._again.start()

    @property
    def is_resting(self) -> bool:
        """Whether something will still be asked or measured by itself."""
        return self._again.isActive() or self.model.fetching or self.table.is_fitting

    # Looking

    def look(self) -> None:
        """Compare all leads anew, in the background."""
        self.strip.start()

    def _searched(self, found: PairsFound) -> None:
        pairs = "1 pair" if found.total == 1 else f"{found.total:,} pairs"
        sure = f", {found.certain:,} of them certain" if found.certain else ""
        words = f"Found {pairs} that look alike{sure}" if found.total else "No two leads look like one person"
        span = f"in {found.seconds:,} s" if found.seconds else "in less than a second"
        self.shell.messages.toast(f"{words}, {span}")
        self._relist()

    def _search_began(self) -> None:
        if self.stack.currentWidget() is not self.table:
            # Before its button goes grey: the keyboard would be handed on to whatever comes next in the window.
            self.strip.stop.setFocus()
        self._enable()

    def _search_ended(self) -> None:
        self._enable()
        self._focus()

    # Doing

    def _escape(self) -> None:
        if self.text.hasFocus() and self.text.text():
            self.text.clear()
            self.text.settle()
        elif self.text.hasFocus():
            self.table.setFocus()
        else:
            self.leave()

    def leave(self) -> None:
        """Back to where it was opened from."""
        self.shell.actions.trigger("page_2")

    def compare(self, row: int) -> None:
        """The two cards side by side."""
        from leaddesk.ui.dialogs.merge import MergeDialog

        pair = self.model.pair(row)
        if pair is not None:
            self._going_to = row
            dialog = MergeDialog(self.shell, pair.a, pair.b, pair.why, parent=self.window())
            dialog.finished.connect(self._compared)
            open_dialog(dialog)

    def _compared(self, result: int) -> None:
        if not result:
            self._going_to = -1
        self.table.setFocus()

    def set_apart(self, row: int) -> None:
        """They are two people: the pair is not shown again. The next one takes its place."""
        pair = self.model.pair(row)
        if pair is not None:
            self._going_to = row
            self.shell.lanes.do(self, SetApart(pair.a, pair.b), lambda _done: self._again.start())

    def merge(self) -> None:
        """The marked pairs at once; the current one side by side where none is marked."""
        marked = self.model.marked()
        if marked:
            self._merge_many(marked)
        else:
            self.compare(self.table.currentIndex().row())

    def merge_all_certain(self) -> None:
        """Every certain pair the chips let through, also those beyond the end of the list; of what is searched, the found."""
        if not self.text.text().strip():
            self._merge_many(())
        elif self.found.certain:
            self._merge_many(self.model.certain())

    def _merge_many(self, pairs: tuple[Pair, ...]) -> None:
        from leaddesk.ui.dialogs.merge_many import MergeManyDialog

        least = self.score.values[0] if self.score.values else 0.0
        dialog = MergeManyDialog(self.shell, pairs, self.window(), min_score=least)
        dialog.finished.connect(lambda _result: self.table.setFocus())
        open_dialog(dialog)
