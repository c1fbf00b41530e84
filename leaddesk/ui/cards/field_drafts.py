"""What stands in fields left open, or refused when they were left: kept per field, shown again with its card."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from leaddesk.ui.drafts import KEEP_MS
from leaddesk.workflow.leads import SaveDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leaddesk.ui.shell import Shell


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was typed, the value the field was opened with, and why it could not be saved, if that was tried."""

    text: str
    base: object = None
    why: str = ""


class FieldDrafts(QObject):
    """One draft per field, under a place such as “lead:12:field:interest”: in memory at once, on disk after a pause.

    The value the field was opened with goes along, so that saving days later still notices others' edits.
    """

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._written: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self.flush)

    def keep(self, place: str, unsaved: Unsaved) -> None:
        """Keep this."""
        said = {"text": unsaved.text, "base": unsaved.base, "why": unsaved.why}
        self._put(place, json.dumps(said, ensure_ascii=False))

    def drop(self, place: str) -> None:
        """It has been saved, or is not wanted any more."""
        if place in self._shell.typed or place in self._written:
            self._put(place, "")

    def get(self, place: str, stored: Mapping[str, str]) -> Unsaved | None:
        """What was left there: in this sitting, else as `stored` on disk."""
        if place in stored:
            self._written.setdefault(place, stored[place])
        text = self._shell.typed.get(place, stored.get(place, ""))
        try:
            said = json.loads(text or "null")
        except ValueError:
            return None
        if not isinstance(said, dict):
            return None
        base = said.get("base")
        return Unsaved(
            str(said.get("text", "")), tuple(base) if isinstance(base, list) else base, str(said.get("why", ""))
        )

    def flush(self) -> None:
        """Write what is not on disk yet."""
        self._timer.stop()
        for place in sorted(self._waiting):
            text = self._shell.typed.get(place, "")
            if text != self._written.get(place, ""):
                self._written[place] = text
                self._shell.lanes.do(self._shell, SaveDraft(place, text), quiet=True)
        self._waiting.clear()

    def _put(self, place: str, text: str) -> None:
        if self._shell.typed.get(place) != text:
            self._shell.typed[place] = text
            self._waiting.add(place)
            self._timer.start()
