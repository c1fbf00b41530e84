"""An import that was cut short goes on where it stopped: nothing twice, nothing missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.desk import Question
from leaddesk.workflow.entities import ImportBatch
from leaddesk.workflow.intake import OnDuplicate, Options, RejectedRow

if TYPE_CHECKING:
    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.intake import LeadFile


@dataclass(frozen=True)
class Unfinished(Question[ImportBatch | None]):
    """The newest import of a file with this content that was cut short or stopped half-way."""

    fingerprint: str


@dataclass(frozen=True)
class Rejected(Question[list[RejectedRow]]):
    """The rows a batch left out, as they stood in the file, in its order."""

    batch_id: int


def unfinished(desk: Desk, file: LeadFile) -> ImportBatch | None:
    """The import of this very file that can go on; None where there is none."""
    return desk.read(Unfinished(file.fingerprint()))


def kept_options(options: Options) -> dict[str, Any]:
    """What a batch keeps of its options, so that the rest of the file is read as its beginning was."""
    return {
        "source": options.source,
        "region": options.region,
        "overrides": dict(options.overrides),
        "words": {kind: dict(words) for kind, words in options.words.items() if words},
        "on_duplicate": options.on_duplicate.value,
        "owner": options.owner,
        "requests": options.requests,
    }


def with_kept(options: Options, batch: ImportBatch) -> Options:
    """The options an unfinished import was begun with."""
    kept = dict(batch.options)
    kept["on_duplicate"] = OnDuplicate(kept.get("on_duplicate", OnDuplicate.AGAIN))
    return replace(options, **kept)
