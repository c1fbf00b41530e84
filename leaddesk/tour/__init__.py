"""The tour: an operator's day played through the real window, offscreen, with a picture of each screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def play(out: Path, file: Path | None = None) -> dict[str, Any]:
    """Play the day; pictures and `tour.json` go to `out`. Gives `steps` (name, ms, picture) and `ok`.

    `file` is the list to import; without one the day is played on made-up leads. Nothing is dialled or sent.
    Raises `Refused` where the folder cannot be written to.
    """
    from leaddesk.tour.day import play_day

    return play_day(out, file)
