"""The head of the queue over the frame, until My day stands and shows the same rows in the same place."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent

from leaddesk.ui.frame import BAR, RAIL, STATUS, memory
from leaddesk.ui.my_day.queue_frame import QueueFrame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leaddesk.ui.frame import Frame
    from leaddesk.ui.pages.my_day import MyDayPage
    from leaddesk.ui.theme import Theme
    from leaddesk.workflow.queue_words import QueueRow

MARGIN = 12
"""Of My day, in pixels."""
PATIENCE_MS = 600
"""How long nothing else is begun for the sake of the first rows."""
SHARE = 0.2583
"""The queue's of the width of My day, where it was not seen before."""


class FirstRows(QObject):
    """Reads the first rows in a thread of its own. `came` carries (user id, rows), or None: the desk has to say them."""

    came = Signal(object)

    def __init__(self, read: Callable[[], tuple[int, Sequence[QueueRow]] | None], parent: QObject) -> None:
        """`read` is called once."""
        super().__init__(parent)
        self._read = read
        self._then: Callable[[], object] | None = None
        self.is_reading = False

    def start(self) -> None:
        """Begin. The lanes, which stay, are not imported yet."""
        self.is_reading = True
        self.came.connect(self._end, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._work, name="first rows", daemon=True).start()

    def _work(self) -> None:
        try:
            found = self._read()
        except Exception:  # noqa: BLE001 - the desk meets the same, and has words for it
            found = None
        self.came.emit(found)

    def then(self, do: Callable[[], object]) -> None:
        """Once they are read, or do not come; what opening the database imports would hold them up."""
        self._then = do
        if self.is_reading:
            QTimer.singleShot(PATIENCE_MS, self, self._go_on)
        else:
            self._go_on()

    def _end(self, _found: object) -> None:
        self.is_reading = False
        self._go_on()

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


class FirstLook(QueueFrame):
    """Stands where My day will have its queue. Whoever is chosen here is shown as soon as there is a card to show.

    `painted` comes once, when its rows are to be seen.
    """

    painted = Signal()

    def __init__(self, theme: Theme, frame: Frame, user_id: int, rows: Sequence[QueueRow]) -> None:
        """Over everything in the frame."""
        super().__init__(theme, frame)
        self.user_id = user_id
        self.rows = tuple(rows)
        self.chosen: int | None = None
        self._frame = frame
        self._has_painted = False
        theme.dress(self)
        self._place()
        self.model.show_rows(self.rows)
        self.view.selectionModel().currentChanged.connect(self._choose)
        frame.installEventFilter(self)
        self.show()

    def _place(self) -> None:
        room = self._frame.rect().adjusted(RAIL + MARGIN, BAR + MARGIN, -MARGIN, -STATUS - MARGIN)
        width = remembered_width(self._frame.width()) or max(
            self.minimumWidth(), round((room.width() - 2 * MARGIN) * SHARE)
        )
        place = QRect(room.left(), room.top(), width, room.height())
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            place.moveLeft(self._frame.width() - place.right() - 1)
        self.setGeometry(place)

    def hand_over(self, page: MyDayPage) -> None:
        """My day stands: what was shown in its place is shown in it, and whom somebody chose there."""
        page.queue.show_first(self.rows)
        # The rows are where they were: the page must not be laid out only after it is painted.
        if (layout := page.layout()) is not None:
            layout.activate()
        remember_width(self._frame.width(), page.queue.width())
        if self.chosen is not None:
            page.show_lead(self.chosen)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tells once that it stands."""
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            # What is in it is painted in the same turn.
            QTimer.singleShot(0, self, self.painted.emit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It follows the frame's size."""
        if watched is self._frame and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _choose(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.chosen = self.model.lead_id(current)


def remembered_width(frame: int) -> int:
    """How wide the queue of My day came in a window of this width; 0 where that was not seen."""
    kept = str(memory().value("queue", "")).split()
    return int(kept[1]) if len(kept) == 2 and kept[0] == str(frame) and kept[1].isdecimal() else 0


def remember_width(frame: int, queue: int) -> None:
    """For next time."""
    memory().setValue("queue", f"{frame} {queue}")
