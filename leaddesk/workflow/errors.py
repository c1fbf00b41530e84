"""The two kinds of failure a person may see; everything else is a bug."""

from __future__ import annotations


class Refused(Exception):
    """A wish that cannot be granted as it stands; the person can change something and try again.

    Nothing was written when this is raised: the transaction around the command rolls back.
    """

    def __init__(self, words: str, *, field: str | None = None) -> None:
        """`words` say what to change; `field` names the input it concerns, for showing it in place."""
        super().__init__(words)
        self.words = words
        self.field = field


class Conflict(Refused):
    """Two people changed the same fields of one card; the person chooses between mine and theirs."""

    def __init__(self, words: str, *, clashes: dict[str, tuple[object, object]], version: int) -> None:
        """`clashes` maps a field to (theirs, mine); `version` is the stored one, to save against next."""
        super().__init__(words)
        self.clashes = clashes
        self.version = version


class Unavailable(Exception):
    """The world broke: the file is locked, full, gone or corrupt, or the server cannot be reached."""

    def __init__(self, words: str) -> None:
        """`words` say what happened and what to do about it."""
        super().__init__(words)
        self.words = words
