"""What would happen: whose leads they become, what becomes of people already known, and the rows with their verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.dialogs.import_wizard_report import ReportView
from leaddesk.ui.filters import TextChip
from leaddesk.ui.widgets import Heading, MutedLabel, SmallLabel
from leaddesk.workflow.intake import OnDuplicate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.ui.dialogs.import_wizard_preview import Choices, Preview
    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.entities import Source, User
    from leaddesk.workflow.intake import ImportResult

DUPLICATE_WORDS = {
    OnDuplicate.AGAIN: "Onto their card: a note, what it lacked, a task “came again” (recommended)",
    OnDuplicate.UPDATE: "Only fill in what their card lacks",
    OnDuplicate.SKIP: "Leave their card as it is",
    OnDuplicate.CREATE: "Bring them in once more, as new leads",
}


class WhatIfStep(QWidget):
    """A choice that changes what would happen is looked into at once; the figures below are always of the choices."""

    options_changed = Signal()

    def __init__(self, theme: Theme, choices: Choices) -> None:
        super().__init__()
        self._choices = choices
        self.heading = Heading("")
        self.looking = QProgressBar()
        self.looking.setTextVisible(False)
        self.looking.setAccessibleName("Looking what would come of it")
        self.policies = QButtonGroup(self)
        self.policy: dict[OnDuplicate, QRadioButton] = {}
        for choice, words in DUPLICATE_WORDS.items():
            self.policy[choice] = QRadioButton(words)
            self.policies.addButton(self.policy[choice])
        self.requests = QCheckBox("These rows are requests made now")
        self.requests.setToolTip("Whoever is known has come again, even where the row tells nothing new.")
        self.source, self.owner, self.region = QComboBox(), QComboBox(), TextChip("UA, US…", 96)
        self.source.setEditable(True)
        self.source.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.regions = SmallLabel("")
        self.report = ReportView(theme)
        for widget, name in ((self.source, "Source"), (self.owner, "Owner"), (self.region, "Country of phones")):
            widget.setAccessibleName(name)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        people = QVBoxLayout()
        people.setSpacing(0)
        people.addWidget(MutedLabel("Somebody already known", wrap=False))
        for button in self.policy.values():
            people.addWidget(button)
        people.addWidget(self.requests)
        people.addStretch(1)
        form = QFormLayout()
        form.setSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, widget in (("Source", self.source), ("Owner", self.owner), ("Country of phones", self.region)):
            label = MutedLabel(words, wrap=False)
            label.setBuddy(widget)
            form.addRow(label, widget)
        form.addRow(self.regions)
        form.addRow(SmallLabel("All three only where the file does not say."))
        top = QHBoxLayout()
        top.setSpacing(20)
        top.addLayout(people, 3)
        top.addLayout(form, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.heading)
        box.addWidget(self.looking)
        box.addWidget(self.report, 1)
        self.looking.hide()

    def _wire(self) -> None:
        self.policies.buttonClicked.connect(lambda _button: self._take())
        self.requests.clicked.connect(lambda _on: self._take())
        self.region.chosen.connect(self._take)
        # Neither changes what becomes of a row: nothing is looked into anew.
        self.source.currentTextChanged.connect(self._take_source)
        self.owner.activated.connect(lambda _at: self._take_owner())

    def offer(self, users: Sequence[User], sources: Sequence[Source]) -> None:
        """Who and what there is to choose from."""
        with QSignalBlocker(self.source), QSignalBlocker(self.owner):
            self.source.clear()
            self.source.addItem("")
            self.source.addItems(sorted((source.name for source in sources), key=str.casefold))
            self.source.setCurrentText(self._choices.source)
            line = self.source.lineEdit()
            if line is not None:
                line.setPlaceholderText("none")
            self.owner.clear()
            self.owner.addItem("the pool", "")
            for user in users:
                self.owner.addItem(user.name or user.login, user.login)
            self.owner.setCurrentIndex(max(0, self.owner.findData(self._choices.owner)))

    def show_choices(self, preview: Preview) -> None:
        """As they are chosen."""
        choices = self._choices
        self.policy[choices.on_duplicate].setChecked(True)
        self.requests.setChecked(choices.requests)
        with QSignalBlocker(self.region):
            self.region.setText(choices.region)
        column = preview.country_column
        self.regions.setText(f"Numbers take the country of their row, from the column “{column}”." if column else "")
        self.regions.setVisible(bool(column))

    def show_result(self, result: ImportResult, name: str) -> None:
        """Figures and reasons."""
        extra = sum(field is None for field in result.columns.values())
        kept = f" {extra} columns are kept as extra fields." if extra else ""
        self.heading.setText(f"This would come of {name}. Nothing has been written yet.{kept}")
        self.report.show_result(result)
        self.end_looking()

    def begin_looking(self) -> None:
        """The figures below are those of other choices."""
        self.looking.setRange(0, 0)
        self.looking.show()
        self.report.setEnabled(False)
        self.heading.setText("Looking what would come of it…")

    def progress(self, done: int, total: int) -> None:
        """So far."""
        self.looking.setRange(0, max(1, total))
        self.looking.setValue(done)

    def end_looking(self) -> None:
        """The figures are those of the choices again."""
        self.looking.hide()
        self.report.setEnabled(True)

    def first_focus(self) -> QWidget:
        """Where the keys begin: at what becomes of people known."""
        return self.policy[self._choices.on_duplicate]

    def _take_source(self, text: str) -> None:
        self._choices.source = text

    def _take_owner(self) -> None:
        self._choices.owner = str(self.owner.currentData() or "")

    def _take(self) -> None:
        choice = next(kind for kind, button in self.policy.items() if button.isChecked())
        said = (choice, self.requests.isChecked(), self.region.text().strip())
        choices = self._choices
        if said != (choices.on_duplicate, choices.requests, choices.region):
            choices.on_duplicate, choices.requests, choices.region = said
            self.options_changed.emit()
