"""The program's door from a shell: arguments in, words or one JSON object out, an exit code that scripts can trust."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 done, 1 refused, 2 usage, 3 unavailable, 130 broken off."""
    from leaddesk.commandline.running import run

    return run(list(sys.argv[1:] if args is None else args))
