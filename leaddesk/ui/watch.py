"""What happens while nobody presses a key: leads come back, promises fall due, others write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.ui.shell import Shell
    from leaddesk.workflow.watching import Promise, Written

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
OTHERS_MS = 2_000
AHEAD_MINUTES = 5
"""How long before a promised callback its operator is reminded."""


class Watch(QObject):
    """Asks cheap questions now and then. `minute_passed` is for whatever shows the time or counts by it."""

    minute_passed = Signal()

    def __init__(self, shell: Shell, parent: QObject | None = None) -> None:
        """Does nothing until `start`."""
        super().__init__(parent)
        self._shell = shell
        self._newest: int | None = None
        self._reminded: set[tuple[int, datetime]] = set()
        self._tray: QSystemTrayIcon | None = None
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.minute)
        self._hour = QTimer(self, interval=HOUR_MS)
        self._hour.timeout.connect(self.hour)
        self._others = QTimer(self, interval=OTHERS_MS)
        self._others.timeout.connect(self.others)

    def start(self) -> None:
        """From now on."""
        self._minute.start()
        self._hour.start()
        self._others.start()
        self.others()
        self.minute()
        self.hour()

    def stop(self) -> None:
        """No more."""
        self._minute.stop()
        self._hour.stop()
        self._others.stop()

    def hour(self) -> None:
        """Once an hour: the day's backup, if it is not made yet; a failure waits for the next hour."""
        keep = self._shell.keep_safe
        if keep is not None:
            self._shell.lanes.run(self, lambda desk, _progress: keep(desk), lambda _made: self.minute_passed.emit())

    def minute(self) -> None:
        """Once a minute: whose day has come, which promise is near."""
        from leaddesk.workflow.parking import DueToReturn
        from leaddesk.workflow.watching import PromisesAhead

        lanes = self._shell.lanes
        lanes.ask(self, DueToReturn(), self._return, key="due")
        lanes.ask(self, PromisesAhead(AHEAD_MINUTES), self._remind, key="promises")
        self.minute_passed.emit()

    def others(self) -> None:
        """Every other second: did anybody else write? While we write ourselves it can wait."""
        from leaddesk.workflow.watching import WrittenSince

        if not self._shell.lanes.writing():
            self._shell.lanes.ask(self, WrittenSince(self._newest), self._heard, key="written")

    def _return(self, due: list[int]) -> None:
        from leaddesk.workflow.parking import ReturnDueLeads

        if due:
            self._shell.lanes.do(self, ReturnDueLeads(automatic=True))

    def _heard(self, written: Written) -> None:
        if self._shell.lanes.writing():
            # What we are writing now may be in the answer already, and would be taken for somebody else's.
            return
        changes = written.by_others(self._shell.lanes.own_operations)
        self._newest = written.newest
        self._shell.lanes.own_operations.clear()
        self._shell.bridge.tell(changes)

    def _remind(self, promises: list[Promise]) -> None:
        for promise in promises:
            if (promise.task_id, promise.due_at) not in self._reminded:
                self._reminded.add((promise.task_id, promise.due_at))
                self._say(promise)

    def _say(self, promise: Promise) -> None:
        from datetime import timedelta

        left = promise.due_at - self._shell.clock.now()
        minutes = max(1, round(left / timedelta(minutes=1)))
        at = promise.due_at.astimezone(self._shell.zone())
        words = f"Promised callback in {minutes} min, at {at:%H:%M}: {promise.title}"
        opens = ("Open", lambda: self._shell.lead_requested.emit(promise.lead_id))
        self._shell.messages.toast(words, action=opens, kind="reminder")
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._in_tray().showMessage("LeadDesk", words)

    def _in_tray(self) -> QSystemTrayIcon:
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._shell.theme.icon("phone", "accent"), self)
            self._tray.show()
        return self._tray
