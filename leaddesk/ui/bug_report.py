"""Our own mistakes: shown once with a report to copy, written to a log that never grows past a few megabytes."""

from __future__ import annotations

import logging
import platform
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from leaddesk import __version__
from leaddesk.ui.widgets import MutedLabel, PlainButton, PrimaryButton, Title


def log_file() -> Path:
    """Where the log is kept, as this system keeps logs."""
    import platformdirs

    return platformdirs.user_log_path("LeadDesk", appauthor=False) / "leaddesk.log"


def start_log(file: Path) -> None:
    """Write warnings and bugs to a file that rotates at a megabyte; without one if it cannot be written."""
    from logging.handlers import RotatingFileHandler

    log = logging.getLogger("leaddesk")
    if any(isinstance(handler, RotatingFileHandler) for handler in log.handlers):
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    except OSError as error:
        log.warning("no log file: %s", error)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)


def report(error: BaseException) -> str:
    """What a person can send us: versions and where it happened; nothing of what the file holds."""
    where = "".join(traceback.format_exception(error))
    system = f"{platform.platform()}, Python {platform.python_version()}, Qt {qVersion()}"
    return f"LeadDesk {__version__}\n{system}\n{' '.join(Path(part).name for part in sys.argv)}\n\n{where}"


class BugReport(QDialog):
    """Says that something went wrong here, not with what the person did."""

    def __init__(self, error: BaseException, log: Path | None, parent: QWidget | None = None) -> None:
        """`log` is named if there is one."""
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = report(error)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(12)
        box.addWidget(Title("Something went wrong in LeadDesk"))
        words = "This is our mistake, not yours. What you saved is safe, and you can go on working."
        kept = f" The report is also in {log}." if log is not None else ""
        box.addWidget(MutedLabel(f"{words} Please copy the report and send it to whoever looks after LeadDesk.{kept}"))
        field = QPlainTextEdit(self.text)
        field.setReadOnly(True)
        field.setAccessibleName("Report")
        box.addWidget(field, 1)
        row = QHBoxLayout()
        self.copy = PlainButton("Copy the report")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        row.addWidget(self.copy)
        row.addStretch(1)
        close = PrimaryButton("Go on", "Esc")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        box.addLayout(row)
        self.resize(720, 460)
