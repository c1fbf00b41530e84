"""Reports on refusals and parked leads: which, cut how, over which days; looked at, copied or written to a file."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from leaddesk.ui import language
from leaddesk.ui.cards.outside import choose_file
from leaddesk.ui.dialogs.paper import lay_on_paper
from leaddesk.ui.dialogs.report_model import ReportModel
from leaddesk.ui.dialogs.report_table import ReportTable
from leaddesk.ui.widgets import EmptyState, ErrorLabel, MutedLabel, PlainButton, Title
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.reports import REPORTS, report_question
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from pathlib import Path

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.reports import Report, ReportKind

SIZE = (1160, 720)
PERIODS = {"30": "Last 30 days", "90": "Last 90 days", "year": "This year", "all": "All days"}
USUAL_PERIOD = {"refusals": "30", "deferred": "all"}
"""Who is parked comes back in days to come, which no last days have."""


def days_of(period: str, today: date) -> tuple[date | None, date | None]:
    """The first and the last day, both included; None where there is no end."""
    if period == "all":
        return None, None
    if period == "year":
        return date(today.year, 1, 1), date(today.year, 12, 31)
    return today - timedelta(days=int(period) - 1), today


def file_titles(report: Report) -> list[str]:
    """The headings of a file, where no two may be the same."""
    titles: list[str] = []
    for column in report.columns:
        titles.append(column.title if column.title not in titles else f"{column.title} ({column.key})")
    return titles


class ReportDialog(QDialog):
    """Every choice asks at once; Ctrl+C copies the chosen lines, or all. Figures are those of whoever looks."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        """Opens at the last month's refusals."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shell = shell
        self.setWindowTitle("Reports")
        self.model = ReportModel(self)
        self.table = ReportTable(self.model)
        self.kind = _choice("Report", {kind.name: kind.title for kind in REPORTS})
        self.way = _choice("Cut by", {})
        self.period = _choice("Days", PERIODS)
        self.about = MutedLabel()
        self.empty = EmptyState("Nothing to count in these days", "")
        self.stack = QStackedWidget()
        self.wrong = ErrorLabel()
        self.said = MutedLabel()
        self.copy_out = PlainButton("Copy", "Ctrl C")
        self.export = PlainButton("Export…")
        self.shut = PlainButton("Close", "Esc")
        self._lay_out()
        self._wire()
        self._choose_kind()
        self.kind.setFocus()

    def _lay_out(self) -> None:
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(SIZE[0], max(760, room.width() - 80)), min(SIZE[1], max(480, room.height() - 60)))
        choices = QHBoxLayout()
        choices.setSpacing(8)
        for box in (self.kind, self.way, self.period):
            choices.addWidget(box)
        choices.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.setSpacing(8)
        head.addWidget(Title("Reports"))
        head.addWidget(self.about)
        head.addLayout(choices)
        self.waiting = QWidget()
        for widget in (self.waiting, self.table, self.empty):
            self.stack.addWidget(widget)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        for button in (self.copy_out, self.export, self.shut):
            button.setAutoDefault(False)
            foot.addWidget(button)
        table = QVBoxLayout()
        table.setContentsMargins(12, 0, 12, 0)
        table.addWidget(self.stack)
        self.wrong.setContentsMargins(20, 4, 20, 4)
        lay_on_paper(self, head, table, foot, self.wrong)

    def _wire(self) -> None:
        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.way.currentIndexChanged.connect(self.ask)
        self.period.currentIndexChanged.connect(self.ask)
        self.copy_out.clicked.connect(self.copy_rows)
        self.export.clicked.connect(self.choose_file)
        self.shut.clicked.connect(self.reject)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self).activated.connect(self.copy_rows)

    def report_kind(self) -> ReportKind:
        """The report chosen."""
        return REPORTS[self.kind.currentIndex()]

    def _choose_kind(self) -> None:
        kind = self.report_kind()
        for box in (self.way, self.period):
            box.blockSignals(True)
        self.way.clear()
        for key, words in kind.ways.items():
            self.way.addItem(f"By {words}", key)
        self.period.setCurrentIndex(self.period.findData(USUAL_PERIOD[kind.name]))
        for box in (self.way, self.period):
            box.blockSignals(False)
        whose = "" if self._shell.user.role.covers(Role.TEAM_LEAD) else " Your own leads and the pool’s."
        self.about.setText(kind.help + whose)
        self.ask()

    def ask(self) -> None:
        """Ask for what is chosen; what is on the screen stays until the answer comes."""
        today = self._shell.clock.now().astimezone(self._shell.zone()).date()
        since, until = days_of(str(self.period.currentData()), today)
        way = str(self.way.currentData())
        question = report_question(self.report_kind().name, way, since, until, language.current())
        # Nothing that is not what the choices say leaves the dialog.
        self._allow(allowed=False)
        self._shell.lanes.ask(self, question, self._show, key="report", failed=self._not_answered)

    def _show(self, report: Report) -> None:
        self.wrong.say("")
        self.model.put(report)
        count = len(report.rows)
        self.stack.setCurrentWidget(self.table if count else self.empty)
        more = " Choose more of them." if self.period.currentData() != "all" else ""
        self.empty.say("Nothing to count in these days", f"No lead refused or was parked then.{more}")
        self.said.setText("" if not count else "1 row" if count == 1 else f"{count:,} rows")
        self._allow(allowed=count > 0)

    def _not_answered(self, error: Exception) -> None:
        self.stack.setCurrentWidget(self.waiting)
        self._say_wrong(error)

    def _allow(self, *, allowed: bool) -> None:
        self.copy_out.setEnabled(allowed)
        self.export.setEnabled(allowed)

    def copy_rows(self) -> None:
        """The chosen lines, or all with their sum, to the clipboard as a spreadsheet takes them in."""
        if not self.copy_out.isEnabled():
            return
        rows = self.table.chosen_rows()
        QApplication.clipboard().setText(self.model.as_text(rows or range(self.model.rowCount())))
        count = len(rows)
        self.said.setText("Copied it all" if not count else "Copied 1 line" if count == 1 else f"Copied {count} lines")

    def choose_file(self) -> None:
        """Ask where to, and write it there."""
        report = self.model.report
        if not self.export.isEnabled():
            return
        if self._shell.save_table is None:
            words = f"Files cannot be written here. Run: leaddesk report {report.name} --by {report.by} --out FILE"
            self.wrong.say(words)
            return
        name = f"{report.name}-{report.by}.xlsx"
        choose_file(self._shell, self, "Export the report (.xlsx, .csv or .json)", name, partial(self.write, report))

    def write(self, report: Report, path: Path) -> None:
        """Write the rows under their headings; goes on if the dialog is closed meanwhile."""
        save = self._shell.save_table
        if save is None:
            return
        titles, rows = file_titles(report), [row.cells for row in report.rows]
        self._shell.lanes.read(
            self._shell,
            lambda _desk: save(path, titles, rows),
            lambda _count: self._written(path, len(rows)),
            failed=self._not_written,
        )

    def _written(self, path: Path, count: int) -> None:
        words = f"{'1 row' if count == 1 else f'{count:,} rows'} in {path.name}"
        if isValid(self) and self.isVisible():
            self.wrong.say("")
            self.said.setText(words)
        else:
            self._shell.messages.toast(words)

    def _not_written(self, error: Exception) -> None:
        if isValid(self) and self.isVisible():
            self._say_wrong(error)
        elif isinstance(error, Refused | Unavailable):
            self._shell.messages.refused(error.words)
        else:
            self._shell.messages.bug(error)

    def _say_wrong(self, error: Exception) -> None:
        if isinstance(error, Refused | Unavailable):
            self.wrong.say(error.words)
        else:
            self._shell.messages.bug(error)


def _choice(name: str, items: dict[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    for key, words in items.items():
        box.addItem(words, key)
    return box
