"""Driver errors become `Unavailable` or `Refused` here and nowhere else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import exc

from leaddesk.workflow.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORLD = (
    ("lock timeout", "Somebody else is writing to the same card and did not finish in time. Try again in a moment."),
    ("deadlock", "Somebody else wrote to the same cards at this very moment. Nothing was changed; try again."),
    ("locked", "Somebody else is writing to the file and did not finish in time. Try again in a moment."),
    ("disk is full", "The disk is full. Free some space; nothing was lost, the last change was not made."),
    ("malformed", "The file is damaged. Restore the last backup; `leaddesk check` tells more."),
    ("not a database", "This file is not a LeadDesk database."),
    ("readonly", "The file cannot be written to. Check its permissions, or whether the disk is read-only."),
    ("unable to open", "The file cannot be opened. Check that the folder exists and may be written to."),
    ("disk i/o error", "The disk reports an error. Check it, then restore the last backup if need be."),
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises into the two failures people may see."""
    try:
        yield
    except exc.IntegrityError as error:
        raise Refused("Somebody saved the same thing at the same moment. Look again and repeat.") from error
    except exc.DBAPIError as error:
        said = str(error.orig).casefold()
        for sign, words in _WORLD:
            if sign in said:
                raise Unavailable(words) from error
        if error.connection_invalidated or isinstance(error, exc.OperationalError):
            raise Unavailable(f"The database cannot be reached: {error.orig}") from error
        raise
