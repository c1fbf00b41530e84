"""Plays keys into the real window, waits for what they lead to, and takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from leaddesk.workflow.errors import Unavailable
from leaddesk.workflow.ports import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from leaddesk.ui.main_window import MainWindow

D = TypeVar("D", bound=QWidget)

PATIENCE_MS = 60_000
"""How long a step may take on a slow machine before the tour gives up and says at which one."""


SETTLE_MS = 200
"""What a picture waits for after the step has been timed."""


class TourClock:
    """A clock that starts on a weekday afternoon, when most of the world may be called, and can be set ahead."""

    def __init__(self, start: datetime) -> None:
        """`start` is what the clock shows now."""
        self._machine = SystemClock()
        self._ahead = start - self._machine.now()

    def now(self) -> datetime:
        """The instant, whole milliseconds."""
        return self._machine.now() + self._ahead

    def jump(self, span: timedelta) -> None:
        """Let time pass."""
        self._ahead += span


class Player:
    """One tour: its window, its pictures, its steps."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        """Pictures go to `out`, numbered in the order they are taken."""
        self.window = window
        self.shell = window.shell
        self.out = out
        self.steps: list[dict[str, Any]] = []

    @contextmanager
    def step(self, name: str, *, picture: bool = True) -> Iterator[None]:
        """Time what is done inside until the window has come to rest, then take its picture."""
        started = time.perf_counter()
        yield
        self.rest(name)
        spent = round((time.perf_counter() - started) * 1000)
        # Lists read the card beside them once the moving rests.
        self.turn(SETTLE_MS)
        self.rest(name)
        self.steps.append({"name": name, "ms": spent, "picture": self.picture(name) if picture else None})

    def picture(self, name: str) -> str:
        """Take the picture of the window, with the dialog in front of it if there is one."""
        file = f"{len(self.steps) + 1:02d}-{'-'.join(name.replace(',', '').split())}.png"
        shot = self.window.grab()
        front = QApplication.activeModalWidget()
        if front is not None and front is not self.window:
            painter = QPainter(shot)
            place = self.window.rect().center() - front.rect().center()
            painter.fillRect(self.window.rect(), QColor(0, 0, 0, 110))
            painter.drawPixmap(place, front.grab())
            painter.end()
        shot.save(str(self.out / file))
        return file

    def keys(self, *keys: str) -> None:
        """Press keys where the focus is, as "F2" or "Ctrl+Return", one after the other."""
        for pressed in keys:
            if QApplication.activeModalWidget() is None and not self.window.isActiveWindow():
                # No window manager here gives the focus back when a dialog closes.
                self.window.activateWindow()
                self.turn(10)
            combination = QKeySequence(pressed)[0]  # type: ignore[index] # the stubs forget __getitem__
            QTest.keyClick(self.focus(), combination.key(), combination.keyboardModifiers())
            self.rest(pressed)

    def write(self, words: str) -> None:
        """Type text where the focus is."""
        for sign in words:
            if sign.isascii():
                QTest.keyClicks(self.focus(), sign)
            else:
                # QTest knows no key for it; an input method sends it as this does.
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(self.focus(), QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, sign))
        self.rest(words)

    def focus(self) -> QWidget:
        """Where keys go."""
        return QApplication.focusWidget() or QApplication.activeModalWidget() or self.window

    def rest(self, during: str) -> None:
        """Wait till nothing is under way and what came has been painted."""
        self.until(self.shell.lanes.idle, during)
        self.turn(30)
        self.until(self.shell.lanes.idle, during)

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Let the window live till something holds. Raises `Unavailable` naming it if it never does."""
        waited = 0
        while not holds():
            if waited > PATIENCE_MS:
                raise Unavailable(f"The tour waited in vain at “{what}”.")
            self.turn(10)
            waited += 10

    def turn(self, milliseconds: int) -> None:
        """Let the window live for a moment."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def expect(self, holds: object, words: str) -> None:
        """Say what did not come true. Raises `Unavailable`."""
        if not holds:
            raise Unavailable(f"The tour expected that {words}.")

    def focus_on(self, widget: QWidget) -> None:
        """Put the cursor somewhere, as Tab would."""
        widget.setFocus()
        self.turn(10)

    def dialog(self, kind: type[D]) -> D:
        """The dialog that has opened, once it stands."""
        self.until(lambda: any(d.isVisible() for d in self.window.findChildren(kind)), kind.__name__)
        self.rest(kind.__name__)
        return next(d for d in self.window.findChildren(kind) if d.isVisible())

    def is_free(self) -> bool:
        """No dialog stands before the window."""
        return QApplication.activeModalWidget() is None
