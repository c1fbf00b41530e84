"""The table every list page shows: cheap at a million rows, led by the keyboard, remembering its columns."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QFrame, QHeaderView, QMenu, QWidget

from leaddesk.ui.columns import ColumnMemory, Layout, usual
from leaddesk.ui.table_view_delegate import RowDelegate
from leaddesk.ui.widgets_table import RingedTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from leaddesk.ui.table_model import TableModel
    from leaddesk.ui.theme import Theme

KEPT_AT_MOST = 2_000
"""Up to so many chosen rows stay chosen through a merge that takes them out and puts them back elsewhere."""
FOLLOWERS = 20
"""So many rows after the current one are known by name, to find the place again when it goes."""
ANEW_MS = 30_000
"""Times said in words are said anew so often."""


class TableView(RingedTable):
    """A table of one `TableModel`. Selection is by rows and held as ranges; ids are made of it when a command needs them.

    `row_chosen` says that the person moved to another row (its id); a change of the list under the hand does not.
    """

    row_chosen = Signal(int)
    open_requested = Signal(int)
    selection_changed = Signal()
    text_typed = Signal(str)
    columns_requested = Signal()

    def __init__(self, name: str, model: TableModel, theme: Theme, memory: ColumnMemory, parent: QWidget) -> None:
        """`name` is the one the layout is remembered by."""
        super().__init__(parent)
        self._name, self._list, self._memory, self._theme = name, model, memory, theme
        self._merging = False
        self._kept: tuple[int, set[int], bool] = (0, set(), False)
        self._after = array("q")
        self._rows = RowDelegate(theme, self)
        self._set_up()
        self.setModel(model)
        # With the table's own selection the header asks whether all rows of each column are chosen, row by row.
        self.horizontalHeader().setSelectionModel(QItemSelectionModel(model, self))
        self.verticalHeader().setSelectionModel(QItemSelectionModel(model, self))
        self._lay()
        head = self.horizontalHeader()
        head.sectionMoved.connect(self._remember)
        head.sectionResized.connect(self._resized)
        head.sectionClicked.connect(self._sort_by)
        head.customContextMenuRequested.connect(self._column_menu)
        self._settle = QTimer(self, singleShot=True, interval=400)
        self._settle.timeout.connect(self._remember)
        self._anew = QTimer(self, interval=ANEW_MS)
        self._anew.timeout.connect(model.refresh_times)
        self._anew.start()
        self.activated.connect(lambda index: self.open_requested.emit(model.id_at(index.row())))
        chosen = self.selectionModel()
        chosen.currentRowChanged.connect(self._moved)
        chosen.selectionChanged.connect(self._chosen)
        model.listed.connect(self._show_sort)
        model.about_to_merge.connect(self._keep)
        model.merged.connect(self._put_back)
        theme.changed.connect(self._measure)

    def _set_up(self) -> None:
        self.setItemDelegate(self._rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(QWidget(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setMinimumSectionSize(48)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._measure()

    def _measure(self) -> None:
        self.verticalHeader().setMinimumSectionSize(self._rows.row_height)
        self.verticalHeader().setDefaultSectionSize(self._rows.row_height)

    # Columns

    def layout_now(self) -> Layout:
        """The columns as they stand."""
        head, columns = self.horizontalHeader(), self._list.columns
        order = sorted(range(len(columns)), key=head.visualIndex)
        last = max((i for i in order if not head.isSectionHidden(i)), key=head.visualIndex, default=-1)
        kept = self._layout.widths
        widths = {
            columns[i].key: kept[columns[i].key] if i == last or head.isSectionHidden(i) else head.sectionSize(i)
            for i in order
        }
        return Layout([columns[i].key for i in order if not head.isSectionHidden(i)], widths)

    def lay(self, layout: Layout) -> None:
        """Show these columns in this order, and remember it."""
        self._memory.save(self._name, layout)
        self._lay()

    def lay_usual(self) -> None:
        """The columns as they were before anybody changed them."""
        self.lay(usual(self._list.columns))

    def _lay(self) -> None:
        head, columns = self.horizontalHeader(), self._list.columns
        self._layout = self._memory.load(self._name, columns)
        head.blockSignals(True)
        keys = [c.key for c in columns]
        order = [*self._layout.shown, *(k for k in keys if k not in self._layout.shown)]
        for at, key in enumerate(order):
            head.moveSection(head.visualIndex(keys.index(key)), at)
        for section, key in enumerate(keys):
            head.setSectionHidden(section, key not in self._layout.shown)
            head.resizeSection(section, self._layout.widths[key])
        head.blockSignals(False)
        self._show_sort()
        self.updateGeometries()
        self.viewport().update()

    def _resized(self, _section: int, _old: int, _new: int) -> None:
        self._settle.start()

    def _remember(self, *_moved: int) -> None:
        self._layout = self.layout_now()
        self._memory.save(self._name, self._layout)

    def _column_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Choose columns…", self.columns_requested.emit)
        menu.addAction("Usual columns", self.lay_usual)
        menu.popup(self.horizontalHeader().mapToGlobal(at))

    # Sorting

    def _sort_by(self, section: int) -> None:
        column, model = self._list.columns[section], self._list
        if column.sort:
            down = not model.downwards if model.sort_key == column.sort else column.down
            model.sort_by(column.sort, downwards=down)
        self._show_sort()

    def _show_sort(self) -> None:
        key, sorts = self._list.sort_key, [column.sort for column in self._list.columns]
        section = sorts.index(key) if key and key in sorts else -1
        order = Qt.SortOrder.DescendingOrder if self._list.downwards else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(section, order)

    # Who is chosen

    def ranges(self) -> list[tuple[int, int]]:
        """The chosen rows as (first, last), from the top."""
        chosen = self.selectionModel().selection()
        found = [chosen.at(number) for number in range(chosen.count())]
        return sorted((r.top(), r.bottom()) for r in found if r.isValid())

    def chosen_count(self) -> int:
        """How many rows are chosen, without looking at each."""
        return sum(last - first + 1 for first, last in self.ranges())

    def chosen_ids(self) -> tuple[int, ...]:
        """Who is chosen. Makes a number of each: only for the command itself."""
        return tuple(i for first, last in self.ranges() for i in self._list.ids_between(first, last))

    def current_id(self) -> int:
        """Who is current, 0 for nobody."""
        return self._list.id_at(self.currentIndex().row())

    def go_to(self, row: int) -> None:
        """Make a row current and chosen alone, whatever keys are held, and show it."""
        if 0 <= row < self._list.rowCount():
            alone = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self._list.index(row, self._first_section()), alone)

    def go_to_id(self, row_id: int) -> bool:
        """Make somebody current if listed."""
        row = self._list.row_of(row_id)
        self.go_to(row)
        return row >= 0

    def step(self, by: int) -> None:
        """The next row or the one before."""
        self.go_to(max(0, min(self._list.rowCount() - 1, self.currentIndex().row() + by)))

    def _first_section(self) -> int:
        return max(self.horizontalHeader().logicalIndexAt(0), 0)

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._merging and now.isValid():
            self.row_chosen.emit(self._list.id_at(now.row()))

    def _chosen(self, *_: QItemSelection) -> None:
        if not self._merging:
            self.selection_changed.emit()

    def _keep(self) -> None:
        """Before a merge: who is current, and who of the chosen is taken out, unless they are too many to name."""
        count = self.chosen_count()
        everybody = count > 1 and count == self._list.rowCount()
        leaving = self._list.leaving
        named = set(self.chosen_ids()) if leaving != frozenset() and count <= KEPT_AT_MOST and not everybody else set()
        named &= named if leaving is None else leaving
        self._kept = (self.current_id(), named, everybody)
        row = self.currentIndex().row()
        self._after = self._list.ids_between(row + 1, row + FOLLOWERS) if row >= 0 else array("q")
        self._merging = True

    def _put_back(self) -> None:
        """After it: the same people, wherever they are now; for the current one who is gone, who came after."""
        current, named, everybody = self._kept
        if everybody:
            self.selectAll()
        elif named:
            self._choose_again(named)
        if current and self.current_id() != current:
            rows = (self._list.row_of(row_id) for row_id in (current, *self._after))
            row = next((row for row in rows if row >= 0), self._list.rowCount() - 1)
            if row >= 0:
                self.selectionModel().setCurrentIndex(
                    self._list.index(row, self._first_section()), QItemSelectionModel.SelectionFlag.NoUpdate
                )
        self._merging = False
        self.selection_changed.emit()

    def _choose_again(self, named: set[int]) -> None:
        rows = self._list.rows_of(named)
        last = self._list.columnCount() - 1
        chosen = QItemSelection()
        for row in rows:
            chosen.select(self._list.index(row, 0), self._list.index(row, last))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Up and down only: rows are what is moved between, columns stay where they were put."""
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        self.horizontalScrollBar().setValue(across)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Home and End go to the list's ends; left and right show more columns."""
        key = event.key()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.currentIndex().isValid():
            self.open_requested.emit(self.current_id())
        elif plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            back = (key == Qt.Key.Key_Left) == (self.layoutDirection() == Qt.LayoutDirection.LeftToRight)
            step = (
                QAbstractSlider.SliderAction.SliderSingleStepSub
                if back
                else QAbstractSlider.SliderAction.SliderSingleStepAdd
            )
            self.horizontalScrollBar().triggerAction(step)
        elif plain and key == Qt.Key.Key_Home:
            self.go_to(0)
        elif plain and key == Qt.Key.Key_End:
            self.go_to(self._list.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Typing searches the whole list; Qt's own way would read every row."""
        if search.strip():
            self.text_typed.emit(search)
