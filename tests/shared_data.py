"""Where the tests find the real files that are kept beside the repository."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("LEADDESK_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def shared(path: str) -> Path:
    """Return the shared file or folder at `path` (slashes, below shared/data); skip the test where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs {path} from the shared data folder beside the repository")
    return found
