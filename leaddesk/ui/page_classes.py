"""Pages by their key: each is a module of `leaddesk/ui/pages`, imported when it is needed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leaddesk.ui.in_turns import Page


def page_class(key: str) -> Callable[..., Page]:
    """What makes the page of this key."""
    module = importlib.import_module(f"leaddesk.ui.pages.{key}")
    made: Callable[..., Page] = getattr(module, "".join(part.capitalize() for part in key.split("_")) + "Page")
    return made


def import_pages(keys: Sequence[str]) -> None:
    """Import what the next minute needs while nobody waits for it. In a lane's thread."""
    import qtawesome  # noqa: F401 - so that the first icon comes at once

    for key in keys:
        importlib.import_module(f"leaddesk.ui.pages.{key}")
