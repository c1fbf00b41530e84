"""The ground of the larger dialogs: white paper, as a page's panels have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from leaddesk.ui.widgets import Line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QLayout, QWidget


def on_paper(dialog: QDialog) -> None:
    """Give the dialog a panel's ground."""
    dialog.setProperty("look", "paper")


def lay_on_paper(
    dialog: QDialog, head: QLayout, middle: QLayout, foot: QLayout, over_foot: QWidget | None = None
) -> None:
    """Head, middle and foot from edge to edge with a line between each; the middle takes the room there is."""
    box = QVBoxLayout(dialog)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    box.addLayout(head)
    box.addWidget(Line())
    box.addLayout(middle, 1)
    if over_foot is not None:
        box.addWidget(over_foot)
    box.addWidget(Line())
    box.addLayout(foot)
    on_paper(dialog)
