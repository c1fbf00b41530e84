"""Files dropped into a folder come in once each: which are ready, what becomes of them, what is said about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.desk import Question
from leaddesk.workflow.entities import ImportBatch
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake import Counts, Options, RejectedRow, run_import
from leaddesk.workflow.intake_profiles import ProfileOf
from leaddesk.workflow.intake_report import left_out, reasons, summary
from leaddesk.workflow.intake_resume import Rejected
from leaddesk.workflow.intake_writing import ImportRows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.intake import LeadFile

HALF_THERE = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".!ut", ".swp", ".lock")
"""Endings of files that a browser, a copier or an editor has not finished."""
HIDDEN = (".", "~", "#")
"""Beginnings of files that are not meant for people: hidden ones, and those Office keeps while a file is open."""


class State(StrEnum):
    """What became of a file: both are moved out of the way."""

    DONE = "done"
    FAILED = "failed"


class HeldByAnother(Refused):
    """Somebody else watches the folder already: nothing is wrong, and nothing is to be done."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a file looked: in bytes and in nanoseconds."""

    size: int
    changed: int


@dataclass(frozen=True)
class BroughtIn(Question[ImportBatch | None]):
    """The newest import of a file with this content, if it came to its end and was not undone since."""

    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of one file. `words` say it in a sentence, `reasons` why rows are not simply new.

    `operation` takes it back, 0 where nothing was written now; `again` says that the same content had come in before.
    """

    name: str
    state: State
    words: str
    reasons: tuple[str, ...] = ()
    counts: Counts | None = None
    batch: int = 0
    operation: int = 0
    resumed: int = 0
    again: bool = False
    rejects: tuple[RejectedRow, ...] = ()


def is_meant(name: str) -> bool:
    """Whether a file of this name is one somebody dropped, and all of it."""
    return not name.startswith(HIDDEN) and not name.casefold().endswith(HALF_THERE)


def settled(before: Mapping[str, Sight], now: Mapping[str, Sight]) -> list[str]:
    """Files that look as they did at the last look, the oldest first: nobody is writing them any more."""
    same = (name for name, sight in now.items() if before.get(name) == sight)
    return sorted(same, key=lambda name: (now[name].changed, name))


def refuse_what_no_file_is_to_blame_for(desk: Desk, profile: str) -> None:
    """Raises `Refused` for somebody who may not bring in lists, and for a profile there is not."""
    if not desk.user.role.covers(ImportRows.role):
        raise Refused(f"{desk.user.name} may not bring in lists: it takes a team lead or an admin.", field="watch.on")
    if profile and desk.read(ProfileOf((), profile)) is None:
        raise Refused(
            f"There is no profile “{profile}”. Keep one at the end of an import, or with: leaddesk import FILE --save-profile",
            field="watch.profile",
        )


def bring_in(desk: Desk, file: LeadFile, profile: str, stopped: Callable[[], bool]) -> Brought | None:
    """Bring a file in, once however often it is seen: what is in already by its content is not brought in again.

    An import that was cut short goes on. None where it was `stopped`: it goes on at the next look. Raises `Refused`
    where the file is at fault, and `Unavailable`.
    """
    there = desk.read(BroughtIn(file.fingerprint()))
    if there is not None:
        return _known(desk, file.name, there)
    result = run_import(desk, file, Options(profile=profile), cancelled=stopped)
    if result.cancelled:
        return None
    return Brought(
        name=file.name,
        state=State.DONE,
        words=summary(file.name, result.counts),
        reasons=tuple(reasons(result)),
        counts=result.counts,
        batch=result.batch,
        operation=result.operation,
        resumed=result.resumed,
        rejects=result.rejects,
    )


def _known(desk: Desk, name: str, batch: ImportBatch) -> Brought:
    """A file whose import is complete: dropped again, or the program died before it was moved."""
    rejects: list[RejectedRow] = desk.read(Rejected(batch.id))
    return Brought(
        name=name,
        state=State.DONE,
        words=f"{name}: the same rows came in on {batch.at:%Y-%m-%d at %H:%M} UTC; nothing was brought in again",
        reasons=tuple(left_out(rejects)),
        counts=Counts(**batch.counts),
        batch=batch.id,
        again=True,
        rejects=tuple(rejects),
    )


def failed(name: str, words: str) -> Brought:
    """A file that cannot be brought in, and why."""
    return Brought(name=name, state=State.FAILED, words=f"{name} could not be brought in: {words}")


def report(brought: Brought, at: datetime, profile: str, rejects_file: str) -> dict[str, Any]:
    """All there is to say about a file, for programs."""
    return {
        "file": brought.name,
        "state": brought.state.value,
        "words": brought.words,
        "at": at.isoformat(),
        "counts": brought.counts.as_dict() if brought.counts else None,
        "reasons": list(brought.reasons),
        "rejects": rejects_file or None,
        "batch": brought.batch or None,
        "undo": brought.operation or None,
        "resumed": brought.resumed,
        "again": brought.again,
        "profile": profile or None,
    }


def report_words(brought: Brought, at: datetime, rejects_file: str) -> str:
    """The same for people."""
    lines = [brought.words, f"Looked at {at:%Y-%m-%d %H:%M} UTC."]
    if brought.counts:
        lines += ["", f"{brought.counts.rows:,} rows"]
    lines += [f"  {reason}" for reason in brought.reasons]
    if rejects_file:
        lines += ["", f"The rows left out are in “{rejects_file}”, each with the reason. Mended there, they can be"]
        lines += ["dropped into the folder again."]
    if brought.resumed:
        lines += ["", f"{brought.resumed:,} rows had come in before it was cut short; it went on from there."]
    if brought.operation:
        lines += ["", f"leaddesk undo {brought.operation} takes it back."]
    return "\n".join(lines) + "\n"
