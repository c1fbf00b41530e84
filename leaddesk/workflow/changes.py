"""What a command touched, told to everybody who shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of the cards a command touched. `many` says "too many to name: look again at everything"."""

    leads: frozenset[int] = frozenset()
    clients: frozenset[int] = frozenset()
    many: bool = False
    settings: bool = False

    def __or__(self, other: Changes) -> Changes:
        """Both together."""
        return Changes(
            self.leads | other.leads,
            self.clients | other.clients,
            self.many or other.many,
            self.settings or other.settings,
        )

    def __bool__(self) -> bool:
        """Whether anything was touched at all."""
        return bool(self.leads or self.clients or self.many or self.settings)


NAMED_AT_MOST = 500
"""Past so many cards `Changes` says `many`: views look again instead of asking for each."""
