"""Another look for a window that stands: what is in sight changes at one moment, what is hidden after that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.ui.in_turns import Page, Steps
    from leaddesk.ui.shell import Shell


class WindowLooks(QObject):
    """Dresses the parts of a window in turns. `held` holds parts of its own and is never dressed whole."""

    def __init__(self, shell: Shell, window: QWidget, pages: Mapping[str, Page], held: QWidget) -> None:
        """`pages` are those that stand, and more by and by; the window dresses its other children as they come."""
        super().__init__(window)
        self._shell, self._window, self._pages, self._held = shell, window, pages, held
        self._hidden: list[QWidget] = []

    def also(self, part: QWidget) -> None:
        """One more part that stands in `held` beside the pages."""
        self._hidden.append(part)

    def dress_child(self, child: QObject) -> None:
        """Toasts and dialogs are dressed when they come up. What is inside a part has its part's look."""
        if isinstance(child, QWidget) and child is not self._held:
            self._shell.theme.dress(child)

    def dress_anew(self) -> None:
        """The theme has another look."""
        self._shell.turns.run(self, self._all_dressed(), key="look", first=True)
        self._window.setUpdatesEnabled(False)

    def _all_dressed(self) -> Steps:
        try:
            yield from self.dressed([child for child in self._window.children() if isinstance(child, QWidget)])
            for key in [key for key in self._pages if self._pages[key].isVisible()]:
                yield from self.dressed(self._pages[key].parts())
            # So that all has its place before it is painted.
            yield
        finally:
            if isValid(self._window):
                self._window.setUpdatesEnabled(True)
        yield from self.dressed(self._hidden)
        for page in list(self._pages.values()):
            yield from self.dressed(page.parts())

    def dressed(self, parts: Sequence[QWidget]) -> Steps:
        """Dress those of these that wear another look."""
        for part in parts:
            if isValid(part) and part is not self._held and self._shell.theme.dress(part):
                yield
