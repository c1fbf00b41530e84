"""What the list pages have in common: a table with a search line, and the card of whoever is current beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from leaddesk.ui.bulk_bar import open_dialog
from leaddesk.ui.columns import Column, ColumnMemory, Say, users_memory
from leaddesk.ui.dialogs.choose_columns import ChooseColumnsDialog
from leaddesk.ui.filters import TextChip
from leaddesk.ui.in_turns import Page, Steps
from leaddesk.ui.table_model import Ids, Rows, TableModel
from leaddesk.ui.table_view import TableView
from leaddesk.ui.widgets import EmptyState, Heading, Line, MutedLabel, Panel, PlainButton
from leaddesk.ui.widgets_split import Split
from leaddesk.workflow.changes import Changes

if TYPE_CHECKING:
    from leaddesk.ui.cards.frame import CardFrame
    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.export import Kind

CARD_MS = 120
"""A card is read once the moving through the list rests for so long."""
CARD_WIDTH = 468
"""Below it a card's chips and numbers would be cut."""
SLOW_MS = 150
"""A list that takes longer says that it is coming."""


class ListPage(Page):
    """A table of one kind of card. Subclasses say what is listed and show the card.

    `activate` is called when the page comes to the front. Changes made while it was away are made up for then.
    """

    title = ""
    nouns = ("card", "cards")
    kind: Kind | None = None
    """What is exported from here; None for a page nothing leaves from."""
    export_in_head = True
    """Whether the way out stands above the table; else only in the bar below it."""

    def __init__(
        self,
        shell: Shell,
        name: str,
        columns: Sequence[Column[Any]],
        rows: Rows,
        memory: ColumnMemory | None = None,
        *,
        in_turns: bool = False,
    ) -> None:
        """`name` is what layouts are remembered by."""
        super().__init__()
        self.shell, self._name = shell, name
        self._columns, self._rows = columns, rows
        self._memory = memory or users_memory()
        self._active = False
        self._missed = Changes()
        self.shown_id = 0
        self._wanted_id = 0
        self.begin(in_turns=in_turns)

    def build(self) -> Steps:
        """The card first: it is most of the work."""
        self.card: CardFrame = self.make_card()
        yield from self.card.building
        shell = self.shell
        self.model = TableModel(shell.lanes, self._columns, self._rows, self._say, self)
        self.table = TableView(self._name, self.model, shell.theme, self._memory, self)
        self.table.setAccessibleName(self.title)
        self.count = MutedLabel("", wrap=False)
        self.search = TextChip(f"Search in {self.title.lower()}", 220)
        self.coming = QProgressBar()
        self.coming.setProperty("look", "thin")
        self.coming.setRange(0, 0)
        self.coming.setTextVisible(False)
        self.coming.setAccessibleName("The list is coming")
        # The rows stay where they are when it comes and goes.
        policy = self.coming.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.coming.setSizePolicy(policy)
        self.coming.hide()
        self.stop = PlainButton("Stop", "Esc", kind="link")
        self.stop.setAccessibleName("Stop looking for the list")
        self.stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.setAutoDefault(False)
        self.stop.hide()
        yield
        self.empty = self.make_empty()
        self.nothing = EmptyState("Nothing fits", "No card is like that.", [("Show all", self.show_all)])
        self.under = QVBoxLayout()
        self.over = QVBoxLayout()
        self._lay_out()
        self._rest = QTimer(self, singleShot=True, interval=CARD_MS)
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._wire()

    # What subclasses say

    def ids(self) -> Ids:
        """The question for what is listed now."""
        raise NotImplementedError

    def touched(self, changes: Changes) -> frozenset[int]:
        """Which of this page's cards the changes are about."""
        raise NotImplementedError

    def make_card(self) -> CardFrame:
        """What stands beside the table; built in turns."""
        raise NotImplementedError

    def show_card(self, row_id: int) -> None:
        """Show somebody's card beside the table."""
        raise NotImplementedError

    def make_empty(self) -> EmptyState:
        """What to do first while there is nothing at all."""
        raise NotImplementedError

    def is_narrowed(self) -> bool:
        """Whether the list shows less than all."""
        return bool(self.search.text().strip())

    def show_all(self) -> None:
        """Take all filters away."""
        self.search.clear()
        self.search.settle()

    usual_sort = ("changed", True)

    # Layout and wiring

    def _lay_out(self) -> None:
        self.head = head = QHBoxLayout()
        head.setContentsMargins(9, 8, 9, 8)
        head.setSpacing(10)
        heading = Heading(self.title, wrap=False)
        head.addWidget(heading)
        head.addWidget(self.count)
        head.addWidget(self.stop)
        head.addStretch(1)
        head.addWidget(self.search)
        if self.kind is not None:
            self.exports = PlainButton("Export…", kind="link")
            self.exports.setAutoDefault(False)
            self.exports.clicked.connect(self.export)
            self.shell.actions.on("export", self, self.export)
            head.addWidget(self.exports)
            if not self.export_in_head:
                self.exports.hide()
        self.stack = QStackedWidget()
        for widget in (self.table, self.empty, self.nothing):
            self.stack.addWidget(widget)
        self._panel = panel = Panel()
        panel.body.addLayout(head)
        panel.body.addLayout(self.over)
        panel.body.addWidget(Line())
        panel.body.addWidget(self.coming)
        panel.body.addWidget(self.stack, 1)
        panel.body.addLayout(self.under)
        panel.setMinimumWidth(320)
        self.splitter = Split()
        self.splitter.addWidget(panel)
        self.splitter.addWidget(self.card)
        self.card.setMinimumWidth(CARD_WIDTH)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes(self._memory.sizes(self._name) or [830, 490])
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.addWidget(self.splitter)

    def parts(self) -> tuple[QWidget, ...]:
        """The list and the card."""
        return (self._panel, *self.card.parts())

    def _wire(self) -> None:
        self._give_up = QShortcut(QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._give_up.setEnabled(False)
        keys = (("Ctrl+Down", lambda: self.step(1)), ("Ctrl+Up", lambda: self.step(-1)), ("/", self.search.setFocus))
        for key, run in keys:
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)
        leave = QShortcut(QKeySequence("Down"), self.search, context=Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self.table.setFocus)
        self._rest.timeout.connect(self._show_wanted)
        self._slow.timeout.connect(self._say_coming)
        self._give_up.activated.connect(self.model.stop)
        self.stop.clicked.connect(self.model.stop)
        self.model.failed.connect(self._failed)
        self.model.listed.connect(self._listed)
        self.search.chosen.connect(self.relist)
        self.search.returnPressed.connect(self.table.setFocus)
        self.shell.bridge.changed.connect(self._changed)
        self.splitter.splitterMoved.connect(lambda: self._memory.save_sizes(self._name, self.splitter.sizes()))
        self.table.columns_requested.connect(self.choose_columns)
        self.table.open_requested.connect(self.open_current)
        self.table.row_chosen.connect(self._want)
        self.table.text_typed.connect(self._type)

    # Listing

    def activate(self) -> None:
        """The page is looked at: bring it up to date, in the order of today."""
        if not self._active:
            self._active = True
            sort, downwards = self.usual_sort
            self.model.sort_key, self.model.downwards = sort, downwards
            self.relist()
        else:
            missed, self._missed = self._missed, Changes()
            self.model.take_changes(missed, self.touched(missed))
            self.model.resort()
        self.model.refresh_times()
        self.table.setFocus()

    def relist(self) -> None:
        """List what search line and filters let through."""
        self._slow.start()
        self.model.show(self.ids(), self.model.sort_key, downwards=self.model.downwards)

    def _say_coming(self) -> None:
        """The list takes long enough to be told of, and to be stopped."""
        self.coming.setVisible(self.model.coming)
        self.stop.setVisible(self.model.coming)
        self._give_up.setEnabled(self.model.coming)
        self._say_count()

    def _said(self) -> None:
        """Nothing is on its way any more."""
        self._slow.stop()
        self.coming.hide()
        if self.stop.hasFocus():
            self.table.setFocus()
        self.stop.hide()
        self._give_up.setEnabled(False)

    def _say_count(self) -> None:
        count = self.model.rowCount()
        words = f"{count:,} {self.nouns[0] if count == 1 else self.nouns[1]}"
        if not self.model.is_whole:
            words = f"the first {words}"
        if self._give_up.isEnabled():
            words += " · the rest is coming" if not self.model.is_whole else " · a new list is coming"
        elif self.model.is_stopped:
            words += " · stopped"
        self.count.setText(words)

    def _listed(self) -> None:
        if not self.model.coming:
            self._said()
        self._say_count()
        count = self.model.rowCount()
        page: QWidget = self.table if count else self.nothing if self.is_narrowed() else self.empty
        self.stack.setCurrentWidget(page)
        if not count:
            self._focus_empty(page)
        elif self.table.currentIndex().row() < 0:
            self._come_back()

    def _focus_empty(self, page: QWidget) -> None:
        """The keyboard goes to what there is to do, instead of to whatever comes next in the window."""
        if isinstance(page, EmptyState) and page.buttons:
            page.setFocusProxy(page.buttons[0])
            focus = QApplication.focusWidget()
            if self.isVisible() and (focus is None or not self.isAncestorOf(focus)):
                page.buttons[0].setFocus()

    def _come_back(self) -> None:
        """After a new list: to whom was current, else to the first. Who is not among its first rows may come yet."""
        if not (self.shown_id and (self.table.go_to_id(self.shown_id) or self.model.coming)):
            self.table.go_to(0)

    def _failed(self, error: Exception) -> None:
        from leaddesk.workflow.errors import Refused, Unavailable

        self._said()
        if isinstance(error, Refused):
            self.shell.messages.refused(error.words)
        elif isinstance(error, Unavailable):
            self.shell.messages.unavailable(error.words)
        else:
            self.shell.messages.bug(error)

    def _changed(self, changes: Changes) -> None:
        if not self._active:
            return
        if self.isVisible():
            self.model.take_changes(changes, self.touched(changes))
        else:
            self._missed |= changes

    def _say(self) -> Say:
        return Say(self.shell.zone(), self.shell.clock.now())

    @property
    def is_resting(self) -> bool:
        """Whether a card will be read once the moving rests."""
        return self._rest.isActive()

    # Moving and opening

    def _want(self, row_id: int) -> None:
        self._wanted_id = row_id
        self._rest.start()

    def _show_wanted(self) -> None:
        self._rest.stop()
        if self._wanted_id and self._wanted_id != self.shown_id:
            self.shown_id = self._wanted_id
            self.show_card(self.shown_id)

    def open_current(self, row_id: int) -> None:
        """Go into somebody's card with the keyboard."""
        self._wanted_id = row_id
        self._show_wanted()
        self.card.setFocus()

    def open_card(self, row_id: int) -> None:
        """Show somebody's card, asked for from elsewhere; the list goes there if they are in it."""
        self._wanted_id = row_id
        self._show_wanted()
        self.table.go_to_id(row_id)

    def step(self, by: int) -> None:
        """The next card or the one before. Whoever has left the list is followed by who took their place."""
        if self.shown_id and self.table.current_id() != self.shown_id and by > 0 and not self._rest.isActive():
            self._want(self.table.current_id())
            self.table.go_to(self.table.currentIndex().row())
        else:
            self.table.step(by)
        self._show_wanted()

    def current_ids(self) -> tuple[int, ...]:
        """Whom a command is about: the card if the keyboard is in it, else all the chosen."""
        focus = QApplication.focusWidget()
        if self.shown_id and focus and (focus is self.card or self.card.isAncestorOf(focus)):
            return (self.shown_id,)
        return self.table.chosen_ids()

    def choose_columns(self) -> None:
        """Which columns the table shows."""
        dialog = ChooseColumnsDialog(self.model.columns, self.table.layout_now(), self.window())
        dialog.accepted.connect(lambda: self.table.lay(dialog.layout_chosen))
        open_dialog(dialog)

    def export(self) -> None:
        """The list, or those chosen of it, to a file."""
        from leaddesk.ui.dialogs.export import ExportDialog, ListOut
        from leaddesk.ui.export_columns import file_columns

        if self.model.coming:
            self.model.listed.connect(self.export, Qt.ConnectionType.SingleShotConnection)
            return
        count = self.model.rowCount()
        if self.kind is None or not count:
            self.shell.messages.refused("Nothing is listed here to export.")
            return
        columns = file_columns(self._name, self.table.layout_now().shown)
        listed = self.model.ids_between(0, count - 1)
        what = ListOut(self.kind, self.nouns, listed, self.table.chosen_ids(), columns)
        open_dialog(ExportDialog(self.shell, what, self.window()))

    def _type(self, text: str) -> None:
        self.search.setFocus()
        self.search.setText(self.search.text() + text)
