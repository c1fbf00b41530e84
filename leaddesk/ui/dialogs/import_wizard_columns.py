"""The second step: how the file is read, where its columns go, and what is odd about its first cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from leaddesk.ui.dialogs.import_wizard_models import ChoiceDelegate, EnterOpens, PlanModel, RowsModel
from leaddesk.ui.dialogs.import_wizard_preview import (
    EXTRA,
    EXTRA_WORDS,
    Choices,
    Form,
    HowToRead,
    Preview,
    field_words,
)
from leaddesk.ui.dialogs.import_wizard_report import plain_table
from leaddesk.ui.filters import TextChip
from leaddesk.ui.widgets import ErrorLabel, FlowLayout, MutedLabel, Panel, PlainButton, SmallLabel, Words

if TYPE_CHECKING:
    from leaddesk.ui.theme import Theme

GUESSED = 5_000
"""From so many rows on a text file's are guessed by its size."""
WHOSE_NUMBERS = "Most numbers name no country. Say whose they are in “Country of phones”, such as US."
DELIMITERS = {",": "comma  ,", ";": "semicolon  ;", "\t": "tab", "|": "bar  |", " ": "blank"}
ENCODINGS = (
    "utf-8 utf-16 utf-32 windows-1252 windows-1250 windows-1251 windows-1254 windows-1256 windows-1257 koi8-r koi8-u "
    "cp866 iso-8859-1 iso-8859-2 iso-8859-5 iso-8859-9 iso-8859-15 gb18030 shift_jis big5"
).split()


class ReadBar(QWidget):
    """Encoding, delimiter, sheet and header as the reader took them; each can be said otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._form = Form()
        self._said = HowToRead()
        self.encoding, self.delimiter, self.sheet = QComboBox(), QComboBox(), QComboBox()
        self.header = QCheckBox("The first row is a header")
        self._parts = {
            name: _labelled(words, combo)
            for name, words, combo in (
                ("encoding", "Encoding", self.encoding),
                ("delimiter", "Delimiter", self.delimiter),
                ("sheet", "Sheet", self.sheet),
            )
        }
        flow = FlowLayout(self)
        flow.setContentsMargins(0, 0, 0, 0)
        for part in (*self._parts.values(), self.header):
            flow.addWidget(part)
        for combo in (self.encoding, self.delimiter, self.sheet):
            combo.activated.connect(lambda _at: self._change())
        self.header.clicked.connect(lambda _on: self._change())

    def show_form(self, form: Form) -> None:
        """As the file was read just now."""
        self._form = form
        _offer(self.encoding, {name: name for name in ENCODINGS}, form.encoding)
        _offer(self.delimiter, DELIMITERS, form.delimiter)
        _offer(self.sheet, {name: name for name in form.sheets}, form.sheet)
        self._parts["encoding"].setVisible(form.encoding is not None)
        self._parts["delimiter"].setVisible(form.delimiter is not None)
        self._parts["sheet"].setVisible(len(form.sheets) > 1)
        self.header.setVisible(form.headed is not None)
        self.header.setChecked(bool(form.headed))

    def forget(self) -> None:
        """Another file is read as it reads itself."""
        self._said = HowToRead()

    def how(self) -> HowToRead:
        """What a person said otherwise than the reader; what they said nothing about is the reader's."""
        return self._said

    def take_back(self) -> None:
        """What was said last cannot be: as the file was read before."""
        self._said = HowToRead()
        self.show_form(self._form)

    def _change(self) -> None:
        form, said = self._form, self._said
        encoding, delimiter, sheet = (c.currentData() for c in (self.encoding, self.delimiter, self.sheet))
        on = self.header.isChecked()
        self._said = HowToRead(
            encoding=encoding if encoding != form.encoding else said.encoding,
            delimiter=delimiter if delimiter != form.delimiter else said.delimiter,
            header=on if on != form.headed else said.header,
            sheet=sheet if sheet != form.sheet else said.sheet,
        )
        if self._said != said:
            self.changed.emit()


def _labelled(words: str, widget: QWidget) -> QWidget:
    """A widget with its name before it, kept together where lines break."""
    widget.setAccessibleName(words)
    label = MutedLabel(words, wrap=False)
    label.setBuddy(widget)
    held = QWidget()
    row = QHBoxLayout(held)
    row.setContentsMargins(0, 0, 8, 0)
    row.setSpacing(6)
    row.addWidget(label)
    row.addWidget(widget)
    return held


def _offer(combo: QComboBox, choices: dict[str, str], now: str | None) -> None:
    combo.clear()
    if now is not None and now not in choices:
        choices = {now: now, **choices}
    for key, words in choices.items():
        combo.addItem(words, key)
    combo.setCurrentIndex(combo.findData(now))


class ColumnsStep(QWidget):
    """Where the columns go; the line below says everything about the cell the keys are at."""

    columns_changed = Signal()
    region_changed = Signal()
    form_changed = Signal()
    """Another encoding, delimiter, sheet or header: the file is to be read again."""

    def __init__(self, theme: Theme, choices: Choices, fields: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._choices, self._fields = choices, fields
        self._take_back: Callable[[], object] | None = None
        self.said, self.notes, self.hint = SmallLabel(""), Words(""), ErrorLabel()
        self.read = ReadBar()
        self.region = TextChip("UA, US…", 96)
        self.plan = PlanModel(theme, self)
        self.table = plain_table(self.plan, "Columns of the file")
        self.rows = RowsModel(theme, self)
        self.first = plain_table(self.rows, "First rows")
        self.told = Words("")
        self.next_odd = PlainButton("Next odd cell")
        self.next_odd.setAutoDefault(False)
        self._dress_tables()
        self._lay_out()
        self._wire()

    def _dress_tables(self) -> None:
        self.table.setEditTriggers(EDITED_BY)
        delegate = ChoiceDelegate(lambda _index: self._field_choices(), self.table)
        self.table.setItemDelegateForColumn(PlanModel.FIELD, delegate)
        EnterOpens(self.table, PlanModel.FIELD)
        for section, width in enumerate((180, 190, 220, 100, 60)):
            self.table.setColumnWidth(section, width)
        self.table.horizontalHeader().setSectionResizeMode(PlanModel.VALUES, QHeaderView.ResizeMode.Stretch)
        self.first.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.first.verticalHeader().show()
        self.first.horizontalHeader().setDefaultSectionSize(150)

    def _field_choices(self) -> list[tuple[str, str]]:
        named = sorted((field_words(field), field) for field in self._fields())
        return [(EXTRA, EXTRA_WORDS), *((field, words) for words, field in named)]

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.read, 1)
        top.addWidget(_labelled("Country of phones", self.region), 0, Qt.AlignmentFlag.AlignTop)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        for table, stretch in ((self.table, 3), (self.first, 2)):
            panel = Panel()
            panel.body.addWidget(table)
            parts.addWidget(panel)
            parts.setStretchFactor(parts.count() - 1, stretch)
        below = QHBoxLayout()
        below.addWidget(self.told, 1)
        below.addWidget(self.next_odd, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.said)
        box.addLayout(top)
        for label in (self.notes, self.hint):
            box.addWidget(label)
        box.addWidget(parts, 1)
        box.addLayout(below)

    def _wire(self) -> None:
        self.plan.field_chosen.connect(self._choose)
        self.read.changed.connect(self._read_otherwise)
        self.region.chosen.connect(self._take_region)
        self.table.clicked.connect(lambda at: self.table.edit(at) if at.column() == PlanModel.FIELD else None)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._tell(self.table))
        self.first.selectionModel().currentChanged.connect(lambda _now, _before: self._tell(self.first))
        self.next_odd.clicked.connect(self.go_to_next_odd)

    def forget(self) -> None:
        """Another file."""
        self._take_back = None
        self.read.forget()
        self.show_region()

    def show_region(self) -> None:
        """As it is chosen."""
        if self.region.text() != self._choices.region:
            with QSignalBlocker(self.region):
                self.region.setText(self._choices.region)

    def show_preview(self, preview: Preview) -> None:
        """The columns with their first values, and the first rows."""
        self._take_back = None
        self.show_region()
        self.read.show_form(preview.form)
        self.plan.show(preview)
        self.rows.show(preview)
        known, unsure = sum(column.field is not None for column in preview.plan), self.plan.unsure()
        about = "about " if preview.total >= GUESSED else ""
        words = [f"{preview.file.name}: {about}{preview.total:,} rows", f"{known} columns known"]
        words += [f"{unsure} not sure: look at {'it' if unsure == 1 else 'them'}"] if unsure else []
        words += [f"{len(preview.plan) - known} kept as extra fields"] if known < len(preview.plan) else []
        words += ["as you said for such a file last time"] if preview.remembered else []
        self.said.setText(", ".join(words))
        self.notes.setText("\n".join(f"Note: {note}" for note in preview.form.notes))
        self.notes.setVisible(bool(preview.form.notes))
        self.hint.say("" if preview.region or not preview.odd_phones else WHOSE_NUMBERS)
        self.next_odd.setVisible(bool(self.rows.odd_cells()))
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.plan.index(0, PlanModel.FIELD))
        self._tell(self.table)

    def take_back(self) -> None:
        """The last choice was refused: it is as before. A country that was refused stays, to be mended."""
        take_back, self._take_back = self._take_back, None
        if take_back is not None:
            take_back()

    def settle(self) -> None:
        """Take what is typed without waiting for the typing to rest; whoever goes on looks into it anyway."""
        with QSignalBlocker(self.region):
            self.region.settle()
        self._choices.region = self.region.text().strip()

    def go_to_next_odd(self) -> None:
        """The next cell with a problem, from where the keys are; after the last the first again."""
        odd, now = self.rows.odd_cells(), self.first.currentIndex()
        if odd:
            here = (now.row(), now.column()) if now.isValid() else (-1, -1)
            row, column = next((cell for cell in odd if cell > here), odd[0])
            self.first.setCurrentIndex(self.rows.index(row, column))
            self.first.setFocus()

    def _tell(self, table: QTableView) -> None:
        index = table.currentIndex()
        if index.isValid():
            self.told.setText(self.plan.told(index.row()) if table is self.table else self.rows.told(index))

    def _take_region(self) -> None:
        if self._choices.region != self.region.text().strip():
            self._take_back = None
            self._choices.region = self.region.text().strip()
            self.region_changed.emit()

    def _read_otherwise(self) -> None:
        self._take_back = self.read.take_back
        self.form_changed.emit()

    def _choose(self, header: str, field: str) -> None:
        overrides = self._choices.overrides
        before = overrides.get(header)

        def take_back() -> None:
            if before is None:
                overrides.pop(header, None)
            else:
                overrides[header] = before

        self._take_back = take_back
        overrides[header] = field
        self.columns_changed.emit()


EDITED_BY = (
    QAbstractItemView.EditTrigger.AnyKeyPressed
    | QAbstractItemView.EditTrigger.EditKeyPressed
    | QAbstractItemView.EditTrigger.SelectedClicked
)
