"""What intake keeps beside leads, and who turned out to be whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.entities import Row

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProfile(Row):
    """How files with one header are brought in, as somebody put it right.

    `header` is the header's own signature (`intake_profiles.signature`), `name` what a person called the profile,
    "" for one that was only remembered. `columns` is header → field, "" for an extra field; `words` is kind
    (status, source, owner, outcome, temperature) → the file's word → ours; `options` are region, source, owner and
    what becomes of known people.
    """

    name: str = ""
    header: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    user_id: int | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect(Row):
    """A card merged into another: `id` is the lead that is no more, called `name`; `lead_id` is where it leads to."""

    lead_id: int
    name: str = ""
    user_id: int | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSame(Row):
    """Two leads that look alike and are two people, says somebody who looked. `a` < `b`."""

    a: int
    b: int
    user_id: int | None = None
    at: datetime
