"""What came of it: figures, the rows left out, undo of the whole, and the way to the new leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from leaddesk.ui.dialogs.import_wizard_report import ReportView
from leaddesk.ui.widgets import Heading, LineEdit, PlainButton, Words

if TYPE_CHECKING:
    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.intake import ImportResult


class ResultStep(QWidget):
    """The figures stay when the rest is undone; the words say so."""

    profile_named = Signal(str)
    """How this list came in is to be kept under a name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.heading = Heading("")
        self.said = Words("")
        self.report = ReportView(theme)
        self.show_leads = PlainButton("Show the leads")
        self.undo = PlainButton("Undo the import")
        self.profile = LineEdit("Profile, such as “Web form”")
        self.profile.setToolTip("Columns, words and choices of this list, kept under a name for the watched folder.")
        self.profile.setMaximumWidth(240)
        self.keep = PlainButton("Keep as a profile")
        self.keep.clicked.connect(lambda: self.profile_named.emit(self.profile.text().strip()))
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.show_leads, self.undo):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.keep.setAutoDefault(False)
        row.addWidget(self.profile, 1)
        row.addWidget(self.keep)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addWidget(self.heading)
        box.addWidget(self.said)
        box.addLayout(row)
        box.addWidget(self.report, 1)

    def show_result(self, result: ImportResult, name: str) -> None:
        """Figures and reasons; what can be done next."""
        if result.cancelled:
            self.heading.setText(f"{name} was stopped. What came in stays, and can be undone as a whole.")
        elif not result.operation:
            self.heading.setText(f"{name} brought nothing new.")
        else:
            self.heading.setText(f"{name} is in. The whole import can be undone, also later, with Ctrl+Z.")
        resumed = f"{result.resumed:,} rows had come in before it was cut short." if result.resumed else ""
        self.say(resumed)
        self.report.show_result(result)
        self.show_leads.setVisible(bool(result.batch and result.counts.created))
        self.undo.setVisible(bool(result.operation))
        self.undo.setEnabled(True)
        self.profile.clear()
        for widget in (self.profile, self.keep):
            widget.setVisible(not result.cancelled)

    def say(self, words: str) -> None:
        """What was done about it since."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def undone(self, words: str) -> None:
        """All of it, or all but what was touched since."""
        self.heading.setText("The import is taken back.")
        self.say(words)
        self.undo.hide()
        self.show_leads.hide()
