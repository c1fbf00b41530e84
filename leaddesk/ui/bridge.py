"""What changed, told to every view in the UI thread by one typed signal."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from leaddesk.workflow.changes import Changes

TOGETHER_MS = 500
"""Long work makes many small changes; views hear of them twice a second and once at the end."""


class Bridge(QObject):
    """`changed` carries `Changes`. Views decide for themselves whether they are concerned."""

    changed = Signal(object)
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Belongs to the UI thread."""
        super().__init__(parent)
        self._gathered = Changes()
        self._timer = QTimer(self, singleShot=True, interval=TOGETHER_MS)
        self._timer.timeout.connect(self.flush)
        self._heard.connect(self._gather, Qt.ConnectionType.QueuedConnection)

    def tell(self, changes: Changes) -> None:
        """Say at once what changed. UI thread only."""
        if changes:
            self.changed.emit(changes)

    def tell_later(self, changes: Changes) -> None:
        """Say soon what changed, together with what else does. Any thread."""
        self._heard.emit(changes)

    def flush(self) -> None:
        """Say now what was gathered."""
        gathered, self._gathered = self._gathered, Changes()
        self._timer.stop()
        self.tell(gathered)

    def _gather(self, changes: Changes) -> None:
        self._gathered |= changes
        if self._gathered and not self._timer.isActive():
            self._timer.start()
