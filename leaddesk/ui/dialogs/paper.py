"""The ground of the larger dialogs: white paper, as a page's panels have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog


def on_paper(dialog: QDialog) -> None:
    """Give the dialog a panel's ground."""
    dialog.setProperty("look", "paper")
