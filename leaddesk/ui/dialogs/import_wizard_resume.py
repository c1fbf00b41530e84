"""A list that was cut short before: to go on with, or to be taken back and begun anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.widgets import Heading, MutedLabel, PlainButton

if TYPE_CHECKING:
    from datetime import tzinfo

    from leaddesk.workflow.entities import ImportBatch


class ResumeStep(QWidget):
    """Says how far the import came. Going on is the way on; the other way is a button."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = Heading("")
        self.anew = PlainButton("Take back what came in, and begin anew")
        self.anew.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self.anew)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setSpacing(10)
        box.addStretch(1)
        box.addWidget(self.heading)
        box.addWidget(
            MutedLabel(
                "Going on brings in the other rows, with the columns and choices it was begun with; nothing comes in "
                "twice. All of it stays one import, to be undone as a whole."
            )
        )
        box.addLayout(row)
        box.addStretch(2)

    def show_batch(self, batch: ImportBatch, name: str, total: int, zone: tzinfo) -> None:
        """This import, of so many rows in the file."""
        how = "was stopped" if batch.state == "stopped" else "was cut short"
        at = batch.at.astimezone(zone)
        self.heading.setText(
            f"{name} was being brought in on {at:%d %b at %H:%M} and {how}: {batch.rows_done:,} of about "
            f"{max(total, batch.rows_done):,} rows are in."
        )
        self.anew.setEnabled(bool(batch.operation_id))
