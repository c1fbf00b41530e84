"""Letters that are really sent: the outbox, answers, templates of the floor's own, kinds of refusal."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FAREWELLS = ("price", "budget", "plans", "competitor", "no_need", "other")
NEW_REASONS = (
    ("ignores", "Never answers us", 6, "ignores", "Try another channel and another time of day first.", 90),
    ("not_now", "Will not talk now", 7, "not_now", "Offer another channel or another time, not a farewell.", 30),
)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False, server_default="") for name in names]


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in names]


def _moments(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=True) for name in names]


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger, nullable=False, server_default="0")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _link(name: str, target: str, *, required: bool = False) -> sa.Column[int]:
    return sa.Column(
        name, ID, sa.ForeignKey(f"{target}.id", deferrable=True, initially="IMMEDIATE"), nullable=not required
    )


def _kind(default: str) -> sa.Column[str]:
    return sa.Column("kind", sa.Text, nullable=False, server_default=default)


def _some(name: str, table: str, condition: str, *columns: str, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    """Add what there was not; nothing that was kept is changed but for the letters the reasons propose."""
    _widen()
    _new_tables()
    _indexes()
    _reasons()
    _conversions()


def _widen() -> None:
    added: dict[str, list[Any]] = {
        "app_user": _words("signature"),
        "lead": [_flag("greet"), *_moments("converted_at")],
        "refusal": [_kind("full"), *_moments("taken_back_at")],
        "refusal_reason": [_kind("full"), *_words("titles", "hints")],
        "letter": [
            _kind("farewell"),
            *_counts("template_version", "tries"),
            *_words("to_name", "to_key", "from_address", "attachments", "occasion", "message_id", "reply", "error"),
            *_moments("send_after", "sending_at", "sent_at", "answered_at", "bounced_at"),
            _number("version"),
        ],
    }
    for table, columns in added.items():
        for column in columns:
            op.add_column(table, column)


def _new_tables() -> None:
    op.create_table(
        "stay",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        _link("lead_id", "lead", required=True),
        _link("user_id", "app_user"),
        sa.Column("at", sa.BigInteger, nullable=False),
        *_words("reason"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reply",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        _link("lead_id", "lead", required=True),
        _link("letter_id", "letter"),
        _link("refusal_id", "refusal"),
        _link("user_id", "app_user"),
        sa.Column("at", sa.BigInteger, nullable=False),
        *_words("from_address", "subject", "text", "answers", "message_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "letter_template",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *_words("key", "kind", "reason", "language"),
        *_counts("number"),
        *_words("title", "text", "attachments"),
        _link("user_id", "app_user"),
        sa.Column("at", sa.BigInteger, nullable=False),
        _flag("current"),
        sa.UniqueConstraint("key", "language", "number", name="uq_letter_template_key_language_number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "stored_file",
        sa.Column("key", sa.Text, primary_key=True),
        *_words("name", "mime"),
        *_counts("size"),
        *_words("content"),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("name", sa.Text, primary_key=True),
        *_words("holder"),
        _number("until"),
        _number("paused_until"),
        *_words("why"),
    )
    op.create_table(
        "mailbox",
        sa.Column("name", sa.Text, primary_key=True),
        _number("validity"),
        _number("uid"),
        *_moments("at"),
        *_words("why"),
    )


def _indexes() -> None:
    _some("ix_lead_greet", "lead", "greet = 1", "id")
    _some("ix_lead_converted", "lead", "converted_at IS NOT NULL", "converted_at")
    op.create_index("ix_stay_lead", "stay", ["lead_id"])
    op.create_index("ix_stay_reason", "stay", ["reason", "at"])
    op.create_index("ix_letter_state", "letter", ["state", "id"])
    _some("ix_letter_due", "letter", "state = 'queued'", "send_after", "id")
    _some("ix_letter_sent", "letter", "sent_at IS NOT NULL", "sent_at")
    _some("ix_letter_message", "letter", "message_id <> ''", "message_id")
    op.create_index("ix_reply_lead", "reply", ["lead_id", "at"])
    _some("ix_reply_letter", "reply", "letter_id IS NOT NULL", "letter_id")
    _some("ix_reply_refusal", "reply", "refusal_id IS NOT NULL", "refusal_id")
    _some("uq_reply_message", "reply", "message_id <> ''", "message_id", unique=True)


def _reasons() -> None:
    """Each reason proposes the letter written for it; two more reasons where their keys and digits are free."""
    for name in FAREWELLS:
        op.execute(
            sa.text("UPDATE refusal_reason SET letter = :letter WHERE key = :key AND letter = 'farewell'").bindparams(
                letter=f"farewell.{name}", key=name
            )
        )
    for name, title, digit, kind, hint, days in NEW_REASONS:
        op.execute(
            sa.text(
                "INSERT INTO refusal_reason (key, title, digit, kind, hint, letter, default_days) "
                "SELECT :key, :title, :digit, :kind, :hint, :letter, :days "
                "WHERE NOT EXISTS (SELECT 1 FROM refusal_reason WHERE key = :key OR digit = :digit)"
            ).bindparams(key=name, title=title, digit=digit, kind=kind, hint=hint, letter=f"farewell.{name}", days=days)
        )


def _conversions() -> None:
    """When each client's lead was converted, out of the journal; else when the client card was made."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        _CONVERTED.replace("STATUS", "json_extract(c.after, '$.status')" if sqlite else "c.after::json ->> 'status'")
    )


_CONVERTED = """UPDATE lead SET converted_at = COALESCE(
    (SELECT max(o.at) FROM change c JOIN operation o ON o.id = c.operation_id
     WHERE c.tbl = 'lead' AND c.row_id = lead.id AND c.after LIKE '%converted%' AND (STATUS) = 'converted'),
    (SELECT cl.created_at FROM client cl WHERE cl.id = lead.client_id))
WHERE status = 'converted'"""
