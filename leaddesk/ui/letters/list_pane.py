"""One list of the Letters page: its table, what stands there while it is empty, and what is done with many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from leaddesk.ui.columns import Column, ColumnMemory, Say
from leaddesk.ui.dialogs.choose_columns import ChooseColumnsDialog
from leaddesk.ui.letters.lists import LetterLists, Listed, Tab
from leaddesk.ui.table_model import TableModel
from leaddesk.ui.table_view import TableView
from leaddesk.ui.widgets import EmptyState, FlowLayout, KeyButton, PlainButton
from leaddesk.workflow.changes import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.desk import Question

ALL_STALE = Changes(many=True)


class ManyBar(QFrame):
    """What can be done with the chosen rows together; shows itself when there is more than one."""

    def __init__(self, table: TableView) -> None:
        """Empty until `offer`."""
        super().__init__()
        self._table = table
        self.setProperty("look", "head")
        self.count = QLabel()
        self.count.setProperty("look", "heading")
        self.buttons: dict[str, KeyButton] = {}
        home = QWidget()
        self._flow = FlowLayout(home, 6)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(self.count)
        row.addWidget(home, 1)
        table.selection_changed.connect(self.refresh)
        self.refresh()

    def offer(self, words: str, keys: str, run: Callable[[], object]) -> None:
        """One more thing to do."""
        button = PlainButton(words, keys)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        self._flow.addWidget(button)
        self.buttons[words] = button

    def allow(self, wanted: Sequence[str]) -> None:
        """Show these only."""
        for words, button in self.buttons.items():
            button.setVisible(words in wanted)
        self.refresh()

    def refresh(self) -> None:
        """Say how many are chosen."""
        count = self._table.chosen_count()
        self.count.setText(f"{count:,} chosen")
        self.setVisible(count > 1 and any(not button.isHidden() for button in self.buttons.values()))


class ListPane(QWidget):
    """A table of letters or of answers. `row_chosen` carries the id of the row moved to, 0 where there is none."""

    row_chosen = Signal(int)
    open_requested = Signal(int)
    text_typed = Signal(str)

    def __init__(self, shell: Shell, name: str, columns: Sequence[Column[Any]], tab: Tab, memory: ColumnMemory) -> None:
        """`name` is what the layout is remembered by."""
        super().__init__()
        self._shell, self._memory = shell, memory
        self.tab, self._text = tab, ""
        self._listed_tab = ""
        self.lists = LetterLists(shell.lanes)
        self.model = TableModel(self.lists, columns, lambda ids: Listed(self.tab.key, ids=ids), self._say, self)
        self.table = TableView(name, self.model, shell.theme, memory, self)
        self.table.setAccessibleName(tab.title)
        self.empty = EmptyState("")
        self.nothing = EmptyState("Nothing fits", "No letter here has these words in it.")
        self.many = ManyBar(self.table)
        self.stack = QStackedWidget()
        for widget in (self.table, self.empty, self.nothing):
            self.stack.addWidget(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.stack, 1)
        box.addWidget(self.many)
        self.setFocusProxy(self.table)
        self.model.failed.connect(shell.messages.bug)
        self.model.listed.connect(self._listed)
        self.table.columns_requested.connect(self._choose_columns)
        self.table.open_requested.connect(self.open_requested)
        self.table.row_chosen.connect(self.row_chosen)
        self.table.text_typed.connect(self.text_typed)

    def show_tab(self, tab: Tab, text: str) -> None:
        """List this, as far as it has these words in it."""
        other = tab is not self.tab or not self._listed_tab
        self.tab, self._text = tab, text.strip()
        self.table.setAccessibleName(tab.title)
        if other:
            self.model.sort_key, self.model.downwards = "when", not tab.soonest_first
        # A letter may be known from another tab, in another state.
        self.model.take_changes(ALL_STALE, frozenset())
        self.model.show(self._ids, self.model.sort_key, downwards=self.model.downwards)

    def refresh(self) -> None:
        """Something has changed."""
        self.model.take_changes(ALL_STALE, frozenset())

    def _ids(self, sort: str, down: bool) -> Question[Any]:
        return Listed(self.tab.key, self._text, sort, down)

    def _say(self) -> Say:
        return Say(self._shell.zone(), self._shell.clock.now())

    def _listed(self) -> None:
        fresh, self._listed_tab = self._listed_tab != self.tab.key, self.tab.key
        count = self.model.rowCount()
        self.empty.say(*self.tab.nothing)
        self.stack.setCurrentWidget(self.table if count else self.nothing if self._text else self.empty)
        if fresh:
            # Rows of another tab may have the same places.
            self.table.clearSelection()
            self.table.go_to(0)
        elif count and self.table.currentIndex().row() < 0:
            self.table.go_to(0)
        self.row_chosen.emit(self.table.current_id())

    def _choose_columns(self) -> None:
        dialog = ChooseColumnsDialog(self.model.columns, self.table.layout_now(), self.window())
        dialog.accepted.connect(lambda: self.table.lay(dialog.layout_chosen))
        dialog.open()
