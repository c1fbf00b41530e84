"""Whether a host is this machine itself: what goes there passes no wire anybody could listen at."""

from __future__ import annotations

import contextlib
import ipaddress


def is_loopback(host: str) -> bool:
    """By its address, or the one name that means nothing else."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return host.casefold().rstrip(".") == "localhost"
