"""The ground of the larger dialogs: white paper, as a page's panels have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from leaddesk.ui.theme import Theme


def on_paper(dialog: QDialog, theme: Theme) -> None:
    """Give the dialog a panel's ground, now and when the look changes."""
    dialog.setObjectName("paper_dialog")

    def paint() -> None:
        dialog.setStyleSheet(f"#paper_dialog {{ background: {theme.token('panel').name()}; }}")

    paint()
    theme.changed.connect(paint)
    dialog.destroyed.connect(lambda: theme.changed.disconnect(paint))
