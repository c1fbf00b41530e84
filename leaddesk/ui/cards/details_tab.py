"""All fields of a card, each edited in place, and what came with its file beyond them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from leaddesk.ui.cards.field_view import FieldView
from leaddesk.ui.cards.fields import CardField
from leaddesk.ui.cards.text import leading
from leaddesk.ui.widgets import MutedLabel, SectionLabel
from leaddesk.workflow.leads import EditExtras

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.ui.cards.editing import FieldSaver, Holder
    from leaddesk.ui.shell import Shell


TWO_COLUMNS = 540
"""Narrower than this, a second column would break long words or push them out of sight."""
EXTRA_TITLE = 190
"""Files may call a column by a whole question; it wraps here."""


class DetailsTab(QScrollArea):
    """A grid of fields: two columns where there is room, else one. `saver` saves them."""

    def __init__(self, shell: Shell, fields: Sequence[CardField], saver: FieldSaver) -> None:
        super().__init__()
        self._shell, self._saver = shell, saver
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("look", "scrolled")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._extra_grid = QGridLayout()
        self._extra_grid.setHorizontalSpacing(10)
        self._extra_grid.setVerticalSpacing(2)
        self._extra_grid.setColumnStretch(1, 1)
        self._extra_title = SectionLabel("From the file")
        self._original_title = SectionLabel("As it stood in the file")
        self._original_grid = QGridLayout()
        self._original_grid.setHorizontalSpacing(10)
        self._original_grid.setVerticalSpacing(2)
        self._original_grid.setColumnStretch(1, 1)
        self.originals: dict[str, QLabel] = {}
        self._shown_originals: dict[str, str] = {}
        self.show_originals({})
        box = QVBoxLayout(inside)
        box.setContentsMargins(18, 8, 18, 12)
        box.addLayout(self._grid)
        box.addWidget(self._extra_title)
        box.addLayout(self._extra_grid)
        box.addWidget(self._original_title)
        box.addLayout(self._original_grid)
        box.addStretch()
        self.setWidget(inside)
        self.views: dict[str, FieldView] = {}
        self.extras: dict[str, FieldView] = {}
        self._pairs: list[tuple[QLabel, FieldView]] = []
        self._columns = 0
        for field in fields:
            view = FieldView(shell.theme, field)
            self.views[field.key] = view
            self._pairs.append((_label(field.title, view), view))
        self._arrange(2)

    def _arrange(self, columns: int) -> None:
        """Lay the fields out in so many columns."""
        if columns == self._columns:
            return
        self._columns = columns
        for column in (1, 3):
            self._grid.setColumnStretch(column, 1 if column < 2 * columns else 0)
        for place, (label, view) in enumerate(self._pairs):
            row, column = divmod(place, columns)
            self._grid.addWidget(label, row, 2 * column, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(view, row, 2 * column + 1, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where each leaves room for words."""
        super().resizeEvent(event)
        self._arrange(2 if event.size().width() >= TWO_COLUMNS else 1)

    def show_values(self, row: Any, words: Mapping[str, str]) -> None:
        """Show the row's fields; `words` where a value is not told by itself."""
        for key, view in self.views.items():
            view.show_value(getattr(row, key), words.get(key))

    def show_extras(self, extras: Mapping[str, str]) -> None:
        """Show the columns of the file that fit no field."""
        self._extra_title.setVisible(bool(extras))
        if list(self.extras) != list(extras):
            _empty(self._extra_grid)
            for view in self.extras.values():
                self._saver.leave(view)
            self.extras = {}
            for place, name in enumerate(extras):
                view = FieldView(self._shell.theme, CardField(name, name))
                self._saver.mind_as(view, f"extra:{name}", partial(_edit_extra, name), in_order=True)
                self.extras[name] = view
                label = _label(name, view)
                label.setWordWrap(True)
                label.setMaximumWidth(EXTRA_TITLE)
                self._extra_grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
                self._extra_grid.addWidget(view, place, 1, Qt.AlignmentFlag.AlignTop)
        for name, text in extras.items():
            self.extras[name].show_value(text)

    def show_originals(self, originals: Mapping[str, str]) -> None:
        """Show the cells that were read into other words: the card keeps what the file said, to look it up or copy."""
        self._original_title.setVisible(bool(originals))
        if originals == self._shown_originals:
            return
        self._shown_originals = dict(originals)
        _empty(self._original_grid)
        self.originals = {}
        for place, (name, text) in enumerate(originals.items()):
            value = QLabel(text)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            value.setContentsMargins(3, 2, 3, 2)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            value.setAccessibleName(f"{name}, as it stood in the file: {text}")
            value.setAlignment(leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignTop)
            label = _label(name, value)
            label.setWordWrap(True)
            label.setMaximumWidth(EXTRA_TITLE)
            self._original_grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
            self._original_grid.addWidget(value, place, 1)
            self.originals[name] = value


def _edit_extra(name: str, holder: Holder, value: object, _base: object) -> EditExtras:
    return EditExtras(holder.id, {name: str(value)})


def _empty(grid: QGridLayout) -> None:
    while grid.count():
        item = grid.takeAt(0)
        widget = item.widget() if item else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _label(title: str, view: QWidget) -> QLabel:
    label = MutedLabel(title, wrap=False)
    label.setContentsMargins(0, 2, 0, 2)
    label.setBuddy(view)
    return label
