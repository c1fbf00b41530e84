"""All fields of a card, each edited in place, and what came with its file beyond them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.cards.fields import CardField
from leaddesk.ui.widgets import MutedLabel, SectionLabel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.ui.shell import Shell


class DetailsTab(QScrollArea):
    """A grid of fields. `saved` as of `FieldView`; `extra_saved` gives the column's name, and the field itself."""

    extra_saved = Signal(str, str, object)

    def __init__(self, shell: Shell, fields: Sequence[CardField]) -> None:
        super().__init__()
        self._shell = shell
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("look", "scrolled")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self._extra_grid = QGridLayout()
        self._extra_grid.setHorizontalSpacing(10)
        self._extra_grid.setVerticalSpacing(2)
        self._extra_grid.setColumnStretch(1, 1)
        self._extra_title = SectionLabel("From the file")
        box = QVBoxLayout(inside)
        box.setContentsMargins(18, 8, 18, 12)
        box.addLayout(self._grid)
        box.addWidget(self._extra_title)
        box.addLayout(self._extra_grid)
        box.addStretch()
        self.setWidget(inside)
        self.views: dict[str, FieldView] = {}
        self.extras: dict[str, FieldView] = {}
        for place, field in enumerate(fields):
            view = FieldView(shell.theme, field)
            self.views[field.key] = view
            _put(self._grid, place // 2, place % 2 * 2, field.title, view)

    def show_values(self, row: Any, words: Mapping[str, str]) -> None:
        """Show the row's fields; `words` where a value is not told by itself."""
        for key, view in self.views.items():
            view.show_value(getattr(row, key), words.get(key))

    def show_extras(self, extras: Mapping[str, str]) -> None:
        """Show the columns of the file that fit no field."""
        self._extra_title.setVisible(bool(extras))
        if list(self.extras) != list(extras):
            while self._extra_grid.count():
                item = self._extra_grid.takeAt(0)
                widget = item.widget() if item else None
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
            self.extras = {}
            for place, name in enumerate(extras):
                view = FieldView(self._shell.theme, CardField(name, name))
                view.saved.connect(
                    lambda _key, value, _base, n=name, v=view: self.extra_saved.emit(n, str(value), v)
                )
                self.extras[name] = view
                _put(self._extra_grid, place, 0, name, view)
        for name, text in extras.items():
            self.extras[name].show_value(text)


def _put(grid: QGridLayout, row: int, column: int, title: str, view: FieldView) -> None:
    label = MutedLabel(title, wrap=False)
    label.setContentsMargins(0, 2, 0, 2)
    label.setBuddy(view)
    grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(view, row, column + 1, Qt.AlignmentFlag.AlignTop)
