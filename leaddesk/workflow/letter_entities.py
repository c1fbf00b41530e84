"""What is kept of letters: the letters themselves, what came back, and the templates a floor wrote itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leaddesk.workflow.entities import Row
from leaddesk.workflow.vocabulary import LetterKind, LetterState

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Row):
    """A letter to a lead. The text is kept as it was when written, whatever becomes of its template.

    `template` and `template_version` say what it was made from (version 0 is the shipped one). `message_id` is ours
    and written down before anything is sent; the same letter sent again carries the same one. `send_after` ends the
    undo minute, later the wait before another try; `tries` counts the temporary errors so far. `reply` is the
    server's own line, `error` what went wrong in words. `occasion` is what a greeting is for
    ("2026-12-25 Christmas Day"). `attachments` are names with the keys of their `StoredFile`.
    """

    lead_id: int
    refusal_id: int | None = None
    user_id: int | None = None
    kind: LetterKind = LetterKind.FAREWELL
    template: str = ""
    template_version: int = 0
    language: str = ""
    to_name: str = ""
    to_address: str = ""
    to_key: str = ""
    from_address: str = ""
    subject: str = ""
    body: str = ""
    attachments: dict[str, str] = field(default_factory=dict)
    occasion: str = ""
    state: LetterState = LetterState.DRAFT
    message_id: str = ""
    send_after: datetime | None = None
    tries: int = 0
    sending_at: datetime | None = None
    sent_at: datetime | None = None
    reply: str = ""
    error: str = ""
    answered_at: datetime | None = None
    bounced_at: datetime | None = None
    created_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Row):
    """What somebody answered to a letter, by mail or told to us; `answers` are those to its numbered questions.

    `message_id` "" means it was typed in by hand, by `user_id`.
    """

    lead_id: int
    letter_id: int | None = None
    refusal_id: int | None = None
    user_id: int | None = None
    at: datetime
    from_address: str = ""
    subject: str = ""
    text: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTemplate(Row):
    """One version of a letter template the floor wrote itself; it stands before the shipped one of its key.

    `text` begins with its subject line. Versions, told by their `number`, are only added: a sent letter
    names the one it was made from.
    """

    key: str
    kind: LetterKind
    reason: str = ""
    language: str
    number: int = 1
    title: str = ""
    text: str = ""
    attachments: dict[str, str] = field(default_factory=dict)
    user_id: int | None = None
    at: datetime
    current: bool = True
