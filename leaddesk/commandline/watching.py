"""`import --watch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from leaddesk.commandline.session import Session


def watch(session: Session, folder: Path, profile: str, *, once: bool) -> None:
    """Replaced by the watcher itself."""
    raise NotImplementedError(session, folder, profile, once)
