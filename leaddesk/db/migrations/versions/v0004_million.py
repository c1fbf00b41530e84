"""Lists that sort and filter a million leads by one seek, reports that do not count what was counted."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LISTED = (
    "owner_id status id temperature score source_id country last_call_at retry_at return_at attempts touches created_at "
    "changed_at batch_id reach spam suspicion_ok"
)


def upgrade() -> None:
    """Add what there was not."""
    _lists()
    _figures()


def _figures() -> None:
    """Narrow copies of what reports and counters count."""
    stands = "kind = 'do' AND undone = 0"
    returning = "'ReturnDueLeads', 'BringBack', 'BringBackLeads', 'TakeIn', 'ConvertLead'"
    before = (
        "json_extract(before, '$.status')" if op.get_bind().dialect.name == "sqlite" else "(before::json ->> 'status')"
    )
    op.drop_index("ix_letter_refusal", "letter")
    for name, table, columns, condition in (
        ("about", "lead", "id owner_id source_id converted_at", ""),
        ("parked", "lead", "return_at id status owner_id source_id", "status IN ('deferred', 'refused')"),
        ("standing", "refusal", "lead_id id at", "taken_back_at IS NULL"),
        ("reason", "refusal", "reason returned_at lead_id", "taken_back_at IS NULL"),
        ("returned", "refusal", "returned_at", "returned_at IS NOT NULL"),
        ("of_refusal", "letter", "refusal_id state template language answered_at bounced_at", "refusal_id IS NOT NULL"),
        ("counted", "letter", "state template language refusal_id lead_id answered_at", ""),
        ("returning", "operation", "id at", f"command IN ({returning}) AND {stands}"),
        ("converted", "operation", "user_id at", f"command = 'ConvertLead' AND {stands}"),
        ("promised", "task", "owner_id due_at", "done_at IS NULL AND dropped = 0 AND promised = 1"),
        ("gone", "change", "tbl row_id", "after IS NULL"),
        ("returned", "change", "operation_id row_id", f"tbl = 'lead' AND cols <> '*' AND {before} = 'deferred'"),
    ):
        where = text(condition) if condition else None
        op.create_index(f"ix_{table}_{name}", table, columns.split(), sqlite_where=where, postgresql_where=where)


def _lists() -> None:
    """What lists sort and filter by stands together; it begins as the index of owners did, which it takes the place of."""
    op.drop_index("ix_lead_owner", "lead")
    op.create_index("ix_lead_list", "lead", LISTED.split())
    tagged = text("tags <> ''")
    op.create_index("ix_lead_tags", "lead", ["tags", "id"], sqlite_where=tagged, postgresql_where=tagged)
    for column in ("name", "company", "changed_at"):
        op.create_index(f"ix_client_{column.removesuffix('_at')}", "client", [column, "id"])
