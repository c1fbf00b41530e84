"""Who sends letters now, how far the mailbox is read, and the files letters carry: kept, but no history."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text

from leaddesk.db.letter_tables import mailbox, outbox
from leaddesk.db.mapping import to_ms
from leaddesk.workflow.mail import Attachment, MailboxMark

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

ONLY = "main"
"""There is one outbox and one mailbox; their rows are told by name so that there may be more."""

COPY = "copy"
"""A row of this name marks a copy of a database until somebody first sends from it."""

_TAKE = text(
    """INSERT INTO outbox (name, holder, until) VALUES (:name, :holder, :until)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE outbox.holder = excluded.holder OR outbox.until <= :now
    RETURNING name"""
)
_LEAVE = text("UPDATE outbox SET until = 0 WHERE name = :name AND holder = :holder")
_PAUSE = text(
    """INSERT INTO outbox (name, paused_until, why) VALUES (:name, :until, :why)
    ON CONFLICT (name) DO UPDATE SET paused_until = excluded.paused_until, why = excluded.why"""
)
_MARK = text(
    """INSERT INTO mailbox (name, validity, uid, at, why) VALUES (:name, :validity, :uid, :at, :why)
    ON CONFLICT (name) DO UPDATE
    SET validity = excluded.validity, uid = excluded.uid, at = excluded.at, why = excluded.why"""
)
_KEEP = text(
    """INSERT INTO stored_file (key, name, mime, size, content, at) VALUES (:key, :name, :mime, :size, :content, :at)
    ON CONFLICT (key) DO NOTHING"""
)


class DbPost:
    """The `Post` of `workflow/ports.py` on a connection."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        """`connection` has begun; whoever made it commits."""
        self._connection = connection
        self._now_ms = to_ms(now)

    def holder(self) -> str:
        """Who holds the outbox, or held it last."""
        return self._connection.scalar(select(outbox.c.holder).where(outbox.c.name == ONLY)) or ""

    def take(self, holder: str, until: datetime) -> bool:
        """Hold the outbox unless somebody else does at this moment."""
        values = {"name": ONLY, "holder": holder, "until": to_ms(until), "now": self._now_ms}
        return self._connection.execute(_TAKE, values).first() is not None

    def leave(self, holder: str) -> None:
        """Let go of it; who held it last is remembered."""
        self._connection.execute(_LEAVE, {"name": ONLY, "holder": holder})

    def was_copy(self) -> bool:
        """Whether this database was a copy until now; asked once."""
        return self._connection.execute(delete(outbox).where(outbox.c.name == COPY)).rowcount > 0

    def pause(self, until: datetime | None, why: str) -> None:
        """Have nobody send for a while."""
        stands = self._connection.execute(
            select(outbox.c.paused_until, outbox.c.why).where(outbox.c.name == ONLY)
        ).first()
        values = (to_ms(until) if until else 0, why)
        if tuple(stands or (0, "")) != values:
            self._connection.execute(_PAUSE, {"name": ONLY, "until": values[0], "why": why})

    def mark(self) -> MailboxMark:
        """How far the mailbox is read."""
        row = self._connection.execute(select(mailbox.c.validity, mailbox.c.uid).where(mailbox.c.name == ONLY)).first()
        return MailboxMark(*row) if row else MailboxMark()

    def read_to(self, mark: MailboxMark | None, why: str = "") -> None:
        """Remember how far the mailbox is read, when, and what hindered."""
        mark = mark or self.mark()
        values = {"name": ONLY, "validity": mark.validity, "uid": mark.uid, "at": self._now_ms, "why": why}
        self._connection.execute(_MARK, values)

    def keep_file(self, file: Attachment) -> str:
        """Store a file under the SHA-256 of its bytes."""
        key = sha256(file.content).hexdigest()
        values = {"key": key, "name": file.name, "mime": file.mime, "size": len(file.content), "at": self._now_ms}
        self._connection.execute(_KEEP, {**values, "content": b64encode(file.content).decode("ascii")})
        return key
