"""Rows read ahead, maybe in other processes: what deciding on them needs, and what is to be stored, packed.

Most rows are about nobody known. They are written as they were packed; only of the few others the whole draft is
made, from the row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

from leaddesk.workflow.derived import suspicions_of
from leaddesk.workflow.intake import CHUNK, CellProblem
from leaddesk.workflow.intake_columns import by_columns, by_rows
from leaddesk.workflow.suspicion import SAID_FROM
from leaddesk.workflow.vocabulary import HELD_FROM, Channel

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.intake import SourceRow
    from leaddesk.workflow.intake_columns import Columns
    from leaddesk.workflow.intake_rows import Draft, Key, RowReader

MADE_UP_ADDRESS = "mashed_email"
"""The sign of an address that nobody has: it stands on the cards of as many people as were asked for one."""
Packed = tuple[Any, ...]
"""A draft's rows as the database stores them; only `db` looks inside."""
_NOTHING: frozenset[Any] = frozenset()
Packer = Callable[["Draft"], Packed]


TRAVELLING = (
    "number", "title", "bad", "keys", "external", "same", "name", "held_back", "wishes", "asks", "refusal", "call",
    "said", "problems", "signs", "made_at", "refused", "barred",
)  # fmt: skip
"""Fields of a row that go from the process that read it to the one that writes; what is packed goes beside them."""


_TRAVELLING = attrgetter(*TRAVELLING)


@dataclass(slots=True)
class Ready:
    """A row that was read. `signs` say why it may be nobody, `wishes` are (owner, source) as the file names them, `asks` (no_call, no_mail)."""

    number: int
    title: str
    bad: str
    keys: list[Key]
    external: tuple[str, str] | None
    same: tuple[object, ...] | None
    name: str
    held_back: bool
    wishes: tuple[str, str]
    asks: tuple[bool, bool]
    refusal: str
    call: tuple[str, str, datetime | None] | None
    said: list[tuple[str, str, str | None]]
    problems: list[CellProblem]
    signs: list[CellProblem]
    made_at: datetime | None
    refused: tuple[str, datetime | None] = ("", None)
    barred: frozenset[Key] = frozenset()
    packed: Packed | None = None
    row: SourceRow | None = None
    draft: Draft | None = None

    @property
    def all_keys(self) -> list[Key]:
        """What the lead is known by, with what later rows of the file added."""
        return self.draft.keys if self.draft else self.keys

    @property
    def asked(self) -> tuple[bool, bool]:
        """Whether they asked not to be called, not to get mail: with what later rows of the file added."""
        return (self.draft.lead.no_call, self.draft.lead.no_mail) if self.draft else self.asks

    @property
    def content(self) -> Draft | Packed:
        """What is to be stored. Raises `ValueError` for a row that was found bad."""
        found = self.draft or self.packed
        if found is None:
            raise ValueError(self.bad)
        return found

    def whole(self, reader: RowReader) -> Draft:
        """The draft itself, made when it is asked for first; from then on it goes before what was packed."""
        if self.draft is None:
            if self.row is None:
                raise ValueError(self.number)
            self.draft = reader.read(self.row)
        return self.draft


def ready(draft: Draft, pack: Packer | None = None) -> Ready:
    """What deciding on a draft needs; with `pack` it travels without the draft itself."""
    lead = draft.lead
    call = None
    if draft.outcome:
        phone = next((p.value for p in draft.points if p.channel is Channel.PHONE), "")
        call = (draft.outcome, phone, lead.last_call_at or lead.created_at)
    keys = _telling(draft)
    return Ready(
        draft.number,
        draft.title,
        draft.bad,
        keys,
        draft.external,
        None if keys else draft.same,
        lead.name or lead.company,
        _held_back(draft),
        (draft.owner, draft.source),
        (lead.no_call, lead.no_mail),
        draft.refusal,
        call,
        draft.said,
        draft.problems,
        _signs(draft),
        lead.created_at,
        (draft.refusal_reason, draft.refused_at),
        frozenset(draft.barred) if draft.barred else _NOTHING,
        None if draft.bad or not pack else pack(draft),
        None if pack else draft.row,
        None if pack else draft,
    )


def _telling(draft: Draft) -> list[Key]:
    """What the person is known by: not by test@test.com, where there is anything else."""
    keys = draft.keys
    if MADE_UP_ADDRESS not in (draft.given or {}).get("suspicion", ()):
        return keys
    return [key for key in keys if key[0] is not Channel.EMAIL] or keys


def _signs(draft: Draft) -> list[CellProblem]:
    """Why the lead may be none, in words, for whoever looks at the file before it comes in."""
    if not (draft.given or {}).get("suspicion"):
        return []
    return [CellProblem("", sign.words) for sign in suspicions_of(draft.lead, draft.points) if sign.weight >= SAID_FROM]


def _held_back(draft: Draft) -> bool:
    given = draft.given or {}
    return given.get("spam", 0) >= HELD_FROM and not given.get("suspicion_ok")


class Readers(Protocol):
    """Who reads rows ahead of the one that writes."""

    def read(self, reader: RowReader, rows: Iterable[SourceRow]) -> Iterator[list[Ready]]:
        """The rows, read, a chunk at a time and in their order."""
        ...


class Here:
    """Reads in this very process, as the rows are asked for."""

    def __init__(self, chunk: int = CHUNK) -> None:
        """`chunk` rows make a transaction."""
        self._chunk = chunk

    def read(self, reader: RowReader, rows: Iterable[SourceRow]) -> Iterator[list[Ready]]:
        """No row is read before it is asked for."""
        some: list[Ready] = []
        for row in rows:
            some.append(ready(reader.read(row)))
            if len(some) == self._chunk:
                yield some
                some = []
        if some:
            yield some


def read_all(reader: RowReader, pack: Packer, rows: Sequence[SourceRow]) -> list[Ready]:
    """Read some rows for another process."""
    return [ready(reader.read(row, whole=False), pack) for row in rows]


def sent(rows: Sequence[Ready]) -> Columns:
    """The rows without what is packed of them."""
    return by_columns(list(map(_TRAVELLING, rows)))


def received(columns: Columns, packed: Iterable[Packed], rows: Iterable[SourceRow]) -> list[Ready]:
    """The rows again, with what was packed of those that are good, and as they stood in the file."""
    rest = iter(packed)
    found = [Ready(*fields) for fields in by_rows(columns)]
    for one, row in zip(found, rows, strict=True):
        one.row = row
        if not one.bad:
            one.packed = next(rest)
    return found
