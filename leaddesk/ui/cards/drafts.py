"""What is being typed into a form of several fields, kept from the first word on, as `ui.drafts` keeps one field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog

from leaddesk.ui.drafts import KEEP_MS
from leaddesk.workflow.leads import SaveDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell


class FormDraft(QObject):
    """The fields of one form under one place, such as “lead:12:refuse”: in memory at once, on disk after a pause."""

    def __init__(self, shell: Shell, place: str, parent: QObject) -> None:
        super().__init__(parent)
        self._shell, self._place = shell, place
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self.flush)
        self._kept: str | None = None
        shell.closing.connect(self.flush)
        if isinstance(parent, QDialog):
            # Esc right after the last word: the dialog is gone before the pause is over.
            parent.finished.connect(self.flush)

    def put(self, values: Mapping[str, str]) -> None:
        """Keep these; all empty forgets them."""
        filled = {name: text for name, text in values.items() if text}
        text = json.dumps(filled, ensure_ascii=False, sort_keys=True) if filled else ""
        if self._shell.typed.get(self._place, self._kept or "") != text:
            self._shell.typed[self._place] = text
            self._timer.start()

    def get(self, stored: Mapping[str, str]) -> dict[str, str]:
        """The fields as they were left: in this sitting, else as `stored` on disk."""
        if self._timer.isActive():
            # Or it would be taken for written, and never be.
            self.flush()
        text = self._shell.typed.get(self._place, stored.get(self._place, ""))
        self._kept = text
        try:
            values = json.loads(text or "{}")
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in values.items()} if isinstance(values, dict) else {}

    def forget(self) -> None:
        """What was typed has been saved for good."""
        self.put({})
        self.flush()

    def flush(self) -> None:
        """Write what is not on disk yet."""
        self._timer.stop()
        text = self._shell.typed.get(self._place, "")
        if text != (self._kept or ""):
            self._kept = text
            self._shell.lanes.do(self._shell, SaveDraft(self._place, text), quiet=True)


class FormDrafts(QObject):
    """The drafts of one form that turns from card to card: a `FormDraft` for each it was at."""

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._made: dict[str, FormDraft] = {}

    def at(self, place: str) -> FormDraft:
        """The draft of this card's form."""
        if place not in self._made:
            self._made[place] = FormDraft(self._shell, place, self)
        return self._made[place]
