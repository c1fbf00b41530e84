"""The dark rail at the window's start: the pages, each with its key."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from leaddesk.ui.actions import OPENED_FROM, PAGES, Actions, page_action
from leaddesk.ui.theme import Theme

WIDTH, ICON = 76, 20
"""Pixels."""


class Rail(QFrame):
    """`page_requested` carries the key of the page wished."""

    page_requested = Signal(str)

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        """With room for icons until `show_icons`: drawing the first takes longer than painting the frame."""
        super().__init__(parent)
        self._room = QPixmap(ICON, ICON)
        self._room.fill(Qt.GlobalColor.transparent)
        self._theme = theme
        self._with_icons = False
        self.setProperty("look", "rail")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Pages")
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 8, 6, 8)
        box.setSpacing(4)
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for key, title, _icon in PAGES:
            button = self._button(title, actions.keys(page_action(key)))
            button.clicked.connect(lambda _checked=False, key=key: self.page_requested.emit(key))
            group.addButton(button)
            self.buttons[key] = button
            if key == "settings":
                box.addStretch(1)
            box.addWidget(button)
        theme.changed.connect(self._paint_icons)

    def _button(self, title: str, keys: str) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("look", "rail")
        button.setText(title)
        button.setToolTip(f"{title} ({keys})")
        button.setAccessibleName(title)
        button.setAccessibleDescription(f"Key {keys}")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(QSize(ICON, ICON))
        button.setIcon(self._room)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumHeight(52)
        return button

    def mark(self, page: str) -> None:
        """Show which page is open, or from which one."""
        self.buttons[OPENED_FROM.get(page, page)].setChecked(True)

    def show_icons(self) -> None:
        """From now on, with icons."""
        self._with_icons = True
        self._paint_icons()

    def _paint_icons(self) -> None:
        if self._with_icons:
            for key, _title, icon in PAGES:
                self.buttons[key].setIcon(self._theme.icon(icon, "rail_ink"))
