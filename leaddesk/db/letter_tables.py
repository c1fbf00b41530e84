"""The tables of letters: what is sent, what came back, the templates, and who sends now. `tables.py` says how values lie."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint, text

from leaddesk.db.columns import count, flag, key, link, metadata, moment, new_table, some, version, words

letter = new_table(
    "letter",
    key(),
    link("lead_id", "lead", required=True),
    link("refusal_id", "refusal"),
    link("user_id", "app_user"),
    Column("kind", Text, nullable=False, server_default="farewell"),
    words("template"),
    count("template_version"),
    *(words(name) for name in "language to_name to_address to_key from_address subject body attachments".split()),
    words("occasion"),
    words("state"),
    words("message_id"),
    moment("send_after"),
    count("tries"),
    moment("sending_at"),
    moment("sent_at"),
    words("reply"),
    words("error"),
    moment("answered_at"),
    moment("bounced_at"),
    moment("created_at"),
    version(),
    Index("ix_letter_lead", "lead_id", "created_at"),
    Index("ix_letter_state", "state", "id"),
    Index("ix_letter_counted", *"state template language refusal_id lead_id answered_at".split()),
    some(
        "ix_letter_of_refusal",
        "refusal_id IS NOT NULL",
        *"refusal_id state template language answered_at bounced_at".split(),
    ),
    some("ix_letter_due", "state = 'queued'", "send_after", "id"),
    some("ix_letter_sent", "sent_at IS NOT NULL", "sent_at"),
    some("ix_letter_message", "message_id <> ''", "message_id"),
)

reply = new_table(
    "reply",
    key(),
    link("lead_id", "lead", required=True),
    link("letter_id", "letter"),
    link("refusal_id", "refusal"),
    link("user_id", "app_user"),
    moment("at", required=True),
    *(words(name) for name in "from_address subject text answers message_id".split()),
    Index("ix_reply_lead", "lead_id", "at"),
    some("ix_reply_letter", "letter_id IS NOT NULL", "letter_id"),
    some("ix_reply_refusal", "refusal_id IS NOT NULL", "refusal_id"),
    Index(
        "uq_reply_message",
        "message_id",
        unique=True,
        sqlite_where=text("message_id <> ''"),
        postgresql_where=text("message_id <> ''"),
    ),
)

letter_template = new_table(
    "letter_template",
    key(),
    *(words(name) for name in "key kind reason language".split()),
    count("number"),
    *(words(name) for name in "title text attachments".split()),
    link("user_id", "app_user"),
    moment("at", required=True),
    flag("current"),
    UniqueConstraint("key", "language", "number"),
)

stored_file = Table(
    "stored_file",
    metadata,
    Column("key", Text, primary_key=True),
    words("name"),
    words("mime"),
    count("size"),
    words("content"),
    moment("at", required=True),
)
"""What letters carry, such as the price list: base64 under the SHA-256 of the bytes. Only added; never journalled."""

outbox = Table(
    "outbox",
    metadata,
    Column("name", Text, primary_key=True),
    words("holder"),
    Column("until", BigInteger, nullable=False, server_default="0"),
    Column("paused_until", BigInteger, nullable=False, server_default="0"),
    words("why"),
)
"""Who sends letters now, until when; and why nobody does for a while. One row. Never journalled."""

mailbox = Table(
    "mailbox",
    metadata,
    Column("name", Text, primary_key=True),
    Column("validity", BigInteger, nullable=False, server_default="0"),
    Column("uid", BigInteger, nullable=False, server_default="0"),
    moment("at"),
    words("why"),
)
"""How far the mailbox of answers has been read, when, and what hindered it last. Never journalled."""
