"""The place of the templates on the Letters page: empty until somebody looks, then filled in turns."""

from __future__ import annotations

import importlib
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from leaddesk.ui.in_turns import Steps
    from leaddesk.ui.letters.templates import TemplatesPane
    from leaddesk.ui.shell import Shell

_MODULE = "leaddesk.ui.letters.templates"


class TemplatesTab(QWidget):
    """`pane` is there once it stands; it is as heavy as a page, and most who look at letters never open it."""

    def __init__(self, shell: Shell) -> None:
        """Nothing yet."""
        super().__init__()
        self._shell = shell
        self._making: TemplatesPane | None = None
        self.pane: TemplatesPane | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def parts(self) -> tuple[QWidget, ...]:
        """What is dressed in turns of its own."""
        return tuple(self.pane.parts()) if self.pane is not None else ()

    def fill(self) -> None:
        """It is looked at: make the pane, unless that is done or under way."""
        if self._making is None:
            self._shell.lanes.warm(self, partial(importlib.import_module, _MODULE), self._begin)

    def _begin(self, module: Any) -> None:
        if self._making is None:
            self._making = module.TemplatesPane(self._shell, in_turns=True)
            self._shell.turns.run(self, self._stand(self._making), key="templates", first=True)

    def _stand(self, made: TemplatesPane) -> Steps:
        yield from made.building
        # Again where the look has become another meanwhile.
        while not all(map(self._shell.theme.wears, made.parts())):
            for part in made.parts():
                if self._shell.theme.dress(part):
                    yield
        self.pane = made
        self._box.addWidget(made)
