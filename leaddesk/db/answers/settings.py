"""Settings as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.workflow.settings import Settings, SettingsNow

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


def settings_now(reading: Reading, _question: SettingsNow) -> Settings:
    """The defaults with what was changed."""
    return reading.settings


ANSWERS: Answers = {SettingsNow: settings_now}
