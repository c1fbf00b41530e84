"""What only the UI thread can do, in steps, with turns of the event loop between them.

Making the widgets of a page, or dressing all of them anew when the look changes, takes 50 to 250 ms. At one go the
window would stand still for so long: no key heard, nothing painted. So whatever takes that long is a generator that
yields where it may be interrupted. `Turns` does a step of it (from one `yield` to the next) each turn of the loop,
`at_once` is for whoever cannot wait. A step is to stay under 15 ms: what it changes is laid out in the same turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

Steps = Iterator[None]


def at_once(steps: Steps) -> None:
    """All of them, now."""
    for _ in steps:
        pass


@dataclass(eq=False, slots=True)
class _Work:
    """Steps under way."""

    owner: QObject
    key: str
    steps: Steps
    then: Callable[[], None]


class Turns(QObject):
    """Goes on with one piece of work after the other, a step each turn. `began` and `ended` say when there is any."""

    began = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing to do yet."""
        super().__init__(parent)
        self._works: list[_Work] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    def run(
        self,
        owner: QObject,
        steps: Steps,
        then: Callable[[], None] = lambda: None,
        *,
        key: str,
        first: bool = False,
    ) -> None:
        """Do these steps, then `then`; `first` before all that waits already.

        Dropped if the owner is gone, and in favour of what the owner runs later under the same key.
        """
        self._works = [work for work in self._works if (work.owner, work.key) != (owner, key)]
        self._works.insert(0 if first else len(self._works), _Work(owner, key, steps, then))
        if not self._timer.isActive():
            self._timer.start()
            self.began.emit()

    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._works

    def _turn(self) -> None:
        try:
            if self._works:
                self._step(self._works[0])
        finally:
            if not self._works:
                self._timer.stop()
                self.ended.emit()

    def _step(self, work: _Work) -> None:
        if not isValid(work.owner):
            self._works.remove(work)
            return
        try:
            next(work.steps)
        except StopIteration:
            self._drop(work)
            work.then()
        except BaseException:
            # A step that failed is not tried again.
            self._drop(work)
            raise

    def _drop(self, work: _Work) -> None:
        if work in self._works:
            self._works.remove(work)


class InTurns(QWidget):
    """A widget of many: made in steps, and dressed part by part.

    Its `__init__` takes `in_turns` and ends with `self.begin(in_turns=in_turns)`; `build` makes and wires what is in it.
    It is not shown, and nothing is asked of it, before it `stands`.
    """

    def __init__(self) -> None:
        """Without anything in it."""
        super().__init__()
        self.stands = False
        self.building = self._whole()

    def begin(self, *, in_turns: bool) -> None:
        """Build at once; or leave `building` to whoever goes on with it in turns."""
        if not in_turns:
            at_once(self.building)

    def _whole(self) -> Steps:
        yield from self.build()
        self.stands = True

    def build(self) -> Steps:
        """Make what is in it. Signals from elsewhere are connected last, when all they set in motion is there."""
        raise NotImplementedError

    def parts(self) -> Sequence[QWidget]:
        """What is dressed in a turn of its own (`Theme.dress`), at most some 100 widgets each.

        Together they are all that needs a stylesheet, and none is inside another: a sheet is for all that is below
        the widget that has it. So what holds parts (the widget itself, stacks, `Split`s) paints itself or nothing.
        """
        raise NotImplementedError


class Page(InTurns):
    """A page of the window, in `leaddesk/ui/pages`; `MainWindow.show_page` sees that it stands first."""

    title = ""

    def activate(self) -> None:
        """It has been brought to the front."""
        raise NotImplementedError
