"""A folder that a web form or a partner drops files into: each is brought in once, then moved out of the way."""

from __future__ import annotations

from itertools import count
from pathlib import Path


def free_path(path: Path) -> Path:
    """This path, or one like it that is not taken: “leads.csv”, “leads (2).csv”."""
    if not path.exists():
        return path
    numbered = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(2))
    return next(other for other in numbered if not other.exists())
