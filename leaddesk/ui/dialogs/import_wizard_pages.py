"""The steps of the import wizard, as they look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.dialogs.import_wizard_preview import FieldDelegate, PlanModel, Preview, RowsModel
from leaddesk.ui.dialogs.import_wizard_report import ReportView, plain_table
from leaddesk.ui.filters import TextChip
from leaddesk.ui.widgets import ErrorLabel, Heading, LineEdit, MutedLabel, Panel, PlainButton, SmallLabel
from leaddesk.workflow.intake import ImportResult, OnDuplicate, Options

if TYPE_CHECKING:
    from leaddesk.ui.theme import Theme

DUPLICATE_WORDS = {
    OnDuplicate.SKIP: "leave the card as it is",
    OnDuplicate.UPDATE: "complete the card with what is new",
    OnDuplicate.CREATE: "bring it in once more",
}

WHOSE_NUMBERS = "Most numbers name no country. Say whose they are in “Country of phones”, such as US."


class FileStep(QWidget):
    """Which file."""

    def __init__(self) -> None:
        super().__init__()
        self.path = LineEdit("Drop a file here, or write where it is")
        self.path.setAccessibleName("The file")
        self.choose = PlainButton("Choose…")
        self.choose.setAutoDefault(False)
        self.said = MutedLabel("")
        frame = Panel(kind="box")
        frame.body.setContentsMargins(24, 24, 24, 24)
        frame.body.setSpacing(12)
        frame.body.addStretch(1)
        frame.body.addWidget(Heading("Which list?"))
        frame.body.addWidget(
            MutedLabel(
                "CSV of any dialect or a workbook (xlsx, xls, ods). Nothing is written before you have seen what "
                "would come of it; no column is ever lost; the whole import can be undone."
            )
        )
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        frame.body.addLayout(row)
        frame.body.addWidget(self.said)
        frame.body.addStretch(2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(frame)

    def say(self, words: str) -> None:
        """What is being read."""
        self.said.setText(words)


class ColumnsStep(QWidget):
    """Where the columns go, and how rows are taken."""

    options_changed = Signal()

    def __init__(self, theme: Theme, fields: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._overrides: dict[str, str] = {}
        self._last: tuple[str, str | None] | None = None
        self.source = LineEdit("where these leads came by, if the file does not say")
        self.region = TextChip("UA, US…", 90)
        self.owner = LineEdit("the pool, if the file does not say")
        self.duplicate = QComboBox()
        for choice, words in DUPLICATE_WORDS.items():
            self.duplicate.addItem(words, choice)
        for widget, name in (
            (self.source, "Source"),
            (self.region, "Country of phones"),
            (self.owner, "Owner’s login"),
            (self.duplicate, "Somebody known"),
        ):
            widget.setAccessibleName(name)
        self.said = SmallLabel("")
        self.hint = ErrorLabel()
        self.plan = PlanModel(theme, self)
        self.table = plain_table(self.plan, "Columns of the file")
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.table.setItemDelegateForColumn(1, FieldDelegate(fields, self.table))
        self.table.clicked.connect(lambda index: self.table.edit(index) if index.column() == 1 else None)
        for section, width in enumerate((220, 230, 330)):
            self.table.setColumnWidth(section, width)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.rows = RowsModel(theme, self)
        self.first = plain_table(self.rows, "First rows")
        self.first.verticalHeader().show()
        self.first.horizontalHeader().setDefaultSectionSize(150)
        self._lay_out()
        self.plan.field_chosen.connect(self._choose)
        self.region.chosen.connect(self.options_changed)

    def _lay_out(self) -> None:
        top = QGridLayout()
        top.setHorizontalSpacing(12)
        top.setVerticalSpacing(8)
        for row, column, words, widget in (
            (0, 0, "Source", self.source),
            (1, 0, "Owner’s login", self.owner),
            (0, 2, "Country of phones", self.region),
            (1, 2, "Somebody known", self.duplicate),
        ):
            label = MutedLabel(words, wrap=False)
            label.setBuddy(widget)
            top.addWidget(label, row, column)
            top.addWidget(widget, row, column + 1)
        top.setColumnStretch(1, 1)
        top.setColumnStretch(3, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        for table, stretch in ((self.table, 3), (self.first, 2)):
            panel = Panel()
            panel.body.addWidget(table)
            parts.addWidget(panel)
            parts.setStretchFactor(parts.count() - 1, stretch)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.said)
        box.addWidget(self.hint)
        box.addWidget(parts, 1)

    def forget(self) -> None:
        """Another file: what was decided about columns is void."""
        self._overrides.clear()
        self._last = None
        self._set_region("")

    def _set_region(self, region: str) -> None:
        with QSignalBlocker(self.region):
            self.region.setText(region)

    def options(self, *, dry_run: bool = False) -> Options:
        """What was decided."""
        return Options(
            source=self.source.text().strip(),
            region=self.region.text().strip(),
            overrides=dict(self._overrides),
            on_duplicate=OnDuplicate(self.duplicate.currentData()),
            owner=self.owner.text().strip(),
            dry_run=dry_run,
        )

    def show_preview(self, preview: Preview) -> None:
        """The columns with their first values, and the first rows."""
        self._last = None
        if not self.region.text() and preview.region:
            # Known from the settings, or told by the numbers themselves; shown, so that it can be corrected.
            self._set_region(preview.region)
        known = sum(column.field is not None for column in preview.plan)
        extra = len(preview.plan) - known
        words = f"{preview.path.name}: about {preview.total:,} rows, {known} columns known"
        words += f", {extra} kept as extra fields" if extra else ""
        self.said.setText(words)
        self.hint.say("" if preview.region or not preview.odd_phones else WHOSE_NUMBERS)
        self.plan.show(preview)
        self.rows.show(preview)
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.plan.index(0, 1))

    def take_back(self) -> None:
        """The last choice was refused: it is as before."""
        if self._last is not None:
            header, before = self._last
            self._last = None
            if before is None:
                self._overrides.pop(header, None)
            else:
                self._overrides[header] = before

    def _choose(self, header: str, field: str) -> None:
        self._last = (header, self._overrides.get(header))
        self._overrides[header] = field
        self.options_changed.emit()


class RunStep(QWidget):
    """How far it is."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.heading = Heading(words)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(words)
        self.said = MutedLabel("")
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(self.heading)
        box.addWidget(self.bar)
        box.addWidget(self.said)
        box.addStretch(2)

    def begin(self, total: int) -> None:
        """From nothing."""
        self.heading.setText(self._words)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(0)
        self.said.setText("You can go on working meanwhile." if total else "")

    def progress(self, done: int, total: int) -> None:
        """So many of so many."""
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.said.setText(f"{done:,} of about {total:,} rows")

    def say(self, words: str) -> None:
        """Something else is going on now."""
        self.heading.setText(words)


class ResultStep(QWidget):
    """What would come of it, or has."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.heading = Heading("")
        self.report = ReportView(theme)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(self.heading)
        box.addWidget(self.report, 1)

    def show_result(self, result: ImportResult, name: str) -> None:
        """Figures and reasons."""
        if result.dry_run:
            extra = sum(field is None for field in result.columns.values())
            kept = f"; {extra} columns are kept as extra fields" if extra else ""
            self.heading.setText(f"This is what would come of {name}. Nothing has been written yet{kept}.")
        else:
            self.heading.setText(f"{name} is in. The whole import can be undone, also later, with Ctrl+Z.")
        self.report.show_result(result)
