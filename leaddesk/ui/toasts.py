"""A few words at the bottom of the window that go away by themselves and never lie over what is typed in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTextEdit,
    QWidget,
)

from leaddesk.ui.messages import Toast
from leaddesk.workflow.errors import Refused

UNDO_MS = 60_000
"""Undo is offered for a minute (SCREENS, principle 3)."""
WORDS_MS = 6_000
REFUSED_MS = 12_000
OLDER_MS = 8_000
"""Once something newer is said, what was said before stays no longer than this; Ctrl+Z still takes it back."""
AT_MOST = 2
SETTLE_MS = 30
"""How long the window's layout may take to come to rest before toasts look for their places."""
GAP = 8
EDGE = 92
"""Pixels from the window's leading side: the rail is left alone."""
TRAILING, LEADING = 0.15, 0.3
"""What a pixel to that side counts against one up: a little higher in the middle, sooner than over the queue."""
INPUTS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
READ_BEFORE_PRESSING = ("box", "head", "yellow_banner")
"""Looks of frames to be read first: “Then:”, the bar for many rows, and who this person may be already."""

LEFT_TO_RIGHT = "\u200e"
"""What a line that begins with this mark runs like."""


class ToastFrame(QFrame):
    """One toast. `closed` comes once."""

    undo_requested = Signal(int)
    closed = Signal()

    def __init__(self, toast: Toast, parent: QWidget) -> None:
        """Shown by the area that holds it."""
        super().__init__(parent)
        self.toast = toast
        self.setProperty("look", "toast")
        self.setAccessibleName(toast.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        # A name from right to left must not turn the English sentence it begins, nor must a mirrored window.
        said = f"{LEFT_TO_RIGHT}{toast.words}"
        label = QLabel(f"⚠ {said}" if toast.kind == "refused" else said)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        natural = label.fontMetrics().horizontalAdvance(label.text()) + 4
        label.setMinimumWidth(min(natural, 520))
        row.addWidget(label, 1)
        if toast.operation:
            self._add("Undo", lambda: self.undo_requested.emit(toast.operation), row)
        if toast.action is not None:
            self._add(toast.action[0], toast.action[1], row)
        self._add("✕", lambda: None, row).setAccessibleName("Close")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.go)
        long = toast.operation or toast.kind == "reminder"
        self._timer.start(UNDO_MS if long else REFUSED_MS if toast.kind == "refused" or toast.action else WORDS_MS)

    def _add(self, words: str, run: object, row: QHBoxLayout) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("look", "toast")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self.go)
        button.clicked.connect(run)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return button

    def remaining_ms(self) -> int:
        """How long it is still to stand."""
        return self._timer.remainingTime()

    def hurry(self) -> None:
        """Something newer is said: leave soon."""
        if self._timer.remainingTime() > OLDER_MS:
            self._timer.start(OLDER_MS)

    def is_overtaken_by(self, newer: Toast) -> bool:
        """Whether these words are no longer true, or what they offer would be refused, once `newer` is said."""
        old = self.toast
        if old.words == newer.words and not newer.operation:
            return True
        if old.kind == "undone" and newer.about:
            # Redo does the last thing undone, and nothing once something else is done.
            return True
        if not newer.operation:
            return False
        about, again = old.about, newer.about
        same = bool(about.leads & again.leads or about.clients & again.clients)
        return old.operation > 0 and same

    def go(self) -> None:
        """Leave."""
        if not self.isHidden() or self._timer.isActive():
            self._timer.stop()
            self.hide()
            self.closed.emit()
            self.deleteLater()


class ToastArea(QObject):
    """The toasts of one window, the newest lowest."""

    undo_requested = Signal(int)

    def __init__(self, window: QWidget, above: QWidget) -> None:
        """They stand above the widget `above`, the status line."""
        super().__init__(window)
        self._window = window
        self._above = above
        self.frames: list[ToastFrame] = []
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self.place)
        window.installEventFilter(self)

    def show_toast(self, toast: Toast) -> None:
        """Add one; the oldest leaves when there are too many, and at once what it overtakes."""
        for old in list(self.frames):
            old.go() if old.is_overtaken_by(toast) else old.hurry()
        frame = ToastFrame(toast, self._window)
        frame.undo_requested.connect(self.undo_requested)
        frame.closed.connect(lambda: self._gone(frame))
        self.frames.append(frame)
        # It is dressed by the window before its place is measured.
        frame.ensurePolished()
        while len(self.frames) > AT_MOST:
            self.frames[0].go()
        self.place()
        frame.show()
        frame.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(frame, toast.words))

    def withdraw(self, operation: int) -> None:
        """Nothing offers to undo this any more: it is undone."""
        for frame in [frame for frame in self.frames if frame.toast.operation == operation]:
            frame.go()

    def no_longer(self, refused: Refused) -> None:
        """Nothing offers what was just refused, until it is done anew."""
        from leaddesk.workflow.undo import NotTurned

        if isinstance(refused, NotTurned):
            for frame in list(self.frames):
                offers = (
                    frame.toast.operation == refused.operation > 0 if refused.back else frame.toast.kind == "undone"
                )
                if offers:
                    frame.go()

    def offered(self) -> list[int]:
        """The operations that can be undone here."""
        return [frame.toast.operation for frame in self.frames if frame.toast.operation > 0]

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A resized window moves them; so does a page that shows or hides something."""
        if self.frames:
            if event.type() == QEvent.Type.Resize:
                self.place()
            elif event.type() == QEvent.Type.LayoutRequest:
                self._settled.start()
        return False

    def place(self) -> None:
        """Stack them upwards from the status line, where nothing is typed."""
        fields = self._standing(INPUTS)
        frames = (f for f in self._window.findChildren(QFrame) if f.property("look") in READ_BEFORE_PRESSING)
        buttons = self._standing((QAbstractButton, QTabBar)) + [self._place_of(f) for f in frames if self._stands(f)]
        bottom = self._above.mapTo(self._window, QPoint(0, 0)).y() - GAP
        for frame in reversed(self.frames):
            rect = self._free_place(frame, bottom, fields, buttons)
            frame.setGeometry(rect)
            bottom = rect.top() - GAP

    def _free_place(self, frame: ToastFrame, bottom: int, fields: list[QRect], buttons: list[QRect]) -> QRect:
        """Over neither fields nor buttons; where there is no such place, at least over no field."""
        width = min(frame.sizeHint().width(), self._window.width() - 120)
        height = max(frame.heightForWidth(width), frame.sizeHint().height())
        size = QSize(width, height)
        span = self._window.width() - width
        middle = span // 2
        leading, trailing = EDGE, span - GAP
        if self._window.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            leading, trailing = span - EDGE, GAP
        worse = {middle: 0.0, leading: abs(leading - middle) * LEADING, trailing: abs(trailing - middle) * TRAILING}
        places = sorted(
            ((x, up) for x in worse for up in range(0, max(1, bottom // 2), 20)),
            key=lambda place: worse[place[0]] + place[1],
        )
        for taken in ([*fields, *buttons], fields):
            for x, up in places:
                tried = QRect(QPoint(x, bottom - height - up), size)
                if not any(tried.adjusted(-4, -4, 4, 4).intersects(place) for place in taken):
                    return tried
        return QRect(QPoint(middle, bottom - height), size)

    def _standing(self, kinds: tuple[type[QWidget], ...]) -> list[QRect]:
        return [
            self._place_of(widget)
            for kind in kinds
            for widget in self._window.findChildren(kind)
            if self._stands(widget) and not isinstance(widget.parent(), ToastFrame)
        ]

    def _stands(self, widget: QWidget) -> bool:
        return widget.isVisible() and widget.window() is self._window and not widget.visibleRegion().isEmpty()

    def _place_of(self, widget: QWidget) -> QRect:
        return QRect(widget.mapTo(self._window, QPoint(0, 0)), widget.size())

    def _gone(self, frame: ToastFrame) -> None:
        if frame in self.frames:
            self.frames.remove(frame)
            self.place()
