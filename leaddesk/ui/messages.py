"""What the program says to the person: toasts, refusals, a broken world, and its own bugs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from leaddesk.workflow.changes import Changes

log = logging.getLogger("leaddesk")
NOTHING = Changes()


@dataclass(frozen=True, slots=True)
class Toast:
    """A few words at the bottom of the window. `operation` is what its Undo takes back, 0 for none.

    `kind` is done, undone, refused or reminder; `action` is one more button: its text and what it does. `about` is
    what was touched: once the same card is touched again, these words are no longer the latest about it.
    """

    words: str
    operation: int = 0
    kind: str = "done"
    action: tuple[str, Callable[[], object]] | None = None
    about: Changes = NOTHING


class Messages(QObject):
    """Says things; whoever shows them listens. What was said stays in `said`, for tests and the curious."""

    toast_posted = Signal(object)
    unavailable_posted = Signal(str)
    bug_posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing is shown until something listens."""
        super().__init__(parent)
        self.said: list[Toast] = []
        self.bugs: list[BaseException] = []

    def toast(
        self,
        words: str,
        undo: bool = False,
        action: tuple[str, Callable[[], object]] | None = None,
        *,
        operation: int = 0,
        kind: str = "done",
        about: Changes = NOTHING,
    ) -> None:
        """Say that something was done; `undo` offers to take back the last operation, or the one named."""
        self._post(Toast(words, operation or (-1 if undo else 0), kind, action, about))

    def refused(self, words: str) -> None:
        """Say why a wish cannot be granted and what to change."""
        self._post(Toast(words, kind="refused"))

    def unavailable(self, words: str) -> None:
        """Say that the world broke, and what to do."""
        log.warning("unavailable: %s", words)
        self.unavailable_posted.emit(words)

    def bug(self, error: BaseException) -> None:
        """Tell of our own mistake: logged, shown once with a report to copy; the program goes on."""
        log.error("bug", exc_info=error)
        self.bugs = [*self.bugs[-19:], error]
        self.bug_posted.emit(error)

    def _post(self, toast: Toast) -> None:
        if toast.words:
            self.said = [*self.said[-49:], toast]
            self.toast_posted.emit(toast)
